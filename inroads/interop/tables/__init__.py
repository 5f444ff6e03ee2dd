"""Anybody's own tables, as the command line takes them and gives them: CSV or Parquet, or to be read on the screen."""

from inroads.interop.tables.reader import Table, TableError, read_table
from inroads.interop.tables.writer import as_text, write_table

__all__ = ["Table", "TableError", "as_text", "read_table", "write_table"]

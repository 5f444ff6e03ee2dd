"""A database beside that of the tests, for what has to be committed: counting reads through connections of its own."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from django.db import connection


@contextmanager
def database_of_its_own(folder: Path) -> Iterator[None]:
    """Everything inside goes into a copy of the test database, which is empty; skips where that is not SQLite."""
    if connection.vendor != "sqlite":
        pytest.skip("copies the embedded database; on PostgreSQL: make world, with DATABASE")
    usual, copy = connection.settings_dict["NAME"], folder / "world.sqlite3"
    with connection.cursor() as cursor:
        cursor.execute("VACUUM INTO %s", [str(copy)])
    connection.close()
    connection.settings_dict["NAME"] = str(copy)
    try:
        yield
    finally:
        connection.close()
        connection.settings_dict["NAME"] = usual

"""What the commands share: options, the table that is read, and the table that is given."""

import os
import re
from collections.abc import Callable, Iterable
from functools import wraps
from pathlib import Path

import click
import numpy as np

from inroads.interop.tables import Table, TableError, as_text, write_table

SHOWN = 40
"""Rows that fit a screen; the rest is for a file."""

TABLE = click.argument("table", type=click.Path(path_type=Path))
OUTPUT = click.option(
    "--output", type=click.Path(path_type=Path), help="Write CSV or Parquet here instead of showing a table."
)
SEED = click.option("--seed", type=click.IntRange(0), default=2022, show_default=True, help="Of the random draws.")
BY = click.option(
    "--by", "by", multiple=True, help="Column that splits the table, such as a year or an area. Repeatable."
)


def in_words(command: Callable[..., None]) -> Callable[..., None]:
    """What a table or a method refuses comes as its one sentence, not as a traceback."""

    @wraps(command)
    def said(*arguments: object, **options: object) -> None:
        try:
            command(*arguments, **options)
        except (TableError, ValueError) as error:
            raise click.ClickException(str(error)) from error

    return said


def give(columns: dict[str, object], output: Path | None, *, read: Iterable[Path]) -> None:
    """Shows a table, or writes it where an output was named: never over a table that was `read`."""
    if output is not None and os.path.realpath(output) in map(os.path.realpath, read):
        raise TableError(f"{output}: is a table that was read; name another file for --output.")
    if output is None:
        click.echo(as_text(columns, most=SHOWN))
    else:
        write_table(columns, output)
        click.echo(f"Wrote {output}: {len(next(iter(columns.values()))):,} rows.", err=True)


def say_suppressed(table: Table, names: list[str]) -> None:
    """Says how many figures of these columns are suppressed: the method will treat them as not known."""
    for name in dict.fromkeys(names):
        if count := table.suppressed(name):
            rows = "1 row" if count == 1 else f"{count:,} rows"
            click.echo(f"{table.path}: {rows} of {name!r} suppressed; counted as not known.", err=True)


def apart(table: Table, theirs: Iterable[str], ours: Iterable[str]) -> None:
    """Refuses a column of the table that is called like one that the command adds: one would hide the other."""
    for name in sorted(set(theirs) & set(ours)):
        raise TableError(f"{table.path}: column {name!r} is called like one of the result's; give it another name.")


def in_columns(error: ValueError, table: Table, rows: np.ndarray | None = None, **columns: str) -> TableError:
    """What a method refuses, in the words of the table: arguments by their columns, rows as the table counts them.

    `rows` are those that the method was given, counted from 0; all of them without it.
    """
    words = str(error)
    for argument, column in columns.items():
        if words.startswith(f"{argument}:"):
            words = f"column {column!r}{words[len(argument) :]}"

    def in_table(found: re.Match[str]) -> str:
        row = int(found[1])
        return f"row {(row if rows is None else int(rows[row])) + 1}"

    words = re.sub(r"row (\d+) \(counting from 0\)", in_table, words)
    return TableError(f"{table.path}: {words}")


def once(names: list[str], table: Table, column: str, within: str = "") -> None:
    """Refuses a name that stands in two rows."""
    seen: set[str] = set()
    for name in names:
        if name in seen:
            raise TableError(
                f"{table.path}: {name!r} has two rows in column {column!r}{within}; give it one row, with a column for "
                "each category, or split the table with --by where there is one for each year, say."
            )
        seen.add(name)


def parts(data: Table, by: tuple[str, ...]) -> dict[tuple[str, ...], np.ndarray]:
    """Rows of each part of the table, in the order in which the parts come."""
    keys = list(zip(*(data.named(name) for name in by), strict=True)) if by else [()] * data.rows
    parts: dict[tuple[str, ...], list[int]] = {}
    for row, key in enumerate(keys):
        parts.setdefault(key, []).append(row)
    return {key: np.array(rows) for key, rows in parts.items()}

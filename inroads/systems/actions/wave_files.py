"""Scores of systems that were worked out elsewhere, as a table in a file: a row for each system and criterion."""

import csv
import io
import math
import re
from collections import Counter
from uuid import UUID

from inroads.accounts.actions import Refused
from inroads.reference.definitions import load
from inroads.reference.definitions.framework import Criterion
from inroads.reference.models import Kind, Organisation
from inroads.systems.queries.wave_scores import Scores, root_of

COLUMNS = ("system", "criterion", "level")
MOST_BYTES, MOST_ROWS, HIGHEST = 5 << 20, 100_000, 100.0
# As people write a level: digits, and a point where there is one.
LEVEL = re.compile(r"[+-]?\d{1,6}(\.\d{0,9})?")
CRITERION = re.compile(r"[a-z][a-z0-9_]{0,59}")


def read_scores(content: bytes) -> Scores:
    """The scores of a file, by system and root of the criterion. Raises `Refused` that names row and column.

    The first row names the columns `system` (ODS code, or the code of the ONS), `criterion` (the id of one of ours, or
    of another framework in small letters) and `level` (0 or more; of ours, no more than its levels). Rows are counted
    as a spreadsheet shows them.
    """
    rows = _rows(content)
    codes, known = _systems(), load(Criterion)
    found: dict[tuple[UUID, str], float] = {}
    first: dict[tuple[UUID, str], int] = {}
    wrong: list[str] = []
    for number, row in rows:
        try:
            key, level = _score(row, codes, known)
        except ValueError as error:
            wrong.append(f"Row {number}, {error}")
            continue
        if key in first:
            wrong.append(f"Row {number}: this system was scored on this criterion in row {first[key]} already")
        first.setdefault(key, number)
        found[key] = level
    if not wrong and not found:
        wrong.append("The file has a first row with names of columns, and no scores below it")
    scored = Counter(criterion for _, criterion in found)
    for criterion, systems in scored.items() if not wrong else ():
        if systems == 1:
            row_of = next(number for (_, name), number in first.items() if name == criterion)
            wrong.append(
                f"Row {row_of}, column criterion: “{criterion}” scores one system only. Check how it is spelt, "
                "or leave it out"
            )
    if wrong:
        more = f". {len(wrong) - 1} more rows are wrong as well" if len(wrong) > 1 else ""
        raise Refused(f"{wrong[0]}{more}. Nothing was loaded", field="file")
    return found


def _rows(content: bytes) -> list[tuple[int, dict[str, str]]]:
    """Rows below the names of the columns, each with the number of its line."""
    if len(content) > MOST_BYTES:
        raise Refused("The file is larger than 5 MB", field="file")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise Refused("The file is not text in UTF-8. Save it as CSV UTF-8", field="file") from None
    text = text.replace("\0", "")
    delimiter = max(",;\t", key=text.partition("\n")[0].count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    try:
        head = [name.strip().lower() for name in next(reader, [])]
        twice = sorted({name for name in head if name and head.count(name) > 1})
        if twice:
            raise Refused(f"The column {twice[0]} is there twice. Keep one", field="file")
        if missing := [name for name in COLUMNS if name not in head]:
            raise Refused(
                f"Row 1: column {', '.join(missing)} is missing. The first row names the columns {', '.join(COLUMNS)}",
                field="file",
            )
        at = {name: head.index(name) for name in COLUMNS}
        rows = [
            (reader.line_num, {name: row[place].strip() if place < len(row) else "" for name, place in at.items()})
            for row in reader
            if any(cell.strip() for cell in row)
        ]
    except csv.Error as error:
        raise Refused(f"Row {reader.line_num} cannot be read: {error}", field="file") from None
    if len(rows) > MOST_ROWS:
        raise Refused(f"The file has {len(rows):,} rows. {MOST_ROWS:,} are the most", field="file")
    return rows


def _systems() -> dict[str, UUID]:
    """Systems by either of their codes, in capitals."""
    rows = Organisation.objects.filter(kind=Kind.ICS).values_list("ods_code", "ons_code", "pk")
    return {code.upper(): pk for *codes, pk in rows for code in codes if code}


def _score(row: dict[str, str], codes: dict[str, UUID], known: dict[str, Criterion]) -> tuple[tuple[UUID, str], float]:
    """System, root and level of a row. Raises `ValueError` that begins with the column."""
    system = codes.get(row["system"].upper())
    if system is None:
        raise ValueError(
            f"column system: “{row['system'][:20]}” is not a system. Give its ODS code, like QYG, or that of the ONS"
        )
    criterion = row["criterion"]
    if not CRITERION.fullmatch(criterion):
        raise ValueError(
            f"column criterion: “{criterion[:20]}” cannot be one. Use small letters, digits and _, like codesign"
        )
    highest = float(len(known[criterion].levels)) if criterion in known else HIGHEST
    level = float(row["level"]) if LEVEL.fullmatch(row["level"]) else math.nan
    if not 0 <= level <= highest:
        raise ValueError(
            f"column level: “{row['level'][:20]}” is not a number from 0 to {highest:g}. Leave out rows without one"
        )
    return (system, root_of(criterion)), level

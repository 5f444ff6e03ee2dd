"""Taking in a file of people whom a survey asked: every row is right, or nothing changes.

`docs/guides/respondents.md` describes the file for whoever makes it.
The file stays on this machine. It may hold nothing but what the estimates need: a column that is not known is refused,
so that a name, a postcode or a date of birth cannot come in by mistake.
"""

import csv
import io
import math
import re
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pyarrow as pa

from inroads.analytics.respondents import CATEGORIES, Respondents, keep
from inroads.interop.open_data import files
from inroads.interop.open_data.problems import FileError, IntakeError, shown

NEEDED = ("age", "weight", "left_out")
ANSWERS = {"yes": 1.0, "no": 0.0}
# What Python would take besides, such as 1_0 or digits of other scripts, is more likely a slip than a number.
NUMBER = re.compile(r"[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)([eE][+-]?[0-9]+)?")
MOST_PROBLEMS = 20
MOST_ROWS = 500_000


def add_respondents(path: Path, *, survey: str, year: str, store: Path) -> Respondents:
    """Take in one file and put it in the place of the one before.

    `survey` and `year` are how pages name it. Raises `IntakeError`, with one sentence for each wrong cell (the first
    twenty), and changes nothing.
    """
    problems = [
        f"--{name}: is empty; expected words that pages can show"
        for name, given in (("survey", survey), ("year", year))
        if not given.strip()
    ]
    if problems:
        raise IntakeError(problems)
    try:
        content = files.read(path)
    except FileError as error:
        raise IntakeError([str(error)]) from error
    columns, weight, left_out = _columns(path, content.text)
    found = Respondents(
        survey=survey.strip(),
        year=year.strip(),
        file_name=path.name,
        sha256=content.sha256,
        loaded_at=datetime.now(UTC).isoformat(timespec="seconds"),
        weight=weight,
        left_out=left_out,
        columns=columns,
    )
    try:
        keep(store, found)
    except (OSError, pa.ArrowException) as error:
        raise IntakeError(
            [f"{store}: cannot be written to ({error}); nothing was changed: make room, or name another with --var."]
        ) from error
    return found


def _columns(path: Path, text: bytes) -> tuple[dict[str, np.ndarray], np.ndarray, np.ndarray]:
    rows = csv.reader(io.StringIO(text.decode("utf-8"), newline=""), strict=True)
    try:
        headings = [cell.strip().lower() for cell in next(rows)]
    except (csv.Error, StopIteration) as error:
        raise IntakeError(
            [f"{path}: row 1: cannot be read as a heading row ({error}): save it as CSV UTF-8."]
        ) from error
    _check(path, headings)
    found: dict[str, list[float]] = {name: [] for name in headings}
    problems: list[str] = []
    try:
        for cells in rows:
            if not any(cell.strip() for cell in cells):
                continue
            where = f"{path}: row {rows.line_num}"
            if len(cells) != len(headings):
                problems.append(f"{where}: {len(cells)} cells where the heading row has {len(headings)}: correct it.")
            else:
                for name, cell in zip(headings, cells, strict=True):
                    value, expected = _value(name, cell.strip())
                    if expected:
                        said = shown(cell.strip()) if cell.strip() else "an empty cell"
                        problems.append(f"{where}, column '{name}': found {said}, expected {expected}: correct it.")
                    found[name].append(value)
            if len(problems) >= MOST_PROBLEMS:
                raise IntakeError([*problems[:MOST_PROBLEMS], f"{path}: there may be more; nothing was changed."])
            if len(found["weight"]) > MOST_ROWS:
                raise IntakeError(
                    [f"{path}: has more than {MOST_ROWS:,} rows; expected at most so many people: sample it."]
                )
    except csv.Error as error:
        problems.append(f"{path}: row {rows.line_num}: {error}: a quotation mark may be missing.")
    if problems:
        raise IntakeError([*problems, f"{path}: nothing was changed."])
    _every_category(path, found)
    codes = {name: np.array(values, dtype=np.int64) for name, values in found.items() if name in CATEGORIES}
    return codes, np.array(found["weight"]), np.array(found["left_out"])


def _check(path: Path, headings: list[str]) -> None:
    known = (*CATEGORIES, "weight", "left_out")
    problems = [
        f"{path}: row 1: column '{name}' stands {headings.count(name)} times, expected once."
        for name in dict.fromkeys(headings)
        if headings.count(name) > 1
    ]
    problems += [
        f"{path}: row 1: found the column {shown(name)}, expected only {', '.join(known)}: take it out, what is not "
        "needed is not kept."
        for name in dict.fromkeys(headings)
        if name not in known
    ]
    problems += [f"{path}: row 1: the column '{name}' is missing: add it." for name in NEEDED if name not in headings]
    if problems:
        raise IntakeError([*problems[:MOST_PROBLEMS], f"{path}: nothing was changed."])


def _value(name: str, cell: str) -> tuple[float, str]:
    """What a cell says as a number, and what was expected instead where it says nothing known."""
    if name == "weight":
        value = float(cell) if NUMBER.fullmatch(cell) else math.nan
        return (value, "") if 0 < value < 1e9 else (math.nan, "a number above 0")
    answers = ANSWERS if name == "left_out" else {each: float(at) for at, each in enumerate(CATEGORIES[name])}
    value = answers.get(cell.lower(), math.nan)
    return value, "one of " + ", ".join(answers) if math.isnan(value) else ""


def _every_category(path: Path, found: dict[str, list[float]]) -> None:
    """Where nobody of a kind was asked, the neighbourhoods in which such people live could not be fitted."""
    problems = [
        f"{path}: column '{name}': nobody is {shown(each)}, expected at least one person of each: such people live in "
        "the neighbourhoods, so leave the column out or ask more people."
        for name, values in found.items()
        if name in CATEGORIES and name != "sex"
        for at, each in enumerate(CATEGORIES[name])
        if float(at) not in values
    ]
    if not found["weight"]:
        problems = [f"{path}: there is a heading row and no data below it."]
    if problems:
        raise IntakeError([*problems, f"{path}: nothing was changed."])

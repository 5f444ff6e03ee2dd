"""A library from a table: every row right, or nothing is loaded. Nothing that is loaded counts as reviewed.

The form is in docs/guides/library-of-apps.md.
"""

import csv
import io
from dataclasses import dataclass

from django.db import transaction

from inroads.accounts import audit
from inroads.accounts.actions import Refused
from inroads.accounts.models import User
from inroads.learning.actions.apps import add_app, change_app, require_reviewing
from inroads.learning.actions.checks import TOLD, checked
from inroads.learning.models import TrustedApp
from inroads.reference.models import Organisation

MOST_ROWS = 2_000
MOST_BYTES = 2_000_000
MOST_ERRORS = 50
NEEDED = ("name", "what", "safe_for", "for_whom", "not_for", "contexts", "barriers", "alternatives")
LISTS = ("contexts", "barriers", "communities", "alternatives")
YES_NO = {"yes": True, "no": False, "": None}


class NotLoaded(Refused):
    """Nothing was loaded: `errors` say for each wrong cell its row, its column, and what was expected."""

    def __init__(self, errors: list[str]) -> None:
        super().__init__("Nothing was loaded. Mend what is listed, and load the file again")
        self.errors = errors


@dataclass(frozen=True)
class Loaded:
    """How many entries were added, changed, or stood there already as they are."""

    added: int
    changed: int
    same: int


@transaction.atomic
def load_library(*, content: bytes, organisation: Organisation, by: User) -> Loaded:
    """Adds every app of a CSV file, by name; what is there already and differs is changed, to be looked at again.

    Raises `NotLoaded` with every error at once.
    """
    audit.hold()
    require_reviewing(by, organisation)
    rows = _rows(content)
    kept = {each.name.casefold(): each for each in TrustedApp.objects.filter(organisation=organisation)}
    added = changed = 0
    for told in rows:
        app = kept.get(told["name"].casefold())
        if app is None:
            add_app(organisation=organisation, by=by, **told)
            added += 1
        else:
            changed += change_app(app=app, version=app.version, by=by, **told).version != app.version
    return Loaded(added, changed, len(rows) - added - changed)


def _rows(content: bytes) -> list[dict]:
    if len(content) > MOST_BYTES:
        raise NotLoaded([f"The file is larger than {MOST_BYTES // 1_000_000} MB. Split it"])
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise NotLoaded(["The file is not in UTF-8. Save it as “CSV UTF-8”"]) from None
    reader = csv.reader(io.StringIO(text.replace("\0", ""), newline=""), strict=True)
    try:
        table = [(number, row) for number, row in enumerate(reader, 1) if any(cell.strip() for cell in row)]
    except csv.Error as error:
        raise NotLoaded([f"Row {reader.line_num}: the table cannot be read here: {error}"]) from None
    if not table:
        raise NotLoaded(["The file is empty. Its first row names the columns"])
    names = [cell.strip() for cell in table[0][1]]
    _columns_or_refuse(names)
    if len(table) == 1:
        raise NotLoaded(["There are only names of columns. Add a row for each app"])
    if len(table) > MOST_ROWS + 1:
        raise NotLoaded([f"There are more than {MOST_ROWS:,} rows. Split the file"])
    errors: list[str] = []
    found, seen = [], {}
    for number, row in table[1:]:
        told = _row(names, number, row, errors)
        if told is None:
            continue
        first = seen.setdefault(told["name"].casefold(), number)
        if first != number:
            errors.append(f"Row {number}, column 'name': the same name stands in row {first}")
        found.append(told)
    if errors:
        more = [f"… and {len(errors) - MOST_ERRORS} more"] if len(errors) > MOST_ERRORS else []
        raise NotLoaded(errors[:MOST_ERRORS] + more)
    return found


def _columns_or_refuse(names: list[str]) -> None:
    if len(names) > 2 * len(TOLD):
        raise NotLoaded([f"There are {len(names):,} columns. A library has at most {len(TOLD)}: check the file"])
    errors = [f"Column '{name}' is not known. Known ones: {', '.join(TOLD)}" for name in names if name not in TOLD]
    errors += [f"Column '{name}' is missing" for name in NEEDED if name not in names]
    errors += [f"Column '{name}' stands twice" for name in sorted(set(names)) if names.count(name) > 1]
    if errors:
        raise NotLoaded(errors)


def _row(names: list[str], number: int, row: list[str], errors: list[str]) -> dict | None:
    """One row as `add_app` takes it, or None with what is wrong added to `errors`."""
    if len(row) != len(names):
        errors.append(f"Row {number}: {len(row)} cells, expected {len(names)}")
        return None
    told: dict = {}
    before = len(errors)
    for name, cell in zip(names, (cell.strip() for cell in row), strict=True):
        if name in LISTS:
            told[name] = [part.strip() for part in cell.split(";") if part.strip()]
        elif name in ("account", "email"):
            told[name] = YES_NO.get(cell.lower())
            if cell.lower() not in YES_NO:
                errors.append(f"Row {number}, column '{name}': expected yes, no or nothing, found “{cell[:40]}”")
        elif name == "data_mb_per_hour":
            told[name] = int(cell) if cell.isascii() and cell.isdecimal() and len(cell) < 9 else None
            if cell and told[name] is None:
                errors.append(f"Row {number}, column '{name}': expected a whole number or nothing, found “{cell[:40]}”")
        else:
            told[name] = cell
    if len(errors) > before:
        return None
    try:
        checked(told)
    except Refused as refusal:
        errors.append(f"Row {number}, column '{refusal.field}': {refusal}")
        return None
    return told

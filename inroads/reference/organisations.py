"""The tree of organisations: what creates it, moves it and asks it questions."""

import csv
import uuid
from collections.abc import Iterable
from pathlib import Path

from django.db import transaction
from django.db.models import Q, QuerySet, Value
from django.db.models.functions import Concat, Substr

from inroads.reference.definitions import DefinitionError, folder
from inroads.reference.models import PARENT_KINDS, Kind, Organisation

ENGLAND_CODE = "E92000001"
COLUMNS = ("icb_code", "ods_code", "name", "nhs_region_name", "nhs_region_ods_code")


class OrganisationError(ValueError):
    """A change the tree does not allow; the message says what was expected and what to do."""


def england() -> Organisation:
    """The root of the tree. Raises `Organisation.DoesNotExist` before `load_organisations()` has run."""
    return Organisation.objects.get(kind=Kind.ENGLAND)


def within(organisations: Iterable[Organisation]) -> QuerySet[Organisation]:
    """These organisations and everything below them."""
    inside = Q(pk__in=())
    for organisation in organisations:
        inside |= Q(path__startswith=organisation.path)
    return Organisation.objects.filter(inside)


def covers(organisation: Organisation, other: Organisation) -> bool:
    """Whether `other` is this organisation or lies below it."""
    return other.path.startswith(organisation.path)


def line_of(organisation: Organisation) -> list[Organisation]:
    """England, region, … down to the organisation itself."""
    ids = [uuid.UUID(part) for part in organisation.path.strip("/").split("/")]
    found = Organisation.objects.in_bulk(ids)
    return [found[identifier] for identifier in ids]


def around(organisation: Organisation) -> Organisation:
    """The widest organisation within which this one looks for help: its ICS, else its place, else itself."""
    line = line_of(organisation)
    for kind in (Kind.ICS, Kind.PLACE):
        for each in line:
            if each.kind == kind:
                return each
    return organisation


@transaction.atomic
def add_organisation(
    *,
    kind: str,
    name: str,
    parent: Organisation | None,
    ons_code: str = "",
    ods_code: str = "",
    area_code: str = "",
) -> Organisation:
    """A new organisation below `parent`. Raises `OrganisationError` if its kind cannot sit there."""
    if parent is not None:
        parent = Organisation.objects.select_for_update().get(pk=parent.pk)
    _may_sit(kind, name, parent)
    organisation = Organisation(
        kind=kind, name=name, parent=parent, ons_code=ons_code, ods_code=ods_code, area_code=area_code
    )
    organisation.path = f"{parent.path if parent else '/'}{organisation.pk.hex}/"
    organisation.save(force_insert=True)
    return organisation


@transaction.atomic
def move_organisation(*, organisation: Organisation, parent: Organisation) -> Organisation:
    """Put an organisation, with everything below it, under another parent. Raises `OrganisationError`."""
    locked = {
        found.pk: found
        for found in Organisation.objects.select_for_update().filter(pk__in=(organisation.pk, parent.pk)).order_by("pk")
    }
    organisation, parent = locked[organisation.pk], locked[parent.pk]
    _may_sit(organisation.kind, organisation.name, parent)
    old, new = organisation.path, f"{parent.path}{organisation.pk.hex}/"
    Organisation.objects.filter(pk=organisation.pk).update(parent=parent)
    Organisation.objects.filter(path__startswith=old).update(path=Concat(Value(new), Substr("path", len(old) + 1)))
    return Organisation.objects.get(pk=organisation.pk)


@transaction.atomic
def load_organisations(path: Path | None = None) -> int:
    """England, its NHS regions and its 42 integrated care systems, from `definitions/organisations/ics.csv`.

    Loading again changes nothing; a changed name is taken over and an ICS whose region changed is moved. Returns
    how many organisations were added or changed. Raises `DefinitionError` naming file, row and column.
    """
    path = path or folder() / "organisations" / "ics.csv"
    rows = _rows(path)
    changed = _keep(kind=Kind.ENGLAND, name="England", parent=None, ons_code=ENGLAND_CODE, area_code=ENGLAND_CODE)
    root = england()
    for ods_code, name in sorted({(row["nhs_region_ods_code"], row["nhs_region_name"]) for row in rows}):
        changed += _keep(kind=Kind.REGION, name=name, parent=root, ods_code=ods_code)
    regions = {region.ods_code: region for region in Organisation.objects.filter(kind=Kind.REGION)}
    for row in rows:
        changed += _keep(
            kind=Kind.ICS,
            name=row["name"],
            parent=regions[row["nhs_region_ods_code"]],
            ons_code=row["icb_code"],
            ods_code=row["ods_code"],
            area_code=row["icb_code"],
        )
    return changed


def _keep(*, kind: str, name: str, parent: Organisation | None, ods_code: str = "", **codes: str) -> int:
    """Add the organisation, or bring the one with this code up to date. Returns 1 if anything changed."""
    same = Q(kind=kind) & (Q(ons_code=codes["ons_code"]) if codes.get("ons_code") else Q(ods_code=ods_code))
    found = Organisation.objects.filter(same).first()
    if found is None:
        add_organisation(kind=kind, name=name, parent=parent, ods_code=ods_code, **codes)
        return 1
    changed = 0
    if (found.name, found.ods_code) != (name, ods_code):
        changed = Organisation.objects.filter(pk=found.pk).update(name=name, ods_code=ods_code)
    if parent is not None and found.parent_id != parent.pk:
        move_organisation(organisation=found, parent=parent)
        changed = 1
    return changed


def _rows(path: Path) -> list[dict[str, str]]:
    if not path.is_file():
        raise DefinitionError(f"{path}: this file is missing; it lists the integrated care systems with their regions")
    with path.open(encoding="utf-8-sig", newline="") as file:
        reader = csv.DictReader(file)
        missing = [column for column in COLUMNS if column not in (reader.fieldnames or ())]
        if missing:
            raise DefinitionError(f"{path}: column {', '.join(missing)} is missing; expected {', '.join(COLUMNS)}")
        rows = [{column: (row[column] or "").strip() for column in COLUMNS} for row in reader]
    seen: dict[str, int] = {}
    regions: dict[str, str] = {}
    for number, row in enumerate(rows, 2):
        for column in COLUMNS:
            if not row[column]:
                raise DefinitionError(f"{path}, row {number}, column {column}: empty; every ICS needs a value here")
        first = seen.setdefault(row["icb_code"], number)
        if first != number:
            raise DefinitionError(
                f"{path}, row {number}, column icb_code: {row['icb_code']} is already in row {first}; "
                "list each ICS once"
            )
        region = regions.setdefault(row["nhs_region_ods_code"], row["nhs_region_name"])
        if region != row["nhs_region_name"]:
            raise DefinitionError(
                f"{path}, row {number}, column nhs_region_name: {row['nhs_region_ods_code']} is called "
                f"'{row['nhs_region_name']}' here and '{region}' above; use one name for one code"
            )
    return rows


def _may_sit(kind: str, name: str, parent: Organisation | None) -> None:
    if kind not in PARENT_KINDS:
        raise OrganisationError(f"{name}: '{kind}' is not a kind of organisation; expected {', '.join(Kind.values)}")
    allowed = PARENT_KINDS[kind]
    if (parent.kind if parent else None) in (allowed or (None,)):
        return
    label = Kind(kind).label
    if not allowed:
        raise OrganisationError(f"{name}: {label} is the top of the tree and has no parent; leave the parent empty")
    expected = " or ".join(Kind(option).label for option in allowed)
    found = f"{parent.name} is a {Kind(parent.kind).label}" if parent else "no parent was given"
    raise OrganisationError(f"{name}: a {label} sits below a {expected}, but {found}; choose another parent")

"""Waves of the landscape for tests: systems with codes, scores as files, closed assessments; all made up."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, time, timedelta

import numpy as np
from django.utils import timezone
from systems_factories import make_member

from inroads.accounts.models import User
from inroads.reference.models import Kind, Organisation
from inroads.reference.organisations import add_organisation, england
from inroads.systems.actions.waves import add_wave, load_published, load_scores, take_wave
from inroads.systems.models import Assessment, Basis, Result, State, Wave

DAY = date(2026, 3, 31)
GROUPS_OF_42 = (6, 16, 12, 8)


def make_systems(regions: Sequence[int]) -> list[Organisation]:
    """England with so many systems in each region, with codes, region by region; all invented."""
    root = Organisation.objects.filter(kind=Kind.ENGLAND).first() or add_organisation(
        kind=Kind.ENGLAND, name="England", parent=None
    )
    made = []
    for number, size in enumerate(regions, 1):
        region = add_organisation(kind=Kind.REGION, name=f"Region {number}", parent=root)
        for each in range(1, size + 1):
            name, code = f"System {number}.{each:02} (invented)", f"Z{number}{each:02}"
            made.append(add_organisation(kind=Kind.ICS, name=name, parent=region, ods_code=code))
    return made


def make_keeper() -> User:
    """Somebody who keeps the waves of all of England."""
    return make_member(england(), "national_lead", "Keeper of waves")


def four_groups(seed: int, counts: Sequence[int] = GROUPS_OF_42, criteria: int = 40) -> np.ndarray:
    """Levels 0 to 3 (rounded to a tenth) of systems in four groups that lie one apart, the first group first."""
    true = np.repeat([2.7, 1.9, 1.1, 0.3], counts)
    noise = np.random.default_rng(seed).normal(0, 0.4, (len(true), criteria))
    return np.clip(np.round(true[:, np.newaxis] + noise, 1), 0, 100)


def as_file(systems: Sequence[Organisation], levels: np.ndarray) -> bytes:
    """A table of levels as a file of scores; criteria are those of another framework."""
    rows = [
        f"{system.ods_code},other_{criterion:02},{levels[at, criterion]}"
        for at, system in enumerate(systems)
        for criterion in range(levels.shape[1])
        if not np.isnan(levels[at, criterion])
    ]
    return "\n".join(["system,criterion,level", *rows]).encode()


def make_wave(
    systems: Sequence[Organisation], levels: np.ndarray, *, by: User, on: date = DAY, title: str = "A wave"
) -> Wave:
    """A wave that rests on a file, with its systems in their places."""
    wave = add_wave(title=title, on=on, basis=Basis.FILE, source="Made up for a test", by=by)
    load_scores(wave=wave, content=as_file(systems, levels), by=by)
    return take_wave(wave=wave, by=by)


def make_closed(
    system: Organisation, levels: Mapping[str, tuple[int | None, int, int]], *, by: User, on: date = DAY
) -> Assessment:
    """A closed assessment with its three needles (claimed, evidenced, experienced) by criterion."""
    at = timezone.make_aware(datetime.combine(on, time(12)))
    made = Assessment.objects.create(
        organisation=system,
        framework="2026",
        title="An assessment",
        due_on=on,
        state=State.LOCKED,
        locked_at=at,
        recorded_by=by,
    )
    Result.objects.bulk_create(
        Result(
            assessment=made,
            criterion=criterion,
            claimed=claimed,
            evidenced=evidenced,
            experienced=experienced,
            missing=0,
            contrary=0,
            heard=1,
        )
        for criterion, (claimed, evidenced, experienced) in levels.items()
    )
    return made


def make_landscape(system: Organisation, *, by: User) -> Wave:
    """All that pages of the landscape show: what was published, and two waves in which this system has a place.

    `by` keeps the waves of England. Other systems of its region are added where there are too few.
    """
    load_published(definition="report_2022", by=by)
    Organisation.objects.filter(pk=system.pk, ods_code="").update(ods_code="Z000")
    system.refresh_from_db()
    for number in range(1, 8):
        add_organisation(
            kind=Kind.ICS, name=f"Neighbour {number} (invented)", parent=system.parent, ods_code=f"Z00{number}"
        )
    others = Organisation.objects.filter(kind=Kind.ICS, parent=system.parent).exclude(pk=system.pk).exclude(ods_code="")
    systems = [system, *others.order_by("name")[:7]]
    levels = four_groups(1, (2, 2, 2, 2), criteria=12)
    add_wave(title="Not taken yet", on=DAY, basis=Basis.FILE, source="Made up for a test", by=by)
    make_wave(systems, levels, by=by, on=DAY - timedelta(days=200), title="The wave before")
    return make_wave(systems, np.round(levels + 0.2, 1), by=by, title="The latest wave")

"""Whom touchpoints reach, by what people told us: shown in the directory out of releases that two people opened."""

from collections import defaultdict
from datetime import date
from uuid import UUID

from django.db import transaction

from inroads.directory.models import Reach, Touchpoint
from inroads.reference.definitions import load
from inroads.reference.definitions.care import Community
from inroads.released.models import Release, State
from inroads.released.queries import KEPT, table

TABLE = "reach"


@transaction.atomic
def show_reach() -> int:
    """Puts into the directory what open releases of the last two years show, and nothing else; gives how many rows.

    No two releases of a system speak of the same words, so what is shown of a touchpoint and community adds up over
    them. What is hidden in a release is not kept here at all. Nothing is written where nothing changed.
    """
    systems = _open_releases()
    there = {str(each) for each in Touchpoint.objects.values_list("pk", flat=True)} if systems else set()
    found = added_up(systems, there=there)
    held = {
        (str(each.touchpoint_id), each.community): (each.helped, each.state, each.until)
        for each in Reach.objects.select_for_update()
    }
    if held != {key: (helped, Reach.VALUE, until) for key, (helped, until) in found.items()}:
        Reach.objects.all().delete()
        Reach.objects.bulk_create(
            Reach(touchpoint_id=UUID(touchpoint), community=community, helped=helped, state=Reach.VALUE, until=until)
            for (touchpoint, community), (helped, until) in sorted(found.items())
        )
    return len(found)


def _open_releases() -> list[list[Release]]:
    """By system, the open releases that still count, newest first."""
    systems: defaultdict[UUID, list[Release]] = defaultdict(list)
    for release in Release.objects.filter(state=State.OPEN, tables__name=TABLE).order_by("-until", "pk"):
        own = systems[release.organisation_id]
        if not own or own[0].until - release.until < KEPT:
            own.append(release)
    return list(systems.values())


def added_up(systems: list[list[Release]], *, there: set[str]) -> dict[tuple[str, str], tuple[int, date]]:
    """How many people by touchpoint and community, and the day of the newest release that they stand in a system with.

    `systems` are the releases of each system, newest first; touchpoints that are not `there` any more are left out.
    """
    communities = load(Community)
    found: dict[tuple[str, str], tuple[int, date]] = {}
    for releases in systems:
        for release in releases:
            columns = table(release, TABLE)
            if columns is None:
                continue
            rows = zip(*(columns[name].tolist() for name in ("touchpoint", "community", "value", "state")), strict=True)
            for touchpoint, community, value, state in rows:
                if state != Reach.VALUE or not value > 0 or touchpoint not in there or community not in communities:
                    continue
                before, until = found.get((touchpoint, community), (0, date.min))
                found[touchpoint, community] = (before + int(value), max(until, releases[0].until))
    return found

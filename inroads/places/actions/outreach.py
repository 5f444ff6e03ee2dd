"""What changes about outreach plans: planned, changed, done, or not happened and why. Nothing is overwritten."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from math import isfinite

from django.db import transaction
from django.utils import timezone

from inroads.accounts import audit
from inroads.accounts.actions import Refused
from inroads.accounts.checks import (
    ChangedMeanwhile,
    needed,
    not_to_come,
    note,
    within_a_year,
)
from inroads.accounts.models import User
from inroads.accounts.words import tidy
from inroads.directory.models import Touchpoint
from inroads.directory.permissions import touchpoints_visible_to
from inroads.places.actions.checks import require_planning
from inroads.places.models import Outreach, OutreachReport, OutreachStop, OutreachVersion
from inroads.places.queries import published
from inroads.places.queries.outreach import Plan, plan_of
from inroads.reference.around import neighbourhood_name
from inroads.reference.models import Organisation

# More than anybody walks in a day.
MOST_STOPS = 12
MOST_CONVERSATIONS = 10_000
THURSDAY = 3


@dataclass(frozen=True)
class Stop:
    """A neighbourhood of 2021 by its code, why it was chosen, how many people to ask there, and the expected gain.

    `expected_gain` is in people squared, as `methods.picture.where_to_listen` gives it; None where unknown.
    """

    neighbourhood: str
    words: str = ""
    per_visit: int | None = None
    expected_gain: float | None = None


def usual_day() -> date:
    """The next Thursday that leaves two days to prepare: where a walk is put until somebody says otherwise."""
    earliest = timezone.localdate() + timedelta(days=2)
    return earliest + timedelta(days=(THURSDAY - earliest.weekday()) % 7)


@transaction.atomic
def plan_outreach(
    *,
    organisation: Organisation,
    area_code: str,
    stops: Sequence[Stop],
    day: date,
    who: str,
    by: User,
    touchpoint: Touchpoint | None = None,
    words: str = "",
) -> Outreach:
    """A walk to these neighbourhoods of the area, in this order. Raises `Refused`."""
    audit.hold()
    require_planning(by, organisation)
    if organisation.area_code != area_code:
        raise Refused("This organisation does not cover that area. Choose another")
    _refuse_odd_stops(stops, area_code)
    kept = _kept(day=day, who=who, touchpoint=touchpoint, words=words, by=by, before=None)
    _refuse_twice(organisation, {stop.neighbourhood for stop in stops}, day)
    made = Outreach.objects.create(organisation=organisation, area_code=area_code, recorded_by=by)
    for number, stop in enumerate(stops, 1):
        OutreachStop.objects.create(
            outreach=made,
            number=number,
            neighbourhood=stop.neighbourhood,
            name=neighbourhood_name(stop.neighbourhood)[:200],
            words=tidy(stop.words)[:300],
            per_visit=stop.per_visit,
            expected_gain=stop.expected_gain,
        )
    OutreachVersion.objects.create(outreach=made, version=1, recorded_by=by, **kept)
    note("outreach_planned", made, organisation, by, stops=len(stops), day=day.isoformat())
    return made


def _refuse_twice(organisation: Organisation, places: set[str], day: date) -> None:
    """The same walk on the same day, of which nobody has said yet what became of it."""
    for other in Outreach.objects.filter(organisation=organisation, reports=None).prefetch_related("stops"):
        same = {stop.neighbourhood for stop in other.stops.all()} == places
        if same and plan_of(other).now.day == day:
            raise Refused("This walk is planned already, on this day. Open it under Walks", field="stops")


@transaction.atomic
def change_outreach(
    *, outreach: Outreach, version: int, day: date, who: str, touchpoint: Touchpoint | None, words: str, by: User
) -> OutreachVersion:
    """The plan as it is from now on; every earlier version stays. Saving the same again changes nothing.

    Raises `ChangedMeanwhile` when `version` is not the latest, and `Refused` once it was done.
    """
    audit.hold()
    plan = _planned(outreach, by)
    before = plan.now
    if before.version != version:
        raise ChangedMeanwhile(plan)
    if plan.report is not None:
        raise Refused("This walk is over, and its plan stays as it was. Plan another")
    kept = _kept(day=day, who=who, touchpoint=touchpoint, words=words, by=by, before=before)
    if all(getattr(before, name) == value for name, value in kept.items()):
        return before
    made = OutreachVersion.objects.create(outreach=outreach, version=before.version + 1, recorded_by=by, **kept)
    note("outreach_changed", outreach, outreach.organisation, by, version=made.version, day=day.isoformat())
    return made


@transaction.atomic
def outreach_done(
    *, outreach: Outreach, seen: int, on: date, went: str, conversations: int, learnt: str, by: User
) -> OutreachReport:
    """It was done: who went, how many conversations were held, and what was learnt.

    `seen` is how many reports there were before typing. A later report holds instead of an earlier one, which stays.
    """
    if not 0 <= conversations <= MOST_CONVERSATIONS:
        raise Refused(f"Enter how many conversations were held, 0 to {MOST_CONVERSATIONS:,}", field="conversations")
    report = {
        "happened": True,
        "on": not_to_come(on, "The day it was done"),
        "went": needed(went, "Say who went", field="went"),
        "conversations": conversations,
        "words": needed(learnt, "Say what was learnt, or that nothing was", field="learnt"),
    }
    return _report(outreach, seen, report, by)


@transaction.atomic
def outreach_not_held(*, outreach: Outreach, seen: int, why: str, by: User) -> OutreachReport:
    """It did not happen, and why. `seen` is how many reports there were before typing."""
    words = needed(why, "Say why it did not happen", field="why")
    return _report(outreach, seen, {"happened": False, "on": timezone.localdate(), "words": words}, by)


def _report(outreach: Outreach, seen: int, report: dict, by: User) -> OutreachReport:
    audit.hold()
    plan = _planned(outreach, by)
    if len(plan.reports) != seen:
        raise ChangedMeanwhile(plan)
    made = OutreachReport.objects.create(outreach=outreach, recorded_by=by, **report)
    action = "outreach_done" if made.happened else "outreach_not_held"
    counted = {"conversations": made.conversations} if made.happened else {}
    note(action, outreach, outreach.organisation, by, **counted)
    return made


def _planned(outreach: Outreach, by: User) -> Plan:
    require_planning(by, outreach.organisation)
    return plan_of(outreach)


def _refuse_odd_stops(stops: Sequence[Stop], area_code: str) -> None:
    if not 1 <= len(stops) <= MOST_STOPS:
        raise Refused(f"Choose 1 to {MOST_STOPS} neighbourhoods for one walk", field="stops")
    figures = published()
    for stop in stops:
        row = figures.neighbourhoods.row(stop.neighbourhood) if figures is not None else None
        if figures is None or row is None or row not in figures.neighbourhoods.rows(area_code):
            raise Refused(f"{stop.neighbourhood} is no neighbourhood of this place. Take it out", field="stops")
        if stop.per_visit is not None and not 0 < stop.per_visit <= MOST_CONVERSATIONS:
            raise Refused(f"Ask 1 to {MOST_CONVERSATIONS:,} people at a stop", field="stops")
        if stop.expected_gain is not None and not (isfinite(stop.expected_gain) and stop.expected_gain >= 0):
            raise Refused("The expected gain of a stop must be 0 or more", field="stops")
    if len({stop.neighbourhood for stop in stops}) != len(stops):
        raise Refused("A neighbourhood stands there twice. Take one out", field="stops")


def _kept(
    *, day: date, who: str, touchpoint: Touchpoint | None, words: str, by: User, before: OutreachVersion | None
) -> dict:
    """What a version holds. Raises `Refused`; a day that was kept before may lie in the past by now."""
    if before is None or day != before.day:
        within_a_year(day, "The day of the walk", field="day")
    already = before is not None and touchpoint is not None and touchpoint.pk == before.touchpoint_id
    if touchpoint is not None and not already and not touchpoints_visible_to(by).filter(pk=touchpoint.pk).exists():
        raise Refused("There is no such touchpoint in the directory. Choose another", field="touchpoint")
    return {
        "day": day,
        "who": needed(who, "Say who goes", field="who"),
        "touchpoint": touchpoint,
        "words": tidy(words),
    }

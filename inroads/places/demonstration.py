"""Invented plans for the demonstration: a small step with a finished cycle, and a walk to listen."""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from inroads.accounts.demonstration import PLACE_CODE
from inroads.accounts.models import User
from inroads.places.actions import cycles, outreach, steps
from inroads.places.actions.cycles import ByGroup, Found
from inroads.places.actions.outreach import Stop
from inroads.places.actions.steps import Details, Gap
from inroads.places.models import Outreach, SmallStep
from inroads.places.queries import published
from inroads.places.queries.steps import standing_of
from inroads.reference.models import Kind, Organisation

LEAD = "place.lead@demonstration.example"
# Neighbourhoods of Ventnor and Ryde on the Isle of Wight.
STOPS = (("E01017363", "Outside the launderette in the morning (invented)"), ("E01017336", ""))


@transaction.atomic
def load_demonstration_plans() -> None:
    """Put them in place, into a place without any; doing it again changes nothing."""
    place = Organisation.objects.get(kind=Kind.PLACE, area_code=PLACE_CODE)
    by = User.objects.get(email=LEAD)
    if not SmallStep.objects.filter(organisation=place).exists():
        _step(place, by)
    figures = published()
    here = figures is not None and all(figures.neighbourhoods.row(code) is not None for code, _ in STOPS)
    if here and not Outreach.objects.filter(organisation=place).exists():
        outreach.plan_outreach(
            organisation=place,
            area_code=place.area_code,
            stops=[Stop(code, words, per_visit=5) for code, words in STOPS],
            day=outreach.usual_day(),
            who="Pat Lindqvist and Tamsin Wheeler (invented)",
            words="Listen first. Nobody has to sign anything.",
            by=by,
        )


def _step(place: Organisation, by: User) -> None:
    today = timezone.localdate()
    step = steps.add_small_step(
        organisation=place,
        gap=Gap(
            kind="barrier",
            which="private_space",
            words="People told the team that they have nowhere private for a video appointment (invented).",
        ),
        details=Details(
            title="A quiet room at the Kitchen Table (invented)",
            goal="Whoever wants a video appointment has somewhere to have it.",
            shared_with="The Kitchen Table and the community team",
            measure="Appointments held in the room in four weeks",
            counted_how="The Kitchen Table ticks a sheet at the door, without names",
            unit="appointments",
            at_start=0,
            target=12,
            owner="Pat Lindqvist",
            owner_organisation=place.name,
            starts_on=today,
            review_on=today + timedelta(days=21),
            money=180,
            money_kind="revenue",
            money_from="The place’s inclusion fund (invented)",
            money_until=today + timedelta(days=150),
            designed_with=5,
            designed_how=("in_person", "phone"),
            designed_paid="all",
            designed_words="A kettle matters more than a screen. So there is a kettle.",
        ),
        by=by,
    )
    found = Found(
        value=9,
        counted=9,
        groups_known="yes",
        by_group=(ByGroup("Older people", 0, 0), ByGroup("Young people", 0, 8)),
    )
    for part, words, more in (
        ("plan", "Two mornings a week with a tablet that stays there. We expect three people a week.", {}),
        ("do", "Open on seven of eight mornings. One was lost to a broken heater.", {}),
        ("study", "It was used, but nobody over 65 came: the stairs.", {"found": found}),
        ("act", "Same room, other entrance, and one afternoon. Then look again.", {"decision": "adapt"}),
    ):
        record = getattr(cycles, f"record_{part}")
        record(step=step, seen=standing_of(step).seen, words=words, on=today, by=by, **more)

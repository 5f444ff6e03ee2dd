"""Plans of places for tests, made by the actions that pages use."""

from datetime import timedelta

from django.utils import timezone
from pages import date_fields

from inroads.accounts.models import User
from inroads.places.actions import cycles, outreach, steps
from inroads.places.actions.cycles import ByGroup, Found
from inroads.places.actions.outreach import Stop
from inroads.places.actions.steps import Details, Gap
from inroads.places.models import Outreach, SmallStep
from inroads.places.queries.steps import standing_of
from inroads.reference.models import Kind, Organisation
from inroads.reference.organisations import add_organisation

NEIGHBOURHOOD = "E01017363"
OTHER_NEIGHBOURHOOD = "E01017347"


def make_gap(**more) -> Gap:
    """A gap in a neighbourhood, with its figure."""
    told = {
        "kind": "neighbourhood",
        "which": NEIGHBOURHOOD,
        "words": "Many have no device",
        "figure": "People who would be left out",
        "value": 120.0,
        "low": 95.0,
        "high": 150.0,
    }
    return Gap(**(told | more))


def make_details(**more) -> Details:
    """What a step is: more people helped, from 10 to 30."""
    today = timezone.localdate()
    told = {
        "title": "Tablets at the library",
        "goal": "Everybody who wants a video appointment can have one",
        "shared_with": "The library",
        "measure": "People who had the appointment they chose",
        "counted_how": "Counted weekly by the library",
        "unit": "people",
        "at_start": 10.0,
        "target": 30.0,
        "owner": "Pat",
        "starts_on": today,
        "review_on": today + timedelta(days=28),
    }
    return Details(**(told | more))


def make_step(organisation: Organisation, *, by: User, gap: Gap | None = None, **details) -> SmallStep:
    """A step of this organisation."""
    return steps.add_small_step(
        organisation=organisation, gap=gap or make_gap(), details=make_details(**details), by=by
    )


def make_cycle(step: SmallStep, *, by: User, decision: str = "adopt", found: Found | None = None) -> None:
    """A whole cycle, measured and told by group unless `found` says otherwise."""
    found = found or Found(
        value=25.0,
        low=18.0,
        high=31.0,
        counted=40,
        groups_known="yes",
        by_group=(ByGroup("Older people", 4.0, 12.0),),
    )
    today = timezone.localdate()
    for part, more in (("plan", {}), ("do", {}), ("study", {"found": found}), ("act", {"decision": decision})):
        record = getattr(cycles, f"record_{part}")
        record(step=step, seen=standing_of(step).seen, words=f"Words of {part}", on=today, by=by, **more)


def make_outreach(organisation: Organisation, *, by: User, **more) -> Outreach:
    """A walk to two neighbourhoods."""
    told = {
        "area_code": organisation.area_code,
        "stops": [Stop(NEIGHBOURHOOD, "Outside the launderette", 5, 1234.5), Stop(OTHER_NEIGHBOURHOOD)],
        "day": outreach.usual_day(),
        "who": "Pat and Sal",
    }
    return outreach.plan_outreach(organisation=organisation, by=by, **(told | more))


def make_other_system() -> Organisation:
    """Another integrated care system, beside the one there is."""
    region = Organisation.objects.get(kind=Kind.REGION)
    return add_organisation(kind=Kind.ICS, name="Another ICS", parent=region, area_code="E54000057")


def typed_step(**more):
    """A new step as a browser sends it."""
    today = timezone.localdate()
    fields = {
        "gap_kind": "neighbourhood",
        "gap_which": NEIGHBOURHOOD,
        "gap_words": "Many have no device",
        "gap_figure": "People who would be left out",
        "gap_value": "120",
        "gap_low": "95",
        "gap_high": "150",
        "title": "Tablets at the library",
        "goal": "Everybody can have the appointment they choose",
        "shared_with": "The library",
        "measure": "People seen as they chose",
        "counted_how": "Weekly",
        "unit": "people",
        "at_start": "10",
        "target": "30",
        "owner": "Pat",
        "money": "£1,200",
        "money_kind": "revenue",
        "money_from": "The council",
        "designed_with": "6",
        "designed_how": ["in_person", "phone"],
        "designed_paid": "all",
        **date_fields("starts_on", today),
        **date_fields("review_on", today + timedelta(days=28)),
    }
    return fields | more

"""What changes when people choose. Nothing here ever takes a way from anybody."""

from collections.abc import Sequence
from datetime import date

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from inroads.accounts import audit
from inroads.accounts.actions import Refused
from inroads.accounts.models import User
from inroads.accounts.words import tidy
from inroads.people.actions.checks import ahead_or_refuse, note, require_work_with, said_on_or_refuse
from inroads.people.models import Channel, Choice, Involvement, Option, Person, SaidBy, Stage
from inroads.people.permissions import is_own, may_change_choices, may_work_with, trust_in
from inroads.people.queries.choices import LOOK_AGAIN_AFTER, available, covers_person, stage_of
from inroads.people.queries.record import record_of
from inroads.reference.definitions.care import formats


@transaction.atomic
def come_to_stage(*, person: Person, stage: Stage, by: User) -> Involvement:
    """From now on the person is at this stage. The first time is when they come to the pathway."""
    audit.hold()
    require_work_with(by, person)
    stage = Stage.objects.select_related("pathway").get(pk=stage.pk)
    if stage.published_at is None:
        raise Refused("This stage is not published yet. Ask who draws the pathway, or choose another stage")
    last = Involvement.objects.filter(person=person, pathway=stage.pathway).last()
    if last is None and not covers_person(stage.pathway, person):
        raise Refused("This pathway is not one of the person's team, nor of an organisation above it")
    if last is not None and last.stage_id == stage.pk:
        return last
    made = Involvement.objects.create(person=person, pathway=stage.pathway, stage=stage, recorded_by=by)
    note("stage_reached", person, by, pathway=str(stage.pathway_id), stage=stage.pk)
    return made


@transaction.atomic
def record_choice(
    *,
    person: Person,
    stage: Stage,
    option: Option | None,
    explained_in: str,
    channel: str,
    by: User,
    maybe_later: Option | None = None,
    offered: Sequence[int] | None = None,
    why: str = "",
    look_again_on: date | None = None,
    said_by: str = SaidBy.PERSON,
    said_on: date | None = None,
    present_words: str = "",
) -> Choice:
    """What the person wants at this stage from now on; None for not decided yet. Every earlier choice is kept.

    `offered` holds ids of the ways that were shown, all the person has unless told otherwise. A way cannot be chosen
    and left for later at once: then it is chosen. On their own page, people speak for themselves alone.
    """
    audit.hold()
    if not may_change_choices(by, person):
        raise PermissionDenied("You may not change the choices of this person")
    channel, said_by = _whose(person, Channel(channel), SaidBy(said_by), by)
    record = record_of(person)
    found = stage_of(record, stage.pk)
    if found is None:
        raise Refused("The person is not on this pathway yet. Say first at which stage they are")
    theirs = {each.pk for each in available(person, found, record)}
    for each in (option, maybe_later):
        if each is not None and each.pk not in theirs:
            raise Refused("This way is not offered here. Choose one that is on the page")
    shown = sorted(theirs) if offered is None else sorted(set(offered))
    if not set(shown) <= theirs:
        raise Refused("What was shown is not what this person has at this stage. Open the page again")
    if explained_in and explained_in not in formats():
        raise Refused("Choose from the list how it was explained")
    if look_again_on is None:
        look_again_on = timezone.localdate() + LOOK_AGAIN_AFTER
    made = Choice.objects.create(
        person=person,
        stage=found,
        option=option,
        maybe_later=None if maybe_later == option else maybe_later,
        offered=shown,
        explained_in=explained_in,
        why=tidy(why),
        look_again_on=ahead_or_refuse(look_again_on, "The day to look at it again", field="look_again_on"),
        channel=channel,
        said_by=said_by,
        said_on=said_on_or_refuse(said_on),
        present_words=tidy(present_words),
        recorded_by=by,
    )
    note("choice_recorded", person, by, stage=found.pk, option=option.pk if option else None, channel=str(channel))
    return made


def _whose(person: Person, channel: Channel, said_by: SaidBy, by: User) -> tuple[Channel, SaidBy]:
    """Who speaks, and how. A choice is never staff's own; on their own page nobody speaks for somebody else."""
    if channel == Channel.SCREEN or not may_work_with(by, person):
        if is_own(by, person):
            return Channel.SCREEN, SaidBy.PERSON
        if (trusted := trust_in(by, person)) is not None and trusted.may_change:
            return Channel.SCREEN, SaidBy.TRUSTED
        raise Refused("Only the person, or somebody they trust, uses their own page. Choose how it was said to you")
    if said_by == SaidBy.STAFF:
        raise Refused("A choice is the person's own. Choose who said it")
    if said_by == SaidBy.TRUSTED and not person.trusted_people.filter(may_change=True, ended_at=None).exists():
        raise Refused(
            "The person has not agreed that somebody changes choices for them. Ask the person, "
            "or write down first what they agreed to"
        )
    return channel, said_by

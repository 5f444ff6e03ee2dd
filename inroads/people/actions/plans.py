"""What changes in a plan: steps, reviews, help by hour, and whether a step helped."""

from datetime import date

from django.db import transaction
from django.utils import timezone

from inroads.accounts import audit
from inroads.accounts.actions import Refused
from inroads.accounts.models import User
from inroads.accounts.words import tidy
from inroads.people.actions.checks import ahead_or_refuse, note, require_work_with, said_on_or_refuse
from inroads.people.actions.referral_moves import close_with
from inroads.people.models import (
    Answer,
    AnswerKind,
    AnswerValue,
    Channel,
    HelpAtTime,
    PartOfDay,
    Person,
    PlanStep,
    Review,
    SaidBy,
    StepStatus,
    StepVersion,
)
from inroads.people.models.facts import LONGEST_AHEAD
from inroads.people.queries.record import record_of
from inroads.reference.definitions import load
from inroads.reference.definitions.care import Help
from inroads.reference.definitions.conversation import barriers

BEGINS_AS = (StepStatus.PLANNED, StepStatus.NOTHING_YET)


class ChangedMeanwhile(Refused):
    """Somebody else changed the step first: `theirs` is what is kept now, `yours` what was typed, by name of field."""

    def __init__(self, theirs: StepVersion, yours: dict) -> None:
        super().__init__("Somebody else changed this step while you had it open. Read both, then save again")
        self.theirs = theirs
        self.yours = yours


@transaction.atomic
def add_step(
    *,
    person: Person,
    what: str,
    owner: str,
    due_on: date | None,
    by: User,
    barrier: str = "",
    help: str = "",
    because: str = "",
    status: str = StepStatus.PLANNED,
    private: bool = False,
    app: str = "",
) -> PlanStep:
    """Something to do, with who does it and by when; or that nothing was found yet, which counts as well.

    A `private` step is read by nobody whom the person trusts with their plan, and printed nowhere. `app` is the address
    of an app in the library.
    """
    audit.hold()
    require_work_with(by, person)
    status = StepStatus(status)
    if status not in BEGINS_AS:
        raise Refused("A new step is either to do, or nothing yet. Choose one of the two")
    if barrier and barrier not in barriers():
        raise Refused("Choose what this is for from what the person said")
    if help and help not in load(Help):
        raise Refused("Choose what helps from the list")
    step = PlanStep.objects.create(
        person=person, barrier=barrier, help=help, because=tidy(because), private=private, app=app, recorded_by=by
    )
    _add_version(step, 1, _words(what, owner, due_on, status, "", kept=None), by)
    _set_due(person)
    note("step_added", person, by, step=step.pk, status=str(status), help=help)
    return step


@transaction.atomic
def change_step(
    *,
    step: PlanStep,
    version: int,
    what: str,
    owner: str,
    due_on: date | None,
    status: str,
    words: str,
    by: User,
) -> StepVersion:
    """The step as it is from now on; every earlier version stays. Saving the same again changes nothing.

    Raises `ChangedMeanwhile` when `version` is not the latest.
    """
    audit.hold()
    person = step.person
    require_work_with(by, person)
    kept = StepVersion.objects.filter(step=step).select_related("recorded_by").latest("version")
    yours = {"what": what, "owner": owner, "due_on": due_on, "status": status, "words": words}
    if kept.version != version:
        raise ChangedMeanwhile(kept, yours)
    typed = _words(what, owner, due_on, StepStatus(status), words, kept=kept)
    if all(getattr(kept, name) == value for name, value in typed.items()):
        return kept
    made = _add_version(step, kept.version + 1, typed, by)
    _set_due(person)
    note("step_changed", person, by, step=step.pk, version=made.version, status=str(made.status))
    return made


@transaction.atomic
def record_helped(
    *,
    step: PlanStep,
    answer: str,
    words: str,
    channel: str,
    by: User,
    said_by: str = SaidBy.PERSON,
    said_on: date | None = None,
    present_words: str = "",
) -> Answer:
    """Whether a step helped, in one of the five answers and own words. The latest holds, the others stay.

    A referral that belongs to the step ends with it: on paper and by phone as through the link.
    """
    audit.hold()
    person = step.person
    require_work_with(by, person)
    made = Answer.objects.create(
        person=person,
        kind=AnswerKind.HELPED,
        topic=str(step.pk),
        answer=AnswerValue(answer),
        words=tidy(words),
        channel=Channel(channel),
        said_by=SaidBy(said_by),
        said_on=said_on_or_refuse(said_on),
        present_words=tidy(present_words),
        recorded_by=by,
    )
    if made.answer != AnswerValue.NOT_ASKED:
        through = {Channel.PAPER: "paper", Channel.PHONE: "phone"}.get(Channel(channel), "screen")
        close_with(step, answer=made.answer, words=words, through=through, by=by)
    note("step_helped_recorded", person, by, step=step.pk, number=made.pk)
    return made


@transaction.atomic
def set_review(*, person: Person, review_on: date, by: User) -> Review:
    """When the plan is looked at again."""
    audit.hold()
    require_work_with(by, person)
    made = Review.objects.create(
        person=person,
        review_on=ahead_or_refuse(review_on, "The day to look at the plan again", field="review_on"),
        recorded_by=by,
    )
    _set_due(person)
    note("review_set", person, by, review_on=review_on.isoformat())
    return made


@transaction.atomic
def add_help_at_time(
    *, person: Person, part: str, what: str, by: User, who: str = "", digital: bool = False
) -> HelpAtTime:
    """What helps this person at an hour of the day or night."""
    audit.hold()
    require_work_with(by, person)
    made = HelpAtTime.objects.create(
        person=person,
        part=PartOfDay(part),
        what=_needed(what, "Say what helps then"),
        who=tidy(who),
        digital=digital,
        recorded_by=by,
    )
    note("help_at_time_added", person, by, number=made.pk, part=str(made.part))
    return made


@transaction.atomic
def end_help_at_time(*, help_at_time: HelpAtTime, by: User) -> HelpAtTime:
    """This helps no more. It stays in the record."""
    audit.hold()
    kept = HelpAtTime.objects.select_for_update(of=("self",)).select_related("person__organisation")
    kept = kept.get(pk=help_at_time.pk)
    require_work_with(by, kept.person)
    if kept.ended_at is None:
        kept.ended_at, kept.ended_by = timezone.now(), by
        kept.save(update_fields=("ended_at", "ended_by"))
        note("help_at_time_ended", kept.person, by, number=kept.pk)
    return kept


def _set_due(person: Person) -> None:
    """Write down for lists when something in this plan is due first: its review, or a step that is still to do."""
    record = record_of(person)
    steps = [each.now.due_on for each in record.steps if each.now.status == StepStatus.PLANNED and each.now.due_on]
    reviews = [record.review.review_on] if record.review else []
    person.due_on = min([*reviews, *steps], default=person.due_on)
    Person.objects.filter(pk=person.pk).update(due_on=person.due_on)


def _words(
    what: str, owner: str, due_on: date | None, status: StepStatus, words: str, *, kept: StepVersion | None
) -> dict:
    """What a version holds. Raises `Refused`; a day that was kept before may lie in the past."""
    if due_on is None and status == StepStatus.PLANNED:
        raise Refused("Enter by when this is done", field="due_on")
    if due_on is not None and (kept is None or due_on != kept.due_on):
        today = timezone.localdate()
        if due_on < today:
            raise Refused("The day by which this is done lies in the past. Enter today or a later day", field="due_on")
        if due_on > today + LONGEST_AHEAD:
            raise Refused("The day by which this is done must be within a year. Enter an earlier day", field="due_on")
    return {
        "what": _needed(what, "Say what is to be done"),
        "owner": _needed(owner, "Enter who does this"),
        "due_on": due_on,
        "status": status,
        "words": tidy(words),
    }


def _add_version(step: PlanStep, number: int, typed: dict, by: User) -> StepVersion:
    return StepVersion.objects.create(step=step, version=number, recorded_by=by, **typed)


def _needed(words: str, sentence: str) -> str:
    kept = tidy(words)
    if not kept:
        raise Refused(sentence)
    return kept

"""What changes about interviews: kept with consent, consent changed or taken back, corrected, answered, told back.

The person may do the same themselves with their code: `by_themselves`. Then nobody signs in, and whoever wrote the
interview down stands in what is kept.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import uuid4

from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from inroads.accounts import audit
from inroads.accounts.actions import Refused
from inroads.accounts.checks import ChangedMeanwhile, needed, not_to_come, note
from inroads.accounts.codes import hash_of
from inroads.accounts.drafts import forget_below
from inroads.accounts.models import User
from inroads.accounts.words import tidy
from inroads.reference.models import Organisation
from inroads.reference.titles import CHANNELS
from inroads.systems.actions.quotes import (
    NOT_MEANT,
    acting,
    correct_quote,
    end_by,
    require_keeping,
    take_back_quote,
    told,
    withdraw_evidence_of,
)
from inroads.systems.models import ConsentGiven, Correction, Evidence, Interview, Quote, Speaker, Use
from inroads.systems.queries.interviews import code_of, consent_of

# With a code anybody can send a great deal; nobody says more than this before they are answered.
MOST_OPEN = 50
LONGEST_CONSENT = timedelta(days=366 * 50)
TOO_FAR = "The last day lies too far ahead. Leave it empty where there is no end"
CORRECTED, TAKEN_OUT = "corrected", "out"


@dataclass(frozen=True)
class Consent:
    """What somebody agrees to, and how they said so. `until` is the last day, None without an end."""

    uses: tuple[str, ...]
    how: str
    limits: str = ""
    until: date | None = None


@transaction.atomic
def record_interview(
    *,
    organisation: Organisation,
    called: str,
    speaker: str,
    role_words: str,
    channel: str,
    held_on: date,
    notes: str,
    reached: str,
    consent: Consent,
    by: User,
) -> Interview:
    """A conversation that was held to learn, with what the person agreed to. Raises `Refused`."""
    audit.hold()
    require_keeping(by, organisation)
    not_to_come(held_on, "The conversation", field="held_on")
    uses = _uses(consent.uses)
    if not uses and tidy(notes):
        raise Refused("They agreed to nothing, so nothing of what they said is kept. Take the notes out", field="notes")
    if consent.until is not None and consent.until < held_on:
        raise Refused("The last day lies before the conversation. Enter a later day", field="until")
    if consent.until is not None and consent.until > timezone.localdate() + LONGEST_CONSENT:
        raise Refused(TOO_FAR, field="until")
    id = uuid4()
    made = Interview.objects.create(
        id=id,
        organisation=organisation,
        called=needed(called, "Enter what they want to be called here. Any name will do", field="called"),
        speaker=Speaker(speaker),
        role_words=tidy(role_words),
        channel=_channel(channel, field="channel"),
        held_on=held_on,
        notes=tidy(notes),
        reached=tidy(reached),
        code_hash=hash_of(code_of(id)),
        recorded_by=by,
    )
    ConsentGiven.objects.create(
        interview=made,
        uses=uses,
        limits=tidy(consent.limits),
        until=consent.until,
        how=_channel(consent.how, field="how"),
        recorded_by=by,
    )
    note("interview_recorded", made, organisation, by, speaker=made.speaker, channel=made.channel, uses=",".join(uses))
    return made


@transaction.atomic
def change_consent(
    *,
    interview: Interview,
    uses: Iterable[str],
    limits: str,
    until: date | None,
    how: str,
    by: User | None = None,
    by_themselves: bool = False,
    seen: int | None = None,
) -> ConsentGiven:
    """What the person agrees to from now on; the latest holds. No uses: they take everything back, at once.

    `seen` is the id of the consent that was read before, 0 for none. Raises `ChangedMeanwhile` where another came
    since: what a person took back is not given again by a page that stood open.
    """
    audit.hold()
    somebody = acting(interview, by, by_themselves)
    before = consent_of(interview)
    if seen is not None and before is not None and before.pk != seen:
        raise ChangedMeanwhile(before)
    wanted = _uses(uses)
    _refuse_odd_last_day(until if wanted else None)
    made = ConsentGiven.objects.create(
        interview=interview,
        by_themselves=by_themselves,
        uses=wanted,
        limits=tidy(limits) if wanted else "",
        until=until if wanted else None,
        how=_channel(how, field="how"),
        recorded_by=somebody,
    )
    for each in Evidence.objects.filter(quote__interview=interview, withdrawn_at=None).select_related("quote"):
        if not {Use.QUOTED, Use.PUBLISHED} & set(wanted):
            withdraw_evidence_of(each.quote, by=somebody)
        elif made.until is not None:
            end_by(each, made.until, by=somebody)
    if not wanted:
        # What was typed about them and not saved goes as well.
        forget_below(reverse("systems:interview", args=(interview.organisation_id, interview.pk)))
    told("consent_changed", interview, interview, by, by_themselves, uses=",".join(wanted), how=made.how)
    return made


def take_everything_back(
    *, interview: Interview, how: str, by: User | None = None, by_themselves: bool = False
) -> ConsentGiven:
    """They agree to nothing any more, in one step: their words are shown nowhere, and nothing stands on them."""
    return change_consent(
        interview=interview, uses=(), limits="", until=None, how=how, by=by, by_themselves=by_themselves
    )


@transaction.atomic
def correct(
    *, interview: Interview, words: str, quote: Quote | None = None, by: User | None = None, by_themselves: bool = False
) -> Correction:
    """They say what is not as they meant it; without a quote, about the whole. Raises `Refused`.

    Until it is answered the quote is shown nowhere, and nothing stands on it.
    """
    audit.hold()
    somebody = acting(interview, by, by_themselves)
    kept = needed(words, "Say what is not right, or what you meant", field="words")
    if quote is not None and (
        quote.interview_id != interview.pk
        or Quote.objects.filter(pk=quote.pk).exclude(taken_back_at=None, replaced_by=None).exists()
    ):
        raise Refused("These words were put right or taken back meanwhile. Open the page again", field="words")
    waiting = Correction.objects.filter(interview=interview, done_at=None)
    if (same := waiting.filter(quote=quote, words=kept).first()) is not None:
        return same
    if waiting.count() >= MOST_OPEN:
        raise Refused("We have not answered what you said before. Please ring us", field="words")
    made = Correction.objects.create(
        interview=interview, quote=quote, by_themselves=by_themselves, words=kept, recorded_by=somebody
    )
    if quote is not None:
        withdraw_evidence_of(quote, by=somebody, words=NOT_MEANT)
    told("correction_asked", made, interview, by, by_themselves)
    return made


@transaction.atomic
def answer_correction(
    *, correction: Correction, words: str, by: User, becomes: str = "", new_words: str = ""
) -> Correction:
    """What was done. Words of which the person says that they are wrong never come back as they were.

    becomes
        CORRECTED with `new_words`, or TAKEN_OUT. Needed while the quote still stands.
    """
    audit.hold()
    kept = Correction.objects.select_related("interview__organisation", "quote").get(pk=correction.pk)
    require_keeping(by, kept.interview.organisation)
    if kept.done_at is not None:
        raise Refused("Somebody answered this meanwhile")
    said = needed(words, "Say what you did, so that they can read it", field="words")
    if kept.quote is not None and not _is_gone(kept.quote):
        if becomes == CORRECTED:
            _put_right(kept.quote, new_words, by)
        elif becomes == TAKEN_OUT:
            take_back_quote(quote=kept.quote, by=by)
        else:
            raise Refused("Choose what becomes of these words", field="becomes")
    kept.done_at, kept.done_by, kept.done_words = timezone.now(), by, said
    kept.save(update_fields=("done_at", "done_by", "done_words"))
    note("correction_answered", kept, kept.interview.organisation, by, becomes=becomes or None)
    return kept


@transaction.atomic
def tell_back(*, interview: Interview, on: date, words: str, by: User) -> Interview:
    """They were told on this day what became of what they said. What was said before stays above it."""
    audit.hold()
    require_keeping(by, interview.organisation)
    kept = Interview.objects.select_related("organisation").get(pk=interview.pk)
    not_to_come(on, "This day")
    if on < kept.held_on:
        raise Refused("This day lies before the conversation. Enter a later day", field="on")
    said = needed(words, "Write down what they were told", field="words")
    if said not in kept.told_words.split("\n\n"):
        kept.told_words = f"{kept.told_words}\n\n{said}" if kept.told_words else said
    kept.told_on = max(on, kept.told_on or on)
    kept.save(update_fields=("told_on", "told_words"))
    note("told_what_became", kept, kept.organisation, by, on=on.isoformat())
    return kept


def _is_gone(quote: Quote) -> bool:
    return quote.taken_back_at is not None or Quote.objects.filter(replaces=quote).exists()


def _put_right(quote: Quote, words: str, by: User) -> None:
    try:
        correct_quote(quote=quote, words=words, by=by)
    except Refused as refusal:
        raise Refused(str(refusal), field="new_words") from None


def _uses(uses: Iterable[str]) -> list[str]:
    wanted = {Use(each) for each in uses}
    return [each.value for each in Use if each in wanted]


def _channel(channel: str, *, field: str) -> str:
    if channel not in CHANNELS:
        raise Refused("Choose how it was said", field=field)
    return channel


def _refuse_odd_last_day(until: date | None) -> None:
    if until is None:
        return
    today = timezone.localdate()
    if until < today:
        raise Refused("The last day lies in the past. Enter today or a later day", field="until")
    if until > today + LONGEST_CONSENT:
        raise Refused(TOO_FAR, field="until")

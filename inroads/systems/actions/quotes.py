"""What changes about somebody's words: kept, put right, seen by them, taken back, and laid beside a criterion."""

from collections.abc import Sequence
from datetime import date, timedelta

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from inroads.accounts import audit
from inroads.accounts.actions import Refused
from inroads.accounts.checks import needed, not_to_come, note
from inroads.accounts.models import User
from inroads.reference.definitions import load
from inroads.reference.definitions.framework import Criterion
from inroads.reference.models import Organisation
from inroads.systems.actions.evidence import lay_down
from inroads.systems.models import Correction, Evidence, Interview, Quote, Use, Voice
from inroads.systems.queries.interviews import TELLS_A_LIFE, consent_of, uses_today
from inroads.systems.queries.stories import keeps

TOOK_BACK = "The person took their words back"
NOT_MEANT = "The person says that this is not what they meant"
PUT_RIGHT = "The person’s words were put right. Lay them down again as they are now"
ENDS_SOONER = "The person set a last day, so it was laid down again with that day"
GONE = "These words were put right or taken back meanwhile. Open the interview again"


@transaction.atomic
def keep_quote(*, interview: Interview, words: str, themes: Sequence[str], supports: bool | None, by: User) -> Quote:
    """Words as the person said them, with ids of the criteria they speak of. `supports` None: neither for nor against.

    Raises `Refused` where the person agreed to nothing.
    """
    audit.hold()
    require_keeping(by, interview.organisation)
    if not uses_today(consent_of(interview)):
        raise Refused("They agree to nothing today, so no words of theirs are kept", field="words")
    kept = needed(words, "Write down what they said, in their words", field="words")
    made = Quote.objects.create(
        interview=interview, words=kept, themes=_known(themes), supports=supports, recorded_by=by
    )
    note("quote_kept", made, interview.organisation, by, themes=len(made.themes))
    return made


@transaction.atomic
def correct_quote(*, quote: Quote, words: str, by: User) -> Quote:
    """The words as they should have stood. They take the place of the old ones, which are shown nowhere any more.

    Nobody has seen the new words yet, so they wait to be checked, and what stood on the old ones counts no more.
    """
    audit.hold()
    kept = _standing_or_refuse(quote, by)
    new = needed(words, "Write down the words as they should stand", field="words")
    if new == kept.words:
        raise Refused("These are the words as they stand already", field="words")
    made = Quote.objects.create(
        interview=kept.interview,
        words=new,
        themes=kept.themes,
        supports=kept.supports,
        replaces=kept,
        recorded_by=by,
    )
    withdraw_evidence_of(kept, by=by, words=PUT_RIGHT)
    note("quote_corrected", made, kept.interview.organisation, by)
    return made


@transaction.atomic
def check_quote(*, quote: Quote, on: date, by: User) -> Quote:
    """The person saw these words on this day, or heard them read, and said that they are right."""
    audit.hold()
    kept = _standing_or_refuse(quote, by)
    not_to_come(on, "This day")
    if on < kept.interview.held_on:
        raise Refused("They cannot have seen it before it was said. Enter a later day", field="on")
    if Correction.objects.filter(quote=kept, done_at=None).exists():
        raise Refused("They said that this is not what they meant. Answer that first", field="on")
    kept.checked_on = on
    kept.save(update_fields=("checked_on",))
    note("quote_checked", kept, kept.interview.organisation, by, on=on.isoformat())
    return kept


@transaction.atomic
def take_back_quote(*, quote: Quote, by: User | None = None, by_themselves: bool = False) -> Quote:
    """These words are shown nowhere from now on, and nothing stands on them. Taking them back twice changes nothing."""
    audit.hold()
    kept = Quote.objects.select_related("interview__organisation", "interview__recorded_by").get(pk=quote.pk)
    somebody = acting(kept.interview, by, by_themselves)
    if kept.taken_back_at is None:
        kept.taken_back_at = timezone.now()
        kept.save(update_fields=("taken_back_at",))
        withdraw_evidence_of(kept, by=somebody)
        told("quote_taken_back", kept, kept.interview, by, by_themselves)
    return kept


@transaction.atomic
def use_as_evidence(*, quote: Quote, criterion: str, element: str, by: User) -> Evidence:
    """Lay these words beside an element of a criterion. Raises `Refused`.

    The words are not copied: they are read from the quote, so that they vanish with it.
    """
    audit.hold()
    kept = _standing_or_refuse(quote, by)
    consent = consent_of(kept.interview)
    if not {Use.QUOTED, Use.PUBLISHED} & uses_today(consent):
        raise Refused("They did not agree that their words are quoted. Ask them first", field="where")
    if Correction.objects.filter(quote=kept, done_at=None).exists():
        raise Refused("They said that this is not what they meant. Answer that first", field="where")
    if kept.supports is None:
        raise Refused("These words speak neither for nor against it, so they show nothing here", field="where")
    if kept.evidence.filter(criterion=criterion, element=element, withdrawn_at=None).exists():
        raise Refused("These words are laid down there already", field="where")
    known = load(Criterion).get(criterion)
    asked = known.elements().get(element) if known else None
    if asked is None:
        raise Refused("Choose what these words show", field="where")
    people = kept.interview.speaker in TELLS_A_LIFE
    return lay_down(
        organisation=kept.interview.organisation,
        criterion=criterion,
        element=element,
        kind="story" if people and "story" in asked.shown_by else "interview",
        voice=Voice.PEOPLE if people else Voice.ORGANISATION,
        supports=kept.supports,
        dated=kept.interview.held_on,
        title="Said in an interview",
        words="",
        link="",
        file=None,
        passage=None,
        quote=kept,
        by=by,
    )


def withdraw_evidence_of(quote: Quote, *, by: User, words: str = TOOK_BACK) -> int:
    """Whatever stands on this quote counts no more, and says why. Within the transaction of what caused it."""
    withdrawn = 0
    for each in Evidence.objects.filter(quote=quote, withdrawn_at=None):
        _withdraw(each, by, words)
        withdrawn += 1
    return withdrawn


def end_by(evidence: Evidence, last: date, *, by: User) -> Evidence:
    """Evidence that counts no longer than to this last day: laid down anew where it would have counted for longer."""
    ends = max(last, evidence.dated) + timedelta(days=1) if evidence.dated else None
    if ends is None or (evidence.expires_on is not None and evidence.expires_on <= ends):
        return evidence
    _withdraw(evidence, by, ENDS_SOONER)
    names = ("organisation", "criterion", "element", "kind", "voice", "supports", "dated", "title", "words", "quote")
    made = Evidence.objects.create(**{name: getattr(evidence, name) for name in names}, expires_on=ends, recorded_by=by)
    note("evidence_ends_sooner", made, made.organisation, by, expires_on=ends.isoformat())
    return made


def require_keeping(by: User, organisation: Organisation) -> None:
    """Raises `PermissionDenied` unless this user keeps interviews of this system, from within it."""
    if not keeps(by, organisation):
        raise PermissionDenied("The interviews of this system are not among those you keep")


def acting(interview: Interview, by: User | None, by_themselves: bool) -> User:
    """Who stands in what is kept: this user, who must be allowed; for the person themselves, whoever heard them."""
    if by_themselves:
        return interview.recorded_by
    if by is None:
        raise PermissionDenied("Nobody is named who does this")
    require_keeping(by, interview.organisation)
    return by


def told(
    action: str,
    about: Quote | Interview | Correction,
    interview: Interview,
    by: User | None,
    by_themselves: bool,
    **details: str | int | None,
) -> None:
    """Write a change to the trail that the person may have made themselves: then nobody is named."""
    audit.record(
        action=action,
        by=None if by_themselves else by,
        about=about,
        organisation=interview.organisation,
        details={"by_themselves": int(by_themselves), **details},
    )


def _withdraw(evidence: Evidence, by: User, words: str) -> None:
    evidence.withdrawn_at, evidence.withdrawn_by, evidence.withdrawn_words = timezone.now(), by, words
    evidence.save(update_fields=("withdrawn_at", "withdrawn_by", "withdrawn_words"))
    note("evidence_withdrawn", evidence, evidence.organisation, by)


def _standing_or_refuse(quote: Quote, by: User) -> Quote:
    """The quote as it is kept now. Raises `Refused` where it was replaced or taken back, or nothing is agreed."""
    kept = Quote.objects.select_related("interview__organisation").get(pk=quote.pk)
    require_keeping(by, kept.interview.organisation)
    gone = kept.taken_back_at is not None or Quote.objects.filter(replaces=kept).exists()
    if gone or not uses_today(consent_of(kept.interview)):
        raise Refused(GONE)
    return kept


def _known(themes: Sequence[str]) -> list[str]:
    known = load(Criterion)
    for each in themes:
        if each not in known:
            raise Refused("Choose what it is about from the list", field="themes")
    return list(dict.fromkeys(themes))

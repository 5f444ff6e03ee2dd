"""What changes about evidence: laid down, and withdrawn with a reason. It is never changed."""

import hashlib
from calendar import monthrange
from datetime import date, timedelta
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.core.validators import URLValidator
from django.db import transaction
from django.utils import timezone

from inroads.accounts import audit
from inroads.accounts.actions import Refused
from inroads.accounts.checks import needed, not_to_come, note
from inroads.accounts.models import User
from inroads.accounts.words import tidy
from inroads.reference.definitions import load
from inroads.reference.definitions.framework import Criterion, Element, EvidenceKind
from inroads.reference.models import Organisation
from inroads.systems.actions.evidence_files import NewFile, clean_name, kind_of
from inroads.systems.models import Coding, Evidence, EvidenceFile, Quote, Voice
from inroads.systems.models.assessments import LONGEST_TITLE
from inroads.systems.permissions import SYSTEMS, is_inside, may_assess, may_lead
from inroads.systems.queries.coding import codings_visible_to
from inroads.systems.queries.interviews import last_day_of, may_show_quote

IS_ADDRESS = URLValidator(schemes=["http", "https"])
# What evidence is called that stands on somebody's words.
SAID = "Said in an interview"
LONGEST_LINK = 500


@transaction.atomic
def lay_down(
    *,
    organisation: Organisation,
    criterion: str,
    element: str,
    kind: str,
    voice: str,
    supports: bool,
    dated: date | None,
    title: str,
    words: str,
    link: str,
    file: NewFile | None,
    passage: Coding | None,
    quote: Quote | None,
    by: User,
    expires_on: date | None = None,
) -> Evidence:
    """Evidence that an element is so, or that it is not.

    Those who assess lay down what shows it; that it is not so, anybody inside the system may lay down. Without
    `expires_on` it holds as long as the element says. Without `dated` it is kept and counts for nothing. Raises
    `Refused`.
    """
    audit.hold()
    _may_or_refuse(organisation, by, supports=supports)
    asked = _element(criterion, element)
    _refuse_other_kind(asked, kind, voice, supports=supports)
    day = not_to_come(dated, "The day", field="dated") if dated else None
    until = _until(day, asked, expires_on)
    kept = {"title": _title(title), "words": tidy(words), "link": _address(link)}
    _refuse_of_others(organisation, passage, quote, by)
    if quote:
        # Read from the quote each time, so that nothing of it outlives their consent.
        kept |= {"title": SAID, "words": ""}
    last = last_day_of(quote) if quote else None
    if until is not None and last is not None:
        # Nobody's words count for longer than they agreed.
        until = min(until, last + timedelta(days=1))
    if not (kept["words"] or kept["link"] or file or passage or quote):
        raise Refused("Say what it shows, or add a link or a file", field="words")
    media = kind_of(file.content) if file else ""
    made = Evidence.objects.create(
        organisation=organisation,
        criterion=criterion,
        element=element,
        kind=kind,
        voice=Voice(voice),
        supports=supports,
        dated=day,
        expires_on=until,
        passage=passage,
        quote=quote,
        recorded_by=by,
        **kept,
    )
    if file:
        _keep(file, media, made, by)
    note(
        "evidence_laid_down",
        made,
        organisation,
        by,
        criterion=criterion,
        element=element,
        kind=kind,
        voice=voice,
        supports=int(supports),
        dated=day.isoformat() if day else "",
    )
    return made


@transaction.atomic
def withdraw(*, evidence: Evidence, words: str, by: User) -> Evidence:
    """Evidence counts no more from now on; it stays to be read, with the reason.

    What shows something may be withdrawn by whoever laid it down and whoever leads the assessment. What says that
    something is not so, only by whoever laid it down: it is answered with evidence, and not taken away.
    """
    audit.hold()
    if not may_withdraw(by, evidence):
        raise PermissionDenied("This evidence is not among what you may withdraw")
    kept = Evidence.objects.get(pk=evidence.pk)
    if kept.withdrawn_at is not None:
        raise Refused("This was withdrawn already")
    kept.withdrawn_words = needed(words, "Say why it is withdrawn", field="words")
    kept.withdrawn_at, kept.withdrawn_by = timezone.now(), by
    kept.save(update_fields=("withdrawn_words", "withdrawn_at", "withdrawn_by"))
    note("evidence_withdrawn", kept, kept.organisation, by, criterion=kept.criterion, supports=int(kept.supports))
    return kept


def may_withdraw(user: Any, evidence: Evidence) -> bool:
    """Whether this user may withdraw this evidence."""
    if evidence.recorded_by_id == user.pk and is_inside(user, evidence.organisation):
        return True
    return evidence.supports and may_lead(user, evidence.organisation)


def months_later(day: date, months: int) -> date:
    """The same day so many months later; the last of that month where it is shorter."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def fitting_kinds(element: Element) -> list[EvidenceKind]:
    """The kinds of evidence that can show an element, those in which people speak where only they can show it."""
    known = load(EvidenceKind)
    kinds = [known[name] for name in element.shown_by]
    return [each for each in kinds if "people" in each.voices] if element.from_people else kinds


def _may_or_refuse(organisation: Organisation, by: User, *, supports: bool) -> None:
    if organisation.kind not in SYSTEMS:
        raise Refused("Only a system, or a place within one, keeps evidence")
    allowed = may_assess(by, organisation) if supports else is_inside(by, organisation)
    if not allowed:
        raise PermissionDenied("This system is not among those for which you lay down evidence")


def _element(criterion: str, element: str) -> Element:
    found = load(Criterion).get(criterion)
    asked = found.elements().get(element) if found else None
    if asked is None:
        raise Refused("The framework asks for no such thing. Choose what it shows from the list", field="element")
    return asked


def _refuse_other_kind(element: Element, kind: str, voice: str, *, supports: bool) -> None:
    known = load(EvidenceKind)
    if kind not in known:
        raise Refused("Choose what kind of evidence it is", field="kind")
    if supports and kind not in element.shown_by:
        fitting = ", ".join(known[name].title.lower() for name in element.shown_by)
        raise Refused(f"This kind cannot show it. What can: {fitting}", field="kind")
    if voice not in known[kind].voices:
        may_speak = " or ".join(f"“{Voice(name).label}”" for name in known[kind].voices)
        raise Refused(f"In evidence of this kind speaks: {may_speak}", field="voice")


def _until(day: date | None, element: Element, expires_on: date | None) -> date | None:
    """The first day on which it no longer holds. None where the day it speaks of is not known."""
    if day is None:
        if expires_on is not None:
            raise Refused("Enter the day it speaks of as well", field="dated")
        return None
    longest = months_later(day, element.months)
    if expires_on is None:
        return longest
    if expires_on <= day:
        raise Refused("This comes before the day it speaks of. Enter a later day", field="expires_on")
    if expires_on > longest:
        said = f"{longest.day} {longest:%B %Y}"
        raise Refused(
            f"Evidence of this holds {element.months} months at most. Enter {said} or an earlier day",
            field="expires_on",
        )
    return expires_on


def _title(words: str) -> str:
    kept = needed(words, "Give it a name, for lists", field="title")
    if len(kept) > LONGEST_TITLE:
        raise Refused(f"Use {LONGEST_TITLE} characters at most", field="title")
    return kept


def _address(link: str) -> str:
    kept = tidy(link)
    if not kept:
        return ""
    try:
        IS_ADDRESS(kept)
    except ValidationError:
        raise Refused("Enter a whole address, like https://example.org/paper", field="link") from None
    if len(kept) > LONGEST_LINK:
        raise Refused(f"Use an address of {LONGEST_LINK} characters at most", field="link")
    return kept


def _refuse_of_others(organisation: Organisation, passage: Coding | None, quote: Quote | None, by: User) -> None:
    if passage is not None:
        of = passage.reading.of
        if of.organisation_id != organisation.pk or not codings_visible_to(by, of).filter(pk=passage.pk).exists():
            raise Refused("We find no such passage among what this system returned")
    if quote is not None and (quote.interview.organisation_id != organisation.pk or not may_show_quote(quote, by)):
        raise Refused("We find no such quote among those that may be used here")


def _keep(file: NewFile, media: str, evidence: Evidence, by: User) -> None:
    EvidenceFile.objects.create(
        evidence=evidence,
        name=clean_name(file.name, media),
        kind=media,
        size=len(file.content),
        sha256=hashlib.sha256(file.content).hexdigest(),
        content=file.content,
        recorded_by=by,
    )

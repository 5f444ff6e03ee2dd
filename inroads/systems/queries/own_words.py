"""What somebody who was heard may see without an account: their words, what they agreed to, and what became of it."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from inroads.reference.definitions import load
from inroads.reference.definitions.framework import Criterion
from inroads.systems.models import CaseStudy, ConsentGiven, Correction, Evidence, Interview, Quote, Use
from inroads.systems.queries.interviews import consent_of, uses_today
from inroads.systems.queries.stories import told


@dataclass(frozen=True)
class OwnQuote:
    """Somebody's words as we keep them, and where they are used now.

    `assessed`: titles of criteria in the self-assessment. `stories`: open case studies that show it.
    """

    quote: Quote
    waits: bool
    assessed: tuple[str, ...]
    stories: tuple[tuple[UUID, str], ...]


@dataclass(frozen=True)
class OwnWords:
    """All that the page of a person says. `uses` are those that hold today."""

    interview: Interview
    consent: ConsentGiven | None
    uses: frozenset[str]
    quotes: tuple[OwnQuote, ...]
    corrections: tuple[Correction, ...]


def own_words(interview: Interview) -> OwnWords:
    """What is kept of what somebody said, without the notes, which are ours."""
    consent = consent_of(interview)
    quotes = list(interview.quotes.filter(taken_back_at=None, replaced_by=None).order_by("recorded_at", "pk"))
    corrections = tuple(interview.corrections.select_related("quote").order_by("-pk"))
    waiting = {each.quote_id for each in corrections if each.done_at is None}
    assessed, stories = _assessed(quotes), _stories(interview, quotes)
    own = tuple(
        OwnQuote(each, each.pk in waiting, tuple(assessed[each.pk]), tuple(stories[each.pk])) for each in quotes
    )
    return OwnWords(interview, consent, uses_today(consent), own, corrections)


def _assessed(quotes: Iterable[Quote]) -> dict[UUID, list[str]]:
    found, titles = defaultdict(list), load(Criterion)
    kept = Evidence.objects.filter(quote__in=[each.pk for each in quotes], withdrawn_at=None)
    for quote, criterion in kept.order_by("recorded_at").values_list("quote_id", "criterion"):
        title = titles[criterion].title if criterion in titles else criterion
        if title not in found[quote]:
            found[quote].append(title)
    return found


def _stories(interview: Interview, quotes: list[Quote]) -> dict[UUID, list[tuple[UUID, str]]]:
    found = defaultdict(list)
    if quotes and Use.PUBLISHED in uses_today(consent_of(interview)):
        cases = CaseStudy.objects.filter(organisation=interview.organisation_id).exclude(published_at=None)
        for each in told(cases):
            for shown in each.quotes:
                if shown.quote.interview_id == interview.pk and not each.closed:
                    found[shown.quote.pk].append((each.case.pk, each.now.title))
    return found

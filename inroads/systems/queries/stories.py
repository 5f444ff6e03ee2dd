"""Case studies as they may be told today: with the words of those who agree today, and of nobody else."""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from django.db.models import QuerySet

from inroads.accounts.queries import Somebody
from inroads.reference.models import Organisation
from inroads.systems.models import CaseStudy, CaseStudyVersion, Interview, Quote, Use
from inroads.systems.permissions import is_inside, may_keep_interviews
from inroads.systems.queries.interviews import TELLS_A_LIFE, Shown, agreeing, shown, standing

PAGE = 25
MOST = 200
# A quote that was put right over and over again is followed so far.
MOST_CORRECTED = 20


@dataclass(frozen=True)
class Told:
    """A case study as it stands, with what of it may be shown openly.

    quotes
        Those that may be published today.
    missing
        How many of its quotes may not: taken back, being put right, never agreed to, or not seen by the person since.
    closed
        Somebody whose story it tells does not agree that it is told. Then its text is not shown openly either, until
        somebody wrote it again without them.
    """

    case: CaseStudy
    now: CaseStudyVersion
    quotes: tuple[Shown, ...]
    missing: int
    closed: bool

    @property
    def open(self) -> bool:
        """Whether everybody may read it today."""
        return self.case.published_at is not None and not self.closed


def told(cases: QuerySet[CaseStudy]) -> list[Told]:
    """These case studies as they stand today, in their order. Asks the same number of times, however many they are."""
    found = list(cases.select_related("organisation", "published_by")[:MOST])
    latest = {}
    for each in CaseStudyVersion.objects.filter(case__in=[case.pk for case in found]).order_by("version"):
        latest[each.case_id] = each
    wanted = {UUID(name) for version in latest.values() for name in version.quotes}
    line = newest_of(wanted)
    ids = {each.pk for each in line.values()}
    published = {each.pk: each for each in standing(Quote.objects.filter(pk__in=ids), (Use.PUBLISHED,))}
    people = Interview.objects.filter(pk__in={each.interview_id for each in line.values()})
    tellable = set(agreeing(people, "pk", (Use.STORY,)).values_list("pk", flat=True))
    return [_told(case, latest[case.pk], line, published, tellable) for case in found if case.pk in latest]


def newest_of(quotes: Iterable[UUID]) -> dict[UUID, Quote]:
    """The quote that stands in the place of each of these now: what a person put right takes the place of what was."""
    wanted = {each.pk: each for each in Quote.objects.filter(pk__in=list(quotes)).select_related("interview")}
    newest = dict(wanted)
    for _ in range(MOST_CORRECTED):
        later = Quote.objects.filter(replaces__in=[each.pk for each in newest.values()]).select_related("interview")
        by_replaced = {each.replaces_id: each for each in later}
        if not by_replaced:
            break
        newest = {name: by_replaced.get(each.pk, each) for name, each in newest.items()}
    return newest


def story_of(user: Somebody, case: UUID) -> Told | None:
    """A case study this reader may read: a published one, or one of a system whose stories they keep."""
    found = next(iter(told(CaseStudy.objects.filter(pk=case))), None)
    if found is None or found.case.published_at is not None or keeps(user, found.case.organisation):
        return found
    return None


def keeps(user: Somebody, organisation: Organisation) -> bool:
    """Whether this user keeps the interviews and stories of this system, from within it."""
    return may_keep_interviews(user, organisation) and is_inside(user, organisation)


def stories_of(organisation: Organisation) -> list[Told]:
    """All case studies of a system, the newest first. For whoever keeps them."""
    return told(CaseStudy.objects.filter(organisation=organisation).order_by("-recorded_at", "pk"))


def open_stories() -> list[Told]:
    """What everybody may read today, the newest first."""
    published = CaseStudy.objects.exclude(published_at=None).order_by("-published_at", "pk")
    return [each for each in told(published) if each.open]


def missing_to_publish(found: Told) -> list[str]:
    """What stands against publishing a case study today, in sentences without a full stop."""
    missing = []
    if not found.now.quotes:
        missing.append("It has nobody's words in it yet. A story grows from what people said")
    if found.missing:
        number = "One quote in it" if found.missing == 1 else f"{found.missing} quotes in it"
        missing.append(f"{number} may not be published today. Ask the person, or leave it out")
    if found.closed:
        missing.append("Somebody in it has not agreed that their story is told. Ask them, or leave their words out")
    return missing


def _told(
    case: CaseStudy,
    now: CaseStudyVersion,
    line: dict[UUID, Quote],
    published: dict[UUID, Quote],
    tellable: set[UUID],
) -> Told:
    shows, closed = [], False
    for name in now.quotes:
        quote = line.get(UUID(name))
        if quote is None:
            continue
        life = quote.interview.speaker in TELLS_A_LIFE
        agreed = not life or quote.interview_id in tellable
        closed = closed or not agreed
        # What was put right by us goes out only once the person has seen it.
        seen = str(quote.pk) == name or quote.checked_on is not None
        if quote.pk in published and agreed and seen:
            shows.append(shown(published[quote.pk]))
    return Told(case, now, tuple(shows), len(now.quotes) - len(shows), closed)

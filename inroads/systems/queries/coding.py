"""What a reader has marked and scored. Until both have finished, nobody sees what another says, nor how much."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby
from uuid import UUID

from django.db.models import Count, QuerySet

from inroads.accounts.permissions import Permission, may
from inroads.accounts.queries import Somebody
from inroads.reference.definitions import load
from inroads.reference.definitions.framework import Criterion, Dimension
from inroads.systems.models import Coding, Passage, Reading, ReadScore, Return
from inroads.systems.permissions import is_inside, may_keep_returns, may_read_returns
from inroads.systems.queries.return_scores import in_order, sides_of, standing_codings, with_marked_words
from inroads.systems.queries.returns import with_text

PASSAGES_ON_A_PAGE = 20


@dataclass(frozen=True)
class OwnCriterion:
    """What one reader makes of one criterion: how many passages speak for it and against it, and the score."""

    criterion: Criterion
    speak_for: int
    against: int
    score: ReadScore | None


def both_finished(of: Return) -> bool:
    """Whether both readers have finished, so that what each says may be seen beside the other."""
    ended = list(of.readings.values_list("finished_at", flat=True))
    return len(ended) == 2 and all(ended)


def sees_both(user: Somebody, of: Return) -> bool:
    """Whether this user may see both readings now: both have finished, and they keep the return or read it."""
    if not user.is_authenticated or not both_finished(of):
        return False
    reads = may_read_returns(user, of.organisation) and of.readings.filter(reader_id=user.pk).exists()
    return reads or may_keep_returns(user, of.organisation)


def codings_visible_to(user: Somebody, of: Return) -> QuerySet[Coding]:
    """The codings of a return that this user may see.

    Until both have finished, a reader sees their own and nobody else sees any, whoever keeps the return included. Then
    both readers and its keepers see all. Of a settled return, those who assess the system see what stands.
    """
    found = Coding.objects.filter(reading__of=of, withdrawn_at=None).select_related("reading", "recorded_by")
    if not user.is_authenticated:
        return found.none()
    if sees_both(user, of):
        return found
    if may_read_returns(user, of.organisation) and of.readings.filter(reader_id=user.pk).exists():
        return found.filter(reading__reader_id=user.pk)
    if may_see_what_stands(user, of) and both_finished(of):
        sides = sides_of(of)
        if not any(side.must_be_settled for side in sides):
            return found.filter(pk__in=[each.pk for each in standing_codings(of, sides)])
    return found.none()


def may_see_what_stands(user: Somebody, of: Return) -> bool:
    """Whether this user assesses the system that sent a return."""
    return is_inside(user, of.organisation) and may(user, Permission.ASSESS, of.organisation)


def passages_on(of: Return, number: int) -> list[Passage]:
    """The passages of one page of the reading, from 1, each with its words; none beyond the last page."""
    first = (number - 1) * PASSAGES_ON_A_PAGE + 1
    found = with_text(Passage.objects.filter(of=of, number__gte=first, number__lt=first + PASSAGES_ON_A_PAGE))
    return list(found.order_by("number"))


def pages_of(of: Return) -> int:
    """How many pages the reading has."""
    return -(-Passage.objects.filter(of=of).count() // PASSAGES_ON_A_PAGE)


def own_codings(reading: Reading, passages: Iterable[Passage]) -> dict[int, list[Coding]]:
    """What this reading says of these passages, by the id of the passage."""
    found: defaultdict[int, list[Coding]] = defaultdict(list)
    listed = [each.pk for each in passages]
    for coding in reading.codings.filter(passage__in=listed, withdrawn_at=None).order_by("recorded_at", "pk"):
        found[coding.passage_id].append(coding)
    return dict(found)


def own_codings_of(reading: Reading, criterion: str) -> QuerySet[Coding]:
    """What this reading says of one criterion, as it stands in the text."""
    found = reading.codings.filter(criterion=criterion, withdrawn_at=None).select_related("passage")
    return with_marked_words(found).order_by("start", "pk")


def with_details(codings: Iterable[UUID]) -> QuerySet[Coding]:
    """These codings, each with the words it marks, its passage and the return it is of."""
    found = Coding.objects.filter(pk__in=list(codings)).select_related("passage", "reading__of__wave")
    return with_marked_words(found).defer("reading__of__text")


def own_criteria(reading: Reading) -> list[OwnCriterion]:
    """Every criterion of the return with what this reading makes of it."""
    counted: Counter[tuple[str, bool]] = Counter()
    rows = reading.codings.filter(withdrawn_at=None).order_by().values_list("criterion", "supports")
    for criterion, supports, number in rows.annotate(number=Count("pk")):
        counted[criterion, supports] = number
    scores = {each.criterion: each for each in reading.scores.order_by("pk")}
    known = load(Criterion)
    return [
        OwnCriterion(known[name], counted[name, True], counted[name, False], scores.get(name))
        for name in in_order(reading.of.criteria)
        if name in known
    ]


def last_marked(reading: Reading) -> int:
    """The number of the page on which this reader marked something last; 1 before that."""
    found = reading.codings.filter(withdrawn_at=None).order_by("-recorded_at", "-passage__number").first()
    return 1 if found is None else -(-found.passage.number // PASSAGES_ON_A_PAGE)


def criteria_by_dimension(of: Return) -> list[tuple[str, list[tuple[str, str]]]]:
    """The criteria of a return as choices, in groups: title of the dimension, then ids and titles."""
    known, dimensions = load(Criterion), load(Dimension)
    listed = [known[name] for name in in_order(of.criteria) if name in known]
    return [
        (dimensions[name].title, [(each.id, each.title) for each in found])
        for name, found in groupby(listed, key=lambda each: each.dimension)
    ]

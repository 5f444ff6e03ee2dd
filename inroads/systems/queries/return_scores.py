"""What two readers made of each criterion of a return, what stands of it, and how it came about."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from django.db.models import CharField, F, QuerySet
from django.db.models.functions import Substr

from inroads.reference.definitions import load
from inroads.reference.definitions.framework import Criterion, Dimension
from inroads.systems.models import Coding, Reading, ReadScore, Return, Settlement, Wave


@dataclass(frozen=True)
class Side:
    """One criterion of a return that both have finished reading.

    first, second
        The score each reader gave; None where one gave none.
    settlement
        What was settled last, None where nothing was.
    """

    criterion: str
    first: ReadScore | None
    second: ReadScore | None
    settlement: Settlement | None

    @property
    def scores_differ(self) -> bool:
        """Whether the levels differ, or one reader alone gave one."""
        return _level(self.first) != _level(self.second)

    @property
    def must_be_settled(self) -> bool:
        """Whether the scores differ and nobody has settled that."""
        return self.scores_differ and self.settlement is None

    @property
    def level(self) -> int | None:
        """The level that stands: what was settled, else what both say; None where neither is there."""
        if self.settlement is not None:
            return self.settlement.level
        return None if self.scores_differ else _level(self.first)


@dataclass(frozen=True)
class Marks:
    """The codings of one criterion of a return, by passage: those of both readers, and of one alone.

    `both` are passages in which both readers say so, for or against alike. `alone` are codings of passages that only
    one reader marked, or of which one says for and the other against.
    """

    both: tuple[Coding, ...] = ()
    alone: tuple[Coding, ...] = ()

    @property
    def all(self) -> tuple[Coding, ...]:
        """All of them, as they stand in the text."""
        return tuple(sorted((*self.both, *self.alone), key=lambda each: (each.start, each.reading.place, each.pk)))


@dataclass(frozen=True)
class Trace:
    """How the score of one criterion of a return came about. `settlements` are all there were, the last one holds."""

    side: Side
    marks: Marks
    standing: tuple[Coding, ...]
    settlements: tuple[Settlement, ...] = field(default=())


def sides_of_many(returns: Iterable[Return]) -> dict[UUID, list[Side]]:
    """For each return, its criteria with what both readers say. Only for returns that both have finished.

    Three questions to the database, however many returns there are.
    """
    listed = list(returns)
    ids = [each.pk for each in listed]
    whose = {pk: (of, place) for pk, of, place in Reading.objects.filter(of__in=ids).values_list("pk", "of", "place")}
    scores: dict[tuple[UUID, int, str], ReadScore] = {}
    for score in ReadScore.objects.filter(reading__in=list(whose)).order_by("pk"):
        scores[*whose[score.reading_id], score.criterion] = score
    settled: dict[tuple[UUID, str], Settlement] = {}
    for settlement in Settlement.objects.filter(of__in=ids).select_related("recorded_by").order_by("pk"):
        settled[settlement.of_id, settlement.criterion] = settlement
    return {
        each.pk: [
            Side(
                name,
                scores.get((each.pk, 1, name)),
                scores.get((each.pk, 2, name)),
                settled.get((each.pk, name)),
            )
            for name in in_order(each.criteria)
        ]
        for each in listed
    }


def sides_of(of: Return) -> list[Side]:
    """The criteria of one return, with what both readers say."""
    return sides_of_many([of])[of.pk]


def marks_of(of: Return, criterion: str) -> Marks:
    """The codings of one criterion of a return that both have finished reading."""
    found = Coding.objects.filter(reading__of=of, criterion=criterion, withdrawn_at=None)
    found = found.select_related("reading__reader", "recorded_by", "passage").order_by("start", "pk")
    return _sorted_out(with_marked_words(found))


def with_marked_words(codings: QuerySet[Coding]) -> QuerySet[Coding]:
    """Codings, each with the words it marks as `marked`, read without the rest of the text."""
    begins, long = F("start") + 1, F("end") - F("start")
    return codings.annotate(marked=Substr("reading__of__text", begins, long, output_field=CharField()))


def one_sided(of: Return) -> dict[str, int]:
    """For each criterion, how many codings are of one reader alone."""
    by_criterion: defaultdict[str, list[Coding]] = defaultdict(list)
    for coding in _lightly(of):
        by_criterion[coding.criterion].append(coding)
    return {name: len(_sorted_out(codings).alone) for name, codings in by_criterion.items()}


def standing_codings(of: Return, sides: Sequence[Side] | None = None) -> list[Coding]:
    """The codings that stand: those kept where something was settled, else those in which both readers agree.

    Of a passage that both marked, the first reader's coding stands for both.
    """
    found = sides_of(of) if sides is None else sides
    by_criterion: defaultdict[str, list[Coding]] = defaultdict(list)
    for coding in _lightly(of):
        by_criterion[coding.criterion].append(coding)
    return [each for side in found for each in _standing(side, _sorted_out(by_criterion[side.criterion]))]


def trace_of(of: Return, criterion: str) -> Trace:
    """Both readings of one criterion, all that was marked, and every settlement. Only once both have finished."""
    side = next(each for each in sides_of(of) if each.criterion == criterion)
    marks = marks_of(of, criterion)
    settlements = of.settlements.filter(criterion=criterion).select_related("recorded_by").order_by("pk")
    return Trace(side, marks, tuple(_standing(side, marks)), tuple(settlements))


def scores_of(wave: Wave) -> list[tuple[UUID, str, int]]:
    """Organisation, criterion and level of all returns of a wave on which both readers agree, or that were settled.

    Where a system sent several returns, the highest level counts: what one document shows need not stand in the others.
    """
    returns = list(finished(Return.objects.filter(wave=wave).defer("text").order_by("pk")))
    sides = sides_of_many(returns)
    highest: dict[tuple[UUID, str], int] = {}
    for each in returns:
        for side in sides[each.pk]:
            if side.level is not None:
                key = (each.organisation_id, side.criterion)
                highest[key] = max(side.level, highest.get(key, 0))
    return [(organisation, criterion, level) for (organisation, criterion), level in highest.items()]


def finished(returns: QuerySet[Return]) -> QuerySet[Return]:
    """Of these returns, those that two have finished reading."""
    open_readings = Reading.objects.filter(finished_at=None).values("of")
    return returns.filter(pk__in=Reading.objects.values("of")).exclude(pk__in=open_readings)


def in_order(criteria: Iterable[str]) -> list[str]:
    """Ids of criteria, by dimension and then in their own order; those whose file is gone come last."""
    known, dimensions = load(Criterion), load(Dimension)

    def place(name: str) -> tuple[bool, int, int, str]:
        if name not in known:
            return True, 0, 0, name
        return False, dimensions[known[name].dimension].order, known[name].order, name

    return sorted(criteria, key=place)


def _level(score: ReadScore | None) -> int | None:
    return None if score is None else score.level


def _lightly(of: Return) -> list[Coding]:
    return list(
        Coding.objects.filter(reading__of=of, withdrawn_at=None)
        .select_related("reading")
        .defer("words")
        .order_by("start", "pk")
    )


def _sorted_out(codings: Iterable[Coding]) -> Marks:
    by_passage: defaultdict[int, list[Coding]] = defaultdict(list)
    for coding in codings:
        by_passage[coding.passage_id].append(coding)
    both: list[Coding] = []
    alone: list[Coding] = []
    for found in by_passage.values():
        said = {place: {each.supports for each in found if each.reading.place == place} for place in (1, 2)}
        (both if said[1] and said[1] == said[2] else alone).extend(found)
    return Marks(tuple(both), tuple(alone))


def _standing(side: Side, marks: Marks) -> list[Coding]:
    if side.settlement is not None:
        kept = set(side.settlement.kept)
        return [each for each in marks.all if str(each.pk) in kept]
    if side.scores_differ:
        return []
    return [each for each in marks.both if each.reading.place == 1]

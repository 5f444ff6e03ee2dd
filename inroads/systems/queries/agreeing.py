"""How far two readers of returns agree beyond chance: on what they marked, on scores, and on of whom a passage speaks.

Two readers give few different pairs of answers, however many passages there are. So pairs are counted once for each
return, which never changes after both have finished, and alpha is worked out from the counts: drawing units with
replacement is drawing how often each pair occurs.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any
from uuid import UUID

import numpy as np
from django.db.models import Count

from inroads.methods.agreement import Agreement
from inroads.methods.agreement.disagreement import Tally, disagreement
from inroads.methods.quantiles import normal
from inroads.systems.models import About, Coding, Passage, Reading, ReadScore, Return, Wave
from inroads.systems.queries.return_scores import finished, in_order

# How often each pair of answers, of the first and the second reader, was given.
Pairs = Counter[tuple[int, int]]
SEED = 20_26
DRAWS = 1_000
CONFIDENCE = 0.95
# More returns than ten waves of England have.
MOST_KEPT = 1_000
ABOUT = tuple(About)


@dataclass(frozen=True)
class Compared:
    """The pairs of answers to one criterion of a return, or of many.

    marks
        Of each passage: whether either reader marked it with the criterion.
    scores
        Of each criterion of each return that both scored: the levels.
    about
        Of each passage that both marked with the criterion: of whom it speaks.
    """

    marks: Pairs
    scores: Pairs
    about: Pairs


@dataclass(frozen=True)
class Agreed:
    """How far two readers agree on what they marked, on scores, and on of whom passages speak."""

    marks: Agreement
    scores: Agreement
    about: Agreement


@dataclass(frozen=True)
class WaveAgreed:
    """How far readers agree in all finished returns of a wave, and on each criterion."""

    returns: int
    in_all: Agreed
    by_criterion: Mapping[str, Agreed]


_counted: dict[tuple[UUID, datetime, datetime], dict[str, Compared]] = {}


def agreement_of(returns: Iterable[Return]) -> dict[UUID, Agreed]:
    """For each of these returns that both have finished, how far its two readers agree."""
    return {of: _agreed(_together(found.values())) for of, found in compared(returns).items()}


def marks_agreement_of(returns: Iterable[Return]) -> dict[UUID, Agreement]:
    """The same, on which passages speak of a criterion alone: what a list of returns shows."""
    return {of: alpha_of(_together(found.values()).marks, "nominal") for of, found in compared(returns).items()}


def agreement_in(wave: Wave, among: Iterable[Return]) -> WaveAgreed:
    """How far readers agree in those of these returns that belong to a wave and are finished."""
    found = compared(each for each in among if each.wave_id == wave.pk)
    by_criterion: defaultdict[str, list[Compared]] = defaultdict(list)
    for criteria in found.values():
        for name, pairs in criteria.items():
            by_criterion[name].append(pairs)
    return WaveAgreed(
        returns=len(found),
        in_all=_agreed(_together(pairs for criteria in found.values() for pairs in criteria.values())),
        by_criterion={name: _agreed(_together(by_criterion[name])) for name in in_order(by_criterion)},
    )


def about_shares(returns: Iterable[Return]) -> dict[UUID, Counter[str]]:
    """For each of these returns that both have finished, how many marks say of whom a passage speaks, of either reader.

    Where both readers marked a passage with the same criterion, both marks count.
    """
    done = finished(Return.objects.filter(pk__in=[each.pk for each in returns]))
    rows = Coding.objects.filter(reading__of__in=done.values("pk"), withdrawn_at=None).order_by()
    shares: defaultdict[UUID, Counter[str]] = defaultdict(Counter)
    for of, about, number in rows.values_list("reading__of", "about").annotate(number=Count("pk")):
        shares[of][about] = number
    return dict(shares)


def compared(returns: Iterable[Return]) -> dict[UUID, dict[str, Compared]]:
    """For each of these returns that both have finished: by criterion, how often which pair of answers was given.

    What was counted before is kept in this process: once both have finished, it stays as it is.
    """
    listed = {each.pk: each for each in returns}
    ended: defaultdict[UUID, dict[int, datetime | None]] = defaultdict(dict)
    for of, place, at in Reading.objects.filter(of__in=list(listed)).values_list("of", "place", "finished_at"):
        ended[of][place] = at
    keys = {of: (of, at[1], at[2]) for of, at in ended.items() if at.get(1) and at.get(2)}
    missing = [listed[of] for of, key in keys.items() if key not in _counted]
    if missing:
        if len(_counted) + len(missing) > MOST_KEPT:
            _counted.clear()
        counted = _count(missing)
        _counted.update({keys[of]: found for of, found in counted.items()})
        return {of: counted[of] if of in counted else _counted[key] for of, key in keys.items()}
    return {of: _counted[key] for of, key in keys.items()}


def alpha_of(pairs: Pairs, level: str) -> Agreement:
    """Krippendorff's alpha with its interval from how often each pair of answers was given.

    The same as `inroads.methods.agreement.alpha` of all units one by one, whose formula and interval it uses.
    """
    return _alpha_of(tuple(sorted((pair, times) for pair, times in pairs.items() if times)), level)


@lru_cache(maxsize=4_096)
def _alpha_of(pairs: tuple[tuple[tuple[int, int], int], ...], level: str) -> Agreement:
    times = np.array([number for _, number in pairs], dtype=np.float64)
    units = int(times.sum())
    answers = sorted({answer for pair, _ in pairs for answer in pair})
    value, low, high = np.nan, np.nan, np.nan
    if len(answers) > 1:
        tally = _tally([pair for pair, _ in pairs], answers)
        value = float(_values(tally, times[np.newaxis], level)[0])
        low, high = _interval(tally, times, value, level)
    return Agreement(value, low, high, pairs=units, values=2 * units, units=units, note="")


def _tally(pairs: list[tuple[int, int]], answers: list[int]) -> Tally:
    """Each different pair as one unit, held as the method holds it."""
    entries = [
        (unit, answers.index(answer), float(pair.count(answer)))
        for unit, pair in enumerate(pairs)
        for answer in sorted(set(pair))
    ]
    unit, code, times = zip(*entries, strict=True)
    return Tally(
        categories=np.array(answers, dtype=np.float64),
        unit=np.array(unit),
        code=np.array(code),
        times=np.array(times),
        units=len(pairs),
    )


def _values(tally: Tally, drawn: Any, level: str) -> Any:
    observed, expected, ratings = disagreement(tally, drawn, level)
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.where(expected > 0, 1 - (ratings - 1) * observed / expected, np.nan)


def _interval(tally: Tally, times: Any, value: float, level: str) -> tuple[float, float]:
    """Bias-corrected and accelerated, as the method's own; NaN where draws do not differ."""
    from scipy.special import ndtr, ndtri

    units = int(times.sum())
    drawn = np.random.default_rng(SEED).multinomial(units, times / units, DRAWS).astype(np.float64)
    found = _values(tally, drawn, level)
    found = found[~np.isnan(found)]
    if units < 2 or found.size < DRAWS / 2 or np.ptp(found) == 0:
        return np.nan, np.nan
    step = 1e-4
    change = (_values(tally, times + step * np.eye(times.size), level) - value) / step
    influence = change - (times @ change) / units
    spread = (times @ influence**2) ** 1.5
    skew = float(times @ influence**3 / (6 * spread)) if spread > 0 else 0.0
    below = (np.count_nonzero(found < value) + np.count_nonzero(found == value) / 2) / found.size
    shift = float(ndtri(np.clip(below, 0.5 / found.size, 1 - 0.5 / found.size)))
    ends = normal(CONFIDENCE) * np.array([-1.0, 1.0])
    low, high = np.quantile(found, ndtr(shift + (shift + ends) / (1 - skew * (shift + ends))))
    return (float(low), float(high)) if low < high else (np.nan, np.nan)


def _agreed(pairs: Compared) -> Agreed:
    return Agreed(
        marks=alpha_of(pairs.marks, "nominal"),
        scores=alpha_of(pairs.scores, "ordinal"),
        about=alpha_of(pairs.about, "nominal"),
    )


def _together(found: Iterable[Compared]) -> Compared:
    total = Compared(Counter(), Counter(), Counter())
    for each in found:
        total.marks.update(each.marks)
        total.scores.update(each.scores)
        total.about.update(each.about)
    return total


def _count(returns: list[Return]) -> dict[UUID, dict[str, Compared]]:
    ids = [each.pk for each in returns]
    passages = dict(Passage.objects.filter(of__in=ids).order_by().values_list("of").annotate(number=Count("pk")))
    whose = {pk: (of, place) for pk, of, place in Reading.objects.filter(of__in=ids).values_list("pk", "of", "place")}
    # By return and criterion, of each passage: of whom it speaks, as the first and the second reader say.
    marked: defaultdict[tuple[UUID, str], dict[int, list[int | None]]] = defaultdict(dict)
    code_of = {about: number for number, about in enumerate(ABOUT)}
    rows = Coding.objects.filter(reading__in=list(whose), withdrawn_at=None).order_by("start", "pk")
    for reading, passage, criterion, about in rows.values_list("reading", "passage", "criterion", "about"):
        of, place = whose[reading]
        said = marked[of, criterion].setdefault(passage, [None, None])
        if said[place - 1] is None:
            said[place - 1] = code_of[About(about)]
    levels: defaultdict[tuple[UUID, str], dict[int, int]] = defaultdict(dict)
    scores = ReadScore.objects.filter(reading__in=list(whose)).order_by("pk")
    for reading, criterion, level in scores.values_list("reading", "criterion", "level"):
        of, place = whose[reading]
        levels[of, criterion][place] = level
    return {
        each.pk: {
            name: _pairs(marked.get((each.pk, name), {}), levels.get((each.pk, name), {}), passages.get(each.pk, 0))
            for name in each.criteria
        }
        for each in returns
    }


def _pairs(said: dict[int, list[int | None]], levels: dict[int, int], passages: int) -> Compared:
    marks: Pairs = Counter((int(first is not None), int(second is not None)) for first, second in said.values())
    marks[0, 0] = passages - len(said)
    about: Pairs = Counter((first, second) for first, second in said.values() if None not in (first, second))
    scores: Pairs = Counter([(levels[1], levels[2])] if len(levels) == 2 else [])
    return Compared(marks, scores, about)

"""Differences of shares, with intervals."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np

from inroads.methods.arguments import share
from inroads.methods.quantiles import normal, wilson
from inroads.methods.triangulation.voices import Voice, voice_of


@dataclass(frozen=True)
class Difference:
    """How far one voice lies above another: `value` = share of `one` - share of `other`, -1 to 1.

    low, high
        The ends of its interval.
    apart
        Whether the two differ beyond chance, all differences of the comparison taken together.
    """

    one: str
    other: str
    value: float
    low: float
    high: float
    apart: bool


@dataclass(frozen=True)
class Compared:
    """Voices side by side.

    voices
        As they were given.
    low, high
        The ends of Wilson's interval of each voice's share.
    differences
        Of every two of them, in order: first and second, first and third, …
    """

    voices: tuple[Voice, ...]
    low: tuple[float, ...]
    high: tuple[float, ...]
    differences: tuple[Difference, ...]

    def between(self, one: str, other: str) -> Difference:
        """The difference of two voices by name, `one` less `other`. Raises `ValueError` where there is none."""
        for each in self.differences:
            if (each.one, each.other) == (one, other):
                return each
            if (each.other, each.one) == (one, other):
                return Difference(one, other, -each.value, -each.high, -each.low, each.apart)
        raise ValueError(f"one, other: there is no difference of {one!r} and {other!r}")


def compare(voices: Iterable[Voice], *, confidence: float = 0.95) -> Compared:
    """Every two voices on the same question, with the difference of their shares.

    voices
        Two or more, of different names, answered by different people: a difference of answers by the same people has
        another interval.
    confidence
        Of each interval by itself. `apart` divides the rest among the differences (Bonferroni), so that among voices
        that do not differ, none is called apart in 95 of 100 comparisons or more.

    Interval: Newcombe's (1998) method 10. With Wilson's limits l and u of each share p, and d = p1 - p2,
    low = d - √((p1 - l1)² + (u2 - p2)²), high = d + √((u1 - p1)² + (p2 - l2)²). It stays within -1 and 1 and holds
    for shares near 0 and 1.

    Raises `ValueError` naming the argument.
    Source: Newcombe (1998), Statistics in Medicine 17(8), 873-890; Wilson (1927), Journal of the American Statistical
    Association 22(158), 209-212.
    """
    share(confidence, "confidence")
    given = tuple(voice_of(voice, "voices") for voice in voices)
    if len(given) < 2:
        raise ValueError(f"voices: has {len(given)}; give two or more")
    if len({voice.name for voice in given}) < len(given):
        raise ValueError("voices: two have the same name; name each differently")
    pairs = list(combinations(given, 2))
    own = [ends_of(voice, normal(confidence)) for voice in given]
    return Compared(
        voices=given,
        low=tuple(low for low, _ in own),
        high=tuple(high for _, high in own),
        differences=tuple(difference(*pair, confidence=confidence, together=len(pairs)) for pair in pairs),
    )


def difference(one: Voice, other: Voice, *, confidence: float, together: int) -> Difference:
    """Of two voices; `apart` at `confidence` for `together` differences at once."""
    value, low, high = combined([(one, other)], normal(confidence))
    _, least, most = combined([(one, other)], normal(1 - (1 - confidence) / together))
    return Difference(one.name, other.name, value, low, high, least > 0 or most < 0)


def combined(pairs: Sequence[tuple[Voice, Voice]], quantile: float) -> tuple[float, float, float]:
    """Difference of one or more pairs taken together, low and high.

    d = Σ w (p1 - p2) with the weights of Mantel and Haenszel, w = n1 n2 / (n1 + n2) over their sum. The squared
    distances of Newcombe's limits from each difference are added up with w² (Zou & Donner 2008, Statistics in Medicine
    27(10), 1693-1702); of one pair it is Newcombe's interval.
    """
    weights = np.array([one.n * other.n / (one.n + other.n) for one, other in pairs])
    weights /= weights.sum()
    values, below, above = np.empty((3, len(pairs)))
    for row, (one, other) in enumerate(pairs):
        (low_one, high_one), (low_other, high_other) = ends_of(one, quantile), ends_of(other, quantile)
        values[row] = one.share - other.share
        below[row] = np.hypot(one.share - low_one, high_other - other.share)
        above[row] = np.hypot(high_one - one.share, other.share - low_other)
    value = float(weights @ values)
    low, high = value - float(np.linalg.norm(weights * below)), value + float(np.linalg.norm(weights * above))
    return value, max(-1.0, low), min(1.0, high)


def ends_of(voice: Voice, quantile: float) -> tuple[float, float]:
    """Wilson's interval of a voice's share."""
    low, high = wilson(np.array([voice.share]), voice.n, quantile)
    return float(low[0]), float(high[0])

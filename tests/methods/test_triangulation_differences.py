"""Differences of shares: Newcombe's published examples, a plain twin, how often intervals hold, words of refusal."""

from math import sqrt

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from inroads.methods.triangulation import Voice, compare
from inroads.methods.triangulation.differences import combined

Z = 1.959963984540054
CASES = (  # Newcombe (1998), Table II, method 10: the eight contrasts (a) to (h).
    ((56, 70), (48, 80), 0.0524, 0.3339),
    ((9, 10), (3, 10), 0.1705, 0.8090),
    ((6, 7), (2, 7), 0.0582, 0.8062),
    ((5, 56), (0, 29), -0.0381, 0.1926),
    ((0, 10), (0, 20), -0.1611, 0.2775),
    ((0, 10), (0, 10), -0.2775, 0.2775),
    ((10, 10), (0, 20), 0.6791, 1.0000),
    ((10, 10), (0, 10), 0.6075, 1.0000),
)


@pytest.mark.parametrize(("one", "other", "low", "high"), CASES)
def test_newcombes_published_examples(one, other, low, high):
    (found,) = compare([Voice.counted("one", *one), Voice.counted("other", *other)]).differences
    assert found.value == pytest.approx(one[0] / one[1] - other[0] / other[1])
    assert (found.low, found.high) == pytest.approx((low, high), abs=5e-5)
    assert found.apart == (low > 0)


def wilson_roots(x, n, z):
    """Ends of Wilson's interval as the roots of (p - x/n)² = z² p (1 - p) / n."""
    a, b, c = 1 + z * z / n, -(2 * x / n + z * z / n), (x / n) ** 2
    root = sqrt(max(0.0, b * b - 4 * a * c))
    return (-b - root) / (2 * a), (-b + root) / (2 * a)


def plain_newcombe(x1, n1, x2, n2, z=Z):
    (l1, u1), (l2, u2), p1, p2 = wilson_roots(x1, n1, z), wilson_roots(x2, n2, z), x1 / n1, x2 / n2
    return p1 - p2 - sqrt((p1 - l1) ** 2 + (u2 - p2) ** 2), p1 - p2 + sqrt((u1 - p1) ** 2 + (p2 - l2) ** 2)


counts = st.integers(1, 300).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))


@settings(max_examples=200, deadline=None)
@given(counts, counts)
def test_differences_equal_the_plain_twin(one, other):
    voices = [Voice.counted("one", *one), Voice.counted("other", *other)]
    found = compare(voices).between("one", "other")
    assert (found.low, found.high) == pytest.approx(plain_newcombe(*one, *other), abs=1e-9)
    assert -1 <= found.low <= found.value <= found.high <= 1
    turned = compare(voices[::-1]).between("one", "other")
    assert (turned.value, turned.low, turned.high) == pytest.approx((found.value, found.low, found.high))
    assert turned.apart == found.apart
    assert compare(voices).between("other", "one").value == pytest.approx(-found.value)


@settings(max_examples=60, deadline=None)
@given(counts, counts)
def test_a_share_with_its_n_is_the_same_voice_as_a_count_and_less_n_is_less_sure(one, other):
    counted = compare([Voice.counted("one", *one), Voice.counted("other", *other)]).differences[0]
    shares = compare([Voice("one", one[0] / one[1], one[1]), Voice("other", other[0] / other[1], other[1])])
    assert shares.differences[0] == counted
    fewer = compare([Voice("one", one[0] / one[1], one[1] / 2.5), Voice("other", other[0] / other[1], other[1])])
    assert fewer.differences[0].high - fewer.differences[0].low > counted.high - counted.low


@settings(max_examples=60, deadline=None)
@given(counts, counts, st.integers(2, 5))
def test_pairs_taken_together_hold_one_pair_and_grow_sure_with_more(one, other, times):
    pair = (Voice.counted("one", *one), Voice.counted("other", *other))
    alone = combined([pair], Z)
    assert alone[1:] == pytest.approx(plain_newcombe(*one, *other), abs=1e-9)
    many = combined([pair] * times, Z)
    assert many[0] == pytest.approx(alone[0])
    inner = [(limit - alone[0]) / sqrt(times) for limit in alone[1:]]
    assert [limit - many[0] for limit in many[1:]] == pytest.approx(inner, abs=1e-9)


def test_three_voices_have_three_differences_and_each_is_judged_beside_the_others():
    voices = [Voice("returns", 0.95, 42), Voice("survey", 0.66, 93), Voice("mapping", 0.23, 21)]
    found = compare(voices)
    assert [(each.one, each.other) for each in found.differences] == [
        ("returns", "survey"),
        ("returns", "mapping"),
        ("survey", "mapping"),
    ]
    assert all(each.apart for each in found.differences)
    assert all(low < voice.share < high for voice, low, high in zip(voices, found.low, found.high, strict=True))
    # By itself this difference is beyond chance at 95 %, among three it is not.
    close = [Voice.counted("a", 60, 100), Voice.counted("b", 45, 100), Voice.counted("c", 52, 100)]
    assert compare(close[:2]).differences[0].apart
    assert compare(close).between("a", "b").low > 0
    assert not compare(close).between("a", "b").apart


@pytest.mark.parametrize(("p1", "p2", "n1", "n2"), [(0.95, 0.66, 42, 93), (0.9, 0.9, 42, 93), (0.3, 0.1, 20, 30)])
def test_intervals_hold_the_difference(p1, p2, n1, n2):
    """Exactly, over every pair of counts, each weighted by its chance."""
    from scipy.stats import binom

    chances = np.outer(binom.pmf(range(n1 + 1), n1, p1), binom.pmf(range(n2 + 1), n2, p2))
    held = 0.0
    for x1, x2 in np.argwhere(chances > 1e-6):
        (low, high) = combined([(Voice.counted("a", int(x1), n1), Voice.counted("b", int(x2), n2))], Z)[1:]
        held += chances[x1, x2] * (low <= p1 - p2 <= high)
    assert 0.935 <= held / chances[chances > 1e-6].sum() <= 0.98


def test_among_voices_that_agree_few_are_called_apart():
    rng, flagged = np.random.default_rng(1), []
    for _ in range(800):
        voices = [Voice.counted(str(n), int(rng.binomial(n, 0.7)), n) for n in (42, 93, 60, 25)]
        flagged.append(any(each.apart for each in compare(voices).differences))
    assert np.mean(flagged) <= 0.05


@pytest.mark.parametrize(
    ("made", "words"),
    [
        (lambda: Voice("a", 1.2, 10), "share: voice 'a' has 1.2"),
        (lambda: Voice("a", float("nan"), 10), "share: voice 'a' has nan"),
        (lambda: Voice("a", 0.5, 0), "n: voice 'a' has 0; give how many answered"),
        (lambda: Voice.counted("a", 11, 10), "count: voice 'a' has 11; give a number from 0 to 10"),
        (lambda: Voice.counted("a", 0, 0), "n: voice 'a' has 0"),
        (lambda: compare([Voice("a", 0.5, 9)]), "voices: has 1; give two or more"),
        (lambda: compare([Voice("a", 0.5, 9), Voice("a", 0.4, 9)]), "voices: two have the same name"),
        (lambda: compare([Voice("a", 0.5, 9), (5, 9)]), "voices: expected a Voice"),
        (lambda: compare([Voice("a", 0.5, 9), Voice("b", 0.4, 9)], confidence=95), "confidence: "),
        (lambda: compare([Voice("a", 0.5, 9), Voice("b", 0.4, 9)]).between("a", "c"), "no difference of 'a' and 'c'"),
    ],
)
def test_what_does_not_fit_is_refused_in_words(made, words):
    with pytest.raises(ValueError, match=words):
        made()

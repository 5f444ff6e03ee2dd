"""Each measure against a slow plain twin: loops over groups, exact fractions until a root or a logarithm is taken."""

import math
from fractions import Fraction
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from inroads.methods.inequality import measure, measures

worlds = st.lists(
    st.tuples(st.integers(1, 99), st.integers(0, 300), st.integers(1, 9), st.integers(1, 4)), min_size=3, max_size=8
).filter(lambda rows: sum(r[1] > 0 for r in rows) >= 2)


def plain(code, estimate, people, order, reference, favourable):
    """The measure by its definition; None where it has none."""
    groups = [
        (Fraction(y), Fraction(n), place, row == reference)
        for row, (y, n, place) in enumerate(zip(estimate, people, order, strict=True))
    ]
    if measures()[code].weighted:
        groups = [g for g in groups if g[1] > 0 or (g[3] and measures()[code].reference)]
    everybody = sum(n for _, n, _, _ in groups)
    mean = sum(y * n for y, n, _, _ in groups) / everybody if everybody else None
    if code in ("d", "r", "parisk", "paf"):
        return compared(code, groups, mean, favourable)
    if code in ("aci", "rci", "sii", "rii"):
        return ranked(code, groups, everybody, mean)
    point = {
        "mdb": max(y for y, *_ in groups) if favourable else min(y for y, *_ in groups),
        "mdr": next((y for y, _, _, chosen in groups if chosen), None),
    }.get(code[:3], mean)
    if code[:3] in ("mdm", "mdb", "mdr", "idi"):
        if code[-1] == "w":
            distance = sum(n * abs(y - point) for y, n, _, _ in groups) / everybody
        else:
            distance = sum(abs(y - point) for y, *_ in groups) / len(groups)
        return float(100 * distance / mean) if code[:3] == "idi" else float(distance)
    variance = sum(n * (y - mean) ** 2 for y, n, _, _ in groups) / everybody
    if code == "bgv":
        return float(variance)
    if code in ("bgsd", "covar"):
        return math.sqrt(variance) * (float(100 / mean) if code == "covar" else 1)
    total = 0.0
    for y, n, _, _ in groups:
        log = math.log(y / mean)
        total += float(n / everybody) * (float(y / mean) * log if code == "ti" else -log)
    return 1000 * total


def at_place(groups, place):
    """The estimate of those who share a place, by their people (evenly if there are none)."""
    held = [(y, n) for y, n, where, _ in groups if where == place]
    people = sum(n for _, n in held)
    return sum(y * n for y, n in held) / people if people else sum(y for y, _ in held) / len(held)


def compared(code, groups, mean, favourable):
    places = [place for _, _, place, _ in groups]
    top, bottom = at_place(groups, max(places)), at_place(groups, min(places))
    if code in ("d", "r"):
        one, other = (top, bottom) if favourable else (bottom, top)
        return float(one - other) if code == "d" else float(one / other)
    gain = max(top - mean, 0) if favourable else min(top - mean, 0)
    return float(gain if code == "parisk" else 100 * gain / mean)


def ranked(code, groups, everybody, mean):
    points = []
    for y, n, place, _ in groups:
        below = sum(m for _, m, other, _ in groups if other < place)
        level = sum(m for _, m, other, _ in groups if other == place)
        points.append((y, n / everybody, (below + level / 2) / everybody))
    if len({x for _, _, x in points}) < 2:
        return None
    index = sum(share * (2 * x - 1) * y for y, share, x in points)
    if code in ("aci", "rci"):
        return float(index if code == "aci" else index / mean)
    middle = sum(share * x for _, share, x in points)
    slope = sum(share * (x - middle) * (y - mean) for y, share, x in points) / sum(
        share * (x - middle) ** 2 for _, share, x in points
    )
    start = mean - slope * middle
    if code == "sii":
        return float(slope)
    return float((start + slope) / start) if start > 0 and start + slope > 0 else None


@pytest.mark.parametrize("code", list(measures()))
@settings(max_examples=60)
@given(rows=worlds, favourable=st.booleans())
def test_values_equal_the_plain_twin(code, rows, favourable):
    estimate, people, _, order = (list(column) for column in zip(*rows, strict=True))
    expected = plain(code, estimate, people, order, 1, favourable)
    found = measure(code, estimate, people, order=order, reference=1, favourable=favourable)
    if expected is None:
        assert math.isnan(found.value)
        assert "no value" in found.note
    else:
        assert found.value == pytest.approx(expected, rel=1e-10, abs=1e-7 if code == "bgsd" else 1e-9)


@settings(max_examples=60)
@given(rows=worlds, favourable=st.booleans(), reference=st.integers(0, 2))
def test_gaps_without_order(rows, favourable, reference):
    estimate, people = [r[0] for r in rows], [r[1] for r in rows]
    highest, lowest, point = max(estimate), min(estimate), estimate[reference]
    asked = {"favourable": favourable}
    assert measure("d", estimate, people, **asked).value == highest - lowest
    assert measure("r", estimate, people, **asked).value == pytest.approx(highest / lowest)
    one, other = (point, lowest) if favourable else (highest, point)
    assert measure("d", estimate, people, reference=reference, **asked).value == one - other
    assert measure("r", estimate, people, reference=reference, **asked).value == pytest.approx(one / other)


@settings(max_examples=60)
@given(rows=worlds, favourable=st.booleans())
def test_impact_without_order(rows, favourable):
    estimate, people = [r[0] for r in rows], [r[1] for r in rows]
    mean = sum(y * n for y, n in zip(estimate, people, strict=True)) / sum(people)
    counted = [y for y, n in zip(estimate, people, strict=True) if n]
    gain = (max(counted) if favourable else min(counted)) - mean
    found = measure("parisk", estimate, people, favourable=favourable)
    assert found.value == pytest.approx(gain, abs=1e-9)
    assert measure("paf", estimate, people, favourable=favourable).value == pytest.approx(100 * gain / mean, abs=1e-9)
    toward = estimate[0] - mean
    signed = max(toward, 0) if favourable else min(toward, 0)
    assert measure("parisk", estimate, people, favourable=favourable, reference=0).value == pytest.approx(
        signed, abs=1e-9
    )


def likelihood(level, slope, shares, people, rank):
    total = 0.0
    for y, n, x in zip(shares, people, rank, strict=True):
        line = level + slope * x
        total += n * (y * line - (line + math.log1p(math.exp(-line)) if line > 0 else math.log1p(math.exp(line))))
    return total


@settings(max_examples=25)
@given(rows=worlds)
def test_the_logit_line_is_the_top_of_the_likelihood(rows):
    """No step in any direction raises the likelihood of the line found: that is all a maximum is."""
    rows = [r for r in rows if r[1]]
    estimate, people = [r[0] for r in rows], [r[1] for r in rows]
    order = list(range(1, len(rows) + 1))
    slope = measure("sii", estimate, people, order=order, transform="logit").value
    ratio = measure("rii", estimate, people, order=order, transform="logit").value
    start = slope / (ratio - 1) / 100 if abs(ratio - 1) > 1e-6 else None
    if start is None:
        return
    end = start * ratio
    level, steep = math.log(start / (1 - start)), math.log(end / (1 - end)) - math.log(start / (1 - start))
    total = sum(people)
    rank, below = [], 0
    for n in people:
        rank.append((below + n / 2) / total)
        below += n
    shares = [y / 100 for y in estimate]
    best = likelihood(level, steep, shares, people, rank)
    for aside in ((0.01, 0), (-0.01, 0), (0, 0.01), (0, -0.01), (0.01, -0.02), (-0.01, 0.02)):
        assert likelihood(level + aside[0], steep + aside[1], shares, people, rank) < best


def test_the_logit_line_of_groups_on_it_is_that_line():
    people = [300, 500, 200, 700]
    rank = (np.cumsum(people) - np.array(people) / 2) / sum(people)
    start, end = 1 / (1 + math.exp(1.3)), 1 / (1 + math.exp(1.3 - 2.1))
    estimate = 1000 / (1 + np.exp(1.3 - 2.1 * rank))
    asked = {"order": [1, 2, 3, 4], "transform": "logit", "scale": 1000}
    assert measure("sii", estimate, people, **asked).value == pytest.approx(1000 * (end - start))
    assert measure("rii", estimate, people, **asked).value == pytest.approx(end / start)


@pytest.mark.parametrize("order", [[1, 2, 3, 4], [4, 2, 3, 1]])
@pytest.mark.parametrize("transform", [None, "logit"])
@pytest.mark.parametrize("code", [c for c, m in measures().items() if not m.simulated])
def test_analytic_errors_equal_the_slope_worked_out_by_small_steps(code, order, transform):
    """The error is the root of sum (change of the measure with an estimate, times its error)^2."""
    if transform and code not in ("sii", "rii"):
        return
    estimate, people, se = [22.0, 41.0, 35.0, 60.0], [700, 300, 900, 400], [2.0, 1.0, 3.0, 0.5]
    asked = {"order": order, "transform": transform, "favourable": order[0] == 1}
    total, step = 0.0, 1e-4
    for row, error in enumerate(se):
        up, down = list(estimate), list(estimate)
        up[row] += step
        down[row] -= step
        slope = (measure(code, up, people, **asked).value - measure(code, down, people, **asked).value) / (2 * step)
        total += (slope * error) ** 2
    found = measure(code, estimate, people, se=se, **asked)
    if code == "bgv":  # its published variance has a second-order part too
        share = np.array(people) / sum(people)
        parts = share * np.array(se)
        total += 2 * (sum(parts**2) ** 2 - sum(parts**4) + sum((share * (1 - share)) ** 2 * np.array(se) ** 4))
    assert found.se == pytest.approx(math.sqrt(total), rel=1e-5)
    reach = 1.959964 * found.se
    if measures()[code].log:
        assert math.log(found.high / found.value) == pytest.approx(reach / found.value, rel=1e-5)
        assert found.low * found.high == pytest.approx(found.value**2)
    else:
        assert found.high == pytest.approx(found.value + reach, rel=1e-6)


def test_places_may_be_shared_and_gaps_left():
    world = {"estimate": [20.0, 40.0, 30.0, 60.0], "population": [100, 300, 200, 400]}
    shared = measure("d", **world, order=[1, 9, 1, 9])
    low, high = (20 * 100 + 30 * 200) / 300, (40 * 300 + 60 * 400) / 700
    assert shared.value == pytest.approx(high - low)
    for one, other in pairwise([[1, 2, 3, 4], [2, 3, 4, 5], [1, 5, 7, 70]]):
        assert measure("sii", **world, order=one).value == measure("sii", **world, order=other).value


@pytest.mark.parametrize("transform", [None, "logit"])
@pytest.mark.parametrize("code", ["sii", "rii"])
def test_errors_from_the_fit_put_residuals_in_the_place_of_errors(code, transform):
    """HC1: sum (change of the measure with an estimate, times its residual)^2, times J / (J - 2)."""
    estimate, people, order = [22.0, 41.0, 35.0, 60.0, 58.0], [700, 300, 900, 400, 500], [1, 2, 3, 4, 5]
    asked = {"order": order, "transform": transform}
    slope, ratio = (measure(c, estimate, people, **asked).value / (100 if c == "sii" else 1) for c in ("sii", "rii"))
    start, end = slope / (ratio - 1), slope * ratio / (ratio - 1)
    rank = (np.cumsum(people) - np.array(people) / 2) / sum(people)
    if transform:
        low, high = math.log(start / (1 - start)), math.log(end / (1 - end))
        line = 100 / (1 + np.exp(-low - (high - low) * rank))
    else:
        line = 100 * (start + slope * rank)
    total, step = 0.0, 1e-4
    for row in range(5):
        up, down = list(estimate), list(estimate)
        up[row] += step
        down[row] -= step
        change = (measure(code, up, people, **asked).value - measure(code, down, people, **asked).value) / (2 * step)
        total += (change * (estimate[row] - line[row])) ** 2
    found = measure(code, estimate, people, error_from="fit", **asked)
    assert found.se == pytest.approx(math.sqrt(total * 5 / 3), rel=1e-5)

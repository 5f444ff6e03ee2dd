"""The nearest asset: a slow plain twin, assets at the same point, refusals."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from inroads.methods.access import nearest

GRID = st.integers(0, 4).map(lambda v: v * 250.0)


def points(least, most):
    return st.integers(least, most).flatmap(lambda n: arrays.arrays(float, (n, 2), elements=GRID))


def test_a_worked_example_by_hand():
    found = nearest([[0, 0], [4000, 0]], [[3000, 4000], [5000, 0], [5000, 0]])
    assert found.index.tolist() == [0, 1]
    assert found.metres.tolist() == [5000.0, 1000.0]


@given(points(0, 12), points(1, 15))
def test_equals_the_plain_twin(origins, assets):
    found = nearest(origins, assets)
    assert found.index.shape == found.metres.shape == (len(origins),)
    for origin, index, metres in zip(origins, found.index, found.metres, strict=True):
        distances = [math.dist(origin, asset) for asset in assets]
        assert metres == pytest.approx(min(distances))
        assert distances[index] == pytest.approx(min(distances))
        assert index == assets.tolist().index(assets[index].tolist()), "the first of those at the same point"


@given(points(1, 8), points(1, 10), st.randoms())
def test_the_order_of_assets_does_not_change_distances(origins, assets, random):
    order = random.sample(range(len(assets)), len(assets))
    np.testing.assert_array_equal(nearest(origins, assets[order]).metres, nearest(origins, assets).metres)


def test_one_more_asset_never_takes_anybody_further_away():
    rng = np.random.default_rng(0)
    origins, assets = rng.uniform(0, 1e5, (300, 2)), rng.uniform(0, 1e5, (80, 2))
    before, after = nearest(origins, assets[:-1]), nearest(origins, assets)
    assert (after.metres <= before.metres).all()
    assert ((after.metres < before.metres) == (after.index == 79)).all()


def test_without_assets_nothing_is_near():
    for empty in ([], np.empty((0, 2))):
        found = nearest([[1.0, 2.0], [3.0, 4.0]], empty)
        assert found.index.tolist() == [-1, -1]
        assert found.metres.tolist() == [math.inf, math.inf]


def test_without_origins_nothing_is_asked():
    found = nearest([], [[1.0, 2.0]])
    assert found.index.shape == found.metres.shape == (0,)


@pytest.mark.parametrize(
    ("origins", "assets", "words"),
    [
        ([[0, 0], [1, np.nan]], [[0, 0]], r"origins: row 1 \(counting from 0\) has easting 1.0 and northing nan"),
        ([[0, 0]], [[0, 0], [np.inf, 2]], "assets: row 1 .*easting inf"),
        ([0, 0], [[0, 0]], r"origins: .*shape \(2,\)"),
        ([[0, 0]], [[0, 0, 0]], r"assets: .*shape \(1, 3\)"),
        ([["a", "b"]], [[0, 0]], "origins: expected an easting"),
    ],
)
def test_what_does_not_fit_is_refused_in_words(origins, assets, words):
    with pytest.raises(ValueError, match=words):
        nearest(origins, assets)

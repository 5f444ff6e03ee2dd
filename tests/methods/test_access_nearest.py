"""The nearest asset: a slow plain twin, assets at the same point, refusals."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays
from scipy.spatial import cKDTree

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


@pytest.mark.parametrize("world", ["even", "towns", "one town and a far island", "one line", "all at one place"])
def test_equals_the_tree_wherever_assets_stand(world):
    rng = np.random.default_rng(7)
    origins, assets = rng.uniform(0, 5e5, (400, 2)), rng.uniform(0, 5e5, (600, 2))
    if world == "towns":
        assets = rng.uniform(0, 5e5, (6, 2))[rng.integers(0, 6, 600)] + rng.normal(0, 300, (600, 2))
    if world == "one town and a far island":
        assets = np.vstack([rng.normal(0, 500, (597, 2)), [[9e8, 9e8], [-9e8, 0], [3e5, 2e9]]])
        origins = np.vstack([rng.normal(0, 2000, (300, 2)), rng.uniform(-1e9, 2e9, (100, 2))])
    if world == "one line":
        assets[:, 1] = 1000.0
    if world == "all at one place":
        assets[:] = 5.0
    tree = cKDTree(assets)
    np.testing.assert_allclose(nearest(origins, assets).metres, tree.query(origins)[0], rtol=1e-12)


def test_of_assets_at_one_place_the_first_is_named_in_a_crowd_too():
    found = nearest([[1.0, 2.0]], [[9.0, 9.0], *[[1.0, 2.0]] * 500])
    assert (found.index.tolist(), found.metres.tolist()) == ([1], [0.0])

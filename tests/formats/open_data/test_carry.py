"""Carrying figures from 2011 to 2021, against worked examples small enough to check by hand."""

import numpy as np
import pyarrow as pa
import pytest

from inroads.interop.open_data import carry

# A stays; B splits into B1 and B2; C and D merge into M; E and F become X1 (both) and X2 (F alone).
LOOKUP = pa.table({
    "lsoa11_code": ["A", "B", "B", "C", "D", "E", "F", "F"],
    "lsoa21_code": ["A", "B1", "B2", "M", "M", "X1", "X1", "X2"],
    "change_code": ["U", "S", "S", "M", "M", "X", "X", "X"],
})  # fmt: skip
NEW = np.array(["A", "B1", "B2", "M", "X1", "X2"])
OLD_PEOPLE = np.array([1000.0, 2000, 1500, 500, 800, 1200])
NEW_PEOPLE = np.array([1000.0, 1500, 500, 2100, 1500, 500])


@pytest.fixture
def through():
    return carry.links(LOOKUP, NEW)


def test_rates(through):
    carried = carry.rates(np.array([1.0, 2, 4, 8, 10, 20]), through, OLD_PEOPLE)
    assert carried == pytest.approx([1, 2, 2, (4 * 1500 + 8 * 500) / 2000, (10 * 800 + 20 * 1200) / 2000, 20])


def test_rates_without_population_stay_unknown_where_a_weight_is_needed(through):
    carried = carry.rates(np.array([1.0, 2, 4, 8, 10, 20]), through, None)
    assert carried == pytest.approx([1, 2, 2, np.nan, np.nan, 20], nan_ok=True)


def test_an_unknown_part_makes_the_mean_unknown(through):
    carried = carry.rates(np.array([1.0, 2, np.nan, 8, 10, 20]), through, OLD_PEOPLE)
    assert np.isnan(carried[3])
    assert carried[4] == pytest.approx(16)


def test_counts_are_shared_by_population_and_none_is_lost(through):
    values = np.array([10.0, 40, 30, 5, 8, 12])
    carried = carry.counts(values, through, NEW_PEOPLE)
    assert carried == pytest.approx([10, 30, 10, 35, 8 + 12 * 0.75, 12 * 0.25])
    assert carried.sum() == pytest.approx(values.sum())


def test_flags(through):
    assert through.flags() == ["unchanged", "split", "split", "merged", "complex", "complex"]


def test_alignment_leaves_missing_codes_unknown(through):
    aligned = through.align(np.array(["C", "A"]), np.array([3.0, 1.0]))
    assert aligned == pytest.approx([1, np.nan, 3, np.nan, np.nan, np.nan], nan_ok=True)

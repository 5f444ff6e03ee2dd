"""An index turned into shares: the mean is the published one, the order stays, and what is not known stays unknown."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from inroads.methods.picture import risk_from_index


def test_two_neighbourhoods_by_hand():
    """Log odds -1 and 1 around a mean of one half: 1 / (1 + e) and e / (1 + e)."""
    found = risk_from_index([2, 6], mean=0.5, slope=0.5)
    np.testing.assert_allclose(found, [1 / (1 + np.e), np.e / (1 + np.e)], rtol=1e-9)


@given(
    st.lists(st.floats(0, 10), min_size=1, max_size=30),
    st.floats(0.01, 0.99),
    st.floats(0, 2),
    st.integers(0, 2**32 - 1),
)
def test_the_mean_over_people_is_the_published_one_and_the_order_that_of_the_index(index, mean, slope, seed):
    people = np.random.default_rng(seed).integers(1, 3000, len(index))
    found = risk_from_index(index, mean=mean, slope=slope, population=people)
    assert found @ people / people.sum() == pytest.approx(mean, abs=1e-9)
    assert (np.diff(found[np.argsort(index)]) >= 0).all()


def test_what_is_not_known_stays_so_and_what_does_not_fit_is_refused():
    found = risk_from_index([np.nan, 3.0], mean=0.2)
    assert np.isnan(found[0])
    assert found[1] == pytest.approx(0.2)
    assert risk_from_index([], mean=0.2).shape == (0,)
    for change, words in (
        ({"mean": 20}, "mean: expected a share between 0 and 1"),
        ({"index": [np.inf]}, "index: row 0 .* is inf"),
        ({"population": [1, 2]}, "population: has 2 rows where there are 1 neighbourhoods"),
    ):
        with pytest.raises(ValueError, match=words):
            risk_from_index(**({"index": [1.0], "mean": 0.2} | change))

"""The published Digital Exclusion Risk Index, reproduced, and what its publisher says about how it is made."""

import numpy as np
import pytest

from inroads.methods.needs import composite, ranks

pytestmark = pytest.mark.published


def test_three_components_give_the_published_score(deri):
    index = composite(deri["components"], weights=[1, 1, 1], direction=[1, 1, 1], scale=None)
    assert index.shape == (32_844,)
    assert np.abs(index - deri["score"]).max() <= 1e-6


def test_components_are_means_of_scaled_indicators_and_not_scaled_again(deri):
    components = deri["components"]
    assert (components.min(axis=0) > 0).all()
    assert (components.max(axis=0) < 10).all()
    scaled_again = composite(components, weights=[1, 1, 1], direction=[1, 1, 1], scale="minmax")
    assert np.abs(scaled_again - deri["score"]).max() > 0.5
    assert (ranks(scaled_again) != ranks(deri["score"])).mean() > 0.5


def test_indicators_are_scaled_by_min_max_within_england(deri, published_columns):
    """Two of the four indicators of the demography component can be worked out from published ages.

    The two that cannot (daily activities limited, social grade) lie between 0 and 10. If all four count the same, what
    is left of the component has to lie between 0 and 2 × 10 / 4 everywhere; on another scale it does not.
    """
    ages = published_columns("population/population_mid2020_england_lsoa11_single_year_age.csv.gz")
    place = {code: row for row, code in enumerate(ages["lsoa11_code"])}
    rows = [place[code] for code in deri["code"]]
    people = np.array([ages[str(age)] for age in range(90)] + [ages["90+"]], dtype=float).T[rows]
    shares = np.column_stack([people[:, 65:].sum(axis=1), people[:, 75:].sum(axis=1)]) / people.sum(axis=1)[:, None]
    demography = deri["components"][:, 1]
    half = composite(shares, weights=[1, 1], direction=[1, 1], scale="minmax")
    rest = demography - half / 2
    assert rest.min() >= 0
    assert rest.max() <= 5
    by_rank = composite(shares, weights=[1, 1], direction=[1, 1], scale="rank")
    assert (demography - by_rank / 2).min() < 0

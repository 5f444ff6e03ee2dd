"""Fitting real Census tables: all neighbourhoods of Trafford to six of them, all of England to four."""

import numpy as np
import pytest

from inroads.methods.needs import fit

TRAFFORD = "census2021_trafford/2021_{}_lsoa21_trafford.csv.gz"
ENGLAND = "census2021/{}_england_lsoa21.csv.gz"
CHILDREN = 3  # bands of five years below 15; the next, 15 to 19, is both below 16 and above


def long_table(columns, category):
    """Codes of neighbourhoods, and people (Z, k) by `category`, in the order of the file."""
    codes, rows = np.unique(columns["area_code"], return_inverse=True)
    names = list(dict.fromkeys(columns[category]))
    out = np.zeros((len(codes), len(names)))
    out[rows, [names.index(name) for name in columns[category]]] = np.array(columns["value"], dtype=float)
    return codes, out, names


def wide_table(columns, skip):
    names = [name for name in columns if name not in skip]
    order = np.argsort(columns["lsoa21_code"])
    return np.column_stack([np.array(columns[name], dtype=float) for name in names])[order]


def every_kind(sizes):
    return np.stack(np.meshgrid(*[np.arange(k) for k in sizes], indexing="ij"), -1).reshape(-1, len(sizes))


@pytest.mark.published
def test_all_139_neighbourhoods_of_trafford_are_fitted_to_six_tables(published_columns):
    def table(name, category):
        return long_table(published_columns(TRAFFORD.format(name)), category)

    codes, age, bands = table("population_by_5_year_age_bands", "indicator")
    _, sex, names = table("population_by_sex", "indicator")
    sex = sex[:, [names.index("Female"), names.index("Male")]]
    _, qualification, _ = table("highest_level_qualification", "highest_qualification")
    _, health, _ = table("general_health", "general_health")
    _, tenure, _ = table("household_tenure", "household_tenure")
    _, activity, _ = table("economic_activity_status", "economic_activity_status")
    assert (len(codes), len(bands)) == (139, 18)

    # Qualification and activity are asked of people of 16 and over: the rest is a category of its own. The two tables
    # are perturbed apart, so activity is scaled to as many people of 16 and over as qualification has.
    people = age.sum(axis=1)
    of_age = qualification.sum(axis=1)
    as_given = [np.column_stack([part, np.maximum(people - part.sum(1), 0)]) for part in (qualification, activity)]
    scaled = np.column_stack([activity * (of_age / activity.sum(1))[:, np.newaxis], as_given[0][:, -1]])
    margins = [age, sex, as_given[0], health, tenure, scaled]
    kinds = every_kind([margin.shape[1] for margin in margins])
    young = [kinds[:, column] == margins[column].shape[1] - 1 for column in (2, 5)]
    possible = (young[0] == young[1]) & np.where(young[0], kinds[:, 0] <= CHILDREN, kinds[:, 0] >= CHILDREN)
    kinds = kinds[possible]
    # The band of 15 to 19 is nearly all of 16 and over: so near an edge it takes some 270 rounds, and up to 600.
    found = fit(kinds, np.ones(len(kinds)), margins, max_iterations=1000)

    assert set(found.state.tolist()) == {"fitted"}
    assert found.residual.max() <= 1e-6
    for column, margin in enumerate(margins):
        held = found.expected((kinds[:, [column]] == np.arange(margin.shape[1])).astype(float))
        wanted = margin * (people / margin.sum(1))[:, np.newaxis]
        np.testing.assert_allclose(held, wanted, atol=2e-6)
    # Tables of people are within a few of one another; tenure counts households, which live up to 4 to a dwelling.
    people_only = fit(kinds[:, [0, 1, 3]], np.ones(len(kinds)), [age, sex, health])
    assert 0 < people_only.discrepancy.max() <= 25
    assert np.median(people_only.discrepancy / people) < 0.005
    assert (found.discrepancy / people).min() > 0.35
    # Left as published, the two tables contradict one another about who is under 16, and this is said, not hidden.
    contradicting = fit(kinds, np.ones(len(kinds)), [*margins[:5], as_given[1]], max_iterations=60)
    assert (contradicting.state == "not converged").any()
    assert ((contradicting.residual <= 1e-6) == (contradicting.state == "fitted")).all()


@pytest.mark.published
def test_all_of_england_is_fitted_to_age_disability_ethnic_group_and_tenure(published_columns):
    names = ("age_6_bands", "disability", "ethnic_group_5", "tenure")
    margins = [
        wide_table(published_columns(ENGLAND.format(name)), {"lsoa21_code", "total_residents", "total_households"})
        for name in names
    ]
    assert [margin.shape for margin in margins] == [(33_755, 6), (33_755, 2), (33_755, 5), (33_755, 8)]
    kinds = every_kind([6, 2, 5, 8])
    found = fit(kinds, np.ones(len(kinds)), margins)
    assert set(found.state.tolist()) == {"fitted"}
    people = margins[0].sum(axis=1)
    disabled = found.expected((kinds[:, 1] == 0).astype(float))
    np.testing.assert_allclose(disabled, margins[1][:, 0] * people / margins[1].sum(1), atol=2e-6)
    # Of tables of people, the totals of a neighbourhood lie a handful apart: cells are perturbed on their own.
    between_people = np.abs(np.column_stack([margin.sum(1) for margin in margins[:3]]) - people[:, np.newaxis]).max(1)
    assert 0 < between_people.max() <= 30
    assert np.median(between_people) <= 5
    # No weight was seeded towards anything, so within a neighbourhood one table says nothing of another.
    both = found.expected(((kinds[:, 1] == 0) & (kinds[:, 0] == 5)).astype(float))
    np.testing.assert_allclose(both, disabled * margins[0][:, 5] / people, rtol=1e-6)

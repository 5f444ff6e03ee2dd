"""The one door: what goes in are true counts, what comes out hides small ones."""

import numpy as np
import pytest
from worlds.ics import ICS

from inroads.analytics.published import Published
from inroads.released.counting import Counted, fit_to_leave
from inroads.released.layout import CELLS, GROUP_CELLS, layout_of
from inroads.released.queries import as_bytes, as_columns

GROUPS = ("young", "old")
CHANNELS = ("phone", "screen")
EMPTY = {"channels": [], "ways": [], "loans": [], "referrals": [], "staff": []}


@pytest.fixture
def published(made_places) -> Published:
    return made_places


def heard(code, *, found, other, digital=False):
    rows = [{"neighbourhood": code, "digital": digital, "found": True, "n": found}]
    return [*rows, {"neighbourhood": code, "digital": digital, "found": False, "n": other}]


def released(counted, published):
    tables, checks = fit_to_leave(
        counted,
        published=published,
        area_code=ICS,
        groups=GROUPS,
        channels=CHANNELS,
    )
    return {name: as_columns(as_bytes(table)) for name, table in tables.items()}, checks


def test_every_neighbourhood_of_the_system_has_a_row_whether_or_not_anybody_spoke(published):
    tables, _ = released(Counted([], [], **EMPTY), published)
    own = tables["neighbourhoods"]
    assert set(own["code"]) == {*published.neighbourhoods.code[published.neighbourhoods.rows(ICS)], ""}
    assert all((own[f"{cell}_value"] == 0).all() for cell in CELLS)
    assert len(tables["groups"]["group"]) == len(GROUPS) * len(set(own["authority"]))


def test_small_counts_are_hidden_and_others_rounded(published):
    code = str(published.neighbourhoods.code[0])
    tables, _ = released(Counted(heard(code, found=3, other=23), [], **EMPTY), published)
    own = tables["neighbourhoods"]
    at = own["code"].tolist().index(code)
    assert own["met_found_state"][at] == "suppressed"
    assert np.isnan(own["met_found_value"][at])
    assert own["met_found_low"][at] == 1
    assert own["met_found_high"][at] >= 7
    assert own["met_other_value"][at] == 25


def test_people_from_elsewhere_are_counted_without_saying_where(published):
    tables, _ = released(Counted(heard("E01999999", found=30, other=0), [], **EMPTY), published)
    own = tables["neighbourhoods"]
    assert own["met_found_value"][own["code"].tolist().index("")] == 30


def test_groups_and_neighbourhoods_split_the_same_people(published):
    code = str(published.neighbourhoods.code[0])
    groups = [{"neighbourhood": code, "group": "old", "found": True, "n": 40}]
    tables, _ = released(Counted(heard(code, found=60, other=40), groups, **EMPTY), published)
    by_group = tables["groups"]
    authority = layout_of(published, ICS).authority[0]
    at = [(a, g) for a, g in zip(by_group["authority"], by_group["group"], strict=True)].index((authority, "old"))
    assert [by_group[f"{cell}_value"][at] for cell in GROUP_CELLS] == [40, 0, 20, 40]

"""The one door: what goes in are true counts, what comes out hides small ones."""

import numpy as np
import pytest
from worlds.ics import ICS

from inroads.analytics.published import Published
from inroads.released.counting import LEAST_OCCASIONS, Counted, fit_to_leave
from inroads.released.layout import CELLS, GROUP_CELLS, layout_of
from inroads.released.pairing import Patterns, no_patterns, staff_fit_to_leave, staff_topics
from inroads.released.queries import as_bytes, as_columns

AGES, COMMUNITIES = ("young", "old"), ("carers", "refugees")
CHANNELS = ("phone", "screen")


@pytest.fixture
def published(made_places) -> Published:
    return made_places


def heard(code, *, found, other, digital=False):
    rows = [{"neighbourhood": code, "digital": digital, "found": True, "n": found}]
    return [*rows, {"neighbourhood": code, "digital": digital, "found": False, "n": other}]


def counted(**rows):
    names = "neighbourhoods", "ages", "communities", "channels", "ways", "pathways", "loans", "referrals", "reach"
    return Counted(**{name: rows.get(name, []) for name in names})


def released(given, published):
    tables, checks = fit_to_leave(
        given,
        published=published,
        area_code=ICS,
        ages=AGES,
        communities=COMMUNITIES,
        channels=CHANNELS,
    )
    return {name: as_columns(as_bytes(table)) for name, table in tables.items()}, checks


def group(tables, authority, name):
    """What is told of a group of people: the cells of its row by name."""
    held = tables["groups"]
    at = list(zip(held["authority"], held["group"], strict=True)).index((authority, name))
    return {each: column[at] for each, column in held.items()}


def test_every_neighbourhood_of_the_system_has_a_row_whether_or_not_anybody_spoke(published):
    tables, _ = released(counted(), published)
    own = tables["neighbourhoods"]
    assert set(own["code"]) == {*published.neighbourhoods.code[published.neighbourhoods.rows(ICS)], ""}
    assert all((own[f"{cell}_value"] == 0).all() for cell in CELLS)
    assert len(tables["groups"]["group"]) == len({*AGES, *COMMUNITIES}) * len(set(own["authority"]))


def test_small_counts_are_hidden_and_others_rounded(published):
    code, next_door = neighbours(published)
    rows = [*heard(code, found=3, other=23), *heard(next_door, found=30, other=40)]
    tables, _ = released(counted(neighbourhoods=rows), published)
    own = tables["neighbourhoods"]
    at = own["code"].tolist().index(code)
    assert own["met_found_state"][at] == "suppressed"
    assert np.isnan(own["met_found_value"][at])
    assert own["met_found_low"][at] == 1
    assert own["met_found_high"][at] >= 7
    assert own["met_other_value"][at] == 25


@pytest.mark.parametrize(("found", "said"), [(14, False), (15, True)])
def test_where_hardly_anybody_spoke_nothing_is_said_of_where_they_are(published, found, said):
    code, _ = neighbours(published)
    tables, _ = released(counted(neighbourhoods=heard(code, found=found, other=60)), published)
    own = tables["neighbourhoods"]
    inside = own["authority"] == own["authority"][own["code"].tolist().index(code)]
    assert ((own["met_found_state"][inside] == "missing").all()) == (not said)
    assert (own["met_other_state"][inside] == "value").all()
    row = tables["totals"]["authority"].tolist().index(own["authority"][inside][0])
    if not said:
        assert (tables["totals"]["found_low"][row], tables["totals"]["found_high"][row]) == (1, 14)
        assert (own["met_found_low"][inside] == 0).all()
        assert (own["met_found_high"][inside] == 14).all()
        assert np.isnan(own["met_found_value"][inside]).all()


def neighbours(published):
    """Two neighbourhoods of one local authority."""
    places = published.neighbourhoods
    return [str(each) for each in places.code[places.local_authority == places.local_authority[0]][:2]]


def test_people_from_elsewhere_are_counted_without_saying_where(published):
    tables, _ = released(counted(neighbourhoods=heard("E01999999", found=30, other=0)), published)
    own = tables["neighbourhoods"]
    assert own["met_found_value"][own["code"].tolist().index("")] == 30


def test_groups_and_neighbourhoods_split_the_same_people(published):
    code = str(published.neighbourhoods.code[0])
    rows = [{"neighbourhood": code, "group": "old", "found": True, "n": 40}]
    given = counted(neighbourhoods=heard(code, found=60, other=40), ages=rows)
    tables, _ = released(given, published)
    row = group(tables, layout_of(published, ICS).authority[0], "old")
    assert [row[f"{cell}_value"] for cell in GROUP_CELLS] == [40, 0]


def test_a_group_says_who_is_in_it_and_never_who_is_not(published):
    code = str(published.neighbourhoods.code[0])
    rows = [{"neighbourhood": code, "group": "carers", "found": True, "n": 58}]
    tables, _ = released(counted(neighbourhoods=heard(code, found=60, other=40), communities=rows), published)
    assert not [name for name in tables["groups"] if name.startswith("out_")]
    # Two found people are no carers; told of 58 and of 60, somebody would know.
    row = group(tables, layout_of(published, ICS).authority[0], "carers")
    assert row["in_found_state"] == "suppressed"
    assert row["in_found_high"] - row["in_found_low"] >= 6


def test_age_bands_are_one_part_with_whoever_is_of_no_known_age(published):
    code = str(published.neighbourhoods.code[0])
    authority = layout_of(published, ICS).authority[0]

    def told(young, old):
        people = {"young": young, "old": old}
        rows = [{"neighbourhood": code, "group": name, "found": False, "n": n} for name, n in people.items()]
        tables, _ = released(counted(neighbourhoods=heard(code, found=0, other=40), ages=rows), published)
        return [group(tables, authority, name) for name in AGES]

    young, old = told(20, 20)
    assert (young["in_other_value"], old["in_other_value"]) == (20, 20)
    # Three in all are left for the young, or for those whose age is not known: the old keep them company.
    for given in ((3, 37), (0, 37)):
        young, old = told(*given)
        assert old["in_other_state"] == "suppressed"
        assert old["in_other_company"]
    assert young["in_other_value"] == 0


def test_a_group_that_the_release_does_not_name_counts_as_not_known(published):
    code = str(published.neighbourhoods.code[0])
    rows = [{"neighbourhood": code, "group": "", "found": True, "n": 30}]
    tables, _ = released(counted(neighbourhoods=heard(code, found=30, other=0), ages=rows), published)
    assert set(tables["groups"]["group"]) == {*AGES, *COMMUNITIES}
    assert (tables["groups"]["in_found_value"] == 0).all()


@pytest.mark.parametrize(
    ("phone", "screen", "expected"),
    [
        (LEAST_OCCASIONS - 1, 0, {}),
        (LEAST_OCCASIONS - 1, 1, {"phone": (97.5, 102.5), "screen": (0, 2.5)}),
        (300, 100, {"phone": (72.5, 77.5), "screen": (22.5, 27.5)}),
        (LEAST_OCCASIONS, 0, {"phone": (97.5, 102.5), "screen": (0, 2.5)}),
    ],
)
def test_channels_are_told_as_shares_and_only_of_many_occasions(published, phone, screen, expected):
    rows = [{"channel": name, "n": n} for name, n in zip(CHANNELS, (phone, screen), strict=True)]
    held = released(counted(channels=rows), published)[0]["channels"]
    assert set(held) == {"channel", "low", "high"}
    ends = zip(held["low"].tolist(), held["high"].tolist(), strict=True)
    assert dict(zip(held["channel"].tolist(), ends, strict=True)) == expected


def test_a_small_channel_leaves_the_same_share_whatever_it_is(published):
    held = []
    for n in range(1, 8):
        rows = [{"channel": "phone", "n": LEAST_OCCASIONS}, {"channel": "screen", "n": n}]
        held.append(released(counted(channels=rows), published)[0])
    told = {(tuple(each["channels"]["low"]), tuple(each["channels"]["high"])) for each in held}
    assert len(told) == 1


def ways(people, *stages):
    rows = [
        {"pathway": "p", "stage": f"s{at}", "way": way, "n": n}
        for at, stage in enumerate(stages)
        for way, n in stage.items()
    ]
    return counted(ways=rows, pathways=[{"pathway": "p", "n": people}])


def test_each_way_of_each_stage_has_a_row_and_small_ones_are_hidden(published):
    given = ways(75, {"letter": 30, "phone": 45}, {"letter": 70, "phone": 3})
    held = released(given, published)[0]["ways"]
    assert list(zip(held["stage"], held["way"], strict=True)) == [
        ("s0", "letter"), ("s0", "phone"), ("s1", "letter"), ("s1", "phone"),
    ]  # fmt: skip
    assert held["value"][:2].tolist() == [30, 45]
    # 70 of 75 would tell that the 3 are 5 at most: both are hidden.
    assert held["state"][2:].tolist() == ["suppressed", "suppressed"]
    assert (held["low"][3], held["high"][3] >= 7) == (1, True)


def test_pathways_that_nobody_is_on_have_no_rows(published):
    held = released(counted(), published)[0]["ways"]
    assert len(held["way"]) == len(held["value"]) == 0


def staff(*said):
    """Of (bits known, bits hard, people)."""
    return Patterns(*(np.array(each, dtype=np.int64) for each in zip(*said, strict=True)))


def test_what_staff_said_has_two_rows_a_barrier_whether_or_not_anybody_said_it():
    held = as_columns(as_bytes(staff_fit_to_leave(no_patterns())))
    assert held["topic"].tolist() == [name for name in staff_topics() for _ in range(2)]
    assert (held["value"] == 0).all()
    held = as_columns(as_bytes(staff_fit_to_leave(staff((1, 1, 30), (1, 0, 20), (3, 3, 15)))))
    assert held["value"][:4].tolist() == [45, 20, 15, 0]


def test_lists_of_counts_that_are_no_parts_hide_what_is_small(published):
    rows = [{"touchpoint": "t", "community": name, "n": n} for name, n in (("carers", 2), ("refugees", 12))]
    held = released(counted(reach=rows), published)[0]["reach"]
    assert held["state"].tolist() == ["suppressed", "value"]
    assert (held["low"][0], held["high"][0], held["value"][1]) == (1, 7, 10)

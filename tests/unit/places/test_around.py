"""Finding places, who lives there, and the nearest library: each against a slow plain twin."""

import csv
import io
import math
from dataclasses import replace

import numpy as np
import pytest

from inroads.analytics.areas import find, is_open
from inroads.analytics.published import open_published
from inroads.places.forms import WeightsForm
from inroads.places.queries import group_definitions, risk_index
from inroads.places.queries.groups import shares
from inroads.places.queries.libraries import farthest, nearest_libraries, unlocated_in, within
from inroads.places.queries.picture import picture

PLACE = "E06000046"


@pytest.fixture
def published(embedded_store):
    return open_published(embedded_store)


@pytest.fixture
def seen(published):
    return picture(published, PLACE, risk_index().weights)


def test_a_place_is_found_by_name_by_part_of_it_and_by_code(published):
    for typed in ("Isle of Wight", "wight isle", PLACE, PLACE.lower()):
        assert PLACE in {area.code for area in find(published, typed).areas}


def test_a_neighbourhood_is_found_by_name_and_by_code(published):
    assert find(published, "wight 017C").neighbourhoods[0][0] == "E01017299"
    assert [code for code, *_ in find(published, "E01017299").neighbourhoods] == ["E01017299"]


def test_neighbourhoods_are_found_by_the_name_of_their_ward(published):
    found = find(published, "Ryde").neighbourhoods
    wards = published.neighbourhoods.ward
    assert len(found) == sum("Ryde" in ward for ward in wards) > 5
    assert all("Ryde" in ward for _, _, ward in found)


@pytest.mark.parametrize("typed", ["Ventnor & St Lawrence", "ventnor and st. lawrence", "lawrence VENTNOR"])
def test_signs_and_order_do_not_matter_to_the_search(published, typed):
    found = find(published, typed).neighbourhoods
    assert {ward for _, _, ward in found} == {"Ventnor & St Lawrence"}


def test_a_full_stop_alone_is_nothing_to_look_for(published):
    assert find(published, " . ").neighbourhoods == ()


def test_what_is_not_listed_is_counted(published):
    found = find(published, "isle of wight")
    assert len(found.neighbourhoods) + found.more == 89


@pytest.mark.parametrize("typed", ["", "   ", "Atlantis", "E99999999", "%", "'; drop table"])
def test_nothing_found_is_no_error(published, typed):
    found = find(published, typed)
    assert not found.areas
    assert not found.neighbourhoods


def test_only_places_that_are_whole_are_open(published):
    assert is_open(published.areas[PLACE])
    assert not is_open(published.areas["E54000042"])
    assert published.areas["E54000042"].expected == 1126


def test_groups_are_counted_as_a_plain_loop_counts_them(published, seen):
    found = {share.group.id: share for share in shares(published, seen)}
    assert set(found) == set(group_definitions())
    for name in ("people_65_plus", "social_renters"):
        there = at_risk = 0.0
        for position, row in enumerate(seen.rows):
            count = published.neighbourhoods.count(name)[row]
            there += count
            at_risk += count if seen.fifth[position] == 5 else 0
        assert found[name].there == round(there)
        assert found[name].at_risk == round(at_risk)
        assert found[name].share == pytest.approx(at_risk / there)
        assert 0 <= found[name].everyone <= 1


def test_the_nearest_library_is_the_nearest_of_all(published):
    near = nearest_libraries(published, PLACE)
    assets, places = published.assets, published.neighbourhoods
    open_now = [
        i
        for i in range(len(assets.kind))
        if assets.kind[i] == "library" and assets.status[i] == "open" and math.isfinite(assets.easting[i])
    ]
    assert len(open_now) == near.located
    for position, row in enumerate(near.rows):
        best = min(
            math.hypot(assets.easting[i] - places.easting[row], assets.northing[i] - places.northing[row])
            for i in open_now
        )
        assert near.metres[position] == pytest.approx(best)


def test_prison_libraries_are_not_offered(published):
    near = nearest_libraries(published, PLACE)
    assert not any("HMP" in str(published.assets.name[asset]) for asset in near.asset)


def test_reach_grows_with_distance_and_the_farthest_come_first(published):
    near = nearest_libraries(published, PLACE)
    share = [part for _, part in within(published, near, (500, 1000, 2000, 5000, 100_000))]
    assert share == sorted(share)
    assert share[-1] == pytest.approx(1)
    kilometres = [each.kilometres for each in farthest(published, near, 20)]
    assert len(kilometres) == 20
    assert kilometres == sorted(kilometres, reverse=True)
    assert kilometres[0] == pytest.approx(np.nanmax(near.metres) / 1000)


def test_only_those_more_than_a_kilometre_away_are_listed(published):
    near = nearest_libraries(published, PLACE)
    listed = {each.code for each in farthest(published, near, 89)}
    beyond = [row for row, metres in zip(near.rows, near.metres, strict=True) if metres > 1000]
    assert listed == set(published.neighbourhoods.code[beyond])
    assert 0 < near.far == len(listed) < 89


def without(published, *names):
    """The same figures with some libraries taken off the map."""
    assets = published.assets
    lost = np.isin(assets.name, names)
    assert lost.sum() == len(names)
    easting, northing = (np.where(lost, np.nan, column) for column in (assets.easting, assets.northing))
    return replace(published, assets=replace(assets, easting=easting, northing=northing))


def test_nothing_is_said_where_every_library_is_on_the_map(published, client):
    near = nearest_libraries(published, PLACE)
    assert near.unlocated == ()
    assert not near.may_be_nearer.any()
    page = client.get(f"/places/{PLACE}/libraries/").content.decode()
    assert "may be nearer" not in page
    assert "At least" not in page
    assert "Water and rivers in between are ignored" in page


def test_libraries_that_are_not_on_the_map_are_named_where_they_are(published, client, monkeypatch):
    changed = without(published, "Ryde", "Lord Louis")
    assert unlocated_in(changed, PLACE) == [("Lord Louis", "PO30 1LL"), ("Ryde", "PO33 2JE")]
    assert unlocated_in(changed, "E01017299") == unlocated_in(changed, PLACE)
    assert unlocated_in(changed, "E54000042") == unlocated_in(changed, PLACE)
    assert unlocated_in(changed, "E06000045") == []
    near = nearest_libraries(changed, PLACE)
    assert near.may_be_nearer.all()
    assert farthest(changed, near, 1)[0].may_be_nearer
    monkeypatch.setattr("inroads.places.queries.published", lambda: changed)
    page = client.get(f"/places/{PLACE}/libraries/").content.decode()
    assert "2 open libraries here, or of the county, could not be put on the map" in page
    assert "<li>Lord Louis, PO30 1LL</li>" in page
    assert page.count("At least ") == 3
    assert page.count("another may be nearer") == min(near.far, 50)
    file = b"".join(client.get(f"/places/{PLACE}/libraries.csv").streaming_content).decode("utf-8-sig")
    assert {row["nearest_library_may_be_nearer"] for row in csv.DictReader(io.StringIO(file))} == {"yes"}


def test_where_all_live_near_a_library_the_page_says_so(published, client, monkeypatch):
    places = published.neighbourhoods
    assets = published.assets
    here = np.flatnonzero(assets.kind == "library")[0]
    easting, northing = (np.full_like(column, column_at) for column, column_at in (
        (places.easting, assets.easting[here] + 300), (places.northing, assets.northing[here])
    ))  # fmt: skip
    changed = replace(published, neighbourhoods=replace(places, easting=easting, northing=northing))
    monkeypatch.setattr("inroads.places.queries.published", lambda: changed)
    page = client.get(f"/places/{PLACE}/libraries/").content.decode()
    assert "No neighbourhood has its nearest library more than 1 km away." in page
    assert "<table" not in page


@pytest.mark.published
def test_a_county_that_runs_libraries_stands_for_each_of_its_districts(national_store):
    whole = open_published(national_store)
    lincolnshire = unlocated_in(whole, "E54000013")
    assert ("Ingoldmells Community Hub", "PE25 1NL") in lincolnshire
    assert ("Ingoldmells Community Hub", "PE25 1NL") in unlocated_in(whole, "E07000136")
    assert unlocated_in(whole, PLACE) == []
    near = nearest_libraries(whole, "E92000001")
    assert len(near.unlocated) == 101
    authorities = whole.neighbourhoods.local_authority[near.rows]
    for code in np.unique(authorities):
        flags = near.may_be_nearer[authorities == code]
        assert (flags == bool(unlocated_in(whole, code))).all(), code


class TestWeights:
    """What can be typed into the weights form."""

    def test_nothing_sent_means_as_published(self):
        assert WeightsForm({}).weights() == risk_index().weights

    def test_commas_and_blanks_are_understood(self):
        form = WeightsForm({"w_broadband": "2,5", "w_demography": "", "w_deprivation": " 1 "})
        assert form.is_valid()
        assert form.weights()[:3] == (2.5, 0.0, 1.0)

    @pytest.mark.parametrize("typed", ["two", "-1", "11", "nan", "inf", "1e9", "1;2"])
    def test_what_is_no_weight_is_refused_beside_its_field(self, typed):
        form = WeightsForm({"w_broadband": typed})
        assert not form.is_valid()
        assert "Broadband" in form.errors["w_broadband"][0]
        assert form["w_broadband"].value() == typed

    def test_all_zero_is_refused(self):
        form = WeightsForm({f"w_{part.indicator}": "0" for part in risk_index().parts})
        assert not form.is_valid()
        assert "at least one" in form.errors["w_broadband"][0]

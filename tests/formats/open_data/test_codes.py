"""Codes in a file: of the right form and kind in every column, and the same as in other files that list them."""

import gzip
import re

import pytest

from inroads.analytics.published import open_published
from inroads.interop.open_data import intake
from inroads.interop.open_data.problems import IntakeError

from .conftest import CODES, disability_rows

SYSTEMS = (
    "lsoa21_name,lsoa21_code,sicbl24_name,sicbl24_code,sicbl24_code_nhs,icb24_name,icb24_code,icb24_code_nhs",
    "A,{},Here,E38000001,01A,NHS Here Integrated Care Board,E54000001,QAA",
)
AUTHORITIES = (
    "lsoa21_name,lsoa21_code,ward24_name,ward24_code,ltla24_name,ltla24_code",
    "A,{},Ash,{}05000001,Ashford,{}06000001",
)
CARRIED = ("lsoa11_name,lsoa11_code,change_code,lsoa21_name,lsoa21_code,ltla22_name,ltla22_code",)


def systems():
    return [SYSTEMS[0], *(SYSTEMS[1].format(code) for code in CODES)]


def authorities():
    codes = [*CODES, *(f"W01{at:06d}" for at in range(1, 35_673 - len(CODES)))]
    return [AUTHORITIES[0], *(AUTHORITIES[1].format(code, code[0], code[0]) for code in codes)]


def centres():
    return ["LSOA21CD,easting,northing", *(f"{code},{400000 + at},{300000 + at}" for at, code in enumerate(CODES))]


@pytest.fixture
def store(tmp_path):
    return tmp_path / "store"


def refused(store, *paths):
    before = open_published(store)
    with pytest.raises(IntakeError) as error:
        intake.add(paths, store=store)
    after = open_published(store)
    assert (after and after.generation) == (before and before.generation)
    return error.value.problems


def checks_of(store, source):
    return next(each.checks for each in open_published(store).datasets if each.source_id == source)


@pytest.mark.parametrize(
    ("lines", "old", "new", "column"),
    [
        (systems, "E54000001", "E5400", "icb24_code"),
        (systems, "E54000001", "<b>/..", "icb24_code"),
        (systems, "E54000001", "E06000001", "icb24_code"),
        (systems, "E54000001", "", "icb24_code"),
        (systems, "E38000001", "E54000001", "sicbl24_code"),
        (systems, "QAA", "a/b", "icb24_code_nhs"),
        (systems, "E01000004", "", "lsoa21_code"),
        (systems, "E01000004", "W01000004", "lsoa21_code"),
        (authorities, "E06000001", "X1", "ltla24_code"),
        (authorities, "E06000001", "E54000057", "ltla24_code"),
        (authorities, "E06000001", "W06000001", "ltla24_code"),
        (authorities, "E06000001", "E060000011", "ltla24_code"),
        (authorities, "E05000001", "", "ward24_code"),
        (disability_rows, "E01000004", "", "lsoa21_code"),
    ],
)
def test_a_code_of_another_form_or_kind_is_named_by_row_and_column(store, write, lines, old, new, column):
    rows = lines()
    rows[4] = rows[4].replace(old, new)
    (problem,) = refused(store, write("lookup.csv", rows))
    found = f"'{new}'" if new else "an empty cell"
    assert f"lookup.csv: row 5, column '{column}': found {found}, expected" in problem


@pytest.mark.parametrize("rows", [1, 20])
def test_an_empty_code_in_a_lookup_of_two_keys_is_one_sentence(store, write, rows):
    lines = [f"A,E01{at:06d},U,A,E01{at:06d},Here,E06000001" for at in range(1, rows + 1)]
    lines[0] = lines[0].replace("E01000001,Here", ",Here")
    (problem,) = refused(store, write("lookup.csv", [*CARRIED, *lines]))
    assert "row 2, column 'lsoa21_code': found an empty cell, expected a code of neighbourhoods of 2021" in problem


def test_a_lookup_alone_does_not_vouch_for_itself(store, write):
    intake.add([write("systems.csv", systems())], store=store)
    said = checks_of(store, "lsoa21_icb24")
    assert any(line.startswith("Of these codes only the form was checked: neighbourhoods of 2021") for line in said)
    assert not any("other loaded files" in line for line in said)


def test_what_was_compared_is_said_anew_when_more_is_loaded(store, write):
    intake.add([write("systems.csv", systems())], store=store)
    intake.add([write("authorities.csv", authorities())], store=store)
    intake.add([write("disability.csv", disability_rows())], store=store)
    (too,) = [line for line in checks_of(store, "lsoa21_icb24") if "other loaded files" in line]
    assert too == "Codes are in other loaded files too: neighbourhoods of 2021 (LSOA 2021) in 2."
    said = checks_of(store, "lsoa21_ltla24")
    assert "Codes are in other loaded files too: neighbourhoods of 2021 (LSOA 2021) in England in 2." in said
    (alone,) = [line for line in said if "only the form" in line]
    assert "neighbourhoods of 2021 (LSOA 2021) in Wales" in alone


def test_a_neighbourhood_that_no_other_file_lists_is_refused_whoever_came_first(tmp_path, write):
    wrong = systems()
    wrong[4] = wrong[4].replace("E01000004", "E01999999")
    bad, good, third = (
        write("bad.csv", wrong),
        write("centres.csv", centres()),
        write("disability.csv", disability_rows()),
    )
    expected = r"bad.csv: row 5, column 'lsoa21_code': found 'E01999999', expected codes of neighbourhoods of 2021"
    for at, (before, now) in enumerate([([good], [bad]), ([good, third], [bad]), ([], [bad, good, third])]):
        store = tmp_path / f"store-{at}"
        if before:
            intake.add(before, store=store)
        (problem,) = refused(store, *now)
        assert re.search(expected, problem), problem
        assert "'E01000004' is missing" in problem
    later = tmp_path / "later"
    intake.add([bad], store=later)
    (problem,) = refused(later, good, third)
    assert re.search(f"{expected}.*loaded before", problem), problem
    intake.add([good, third, write("systems.csv", systems())], store=later)


def test_where_two_files_differ_each_is_told(store, write):
    wrong = systems()
    wrong[4] = wrong[4].replace("E01000004", "E01999999")
    problems = refused(store, write("bad.csv", wrong), write("centres.csv", centres()))
    assert len(problems) == 2
    assert all("one of the two is wrong" in problem for problem in problems)


def test_an_area_above_that_no_other_file_lists_is_refused(store, write):
    regions = [
        "icb24_code,icb24_ods_code,icb24_name,nhs_region_ods_code,nhs_region_name,nhs_region_ons_code_2021,support,basis",
        *(f"E540000{at:02d},QA{chr(64 + at % 26)},Here {at},Y59,South East,E40000005,1,trusts" for at in range(1, 43)),
    ]
    regions = [line.replace("QA@", "QAZ") for line in regions]
    summaries = {f"E540000{at:02d}" for at in range(1, 43)}
    lookup = [SYSTEMS[0]]
    for at, code in enumerate(CODES):
        line = SYSTEMS[1].format(code).replace("E54000001", sorted(summaries)[at % 42])
        lookup.append(line.replace("QAA", f"QA{chr(64 + (at % 42 + 1) % 26)}").replace("QA@", "QAZ"))
    intake.add([write("regions.csv", regions), write("lookup.csv", lookup)], store=store)
    lookup[4] = lookup[4].replace("E54000004", "E54009999")
    (problem,) = refused(store, write("lookup.csv", lookup))
    assert "row 5, column 'icb24_code': found 'E54009999', expected codes of integrated care boards of 2024" in problem


def test_a_part_of_the_country_must_lie_in_the_whole(store, write, centroids):
    ring = "[[-1.2,50.6],[-1.1,50.6],[-1.1,50.7],[-1.2,50.6]]"
    shape = (
        '{{"features":[{{"properties":{{"lsoa21_code":"{}"}},"geometry":{{"type":"Polygon","coordinates":[{}]}}}}]}}'
    )
    (problem,) = refused(store, write("a.geojson", [shape.format("E01999999", ring)]), centroids)
    assert "a.geojson: feature 1, column 'lsoa21_code': found 'E01999999'" in problem
    assert intake.add([write("b.geojson", [shape.format("E01000009", ring)]), centroids], store=store).changed


@pytest.mark.published
def test_one_wrong_neighbourhood_among_all_published_files_is_named(published_data, tmp_path, store):
    with gzip.open(published_data / "lookup" / "lookup_lsoa21_icb24.csv.gz", "rt", encoding="utf-8") as file:
        lines = file.read().splitlines()
    path = tmp_path / "lookup.csv"
    path.write_text("\n".join([lines[0], re.sub(r"E01\d{6}", "E01999999", lines[1]), *lines[2:]]), encoding="utf-8")
    others = [published_data / "geo" / "lsoa21_population_weighted_centroids_england_bng.csv.gz"]
    others += [
        published_data / "lookup" / name for name in ("ruc21_lsoa21.csv.gz", "lookup_lsoa11_lsoa21_ltla22.csv.gz")
    ]
    (problem,) = refused(store, path, *others)
    assert "lookup.csv: row 2, column 'lsoa21_code': found 'E01999999'" in problem
    assert "3 other files" in problem


@pytest.mark.published
def test_all_published_files_agree_and_say_with_how_many(loaded):
    said = {each.source_id: " ".join(each.checks) for each in loaded.datasets}
    assert "neighbourhoods of 2021 (LSOA 2021) in 15; " in said["lsoa21_icb24"]
    assert "integrated care boards of 2024 in 3" in said["lsoa21_icb24"]
    assert "local authorities of 2024 in England in 4" in said["lsoa21_ltla24"]
    assert "only the form was checked: sub-ICB locations of 2024." in said["lsoa21_icb24"]

"""The publishers' own files, all of them: what was loaded, how it was carried, and what the demonstration copied."""

import csv
import gzip
import subprocess
import sys
from collections import Counter

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from inroads.analytics.published import ENGLAND, open_published
from inroads.interop.open_data import embedded, intake
from inroads.interop.open_data.libraries import postcode, sites_by_name
from inroads.reference import definitions
from inroads.reference.definitions.figures import Group, Indicator, Source

pytestmark = pytest.mark.published
PLACE = "E06000046"

MEASURED = """
import resource, sys, time
from pathlib import Path
from inroads.interop.open_data import intake
began = time.process_time()
intake.add([Path(sys.argv[2])], store=Path(sys.argv[1]))
print(time.process_time() - began, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
"""

OPENED = """
import resource, sys, time
from pathlib import Path
import inroads.analytics.published as published
def held(): return int(Path("/proc/self/statm").read_text().split()[1]) * resource.getpagesize() / 1e6
before, began = held(), time.process_time()
opened = published.open_published(Path(sys.argv[1]))
print(time.process_time() - began, held() - before)
"""


def measured(script, *arguments):
    """Seconds of a processor, so that a busy machine does not fail a test, and megabytes."""
    done = subprocess.run(
        [sys.executable, "-c", script, *map(str, arguments)], capture_output=True, text=True, check=True
    )
    seconds, megabytes = map(float, done.stdout.split())
    return seconds, megabytes


def rows_of(folder, name):
    with gzip.open(folder / name, "rt", encoding="utf-8-sig", newline="") as lines:
        return list(csv.DictReader(lines))


def test_everything_loads_within_a_minute_and_two_gigabytes(published_data, tmp_path):
    seconds, megabytes = measured(MEASURED, tmp_path / "store", published_data)
    assert seconds <= 60
    assert megabytes <= 2048


def test_all_of_england_opens_within_half_a_second_and_a_hundred_megabytes(national_store):
    seconds, megabytes = min(measured(OPENED, national_store) for _ in range(3))
    assert seconds < 0.5
    assert megabytes < 100


def test_every_source_but_the_postcode_file_is_loaded(loaded):
    held = {dataset.source_id for dataset in loaded.datasets}
    assert set(definitions.load(Source)) - held == {"postcode_centres", "postcode_centres_degrees"}
    assert Counter(dataset.source_id for dataset in loaded.datasets)["census2021_long"] == 13
    assert Counter(dataset.source_id for dataset in loaded.datasets)["boundaries_lsoa21"] == 2


def test_loading_everything_again_changes_nothing(published_data, national_store, loaded):
    before = {path: path.stat().st_mtime_ns for path in national_store.rglob("*.parquet")}
    outcome = intake.add([published_data], store=national_store)
    assert not outcome.changed
    assert outcome.generation == loaded.generation
    assert not outcome.added
    assert {path: path.stat().st_mtime_ns for path in national_store.rglob("*.parquet")} == before


def test_areas_have_the_neighbourhoods_they_should(loaded):
    kinds = Counter(area.kind for area in loaded.areas.values())
    assert kinds == {"england": 1, "nhs_region": 7, "ics": 42, "local_authority": 296}
    greater_manchester = loaded.areas["E54000057"]
    assert (greater_manchester.name, greater_manchester.ods_code) == ("Greater Manchester", "QOP")
    assert greater_manchester.parents == ("Y62", ENGLAND)
    assert len(loaded.neighbourhoods.rows("E54000057")) == greater_manchester.expected == 1702
    assert len(loaded.neighbourhoods.rows(PLACE)) == 89
    for kind in ("nhs_region", "ics", "local_authority"):
        codes = [area.code for area in loaded.areas.values() if area.kind == kind]
        together = np.concatenate([loaded.neighbourhoods.rows(code) for code in codes])
        assert np.array_equal(np.sort(together), np.arange(33_755))


def test_no_indicator_or_group_has_a_gap(loaded):
    for indicator in definitions.load(Indicator):
        assert np.isfinite(loaded.neighbourhoods.indicator(indicator)).all(), indicator
    for group in definitions.load(Group):
        count, base = loaded.neighbourhoods.count(group), loaded.neighbourhoods.base(group)
        assert ((count >= 0) & (count <= base)).all(), group


def test_figures_of_2011_are_carried_as_a_slow_plain_reading_of_the_lookup_says(published_data, loaded):
    value = {
        row["lsoa11_code"]: float(row["deri_score_national"])
        for row in rows_of(published_data, "deri/deri_v1_6_england_lsoa11_nation_level.csv.gz")
    }
    people = {
        row["lsoa11_code"]: int(row["total_population"])
        for row in rows_of(published_data, "population/population_mid2020_england_lsoa11_single_year_age.csv.gz")
    }
    parents: dict[str, list[str]] = {}
    for row in rows_of(published_data, "lookup/lookup_lsoa11_lsoa21_ltla22.csv.gz"):
        parents.setdefault(row["lsoa21_code"], []).append(row["lsoa11_code"])
    carried = loaded.neighbourhoods.indicator("deri")
    for row, code in enumerate(loaded.neighbourhoods.code.tolist()):
        total = sum(people[parent] for parent in parents[code])
        expected = sum(people[parent] * value[parent] for parent in parents[code]) / total
        assert carried[row] == pytest.approx(expected, abs=1e-9), code
    assert Counter(loaded.neighbourhoods.carried.tolist()) == {
        "unchanged": 31_810,
        "split": 1_842,
        "merged": 97,
        "complex": 6,
    }


def test_summaries_are_those_of_the_neighbourhoods(loaded):
    neighbourhoods = loaded.neighbourhoods
    for area in (ENGLAND, "Y59", "E54000057", PLACE):
        rows = neighbourhoods.rows(area)
        values, people = neighbourhoods.indicator("imd")[rows], neighbourhoods.population[rows]
        summary = loaded.summary(area, "imd")
        assert summary.n == len(rows)
        assert summary.mean == pytest.approx((values * people).sum() / people.sum())
        assert summary.quantiles[10] == pytest.approx(np.median(values))
        assert (summary.quantiles[0], summary.quantiles[20]) == (summary.minimum, summary.maximum)


def test_boundaries_are_metres_round_their_neighbourhoods(loaded):
    rows = loaded.neighbourhoods.rows("E54000057")
    shapes = loaded.shapes(loaded.neighbourhoods.code[rows])
    assert all(shapes)
    inside = 0
    for row, rings in zip(rows, shapes, strict=True):
        points = np.concatenate(rings)
        east, north = loaded.neighbourhoods.easting[row], loaded.neighbourhoods.northing[row]
        low, high = points.min(axis=0), points.max(axis=0)
        inside += bool((low <= (east, north)).all() and ((east, north) <= high).all())
    assert inside / len(rows) > 0.97
    assert loaded.shapes([loaded.neighbourhoods.code[loaded.neighbourhoods.rows(PLACE)[0]]]) == [None]
    for code in loaded.areas:
        assert loaded.outline(code), code


def test_libraries_that_cannot_be_located_are_kept_and_counted(loaded):
    assets = loaded.assets
    open_libraries = (assets.kind == "library") & (assets.status == "open")
    lost = open_libraries & np.isnan(assets.easting)
    assert len(assets.offered("library")) == open_libraries.sum() - lost.sum()
    note = next(dataset.notes for dataset in loaded.datasets if dataset.source_id == "libraries_2023")
    assert any(f"{lost.sum():,} could not be" in line for line in note)
    offered = assets.name[assets.offered("library")]
    assert not any(name.startswith(("HMP", "HMYOI")) for name in offered)
    assert not any("mobile" in name.lower() and "auto" not in name.lower() for name in offered)


def test_the_demonstration_copied_every_figure_right(loaded, tmp_path):
    intake_store = tmp_path / "store"
    embedded.add_embedded(intake_store)
    shown = open_published(intake_store)
    rows = loaded.neighbourhoods.rows(PLACE)
    ours, whole = shown.neighbourhoods, loaded.neighbourhoods
    for name in ("code", "name", "ward", "local_authority", "ics", "rural_urban", "carried"):
        assert np.array_equal(getattr(ours, name), getattr(whole, name)[rows]), name
    for name in ("easting", "northing", "population"):
        assert np.allclose(getattr(ours, name), getattr(whole, name)[rows], rtol=0, atol=1e-6), name
    for name, values in ours._figures.items():
        assert np.allclose(values, whole._figures[name][rows], rtol=0, atol=1e-6), name
    assert set(ours._figures) == set(whole._figures)
    for area in (ENGLAND, "E54000042", PLACE):
        for indicator in definitions.load(Indicator):
            a, b = shown.summary(area, indicator), loaded.summary(area, indicator)
            assert a.n == b.n
            assert np.allclose(
                [a.mean, a.minimum, a.maximum, *a.quantiles],
                [b.mean, b.minimum, b.maximum, *b.quantiles],
                rtol=0,
                atol=1e-6,
            )
    for code, area in shown.areas.items():
        twin = loaded.areas[code]
        assert (area.name, area.formal_name, area.kind, area.parents, area.expected, area.ods_code) == (
            twin.name, twin.formal_name, twin.kind, twin.parents, twin.expected, twin.ods_code,
        )  # fmt: skip
    for a, b in zip(shown.outline(PLACE), loaded.outline(PLACE), strict=True):
        assert np.array_equal(a, b)
    where = {
        (name, postcode): at
        for at, (name, postcode) in enumerate(zip(loaded.assets.name, loaded.assets.postcode, strict=True))
    }
    for at, key in enumerate(zip(shown.assets.name, shown.assets.postcode, strict=True)):
        twin = where[key]
        for column in ("easting", "northing"):
            a, b = getattr(shown.assets, column)[at], getattr(loaded.assets, column)[twin]
            assert a == pytest.approx(b, abs=1e-6, nan_ok=True), key
        assert shown.assets.status[at] == loaded.assets.status[twin] == "open"


def test_a_file_of_the_wrong_vintage_is_refused(published_data, national_store, loaded, tmp_path):
    old = rows_of(published_data, "deri/deri_v1_6_england_lsoa11_nation_level.csv.gz")
    codes = sorted(row["lsoa11_code"] for row in old)
    path = tmp_path / "disability.csv"
    heading = "lsoa21_code,total_residents,Disabled under the Equality Act,Not disabled under the Equality Act"
    path.write_text("\n".join([heading, *(f"{code},1000,100,900" for code in codes)]), encoding="utf-8")
    with pytest.raises(intake.IntakeError, match=r"row \d+, column 'lsoa21_code': found 'E01\d{6}'.*of 2011.*vintage"):
        intake.add([path], store=national_store)
    assert open_published(national_store).generation == loaded.generation


def test_libraries_are_located_by_postcode_or_name_and_the_rest_named(loaded):
    assets = loaded.assets
    public = (assets.kind == "library") & (assets.status == "open")
    how = Counter(assets.located_by[public].tolist())
    assert how == {"postcode in the 2016 list": 2602, "name in the 2016 list (its site then)": 193, "": 101}
    by_name = set(assets.name[assets.located_by == "name in the 2016 list (its site then)"].tolist())
    assert {"Shanklin Community Library", "East Cowes Community Library", "Altrincham", "Hale"} <= by_name
    assert "Spilsby Community Hub Library" in by_name
    listed = assets.source == "libraries_2023"
    assert (assets.local_authorities[listed] != "").all()
    assert {code for codes in assets.local_authorities[listed] for code in codes.split()} <= set(loaded.areas)


def test_a_name_does_not_lead_to_another_library(national_store, loaded):
    """Libraries located by postcode are asked for by name: with their own site in the list, and with it taken out."""
    earlier = pq.read_table(next((national_store / "tables").glob("libraries_2016-*")))
    assets = loaded.assets
    placed = np.flatnonzero(assets.located_by == "postcode in the 2016 list")
    placed = placed[(assets.kind[placed] == "library") & (assets.status[placed] == "open")]
    own = {
        site: (east, north)
        for *site, east, north in zip(
            assets.name[placed].tolist(), assets.postcode[placed].tolist(),
            assets.easting[placed].tolist(), assets.northing[placed].tolist(), strict=True,
        )
        for site in [tuple(site)]
    }  # fmt: skip

    def off(table):
        found = sites_by_name(list(own), [], table)
        return np.array([np.hypot(*np.subtract(where, own[site])) for site, where in found.items()])

    both = off(earlier)
    assert len(both) > 2400
    assert np.percentile(both, 95) == 0
    assert both.max() < 500
    in_use = {postcode(text) for _, text in own}
    others = earlier.filter(pa.array([postcode(text) not in in_use for text in earlier["postcode"].to_pylist()]))
    assert sorted(np.rint(off(others)).tolist()) == [0, 483]


def test_tables_of_the_census_differ_as_their_notes_say(national_store, loaded):
    def table(source, *columns):
        path = next((national_store / "tables").glob(f"{source}-*"))
        held = pq.read_table(path, columns=["lsoa21_code", *columns]).sort_by("lsoa21_code")
        return np.sum([held[name].to_numpy() for name in columns], axis=0).astype(int)

    indicator = definitions.load(Indicator)["older_people"]
    bands = table("census2021_age_65plus", *indicator.numerator)
    whole = table("census2021_age_bands", "Aged 65 years and over")
    share = f"{100 * (bands != whole).mean():.0f}%"
    for source in ("census2021_age_65plus", "census2021_age_bands"):
        note = next(each for each in loaded.datasets if each.source_id == source).notes[0]
        for said in (f"{bands.sum():,}", f"{whole.sum():,}", share, f"more than {np.abs(bands - whole).max()})"):
            assert said in note, (source, said)

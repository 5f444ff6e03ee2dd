"""Loading is all or nothing, changes nothing the second time, and survives being killed."""

import shutil
import subprocess
import sys
import threading
import time

import numpy as np
import pytest

from inroads.analytics import store as stores
from inroads.analytics.published import open_published
from inroads.interop.open_data import intake

from .conftest import disability_rows


@pytest.fixture
def store(tmp_path):
    return tmp_path / "store"


@pytest.fixture
def disability(write):
    return write("disability.csv", disability_rows())


def test_loading_again_changes_nothing(store, disability, centroids):
    first = intake.add([disability, centroids], store=store)
    said = []
    second = intake.add([disability, centroids], store=store, say=said.append)
    assert first.changed
    assert not second.changed
    assert second.generation == first.generation
    assert second.unchanged == (str(disability), str(centroids))
    assert any("Already loaded" in line for line in said)


def test_the_same_files_in_another_order_give_the_same_generation(tmp_path, disability, centroids):
    together = intake.add([disability, centroids], store=tmp_path / "a")
    intake.add([centroids], store=tmp_path / "b")
    apart = intake.add([disability], store=tmp_path / "b")
    assert together.generation == apart.generation


def test_figures_reach_the_neighbourhoods(store, disability, centroids):
    intake.add([disability, centroids], store=store)
    neighbourhoods = open_published(store).neighbourhoods
    row = neighbourhoods.row("E01000008")
    assert neighbourhoods.easting[row] == 400_007.5
    assert neighbourhoods.count("disabled_people")[row] == 107
    assert neighbourhoods.indicator("disabled_people")[row] == pytest.approx(10.7)
    assert np.isnan(neighbourhoods.indicator("deri")).all()


def test_a_newer_file_replaces_the_older_and_old_tables_go(store, disability, centroids, write):
    intake.add([disability, centroids], store=store)
    for extra in range(1, 4):
        rows = disability_rows()
        rows[1] = f"E01000001,1000,{200 + extra},{800 - extra}"
        intake.add([write("newer.csv", rows)], store=store)
    published = open_published(store)
    assert published.neighbourhoods.count("disabled_people")[0] == 203
    assert len(published.datasets) == 2
    assert len(list((store / "generations").iterdir())) == 2
    assert len(list((store / "tables").iterdir())) == 3


KILLED = """
import os, signal, sys
from pathlib import Path
from inroads.analytics import store as stores
from inroads.interop.open_data import intake
moment, store, *paths = sys.argv[1:]
def die(*_, **__): os.kill(os.getpid(), signal.SIGKILL)
def say(line):
    if moment == "building" and line.startswith("Building"): die()
if moment == "before the tables move": intake.schema.write = die
if moment == "before the pointer": Path.replace = die
if moment == "after the pointer": stores._sweep = die
intake.add([Path(path) for path in paths], store=Path(store), say=say)
"""


@pytest.mark.parametrize("moment", ["building", "before the tables move", "before the pointer", "after the pointer"])
def test_a_killed_load_leaves_whole_figures(store, disability, centroids, write, moment):
    first = intake.add([disability, centroids], store=store)
    rows = disability_rows()
    rows[1] = "E01000001,1000,250,750"
    newer = write("newer.csv", rows)
    killed = subprocess.run([sys.executable, "-c", KILLED, moment, str(store), str(newer)], check=False)
    assert killed.returncode == -9
    published = open_published(store)
    old = moment != "after the pointer"
    assert (published.generation == first.generation) is old
    assert published.neighbourhoods.count("disabled_people")[0] == (100 if old else 250)
    again = intake.add([newer], store=store)
    assert again.changed is old
    assert open_published(store).neighbourhoods.count("disabled_people")[0] == 250
    assert not (store / "staging").exists()


def test_a_second_load_waits_for_the_first(store, disability, centroids):
    said = []
    with stores.locked(store, say=said.append):
        waiting = threading.Thread(
            target=intake.add, args=([disability, centroids],), kwargs={"store": store, "say": said.append}
        )
        waiting.start()
        until = time.monotonic() + 60
        while not said and time.monotonic() < until:
            time.sleep(0.01)
        assert waiting.is_alive()
        assert said == ["Another load is under way here: waiting for it to finish."]
        assert open_published(store) is None
    waiting.join(timeout=60)
    assert open_published(store) is not None


def test_two_parts_of_a_country_lie_side_by_side(store, write, centroids):
    def shapes(code):
        ring = "[[-1.2,50.6],[-1.1,50.6],[-1.1,50.7],[-1.2,50.6]]"
        geometry = f'{{"type":"Polygon","coordinates":[{ring}]}}'
        return [f'{{"features":[{{"properties":{{"lsoa21_code":"{code}"}},"geometry":{geometry}}}]}}']

    intake.add([write("one.geojson", shapes("E01000001")), centroids], store=store)
    intake.add([write("two.geojson", shapes("E01000002")), centroids], store=store)
    assert len(open_published(store).datasets) == 3
    intake.add([write("again.geojson", [*shapes("E01000002"), ""]), centroids], store=store)
    assert sorted(dataset.file_name for dataset in open_published(store).datasets) == [
        "again.geojson",
        "centroids.csv",
        "one.geojson",
    ]


def _overwrite(path):
    path.write_bytes(b"PAR1 no")


@pytest.mark.parametrize("lost", ["neighbourhoods.parquet", "shapes.parquet", "manifest.json", "the folder"])
def test_loading_again_heals_damaged_figures(store, disability, centroids, lost):
    first = intake.add([disability, centroids], store=store)
    place = store / "generations" / first.generation
    shutil.rmtree(place) if lost == "the folder" else _overwrite(place / lost)
    said = []
    again = intake.add([disability, centroids], store=store, say=said.append)
    assert (again.changed, again.generation) == (True, first.generation)
    published = open_published(store)
    assert published.neighbourhoods.count("disabled_people")[0] == 100
    assert published.outline("E92000001") is None
    assert any("What was loaded before is lost" in line for line in said) is (lost in ("manifest.json", "the folder"))
    assert not any("Already loaded" in line for line in said)


def test_an_accepted_table_that_is_damaged_is_named_and_read_again(store, disability, centroids):
    intake.add([disability, centroids], store=store)
    _overwrite(next((store / "tables").glob("census2021_disability-*")))
    with pytest.raises(intake.IntakeError, match=r"\(census2021_disability\) is missing .* \(disability.csv\)"):
        intake.add([centroids], store=store)
    intake.add([disability], store=store)
    assert open_published(store).neighbourhoods.count("disabled_people")[0] == 100


def test_files_left_alone_are_said_at_the_end_with_reasons_and_a_few_names(store, disability, tmp_path, centroids):
    data = tmp_path / "data"
    data.mkdir()
    disability = disability.rename(data / disability.name)
    for folder, number in (("services", 7), ("directory", 1)):
        (data / folder).mkdir()
        for at in range(number):
            (data / folder / f"{at}.csv").write_text(f"id,colour_{at}\n1,2\n", encoding="utf-8")
    (data / "READ.md").write_text("hello", encoding="utf-8")
    said = []
    outcome = intake.add([data, centroids], store=store, say=said.append)
    assert len(outcome.left_alone) == 9
    names = "directory/0.csv, services/0.csv, services/1.csv, services/2.csv, services/3.csv and 3 more"
    assert said[-3:] == [
        "Left alone: 9 files.",
        "  1 file: not CSV or GeoJSON: data/READ.md",
        f"  8 files: no known source has these columns: {names}",
    ]
    again = []
    intake.add([data, centroids], store=store, say=again.append)
    assert again[-3:] == said[-3:]
    alone = []
    intake.add([disability], store=store, say=alone.append)
    assert not any("Left alone" in line for line in alone)

"""The embedded demonstration stands without any published file and says what it is."""

from dataclasses import replace

import numpy as np
import pytest

from inroads.analytics.published import ENGLAND, open_published
from inroads.analytics.store import StoreError
from inroads.interop.open_data import embedded, intake
from inroads.interop.open_data.build import feeds
from inroads.interop.open_data.embed import embed
from inroads.interop.open_data.problems import EmbedError
from inroads.reference import definitions
from inroads.reference.definitions.figures import FigureTable, Group, Indicator, Source

from .conftest import disability_rows

PLACE = "E06000046"


@pytest.fixture
def store(tmp_path):
    return tmp_path / "store"


def test_it_shows_the_isle_of_wight(store):
    assert embedded.add_embedded(store).changed
    published = open_published(store)
    assert published.demonstration
    assert len(published.neighbourhoods) == len(published.neighbourhoods.rows(PLACE)) == 89
    area = published.areas["E54000042"]
    assert (area.name, area.expected, area.loaded) == ("Hampshire and Isle of Wight", 1126, 89)
    assert published.outline(PLACE)
    for indicator in definitions.load(Indicator):
        assert np.isfinite(published.neighbourhoods.indicator(indicator)).all()
        assert published.summary(ENGLAND, indicator).n == 33_755
    for group in definitions.load(Group):
        assert (published.neighbourhoods.count(group) <= published.neighbourhoods.base(group)).all()
    assert len(published.assets) == 11
    assert len(published.assets.offered("library")) == 11


def test_a_second_time_changes_nothing(store):
    first = embedded.add_embedded(store)
    second = embedded.add_embedded(store)
    assert (second.changed, second.generation) == (False, first.generation)


@pytest.mark.parametrize("lost", ["manifest.json", "assets.parquet"])
def test_damaged_figures_are_put_back(store, lost):
    first = embedded.add_embedded(store)
    (store / "generations" / first.generation / lost).unlink()
    with pytest.raises(StoreError):
        open_published(store)
    again = embedded.add_embedded(store)
    assert (again.changed, again.generation) == (True, first.generation)
    assert len(open_published(store).assets) == 11


def test_the_demonstration_does_not_take_the_place_of_damaged_published_files(store, write, centroids):
    outcome = intake.add([write("disability.csv", disability_rows()), centroids], store=store)
    (store / "generations" / outcome.generation / "manifest.json").unlink()
    with pytest.raises(StoreError, match="load the published files again"):
        embedded.add_embedded(store)


def test_published_files_take_its_place_and_it_does_not_come_back(store, write, centroids):
    embedded.add_embedded(store)
    intake.add([write("disability.csv", disability_rows()), centroids], store=store)
    assert not open_published(store).demonstration
    assert not embedded.add_embedded(store).changed
    assert not open_published(store).demonstration


@pytest.mark.parametrize(
    "name", ["isle_of_wight", "summaries", "isle_of_wight_areas", "isle_of_wight_libraries", "isle_of_wight_outline"]
)
def test_every_embedded_column_names_its_source(name):
    described = definitions.load(FigureTable)[name].columns
    assert list(embedded.table(name)[0]) == list(described)
    sources = definitions.load(Source)
    for column, origin in described.items():
        assert origin.derived, column
        assert all(source in sources for source in origin.source.split()), column


def test_every_data_set_of_the_demonstration_has_a_licence(store):
    embedded.add_embedded(store)
    for dataset in open_published(store).datasets:
        assert dataset.licence
        assert dataset.publisher
        assert dataset.rows > 0


def test_a_data_set_says_what_is_held_of_it(store):
    embedded.add_embedded(store)
    held = {dataset.source_id: dataset for dataset in open_published(store).datasets}
    rows = {"boundaries_ltla24": 1, "icb24_nhs_region": 4, "libraries_2023": 11, "libraries_2016": 11}
    rows["ltla23_utla23"] = 11
    assert {source: dataset.rows for source, dataset in held.items()} == dict.fromkeys(held, 89) | rows
    assert held["boundaries_ltla24"].notes[0] == "Copied here: 1 outline."
    assert held["population_mid2020"].notes[0].endswith("its own figures are not copied here.")


def test_a_data_set_feeds_what_it_feeds_in_a_national_load(store):
    embedded.add_embedded(store)
    shapes = [definitions.load(shape) for shape in (Source, Indicator, Group)]
    for dataset in open_published(store).datasets:
        assert dataset.feeds == feeds(*shapes)[dataset.source_id] != (), dataset.source_id


@pytest.mark.published
def test_the_same_data_set_feeds_the_same_in_the_demonstration(store, loaded):
    embedded.add_embedded(store)
    national = {dataset.source_id: dataset.feeds for dataset in loaded.datasets}
    assert all(dataset.feeds == national[dataset.source_id] for dataset in open_published(store).datasets)


def test_the_score_is_the_mean_of_its_three_components():
    rows = embedded.table("isle_of_wight")
    names = ("indicator:broadband", "indicator:demography", "indicator:deprivation")
    components = np.array([[float(row[name]) for name in names] for row in rows])
    assert components.shape == (89, 3)
    score = [float(row["indicator:deri"]) for row in rows]
    assert np.abs(components.mean(axis=1) - score).max() <= 1e-6


def test_the_demonstration_is_not_made_from_itself(store, tmp_path):
    embedded.add_embedded(store)
    with pytest.raises(EmbedError, match="holds no publishers' files"):
        embed(store, place=PLACE, folder=tmp_path / "figures")
    assert not (tmp_path / "figures").exists()


@pytest.mark.published
def test_embedded_tables_are_made_again_byte_for_byte(national_store, tmp_path):
    here = definitions.folder() / FigureTable.KIND
    for folder in (tmp_path / "once", tmp_path / "twice"):
        written = embed(national_store, place=PLACE, folder=folder)
        assert {path.name for path in written} == {path.name for path in here.iterdir()}
        for path in written:
            assert path.read_bytes() == (here / path.name).read_bytes(), path.name


@pytest.mark.published
@pytest.mark.parametrize(
    ("place", "said"),
    [("E99999999", "not a local authority"), ("E54000042", "not a local authority"), ("E07000223", "no library")],
)
def test_a_place_that_cannot_be_embedded_is_refused_and_nothing_written(national_store, tmp_path, place, said):
    with pytest.raises(EmbedError, match=said):
        embed(national_store, place=place, folder=tmp_path / "figures")
    assert not (tmp_path / "figures").exists()


@pytest.mark.published
def test_a_store_without_all_figures_is_refused_by_the_names_of_its_sources(published_data, tmp_path):
    lookup = published_data / "lookup" / "lookup_lsoa21_ward24_ltla24.csv.gz"
    intake.add([lookup], store=tmp_path / "store")
    with pytest.raises(EmbedError, match=r"figures of .*deri_v1_6.* are missing"):
        embed(tmp_path / "store", place=PLACE, folder=tmp_path / "figures")


def _figures():
    return definitions.folder() / FigureTable.KIND


@pytest.mark.published
def test_what_an_installed_package_located_is_not_copied(national_store, monkeypatch, tmp_path):
    whole = open_published(national_store)
    assets = whole.assets
    here = assets.name == "East Cowes Community Library"
    changed = replace(
        assets,
        easting=np.where(here, 450_550.0, assets.easting),
        northing=np.where(here, 95_470.0, assets.northing),
        located_by=np.where(here, "postcode, by some-package", assets.located_by),
    )
    assert here.sum() == 1
    monkeypatch.setattr("inroads.interop.open_data.embed.open_published", lambda _: replace(whole, assets=changed))
    embed(national_store, place=PLACE, folder=tmp_path)
    name = "isle_of_wight_libraries.csv"
    copied, kept = ((folder / name).read_text("utf-8").splitlines() for folder in (tmp_path, _figures()))
    differing = [(a, b) for a, b in zip(copied, kept, strict=True) if a != b]
    assert [a for a, _ in differing] == [
        "East Cowes Community Library,PO32 6RU,,,,open,libraries_2023,Isle of Wight,E06000046"
    ]
    assert "name in the 2016 list" in differing[0][1]

"""What pages read from a store of published figures."""

import shutil
from dataclasses import asdict

import numpy as np
import pyarrow.parquet as pq
import pytest

from inroads.analytics import schema
from inroads.analytics import store as stores
from inroads.analytics.published import Area, Assets, area_rows, is_whole, open_published


def assets():
    texts = ["library", "library", "library"]
    return Assets(
        np.array(texts), np.array(["One", "Two", "Three"]), np.array(["A1", "A2", "A3"]),
        np.array([1.0, np.nan, 3.0]), np.array([1.0, np.nan, 3.0]), np.array(["x", "", "x"]),
        np.array(["open", "open", "closed"]), np.array(texts),
        np.array(["Shire"] * 3), np.array(["E06000001", "E06000001 E06000002", ""]),
    )  # fmt: skip


def publish(store, generation="one", deri=(1.0, 3.0, np.nan)):
    columns = {
        "code": ["E01000001", "E01000002", "E01000003"], "name": ["Ash", "Birch", "Cedar"],
        "ward": ["Grove", "Grove", ""],
        "local_authority": ["E06000001", "E06000002", "E06000001"], "ics": ["E54000001"] * 3,
        "rural_urban": ["", "", ""], "carried": ["unchanged", "split", ""],
        "easting": np.arange(3.0), "northing": np.arange(3.0), "population": np.array([100.0, 300, 500]),
        "indicator:deri": np.array(deri), "count:older": np.array([1.0, 2, 3]), "base:older": np.array([10.0, 20, 30]),
    }  # fmt: skip
    areas = [
        Area("E92000001", "England", "England", "england", (), 3, 3, ""),
        Area("Y1", "North", "North", "nhs_region", ("E92000001",), 3, 3, "Y1"),
        Area("E54000001", "Shire", "NHS Shire Integrated Care Board", "ics", ("Y1", "E92000001"), 3, 3, "QAA"),
    ]
    rows = area_rows(
        np.array(columns["local_authority"]), np.array(columns["ics"]), {area.code: area for area in areas}
    )
    with stores.locked(store, say=print), stores.staging(store) as staging:
        folder = staging / "generation"
        folder.mkdir()
        ring = np.array([[0.0, 0], [10, 0], [10, 10], [0, 0]])
        schema.write(
            folder, neighbourhoods=columns, assets=assets(),
            summaries=schema.summaries(columns, columns["population"], rows),
            rings=[*[("neighbourhood", "E01000001", part) for part in (ring, ring / 2)], ("area", "Y1", ring)],
        )  # fmt: skip
        content = {
            "generation": generation, "demonstration": False, "notes": [], "tables": [], "datasets": [],
            "areas": [asdict(area) for area in areas],
        }  # fmt: skip
        stores.publish(store, folder, generation=generation, content=content)


@pytest.fixture
def published(tmp_path):
    publish(tmp_path)
    return open_published(tmp_path)


def test_nothing_loaded_is_none(tmp_path):
    assert open_published(tmp_path / "nowhere") is None


def test_rows_of_areas(published):
    neighbourhoods = published.neighbourhoods
    assert neighbourhoods.row("E01000002") == 1
    assert neighbourhoods.row("E01000009") is None
    assert neighbourhoods.rows("E06000001").tolist() == [0, 2]
    for area in ("E54000001", "Y1", "E92000001"):
        assert neighbourhoods.rows(area).tolist() == [0, 1, 2]
    assert neighbourhoods.rows("E06000099").tolist() == []


def test_the_ward_of_a_neighbourhood(published):
    neighbourhoods = published.neighbourhoods
    assert [neighbourhoods.ward_of(code) for code in ("E01000001", "E01000003", "E01000009")] == ["Grove", "", ""]


def test_figures_loaded_before_wards_were_carried_still_open(tmp_path):
    publish(tmp_path)
    path = next(tmp_path.glob("generations/*/neighbourhoods.parquet"))
    pq.write_table(pq.read_table(path).drop_columns(["ward"]), path)
    assert open_published(tmp_path).neighbourhoods.ward.tolist() == ["", "", ""]


def test_places_loaded_before_their_authority_was_kept_still_open(tmp_path):
    publish(tmp_path)
    path = next(tmp_path.glob("generations/*/assets.parquet"))
    pq.write_table(pq.read_table(path).drop_columns(["authority", "local_authorities"]), path)
    found = open_published(tmp_path).assets
    assert found.authority.tolist() == found.local_authorities.tolist() == ["", "", ""]


def cut_short(path):
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


DAMAGE = {
    "missing": lambda path: path.unlink(),
    "cut short": cut_short,
    "overwritten": lambda path: path.write_text("no"),
}


@pytest.mark.parametrize("how", DAMAGE)
@pytest.mark.parametrize(
    "name", ["manifest.json", "neighbourhoods.parquet", "summaries.parquet", "assets.parquet", "shapes.parquet"]
)
def test_damaged_figures_are_one_clear_error(tmp_path, name, how):
    publish(tmp_path)
    DAMAGE[how](tmp_path / "generations" / "one" / name)
    with pytest.raises(stores.StoreError, match=r"generations/one: .*load the published files again"):
        open_published(tmp_path)
    assert not is_whole(tmp_path)


@pytest.mark.parametrize("how", DAMAGE)
def test_shapes_damaged_after_opening_are_said_where_they_are_read(tmp_path, how):
    publish(tmp_path)
    published = open_published(tmp_path)
    DAMAGE[how](tmp_path / "generations" / "one" / "shapes.parquet")
    with pytest.raises(stores.StoreError, match=r"generations/one: .*load the published files again"):
        published.outline("Y1")
    assert not is_whole(tmp_path)


def test_a_generation_that_is_gone_is_one_clear_error(tmp_path):
    publish(tmp_path)
    shutil.rmtree(tmp_path / "generations")
    with pytest.raises(stores.StoreError, match=r"generations/one: .*load the published files again"):
        open_published(tmp_path)
    with pytest.raises(stores.StoreError):
        stores.manifest(tmp_path)
    assert not is_whole(tmp_path)


def test_whole_figures_are_whole_and_none_are_not(tmp_path):
    assert not is_whole(tmp_path)
    publish(tmp_path)
    assert is_whole(tmp_path)


def test_a_summary_leaves_unknown_values_out_and_weights_by_population(published):
    summary = published.summary("E92000001", "deri")
    assert (summary.n, summary.minimum, summary.maximum) == (2, 1.0, 3.0)
    assert summary.mean == pytest.approx((1 * 100 + 3 * 300) / 400)
    assert summary.quantiles == pytest.approx(np.linspace(1, 3, 21))
    assert published.summary("E92000001", "unknown") is None


def test_shapes_and_outlines(published):
    first, second = published.shapes(["E01000001", "E01000002"])
    assert [ring.shape for ring in first] == [(4, 2), (4, 2)]
    assert second is None
    assert published.outline("Y1")[0].tolist()[1] == [10, 0]
    assert published.outline("E54000001") is None


def test_places_offered_are_open_and_located(published):
    assert published.assets.offered("library").tolist() == [0]
    assert published.assets.offered("hospital").tolist() == []


def test_figures_cannot_be_changed_by_a_reader(published):
    with pytest.raises(ValueError, match="read-only"):
        published.neighbourhoods.indicator("deri")[0] = 9
    with pytest.raises(KeyError):
        published.neighbourhoods.indicator("unknown")


def test_a_new_generation_is_seen_and_the_old_one_still_reads(tmp_path):
    publish(tmp_path)
    old = open_published(tmp_path)
    assert open_published(tmp_path) is old
    publish(tmp_path, "two", deri=(5.0, 5.0, 5.0))
    new = open_published(tmp_path)
    assert (old.generation, new.generation) == ("one", "two")
    assert old.outline("Y1")
    assert new.neighbourhoods.indicator("deri").tolist() == [5, 5, 5]
    publish(tmp_path, "three")
    assert sorted(place.name for place in (tmp_path / "generations").iterdir()) == ["three", "two"]

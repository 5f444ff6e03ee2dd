"""Any damage in a store is one sentence, and loading the same files again puts it right."""

import os
import shutil

import pytest

from inroads.analytics import published as tables
from inroads.analytics import store as stores
from inroads.analytics.published import open_published
from inroads.analytics.store import StoreError
from inroads.interop.open_data import embedded, intake
from inroads.interop.open_data.problems import LONGEST

from .conftest import disability_rows


@pytest.fixture
def store(tmp_path):
    return tmp_path / "store"


@pytest.fixture
def disability(write):
    return write("disability.csv", disability_rows())


def generation(store):
    return next((store / "generations").iterdir())


def overwrite(name, content):
    return lambda store: (generation(store) / name).write_bytes(content)


def cut_short(name):
    def cut(store):
        path = generation(store) / name
        path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])

    return cut


def pointer(content):
    return lambda store: (store / "current").write_bytes(content)


def pointer_to_folder(store):
    (store / "current").unlink()
    (store / "current").mkdir()
    (store / "current" / "something").write_text("x")


def generation_to_file(store):
    place = generation(store)
    shutil.rmtree(place)
    place.write_text("x")


DAMAGE = {
    "generation gone": lambda store: shutil.rmtree(generation(store)),
    "generations gone": lambda store: shutil.rmtree(store / "generations"),
    "generation is a file": generation_to_file,
    "manifest cut": overwrite("manifest.json", b"{x"),
    "manifest empty": overwrite("manifest.json", b"{}"),
    "manifest a list": overwrite("manifest.json", b"[]"),
    "manifest nested": overwrite("manifest.json", b"[" * 200_000),
    "neighbourhoods cut": cut_short("neighbourhoods.parquet"),
    "neighbourhoods random": overwrite("neighbourhoods.parquet", os.urandom(5000)),
    "summaries cut": cut_short("summaries.parquet"),
    "assets random": overwrite("assets.parquet", os.urandom(5000)),
    "shapes random": overwrite("shapes.parquet", os.urandom(5000)),
    "shapes gone": lambda store: (generation(store) / "shapes.parquet").unlink(),
    "pointer random": pointer(bytes(range(128, 256)) + b"/\0"),
    "pointer empty": pointer(b""),
    "pointer up": pointer(b".."),
    "pointer to nothing": pointer(b"abc"),
    "pointer a folder": pointer_to_folder,
}


def sentence(store, read):
    with pytest.raises(StoreError) as error:
        read(store)
    said = str(error.value)
    assert str(store) in said
    assert "inroads data add" in said
    assert len(said) <= LONGEST
    assert said.isprintable()


@pytest.mark.parametrize("how", DAMAGE)
def test_damage_is_one_sentence_and_the_files_heal_it(store, disability, centroids, how):
    first = intake.add([disability, centroids], store=store)
    DAMAGE[how](store)
    tables._open.clear()
    sentence(store, open_published)
    if not how.startswith(("neighbourhoods", "summaries", "assets", "shapes")):
        sentence(store, stores.manifest)
    again = intake.add([disability, centroids], store=store)
    assert (again.changed, again.generation) == (True, first.generation)
    assert open_published(store).neighbourhoods.count("disabled_people")[0] == 100
    assert open_published(store).outline("E92000001") is None


@pytest.mark.parametrize("how", DAMAGE)
def test_the_demonstration_heals(store, how):
    embedded.add_embedded(store)
    DAMAGE[how](store)
    tables._open.clear()
    sentence(store, open_published)
    if how == "pointer to nothing":  # it may have named published files: the demonstration must not take their place
        sentence(store, embedded.add_embedded)
        return
    assert embedded.add_embedded(store).changed
    assert len(open_published(store).neighbourhoods) == 89


@pytest.mark.parametrize("how", ["missing", "random", "damaged in the middle"])
def test_a_damaged_table_is_read_again_or_its_file_asked_for(store, disability, centroids, how):
    first = intake.add([disability, centroids], store=store)
    path = next((store / "tables").glob("census2021_disability-*"))
    whole = path.read_bytes()
    if how == "missing":
        path.unlink()
    else:
        middle = len(whole) // 4
        path.write_bytes(os.urandom(300) if how == "random" else whole[:middle] + bytes(9999) + whole[middle + 9999 :])
    with pytest.raises(intake.IntakeError, match=r"\(census2021_disability\) is missing or damaged.*disability.csv"):
        intake.add([centroids], store=store)
    assert open_published(store).generation == first.generation
    intake.add([disability], store=store)
    intake.add([centroids], store=store)
    assert open_published(store).neighbourhoods.count("disabled_people")[0] == 100
    assert path.read_bytes() == whole


@pytest.mark.parametrize("demonstration", [True, False])
def test_a_load_that_names_no_neighbourhoods_is_refused(store, disability, demonstration):
    if demonstration:
        embedded.add_embedded(store)
    with pytest.raises(
        intake.IntakeError, match=r"lsoa21_icb24.*centroids_lsoa21.*What was shown before stays"
    ) as error:
        intake.add([disability], store=store)
    assert len(str(error.value)) <= LONGEST
    assert (open_published(store) is not None) is demonstration
    if demonstration:
        assert len(open_published(store).neighbourhoods) == 89

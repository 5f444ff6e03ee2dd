"""Postcodes through a package that happens to be installed: asked, checked, named, and never trusted blindly."""

import sys

import pyarrow as pa
import pytest

from inroads.analytics import store as stores
from inroads.interop.open_data import intake, postcodes
from inroads.interop.open_data.assets import assets

LIBRARIES = {
    "name": ["Cowes", "East Cowes", "HMP Isle of Wight", "Gone", "Records", "Nowhere"],
    "postcode": ["PO31 7SG", "po32 6ru ", "PO30 5RS", "PO30 1AA", "PO30 1AB", ""],
    "type": ["Static Library", "Static Library", "Prison Library", "Static Library", "Archive", "Static Library"],
    "operation_23": ["LA", "CR", "LA", "Closed", "LA", "LA"],
    "closed": ["", "", "", "2015", "", ""],
    "reporting": ["Isle of Wight"] * 6,
    "authority": ["Isle of Wight"] * 6,
}
EARLIER = {"name": ["Cowes"], "postcode": ["PO31 7SG"], "closed": [""], "lat": [50.7605], "lng": [-1.2986]}
KNOWS = """
def locate(codes):
    return [(-1.2848, 50.7571) if code == "PO32 6RU" else None for code in codes]
"""


@pytest.fixture
def install(tmp_path, monkeypatch):
    """A distribution on the path, as an installer would leave it."""

    def _install(source, name="postcodes-of-britain", version="1.2"):
        module = name.replace("-", "_")
        place = tmp_path / f"site-{name}"
        about = place / f"{module}-{version}.dist-info"
        about.mkdir(parents=True)
        (place / f"{module}.py").write_text(source, encoding="utf-8")
        (about / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n", encoding="utf-8")
        (about / "entry_points.txt").write_text(f"[inroads.postcodes]\nlocate = {module}:locate\n", encoding="utf-8")
        monkeypatch.syspath_prepend(str(place))
        monkeypatch.delitem(sys.modules, module, raising=False)

    return _install


class Held:
    """Tables in memory, as intake would give them."""

    def get(self, source, columns=None):
        held = {"libraries_2023": pa.table(LIBRARIES), "libraries_2016": pa.table(EARLIER)}
        table = held.get(source)
        return table.select(columns) if table is not None and columns else table


def gathered():
    found, notes = assets(Held(), postcodes.installed())
    return found, " ".join(notes["libraries_2023"])


def test_nothing_is_installed_here():
    assert postcodes.installed() == []


def test_a_library_that_no_list_locates_is_located_and_says_by_what(install):
    install(KNOWS)
    found, said = gathered()
    row = found.name.tolist().index("East Cowes")
    assert found.located_by[row] == "postcode, by postcodes-of-britain"
    assert found.easting[row] == pytest.approx(450_550, abs=100)
    assert found.northing[row] == pytest.approx(95_470, abs=100)
    assert "3 libraries are open; 2 were located" in said
    assert "postcodes-of-britain 1.2 was asked for 1 postcodes and located 1" in said


def test_only_open_libraries_without_a_place_are_asked_for(install):
    install("asked = []\ndef locate(codes):\n    asked.extend(codes)\n    return [None] * len(codes)\n")
    found, _ = gathered()
    import postcodes_of_britain

    assert postcodes_of_britain.asked == ["PO32 6RU"]
    assert found.offered("library").size == 1


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ("def locate(codes):\n    raise RuntimeError('no table')\n", "it failed with RuntimeError ('no table')"),
        ("import not_there_at_all\n", "it failed with ModuleNotFoundError"),
        ("def locate(codes):\n    return None\n", "it failed with TypeError"),
        ("def locate(codes):\n    return []\n", "it gave 0 answers to 1 postcodes"),
        ("def locate(codes):\n    return [(50.76, -1.29)]\n", "it put PO32 6RU outside Great Britain (longitude 50.76"),
        ("def locate(codes):\n    return [(float('nan'), 51)]\n", "outside Great Britain"),
        ("def locate(codes):\n    return ['Cowes']\n", "is not a longitude and a latitude ('Cowes')"),
    ],
)
def test_a_package_that_answers_wrongly_is_reported_and_not_used(install, source, said):
    install(source)
    found, notes = gathered()
    assert found.offered("library").size == 1
    assert not any("by postcodes" in how for how in found.located_by)
    assert "postcodes-of-britain 1.2 was asked for postcodes and not used, because" in notes
    assert said in notes


def test_a_second_package_is_asked_for_what_is_left(install):
    install("def locate(codes):\n    return []\n", name="a-broken-one")
    install(KNOWS, name="b-good-one")
    found, _ = gathered()
    assert "postcode, by b-good-one" in found.located_by.tolist()


def test_name_and_version_are_part_of_the_generation(install, tmp_path):
    lines = ["postcode,easting,northing", "PO32 6RU,450300,95300"]
    path = tmp_path / "centres.csv"
    path.write_text("\n".join(lines), encoding="utf-8")
    centroids = tmp_path / "centroids.csv"
    rows = [f"E01{at:06d},450000,95000" for at in range(1, 33_756)]
    centroids.write_text("\n".join(["LSOA21CD,easting,northing", *rows]), encoding="utf-8")
    store = tmp_path / "store"
    before = intake.add([path, centroids], store=store)
    install(KNOWS)
    after = intake.add([path, centroids], store=store)
    assert after.changed
    assert after.generation != before.generation
    assert stores.current(store) == after.generation
    assert not intake.add([path, centroids], store=store).changed

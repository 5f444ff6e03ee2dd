"""Which places are offered, and how they are located."""

import numpy as np
import pyarrow as pa
import pytest

from inroads.analytics.published import Area
from inroads.interop.open_data.assets import assets
from inroads.interop.open_data.libraries import authority_codes, postcode, sites_by_name

LIBRARIES = [
    ("Cowes", "PO31 7SG", "Static Library", "LA", ""),
    ("East Cowes", "PO32 6RU", "static library", "CR", ""),
    ("Niton", "PO38 2AZ", "Static Library", "c", ""),
    ("HMP Isle of Wight - Albany", "PO30 5RS", "Prison Library", "LA", ""),
    ("HMYOI Somewhere", "PO31 7SG", "Static Library", "LA", ""),
    ("Gone", "PO31 7SG", "Static Library", "Closed", "2015"),
    ("Closed since", "PO31 7SG", "Static Library", "LA", "2023"),
    ("Away", "PO31 7SG", "Static Library", "Temporary Closure", ""),
    ("Unsure", "PO31 7SG", "Static Library", "[Unknown]", ""),
    ("The bus", "PO31 7SG", "Mobile Library", "LA", ""),
    ("Records", "PO31 7SG", "Archive", "LA", ""),
]


class Held:
    """Tables in memory, as intake would give them."""

    def __init__(self, **tables):
        self.tables = tables

    def get(self, source, columns=None):
        table = self.tables.get(source)
        return table.select(columns) if table is not None and columns else table


def recent():
    names = ("name", "postcode", "type", "operation_23", "closed")
    columns = dict(zip(names, zip(*LIBRARIES, strict=True), strict=True))
    return pa.table(columns | {"reporting": ["Isle of Wight"] * len(LIBRARIES), "authority": [""] * len(LIBRARIES)})


def earlier():
    return pa.table({
        "name": ["Cowes", "Niton"], "postcode": ["po317sg", "PO38 2AZ"],
        "lat": [50.7605, 50.5876], "lng": [-1.2986, -1.2835], "closed": ["", "XL"],
    })  # fmt: skip


def test_postcodes_are_compared_without_spaces_and_case():
    assert postcode(" po31 7sg ") == "PO317SG"


def test_open_libraries_are_offered_where_their_postcode_was_in_the_earlier_list():
    found, notes = assets(Held(libraries_2023=recent(), libraries_2016=earlier()))
    assert found.name[found.offered("library")].tolist() == ["Cowes", "Niton"]
    status = dict(zip(found.name.tolist(), found.status.tolist(), strict=True))
    assert status["East Cowes"] == "open"
    assert status["HMP Isle of Wight - Albany"] == status["HMYOI Somewhere"] == "prison"
    assert status["Gone"] == status["Closed since"] == "closed"
    assert status["Away"] == "temporarily closed"
    assert status["Unsure"] == "unknown"
    assert "The bus" not in status
    assert found.kind[found.name == "Records"].tolist() == ["archive"]
    assert (
        "3 libraries are open; 2 were located by postcode, 0 by their name at their site of 2016, and 1 could not be"
        in notes["libraries_2023"][0]
    )


def test_coordinates_are_metres_on_the_national_grid():
    found, _ = assets(Held(libraries_2023=recent(), libraries_2016=earlier()))
    assert found.easting[0] == pytest.approx(449_600, abs=150)
    assert found.northing[0] == pytest.approx(95_850, abs=150)


def test_a_postcode_file_locates_the_rest_and_says_so():
    centres = pa.table({"pcds": ["PO32 6RU", "PO31 7SG"], "oseast1m": [450_300.0, 1.0], "osnrth1m": [95_300.0, 1.0]})
    found, _ = assets(Held(libraries_2023=recent(), libraries_2016=earlier(), postcode_centres=centres))
    how = dict(zip(found.name.tolist(), found.located_by.tolist(), strict=True))
    assert how["East Cowes"] == "postcode centre"
    assert how["Cowes"] == "postcode in the 2016 list"
    assert found.easting[found.name == "East Cowes"].tolist() == [450_300.0]


def test_without_the_recent_list_the_earlier_one_is_offered():
    found, _ = assets(Held(libraries_2016=earlier()))
    assert found.name[found.offered("library")].tolist() == ["Cowes"]


def test_no_list_at_all_gives_no_places():
    found, notes = assets(Held())
    assert len(found) == 0
    assert notes == {}
    assert found.easting.dtype == np.float64
    assert found.offered("library").tolist() == []


def stood(*rows):
    """The 2016 list: name, postcode, closed; each place 0.01 degrees east of the one before."""
    return pa.table({
        **{name: [row[at] for row in rows] for at, name in enumerate(("name", "postcode", "closed"))},
        "lat": [50.75] * len(rows), "lng": [-1.3 + 0.01 * at for at in range(len(rows))],
    })  # fmt: skip


def test_a_library_with_another_postcode_is_found_by_its_name_in_the_earlier_list():
    then = stood(("Cowes", "PO31 7SG", ""), ("East Cowes library (the hub)", "PO32 6QY", ""))
    found, notes = assets(Held(libraries_2023=recent(), libraries_2016=then))
    here = found.name == "East Cowes"
    assert found.located_by[here].tolist() == ["name in the 2016 list (its site then)"]
    assert found.easting[here][0] - found.easting[0] == pytest.approx(705, abs=10)
    assert "1 were located by postcode, 1 by their name" in notes["libraries_2023"][0]
    assert "may have moved" in notes["libraries_2023"][1]


def test_a_postcode_file_comes_before_the_name():
    centres = pa.table({"pcds": ["PO32 6RU"], "oseast1m": [450_300.0], "osnrth1m": [95_300.0]})
    then = stood(("East Cowes", "PO32 6QY", ""))
    found, _ = assets(Held(libraries_2023=recent(), libraries_2016=then, postcode_centres=centres))
    assert found.located_by[found.name == "East Cowes"].tolist() == ["postcode centre"]


NEWTON = ("Newton Library", "AB1 2CD")


@pytest.mark.parametrize(
    ("wanted", "listed", "then", "number"),
    [
        ([NEWTON], [], [("newton community hub", "AB12XX", "")], 1),
        ([NEWTON], [], [("Newton", "AB1 2XX", "XLT")], 1),
        ([("St. Peter's & St Paul's", "AB1 2CD")], [], [("St Peters and St Pauls Library", "AB1 2XX", "")], 1),
        ([NEWTON], [], [("Newton", "AB1 2XX", "XL")], 0),
        ([NEWTON], [], [("Newton", "AB2 2XX", "")], 0),
        ([NEWTON], [], [("Newtown", "AB1 2XX", "")], 0),
        ([NEWTON], [], [("Newton", "AB1 2XX", ""), ("Newton Hub", "AB1 2YY", "")], 0),
        ([NEWTON, ("Newton Hub", "AB1 2ZZ")], [], [("Newton", "AB1 2XX", "")], 0),
        ([NEWTON], [("Another", "ab12xx")], [("Newton", "AB1 2XX", "")], 0),
        ([("The Library", "AB1 2CD")], [], [("Community Hub", "AB1 2XX", "")], 0),
    ],
)
def test_a_name_finds_a_site_only_where_one_alone_will_do(wanted, listed, then, number):
    assert len(sites_by_name(wanted, [*wanted, *listed], stood(*then))) == number


def test_authorities_are_known_by_name_in_the_forms_that_lists_use():
    named = {
        "E06000010": "Kingston upon Hull, City of", "E08000013": "St. Helens", "E07000136": "Boston",
        "E06000033": "Southend-on-Sea", "E07000138": "Lincoln", "E09000001": "City of London",
    }  # fmt: skip
    areas = [Area(code, name, name, "local_authority", (), 1, 1, "") for code, name in named.items()]
    upper = pa.table({
        "ltla23_code": [*named, "E07000999"],
        "utla23_name": [*list(named.values())[:2], "Lincolnshire", "Southend-on-Sea", "Lincolnshire", "City of London",
                        "Lincolnshire"],
    })  # fmt: skip
    asked = {"Hull", "Kingston Upon Hull", "St Helens", "Lincolnshire County Council", "Southend", "London", "Kent", ""}
    assert authority_codes(asked, areas, upper) == {
        "Hull": "", "Kingston Upon Hull": "E06000010", "St Helens": "E08000013", "Southend": "E06000033",
        "Lincolnshire County Council": "E07000136 E07000138", "London": "E09000001", "Kent": "", "": "",
    }  # fmt: skip


def test_the_authority_that_reports_a_library_is_kept_and_one_nobody_knows_is_said():
    area = Area("E06000046", "Isle of Wight", "Isle of Wight", "local_authority", (), 89, 89, "")
    table = recent()
    odd = ["Atlantis", *table["reporting"].to_pylist()[1:]]
    table = table.set_column(table.column_names.index("reporting"), "reporting", pa.array(odd))
    found, notes = assets(Held(libraries_2023=table, libraries_2016=earlier()), areas=[area])
    assert found.authority[:2].tolist() == ["Atlantis", "Isle of Wight"]
    assert found.local_authorities[:2].tolist() == ["", "E06000046"]
    assert any("'Atlantis'" in line for line in notes["libraries_2023"])

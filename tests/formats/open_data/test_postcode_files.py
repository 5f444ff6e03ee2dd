"""Files of postcode centres: the Office for National Statistics' and the Ordnance Survey's columns, small and large."""

import time

import numpy as np
import pytest

from inroads.analytics.published import open_published
from inroads.interop.open_data import intake
from inroads.interop.open_data.problems import IntakeError

LIBRARIES = 3487
METRES = "pcd,pcd2,pcds,dointr,doterm,oseast1m,osnrth1m,lat,long"
PLACED = "PO1  1AA,PO1  1AA,PO1 1AA,198001,,450300,95300,50.7556,-1.2885"


@pytest.fixture
def libraries(write):
    """As many libraries as were published; the first three are in PO1 1AA, PO1 1AB and PO1 1AC."""
    postcodes = ["PO1 1AA", "po1 1ab", "PO11AC", *[""] * (LIBRARIES - 3)]
    rows = [f"X,Library {at},X,{code},Static Library,Yes,LA," for at, code in enumerate(postcodes)]
    return write("libraries.csv", ["reporting,name,authority,postcode,type,statutory_23,operation_23,closed", *rows])


def placed(store):
    assets = open_published(store).assets
    order = np.argsort(assets.name, kind="stable")
    known = {name: at for at, name in zip(order.tolist(), assets.name[order].tolist(), strict=True)}
    return [
        (round(float(assets.easting[row])), round(float(assets.northing[row]))) if assets.located_by[row] else None
        for row in (known[f"Library {at}"] for at in range(3))
    ]


def test_the_directory_is_read_in_metres_and_terminated_postcodes_are_left_out(tmp_path, write, libraries, centroids):
    rows = [METRES, PLACED, "PO1  1AB,PO1  1AB,PO1 1AB,198001,201512,450400,95400,50.75,-1.28"]
    rows += ["PO1  1AC,PO1  1AC,PO1 1AC,198001,,,,99.999999,0.000000"]
    outcome = intake.add([write("onspd.csv", rows), libraries, centroids], store=tmp_path / "store")
    assert {dataset.source_id for dataset in outcome.added} == {
        "postcode_centres",
        "libraries_2023",
        "centroids_lsoa21",
    }
    assert placed(tmp_path / "store") == [(450_300, 95_300), None, None]


@pytest.mark.parametrize("heading", ["pcds", "pcd", "pcd2", "PCD"])
def test_longitude_and_latitude_are_read_too(tmp_path, write, libraries, heading, centroids):
    rows = [f"{heading},lat,long", "PO1 1AA,50.7556,-1.2885", "PO1 1AB,99.999999,0.000000", "PO1 1AD,51,0"]
    outcome = intake.add([write("cut.csv", rows), libraries, centroids], store=tmp_path / "store")
    assert "postcode_centres_degrees" in {dataset.source_id for dataset in outcome.added}
    first, second, third = placed(tmp_path / "store")
    assert first == (pytest.approx(450_290, abs=60), pytest.approx(95_300, abs=60))
    assert second is third is None


def test_without_a_column_of_terminations_every_postcode_counts(tmp_path, write, libraries, centroids):
    rows = ["Postcode,Positional_quality_indicator,Eastings,Northings", "PO1 1AA,10,450300,95300", "PO1 1AB,90,0,0"]
    intake.add([write("codepoint.csv", rows), libraries, centroids], store=tmp_path / "store")
    assert placed(tmp_path / "store") == [(450_300, 95_300), None, None]


def test_latitude_and_longitude_the_wrong_way_round_are_refused(tmp_path, write):
    path = write("swapped.csv", ["pcds,lat,long", "PO1 1AA,50.7,-1.2", "PO1 1AB,-1.2,50.7"])
    with pytest.raises(IntakeError, match=r"row 3, column 'lat': found '-1.2', expected a number from 49 to 100"):
        intake.add([path], store=tmp_path / "store")


def test_other_lists_with_a_postcode_and_coordinates_are_not_taken_for_centres(tmp_path, write):
    path = write("practices.csv", ["practice,postcode,latitude,longitude", "A,PO1 1AA,50.7,-1.2"])
    with pytest.raises(IntakeError, match="no known source"):
        intake.add([path], store=tmp_path / "store")


def test_fifty_thousand_postcodes_are_read_within_seconds(tmp_path, write, libraries, centroids):
    letters = "ABDEFGHJLNPQRSTUWXYZ"
    units = [f"{at}{one}{two}" for at in range(10) for one in letters for two in letters]
    area = [f"PO{number} {unit}" for number in range(2, 15) for unit in units][:49_999]
    rows = [
        METRES,
        PLACED,
        *(f"{code},{code},{code},198001,,{400_000 + at},{90_000 + at},51,0" for at, code in enumerate(area)),
    ]
    path = write("onspd.csv", rows)
    began = time.process_time()
    outcome = intake.add([path, libraries, centroids], store=tmp_path / "store")
    assert time.process_time() - began < 15
    assert max(dataset.rows for dataset in outcome.added) == 50_000
    assert placed(tmp_path / "store")[0] == (450_300, 95_300)

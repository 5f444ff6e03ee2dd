"""Files that are wrong in the ways real ones are: each gets one clear sentence, and nothing is loaded."""

import gzip
import re

import pytest

from inroads.analytics.published import open_published
from inroads.interop.open_data import intake
from inroads.interop.open_data.problems import IntakeError

from .conftest import disability_rows


def refused(store, *paths):
    with pytest.raises(IntakeError) as error:
        intake.add(paths, store=store)
    assert open_published(store) is None
    return error.value.problems


@pytest.fixture
def store(tmp_path):
    return tmp_path / "store"


def edited(row, cells):
    rows = disability_rows()
    rows[row - 1] = cells
    return rows


@pytest.mark.parametrize(
    ("row", "cells", "expected"),
    [
        (7, "E01000006,1000,*,900", r"row 7, column 'Disabled under the Equality Act': found '\*', expected a number"),
        (7, "E01000006,1000,,900", r"row 7, column 'Disabled.*': found an empty cell, expected a number"),
        (9, "E01000008,1000,100,abc", r"row 9, column 'Not disabled.*': found 'abc', expected a number"),
        (9, "E01000008,1000,-5,1005", r"row 9, column 'Disabled.*': found '-5', expected a number from 0 to 20,000"),
        (9, "E01000008,1000,99.5,900.5", r"row 9, column 'Disabled.*': found '99.5', expected a whole number"),
        (9, "E01000008,1000,100,901", r"row 9, column 'total_residents': found 1,000, expected 1,001"),
        (9, "E01000007,1000,100,900", r"row 9, column 'lsoa21_code': 'E01000007' stands already in row 8"),
        (9, "Hartlepool,1000,100,900", r"row 9, column 'lsoa21_code': found 'Hartlepool', expected a code of"),
        (9, "E01000008,1000,100", r"row 9: 3 cells where the heading row has 4"),
    ],
)
def test_a_bad_cell_is_named_by_row_and_column(store, write, row, cells, expected):
    path = write("download.csv", edited(row, cells))
    (problem,) = refused(store, path)
    assert problem.startswith(f"{path}: ")
    assert re.search(expected, problem), problem


def test_numbers_with_thousands_commas_are_read(store, write, centroids):
    rows = edited(9, 'E01000008,"1,000",100,900')
    intake.add([write("commas.csv", rows), centroids], store=store)
    published = open_published(store)
    assert published.datasets[0].rows == 33_755


def test_a_short_file_says_how_many_rows_were_published(store, write):
    (problem,) = refused(store, write("short.csv", disability_rows()[:3]))
    assert "2 rows, expected 33,755 as published" in problem


def test_a_renamed_column_names_the_nearest_source_and_what_is_missing(store, write):
    rows = disability_rows()
    rows[0] = rows[0].replace("total_residents", "everyone")
    (problem,) = refused(store, write("renamed.csv", rows))
    assert "census2021_disability" in problem
    assert "'total_residents'" in problem


def test_a_file_of_unknown_columns_does_not_guess(store, write):
    (problem,) = refused(store, write("other.csv", ["a,b", "1,2"]))
    assert "no known source has these columns ('a', 'b')" in problem


def test_a_truncated_compressed_file(store, tmp_path):
    path = tmp_path / "cut.csv.gz"
    path.write_bytes(gzip.compress("\n".join(disability_rows()).encode())[:5000])
    (problem,) = refused(store, path)
    assert "damaged or cut short" in problem


def test_a_web_page_saved_as_csv(store, write):
    (problem,) = refused(store, write("page.csv", ["<!DOCTYPE html>", "<html><body>Not found</body></html>"]))
    assert "this is a web page, not data" in problem


@pytest.mark.parametrize("content", [b"", b"\xef\xbb\xbf\n", b"\n\n"])
def test_an_empty_file(store, tmp_path, content):
    path = tmp_path / "empty.csv"
    path.write_bytes(content)
    (problem,) = refused(store, path)
    assert "the file is empty" in problem


def test_a_heading_without_data(store, write):
    (problem,) = refused(store, write("heading.csv", disability_rows()[:1]))
    assert "no data below it" in problem


def test_a_workbook(store, tmp_path):
    path = tmp_path / "book.csv"
    path.write_bytes(b"PK\x03\x04" + bytes(100))
    (problem,) = refused(store, path)
    assert "spreadsheet workbook" in problem


def test_a_folder_that_is_not_there(store, tmp_path):
    (problem,) = refused(store, tmp_path / "nowhere")
    assert "there is no such file or folder" in problem


def test_every_bad_file_is_listed_and_the_good_one_is_not_loaded(store, write):
    good = write("good.csv", disability_rows())
    problems = refused(store, good, write("a.csv", ["a,b", "1,2"]), write("short.csv", disability_rows()[:1]))
    assert len(problems) == 2


def test_the_same_source_twice_in_one_load(store, write):
    other = disability_rows()
    other[1] = "E01000001,1000,101,899"
    (problem,) = refused(store, write("one.csv", disability_rows()), write("two.csv", other))
    assert "one.csv in the same load" in problem


def test_semicolons_utf16_and_a_byte_order_mark_are_read_alike(write, tmp_path, centroids):
    saved = {
        "semicolons.csv": ([row.replace(",", ";") for row in disability_rows()], "utf-8"),
        "utf16.csv": ([row.replace(",", "\t") for row in disability_rows()], "utf-16"),
        "mark.csv": (disability_rows(), "utf-8-sig"),
    }
    figures = []
    for name, (rows, encoding) in saved.items():
        store = tmp_path / f"store-{name}"
        intake.add([write(name, rows, encoding), centroids], store=store)
        figures.append(open_published(store).datasets[0])
    assert {dataset.source_id for dataset in figures} == {"census2021_disability"}
    assert {dataset.rows for dataset in figures} == {33_755}
    assert any("UTF-16" in note for note in figures[1].notes)


def test_decimal_commas_in_a_semicolon_file_are_not_taken_for_thousands(store, write):
    rows = [row.replace(",", ";") for row in disability_rows()]
    rows[8] = "E01000008;1,000;100;900"
    (problem,) = refused(store, write("decimal.csv", rows))
    assert "row 9, column 'total_residents': found '1,000', expected a number with a decimal point" in problem


def test_in_a_folder_unknown_files_are_left_alone_with_a_reason(store, tmp_path, write, centroids):
    write("good.csv", disability_rows())
    write("readme.md", ["words"])
    write("other.csv", ["a,b", "1,2"])
    outcome = intake.add([tmp_path, centroids], store=store)
    assert [dataset.file_name for dataset in outcome.added] == ["good.csv", "centroids.csv"]
    reasons = {path.rsplit("/", 1)[-1]: reason for path, reason in outcome.left_alone}
    assert reasons["readme.md"] == "not CSV or GeoJSON"
    assert "no known source" in reasons["other.csv"]


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        ('{"type": "FeatureCollection", "features": [', "not readable as GeoJSON"),
        ('{"type": "FeatureCollection", "features": []}', "at least one feature"),
        ('{"features": [1]}', "at least one feature"),
        (
            '{"features":[{"properties":{"lsoa21_code":"E01000001"},"geometry":{"type":"Point","coordinates":[0,51]}}]}',
            "feature 1: geometry is 'Point', expected Polygon",
        ),
        (
            '{"features":[{"properties":{"lsoa21_code":"E01000001"},'
            '"geometry":{"type":"Polygon","coordinates":[[[70,1],[71,1],[71,2],[70,1]]]}}]}',
            "within the United Kingdom",
        ),
    ],
)
def test_boundaries_that_are_not_what_they_should_be(store, write, content, expected):
    (problem,) = refused(store, write("shapes.geojson", [content]))
    assert expected in problem


def test_boundaries_that_cross_themselves_are_repaired(store, write, centroids):
    bow_tie = "[[-1.2,50.6],[-1.1,50.7],[-1.1,50.6],[-1.2,50.7],[-1.2,50.6]]"
    content = (
        '{"features":[{"properties":{"LSOA21CD":"E01000001"},"geometry":{"type":"Polygon","coordinates":['
        + bow_tie
        + "]}}]}"
    )
    outcome = intake.add([write("shapes.geojson", [content]), centroids], store=store)
    assert outcome.added[0].source_id == "boundaries_lsoa21"
    assert any("1 of 1 shapes" in note for note in outcome.added[0].notes)

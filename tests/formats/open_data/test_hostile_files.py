"""Files made to break a reader, and a disk that is full: one short sentence each, and nothing changes."""

import errno
import gzip
import os

import pytest

from inroads.analytics import schema
from inroads.analytics.published import open_published
from inroads.interop.open_data import files, intake
from inroads.interop.open_data.problems import LONGEST, IntakeError

from .conftest import disability_rows


@pytest.fixture
def store(tmp_path):
    return tmp_path / "store"


def refused(store, *paths):
    with pytest.raises(IntakeError) as error:
        intake.add(paths, store=store)
    assert open_published(store) is None
    (problem,) = error.value.problems
    assert len(problem) <= LONGEST
    assert problem.isprintable()
    return problem


def feature(properties='{"lsoa21_code":"E01000001"}', geometry='{"type":"Polygon","coordinates":[]}'):
    return f'{{"features":[{{"properties":{properties},"geometry":{geometry}}}]}}'


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (feature(geometry='"Polygon"'), "feature 1: geometry is 'Polygon'"),
        (feature(geometry="[1, 2]"), "feature 1: geometry is '[1, 2]'"),
        (feature(geometry="7"), "feature 1: geometry is '7'"),
        (feature(geometry='{"type":["Polygon"]}'), "feature 1: geometry is"),
        (feature(geometry='{"type":"Polygon","coordinates":null}'), "feature 1: the "),
        (feature(geometry='{"type":"Polygon","coordinates":"abc"}'), "feature 1: the "),
        (feature(geometry='{"type":"Polygon","coordinates":[[[null,1],[1,2],[2,3],[null,1]]]}'), "feature 1: the "),
        (feature(geometry='{"type":"Polygon","coordinates":[[[1e999,1],[1,2],[2,3],[1e999,1]]]}'), "feature 1: the "),
        (feature(), "feature 1: the geometry has empty coordinates"),
        (feature(geometry='{"type":"MultiPolygon","coordinates":[]}'), "feature 1: the geometry has empty coordinates"),
        (feature(properties='"lsoa21_code"'), "feature 1: properties are 'lsoa21_code'"),
        (feature(properties="[1]"), "feature 1: properties are '[1]'"),
        (feature(properties='{"lsoa21_code":"E0100\\ud800"}',
                 geometry='{"type":"Polygon","coordinates":[[[-1.2,50.6],[-1.1,50.6],[-1.1,50.7],[-1.2,50.6]]]}'),
         "feature 1, property 'lsoa21_code'"),
        (feature(properties='{"\\ud800":"E01"}'), "no known source"),
        ('{"features":' + "[" * 200_000, "nested too deeply"),
        ('{"features":' + "1" * 5000 + "}", "not readable as GeoJSON"),
    ],
)  # fmt: skip
def test_odd_boundaries_are_refused_in_a_sentence(store, write, content, expected):
    assert expected in refused(store, write("odd.geojson", [content]))


@pytest.mark.parametrize("cell", ["1" * 5000, "1e999", "\u202e" * 500])
def test_odd_cells_are_refused_in_a_sentence(store, write, cell):
    rows = disability_rows()
    rows[8] = f"E01000008,{cell},100,900"
    assert "row 9, column 'total_residents'" in refused(store, write("odd.csv", rows))


def test_long_headings_and_control_characters_are_cut_and_replaced(store, write):
    said = refused(store, write("colour\x1b[31m.csv", [",".join(["h" * 5000] * 4), "1,2,3,4"]))
    assert "no known source has these columns" in said


@pytest.mark.parametrize("problem", [errno.ENOSPC, errno.EFBIG, errno.EACCES])
def test_a_full_disk_or_no_permission_is_one_sentence(store, write, centroids, monkeypatch, problem):
    intake.add([centroids], store=store)
    before = open_published(store).generation

    def fail(*_, **__):
        raise OSError(problem, os.strerror(problem))

    monkeypatch.setattr(schema, "write", fail)
    with pytest.raises(IntakeError, match="not allowed" if problem == errno.EACCES else "no room left") as error:
        intake.add([write("disability.csv", disability_rows())], store=store)
    assert "nothing was changed" in str(error.value)
    assert open_published(store).generation == before
    assert not (store / "staging").exists()


def test_only_regular_files_are_read(store, tmp_path, write, centroids):
    folder = tmp_path / "folder"
    folder.mkdir()
    os.mkfifo(folder / "pipe.csv")
    assert "a pipe, a socket or a device" in refused(store, folder / "pipe.csv")
    assert not store.exists()
    outcome = intake.add([folder, centroids], store=store)
    assert outcome.left_alone == ((str(folder / "pipe.csv"), "not a regular file"),)


def test_a_folder_below_that_cannot_be_read_is_said(store, tmp_path, centroids, monkeypatch):
    closed = tmp_path / "folder" / "closed"
    closed.mkdir(parents=True)
    scandir = os.scandir

    def guarded(path):
        if str(path) == str(closed):
            raise PermissionError(errno.EACCES, "Permission denied", str(closed))
        return scandir(path)

    monkeypatch.setattr(os, "scandir", guarded)
    outcome = intake.add([tmp_path / "folder", centroids], store=store)
    assert outcome.left_alone == ((str(closed), "this folder cannot be read (Permission denied)"),)


@pytest.mark.parametrize(
    ("encoding", "ends", "expected"),
    [
        ("utf-32", "\n", "saved in UTF-32"),
        ("utf-32-le", "\n", "saved in UTF-32"),
        ("utf-16-le", "\n", "saved in UTF-16 without the mark"),
        ("utf-16-be", "\n", "saved in UTF-16 without the mark"),
        ("utf-8", "\r", "line ends of old Macintosh"),
    ],
)
def test_encodings_that_are_not_read_are_named(store, tmp_path, encoding, ends, expected):
    path = tmp_path / "saved.csv"
    path.write_bytes(ends.join(disability_rows()).encode(encoding))
    assert expected in refused(store, path)


def test_a_file_that_unpacks_to_too_much_is_refused(store, tmp_path, monkeypatch):
    monkeypatch.setattr(files, "UNPACKED_AT_MOST", 3 << 20)
    path = tmp_path / "bomb.csv.gz"
    path.write_bytes(gzip.compress(bytes(20 << 20)))
    assert "unpacks to more than 3 MiB" in refused(store, path)


@pytest.mark.parametrize("differs", [True, False])
def test_a_column_that_stands_twice_must_say_the_same(store, write, centroids, differs):
    rows = [f"{row},{row.split(',')[1]}" for row in disability_rows()]
    if not differs:
        assert intake.add([write("twice.csv", rows), centroids], store=store).changed
        return
    rows[8] = "E01000008,1000,107,893,999"
    assert "row 9, column 'total_residents': this column stands twice" in refused(store, write("twice.csv", rows))


def hospitals():
    """A table of three columns, some cells of which stand in quotation marks."""
    named = [f'"Cottage, {at}",-1.5,52.5' if at % 200 == 0 else f"Hospital {at},-1.5,52.5" for at in range(1, 1062)]
    return ["hospital22_name,lon,lat", *named]


@pytest.mark.parametrize(
    ("row", "old", "new", "expected"),
    [
        (2, "Hospital", '"Hospital', "row 2: a quotation mark opens a cell here that is not closed before row 201,"),
        (1062, "Hospital", '"Hospital', "row 1062: a quotation mark opens a cell here that is not closed below"),
        (401, '400"', "400", "row 401: a quotation mark opens a cell here that is not closed before row 601,"),
        (401, '"Cottage', "Cottage", "row 401: 4 cells where the heading row has 3"),
        (9, "Hospital", "x" * 3_000_000, "row 9: a cell has more than 131,072 characters"),
        (9, "Hospital", "x" * 90_000, "row 9, column 'hospital22_name': found 'xxx"),
        (9, "Hospital", "\x1b[31m", "row 9, column 'hospital22_name': found '\N{REPLACEMENT CHARACTER}[31m 8'"),
        (9, "Hospital", "\x07", "row 9, column 'hospital22_name': found '\N{REPLACEMENT CHARACTER} 8', expected text"),
        (9, "Hospital", "a\x9bb", "row 9, column 'hospital22_name': found 'a\N{REPLACEMENT CHARACTER}b 8'"),
        (999, "Hospital", "a\x00b", "row 999, column 'hospital22_name': found 'a\N{REPLACEMENT CHARACTER}b 998'"),
        (9, "Hospital 8", '"a\rb"', "row 9, column 'hospital22_name': found 'a\N{REPLACEMENT CHARACTER}b'"),
        (9, "Hospital", "a\rb", "row 9: this line ends with a carriage return alone"),
    ],
)
def test_a_cell_that_breaks_a_row_is_named_by_the_row_where_it_begins(store, tmp_path, row, old, new, expected):
    rows = hospitals()
    rows[row - 1] = rows[row - 1].replace(old, new)
    path = tmp_path / "hospitals.csv"
    path.write_text("\n".join(rows) + "\n", encoding="utf-8", newline="")
    said = refused(store, path)
    assert f"hospitals.csv: {expected}" in said
    assert not any(word in said for word in ("straddling", "new-line", "field", "parser", "Invalid"))


@pytest.mark.parametrize("first", [0, 40])
def test_lines_that_end_in_two_ways_are_named_by_the_first_of_the_other_kind(store, tmp_path, first):
    rows = hospitals()
    text = "\n".join([*rows[:first], "\r".join(rows[first:501]), *rows[501:]])
    path = tmp_path / "hospitals.csv"
    path.write_text(text, encoding="utf-8", newline="")
    assert f"row {first + 1}: this line ends with a carriage return alone" in refused(store, path)


def test_a_mark_that_hides_rows_of_the_right_width_is_named_too(store, write):
    rows = hospitals()
    rows[9] = 'Hospital 9,-1.5,"52.5'
    rows[12] = 'Hospital 12,-1.5,52.5"'
    assert "row 10: a quotation mark opens a cell here that is not closed before row 13" in refused(
        store, write("hospitals.csv", rows)
    )


def test_a_note_of_several_lines_with_commas_is_no_broken_row(store, write, centroids):
    rows = [f"{row},remark" if at == 0 else f"{row}," for at, row in enumerate(disability_rows())]
    rows[2] += '"swapped, changed,\nrounded, and more"'
    assert intake.add([write("notes.csv", rows), centroids], store=store).changed


@pytest.mark.parametrize("sign", ["\\u001b[31m", "\\u0007", "\\u0000"])
def test_control_characters_in_boundaries_are_refused(store, write, sign):
    ring = '{"type":"Polygon","coordinates":[[[-1.2,50.6],[-1.1,50.6],[-1.1,50.7],[-1.2,50.6]]]}'
    path = write("a.geojson", [feature(f'{{"ltla24_code":"E06000046","ltla24_name":"Isle{sign}"}}', ring)])
    assert "feature 1, property 'ltla24_name'" in refused(store, path)

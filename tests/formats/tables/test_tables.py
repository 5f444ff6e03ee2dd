"""Anybody's own tables: read as they come, refused with file and row, written whole."""

import gzip

import numpy as np
import pytest

from inroads.interop.tables import TableError, as_text, read_table, write_table


def put(tmp_path, text, name="t.csv", encoding="utf-8"):
    path = tmp_path / name
    path.write_bytes(text.encode(encoding))
    return path


def test_numbers_missing_and_suppressed_are_three_things(tmp_path):
    table = read_table(put(tmp_path, '\ufeffplace,n\n"A, north","1,234"\nB,\nC,*\nD,0\nE,NA\n'))
    np.testing.assert_array_equal(table.numbers("n"), [1234, np.nan, np.nan, 0, np.nan])
    assert table.suppressed("n") == 1
    assert table.named("place")[0] == "A, north"
    assert table.rows == 5


@pytest.mark.parametrize("name", ["out.csv", "out.parquet"])
def test_what_is_written_is_read_back(tmp_path, name):
    columns = {"area": ["A", "=1+1"], "value": np.array([0.1 + 0.2, np.nan]), "n": np.array([3, 4])}
    write_table(columns, tmp_path / name)
    table = read_table(tmp_path / name)
    assert table.numbers("value")[0] == 0.1 + 0.2
    assert np.isnan(table.numbers("value")[1])
    assert table.numbers("n").tolist() == [3, 4]
    assert table.text("area")[1] == ("'=1+1" if name.endswith("csv") else "=1+1"), "no formula for a spreadsheet"
    assert [path.name for path in tmp_path.iterdir()] == [name]


def test_a_table_for_the_screen():
    shown = as_text({"area": ["A", "Bee"], "value": [1234567.0, np.nan], "share": [0.12345, 2.0]}, most=1)
    assert shown.splitlines() == [
        "area      value   share",
        "----  ---------  ------",
        "A     1,234,567  0.1235",
        "… and 1 more rows; write them all with --output FILE.csv",
    ]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("a,b\nx,1\ny\n", r"t.csv: row 2 \(line 3\) has 1 values where there are 2 columns"),
        ("a,a\n1,2\n", "two columns are called 'a'"),
        ("\n", "the first line must hold the names"),
        ("a,b\n", "has no rows under the line of names"),
        ('a,b\n"x,1\n', "line 2 is not CSV"),
    ],
)
def test_broken_files_are_refused_with_the_row(tmp_path, text, words):
    with pytest.raises(TableError, match=words):
        read_table(put(tmp_path, text))


def test_broken_cells_are_refused_with_row_and_column(tmp_path):
    table = read_table(put(tmp_path, "a,b\nx,1\n,2 people\n"))
    with pytest.raises(TableError, match="row 2, column 'b' is '2 people'; give a number"):
        table.numbers("b")
    decimals = read_table(put(tmp_path, 'a\n"0,125"\n', name="d.csv"))
    with pytest.raises(TableError, match="row 1, column 'a' is '0,125'; give a number"):
        decimals.numbers("a")  # a decimal comma, not thousands
    with pytest.raises(TableError, match="row 2, column 'a' is empty"):
        table.named("a")
    with pytest.raises(TableError, match="there is no column 'c'; it has 'a', 'b'"):
        table.text("c")


def test_gzipped_files_and_parquet_by_any_name_are_read(tmp_path):
    path = tmp_path / "t.csv.gz"
    path.write_bytes(gzip.compress(b"a,b\nx,1\n"))
    assert read_table(path).numbers("b").tolist() == [1]
    write_table({"a": ["x"]}, tmp_path / "t.parquet")
    (tmp_path / "t.parquet").rename(tmp_path / "t.csv")
    assert read_table(tmp_path / "t.csv").text("a") == ["x"]
    path.write_bytes(gzip.compress(b"a,b\nx,1\n")[:-9])
    with pytest.raises(TableError, match="is damaged"):
        read_table(path)


def test_other_encodings_and_files_that_are_no_parquet_are_refused(tmp_path):
    with pytest.raises(TableError, match="is not UTF-8 text"):
        read_table(put(tmp_path, "a\ncafé\n", encoding="latin-1"))
    with pytest.raises(TableError, match="cannot be read as Parquet"):
        read_table(put(tmp_path, "a\n1\n", name="t.parquet"))

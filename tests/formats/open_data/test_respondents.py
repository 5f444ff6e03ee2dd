"""A file of people asked: taken in whole, or refused by row and column with what was there before left alone."""

import json
import re
import stat

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from click.testing import CliRunner
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from inroads.analytics.respondents import CATEGORIES, FILE, forget, open_respondents
from inroads.analytics.store import StoreError
from inroads.config.command_line import main
from inroads.interop.open_data.problems import IntakeError
from inroads.interop.open_data.respondents import add_respondents

GOOD = [
    "age,disability,weight,left_out",
    "16_24,no,1,no",
    "25_64,yes,0.5,no",
    "65_74,no,1.25,yes",
    "75_plus,yes,2,yes",
    "75_plus,no,1,no",
]


def load(path, folder, **named):
    return add_respondents(path, **{"survey": "Survey of somewhere", "year": "2024", "store": folder, **named})


def problems(path, folder, **named):
    with pytest.raises(IntakeError) as error:
        load(path, folder, **named)
    return error.value.problems


def with_row(number, cells):
    return [cells if at == number - 1 else row for at, row in enumerate(GOOD)]


def test_a_good_file_is_kept_as_it_was_written(write, tmp_path):
    load(write("asked.csv", GOOD), tmp_path / "kept")
    found = open_respondents(tmp_path / "kept")
    assert (found.survey, found.year, found.file_name, len(found)) == ("Survey of somewhere", "2024", "asked.csv", 5)
    assert [CATEGORIES["age"][code] for code in found.columns["age"]] == [row.split(",")[0] for row in GOOD[1:]]
    assert found.columns["disability"].tolist() == [0, 1, 0, 1, 0]
    assert found.weight.tolist() == [1, 0.5, 1.25, 2, 1]
    assert found.left_out.tolist() == [0, 0, 1, 1, 0]
    assert open_respondents(tmp_path / "kept") is found


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
def test_files_as_spreadsheets_save_them_are_read(write, tmp_path, encoding):
    lines = ["Age, Disability ,weight,left_out", *(row.replace("yes", "YES") for row in GOOD[1:]), "", ",,,"]
    load(write("asked.csv", lines, encoding), tmp_path)
    assert len(open_respondents(tmp_path)) == 5


def test_without_a_file_there_is_no_survey(tmp_path):
    assert open_respondents(tmp_path / "nothing") is None


@pytest.mark.parametrize(
    ("row", "cells", "said"),
    [
        (3, "25-64,yes,0.5,no", "row 3, column 'age': found '25-64', expected one of 16_24, 25_64, 65_74, 75_plus"),
        (3, "25_64,maybe,0.5,no", "row 3, column 'disability': found 'maybe', expected one of no, yes"),
        (3, "25_64,yes,0,no", "row 3, column 'weight': found '0', expected a number above 0"),
        (3, "25_64,yes,nan,no", "row 3, column 'weight': found 'nan', expected a number above 0"),
        (3, "25_64,yes,1e400,no", "row 3, column 'weight': found '1e400', expected a number above 0"),
        (3, "25_64,yes,-1,no", "row 3, column 'weight': found '-1', expected a number above 0"),
        (3, "25_64,yes,1_0,no", "row 3, column 'weight': found '1_0', expected a number above 0"),
        (3, "25_64,yes,\u0661,no", "row 3, column 'weight': found '\u0661', expected a number above 0"),
        (3, "25_64,yes,inf,no", "row 3, column 'weight': found 'inf', expected a number above 0"),
        (4, "65_74,no,1.25,1", "row 4, column 'left_out': found '1', expected one of yes, no"),
        (4, "65_74,no,1.25,", "row 4, column 'left_out': found an empty cell, expected one of yes, no"),
        (4, "65_74,no,1.25", "row 4: 3 cells where the heading row has 4"),
        (4, '"65_74,no,1.25,yes', "a quotation mark may be missing"),
        (1, "age,postcode,weight,left_out", "row 1: found the column 'postcode', expected only age, disability"),
        (1, "age,age,weight,left_out", "row 1: column 'age' stands 2 times"),
        (1, "age,disability,weight,sex", "row 1: the column 'left_out' is missing"),
        (2, "25_64,no,1,no", "column 'age': nobody is '16_24'"),
    ],
)
def test_what_is_wrong_is_named_and_what_was_loaded_stays(write, tmp_path, row, cells, said):
    load(write("first.csv", GOOD), tmp_path / "kept")
    before = (tmp_path / "kept" / FILE).read_bytes()
    path = write("second.csv", with_row(row, cells))
    found = problems(path, tmp_path / "kept")
    assert any(said in problem for problem in found), found
    assert all(str(path) in problem for problem in found)
    assert (tmp_path / "kept" / FILE).read_bytes() == before


def test_a_kind_of_people_of_whom_nobody_was_asked_is_named(write, tmp_path):
    lines = [row for row in GOOD if not row.startswith("16_24")]
    assert "column 'age': nobody is '16_24'" in problems(write("asked.csv", lines), tmp_path)[0]


def test_many_wrong_cells_are_not_a_wall_of_words(write, tmp_path):
    found = problems(write("asked.csv", [GOOD[0], *["x,x,x,x"] * 500]), tmp_path)
    assert len(found) == 21
    assert "there may be more" in found[-1]


@pytest.mark.parametrize(("lines", "said"), [([GOOD[0]], "no data below it"), ([""], "the file is empty")])
def test_a_file_without_people_is_refused(write, tmp_path, lines, said):
    assert any(said in problem for problem in problems(write("asked.csv", lines), tmp_path))


def test_a_missing_file_and_a_survey_without_a_name_are_refused(write, tmp_path):
    assert str(tmp_path / "not.csv") in problems(tmp_path / "not.csv", tmp_path)[0]
    assert problems(write("asked.csv", GOOD), tmp_path, survey=" ")[0].startswith("--survey: is empty")


def other_table(path, **columns):
    about = dict.fromkeys(("survey", "year", "file_name", "sha256", "loaded_at"), "x")
    pq.write_table(pa.table(columns).replace_schema_metadata({"inroads": json.dumps(about)}), path)


@pytest.mark.parametrize(
    "damage",
    [
        lambda path: path.write_bytes(b""),
        lambda path: path.write_bytes(b"PAR1 and nothing"),
        lambda path: path.write_bytes(path.read_bytes()[:-40]),
        lambda path: (path.unlink(), path.mkdir()),
        lambda path: pq.write_table(pa.table({"age": [1], "weight": [1.0], "left_out": [0.0]}), path),
        lambda path: other_table(path, age=[9], weight=[1.0], left_out=[0.0]),
        lambda path: other_table(path, age=[1], weight=[float("nan")], left_out=[0.0]),
        lambda path: other_table(path, age=[1], weight=[1.0], left_out=[0.5]),
        lambda path: other_table(path, sex=[1], weight=[1.0], left_out=[1.0]),
        lambda path: other_table(path, age=pa.array([], pa.int64()), weight=pa.array([], pa.float64()), left_out=[]),
    ],
)
def test_a_damaged_survey_is_said_to_be_damaged_and_what_to_do(write, tmp_path, damage):
    load(write("asked.csv", GOOD), tmp_path / "kept")
    damage(tmp_path / "kept" / FILE)
    with pytest.raises(StoreError, match=re.escape(str(tmp_path / "kept" / FILE))) as error:
        open_respondents(tmp_path / "kept")
    assert "load the file again with inroads data respondents" in str(error.value)


def test_a_file_where_the_folder_should_be_is_damage_too(tmp_path):
    (tmp_path / "kept").write_text("")
    with pytest.raises(StoreError, match="cannot be read"):
        open_respondents(tmp_path / "kept")


def test_nobody_but_the_owner_opens_the_file(write, tmp_path):
    kept = tmp_path / "kept"
    kept.mkdir(mode=0o755)
    for _ in range(2):
        load(write("asked.csv", GOOD), kept)
        assert stat.S_IMODE(kept.stat().st_mode) == 0o700
        assert [(each.name, stat.S_IMODE(each.stat().st_mode)) for each in kept.iterdir()] == [(FILE, 0o600)]


def test_a_load_that_fails_leaves_no_rows_behind_and_forgetting_takes_all(write, tmp_path, monkeypatch):
    load(write("asked.csv", GOOD), tmp_path / "kept")
    before = (tmp_path / "kept" / FILE).read_bytes()

    def fails(table, written):
        written.write(b"half of it")
        raise OSError("no room")

    with monkeypatch.context() as patched:
        patched.setattr(pq, "write_table", fails)
        assert "cannot be written to" in problems(write("asked.csv", GOOD), tmp_path / "kept")[0]
    assert [each.name for each in (tmp_path / "kept").iterdir()] == [FILE]
    assert (tmp_path / "kept" / FILE).read_bytes() == before
    (tmp_path / "kept" / f"{FILE}.killed.new").write_bytes(b"half of it")
    assert forget(tmp_path / "kept")
    assert list((tmp_path / "kept").iterdir()) == []


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=40)
@given(st.lists(st.lists(st.text(max_size=6), min_size=1, max_size=5), max_size=6))
def test_whatever_a_file_holds_it_is_taken_or_refused_in_words(tmp_path, rows):
    path = tmp_path / "any.csv"
    path.write_bytes("\n".join([GOOD[0], *(",".join(row) for row in rows)]).encode("utf-8", "surrogatepass"))
    said: tuple[str, ...] = (str(path),)
    try:
        load(path, tmp_path / "kept")
    except IntakeError as error:
        said = error.problems
    assert said
    assert all(str(path) in problem for problem in said)


def run(*arguments):
    return CliRunner().invoke(main, [str(each) for each in arguments])


def test_the_command_loads_refuses_and_forgets(write, tmp_path):
    given_to = ("--var", tmp_path / "var", "data", "respondents")
    done = run(*given_to, write("asked.csv", GOOD), "--survey", "Survey of somewhere", "--year", "2024")
    assert done.exit_code == 0, done.output
    assert "5 people of Survey of somewhere, 2024, loaded: age, disability." in done.output
    kept = tmp_path / "var" / "respondents"
    np.testing.assert_array_equal(open_respondents(kept).weight, [1, 0.5, 1.25, 2, 1])
    bad = run(*given_to, write("bad.csv", with_row(2, "x,no,1,no")), "--survey", "Other", "--year", "2025")
    assert bad.exit_code == 1
    assert "row 2, column 'age'" in bad.output
    assert open_respondents(kept).survey == "Survey of somewhere"
    assert run(*given_to).exit_code == 1
    assert "taken away" in run(*given_to, "--forget").output
    assert open_respondents(kept) is None
    assert "No survey was loaded" in run(*given_to, "--forget").output

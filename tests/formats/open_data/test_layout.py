"""Files with a title above the heading row and notes below the table, as Nomis and spreadsheets write them."""

import re

import pytest

from inroads.analytics.published import open_published
from inroads.interop.open_data import intake
from inroads.interop.open_data.problems import IntakeError

from .conftest import disability_rows

ABOVE = ['"TS038 - Disability"', '"ONS Crown Copyright Reserved, from Nomis on 13 March 2023"', "", '"date","2021"', ""]
BELOW = ["", '"In order to protect against disclosure, records have been swapped, and counts changed."', "*: none"]


@pytest.fixture
def store(tmp_path):
    return tmp_path / "store"


def problem(store, path):
    with pytest.raises(IntakeError) as error:
        intake.add([path], store=store)
    (said,) = error.value.problems
    return said


def padded(lines, width=4):
    """As a spreadsheet saves it: every line as wide as the table."""
    return [line + "," * (width - 1 - line.count('","')) for line in lines]


@pytest.mark.parametrize("pad", [False, True])
@pytest.mark.parametrize("signs", [",", ";", "\t"])
def test_titles_and_notes_are_left_out_and_said(store, write, pad, signs, centroids):
    above, below = ABOVE, BELOW
    if pad:
        above, below = (
            [*padded(["TS038", "ONS"]), ",,,", *padded(['"date","2021"']), ",,,"],
            [",,,", *padded(["Note", "*: none"]), ",,,"],
        )
    rows = [row.replace(",", signs) for row in disability_rows()]
    above, below = ([line.replace(",", signs) for line in lines] for lines in (above, below))
    outcome = intake.add([write("nomis.csv", [*above, *rows, *below]), centroids], store=store)
    dataset = outcome.added[0]
    assert dataset.source_id == "census2021_disability"
    assert dataset.rows == 33_755
    assert "The heading row is row 6; lines above it left out: 5." in dataset.checks
    assert "Lines of notes below the table left out: 2." in dataset.checks
    assert open_published(store).neighbourhoods is not None


def test_a_plain_file_says_nothing_of_titles_or_notes(store, write, centroids):
    outcome = intake.add([write("plain.csv", [*disability_rows(), "", ""]), centroids], store=store)
    assert not any("left out" in line for line in outcome.added[0].checks)


def test_a_heading_row_after_fifteen_lines_is_not_looked_for(store, write, centroids):
    assert "no known source" in problem(store, write("deep.csv", [*["Title"] * 15, *disability_rows()]))
    assert intake.add([write("less.csv", [*["Title"] * 14, *disability_rows()]), centroids], store=store).changed


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        ("E01000006,1000,*,900", r"row 12, column 'Disabled.*': found '\*'"),
        ("E01000005,1000,100,900", r"row 12, column 'lsoa21_code': 'E01000005' stands already in row 11"),
        ("E01000006,1000,100,901", r"row 12, column 'total_residents': found 1,000, expected 1,001"),
        ("Hartlepool,1000,100,900", r"row 12, column 'lsoa21_code': found 'Hartlepool'"),
        ("E01000006,1000", r"row 12: 2 cells where the heading row has 4"),
    ],
)
def test_errors_name_the_line_of_the_file(store, write, cells, expected):
    rows = disability_rows()
    rows[6] = cells
    said = problem(store, write("nomis.csv", [*ABOVE, *rows, *BELOW]))
    assert re.search(expected, said), said


def test_empty_lines_and_rows_over_two_lines_are_counted(store, write):
    rows = disability_rows()
    rows[0] += ",remark"
    rows[1:] = [f"{row}," for row in rows[1:]]
    rows[2] += '"two\nlines"'
    rows[4] = "\n" + rows[4]
    rows[6] = "E01000006,1000,100,abc,"
    assert "row 9, column 'Not disabled" in problem(store, write("odd.csv", rows))
    rows[6] = "E01000006,1000"
    assert "row 9: 2 cells" in problem(store, write("cut.csv", rows))


def test_a_renamed_column_is_named_with_the_row_of_its_heading(store, write):
    rows = disability_rows()
    rows[0] = rows[0].replace("total_residents", "everyone")
    said = problem(store, write("renamed.csv", [*ABOVE, *rows]))
    assert "row 6: not recognised; nearest is" in said
    assert "'total_residents'" in said


def test_a_last_row_cut_short_is_no_note(store, write):
    rows = disability_rows()
    rows[-1] = "E01033755,1000"
    said = problem(store, write("cut.csv", [*ABOVE, *rows]))
    assert f"row {len(ABOVE) + 33_756}: 2 cells where the heading row has 4" in said


def test_rows_below_an_empty_line_are_still_rows(store, write, centroids):
    rows = disability_rows()
    rows.insert(20_000, "")
    outcome = intake.add([write("gap.csv", [*rows, *BELOW]), centroids], store=store)
    assert outcome.added[0].rows == 33_755


def test_codes_of_another_list_are_named_by_the_line_of_the_file(store, write):
    lookup = ["lsoa21_name,lsoa21_code,ward24_name,ward24_code,ltla24_name,ltla24_code"]
    lookup += [f"A,E01{at:06d},Ash,E05000001,Ashford,E06000001" for at in range(1, 35_673)]
    rows = disability_rows()
    rows[3] = "E01999999,1000,100,900"
    intake.add([write("lookup.csv", lookup)], store=store)
    assert "row 9, column 'lsoa21_code': found 'E01999999'" in problem(store, write("x.csv", [*ABOVE, *rows]))

"""A library from a table: every row right or nothing, errors by row and column, and nothing that counts as reviewed."""

import csv
import io
import re
from pathlib import Path

import pytest
from django.core.exceptions import PermissionDenied
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from people_factories import make_place, make_team, make_worker

from inroads.learning.actions.checks import TOLD
from inroads.learning.actions.loading import MOST_ROWS, NotLoaded, load_library
from inroads.learning.models import AppText, TrustedApp
from inroads.learning.queries.apps import suggested_for

GUIDE = Path(__file__).resolve().parents[3] / "docs" / "guides" / "library-of-apps.md"
ROW = {
    "name": "Example Diary",
    "what": "A diary, of moods",
    "safe_for": "Writing down\nhow a day was",
    "for_whom": "Adults",
    "not_for": "A crisis",
    "contexts": "between; treatment",
    "barriers": "memory",
    "alternatives": "written_summary;phone_instead",
    "account": "No",
    "data_mb_per_hour": "60",
}


@pytest.fixture
def lead(db):
    return make_worker(make_place(), "place_lead")


def table(*rows, names=None):
    written = io.StringIO()
    writer = csv.DictWriter(written, names or list(ROW))
    writer.writeheader()
    writer.writerows(rows)
    return written.getvalue().encode("utf-8-sig")


def load(lead, content):
    done = load_library(content=content, organisation=lead.memberships.get().organisation, by=lead)
    return done.added, done.changed, done.same


def errors(lead, content):
    with pytest.raises(NotLoaded) as refused:
        load(lead, content)
    assert not TrustedApp.objects.exists()
    return refused.value.errors


def test_a_table_is_loaded_once_and_nothing_counts_as_reviewed(lead):
    content = table(ROW, ROW | {"name": "Another", "account": "", "data_mb_per_hour": ""})
    assert load(lead, content) == (2, 0, 0)
    diary = TrustedApp.objects.get(slug="example-diary")
    assert (diary.contexts, diary.account, diary.email, diary.data_mb_per_hour) == (
        ["treatment", "between"], False, None, 60,
    )  # fmt: skip
    assert diary.safe_for == "Writing down\nhow a day was"
    assert not diary.published
    assert not diary.reviews.exists()
    assert suggested_for(["memory"], diary.created_at.date()) == []
    assert load(lead, content) == (0, 0, 2)
    assert AppText.objects.count() == 2
    assert load(lead, table(ROW | {"name": "example DIARY"}, ROW | {"name": "Another"})) == (0, 2, 0)


def test_the_example_and_the_columns_of_the_guide_are_those_that_are_read(lead):
    guide = GUIDE.read_text()
    example = guide.split("```")[1].strip().encode()
    assert load(lead, example) == (1, 0, 0)
    named = {name for cell in re.findall(r"^\| ([a-z_, ]+) \|", guide, flags=re.M) for name in cell.split(", ")}
    assert named - {"column"} == set(TOLD)


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"barriers": "memory;devics"}, "Row 3, column 'barriers': “devics” is not one of: "),
        ({"barriers": ""}, "Row 3, column 'barriers': Choose at least one thing"),
        ({"alternatives": "device_loan"}, "Row 3, column 'alternatives': “device_loan” is not one of: "),
        ({"alternatives": " ; "}, "Row 3, column 'alternatives': Choose at least one way that needs no device"),
        ({"not_for": ""}, "Row 3, column 'not_for': Say what it is not for"),
        ({"account": "maybe"}, "Row 3, column 'account': expected yes, no or nothing, found “maybe”"),
        ({"data_mb_per_hour": "60 MB"}, "Row 3, column 'data_mb_per_hour': expected a whole number"),
        ({"data_mb_per_hour": "٦"}, "Row 3, column 'data_mb_per_hour': expected a whole number"),
        ({"data_mb_per_hour": "99999999"}, "Row 3, column 'data_mb_per_hour': Enter megabytes"),
        ({"name": ""}, "Row 3, column 'name': Enter its name"),
        ({"name": "EXAMPLE diary"}, "Row 3, column 'name': the same name stands in row 2"),
    ],
    ids=str,
)
def test_a_wrong_cell_is_named_with_row_and_column_and_nothing_is_loaded(lead, wrong, said):
    # The first row holds a line end inside a cell: rows are those of the table, not lines of the file.
    (found,) = errors(lead, table(ROW, {"name": "Second"} | {k: v for k, v in ROW.items() if k != "name"} | wrong))
    assert found.startswith(said)


def test_every_wrong_row_is_named_at_once(lead):
    rows = [ROW | {"name": f"App {n}", "cost": "cheap"} for n in range(60)]
    found = errors(lead, table(*rows, names=[*ROW, "cost"]))
    assert len(found) == 51
    assert found[0].startswith("Row 2, column 'cost': “cheap” is not one of: free, free_parts, paid")
    assert found[-1] == "… and 10 more"


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "The file is empty"),
        (b"\n\n  ,\n", "The file is empty"),
        ("náme".encode("latin-1"), "not in UTF-8"),
        (b"name,what\nA,B\n", "Column 'safe_for' is missing"),
        (b"name,name\n", "Column 'name' stands twice"),
        (b"colour\n", "Column 'colour' is not known"),
        (table(), "only names of columns"),
        (table(ROW).replace(b"60", b"60,61"), "Row 2: 11 cells, expected 10"),
        (table(ROW) + b'"open', "the table cannot be read here"),
        (b"x" * 2_000_001, "larger than 2 MB"),
    ],
    ids=lambda value: str(value)[:30],
)
def test_a_file_that_is_no_such_table_gets_a_sentence(lead, content, said):
    assert any(said in found for found in errors(lead, content))


def test_a_table_that_is_too_long_is_refused(lead):
    lines = "\r\n".join(["Another,B,C,D,E,between,memory,written_summary"] * (MOST_ROWS + 1))
    content = f"name,what,safe_for,for_whom,not_for,contexts,barriers,alternatives\r\n{lines}".encode()
    assert errors(lead, content) == [f"There are more than {MOST_ROWS:,} rows. Split the file"]


def test_only_those_who_review_load(lead):
    organisation = lead.memberships.get().organisation
    worker = make_worker(make_team("A team", organisation))
    with pytest.raises(PermissionDenied):
        load_library(content=table(ROW), organisation=organisation, by=worker)


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.binary(max_size=200) | st.text(max_size=200).map(str.encode))
def test_no_bytes_at_all_do_more_than_refuse(lead, content):
    with pytest.raises(NotLoaded):
        load(lead, content)

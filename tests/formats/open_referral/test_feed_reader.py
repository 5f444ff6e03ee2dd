"""Reading feeds as they are out there: good, broken, odd but real. What is wrong with a file is one sentence."""

import gzip
import json
import time as time_module
from datetime import date, time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from official import needed

from inroads.directory.entries import OpeningEntry
from inroads.directory.models import Location, Opening, Service, Touchpoint
from inroads.interop.open_data.problems import FileError
from inroads.interop.open_referral import files, reader
from inroads.interop.open_referral.schedules import openings_of, rule_of
from inroads.interop.open_referral.text import plain
from inroads.interop.open_referral.values import clock, day, email, on_grid, phone, postcode, web

NIGHT = {"weekday": 4, "opens_at": time(22), "closes_at": time(2)}
BASE = {"id": "a", "name": "A", "status": "active", "organization": {"id": "o", "name": "O"}}


def read(**more):
    return reader.read([{**BASE, **more}]).entries[0]


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("<p>One.</p><p>Two.</p>", "One.\n\nTwo."),
        ("<p><br></p>", ""),
        ("<ul><li>tea</li><li><b>cake</b></li></ul>", "• tea\n• cake"),
        ("Fish &amp;amp; chips&nbsp;&pound;5", "Fish & chips £5"),
        ("5 &lt; 6", "5 < 6"),
        ("<script>alert(1)</script><p>Tea</p><style>p{}</style>", "Tea"),
        ("<p onclick='x()'>Tea<img src=x onerror=alert(1)></p>", "Tea"),
        ("<p>un<b>closed <i>tags", "unclosed tags"),
        ("<style>all the words there are", "all the words there are"),
        ("<table><tr><td>Mon</td><td>10am</td></tr><tr><td>Tue</td></tr></table>", "Mon 10am\n\nTue"),
        ("plain\n\n\n\ntext\twith\u200b signs", "plain\n\ntext with signs"),
        ("a <3 b", "a <3 b"),
        ("&lt;p&gt;Tea&lt;/p&gt;&lt;p&gt;Cake&lt;/p&gt;", "Tea\n\nCake"),
        ('<a title="more > less" href=x>Tea</a>', "Tea"),
        ('<a title="broken>Tea</a> and cake', "Tea and cake"),
        ("<!-- note --><p>Tea</p><![CDATA[x]]>", "Tea"),
    ],
)
def test_text_made_for_web_pages_becomes_plain_paragraphs(written, said):
    assert plain(written) == said


@given(st.text(alphabet=st.sampled_from(list("<>/&;#=\"'pliab scriptyle!-\n x1")), max_size=80))
def test_no_text_brings_a_script_or_an_error(written):
    made = plain(f"<p>Tea</p>{written}")
    assert "\0" not in made
    assert plain(made.replace("<", "").replace("&", "")) is not None


HOSTILE = (
    "<!--",
    "<",
    "<a ",
    "&amp",
    "<![CDATA[",
    "</",
    '<a x="',
    "<div>",
    " ",
    "\n•",
    "</scrip",
    "&lt;!--",
    "<script>",
)


@pytest.mark.parametrize("piece", HOSTILE)
def test_no_text_takes_longer_than_it_is_long(piece):
    began = time_module.process_time()
    plain(piece * 100_000)
    assert time_module.process_time() - began < 2


@pytest.mark.parametrize(
    ("value", "kept"),
    [
        ("www.tea.example", "https://www.tea.example"),
        ("HTTPS://Tea.example/a", "https://Tea.example/a"),
        ("http:www.tea.example", "https://www.tea.example"),
        ("http//tea.example", "https://tea.example"),
        (" https://tea.example/ a ", "https://tea.example/a"),
        ("javascript:alert(1)", ""),
        ("see our page", ""),
        ("https://tea.example/" + "x" * 500, ""),
        (None, ""),
        (12, ""),
    ],
)
def test_web_addresses_open_or_are_left_out(value, kept):
    assert web(value) == kept


def test_single_values_are_kept_or_not_known():
    assert (postcode("bs50he"), postcode("BS5 0HE "), postcode("ABC 1234")) == ("BS5 0HE", "BS5 0HE", "")
    assert (day("2024-02-30"), day("31/12/2024"), day("2024-12-31T10:00:00Z"), day("1021-01-01")) == (
        None,
        date(2024, 12, 31),
        date(2024, 12, 31),
        None,
    )
    assert [clock(value) for value in ("10:30", "9am", "12pm", "24:00", "10:00:00.000Z", "25:00", "noon", "1330")] == [
        time(10, 30),
        time(9),
        time(12),
        time(23, 59),
        time(10),
        None,
        None,
        time(13, 30),
    ]
    assert (email("mailto:a@b.example"), email("a at b"), phone("see web"), phone("0117 4")) == (
        "a@b.example",
        "",
        "",
        "0117 4",
    )
    # Witness: Ordnance Survey's worked example, 52 39 27.2531 N, 1 43 4.5177 E on Airy is TG 51409 13177; on WGS84
    # the same point lies about 100 m away, so within the accuracy of the transformation only.
    east, north = on_grid(52.657570301, 1.717921583)
    assert abs(east - 651409) < 130
    assert abs(north - 313177) < 130
    assert on_grid(0, 0) is on_grid("x", 1) is on_grid(float("nan"), 1) is on_grid(100, 101) is None


@pytest.mark.parametrize(
    ("schedule", "kept"),
    [
        ({"freq": "WEEKLY", "byday": "MO,FR"}, [{"weekday": 0}, {"weekday": 4}]),
        ({"byday": "Monday; wed"}, [{"weekday": 0}, {"weekday": 2}]),
        ({"freq": "DAILY"}, [{"weekday": number} for number in range(7)]),
        ({"freq": "MONTHLY", "byday": "2TU,-1FR"}, [{"weekday": 1, "nth": 2}, {"weekday": 4, "nth": -1}]),
        ({"freq": "MONTHLY", "bymonthday": "1,15"}, [{"day": 1}, {"day": 15}]),
        # Thursday 8 January 1970 is in week 0, a week later in week 1.
        ({"byday": "TH", "interval": 2, "dtstart": "1970-01-08"}, [{"weekday": 3, "every": 2, "week": 0}]),
        ({"byday": "TH", "interval": 2, "dtstart": "1970-01-15"}, [{"weekday": 3, "every": 2, "week": 1}]),
        ({"byday": "TH", "interval": 2}, None),
        ({"byday": "TH", "interval": 0}, [{"weekday": 3}]),
        # Until the next morning; and from ten to ten, which may be a day or nothing.
        ({"byday": "FR", "opens_at": "22:00", "closes_at": "02:00"}, [NIGHT]),
        ({"byday": "FR", "opens_at": "10:00", "closes_at": "10:00"}, [{"weekday": 4, "opens_at": time(10)}]),
        ({"freq": "MONTHLY", "byday": "TU"}, None),
        ({"freq": "MONTHLY", "bymonthday": "32"}, None),
        ({"freq": "YEARLY", "byday": "TU"}, None),
        ({"byday": "XX"}, None),
        ({"byday": "TU", "valid_from": "2024-02-01", "valid_to": "2024-01-01"}, None),
        ({}, None),
    ],
)
def test_repeating_times_become_hours_on_days_or_stay_in_words(schedule, kept):
    wanted = None if kept is None else [OpeningEntry(**each) for each in kept]
    assert openings_of(schedule) == wanted


OPENINGS = st.one_of(
    st.builds(OpeningEntry, weekday=st.integers(0, 6), every=st.integers(1, 8), week=st.integers(0, 7)),
    st.builds(OpeningEntry, weekday=st.integers(0, 6), nth=st.sampled_from([1, 2, 3, 4, 5, -1])),
    st.builds(OpeningEntry, day=st.integers(1, 31), opens_at=st.just(time(9)), valid_from=st.just(date(2026, 3, 4))),
)


@given(OPENINGS)
def test_what_is_written_as_a_rule_is_read_as_the_same_hours(opening):
    made = Opening(**{**vars(opening), "week": opening.week % opening.every})
    assert openings_of(rule_of(made)) == [OpeningEntry(**{**vars(opening), "week": opening.week % opening.every})]


@pytest.mark.parametrize(
    ("raw", "said"),
    [
        (b"", "is empty"),
        (b"<!DOCTYPE html>", "this is a web page, not data"),
        (b"{", "line 1: not readable as JSON"),
        (b"[" * 200_000, "not readable as JSON"),
        (b"\x1f\x8b\x08broken", "damaged or cut short"),
        (b"\xff\xfe\x00", "cannot be read at byte"),
        (b"3", "found '3'"),
        (b"[1]", "item 1 is '1', not a service"),
        (b'[{"id": "x", "name": "term"}]', "which are not services"),
        (b'{"version": "HSDS-UK-3.0"}', "found an object with 'version'"),
        (b"[]", "None of 0 services could be taken"),
        (b'[{"status": "active"}]', "None of 1 services could be taken"),
        (
            b'{"total_pages": 2, "page_number": 1, "contents": [{"id": "a", "name": "A", "status": "active"}]}',
            "page of 2",
        ),
    ],
)
def test_a_wrong_file_gets_one_sentence(tmp_path, raw, said):
    file = tmp_path / "feed.json"
    file.write_bytes(raw)
    with pytest.raises(FileError) as refused:
        reader.read_paths([file])
    assert said in str(refused.value)
    assert len(str(refused.value).splitlines()) == 1


def test_a_small_file_that_unpacks_to_all_memory_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(files, "LARGEST", 1 << 20)
    file = tmp_path / "feed.json.gz"
    file.write_bytes(gzip.compress(b" " * (1 << 22)))
    with pytest.raises(FileError, match="unpacks to more than"):
        reader.read_paths([file])
    with pytest.raises(FileError, match=r"no .json or .json.gz"):
        reader.read_paths([tmp_path / "nowhere", tmp_path][1:] if not file.unlink() else [])


def test_pages_lists_lines_and_organisations_are_read_alike(tmp_path):
    two = [BASE, {**BASE, "id": "b"}]
    shapes = {
        "list.json": two,
        "page.json": {"total_pages": 1, "contents": two},
        "v2.json": {"totalPages": 1, "number": 1, "content": two},
        "pages.json": [{"total_pages": 2, "page_number": at, "contents": [each]} for at, each in enumerate(two, 1)],
        "organisation.json": {"id": "o", "name": "O", "description": "", "services": two},
        "at.json": [{"id": "1", "location": {}, "service": each} for each in two],
    }
    for name, content in shapes.items():
        (tmp_path / name).write_text(json.dumps(content))
        assert {each.code for each in reader.read_paths([tmp_path / name]).entries} == {"a", "b"}, name
    (tmp_path / "lines.json").write_text("\n".join(json.dumps(each) for each in two))
    assert len(reader.read_paths([tmp_path / "lines.json"]).entries) == 2
    assert reader.read([BASE]).entries == reader.read_pages([("x", json.dumps(BASE).encode("utf-8-sig"))]).entries


def test_what_is_listed_twice_is_kept_once_with_the_later_assurance():
    reading = reader.read(
        [{**BASE, "assured_date": "2024-05-01", "name": "New"}, {**BASE, "assured_date": "2020-01-01"}]
    )
    assert [each.name for each in reading.entries] == ["New"]
    assert reading.report.mended == {"listed_twice": 1}


def test_what_nobody_said_stays_unknown():
    entry = read()
    assert (entry.free, entry.minimum_age, entry.assured_on, entry.openings, entry.places) == (None, None, None, (), ())
    assert read(fees="Free").free is True
    assert read(fees="Free parking").free is None
    assert read(cost_options=[{"amount": 0, "option": "Members"}, {"amount": 5}]).free is False
    assert read(minimum_age=90, maximum_age=3).minimum_age is None
    assert read(status="open").status == "inactive"
    assert read(status="").status == "active"
    assert read(assured_date="2999-01-01").assured_on is None


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=30),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)
NAMES = [
    *("id", "name", "status", "description", "url", "email", "fees", "assured_date", "minimum_age", "maximum_age"),
    *("organization", "schedules", "languages", "cost_options", "contacts", "service_at_locations", "attributes"),
    *("pc_targetAudience", "eligibilitys", "attending_access"),
]
INNER = [
    *(
        "id",
        "name",
        "number",
        "phones",
        "location",
        "addresses",
        "postal_code",
        "latitude",
        "longitude",
        "byday",
        "freq",
    ),
    *("interval", "opens_at", "amount", "taxonomy_term", "accessibility", "audienceType"),
]
ODD = st.dictionaries(st.sampled_from(INNER), JSON, max_size=6)
SERVICES = st.lists(
    st.dictionaries(st.sampled_from(NAMES), JSON | ODD | st.lists(ODD, max_size=3), min_size=1), min_size=1, max_size=3
)


@settings(max_examples=300)
@given(SERVICES)
def test_whatever_a_feed_holds_fits_what_the_directory_keeps(services):
    try:
        reading = reader.read([{"id": "x", "name": "y", **each} for each in services])
    except FileError:
        return
    for entry in reading.entries:
        fits(Service, entry)
        fits(Touchpoint, entry.touchpoint)
        for place in entry.places:
            fits(Location, place)
        for opening in entry.openings:
            fits(Opening, opening)


def fits(model, entry):
    """Every text within its column, and a value that the column's own checks accept."""
    for name in vars(entry):
        column = next((each for each in model._meta.fields if each.name == name), None)
        value = getattr(entry, name)
        if name == "touchpoint" or column is None or value in (None, "") or isinstance(value, tuple):
            continue
        column.clean(value, None)
        assert "\0" not in str(value)
        assert str(value).encode()


def test_the_official_examples_and_mocks_are_read_or_refused_with_a_sentence():
    read, said = 0, []
    for file in sorted(needed().glob("*/*/*.json")):
        if "schema" in file.parts:
            continue
        try:
            reading = reader.read_paths([file])
        except FileError as refused:
            said.append((file.name, str(refused)))
        else:
            read += 1
            assert all(entry.name and entry.touchpoint.name for entry in reading.entries)
    assert read >= 12
    assert all(name in sentence for name, sentence in said)
    whole = reader.read_paths([needed() / "3.0" / "examples" / "service_full.json"]).entries[0]
    assert whole.touchpoint.name == "Example Organization Inc."
    assert [each.weekday for each in whole.openings] == [3, 4]
    assert whole.cost.endswith("£35 Under 18s and Over 60s. per 1 hour session")
    assert whole.places[0].address == "1-30 Main Street, ABC 1234"
    assert "induction loops" in whole.access

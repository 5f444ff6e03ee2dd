"""The canvas: needles and words in eight cells, written in workshops, and the same on one large sheet of paper."""

import re
from datetime import timedelta
from io import BytesIO

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st
from kept_rows import afresh
from pages import client_of
from pypdf import PdfReader
from systems_factories import make_member, make_tree
from systems_leading_factories import (
    make_assessment_with_evidence,
    make_cell,
    make_evidence,
    make_held,
    make_leading,
    make_quote,
    make_whole_canvas,
)

from inroads.accounts.actions import Refused
from inroads.accounts.checks import ChangedMeanwhile
from inroads.accounts.models import AuditEntry
from inroads.design.documents import pdf
from inroads.reference.definitions.framework import Dimension
from inroads.systems.actions import reviewing
from inroads.systems.actions.assessments import begin_assessment
from inroads.systems.models import CanvasCell
from inroads.systems.presenters.canvas import bars
from inroads.systems.queries.canvas import canvas_of, dimensions, latest_cells
from inroads.systems.queries.overview import Mean

pytestmark = pytest.mark.django_db
A3 = (1190.55, 841.89)
INSIDE = ("assessor", "place_lead", "board_member")


@pytest.fixture(scope="module")
def world(rows_for_all):
    """Two systems, and who is inside the first, above it, and beside it."""
    system, other = make_tree(regions=1, systems=2)
    people = {
        "assessor": make_member(system, "assessor"),
        "place_lead": make_member(system, "place_lead"),
        "board_member": make_member(system, "board_member"),
        "above": make_member(system.parent, "national_lead"),
        "beside": make_member(other, "place_lead"),
        "reviewer": make_member(other, "reviewer"),
    }
    return system, people


@pytest.fixture
def system(world, db):
    return afresh(world[0])


@pytest.fixture
def people(world, db):
    return afresh(world[1])


def address(system, name, **more):
    return reverse(f"systems:{name}", kwargs={"system": system.pk, **more})


def shown(system, somebody, name="canvas", **more):
    answer = client_of(somebody).get(address(system, name, **more))
    assert answer.status_code == 200
    return answer.content.decode()


def squeezed(text):
    return " ".join(re.sub(r"<[^>]+>", " ", text).split())


# Writing a cell


def test_every_version_of_a_cell_stays_and_the_highest_holds(system, people):
    by = people["assessor"]
    make_cell(system, by=by)
    make_cell(system, by=by, version=1, gaps="Less is missing.")
    make_cell(system, by=by, dimension="learning")
    found = latest_cells(system)
    assert {name: row.version for name, row in found.items()} == {"partnership": 2, "learning": 1}
    assert found["partnership"].gaps == "Less is missing."
    assert CanvasCell.objects.count() == 3


def test_saving_the_same_again_changes_nothing_and_nothing_at_all_is_refused(system, people):
    by = people["assessor"]
    with pytest.raises(Refused, match="Write something"):
        make_cell(system, by=by, strengths=" ", gaps="", next="\r\n")
    assert make_cell(system, by=by) == make_cell(system, by=by, version=1)
    # What is empty now was not always so.
    assert make_cell(system, by=by, version=1, strengths="", gaps="", next="").version == 2
    with pytest.raises(Refused, match="no such cell"):
        make_cell(system, by=by, dimension="weather")


def test_of_two_who_write_at_once_nothing_is_lost(system, people):
    by = people["assessor"]
    make_cell(system, by=by)
    with pytest.raises(ChangedMeanwhile) as changed:
        make_cell(system, by=people["place_lead"], version=0, gaps="Mine")
    assert changed.value.theirs.version == 1


@pytest.mark.parametrize("name", ["board_member", "above", "beside", "reviewer"])
def test_only_those_who_assess_write(system, people, name):
    with pytest.raises(PermissionDenied):
        make_cell(system, by=people[name])
    assert client_of(people[name]).get(address(system, "canvas_write", dimension="learning")).status_code in (403, 404)


def test_the_trail_holds_no_words(system, people):
    make_cell(system, by=people["assessor"])
    entry = AuditEntry.objects.get(action="canvas_cell_written")
    assert entry.details == {"dimension": "partnership", "version": 1}


def typed(**more):
    return {"version": 0, "strengths": "A", "gaps": "B", "next": "C", "said_by": "Two mentors", **more}


def test_two_tabs_in_a_workshop_both_keep_what_was_typed(system, people):
    here = address(system, "canvas_write", dimension="learning")
    assert client_of(people["assessor"]).post(here, typed()).url == address(system, "canvas_cell", dimension="learning")
    second = client_of(people["place_lead"])
    answer = second.post(here, typed(gaps="Nobody <hears> of it")).content.decode()
    assert "Somebody else changed this while you had it open" in answer
    assert f"What {people['assessor'].full_name} saved meanwhile" in answer
    assert "Nobody &lt;hears&gt; of it" in answer
    assert 'name="version" value="1"' in answer
    assert second.post(here, typed(version=1, gaps="Nobody hears of it")).status_code == 302
    page = squeezed(shown(system, people["assessor"], "canvas_cell", dimension="learning"))
    assert page.index("Nobody hears of it") < page.index("What stood here before") < page.index("What is missing B")
    assert "In the room: Two mentors" in page


def test_too_many_words_are_refused_and_come_back(system, people):
    long = "x " * 2_500
    answer = client_of(people["assessor"]).post(
        address(system, "canvas_write", dimension="learning"), typed(strengths=long)
    )
    assert "characters at most" in answer.content.decode()
    assert long.strip() in answer.content.decode()


# What the page shows


def test_inside_stand_needles_words_quotes_and_what_hangs(system, people):
    lead, by = people["place_lead"], people["assessor"]
    assessment = make_assessment_with_evidence(system, lead=lead)
    make_leading(system, by=by)
    make_quote(system, by=by)
    for name in INSIDE:
        page = shown(system, people[name])
        words = squeezed(page)
        assert "The needles are those of “Spring”, which is being filled in." in words
        assert "Claimed 3.0 of 3 (claimed for 1 of" in words
        assert "1 piece of evidence says otherwise Asked only at the end" in words
        assert "“They asked us when it was done.”" in words
        assert "The mentors ring everybody back by March." in words
        assert "Chief nursing information officer (CNIO). Nobody has held this role since" in words
        for told in (
            reverse("systems:assessment_criterion", kwargs={"assessment": assessment.pk, "criterion": "codesign"}),
            address(system, "leadership") + "#hanging",
            address(system, "canvas_cell", dimension="partnership"),
        ):
            assert f'href="{told}"' in page, told
        assert ("Change the words" in words) == (name != "board_member")
        assert page.count("<h1") == 1
        assert page.count('class="inroads-canvas__cell"') == 8


def test_from_above_stand_the_needles_of_what_was_handed_in_and_no_words(system, people):
    lead, by = people["place_lead"], people["assessor"]
    assessment = make_assessment_with_evidence(system, lead=lead)
    make_leading(system, by=by)
    make_quote(system, by=by)
    make_quote(system, by=by, words="You may print this.", uses=("published",), supports=True)
    before = squeezed(shown(system, people["above"]))
    assert "This system has not handed in a self-assessment yet." in before
    assert "Claimed" not in before
    reviewing.hand_in(assessment=assessment, words="", by=lead)
    for name, more in (("canvas", {}), ("canvas_cell", {"dimension": "partnership"})):
        page = squeezed(shown(system, people["above"], name, **more))
        assert "Claimed 3.0 of 3" in page
        for words in (
            "ring everybody back",
            "They asked us",
            "What hangs",
            "Ada Quill",
            "Nobody has written",
            "In our",
        ):
            assert words not in page, words
        assert "You may print this." in page
    for name in ("beside", "reviewer"):
        for page, more in (("canvas", {}), ("canvas_print", {}), ("canvas_cell", {"dimension": "learning"})):
            assert client_of(people[name]).get(address(system, page, **more)).status_code in (403, 404)


def test_without_an_assessment_the_evidence_still_shows_inside(system, people):
    make_evidence(system, by=people["assessor"])
    words = squeezed(shown(system, people["board_member"]))
    assert "There is no self-assessment yet" in words
    assert "Nothing is claimed yet" in words


def test_a_closed_assessment_stays_until_the_next_begins(system, people):
    lead = people["place_lead"]
    assessment = make_assessment_with_evidence(system, lead=lead)
    reviewing.hand_in(assessment=assessment, words="", by=lead)
    reviewing.close(assessment=assessment, words="No reviewer was free", by=lead)
    begin_assessment(organisation=system, title="Autumn", due_on=timezone.localdate() + timedelta(days=20), by=lead)
    assert canvas_of(people["board_member"], system).assessment.title == "Autumn"
    assert canvas_of(people["above"], system).assessment == assessment


def test_long_words_are_shortened_on_the_canvas_and_whole_in_their_cell(system, people):
    long = "We ask in the library. " * 40 + "The end."
    make_cell(system, by=people["assessor"], strengths=long)
    assert "The end." not in shown(system, people["board_member"])
    assert "Read on" in shown(system, people["board_member"])
    assert long in shown(system, people["board_member"], "canvas_cell", dimension="partnership")


def test_an_unknown_cell_is_not_found(system, people):
    for name in ("canvas_cell", "canvas_write"):
        answer = client_of(people["assessor"]).get(address(system, name, dimension="weather"))
        assert answer.status_code == 404


def test_the_page_asks_the_database_as_often_however_much_there_is(system, people):
    by, page = people["assessor"], client_of(people["board_member"])
    make_assessment_with_evidence(system, lead=people["place_lead"])
    make_leading(system, by=by)
    make_quote(system, by=by)

    def asked(name, **more):
        page.get(address(system, name, **more))
        with CaptureQueriesContext(connection) as found:
            assert page.get(address(system, name, **more)).status_code == 200
        return len(found)

    before = asked("canvas"), asked("canvas_cell", dimension="partnership")
    for number in range(12):
        make_evidence(system, by=by, title=f"Against {number}", supports=False)
        make_quote(system, by=by, words=f"Words {number}")
        make_held(system, by=by, role="champion", name=f"Champion {number} (invented)")
        make_cell(system, by=by, version=2 + number, gaps=f"Gap {number}")
    assert (asked("canvas"), asked("canvas_cell", dimension="partnership")) == before
    assert max(before) <= 30


@given(
    criteria=st.integers(1, 5),
    data=st.data(),
)
def test_bars_say_what_they_draw(criteria, data):
    with_claim, unheard = data.draw(st.integers(0, criteria)), data.draw(st.integers(0, criteria))
    mean = Mean(
        dimension=_dimension(),
        criteria=criteria,
        claimed=data.draw(st.floats(0, 3)) if with_claim else None,
        with_claim=with_claim,
        evidenced=data.draw(st.floats(0, 3)),
        experienced=data.draw(st.floats(0, 3)) if unheard < criteria else None,
        unheard=unheard,
        contrary=0,
    )
    made = bars(mean, 3)
    assert [each.name for each in made] == ["Claimed", "Evidenced", "Experienced"]
    assert all(0 <= each.share <= 1 for each in made)
    assert (made[0].said == "Nothing is claimed yet") == (with_claim == 0)
    assert (made[2].said == "Nobody was heard yet") == (unheard == criteria)
    for each in made:
        if found := re.match(r"(\d\.\d) of 3", each.said):
            assert abs(float(found[1]) / 3 - each.share) <= 0.05 / 3 + 1e-9


def _dimension():
    return Dimension(id="learning", title="Learning", order=8, section="4.9", words="")


# On paper


def printed(system, somebody, query=""):
    answer = client_of(somebody).get(address(system, "canvas_print") + query)
    assert answer.status_code == 200
    assert answer["Content-Type"] == "application/pdf"
    return PdfReader(BytesIO(answer.content))


def text_of(reader):
    return " ".join(" ".join(page.extract_text() for page in reader.pages).split())


def runs(page):
    """Each piece of text on a page: left, bottom, size in points, text."""
    found = []

    def visit(text, around, matrix, font, size):
        if text.strip():
            a, b, c, d, e, f = around
            across, up = matrix[4] * a + matrix[5] * c + e, matrix[4] * b + matrix[5] * d + f
            found.append((across, up, abs(size * matrix[3] * d), text))

    page.extract_text(visitor_text=visit)
    return found


def tags(reader):
    """The kinds of every tag, in the order in which they are read."""
    kinds = []

    def walk(node):
        node = node.get_object()
        if isinstance(node, list):
            for each in node:
                walk(each)
        elif isinstance(node, dict):
            if "/S" in node:
                kinds.append(str(node["/S"]))
            if "/K" in node:
                walk(node["/K"])

    walk(reader.trailer["/Root"]["/StructTreeRoot"])
    return kinds


def in_order(text, words):
    at = [text.find(each) for each in words]
    return -1 not in at and at == sorted(at)


def titles():
    return [f"{each.order}. {each.title}" for each in dimensions()]


def columns(reader):
    """Where the four columns of the first page begin, and where the page ends, in points."""
    page = reader.pages[0]
    starts = [next(left for left, _, _, text in runs(page) if text.strip().startswith(title[:2])) for title in titles()]
    return starts, float(page.mediabox.width)


def within(reader):
    """The smallest text in points; every piece of text begins on its page."""
    sizes = []
    for page in reader.pages:
        width, height = float(page.mediabox.width), float(page.mediabox.height)
        for left, bottom, size, text in runs(page):
            assert 0 < left < width, text
            assert left + 0.4 * size * len(text.strip()) < width, text
            assert 0 < bottom < height - 0.7 * size, text
            sizes.append(round(size, 1))
    return min(sizes)


def test_a_canvas_as_workshops_write_it_stands_on_one_tagged_a3_sheet(system, people):
    lead, by = people["place_lead"], people["assessor"]
    make_assessment_with_evidence(system, lead=lead)
    make_whole_canvas(system, by=by)
    make_leading(system, by=by, cells=False)
    make_quote(system, by=by, words="You may print this.", uses=("published",))
    make_quote(system, by=by, words="Not on paper.")
    reader = printed(system, people["board_member"])
    assert len(reader.pages) == 1
    page = reader.pages[0]
    assert (float(page.mediabox.width), float(page.mediabox.height)) == pytest.approx(A3, abs=0.5)
    assert reader.trailer["/Root"]["/MarkInfo"]["/Marked"]
    assert reader.trailer["/Root"]["/Lang"] == "en-GB"
    kinds = tags(reader)
    assert (kinds.count("/H1"), kinds.count("/H2")) == (1, 8)
    text = text_of(reader)
    assert in_order(text, titles())
    assert text.count("The mentors ring everybody back by March.") == 8
    assert "You may print this." in text
    assert "Not on paper." not in text
    assert "No deputy is written down." in text
    assert "Ada Quill" not in text, "a sheet that is left lying says nobody's name"
    assert within(reader) == 12
    starts, width = columns(reader)
    assert starts[:4] == pytest.approx(starts[4:], abs=1)
    assert starts[3] + (starts[3] - starts[2]) < width - 28, "the last column ends within the margin"


def test_long_words_go_on_to_another_page_and_nothing_is_cut(system, people):
    by = people["assessor"]
    said = {}
    for each in dimensions():
        for name in ("strengths", "gaps", "next"):
            said[each.id, name] = [f"{each.id}{name}{number}" for number in range(25)]
        words = {name: " and ".join(said[each.id, name]) for name in ("strengths", "gaps", "next")}
        make_cell(system, by=by, dimension=each.id, **words)
    reader = printed(system, people["board_member"])
    assert len(reader.pages) > 1
    assert "strengths0" in reader.pages[0].extract_text(), "the first page is not left empty"
    text = "".join(text_of(reader).split())
    assert not [word for words in said.values() for word in words if word not in text]
    assert in_order(" ".join(text_of(reader).split()), titles())
    assert within(reader) == 12


def test_an_empty_sheet_has_every_cell_with_lines_to_write_on(system, people):
    make_whole_canvas(system, by=people["assessor"])
    for name in ("board_member", "above"):
        reader = printed(system, people[name], "?empty=yes")
        assert len(reader.pages) == 1
        text = text_of(reader)
        assert in_order(text, titles())
        for part in ("What goes well", "What is missing", "What comes next"):
            assert text.count(part) == 8
        assert "ring everybody back" not in text
        assert "Day, place" in text
        assert within(reader) == 12


@pytest.mark.parametrize("points", [18, 24])
@pytest.mark.parametrize("empty", ["", "&empty=yes"])
def test_in_large_print_the_cells_stand_one_below_the_other(system, people, points, empty):
    make_whole_canvas(system, by=people["assessor"])
    reader = printed(system, people["assessor"], f"?points={points}{empty}")
    assert all(float(page.mediabox.width) == pytest.approx(595.3, abs=0.5) for page in reader.pages)
    text = text_of(reader)
    assert in_order(text, titles())
    assert ("ring everybody back" in text) == (not empty)
    assert within(reader) == points
    assert tags(reader).count("/H2") == 8


def test_another_size_of_sheet_is_refused_in_a_sentence():
    with pytest.raises(ValueError, match="expected one of A4, A3 landscape"):
        pdf("systems/print/canvas_filled.html", {}, sheet="A0")

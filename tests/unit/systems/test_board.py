"""Reports to a board: what they say, where it comes from, that it stays, and who may read it."""

import io
import re
from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse
from django.utils import timezone
from kept_rows import afresh
from pages import client_of, date_fields
from pypdf import PdfReader
from systems_comparing_factories import make_comparison, make_staff, make_voice
from systems_factories import make_assessment, make_claim, make_evidence, make_member, make_tree
from systems_leading_factories import make_held

from inroads.accounts.actions import Refused
from inroads.systems.actions import board as actions
from inroads.systems.actions.comparing import take_voice_back
from inroads.systems.actions.evidence import withdraw
from inroads.systems.actions.leading import end_role
from inroads.systems.models import BoardReport, ReportState, RoleHeld
from inroads.systems.presenters.board_facts import STEPS, facts_of
from inroads.systems.presenters.board_paper import paper
from inroads.systems.tasks import check_report, make_report

pytestmark = pytest.mark.django_db
ASKS = ("decide who answers for inclusion on the board", "pay people for their time")


@pytest.fixture(scope="module")
def made(rows_for_all):
    """A system whose claim goes further than its evidence, and whose people say that it is not so."""
    here, beside, *_ = make_tree()
    lead = make_member(here, "place_lead")
    assessment = make_assessment(here, by=lead)
    make_claim(assessment, "codesign", 3, by=lead)
    make_claim(assessment, "board", 1, by=lead)
    shown = [make_evidence(here, by=lead, element=element) for element in ("before", "where_people_are")]
    contrary = make_evidence(
        here, by=lead, element="felt", kind="story", supports=False, title="Patients were not listened to (invented)"
    )
    make_held(here, by=lead, deputy="")
    comparison = make_comparison(here, by=lead)
    make_voice(comparison, by=lead)
    staff = make_staff(comparison, by=lead)
    report = ask(here, lead)
    make_report.func(str(report.pk))
    return {
        "here": here,
        "beside": beside,
        "lead": lead,
        "assessment": assessment,
        "shown": shown,
        "contrary": contrary,
        "staff": staff,
        "report": BoardReport.objects.get(pk=report.pk),
    }


@pytest.fixture
def world(made, db):
    return afresh(made)


def ask(system, lead, **more):
    told = {"title": "How inclusive are we?", "for_meeting_on": timezone.localdate(), "asks": ASKS, "words": ""}
    return actions.ask_for_report(organisation=system, by=lead, **{**told, **more})


def made_again(report):
    """The report worked out and laid out once more."""
    return actions.digest(paper(facts_of(BoardReport.objects.get(pk=report.pk))))


def test_it_sets_the_three_needles_beside_each_other_with_what_speaks_against_them(world):
    facts = world["report"].facts
    codesign = next(row for row in facts["criteria"] if row["title"] == "Designed with people")
    assert (codesign["claimed"], codesign["evidenced"], codesign["experienced"]) == (3, 0, 0)
    assert facts["short"][0] == (
        "We claim a level for 2 of 20 criteria. For 2 of them, what we can show is less than what we claim."
    )
    assert [row["title"] for row in facts["against"]] == ["Patients were not listened to (invented)"]
    assert facts["against"][0]["not_so"] == "They say that what they said counted"
    assert facts["asks"] == list(ASKS)
    assert facts["missing_more"] + len(facts["missing"]) == 20
    assert any("No deputy is written down." in row["words"] for row in facts["hanging"])
    assert "Return (invented): 95%" in facts["voices"][0]["words"]
    assert facts["since"] == ""


def test_every_figure_names_a_source_and_every_source_opens(world):
    facts, client = world["report"].facts, client_of(world["lead"])
    numbers = {source["number"] for source in facts["sources"]}
    assert numbers == set(range(1, len(facts["sources"]) + 1))
    named = set(re.findall(r"'source': (\d+)", str(facts)))
    assert {int(number) for number in named} == numbers
    for source in facts["sources"]:
        assert client.get(source["href"]).status_code == 200, source


def test_words_of_others_are_not_changed_and_the_report_says_which_it_would_word_otherwise(world):
    assert world["report"].facts["wordings"] == ["patients: we say people who need services"]


def test_made_again_from_the_same_rows_it_is_the_same_to_the_byte(world):
    report = world["report"]
    assert made_again(report) == report.sha256 == actions.digest(bytes(report.pdf))


def test_what_is_written_later_is_not_in_it_when_it_is_made_again(world):
    lead, here = world["lead"], world["here"]
    make_evidence(here, by=lead, element="felt", title="They listened after all (invented)")
    make_claim(world["assessment"], "codesign", 1, by=lead)
    withdraw(evidence=world["contrary"], words="It was about another service.", by=lead)
    take_voice_back(voice=world["staff"], by=lead)
    make_held(here, by=lead, role="champion", name="Cy Dale (invented)")
    held = RoleHeld.objects.get(organisation=here, role="ccio")
    end_role(held=held, on=timezone.localdate(), by=lead)
    assert made_again(world["report"]) == world["report"].sha256


def test_the_next_report_says_what_moved_and_why(world):
    lead, here = world["lead"], world["here"]
    make_evidence(
        here, by=lead, element="where_people_are", kind="survey", voice="people", title="Asked in the library"
    )
    report = ask(here, lead, title="The next one")
    facts = facts_of(report)
    assert facts["since"]
    moved = {row["title"]: row for row in facts["changed"]}
    assert moved["Designed with people"]["moves"] == ["evidenced from 0 to 1", "experienced from 0 to 1"]
    assert [piece["title"] for piece in moved["Designed with people"]["because"]] == ["Asked in the library"]


def test_its_making_says_how_far_it_is_and_running_twice_changes_nothing(world):
    report = ask(world["here"], world["lead"])
    said = []
    facts_of(report, lambda done, text: said.append((done, text)))
    assert said == list(enumerate(STEPS))
    make_report.func(str(report.pk))
    first = BoardReport.objects.get(pk=report.pk)
    assert (first.state, first.done, first.said) == (ReportState.READY, first.steps, "")
    make_evidence(world["here"], by=world["lead"], element="paid", title="Later")
    make_report.func(str(report.pk))
    assert BoardReport.objects.get(pk=report.pk).sha256 == first.sha256


def test_a_report_that_fails_says_so_and_another_can_be_asked_for(world, monkeypatch):
    report = ask(world["here"], world["lead"])
    monkeypatch.setattr("inroads.systems.tasks.facts_of", lambda *_: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        make_report.func(str(report.pk))
    page = client_of(world["lead"]).get(reverse("systems:board_report", kwargs={"report": report.pk})).content.decode()
    assert "It could not be made" in page
    assert ASKS[0] in page
    assert ask(world["here"], world["lead"]).state == ReportState.WAITING


def test_one_report_of_a_system_is_made_at_a_time_and_one_left_behind_holds_nobody_up(world):
    report = ask(world["here"], world["lead"])
    with pytest.raises(Refused, match="being made already"):
        ask(world["here"], world["lead"])
    BoardReport.objects.filter(pk=report.pk).update(recorded_at=timezone.now() - timedelta(minutes=11))
    assert ask(world["here"], world["lead"])


def test_a_board_is_always_asked_for_something(world):
    with pytest.raises(Refused, match="at least one thing"):
        ask(world["here"], world["lead"], asks=["  ", ""])


def test_checking_it_says_whether_it_came_out_the_same(world):
    report = world["report"]
    actions.check_again(report=report, by=world["lead"])
    check_report.func(str(report.pk))
    assert BoardReport.objects.get(pk=report.pk).checked_same is True
    # Somebody changed a row behind it.
    type(world["contrary"]).objects.filter(pk=world["contrary"].pk).update(title="Something else")
    check_report.func(str(report.pk))
    assert BoardReport.objects.get(pk=report.pk).checked_same is False
    page = client_of(world["lead"]).get(reverse("systems:board_report", kwargs={"report": report.pk})).content.decode()
    assert "came out different" in page
    assert "Patients were not listened to" in page, "what was shown to the board stays"


def test_the_paper_is_tagged_says_the_same_and_leads_to_its_sources(world):
    answer = client_of(world["lead"]).get(reverse("systems:board_pdf", kwargs={"report": world["report"].pk}))
    assert answer["Content-Type"] == "application/pdf"
    pdf = PdfReader(io.BytesIO(answer.content))
    assert pdf.trailer["/Root"]["/MarkInfo"]["/Marked"]
    assert str(pdf.trailer["/Root"]["/Lang"]).startswith("en")
    text = " ".join(page.extract_text() for page in pdf.pages)
    for title in ("What is asked of the board", "In short", "Three needles", "What speaks against us", "Sources"):
        assert title in text
    links = [
        annotation.get_object()["/A"]["/URI"]
        for page in pdf.pages
        for annotation in page.get("/Annots", ())
        if "/A" in annotation.get_object() and "/URI" in annotation.get_object()["/A"]
    ]
    wanted = {source["href"] for source in world["report"].facts["sources"]}
    assert wanted <= {link.split("example", 1)[-1].removeprefix("http://127.0.0.1:8000") for link in links}


@pytest.mark.parametrize(("points", "status"), [("18", 200), ("24", 200), ("13", 404), ("x", 404)])
def test_it_comes_in_larger_print(world, points, status):
    address = reverse("systems:board_pdf", kwargs={"report": world["report"].pk})
    assert client_of(world["lead"]).get(f"{address}?points={points}").status_code == status


def typed(**more):
    told = {"title": "For May", **date_fields("for_meeting_on", timezone.localdate()), "ask_1": "decide", "words": ""}
    return {**told, **more}


def test_words_that_the_glossary_asks_to_leave_are_said_beside_the_field_and_may_be_left(world):
    client, address = client_of(world["lead"]), reverse("systems:board_new", kwargs={"system": world["here"].pk})
    page = client.post(address, typed(ask_1="hear service users", words="They are hard to reach")).content.decode()
    assert "“service users”: say “people who need services" in page
    assert "“hard to reach”: say “seldom heard”" in page
    assert 'value="hear service users"' in page
    before = BoardReport.objects.count()
    answer = client.post(address, typed(ask_1="hear service users", as_it_is="on"))
    assert answer.status_code == 302
    assert BoardReport.objects.count() == before + 1


def test_the_page_that_waits_says_how_far_it_is(world):
    report, client = ask(world["here"], world["lead"]), client_of(world["lead"])
    actions.say_progress(report=report.pk, done=2, steps=5, said="Writing it up")
    page = client.get(reverse("systems:board_report", kwargs={"report": report.pk})).content.decode()
    assert "Writing it up" in page
    assert 'max="5" value="2"' in page
    told = client.get(reverse("systems:board_progress", kwargs={"report": report.pk})).json()
    assert told == {"done": 2, "steps": 5, "said": "Writing it up", "over": False}
    assert client.get(reverse("systems:board_pdf", kwargs={"report": report.pk})).status_code == 404


def test_who_reads_reports_and_who_asks_for_them(world):
    here, report = world["here"], world["report"]
    waiting = ask(here, world["lead"])
    shown = {
        "board_member": (here, 200, 200, 403),
        "assessor": (here, 200, 200, 403),
        "analyst": (here, 200, 200, 403),
        # From above, nothing: it says what is not handed in yet, and names who leads.
        "national_lead": (here.parent, 404, 404, 403),
        "reviewer": (world["beside"], 403, 403, 403),
    }
    for role, (where, ready, unready, new) in shown.items():
        client = client_of(make_member(where, role))
        assert client.get(reverse("systems:board_report", kwargs={"report": report.pk})).status_code == ready, role
        assert client.get(reverse("systems:board_report", kwargs={"report": waiting.pk})).status_code == unready, role
        assert client.get(reverse("systems:board_new", kwargs={"system": here.pk})).status_code == new, role
    elsewhere = make_member(world["beside"], "place_lead")
    for name in ("board_report", "board_progress", "board_pdf"):
        address = reverse(f"systems:{name}", kwargs={"report": report.pk})
        assert client_of(elsewhere).get(address).status_code == 404, name
    assert client_of(elsewhere).post(reverse("systems:board_check", kwargs={"report": report.pk})).status_code == 404
    assert client_of(elsewhere).get(reverse("systems:board_new", kwargs={"system": here.pk})).status_code == 404
    with pytest.raises(PermissionDenied):
        ask(here, elsewhere)


def test_the_list_is_for_those_inside(world):
    address = reverse("systems:board", kwargs={"system": world["here"].pk})
    assert "How inclusive are we?" in client_of(world["lead"]).get(address).content.decode()
    assert client_of(make_member(world["here"].parent, "national_lead")).get(address).status_code == 404

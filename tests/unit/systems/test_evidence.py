"""Evidence: what may be laid down by whom, until when it holds, its files, who sees it, and withdrawing it."""

import io
import re
import zipfile
from datetime import date, timedelta
from types import SimpleNamespace

import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st
from kept_rows import afresh
from pages import client_of, date_fields
from systems_factories import make_assessment, make_evidence, make_member, make_tree

from inroads.accounts.actions import Refused
from inroads.accounts.models import AuditEntry, Membership
from inroads.reference.definitions import load
from inroads.reference.definitions.framework import Criterion
from inroads.reference.organisations import england
from inroads.systems.actions import evidence as actions
from inroads.systems.actions import reviewing
from inroads.systems.actions.evidence_files import KINDS, LARGEST, OLD_OFFICE, NewFile, clean_name, kind_of
from inroads.systems.models import Assessment, ConsentGiven, Evidence, EvidenceFile, Interview, Quote
from inroads.systems.queries import evidence as queries
from inroads.systems.queries.needles import standings_of

pytestmark = pytest.mark.django_db
PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 20


@pytest.fixture(scope="module")
def kept_world(rows_for_all):
    systems = make_tree()
    here = systems[0]
    return SimpleNamespace(
        here=here,
        there=systems[1],
        lead=make_member(here, "place_lead"),
        assessor=make_member(here, "assessor"),
        other=make_member(here, "assessor", "Other Assessor"),
        board=make_member(here, "board_member"),
        neighbour=make_member(systems[1], "place_lead"),
        above=make_member(england(), "national_lead"),
        reviewer=make_member(systems[2], "reviewer"),
    )


@pytest.fixture
def world(kept_world, db):
    return afresh(kept_world)


def page_of(name, **arguments):
    return reverse(f"systems:{name}", kwargs=arguments)


def form_page(world, criterion="codesign", element="before"):
    return page_of("evidence_add", system=world.here.pk, criterion=criterion, element=element)


def typed(**more):
    day = more.pop("dated", timezone.localdate() - timedelta(days=10))
    given = {
        "supports": "so",
        "kind": "minutes",
        "voice": "record",
        "title": "Board paper 12",
        "words": "On page 3.",
        "link": "",
        **(date_fields("dated", day) if day else {}),
    }
    return {**given, **more}


def package(*names, mimetype=b""):
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as kept:
        if mimetype:
            kept.writestr("mimetype", mimetype)
        for name in names:
            kept.writestr(name, "x")
    return made.getvalue()


def text_of(answer):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode()))


# Laying it down


def test_evidence_is_kept_and_leads_back_to_its_criterion(world):
    going = make_assessment(world.here, by=world.lead)
    page = client_of(world.assessor)
    answer = page.post(form_page(world), typed(link="https://example.org/paper"))
    assert answer.url == page_of("assessment_criterion", assessment=going.pk, criterion="codesign")
    kept = Evidence.objects.get()
    day = timezone.localdate() - timedelta(days=10)
    assert (kept.criterion, kept.element, kept.kind, kept.voice, kept.supports, kept.dated) == (
        *("codesign", "before", "minutes", "record", True),
        day,
    )
    assert kept.expires_on == actions.months_later(day, 18)
    entry = AuditEntry.objects.get(action="evidence_laid_down")
    assert "Board paper" not in str(entry.details)
    shown = text_of(page.get(page_of("evidence", evidence=kept.pk)))
    for said in ("Board paper 12", "On page 3.", "https://example.org/paper", "A record of what was done", going.title):
        assert said in shown


def test_the_form_is_found_by_choosing_and_keeps_what_the_address_says(world):
    page, start = client_of(world.assessor), page_of("evidence_new", system=world.here.pk)
    assert "Designed with people" in text_of(page.get(start))
    assert "They say that what they said counted" in text_of(page.get(f"{start}?criterion=codesign&voice=people"))
    answer = page.get(f"{start}?criterion=codesign&element=felt&voice=people")
    assert answer.url == f"{form_page(world, element='felt')}?voice=people"
    assert page.get(form_page(world, element="nothing")).status_code == 404
    assert page.get(f"{form_page(world)}?quote=nonsense").status_code == 404


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"kind": "story"}, "This kind cannot show it. What can: decision with its reasons, minutes or a board paper"),
        ({"voice": "people"}, "In evidence of this kind speaks:"),
        ({"title": ""}, "Give it a name, for lists"),
        ({"words": " "}, "Say what it shows, or add a link or a file"),
        ({"link": "ftp://example.org/x"}, "Enter a whole address"),
        ({"link": "javascript:alert(1)"}, "Enter a whole address"),
        ({"dated": timezone.localdate() + timedelta(days=1)}, "The day lies in the future"),
        (date_fields("expires_on", date(2020, 1, 1)), "This comes before the day it speaks of"),
        (date_fields("expires_on", date(2099, 1, 1)), "Evidence of this holds 18 months at most"),
        ({"dated": None, **date_fields("expires_on", date(2099, 1, 1))}, "Enter the day it speaks of as well"),
        ({"supports": ""}, "Choose what it says"),
    ],
)
def test_nothing_typed_is_lost_where_evidence_is_refused(world, wrong, sentence):
    sent = typed(title="Paper of Zelda", **wrong) if "title" not in wrong else typed(**wrong)
    shown = client_of(world.assessor).post(form_page(world), sent).content.decode()
    assert sentence in shown.replace("&#39;", "'")
    assert "Error: " in shown
    assert "title" in wrong or 'value="Paper of Zelda"' in shown
    assert not Evidence.objects.exists()


def test_undated_evidence_is_kept_and_said_to_count_for_nothing(world):
    page = client_of(world.assessor)
    shown = page.post(form_page(world), typed(dated=None), follow=True)
    assert "Its day is not known, so it counts for nothing yet" in text_of(shown)
    assert "it counts for nothing until that is known" in text_of(shown)
    going = make_assessment(world.here, by=world.lead)
    (standing,) = standings_of(going, only="codesign")
    assert standing.level.missing[0].why == "undated"


def test_anybody_inside_may_say_that_something_is_not_so_with_any_kind(world):
    page = client_of(world.board)
    shown = page.get(form_page(world)).content.decode()
    assert "It says that this is not so" in shown
    assert "It shows that this is so" not in shown
    page.post(form_page(world), typed(supports="not_so", kind="story", voice="people"))
    kept = Evidence.objects.get()
    assert (kept.supports, kept.kind, kept.recorded_by) == (False, "story", world.board)
    going = make_assessment(world.here, by=world.lead)
    address = page_of("assessment_criterion", assessment=going.pk, criterion="codesign")
    shown = text_of(page.get(address))
    assert "Said not to be so." in shown
    assert "It says that this is not so, and that was not answered yet." in shown
    with pytest.raises(PermissionDenied):
        make_evidence(world.here, by=world.board)
    for who in (world.neighbour, world.above, world.reviewer):
        with pytest.raises(PermissionDenied):
            make_evidence(world.here, by=who, supports=False, element="before")


def test_pages_to_lay_it_down_are_for_those_inside(world):
    for who in (world.neighbour, world.above):
        for address in (page_of("evidence_new", system=world.here.pk), form_page(world)):
            assert client_of(who).get(address).status_code == 404
            assert client_of(who).post(form_page(world), typed(supports="not_so")).status_code == 404
    assert client_of(world.reviewer).get(form_page(world)).status_code == 403


def test_what_only_people_can_show_is_said_not_to_move_the_needle_where_others_speak(world):
    page = client_of(world.assessor)
    sent = typed(kind="survey", voice="organisation")
    shown = text_of(page.post(form_page(world, element="felt"), sent, follow=True))
    assert "only people themselves can show this" in shown


@given(st.dates(date(1990, 1, 1), date(2090, 1, 1)), st.integers(1, 60))
def test_months_are_those_of_the_calendar(day, months):
    found = actions.months_later(day, months)
    assert (found.year * 12 + found.month) - (day.year * 12 + day.month) == months
    assert found.day == day.day or (found.day < day.day and (found + timedelta(days=1)).day == 1)
    assert found > day


def test_every_element_can_be_shown_by_some_kind_that_the_form_offers():
    for criterion in load(Criterion).values():
        for element in criterion.elements().values():
            assert actions.fitting_kinds(element), (criterion.id, element.id)


# Files


@pytest.mark.parametrize(
    ("content", "kind", "called", "kept"),
    [
        (b"%PDF-1.7 ...", "application/pdf", "paper.pdf", "paper.pdf"),
        (b"%PDF-1.7 ...", "application/pdf", "C:\\docs\\paper.exe", "paper.exe.pdf"),
        (PNG, "image/png", "../../etc/picture.png", "picture.png"),
        (b"\xff\xd8\xff\xe0 jpeg", "image/jpeg", "photo.JPEG", "photo.jpeg"),
        (b"RIFF\0\0\0\0WEBPVP8 ", "image/webp", "x.webp", "x.webp"),
        (b"one,two\n1,2\n", "text/plain; charset=utf-8", "table.csv", "table.csv"),
        (b"<script>alert(1)</script>", "text/plain; charset=utf-8", "page.html", "page.html.txt"),
        (b"caf\xe9 \x80 5", "text/plain; charset=windows-1252", "caf.txt", "caf.txt"),
        ("Café".encode(), "text/plain; charset=utf-8", "a\u202etxt.exe\0", "atxt.exe.txt"),
        (package("word/document.xml"), list(KINDS)[1], "x.docx", "x.docx"),
        (package("xl/workbook.xml"), list(KINDS)[2], "...", "file.xlsx"),
        (package("content.xml", mimetype=b"application/vnd.oasis.opendocument.text"), list(KINDS)[3], "a.odt", "a.odt"),
        (OLD_OFFICE + "Workbook".encode("utf-16-le"), "application/vnd.ms-excel", "o.xls", "o.xls"),
    ],
)  # fmt: skip
def test_files_are_known_by_what_is_in_them_and_named_safely(content, kind, called, kept):
    assert kind_of(content) == kind
    assert clean_name(called, kind) == kept


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "empty"),
        (b"MZ\x90\x00\x03", "Choose a PDF"),
        (b"\x7fELF\x02\x01", "Choose a PDF"),
        (b"PK\x03\x04 broken", "may be damaged"),
        (package("ppt/presentation.xml"), "Choose a PDF"),
        (package("word/document.xml", "word/vbaProject.bin"), "macro"),
        (OLD_OFFICE + "WordDocument_VBA_PROJECT".encode("utf-16-le"), "macro"),
        (OLD_OFFICE + b" nothing known", "Choose a PDF"),
        (b"x" * (LARGEST + 1), "larger than 10 MB"),
        (b"\x81\x8d", "Choose a PDF"),
    ],
    ids=range(10),
)
def test_other_files_are_refused_with_what_to_do(content, sentence):
    with pytest.raises(Refused, match=sentence):
        kind_of(content)


@given(st.text(max_size=400), st.sampled_from(list(KINDS)))
def test_a_cleaned_name_is_never_a_way_out(name, kind):
    kept = clean_name(name, kind)
    assert not re.search(r'[/\\\x00-\x1f"<>|:*?\u202a-\u202e\u2066-\u2069]', kept)
    assert kept.endswith(KINDS[kind][1])
    assert 0 < len(kept) <= 200
    assert not kept.startswith(".")
    assert clean_name(kept, kind) == kept


def test_a_file_is_only_ever_saved_and_never_shown(world):
    page = client_of(world.assessor)
    sent = typed(file=SimpleUploadedFile("page.html", b"<script>alert(1)</script>", content_type="text/html"))
    page.post(form_page(world), sent)
    file = EvidenceFile.objects.get()
    assert (file.name, file.kind, file.size) == ("page.html.txt", "text/plain; charset=utf-8", 25)
    answer = page.get(page_of("evidence_file", file=file.pk))
    assert answer.content == b"<script>alert(1)</script>"
    assert answer["Content-Disposition"] == 'attachment; filename="page.html.txt"'
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Type"] == "text/plain; charset=utf-8"
    assert "page.html.txt" in text_of(page.get(page_of("evidence", evidence=file.evidence_id)))
    for who in (world.neighbour, world.above, world.reviewer):
        assert client_of(who).get(page_of("evidence_file", file=file.pk)).status_code == 404
    assert page.get(page_of("evidence_file", file=10**12)).status_code == 404


@pytest.mark.parametrize(
    ("content", "sentence"),
    [(b"", "The file is empty"), (b"MZ\x90\0", "Choose a PDF"), (b"x" * (LARGEST + 1), "10 MB")],
)
def test_a_wrong_file_loses_nothing_else(world, content, sentence):
    sent = typed(title="Kept title", file=SimpleUploadedFile("x.pdf", content))
    shown = client_of(world.assessor).post(form_page(world), sent).content.decode()
    assert sentence in shown
    assert 'value="Kept title"' in shown
    assert not Evidence.objects.exists()


# Who sees it


def test_from_above_evidence_is_seen_once_it_was_handed_in(world):
    early = make_evidence(world.here, by=world.assessor, title="Early")
    gone = make_evidence(world.here, by=world.assessor, title="Gone")
    actions.withdraw(evidence=gone, words="Wrong.", by=world.assessor)
    going = make_assessment(world.here, by=world.lead)
    reviewing.invite_reviewer(assessment=going, reviewer=world.reviewer, by=world.lead)
    outside = (world.above, world.reviewer)

    def seen(who, piece):
        return client_of(who).get(page_of("evidence", evidence=piece.pk)).status_code == 200

    assert not any(seen(who, early) for who in outside)
    assert seen(world.board, early)
    reviewing.hand_in(assessment=going, words="", by=world.lead)
    during = make_evidence(world.here, by=world.assessor, title="During")
    assert all(seen(who, piece) for who in outside for piece in (early, during))
    assert not any(seen(who, gone) for who in outside), "it was never handed in"
    assert seen(world.board, gone)
    reviewing.close(assessment=going, words="Nobody could.", by=world.lead)
    late = make_evidence(world.here, by=world.assessor, title="Late")
    actions.withdraw(evidence=early, words="Wrong.", by=world.assessor)
    assert not any(seen(who, late) for who in outside), "it belongs to what comes next"
    assert all(seen(who, early) for who in outside), "it was part of what was handed in"
    assert not seen(world.neighbour, early)
    listed = text_of(client_of(world.above).get(page_of("evidence_list", system=world.here.pk)))
    assert [title for title in ("Early", "Gone", "During", "Late") if title in listed] == ["Early", "During"]


def test_evidence_of_one_system_says_nothing_of_another(world):
    mine = make_evidence(world.here, by=world.assessor, title="Ours alone")
    there = page_of("evidence_list", system=world.there.pk)
    assert "Ours alone" not in text_of(client_of(world.neighbour).get(there))
    assert client_of(world.neighbour).get(page_of("evidence", evidence=mine.pk)).status_code == 404


def test_the_list_shows_one_part_and_what_runs_out_soon(world):
    make_evidence(world.here, by=world.assessor, title="Holds long")
    make_evidence(world.here, by=world.assessor, title="Of assets", criterion="assets")
    old = timezone.localdate() - timedelta(days=500)
    make_evidence(world.here, by=world.assessor, title="Runs out soon", dated=old)
    make_evidence(world.here, by=world.assessor, title="Denial of old", dated=old, supports=False)
    page, address = client_of(world.board), page_of("evidence_list", system=world.here.pk)

    def found(query):
        shown = text_of(page.get(address + query))
        titles = ("Holds long", "Of assets", "Runs out soon", "Denial of old")
        return [title for title in titles if f"{title} " in shown]

    assert found("") == ["Holds long", "Of assets", "Runs out soon", "Denial of old"]
    assert found("?criterion=assets") == ["Of assets"]
    assert found("?criterion=codesign&soon=yes") == ["Runs out soon"]
    assert found("?criterion=nonsense&page=many") == found("")


def test_the_list_asks_as_often_with_much_as_with_little(world):
    page, address = client_of(world.board), page_of("evidence_list", system=world.here.pk)
    asked = []
    for _ in range(2):
        piece = make_evidence(world.here, by=world.assessor)
        page.get(address)
        with CaptureQueriesContext(connection) as queries_made:
            page.get(address)
        asked.append(len(queries_made))
        piece.pk = None
        Evidence.objects.bulk_create(
            [Evidence(**{**_columns(piece), "title": f"Paper {number}"}) for number in range(120)]
        )
    assert asked[0] == asked[1] <= 15
    assert "Page 1 of 5" in text_of(page.get(address))
    assert "Page before" in text_of(page.get(f"{address}?page=5"))


def _columns(piece):
    names = ("organisation", "criterion", "element", "kind", "voice", "dated", "expires_on", "recorded_by")
    return {name: getattr(piece, name) for name in names}


def test_words_of_somebody_are_shown_only_while_they_agree(world):
    interview = Interview.objects.create(
        organisation=world.here,
        called="Sam (invented)",
        speaker="person",
        channel="phone",
        held_on=timezone.localdate(),
        code_hash="0" * 64,
        recorded_by=world.assessor,
    )
    ConsentGiven.objects.create(interview=interview, uses=["quoted"], how="phone", recorded_by=world.assessor)
    quote = Quote.objects.create(interview=interview, words="Nobody asked me.", recorded_by=world.assessor)
    page = client_of(world.assessor)
    address = f"{form_page(world, element='felt')}?voice=people&quote={quote.pk}"
    assert "Nobody asked me." in text_of(page.get(address))
    page.post(address, typed(kind="interview", voice="people", words=""))
    kept = Evidence.objects.get()
    assert kept.quote == quote
    assert "Nobody asked me." in text_of(page.get(page_of("evidence", evidence=kept.pk)))
    make_assessed = make_assessment(world.here, by=world.lead)
    reviewing.hand_in(assessment=make_assessed, words="", by=world.lead)
    above = text_of(client_of(world.above).get(page_of("evidence", evidence=kept.pk)))
    assert "Nobody asked me." not in above, "they agreed to be quoted inside the system alone"
    assert "Words that somebody said." in above
    ConsentGiven.objects.create(interview=interview, uses=[], how="phone", recorded_by=world.assessor)
    assert "Nobody asked me." not in text_of(page.get(page_of("evidence", evidence=kept.pk)))
    assert page.get(address).status_code == 404
    with pytest.raises(Refused, match="no such quote"):
        make_evidence(world.here, by=world.assessor, element="felt", kind="interview", quote=quote)


# Withdrawing it


def test_withdrawn_evidence_counts_no_more_and_stays_with_its_reason(world):
    going = make_assessment(world.here, by=world.lead)
    kept = make_evidence(world.here, by=world.assessor)
    page, address = client_of(world.assessor), page_of("evidence_withdraw", evidence=kept.pk)
    assert "Say why it is withdrawn" in page.post(address, {"words": " "}).content.decode()
    assert page.post(address, {"words": "It was of another year."}).url == page_of("evidence", evidence=kept.pk)
    shown = text_of(page.get(page_of("evidence", evidence=kept.pk)))
    assert "It was of another year." in shown
    assert "It counts no more." in shown
    assert "In no assessment that you may read." in shown
    assert not standings_of(going, only="codesign")[0].evidence
    with pytest.raises(Refused, match="withdrawn already"):
        actions.withdraw(evidence=kept, words="Again.", by=world.assessor)


def test_what_says_that_something_is_not_so_is_answered_and_not_taken_away(world):
    proof = make_evidence(world.here, by=world.assessor)
    denial = make_evidence(world.here, by=world.board, supports=False)
    may = {
        "proof": [who.full_name for who in _everybody(world) if actions.may_withdraw(who, proof)],
        "denial": [who.full_name for who in _everybody(world) if actions.may_withdraw(who, denial)],
    }
    assert may == {"proof": [world.lead.full_name, world.assessor.full_name], "denial": [world.board.full_name]}
    with pytest.raises(PermissionDenied):
        actions.withdraw(evidence=denial, words="No.", by=world.lead)
    assert client_of(world.lead).get(page_of("evidence_withdraw", evidence=denial.pk)).status_code == 404
    assert "is answered with evidence" in text_of(client_of(world.lead).get(page_of("evidence", evidence=denial.pk)))
    Membership.objects.filter(user=world.board).update(ends_on=timezone.localdate())
    assert not actions.may_withdraw(world.board, denial), "who has left changes nothing any more"


def _everybody(world):
    return (world.lead, world.assessor, world.other, world.board, world.neighbour, world.above, world.reviewer)


def test_what_a_reviewer_does_not_see_shown_is_said_beside_it(world):
    kept = make_evidence(world.here, by=world.assessor)
    going = make_assessment(world.here, by=world.lead)
    reviewing.invite_reviewer(assessment=going, reviewer=world.reviewer, by=world.lead)
    reviewing.hand_in(assessment=going, words="", by=world.lead)
    going = Assessment.objects.get()
    reviewing.review_evidence(
        assessment=going, evidence=kept, verdict="not_shown", words="Page 3 is about parking.", by=world.reviewer
    )
    for address in (
        page_of("evidence", evidence=kept.pk),
        page_of("assessment_criterion", assessment=going.pk, criterion="codesign"),
    ):
        assert "Page 3 is about parking." in text_of(client_of(world.board).get(address))
    shown = text_of(client_of(world.board).get(address))
    assert "It counts for nothing: a reviewer says that it does not show this." in shown


def test_where_evidence_is_used_are_the_assessments_beside_which_it_lies(world):
    first = make_assessment(world.here, by=world.lead, title="First")
    kept = make_evidence(world.here, by=world.assessor)
    reviewing.hand_in(assessment=first, words="", by=world.lead)
    reviewing.close(assessment=first, words="Nobody could.", by=world.lead)
    second = make_assessment(world.here, by=world.lead, title="Second")
    late = make_evidence(world.here, by=world.assessor)

    def used(who, piece):
        return [assessment.title for assessment, _ in queries.used_in(who, piece)]

    assert used(world.board, kept) == ["Second", "First"]
    assert used(world.above, kept) == ["First"]
    assert used(world.board, late) == ["Second"]
    assert used(world.neighbour, kept) == []
    assert second.after == first


def test_a_large_file_is_kept_as_it_came(world):
    content = b"%PDF-1.7 " + bytes(range(256)) * 1000
    kept = make_evidence(world.here, by=world.assessor, file=NewFile("big.pdf", content))
    answer = client_of(world.board).get(page_of("evidence_file", file=kept.files.get().pk))
    assert answer.content == content

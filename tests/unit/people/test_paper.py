"""On paper as on the screen: codes that lead to the right record, and keyed answers equal to those of the screen."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st
from people_factories import make_person, make_place, make_team, make_worker

from inroads.accounts.actions import Refused
from inroads.accounts.codes import CODE_LETTERS, check_letter
from inroads.people.actions import choices, paper, pathways, plans
from inroads.people.actions.conversations import begin_conversation, record_events
from inroads.people.models import Answer, AnswerKind, Choice, Conversation, PaperForm
from inroads.people.presenters.paper import content_of
from inroads.people.queries.conversations import kind_of
from inroads.people.queries.paper import code_as_printed, code_as_typed, paper_by_code
from inroads.people.queries.record import record_of
from inroads.reference.definitions.conversation import barriers

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
ODD = "Zażółć \"gęślą\" <jaźń> & 'more' 🙂\r\n\r\n  second line, indented\t\r\nمحمد "


@pytest.fixture
def team(db):
    return make_team()


@pytest.fixture
def worker(team):
    return make_worker(team)


@pytest.fixture
def page(worker):
    client = Client()
    client.force_login(worker, backend=BACKEND)
    return client


def printed(person, kind, by, points=12):
    return paper.print_paper(
        person=person, kind=kind, points=points, content=content_of(kind, record_of(person)), by=by
    )


def day_fields(day, name="said_on"):
    return {f"{name}_day": day.day, f"{name}_month": day.month, f"{name}_year": day.year}


def key_address(form):
    return reverse("people:key", kwargs={"person": form.person_id, "paper": form.pk})


def said(person):
    """What is kept of each answer, apart from how it came."""
    return {each.topic: (each.kind, each.answer, each.words) for each in Answer.objects.filter(person=person)}


@given(st.text(CODE_LETTERS, min_size=7, max_size=7), st.integers(0, 7), st.sampled_from(CODE_LETTERS))
def test_one_wrong_letter_is_always_found(body, place, letter):
    code = body + check_letter(body)
    assert code_as_typed(code_as_printed(code).lower()) == code
    wrong = code[:place] + letter + code[place + 1 :]
    assert code_as_typed(wrong) == (code if wrong == code else "")


@pytest.mark.parametrize("typed", ["", "K7QF", "K7QF-2M9T-", "OOOO-OOOO", "' OR 1=1 --", "é" * 8, "9" * 400])
def test_what_is_no_code_is_none(typed):
    assert code_as_typed(typed) == "" or check_letter(code_as_typed(typed)[:-1]) == code_as_typed(typed)[-1]


@pytest.mark.parametrize("kind", ["triage", "full"])
def test_keyed_answers_equal_screen_answers_byte_for_byte(team, worker, page, kind):
    on_screen, on_paper = make_person(team, by=worker), make_person(team, by=worker)
    form = printed(on_paper, kind, worker)
    values = ["yes", "a_bit", "no", "prefer_not"]
    talk = begin_conversation(person=on_screen, kind=kind, channel="in_person", asked=form.content, by=worker)
    fields = day_fields(timezone.localdate()) | {"said_by": "person", "channel": "paper"}
    for number, topic in enumerate(form.content):
        words = ODD if number % 3 else ""
        address = reverse("people:ask", kwargs={"person": on_screen.pk, "conversation": talk.pk, "topic": topic})
        if kind_of(topic) == AnswerKind.STRENGTH:
            page.post(address, {"words": words or "a", "go": "next"})
            fields |= {f"words_{topic}": words or "a"}
        else:
            page.post(address, {"answer": values[number % 4], "words": words, "go": "next"})
            fields |= {f"tick_{topic}": values[number % 4], f"words_{topic}": words}
    assert page.post(key_address(form), fields).status_code == 302
    assert said(on_paper) == said(on_screen)
    assert len(said(on_paper)) == len(form.content)
    assert ODD.replace("\r\n", "\n").strip() in {words for _, _, words in said(on_paper).values()}


def test_an_answer_from_paper_says_so(team, worker, page):
    person = make_person(team, by=worker)
    form = printed(person, "triage", worker)
    day = timezone.localdate() - timedelta(days=2)
    fields = day_fields(day) | {"said_by": "both", "channel": "paper", "present_words": "My sister wrote it"}
    page.post(key_address(form), fields | {"tick_devices": "yes"})
    kept = Answer.objects.get()
    assert (kept.channel, kept.said_by, kept.said_on, kept.recorded_by) == ("paper", "both", day, worker)
    assert kept.conversation.present_words == "My sister wrote it"
    assert "confidence" not in record_of(person).answers  # empty is not asked


def test_questions_for_somebody_alone_are_on_no_paper(team, worker):
    content = printed(make_person(team, by=worker), "full", worker).content
    assert not {each.id for each in barriers().values() if each.alone or each.asked_of == "staff"} & set(content)


def test_a_code_leads_only_those_who_work_with_the_person(team, worker, page):
    form = printed(make_person(team, by=worker), "triage", worker)
    stranger = make_worker(make_team("Another", team.parent.parent))
    assert paper_by_code(worker, code_as_printed(form.code)) == form
    assert paper_by_code(stranger, form.code) is None
    assert page.post(reverse("people:key_paper"), {"code": form.code.lower()}).url == key_address(form)
    client = Client()
    client.force_login(stranger, backend=BACKEND)
    answer = client.post(reverse("people:key_paper"), {"code": form.code})
    assert "No paper of the people you work with has this code" in answer.content.decode()
    assert client.get(key_address(form)).status_code == 404


def test_a_wrong_code_says_what_to_check_and_stays_typed(page):
    shown = page.post(reverse("people:key_paper"), {"code": "K7QF-2M9A"}).content.decode()
    assert "Check each letter" in shown
    assert 'value="K7QF-2M9A"' in shown


def test_a_paper_is_keyed_in_once(team, worker, page):
    form = printed(make_person(team, by=worker), "triage", worker)
    fields = day_fields(timezone.localdate()) | {"said_by": "person", "channel": "paper", "tick_devices": "yes"}
    page.post(key_address(form), fields)
    again = page.post(key_address(form), fields | {"words_devices": "typed anew"}).content.decode()
    assert "was keyed in on" in again
    assert "typed anew" in again
    assert Conversation.objects.count() == 1


def test_a_broken_field_loses_nothing_that_was_keyed(team, worker, page):
    form = printed(make_person(team, by=worker), "triage", worker)
    fields = {
        "said_on_day": "31",
        "said_on_month": "2",
        "said_on_year": "2026",
        "said_by": "person",
        "channel": "paper",
    }
    shown = page.post(key_address(form), fields | {"tick_devices": "a_bit", "words_devices": ODD}).content.decode()
    assert "must be a real date" in shown
    assert "second line, indented" in shown
    assert 'value="a_bit" checked' in shown
    assert not Answer.objects.exists()


@pytest.fixture
def on_a_pathway(team, worker):
    """A person at a stage, who chose a way that is not digital."""
    pathway = pathways.add_pathway(
        template="community_mental_health",
        organisation=team,
        title="A pathway",
        by=(lead := make_worker(team.parent.parent, "place_lead")),
    )
    pathways.publish(pathway=pathway, by=lead)
    person, stage = make_person(team, by=worker), pathway.stages.first()
    choices.come_to_stage(person=person, stage=stage, by=worker)
    option = stage.options.filter(digital=False).first()
    choices.record_choice(
        person=person, stage=stage, option=option, explained_in="standard", channel="in_person", by=worker
    )
    return person, stage, option


def test_a_choice_is_changed_on_the_card(on_a_pathway, worker, page):
    person, stage, option = on_a_pathway
    form = printed(person, "choices", worker, points=18)
    entry = next(each for each in form.content if each["stage"] == stage.pk)
    wanted = entry["options"][-1]
    fields = day_fields(timezone.localdate()) | {"said_by": "person", "channel": "paper"}
    answer = page.post(
        key_address(form), fields | {f"tick_{stage.pk}": wanted, f"words_{stage.pk}": "I changed my mind"}, follow=True
    )
    assert "1 choice changed" in answer.content.decode()
    kept = record_of(person).choices[stage.pk]
    assert (kept.option_id, kept.channel, kept.why) == (wanted, "paper", "I changed my mind")
    assert Choice.objects.filter(person=person).count() == 2
    again = printed(person, "choices", worker)
    assert option.pk in next(each["options"] for each in again.content if each["stage"] == stage.pk)


def test_words_on_a_card_without_a_tick_are_never_dropped(on_a_pathway, worker, page):
    person, stage, _ = on_a_pathway
    form = printed(person, "choices", worker)
    fields = day_fields(timezone.localdate()) | {"said_by": "person", "channel": "paper"}
    shown = page.post(key_address(form), fields | {f"words_{stage.pk}": "not on Mondays"}).content.decode()
    assert "There are words at" in shown
    assert "not on Mondays" in shown
    form.refresh_from_db()
    assert form.keyed_at is None


def test_a_paper_keyed_in_late_does_not_hide_what_was_said_since(on_a_pathway, worker, page):
    person, stage, option = on_a_pathway
    form, answers = printed(person, "choices", worker), printed(person, "triage", worker)
    fields = day_fields(timezone.localdate() - timedelta(days=5)) | {"said_by": "person", "channel": "paper"}
    page.post(key_address(form), fields | {f"tick_{stage.pk}": form.content[0]["options"][0]})
    assert record_of(person).choices[stage.pk].option_id == option.pk
    assert Choice.objects.filter(person=person).count() == 2
    record_events(person=person, kinds=["pawned"], words="", channel="phone", by=worker)
    page.post(key_address(answers), fields | {"tick_devices": "no"})
    assert "devices" in record_of(person).reopened


def test_what_was_kept_for_later_stays_when_the_card_changes_the_choice(on_a_pathway, worker, page):
    person, stage, option = on_a_pathway
    later = stage.options.exclude(pk=option.pk).last()
    said = {"explained_in": "standard", "channel": "in_person", "by": worker}
    choices.record_choice(person=person, stage=stage, option=option, maybe_later=later, **said)
    form = printed(person, "choices", worker)
    wanted = next(each for each in form.content[0]["options"] if each != later.pk)
    fields = day_fields(timezone.localdate()) | {"said_by": "person", "channel": "paper"}
    page.post(key_address(form), fields | {f"tick_{stage.pk}": wanted})
    kept = record_of(person).choices[stage.pk]
    assert (kept.option_id, kept.maybe_later_id) == (wanted, later.pk)


def test_a_card_without_ticks_changes_nothing(on_a_pathway, worker, page):
    person, _, _ = on_a_pathway
    form = printed(person, "choices", worker)
    page.post(key_address(form), day_fields(timezone.localdate()) | {"said_by": "person", "channel": "paper"})
    assert Choice.objects.filter(person=person).count() == 1


@pytest.mark.parametrize(("kind", "channel"), [("script", "phone"), ("plan", "paper")])
def test_whether_a_step_helped_comes_from_a_call_or_a_paper(team, worker, page, kind, channel):
    person = make_person(team, by=worker)
    due = timezone.localdate() + timedelta(days=3)
    step = plans.add_step(person=person, what="Ask for a phone", owner="Team", due_on=due, by=worker)
    form = printed(person, kind, worker, points=24)
    shown = page.get(key_address(form)).content.decode()
    assert "Has it helped: Ask for a phone?" in shown
    fields = day_fields(timezone.localdate()) | {"said_by": "person", "channel": channel, "present_words": "Volunteer"}
    page.post(key_address(form), fields | {f"tick_{step.pk}": "a_bit", f"words_{step.pk}": "a little"})
    kept = record_of(person).steps[0].helped
    assert (kept.answer, kept.words, kept.channel) == ("a_bit", "a little", channel)
    assert (kept.present_words, kept.said_on) == ("Volunteer", timezone.localdate())


@pytest.mark.parametrize("kind", ["choices", "stages", "plan", "script"])
def test_nothing_is_printed_where_there_is_nothing(team, worker, page, kind):
    person = make_person(team, by=worker)
    address = reverse("people:papers", kwargs={"person": person.pk})
    shown = page.post(address, {"kind": kind, "points": "12"}).content.decode()
    assert "There is nothing to print yet" in shown
    assert not PaperForm.objects.exists()


@pytest.mark.parametrize("points", [12, 18, 24])
@pytest.mark.parametrize("kind", ["triage", "full", "choices", "stages", "plan", "script"])
def test_every_paper_opens_as_a_tagged_pdf_with_its_code(on_a_pathway, worker, page, kind, points):
    from io import BytesIO

    from pypdf import PdfReader

    person, _, _ = on_a_pathway
    due = timezone.localdate() + timedelta(days=3)
    plans.add_step(person=person, what="Ask for a phone", owner="Team", due_on=due, by=worker)
    address = reverse("people:papers", kwargs={"person": person.pk})
    answer = page.post(address, {"kind": kind, "points": str(points)}, follow=True)
    assert answer["Content-Type"] == "application/pdf"
    read = PdfReader(BytesIO(answer.content))
    form = PaperForm.objects.get()
    assert read.trailer["/Root"]["/MarkInfo"]["/Marked"]
    for sheet in read.pages:
        assert code_as_printed(form.code) in sheet.extract_text().replace("‑", "-")
    # Opened again it says the same, whatever has happened since.
    again = page.get(reverse("people:paper_file", kwargs={"person": person.pk, "paper": form.pk}))
    assert [sheet.extract_text() for sheet in PdfReader(BytesIO(again.content)).pages] == [
        sheet.extract_text() for sheet in read.pages
    ]


def test_an_unknown_size_is_refused(team, worker):
    with pytest.raises(Refused, match="12, 18 or 24"):
        printed(make_person(team, by=worker), "triage", worker, points=13)


def test_two_places_never_share_a_code(db):
    place = make_place()
    for name in ("One", "Two"):
        team = make_team(name, place)
        printed(make_person(team), "triage", make_worker(team))
    assert len(set(PaperForm.objects.values_list("code", flat=True))) == 2

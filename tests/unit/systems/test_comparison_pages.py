"""Pages of voices side by side: numbers go in and a verdict comes out; who may open what; what is wrong is said."""

import re
from datetime import date
from io import BytesIO
from itertools import pairwise
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse
from kept_rows import afresh
from pages import client_of
from pypdf import PdfReader
from reading import reading_age
from systems_comparing_factories import (
    STATEMENT,
    make_comparing,
    make_comparison,
    make_contrast,
    make_release,
    make_staff,
    make_voice,
    released_tables,
)
from systems_factories import make_member, make_tree

from inroads.reference.definitions import load
from inroads.reference.definitions.framework import KeyLine
from inroads.reference.organisations import england
from inroads.systems.actions.comparing_drawn import load_published
from inroads.systems.models import Basis, Comparison, Contrasted, Counted, KeyLineAnswer, Wave
from inroads.systems.presenters.comparing import KNOWN, STATES

pytestmark = pytest.mark.django_db
VOICE = {
    "speaks": "leaders",
    "name": "Return (invented)",
    "claim": "on",
    "n": "40",
    "said_as": "number",
    "said": "38",
    "asked": "In writing",
    "source": "Return of May 2026 (invented)",
}
STAFF = VOICE | {"speaks": "staff", "name": "Staff survey (invented)", "n": "93", "said": "49.46", "said_as": "percent"}
STAFF.pop("claim")


@pytest.fixture(scope="module")
def kept_world(rows_for_all):
    systems = make_tree()
    systems[0].area_code = "E54000042"
    systems[0].save()
    roles = ("assessor", "place_lead", "analyst", "board_member", "reviewer")
    people = {role: make_member(systems[0], role) for role in roles}
    people |= {"neighbour": make_member(systems[1], "place_lead"), "above": make_member(england(), "national_lead")}
    return {"systems": systems, **people}


@pytest.fixture
def world(kept_world, db):
    return afresh(kept_world)


@pytest.fixture
def system(world):
    return world["systems"][0]


@pytest.fixture
def assessor(world):
    return world["assessor"]


@pytest.fixture
def page(assessor):
    return client_of(assessor)


def address(name, comparison=None, **more):
    known = {"comparison": comparison.pk} if comparison else {}
    return reverse(f"systems:{name}", kwargs={**known, **more})


def text_of(answer):
    """The words of a page, without its tags."""
    main = answer.content.decode().split("<main")[1].split("</main")[0]
    return " ".join(re.sub(r"<[^>]+>", " ", main).split())


def contrast(more, less, *, n=60):
    return {
        "within": "Staff",
        "more_name": "First group (invented)",
        "more_n": n,
        "more_said": more,
        "less_name": "Second group (invented)",
        "less_n": n,
        "less_said": less,
        "source": "Survey of June 2026 (invented)",
    }


# From numbers to a verdict


@pytest.mark.parametrize("planted", [1, 2, 3])
def test_counts_go_in_and_the_planted_cause_is_named(page, system, planted):
    typed = {"title": "Designed with people (invented)", "statement": STATEMENT, "criterion": "codesign"}
    answer = page.post(address("comparison_new", system=system.pk), typed)
    made = Comparison.objects.get()
    assert answer.url == address("comparison", made)
    for voice in (VOICE, STAFF):
        assert page.post(address("comparison_voice_new", made), voice).status_code == 302
    shown = text_of(page.get(answer.url))
    assert "what was asked so far cannot tell the three explanations apart" in shown
    assert shown.count("Not asked.") == 3
    for number in (1, 2, 3):
        numbers = contrast(57 if number == planted else 31, 30)
        assert page.post(address("comparison_contrast_new", made, number=number), numbers).status_code == 302
    shown = text_of(page.get(answer.url))
    assert f"what was asked speaks for one of the three: “{KNOWN[planted - 1].title}”" in shown
    assert shown.count("Supported.") == 1
    assert "95%" in shown
    assert "46 points (30 to 56)" in shown
    assert "Beyond chance" in shown
    lines = text_of(page.get(address("comparisons", system=system.pk)))
    assert "The claim lies 46 points (30 to 56) above “Staff survey (invented)”" in lines


def test_the_page_says_each_voice_with_interval_number_and_source(page, system, assessor):
    made = make_comparing(system, by=assessor)
    answer = page.get(address("comparison", made))
    shown = text_of(answer)
    for said in ("83% to 99%", "Asked in writing", "Return of May 2026 (invented)", "(the claim)", "4 May 2026"):
        assert said in shown, said
    body = answer.content.decode()
    assert body.count("<h1") == 1
    assert 'class="dots"' in body
    assert "speaks for more than one of the three" in shown
    assert body.count('aria-current="page"') >= 1
    levels = [int(each) for each in re.findall(r"<h([1-6])", body)]
    assert all(after <= before + 1 for before, after in pairwise(levels))


# The report's figures


def test_anybody_reads_the_reports_figures_with_what_is_assumed(world):
    above = client_of(world["above"])
    assert "Published figures to load" in text_of(above.get(address("comparisons_national")))
    answer = above.post(address("comparison_load", definition="codesign_2022"))
    made = Comparison.objects.get(definition="codesign_2022")
    assert answer.url == address("comparison", made)
    assert "Published figures to load" not in text_of(above.get(address("comparisons_national")))
    shown = text_of(Client().get(address("comparison_published", made)))
    for said in (
        "95%",
        "66%",
        "23%",
        "42 at most: assumed",
        "93 at most: assumed",
        "50% agreed and 45% partly agreed",
        "34% said that people are not involved, or that they do not know",
        "29 points (15 to 40)",
        "72 points (54 to 83)",
        "With half as many answers wherever the number is assumed, what is beyond chance stays so",
        "cannot tell the three explanations apart",
        "What some know locally has not spread",
        "The power of the return",
        "The word means different things",
        "About 34 in each of the two groups are needed",
    ):
        assert said in shown, said
    assert world["above"].full_name not in shown
    assert "Take back" not in shown
    # The system's own list leads there.
    inside = client_of(world["assessor"])
    listed = inside.get(address("comparisons", system=world["systems"][0].pk)).content.decode()
    assert address("comparison_published", made) in listed
    assert above.get(address("comparison_voice_new", made)).status_code == 404
    assert above.post(address("comparison_load", definition="nothing")).status_code == 404


# Who may open what


def test_every_role_opens_what_is_theirs_and_nobody_learns_of_the_rest(world, system, assessor):
    made = make_comparing(system, by=assessor)
    ours = make_comparison(None, by=world["above"], title="England (invented)")
    voice, two = made.voices.first(), made.contrasts.first()
    reads = [address("comparisons", system=system.pk), address("comparison", made)]
    changes = [
        address("comparison_new", system=system.pk),
        address("comparison_take_back", made),
        address("comparison_voice_new", made),
        address("comparison_voice_records", made),
        address("comparison_voice_change", made, voice=voice.pk),
        address("comparison_voice_take_back", made, voice=voice.pk),
        address("comparison_contrast_new", made, number=1),
        address("comparison_contrast_take_back", made, contrast=two.pk),
    ]
    national_reads = [address("comparisons_national"), address("comparison", ours)]
    national_changes = [
        address("comparison_new_national"),
        address("comparison_voice_new", ours),
        address("comparison_voice_key_line", ours),
    ]
    for who, may in (
        ("assessor", {"reads", "changes"}),
        ("place_lead", {"reads", "changes"}),
        ("analyst", {"reads"}),
        ("board_member", {"reads"}),
        ("reviewer", set()),
        ("neighbour", set()),
        ("above", {"reads", "national_reads", "national_changes"}),
    ):
        client = client_of(world[who])
        for kind, addresses in (
            ("reads", reads),
            ("changes", changes),
            ("national_reads", national_reads),
            ("national_changes", national_changes),
        ):
            codes = {client.get(each).status_code for each in addresses}
            assert codes == {200} if kind in may else codes <= {403, 404}, (who, kind, codes)
        if "changes" not in may:
            assert {client.post(each, VOICE).status_code for each in changes} <= {403, 404}, who
    nobody = Client()
    for each in [*reads, *changes, *national_reads, *national_changes]:
        assert nobody.get(each).status_code == 302, each
    # One that was not published is not there for those who are not signed in, nor for others.
    assert nobody.get(address("comparison_published", made)).status_code == 404
    for who, name in (("neighbour", "comparison_questions"), ("above", "comparison_voice_key_line")):
        assert client_of(world[who]).get(address(name, made)).status_code == 404
    assert nobody.get(address("comparison_published", ours)).status_code == 404
    assert nobody.get(reverse("systems:comparison_published", kwargs={"comparison": uuid4()})).status_code == 404
    assert Counted.objects.filter(taken_back_at=None).count() == 2


def test_a_voice_belongs_to_its_comparison(page, system, assessor):
    one, other = make_comparing(system, by=assessor), make_comparison(system, by=assessor)
    voice, two = one.voices.first(), one.contrasts.first()
    assert page.get(address("comparison_voice_change", other, voice=voice.pk)).status_code == 404
    assert page.post(address("comparison_contrast_take_back", other, contrast=two.pk)).status_code == 404
    assert page.get(address("comparison_contrast_new", one, number=4)).status_code == 404
    assert page.get(address("comparison_voice_change", one, voice=10**18)).status_code == 404


# Odd input


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"said": "41"}, "41 say so, but only 40 were asked"),
        ({"n": "0"}, "Enter how many were asked: 1 to 100,000,000"),
        ({"n": "-1"}, "must be a whole number"),
        ({"n": "forty"}, "must be a whole number"),
        ({"n": "99999999999999999999"}, "must be 100,000,000 or less"),
        ({"n": "12.5"}, "must be a whole number"),
        ({"said": "many"}, "must be a number"),
        ({"said": "nan"}, "must be a number"),
        ({"said": "1e400"}, "must be a number"),
        ({"said": "37.5"}, "as a whole number, or choose that you have a percentage"),
        ({"said_as": "percent", "said": "101"}, "A percentage must be from 0 to 100"),
        ({"said_as": "percent", "said": "-1"}, "A percentage must be from 0 to 100"),
        ({"said_as": ""}, "Choose a number or a percentage"),
        ({"said_as": "guess"}, "guess"),
        ({"speaks": "people", "n": "7", "said": "3"}, "the others could guess who said what"),
        ({"speaks": ""}, "Choose whose voice it is"),
        ({"name": "x" * 151}, "Use 150 characters at most"),
        ({"name": "a\0b"}, "Null characters"),
        ({"source": "s" * 201}, "Use 200 characters at most"),
        ({"on_day": "31", "on_month": "2", "on_year": "2026"}, "must be a real date"),
        ({"on_day": "1", "on_month": "1", "on_year": "2999"}, "lies in the future"),
    ],
)
def test_odd_numbers_are_refused_where_they_stand_and_nothing_typed_is_lost(page, system, assessor, wrong, sentence):
    made = make_comparison(system, by=assessor)
    answer = page.post(address("comparison_voice_new", made), {**VOICE, "asked": "Zelda Quint’s words", **wrong})
    body = answer.content.decode()
    assert answer.status_code == 200
    assert sentence in body
    assert "There is a problem" in body
    assert "Zelda Quint’s words" in body
    assert not Counted.objects.exists()


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"more_n": "7", "more_said": "7"}, "the others could guess who said what"),
        ({"less_said": "61"}, "61 say so, but only 60 were asked"),
        ({"less_n": ""}, "Second group: enter how many were asked"),
        ({"more_said": "most"}, "must be a whole number"),
        ({"less_name": "First group (invented)"}, "The two groups are called the same"),
        ({"source": ""}, "Say where the numbers come from"),
    ],
)
def test_odd_groups_are_refused(page, system, assessor, wrong, sentence):
    made = make_comparison(system, by=assessor)
    answer = page.post(address("comparison_contrast_new", made, number=2), {**contrast(40, 20), **wrong})
    assert sentence in answer.content.decode()
    assert not Contrasted.objects.exists()


def test_words_that_look_like_markup_are_only_words(page, system, assessor):
    made = make_comparison(system, by=assessor, title="<script>alert(1)</script> & co")
    make_voice(made, name="<b>bold</b>", by=assessor)
    make_staff(made, by=assessor)
    body = page.get(address("comparison", made)).content.decode()
    assert "<script>alert(1)" not in body
    assert "<b>bold</b>" not in body
    assert page.get(address("comparison_questions", made)).content[:5] == b"%PDF-"


# Two tabs


def test_of_two_tabs_that_change_a_voice_the_second_is_told_and_keeps_what_was_typed(page, system, assessor):
    made = make_comparison(system, by=assessor)
    voice = make_voice(made, by=assessor)
    change = address("comparison_voice_change", made, voice=voice.pk)
    assert 'value="38"' in page.get(change).content.decode()
    assert page.post(change, VOICE | {"said": "30"}).status_code == 302
    second = page.post(change, VOICE | {"said": "31"}).content.decode()
    assert "Somebody took this back meanwhile" in second
    assert 'value="31"' in second
    assert [each.said for each in made.voices.filter(taken_back_at=None)] == [30]
    # Who opens the old page is sent to what stands now.
    assert page.get(change).url == address("comparison", made)


def test_of_two_tabs_that_add_the_claim_the_second_is_told(page, system, assessor):
    made = make_comparison(system, by=assessor)
    add = address("comparison_voice_new", made)
    page.post(add, VOICE)
    assert "There is a claim already" in page.post(add, VOICE | {"name": "Another"}).content.decode()
    assert made.voices.count() == 1


def test_what_is_taken_back_is_shown_no_more_and_once_is_enough(page, system, assessor):
    made = make_comparing(system, by=assessor)
    voice, two = made.voices.get(claim=False), made.contrasts.first()
    for name, more in (("voice_take_back", {"voice": voice.pk}), ("contrast_take_back", {"contrast": two.pk})):
        back = address(f"comparison_{name}", made, **more)
        assert "Take it back" in page.get(back).content.decode()
        assert page.post(back).status_code == 302
        assert "took this back meanwhile" in page.post(back).content.decode()
        assert page.get(back).status_code == 302
    shown = text_of(page.get(address("comparison", made)))
    assert "Staff survey (invented)" not in shown
    assert "this needs a voice beside the claim" in shown
    assert page.post(address("comparison_take_back", made)).url == address("comparisons", system=system.pk)
    assert page.get(address("comparison", made)).status_code == 404


# Drawn in


def test_records_are_drawn_in_from_open_figures(page, world, system, assessor):
    made = make_comparison(system, by=assessor)
    draw = address("comparison_voice_records", made)
    assert "There is no figure to choose from" in text_of(page.get(draw))
    tables = released_tables(found=(60, 65), other=(140, 145))
    make_release(system, tables, asks=world["analyst"], agrees=world["place_lead"])
    shown = text_of(page.get(draw))
    assert "People left out of digital care: 30.5%" in shown
    assert "1 more figure is left out" in shown
    assert "Choose for whom" in page.post(draw, {"figure": "left_out"}).content.decode()
    assert page.post(draw, {"figure": "nothing", "so": "yes"}).status_code == 200
    assert page.post(draw, {"figure": "met", "so": "yes"}).url == address("comparison", made)
    shown = text_of(page.get(address("comparison", made)))
    assert "What records show" in shown
    assert "the share lies between" in shown
    assert "Open figures of System 1.1, up to 30 September 2026" in shown


def test_a_key_line_is_drawn_in_for_england(world):
    above = world["above"]
    made = make_comparison(None, by=above)
    page, draw = client_of(above), address("comparison_voice_key_line", made)
    assert "No system has answered a key line yet" in text_of(page.get(draw))
    name, line = next(iter(load(KeyLine).items()))
    wave = Wave.objects.create(
        title="Returns (invented)", on=date(2026, 3, 31), basis=Basis.RETURNS, source="x", recorded_by=above
    )
    for system, answer in zip(world["systems"], ("agree", "agree", "partly", "disagree"), strict=True):
        KeyLineAnswer.objects.create(wave=wave, organisation=system, key_line=name, answer=answer, recorded_by=above)
    assert "not one of the available choices" in page.post(draw, {"answered": "x", "partly": "yes"}).content.decode()
    assert page.post(draw, {"answered": f"{wave.pk} {name}", "partly": "yes"}).status_code == 302
    shown = text_of(page.get(address("comparison", made)))
    assert line.title in shown
    assert "75%" in shown
    assert "2 agreed and 1 partly agreed, of 4 systems that answered." in shown


# On paper


def test_the_questions_print_in_every_size_and_say_whom_to_ask_and_how_many(page, system, assessor):
    made = make_comparison(system, by=assessor)
    make_voice(made, by=assessor)
    make_staff(made, by=assessor)
    for points in (12, 24):
        answer = page.get(address("comparison_questions", made), {"points": points})
        assert answer["Content-Type"] == "application/pdf"
        assert f"questions-{points}-point.pdf" in answer["Content-Disposition"]
    read = PdfReader(BytesIO(page.get(address("comparison_questions", made), {"points": "x"}).content))
    words = " ".join(" ".join(each.extract_text() for each in read.pages).split())
    for said in (
        *(cause.title for cause in KNOWN),
        STATEMENT,
        "I do not know",
        "Count the answers",
        "never fewer than 8",
    ):
        assert said in words, said
    assert re.search(r"Ask about \d+ people in each group", words)
    assert "The framework asks" in words


# Words


def test_what_the_page_says_by_itself_is_easy_to_read():
    said = [words for cause in KNOWN for words in (cause.means, cause.how, cause.first, cause.second)]
    said += [means for _, means in STATES.values()]
    assert reading_age(" ".join(said)) <= 12


def test_pages_ask_the_database_steadily(page, system, assessor, django_assert_max_num_queries):
    made = make_comparing(system, by=assessor)
    for number in range(9):
        make_staff(made, name=f"Survey {number} (invented)", by=assessor)
        make_contrast(made, 1, (20, 45), (20, 45), by=assessor)
    for _ in range(5):
        make_comparing(system, by=assessor)
    with django_assert_max_num_queries(20):
        assert page.get(address("comparison", made)).status_code == 200
    with django_assert_max_num_queries(20):
        page.get(address("comparisons", system=system.pk))


def test_published_questions_are_for_anybody(world):
    made = load_published(definition="codesign_2022", by=world["above"])
    answer = Client().get(address("comparison_published_questions", made), {"points": 18})
    assert answer.content[:5] == b"%PDF-"


def test_a_long_list_is_shown_page_by_page(page, system, assessor):
    for number in range(21):
        make_comparison(system, title=f"Statement {number} (invented)", by=assessor)
    first = text_of(page.get(address("comparisons", system=system.pk)))
    assert "Statement 20 (invented)" in first
    assert "Statement 0 (invented)" not in first
    assert "Page 2 of 2" in first
    assert "Statement 0 (invented)" in text_of(page.get(address("comparisons", system=system.pk), {"page": 2}))

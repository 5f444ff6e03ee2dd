"""Returns: loaded and cut into passages, given to two readers, and seen by those who may."""

import itertools

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st
from kept_rows import afresh
from pages import client_of
from systems_factories import make_member, make_tree
from systems_return_factories import (
    TEXT,
    finish,
    make_differing,
    make_readings,
    make_return,
    make_returns,
    make_wave,
    mark,
    settle,
)

from inroads.accounts.actions import Refused
from inroads.accounts.models import AuditEntry
from inroads.reference.definitions.framework import current
from inroads.systems.actions.returns import LONGEST_PASSAGE, give_to_another, give_to_readers, passages_of
from inroads.systems.models import Basis, Coding, Return, Wave
from inroads.systems.queries.return_scores import scores_of
from inroads.systems.queries.returns import Stage, how_far, page_at, readers_for, returns_kept_by, with_text

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def kept(rows_for_all):
    systems = make_tree()
    england = systems[0].parent.parent
    keeper = make_member(england, "national_lead")
    people = {
        "systems": systems,
        "keeper": keeper,
        "regional": make_member(systems[2].parent, "national_lead"),
        "readers": [make_member(england, "reader", f"Reader {name}") for name in ("One", "Two", "Three")],
        "assessor": make_member(systems[0], "assessor"),
    }
    return people | {"wave": make_wave(by=keeper)}


@pytest.fixture
def here(kept):
    return afresh(kept)


# Cutting into passages


def test_passages_are_the_paragraphs_of_a_return_word_for_word(here):
    found = make_return(here["systems"][0], by=here["keeper"], wave=here["wave"])
    words = [each.words for each in with_text(found.passages.order_by("number"))]
    assert words == [each.strip() for each in TEXT.strip().split("\n\n")]
    assert found.criteria == list(found.criteria)
    assert set(found.criteria) == set(current().criteria)
    entry = AuditEntry.objects.get(action="return_added")
    assert entry.details["passages"] == 4
    assert TEXT[:20] not in str(entry.details)


@given(st.text(alphabet=st.sampled_from("ab.!? \n\r\t\f”é😀"), max_size=4_000))
def test_no_word_of_a_text_is_lost_or_twice_in_its_passages(text):
    parts = passages_of(text)
    covered = "".join(text[start:end] for start, end in parts)
    assert "".join(covered.split()) == "".join(text.split())
    assert all(start < end and end - start <= LONGEST_PASSAGE for start, end in parts)
    assert all(one[1] <= other[0] for one, other in itertools.pairwise(parts))
    assert all(text[start:end] == text[start:end].strip() for start, end in parts)


def test_a_long_paragraph_is_cut_where_a_sentence_ends_else_between_words():
    sentence = "This is a sentence of some length. "
    parts = passages_of(sentence * 100)
    assert len(parts) == 3
    assert all((sentence * 100)[start:end].endswith(".") for start, end in parts)
    words = "word " * 600
    assert all(words[start:end].endswith("word") for start, end in passages_of(words))
    assert [end - start for start, end in passages_of("x" * 3_000)] == [1_200, 1_200, 600]


def test_positions_hold_beyond_the_usual_characters_and_what_cannot_be_kept_is_replaced_one_for_one(here):
    text = "😀 One\0\n\nTwo 😀 \ud800 words"
    found = make_return(here["systems"][0], by=here["keeper"], wave=here["wave"], text=text, pages=(0, 8))
    assert [each.words for each in with_text(found.passages.order_by("number"))] == [
        "😀 One\ufffd",
        "Two 😀 \ufffd words",
    ]
    assert [page_at(found, each.start) for each in found.passages.order_by("number")] == [1, 2]
    assert len(found.text) == len(text)


# Loading


def test_the_same_file_comes_once_into_a_wave_and_the_refusal_says_where_it_is(here):
    system, keeper = here["systems"][0], here["keeper"]
    make_return(system, by=keeper, wave=here["wave"], content=b"one", title="The plan")
    with pytest.raises(Refused, match=r"This file is in this wave already, as “The plan” of System 1.1"):
        make_return(system, by=keeper, wave=here["wave"], content=b"one", title="Again")
    make_return(here["systems"][1], by=keeper, wave=here["wave"], content=b"one")
    make_return(system, by=keeper, wave=make_wave(by=keeper, title="Next"), content=b"one")
    make_return(system, by=keeper, wave=here["wave"])
    with pytest.raises(Refused, match="This text is in this wave already"):
        make_return(system, by=keeper, wave=here["wave"])
    assert Return.objects.count() == 4


@pytest.mark.parametrize(
    ("more", "sentence"),
    [
        ({"text": " \n\n \t"}, "There are no words in it"),
        ({"title": "  "}, "Give the return a name"),
        ({"title": "x" * 201}, "Use 200 characters at most"),
        ({"criteria": ("nothing",)}, "There is no criterion “nothing”"),
        ({"text": "word " * 500_000}, "2,000,000 characters at most"),
    ],
)
def test_what_is_wrong_with_a_return_is_said(here, more, sentence):
    with pytest.raises(Refused, match=sentence):
        make_return(here["systems"][0], by=here["keeper"], wave=here["wave"], **more)
    assert not Return.objects.exists()


def test_returns_are_of_systems_and_belong_to_a_wave_that_rests_on_returns(here):
    with pytest.raises(Refused, match="integrated care system"):
        make_return(here["systems"][0].parent, by=here["keeper"], wave=here["wave"])
    other = Wave.objects.create(
        title="Other", on=here["wave"].on, basis=Basis.FILE, source="A file", recorded_by=here["keeper"]
    )
    with pytest.raises(Refused, match="wave that rests on returns"):
        make_return(here["systems"][0], by=here["keeper"], wave=other)


def test_a_keeper_of_one_region_keeps_nothing_of_another(here):
    elsewhere, ours = here["systems"][0], here["systems"][2]
    with pytest.raises(PermissionDenied):
        make_return(elsewhere, by=here["regional"], wave=here["wave"])
    with pytest.raises(PermissionDenied):
        make_return(ours, by=here["readers"][0], wave=here["wave"])
    found = make_return(elsewhere, by=here["keeper"], wave=here["wave"])
    mine = make_return(ours, by=here["regional"], wave=here["wave"])
    assert list(returns_kept_by(here["regional"])) == [mine]
    browser = client_of(here["regional"])
    assert browser.get(reverse("systems:return", kwargs={"return_id": found.pk})).status_code == 404
    assert browser.get(reverse("systems:return_give", kwargs={"return_id": found.pk})).status_code == 404
    shown = browser.get(reverse("systems:returns")).content.decode()
    assert "System 2.1" in shown
    assert "System 1.1" not in shown


# Readers


def test_two_different_people_who_may_read_are_given_a_return_once(here):
    system, keeper, readers = here["systems"][0], here["keeper"], here["readers"]
    found = make_return(system, by=keeper, wave=here["wave"])
    assert readers_for(system) == sorted(readers, key=lambda each: each.full_name)
    for wrong, sentence in (
        ((readers[0], readers[0]), "two different people"),
        ((readers[0], here["assessor"]), "may not read returns of System 1.1"),
    ):
        with pytest.raises(Refused, match=sentence):
            give_to_readers(of=found, readers=wrong, by=keeper)
    with pytest.raises(PermissionDenied):
        give_to_readers(of=found, readers=readers[:2], by=readers[2])
    address = reverse("systems:return_give", kwargs={"return_id": found.pk})
    browser = client_of(keeper)
    chosen = {"first": readers[0].pk, "second": readers[0].pk}
    assert "Choose two different people" in browser.post(address, chosen).content.decode()
    assert browser.post(address, chosen | {"second": readers[1].pk}).status_code == 302
    assert [each.reader for each in found.readings.all()] == readers[:2]
    with pytest.raises(Refused, match="already"):
        give_to_readers(of=found, readers=readers[1:], by=keeper)


def test_somebody_else_goes_on_where_a_reader_stops_but_never_one_who_has_read_it(here):
    keeper, readers = here["keeper"], here["readers"]
    found = make_return(here["systems"][0], by=keeper, wave=here["wave"])
    first, second = make_readings(found, readers[:2], by=keeper)
    coding = mark(first, 2)
    with pytest.raises(Refused, match="has read it already"):
        give_to_another(reading=first, reader=readers[1], by=keeper)
    address = reverse("systems:return_give_on", kwargs={"return_id": found.pk, "number": 1})
    assert client_of(keeper).post(address, {"reader": readers[2].pk}).status_code == 302
    first.refresh_from_db()
    assert first.reader == readers[2]
    assert Coding.objects.get(pk=coding.pk).recorded_by == readers[0]
    with pytest.raises(Refused, match="has read it already"):
        give_to_another(reading=second, reader=readers[0], by=keeper)
    finish(first)
    with pytest.raises(Refused, match="finished"):
        give_to_another(reading=first, reader=readers[0], by=keeper)
    assert client_of(keeper).get(address).status_code == 404


# How far


def test_a_return_waits_is_read_is_to_settle_and_is_settled(here):
    keeper, readers = here["keeper"], here["readers"]
    waits = make_return(here["systems"][0], by=keeper, wave=here["wave"])
    read = make_return(here["systems"][1], by=keeper, wave=here["wave"])
    first, _ = make_readings(read, readers[:2], by=keeper)
    finish(first)
    differs = make_differing(here["systems"][2], by=keeper, readers=readers[:2], wave=here["wave"])
    done = make_differing(here["systems"][3], by=keeper, readers=readers[1:], wave=here["wave"])
    settle(done, by=keeper)
    far = {each.of: (each.stage, each.to_settle) for each in how_far([waits, read, differs, done])}
    assert far == {
        waits: (Stage.WAITING, 0),
        read: (Stage.READ, 0),
        differs: (Stage.TO_SETTLE, 1),
        done: (Stage.SETTLED, 0),
    }
    shown = client_of(keeper).get(reverse("systems:returns")).content.decode()
    assert "Waits for two readers: 1; Being read: 1; To settle: 1; Settled: 1." in shown


def test_many_returns_take_as_many_questions_as_one(here, django_assert_max_num_queries):
    keeper, readers = here["keeper"], here["readers"]
    browser = client_of(keeper)
    make_differing(here["systems"][0], by=keeper, readers=readers[:2], wave=here["wave"])
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as one:
        browser.get(reverse("systems:returns"))
    for system in here["systems"][1:]:
        make_differing(system, by=keeper, readers=readers[:2], wave=here["wave"])
    with django_assert_max_num_queries(len(one)):
        browser.get(reverse("systems:returns"))


# What stands


def test_a_wave_has_the_highest_level_that_stands_of_each_system(here):
    keeper, readers, (one, other, *_) = here["keeper"], here["readers"], here["systems"]
    first = make_differing(one, by=keeper, readers=readers[:2], wave=here["wave"])
    assert set(scores_of(here["wave"])) == {(one.pk, "touchpoints", 1)}
    settle(first, by=keeper, level=1)
    second = make_differing(one, by=keeper, readers=readers[:2], wave=here["wave"], text="Another. " + TEXT)
    settle(second, by=keeper, level=2)
    make_return(other, by=keeper, wave=here["wave"])
    assert set(scores_of(here["wave"])) == {(one.pk, "touchpoints", 1), (one.pk, "codesign", 2)}


# Who sees what


def test_each_page_opens_for_those_who_may_and_says_nothing_to_others(here):
    keeper, readers, system = here["keeper"], here["readers"], here["systems"][0]
    found = make_returns(system, by=keeper, readers=readers[:2])
    of = {"return_id": found.pk}
    criterion = of | {"criterion": "codesign"}
    wave = {"wave": found.wave_id}
    outsiders = [here["assessor"], make_member(here["systems"][1], "assessor"), make_member(system, "clinician")]
    for name, arguments, allowed in (
        ("returns", {}, {"keeper", "reader", "third"}),
        ("return", of, {"keeper", "reader"}),
        ("return_file", of, {"keeper", "reader"}),
        ("return_give", of, {"keeper"}),
        ("return_trace", criterion, {"keeper", "reader"}),
        ("settle", of, {"keeper"}),
        ("settle_criterion", criterion, {"keeper"}),
        ("coding_page", of | {"number": 1}, {"reader"}),
        ("coding_scores", of, {"reader"}),
        ("coding_score", criterion, {"reader"}),
        ("return_agreement", wave, {"keeper"}),
        ("key_lines", wave, {"keeper"}),
        ("key_line_answer", wave | {"key_line": "collaboration", "system": system.pk}, {"keeper", "reader"}),
    ):
        address = reverse(f"systems:{name}", kwargs=arguments)
        for who, user in (("keeper", keeper), ("reader", readers[0]), ("third", readers[2])):
            expected = (200,) if who in allowed else (403, 404)
            assert client_of(user).get(address).status_code in expected, (name, who)
        for user in outsiders:
            assert client_of(user).get(address).status_code in (403, 404), (name, user)


def test_a_file_comes_back_as_it_came_and_is_never_shown_as_a_page(here):
    found = make_return(
        here["systems"][0],
        by=here["keeper"],
        wave=here["wave"],
        content=b"<script>1</script>",
        file_name="päge.html",
        file_kind="text/html",
    )
    answer = client_of(here["keeper"]).get(reverse("systems:return_file", kwargs={"return_id": found.pk}))
    assert answer.content == b"<script>1</script>"
    assert answer["Content-Type"] == "application/octet-stream"
    assert answer["Content-Disposition"].startswith("attachment")


def test_a_system_sees_what_stands_of_its_own_settled_returns_and_nothing_before(here):
    system, keeper = here["systems"][0], here["keeper"]
    found = make_differing(system, by=keeper, readers=here["readers"][:2], wave=here["wave"])
    address = reverse("systems:returns_of_system", kwargs={"system": system.pk})
    browser = client_of(here["assessor"])
    shown = browser.get(address).content.decode()
    assert "No return of your system was read and settled yet." in shown
    assert "video platform" not in shown
    settle(found, by=keeper)
    shown = browser.get(address).content.decode()
    assert "before we chose the video platform" in shown
    assert "We do not yet know" not in shown, "a mark of one reader alone, not kept"
    assert "Reader One" not in shown
    assert "They shared the decision" not in shown
    only = browser.get(address, {"criterion": "touchpoints"}).content.decode()
    assert "ask the library" in only
    assert "video platform" not in only
    for user in (keeper, here["readers"][0], make_member(here["systems"][1], "assessor")):
        assert client_of(user).get(address).status_code in (403, 404)

"""Reading blind: what a reader marks and scores, and that nobody sees it before both have finished."""

import re

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse
from kept_rows import afresh
from pages import client_of
from systems_factories import make_member, make_tree
from systems_return_factories import finish, give_level, make_readings, make_return, make_wave, mark, settle

from inroads.accounts.actions import Refused
from inroads.accounts.models import AuditEntry
from inroads.systems.actions.coding import code, score, take_code_back
from inroads.systems.models import About, Coding, ReadScore
from inroads.systems.queries.coding import codings_visible_to, own_criteria, passages_on, sees_both

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def kept(rows_for_all):
    systems = make_tree(regions=1, systems=2)
    england = systems[0].parent.parent
    keeper = make_member(england, "national_lead")
    one, two = (make_member(england, "reader", f"Reader {name}") for name in ("One", "Two"))
    found = make_return(systems[0], by=keeper, wave=make_wave(by=keeper))
    first, second = make_readings(found, (one, two), by=keeper)
    return {
        "keeper": keeper,
        "one": one,
        "two": two,
        "assessor": make_member(systems[0], "assessor"),
        "return": found,
        "first": first,
        "second": second,
        "other": make_return(systems[1], by=keeper),
    }


@pytest.fixture
def here(kept):
    return afresh(kept)


def page_of(here, number=1):
    return reverse("systems:coding_page", kwargs={"return_id": here["return"].pk, "number": number})


def typed(number, criterion="codesign", **more):
    """The fields of one passage."""
    told = {"criterion": criterion, "about": "mental_health", "supports": "yes", "part": "", "words": ""} | more
    return {f"{name}_{number}": value for name, value in told.items()}


def empty(*numbers):
    """Passages beside which nothing is typed."""
    return {k: v for n in numbers for k, v in typed(n, "", about="not_said").items()}


# Blind


def test_nobody_sees_what_another_marked_before_both_have_finished(here):
    found, first, second = here["return"], here["first"], here["second"]
    ours, theirs = mark(first, 2), mark(second, 3)
    give_level(first, 2, words="Secret reason")

    def seen(who):
        return set(codings_visible_to(here[who], found))

    assert seen("one") == {ours}
    assert seen("two") == {theirs}
    assert seen("keeper") == seen("assessor") == set()
    finish(first)
    assert seen("one") == {ours}
    assert seen("two") == {theirs}
    assert seen("keeper") == set()
    assert not sees_both(here["one"], found)
    give_level(second, 1)
    finish(second)
    assert seen("one") == seen("two") == seen("keeper") == {ours, theirs}
    assert seen("assessor") == set(), "the system sees what stands, once it is settled"
    settle(found, by=here["keeper"], kept=[ours.pk])
    assert seen("assessor") == {ours}


def test_no_page_tells_a_reader_anything_of_the_other_before_both_have_finished(here):
    first, second = here["first"], here["second"]
    mark(first, 2, words="Only mine")
    browser = client_of(here["two"])
    names = {"coding_page": {"number": 1}, "coding_scores": {}, "coding_finish": {}, "return": {}}
    addresses = [
        reverse(f"systems:{name}", kwargs={"return_id": here["return"].pk, **more}) for name, more in names.items()
    ] + [
        reverse("systems:coding_score", kwargs={"return_id": here["return"].pk, "criterion": "codesign"}),
        reverse("systems:returns"),
    ]

    def told():
        pages = [browser.get(each).content.decode() for each in addresses]
        # What differs between any two times a page is opened: marks of forms and of scripts.
        return [[line for line in page.splitlines() if not re.search("typed_by|csrf|nonce", line)] for page in pages]

    before = told()
    mark(first, 3, words="Only mine too")
    give_level(first, 2, words="My reason")
    finish(first)
    assert told() == before
    trace = reverse("systems:return_trace", kwargs={"return_id": here["return"].pk, "criterion": "codesign"})
    assert browser.get(trace).status_code == 404
    assert client_of(here["keeper"]).get(trace).status_code == 404
    finish(second)
    assert "Only mine" in browser.get(trace).content.decode()


def test_somebody_who_is_no_reader_of_it_finds_no_pages_of_a_reading(here):
    third = make_member(here["return"].organisation.parent, "reader", "Reader Three")
    for user in (third, here["keeper"]):
        assert client_of(user).get(page_of(here)).status_code in (403, 404)
    with pytest.raises(PermissionDenied):
        score(reading=here["first"], criterion="codesign", level=1, words="", by=here["two"])


# Marking


def test_all_that_is_chosen_on_a_page_is_saved_by_any_of_its_buttons(here):
    sent = (
        empty(4)
        | typed(1, "strategy", about="everybody")
        | typed(2, words="  A note ", part="They were paid\n for their time")
        | typed(3, supports="no")
    )
    answer = client_of(here["one"]).post(page_of(here), sent | {"passage": "3"})
    assert answer.url == f"{page_of(here)}#passage-3"
    made = {each.passage.number: each for each in Coding.objects.select_related("passage")}
    assert set(made) == {1, 2, 3}
    assert made[1].about == About.EVERYBODY
    assert made[1].supports
    assert not made[3].supports
    assert made[2].words == "A note"
    text = here["return"].text
    assert text[made[2].start : made[2].end] == "They were paid for their time"
    assert AuditEntry.objects.filter(action="passage_coded").count() == 3
    assert not any("note" in str(each.details) for each in AuditEntry.objects.filter(action="passage_coded"))


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"criterion": "", "words": "A note alone"}, "Passage 2: choose what it speaks of, or empty the note"),
        ({"part": "words that are not there"}, "These words do not stand in it"),
        ({"criterion": "nothing"}, "choose one of the list"),
        ({"about": "nobody"}, "choose one of the list"),
        ({"words": "x" * 4_001}, "everything you typed is still here"),
    ],
)
def test_where_one_passage_is_wrong_nothing_is_saved_and_nothing_typed_is_lost(here, wrong, sentence):
    sent = empty(1, 4) | typed(2, **wrong) | typed(3, "touchpoints", words="Typed beside three")
    shown = client_of(here["one"]).post(page_of(here), sent).content.decode()
    assert sentence in shown
    assert "Error: " in shown
    assert "Typed beside three" in shown
    assert wrong.get("words", "Typed beside three")[:50] in shown
    assert not Coding.objects.exists()


def test_the_same_words_are_marked_once_with_a_criterion_and_again_after_it_was_taken_back(here):
    coding = mark(here["first"], 2)
    with pytest.raises(Refused, match="already"):
        mark(here["first"], 2)
    mark(here["second"], 2)
    sent = empty(1, 2, 4) | typed(3, words="Still typing") | {"take_back": str(coding.pk)}
    browser = client_of(here["one"])
    shown = browser.get(page_of(here)).content.decode()
    sent["typed_by"] = shown.split('name="typed_by" value="')[1].split('"')[0]
    assert browser.post(page_of(here), sent).url == f"{page_of(here)}#passage-2"
    coding.refresh_from_db()
    assert coding.withdrawn_at is not None
    assert "Still typing" in browser.get(page_of(here)).content.decode(), "what stood beside another passage"
    mark(here["first"], 2)
    assert not own_criteria(here["first"])[0].score


def test_a_mark_of_somebody_else_cannot_be_taken_back(here):
    theirs = mark(here["second"], 2)
    browser = client_of(here["one"])
    for sent in (str(theirs.pk), "x", ""):
        assert browser.post(page_of(here), {"take_back": sent}).status_code == 404
    with pytest.raises(PermissionDenied):
        take_code_back(coding=theirs, by=here["one"])
    theirs.refresh_from_db()
    assert theirs.withdrawn_at is None


def test_a_mark_lies_within_its_passage_and_its_return(here):
    first = here["first"]
    passage = passages_on(here["return"], 1)[1]
    told = {"reading": first, "criterion": "codesign", "about": "not_said", "supports": True, "words": ""}
    told["by"] = here["one"]
    for start, end in ((passage.start - 1, passage.end), (passage.start, passage.end + 1), (5, 5)):
        with pytest.raises(Refused, match="words of this passage only"):
            code(passage=passage, start=start, end=end, **told)
    with pytest.raises(Refused, match="another return"):
        code(passage=here["other"].passages.first(), **told)
    with pytest.raises(Refused, match="against which this return is read"):
        code(passage=passage, **(told | {"criterion": "nothing"}))


def test_pages_of_a_long_return_follow_one_another(here):
    long = make_return(
        here["return"].organisation, by=here["keeper"], text="\n\n".join(f"Passage {n}." for n in range(45))
    )
    first, _ = make_readings(long, (here["one"], here["two"]), by=here["keeper"])
    browser = client_of(here["one"])
    start = reverse("systems:coding", kwargs={"return_id": long.pk})
    assert browser.get(start).url.endswith("/read/1/")
    mark(first, 45)
    assert browser.get(start).url.endswith("/read/3/")
    for number, status in ((1, 200), (3, 200), (0, 404), (4, 404), (10**30, 404)):
        address = reverse("systems:coding_page", kwargs={"return_id": long.pk, "number": number})
        assert browser.get(address).status_code == status, number


# Scores, and finishing


def test_a_score_is_one_of_the_levels_and_the_one_before_stays(here):
    address = reverse("systems:coding_score", kwargs={"return_id": here["return"].pk, "criterion": "codesign"})
    mark(here["first"], 2)
    browser = client_of(here["one"])
    shown = browser.get(address).content.decode()
    assert "before we chose the video platform" in shown
    assert "They share the decision." in shown
    assert "Choose a level" in browser.post(address, {"words": "Because"}).content.decode()
    for level in ("0", "3", "3", "2"):
        assert browser.post(address, {"level": level, "words": "Because"}).status_code == 302
    assert list(ReadScore.objects.order_by("pk").values_list("level", flat=True)) == [0, 3, 2]
    assert (
        "2: Shared"
        in browser.get(reverse("systems:coding_scores", kwargs={"return_id": here["return"].pk})).content.decode()
    )
    for wrong in (4, -1):
        with pytest.raises(Refused, match="one of the levels"):
            give_level(here["first"], wrong)
    with pytest.raises(Refused, match="against which this return is read"):
        give_level(here["first"], 1, "nothing")


def test_what_a_reader_said_stays_once_they_have_finished(here):
    first, browser = here["first"], client_of(here["one"])
    coding = mark(first, 2, words="My note")
    address = reverse("systems:coding_finish", kwargs={"return_id": here["return"].pk})
    assert "You marked passages for these, and chose no level" in browser.get(address).content.decode()
    assert browser.post(address).status_code == 302
    first.refresh_from_db()
    assert first.finished_at is not None
    for change in (
        lambda: mark(first, 3),
        lambda: give_level(first, 1),
        lambda: take_code_back(coding=coding, by=here["one"]),
        lambda: finish(first),
    ):
        with pytest.raises(Refused, match="You have finished"):
            change()
    shown = browser.get(page_of(here)).content.decode()
    assert "My note" in shown
    assert "<select" not in shown
    late = browser.post(page_of(here), empty(1, 2, 4) | typed(3, words="Typed too late")).content.decode()
    assert "You have finished reading this return" in late
    assert "Typed too late" in late
    score_page = reverse("systems:coding_score", kwargs={"return_id": here["return"].pk, "criterion": "codesign"})
    assert "You gave no level." in browser.get(score_page).content.decode()

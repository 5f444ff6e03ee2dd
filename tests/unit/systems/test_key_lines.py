"""Key lines of enquiry: what systems answer, in their words, and what share agrees."""

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse
from kept_rows import afresh
from pages import client_of
from systems_factories import make_member, make_tree
from systems_return_factories import finish, make_readings, make_return, make_wave

from inroads.accounts.actions import Refused
from inroads.accounts.checks import ChangedMeanwhile
from inroads.reference.definitions import load
from inroads.reference.definitions.framework import KeyLine
from inroads.systems.actions.key_lines import answer_key_line
from inroads.systems.models import KeyLineAnswer
from inroads.systems.queries.key_lines import answered, systems_counted

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def kept(rows_for_all):
    systems = make_tree(regions=2, systems=3)
    england = systems[0].parent.parent
    keeper = make_member(england, "national_lead")
    readers = [make_member(england, "reader", f"Reader {name}") for name in ("One", "Two")]
    wave = make_wave(by=keeper)
    found = make_return(systems[0], by=keeper, wave=wave)
    return {
        "keeper": keeper,
        "regional": make_member(systems[3].parent, "national_lead"),
        "readers": readers,
        "systems": systems,
        "wave": wave,
        "return": found,
        "readings": make_readings(found, readers, by=keeper),
    }


@pytest.fixture
def here(kept):
    return afresh(kept)


def say(here, system, answer, **more):
    told = {"about": "mental_health", "text": "In our words (invented)", "by": here["keeper"]} | more
    return answer_key_line(
        wave=here["wave"], organisation=system, key_line=told.pop("key_line", "collaboration"), answer=answer, **told
    )


def address(here, system=0, key_line="collaboration"):
    return reverse(
        "systems:key_line_answer",
        kwargs={"wave": here["wave"].pk, "key_line": key_line, "system": here["systems"][system].pk},
    )


def test_what_was_published_is_there_as_published():
    shares = {name: (each.published.agree, each.published.partly) for name, each in load(KeyLine).items()}
    assert shares == {"collaboration": (55, 40), "inclusive_design": (50, 45)}
    assert all("3.2.2" in each.published.source for each in load(KeyLine).values())


def test_shares_are_of_those_who_say_something_with_wilsons_interval(here):
    for system, answer in zip(here["systems"], ("agree", "agree", "partly", "disagree", "not_said"), strict=False):
        say(here, system, answer)
    say(here, here["systems"][0], "partly", text="Changed")
    found = answered(here["wave"], systems_counted(here["keeper"]))[0]
    assert (found.n, found.not_said, found.unknown) == (4, 1, 1)
    agree, partly, disagree = found.shares
    assert (agree.number, partly.number, disagree.number) == (1, 2, 1)
    # Wilson (1927) for 2 of 4 at 95 %.
    assert (partly.share, round(partly.low, 3), round(partly.high, 3)) == (0.5, 0.15, 0.85)
    shown = client_of(here["keeper"]).get(reverse("systems:key_lines", kwargs={"wave": here["wave"].pk}))
    text = shown.content.decode()
    assert "50% (15% to 85%)" in text
    assert "55%" in text
    assert "40%" in text
    assert "Of 4 systems that say something" in text
    assert "1 does not say" in text
    assert "Changed" in text


def test_a_keeper_of_a_region_counts_and_reads_their_own_systems_only(here):
    say(here, here["systems"][0], "agree", text="Words of the first region")
    say(here, here["systems"][3], "partly", text="Words of the second region")
    shown = client_of(here["regional"]).get(reverse("systems:key_lines", kwargs={"wave": here["wave"].pk}))
    text = shown.content.decode()
    assert "3 systems are counted here" in text
    assert "Words of the second region" in text
    assert "first region" not in text
    assert "System 1.1" not in text
    assert client_of(here["regional"]).get(address(here)).status_code == 404
    with pytest.raises(PermissionDenied):
        say(here, here["systems"][0], "agree", by=here["regional"])


def test_without_answers_the_published_shares_stand_alone(here):
    text = client_of(here["keeper"]).get(reverse("systems:key_lines", kwargs={"wave": here["wave"].pk}))
    assert "Not known" in text.content.decode()
    assert "45%" in text.content.decode()


def test_a_reader_writes_it_down_once_both_have_finished(here):
    reader = here["readers"][0]
    first, second = here["readings"]
    browser = client_of(reader)
    sent = {"seen": 0, "answer": "partly", "text": "It is early (invented)", "about": "everybody"}
    finish(first)
    assert browser.post(address(here), sent).status_code == 404
    with pytest.raises(PermissionDenied):
        say(here, here["systems"][0], "partly", by=reader)
    finish(second)
    assert browser.post(address(here), sent | {"of": str(here["return"].pk)}).status_code == 302
    made = KeyLineAnswer.objects.get()
    assert (made.answer, made.text, made.about, made.of) == (
        "partly",
        "It is early (invented)",
        "everybody",
        here["return"],
    )
    assert browser.get(address(here, 1)).status_code == 404, "no return of that system was given to them"


def test_what_is_wrong_is_said_and_nothing_typed_is_lost(here):
    browser = client_of(here["keeper"])
    sent = {"seen": 0, "answer": "agree", "text": "", "about": "everybody"}
    assert "Copy the words in which" in browser.post(address(here), sent).content.decode()
    shown = browser.post(address(here), {"seen": 0, "text": "Typed already", "about": "everybody"}).content.decode()
    assert "Choose what the system says" in shown
    assert "Typed already" in shown
    assert browser.post(address(here), sent | {"answer": "not_said"}).status_code == 302
    elsewhere = make_return(here["systems"][1], by=here["keeper"], wave=here["wave"])
    with pytest.raises(Refused, match="a return of this system"):
        say(here, here["systems"][0], "agree", of=elsewhere)
    assert browser.get(address(here, key_line="nothing")).status_code == 404


def test_the_latest_answer_holds_those_before_stay_and_nobody_overwrites_unread(here):
    system = here["systems"][0]
    first = say(here, system, "agree")
    assert say(here, system, "agree") == first, "the same again changes nothing"
    say(here, system, "disagree", text="Changed their mind", seen=1)
    assert KeyLineAnswer.objects.count() == 2
    with pytest.raises(ChangedMeanwhile):
        say(here, system, "agree", seen=1)
    sent = {"seen": 1, "answer": "agree", "text": "What I typed", "about": "everybody"}
    shown = client_of(here["keeper"]).post(address(here), sent).content.decode()
    assert "Somebody wrote this down meanwhile" in shown
    assert "Changed their mind" in shown
    assert "What I typed" in shown

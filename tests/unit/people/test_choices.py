"""Choosing at every stage: nothing is taken away, every choice stays in the history, and the pages say it plainly."""

from datetime import date, timedelta
from html import unescape
from html.parser import HTMLParser

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from people_factories import make_person, make_team, make_worker

from inroads.accounts.actions import Refused
from inroads.accounts.models import AuditEntry
from inroads.people.actions import choices, conversations, pathways, records
from inroads.people.models import Choice, Involvement
from inroads.people.presenters.choices import choice_card, way_lines
from inroads.people.queries import choices as queries
from inroads.people.queries.record import record_of
from inroads.reference.definitions.care import ways
from inroads.reference.definitions.conversation import barriers

pytestmark = pytest.mark.django_db
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


@pytest.fixture
def team():
    return make_team()


@pytest.fixture
def lead(team):
    return make_worker(team.parent.parent, "place_lead")


@pytest.fixture
def worker(team):
    return make_worker(team)


@pytest.fixture
def pathway(team, lead):
    made = pathways.add_pathway(template="community_mental_health", organisation=team, title="", by=lead)
    return pathways.publish(pathway=made, by=lead)


@pytest.fixture
def stage(pathway):
    return pathway.stages.get(title="Assessment")


@pytest.fixture
def person(team, worker):
    return make_person(team, by=worker, known_as="Sam")


@pytest.fixture
def came(person, stage, worker):
    return choices.come_to_stage(person=person, stage=stage, by=worker)


@pytest.fixture
def page(worker):
    client = Client()
    client.force_login(worker, backend=BACKEND)
    return client


def way(stage, name):
    return stage.options.get(way=name)


def choose(person, stage, name, by, **said):
    option = way(stage, name) if name else None
    said = {"explained_in": "standard", "channel": "in_person"} | said
    return choices.record_choice(person=person, stage=stage, option=option, by=by, **said)


def hard(person, worker, topic, words=""):
    talk = conversations.begin_conversation(person=person, kind="full", channel="in_person", by=worker)
    return conversations.record_answer(conversation=talk, topic=topic, answer="yes", words=words, by=worker)


def test_what_was_shown_and_chosen_is_kept_with_its_source(person, stage, came, worker):
    made = choose(
        person, stage, "touchpoint", worker,
        maybe_later=way(stage, "video"), why=" quiet\r\nthere ", channel="phone", said_by="both",
    )  # fmt: skip
    assert (made.option.way, made.maybe_later.way, made.why) == ("touchpoint", "video", "quiet\nthere")
    assert (made.channel, made.said_by, made.said_on) == ("phone", "both", timezone.localdate())
    assert made.look_again_on == timezone.localdate() + timedelta(days=90)
    assert set(made.offered) == set(stage.options.values_list("pk", flat=True))
    entry = AuditEntry.objects.get(action="choice_recorded")
    assert entry.details == {"stage": stage.pk, "option": made.option_id, "channel": "phone"}


def test_after_any_choice_every_other_way_is_one_step_away_and_the_history_keeps_all(person, stage, came, worker):
    names = [each.way for each in stage.options.all()]
    for first in [*names, None]:
        choose(person, stage, first, worker)
        assert [each.way for each in queries.available(person, stage, record_of(person))] == names
        for second in names:
            assert choose(person, stage, second, worker).option.way == second
    told = queries.history(person)[stage.pk]
    assert len(told) == Choice.objects.count() == (len(names) + 1) * (len(names) + 1)
    assert told[0].pk == record_of(person).choices[stage.pk].pk


def test_a_way_chosen_now_is_not_also_left_for_later(person, stage, came, worker):
    assert choose(person, stage, "video", worker, maybe_later=way(stage, "video")).maybe_later is None


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ({"look_again_on": date(2020, 1, 1)}, "must be after today"),
        ({"look_again_on": date(2999, 1, 1)}, "within a year"),
        ({"said_on": date(2999, 1, 1)}, "lies in the future"),
        ({"explained_in": "mime"}, "how it was explained"),
        ({"said_by": "staff"}, "the person's own"),
        ({"said_by": "trusted"}, "has not agreed"),
        ({"channel": "screen"}, "their own page"),
        ({"offered": [0]}, "Open the page again"),
    ],
)
def test_what_does_not_fit_is_said_in_a_sentence_and_nothing_is_kept(person, stage, came, worker, said, why):
    with pytest.raises(Refused, match=why):
        choose(person, stage, "phone", worker, **said)
    assert not Choice.objects.exists()


def test_a_way_of_another_stage_is_not_chosen(person, stage, came, worker):
    other = stage.pathway.stages.get(title="Referral")
    for said in ({"option": other.options.first()}, {"option": None, "maybe_later": other.options.first()}):
        with pytest.raises(Refused, match="not offered here"):
            choices.record_choice(person=person, stage=stage, explained_in="", channel="phone", by=worker, **said)


def test_nobody_chooses_on_a_pathway_before_they_came_to_it(person, stage, worker):
    with pytest.raises(Refused, match="not on this pathway"):
        choose(person, stage, "phone", worker)


def test_words_of_somebody_trusted_count_once_the_person_agreed(person, stage, came, worker):
    records.add_trusted_person(
        person=person, name="Ali", relation="", may_see=True, may_change=True, agreed_on=None, how_agreed="said so",
        by=worker,
    )  # fmt: skip
    assert choose(person, stage, "phone", worker, said_by="trusted").said_by == "trusted"


def test_coming_to_a_stage_keeps_when_they_first_came(person, stage, came, worker):
    review = stage.pathway.stages.get(title="Review")
    assert choices.come_to_stage(person=person, stage=stage, by=worker) == came
    choices.come_to_stage(person=person, stage=review, by=worker)
    record = record_of(person)
    assert record.stages[str(stage.pathway_id)].stage == review
    assert record.since[str(stage.pathway_id)] == came.recorded_at
    assert Involvement.objects.count() == 2


def test_nobody_comes_to_a_stage_that_is_not_published_or_not_for_them(person, pathway, team, lead, worker):
    draft = pathways.add_stage(pathway=pathway, title="New", question="How?", by=lead)
    with pytest.raises(Refused, match="not published"):
        choices.come_to_stage(person=person, stage=draft, by=worker)
    elsewhere = make_team("Another team", team.parent.parent)
    other = pathways.add_pathway(template="talking_therapies", organisation=elsewhere, title="", by=lead)
    pathways.publish(pathway=other, by=lead)
    with pytest.raises(Refused, match="not one of the person's team"):
        choices.come_to_stage(person=person, stage=other.stages.first(), by=worker)


def test_a_worker_of_another_team_changes_nothing(person, stage, came, team):
    stranger = make_worker(make_team("Another team", team.parent.parent))
    entries = AuditEntry.objects.count()
    with pytest.raises(PermissionDenied):
        choose(person, stage, "phone", stranger)
    with pytest.raises(PermissionDenied):
        choices.come_to_stage(person=person, stage=stage, by=stranger)
    assert (Choice.objects.count(), Involvement.objects.count(), AuditEntry.objects.count()) == (0, 1, entries)


def test_what_was_said_to_be_hard_is_a_note_and_takes_nothing_away(person, stage, came, worker):
    hard(person, worker, "data")
    hard(person, worker, "taken_advantage")
    lines = {line.option.way: line for line in way_lines(stage, record_of(person), with_answers=True)}
    assert barriers()["data"].title in lines["video"].hard
    # What is asked only of somebody who is alone is never on a screen that others may see.
    assert barriers()["taken_advantage"].title not in lines["video"].hard
    assert lines["clinic"].hard == lines["phone"].hard == []
    assert [line.option for line in lines.values()] == queries.available(person, stage, record_of(person))
    unseen = way_lines(stage, record_of(person), with_answers=False)
    assert all(line.hard == [] for line in unseen)


def test_the_card_numbers_every_other_way_and_is_the_same_when_printed_again(person, stage, came, worker, lead):
    choose(person, stage, "touchpoint", worker, maybe_later=way(stage, "video"), why="quiet")
    moment = timezone.now()
    card = choice_card(record_of(person, moment), every=True)
    first = card["stages"][0]
    assert (first["title"], first["question"], first["stage"]) == ("Assessment", stage.question, stage.pk)
    assert first["chosen"]["title"] == way(stage, "touchpoint").title
    assert (first["chosen"]["why"], first["maybe_later"]) == ("quiet", way(stage, "video").title)
    assert "touchpoint" not in {stage.options.get(pk=each["option"]).way for each in first["others"]}
    assert [each["title"] for each in card["stages"][1:3]] == ["Referral", "Treatment"]
    assert card["stages"][1]["chosen"] is None
    numbers = [other["number"] for each in card["stages"] for other in each["others"]]
    assert numbers == list(range(1, len(numbers) + 1))
    assert any("Nothing" in sentence or "never" in sentence for sentence in card["how_to_change"])
    pathways.add_option(stage=stage, way="drop_in", title="", plain="", where="", when="", by=lead)
    pathways.mark_leaving(option=way(stage, "video"), leaving=True, by=lead)
    pathways.publish(pathway=stage.pathway, by=lead)
    choose(person, stage, "phone", worker)
    assert choice_card(record_of(person, moment), every=True) == card
    # The card itself has what was talked about, and names the rest.
    short = choice_card(record_of(person))
    assert [each["title"] for each in short["stages"]] == ["Assessment"]
    assert "Treatment" in short["not_yet"]


# Pages


def test_from_no_pathway_to_a_choice_in_the_browser(page, person, stage):
    choices_page = reverse("people:choices", kwargs={"person": person.pk})
    assert "Where are they now?" in page.get(choices_page).content.decode()
    here = reverse("people:come_to_stage", kwargs={"person": person.pk, "stage": stage.pk})
    assert page.get(here).status_code == 200
    answer = page.post(here, follow=True)
    assert answer.redirect_chain[-1][0] == reverse("people:choose", kwargs={"person": person.pk, "stage": stage.pk})
    seen = answer.content.decode()
    assert seen.count("<h1") == 1
    for option in stage.options.all():
        assert option.title in seen
        assert option.plain in seen
    assert "Not decided yet" in seen


class Fields(HTMLParser):
    """What a browser would send of a form that nobody touched."""

    def __init__(self, page):
        super().__init__()
        self.sent, self.select, self.area = {}, None, None
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        given = dict(attrs)
        name, kind = given.get("name"), given.get("type")
        if tag == "select":
            self.select = name
        elif tag == "option" and (self.select not in self.sent or "selected" in given):
            self.sent[self.select] = given["value"]
        elif tag == "textarea":
            self.area, self.sent[name] = name, ""
        elif tag == "input" and name and (kind not in ("radio", "checkbox") or "checked" in given):
            self.sent[name] = given.get("value", "")

    def handle_data(self, data):
        if self.area:
            self.sent[self.area] += data

    def handle_endtag(self, tag):
        if tag == "textarea":
            self.area = None


def with_defaults(page, address, **typed):
    """The fields of the form as it stands, with these touched."""
    return Fields(page.get(address).content.decode().split("<main")[1]).sent | typed


def test_one_tap_and_save_then_change_and_the_page_tells_both(page, person, stage, came, worker):
    records.set_preferences(person=person, by=worker, channel="phone", format="large_18")
    address = reverse("people:choose", kwargs={"person": person.pk, "stage": stage.pk})
    answer = page.post(address, with_defaults(page, address, option=way(stage, "video").pk), follow=True)
    assert b"Saved. It can be changed at any time." in answer.content
    assert Choice.objects.get().explained_in == "large_18"
    typed = with_defaults(page, address, option=way(stage, "home_visit").pk, why="the bus is dear")
    seen = page.post(address, typed, follow=True).content.decode()
    assert way(stage, "home_visit").title in seen
    assert "the bus is dear" in seen
    assert "Before that (1)" in seen
    assert [each.option.way for each in Choice.objects.all()] == ["video", "home_visit"]


def test_what_holds_now_is_filled_in(page, person, stage, came, worker):
    choose(person, stage, None, worker, maybe_later=way(stage, "video"))
    sent = with_defaults(page, reverse("people:choose", kwargs={"person": person.pk, "stage": stage.pk}))
    assert (sent["option"], sent["maybe_later"]) == ("undecided", str(way(stage, "video").pk))
    assert (sent["channel"], sent["said_by"]) == ("in_person", "person")


def test_what_is_wrong_is_said_beside_it_and_what_was_typed_stays(page, person, stage, came):
    address = reverse("people:choose", kwargs={"person": person.pk, "stage": stage.pk})
    typed = with_defaults(page, address, why="not in front\nof my family", said_on_year="2999")
    answer = page.post(address, typed)
    seen = answer.content.decode()
    assert answer.status_code == 200
    assert seen.count("Choose a way, or choose not decided yet") == 2
    assert "not in front\nof my family" in seen
    assert "must be today or in the past" in seen
    # The fold with the wrong date stands open.
    assert " open>" in seen.split("Who said this")[0].rsplit("<details", 1)[1]
    far = page.post(
        address, with_defaults(page, address, option="undecided", said_on_year="2020", look_again_on_year="2999")
    )
    assert far.content.count(b"must be within a year") == 2
    assert not Choice.objects.exists()


def test_a_way_that_left_is_still_theirs_on_the_page(page, person, stage, came, lead, worker):
    hard(person, worker, "data")
    pathways.mark_leaving(option=way(stage, "video"), leaving=True, by=lead)
    pathways.publish(pathway=stage.pathway, by=lead)
    address = reverse("people:choose", kwargs={"person": person.pk, "stage": stage.pk})
    seen = page.get(address).content.decode()
    assert "Still yours." in seen
    assert "Sam said this can be hard" in seen
    assert " disabled" not in seen.split("<main")[1]
    page.post(address, with_defaults(page, address, option=way(stage, "video").pk))
    assert Choice.objects.get().option.way == "video"


def test_the_current_stage_stands_first(page, person, stage, came, worker):
    choices.come_to_stage(person=person, stage=stage.pathway.stages.get(title="Review"), by=worker)
    seen = page.get(reverse("people:choices", kwargs={"person": person.pk})).content.decode()
    main = seen.split("<main")[1].split("<h1")[1]
    assert main.index("Review") < main.index("Referral") < main.index("Assessment")
    assert "Talking therapies" not in main


def test_nobody_else_finds_these_pages(person, stage, came, team):
    stranger = Client()
    stranger.force_login(make_worker(make_team("Another team", team.parent.parent)), backend=BACKEND)
    for name in ("choices", "choose", "come_to_stage"):
        kwargs = {"person": person.pk} | ({} if name == "choices" else {"stage": stage.pk})
        for method in (stranger.get, stranger.post):
            if name != "choices" or method == stranger.get:
                assert method(reverse(f"people:{name}", kwargs=kwargs)).status_code == 404
    assert not Choice.objects.exists()


def test_reading_choices_is_noted(page, person):
    page.get(reverse("people:choices", kwargs={"person": person.pk}))
    entry = AuditEntry.objects.filter(action="record_read").last()
    assert (entry.about_id, entry.details) == (str(person.pk), {"part": "choices"})


def test_ways_are_explained_in_the_format_of_the_person(page, person, stage, came, worker):
    address = reverse("people:choose", kwargs={"person": person.pk, "stage": stage.pk})
    usual = page.get(address).content.decode()
    assert ways()["clinic"].plain in unescape(usual)
    records.set_preferences(person=person, channel="in_person", format="easy_read", by=worker)
    easy = unescape(page.get(address).content.decode())
    assert ways()["clinic"].easy in easy
    assert ways()["clinic"].plain not in easy
    assert "likes to be told things so" in easy
    (card,) = choice_card(record_of(person))["stages"]
    assert ways()["clinic"].easy in next(each["plain"] for each in card["others"] if each["title"] == "At the clinic")

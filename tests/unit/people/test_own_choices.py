"""A person's own pages, and what those they trust see and may do on them."""

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse
from pages import client_of
from people_factories import make_person, make_team, make_worker

from inroads.accounts.actions import Refused
from inroads.people.actions import choices, conversations, pathways, records
from inroads.people.models import Choice, HelpAtTime, PlanStep, StepVersion
from inroads.reference.definitions.conversation import barriers

pytestmark = pytest.mark.django_db
SECRET = "they listen through the wall"


@pytest.fixture
def team():
    return make_team()


@pytest.fixture
def worker(team):
    return make_worker(team)


@pytest.fixture
def stage(team):
    lead = make_worker(team.parent.parent, "place_lead")
    made = pathways.add_pathway(template="community_mental_health", organisation=team, title="", by=lead)
    return pathways.publish(pathway=made, by=lead).stages.get(title="Treatment")


@pytest.fixture
def person(team, worker, stage):
    """Somebody on a pathway, with an answer, a choice with a reason, a step and help at night."""
    found = make_person(team, by=worker, known_as="Sam")
    choices.come_to_stage(person=found, stage=stage, by=worker)
    talk = conversations.begin_conversation(person=found, kind="full", channel="in_person", by=worker)
    for topic, words in (("private_space", SECRET), ("taken_advantage", "a cousin")):
        conversations.record_answer(conversation=talk, topic=topic, answer="yes", words=words, by=worker)
    choices.record_choice(
        person=found, stage=stage, option=stage.options.get(way="clinic"), explained_in="", channel="in_person",
        why=f"no video: {SECRET}", by=worker,
    )  # fmt: skip
    step = PlanStep.objects.create(
        person=found, barrier="private_space", because=f"You said: {SECRET}", recorded_by=worker
    )
    StepVersion.objects.create(
        step=step, version=1, what="Find a quiet room", owner="Kim", words=SECRET, recorded_by=worker
    )
    HelpAtTime.objects.create(person=found, part="night", what="Ring the night line", recorded_by=worker)
    records.set_preferences(person=found, by=worker, channel="phone", contact_way="letter", contact_detail="12 High St")
    return found


def own_user(person, team, worker):
    user = make_worker(team, "person")
    records.use_own_code(typed=records.give_own_code(person=person, by=worker), by=user)
    person.refresh_from_db()
    return user


def trust(person, team, worker, *, may_change):
    agreed = records.add_trusted_person(
        person=person, name="Ali", relation="brother", may_see=True, may_change=may_change, agreed_on=None,
        how_agreed="said so", by=worker,
    )  # fmt: skip
    user = make_worker(team, "trusted_person")
    records.use_own_code(typed=records.give_own_code(person=person, by=worker, trusted=agreed), by=user)
    return user, agreed


def address(name, person, **more):
    return reverse(f"people:{name}", kwargs={"person": person.pk, **more})


def test_a_code_leads_to_the_own_page_and_a_wrong_one_says_so(person, team, worker):
    client = client_of(make_worker(team, "person"))
    assert b"I have a code" in client.get(reverse("people:own")).content
    wrong = client.post(reverse("people:own_code"), {"typed": "ABCDE-99999"})
    assert wrong.status_code == 200
    assert wrong.content.count(b"This code does not work") == 2
    assert b"ABCDE-99999" in wrong.content
    code = records.give_own_code(person=person, by=worker)
    answer = client.post(reverse("people:own_code"), {"typed": code.lower()})
    assert answer.url == address("own_record", person)
    assert client.get(reverse("people:own")).url == answer.url


def test_the_own_page_says_choices_plan_hours_and_contact(person, stage, team, worker):
    seen = client_of(own_user(person, team, worker)).get(address("own_record", person)).content.decode()
    for words in (
        "My choices", stage.title, stage.options.get(way="clinic").title, "My plan", "Find a quiet room", "Kim",
        "Ring the night line", "Night, 10 to 2", "12 High St", "We look at the plan together",
    ):  # fmt: skip
        assert words in seen
    assert SECRET not in seen


def test_the_person_changes_a_choice_in_one_step(person, stage, team, worker):
    user = own_user(person, team, worker)
    client = client_of(user)
    home = stage.options.get(way="home_visit")
    form_page = client.get(address("own_choose", person, stage=stage.pk)).content.decode()
    assert "You said this can be hard" in form_page
    assert barriers()["taken_advantage"].title.lower() not in form_page
    answer = client.post(
        address("own_choose", person, stage=stage.pk), {"option": home.pk, "maybe_later": "", "why": "I like it"},
        follow=True,
    )  # fmt: skip
    assert b"Saved." in answer.content
    made = Choice.objects.last()
    assert (made.option, made.channel, made.said_by, made.recorded_by) == (home, "screen", "person", user)
    assert Choice.objects.count() == 2


def test_what_is_missing_is_said_and_the_words_stay(person, stage, team, worker):
    client = client_of(own_user(person, team, worker))
    answer = client.post(address("own_choose", person, stage=stage.pk), {"why": "it is far"})
    assert answer.status_code == 200
    assert answer.content.count(b"Choose a way, or choose not decided yet") == 2
    assert b"it is far" in answer.content


def test_the_person_sees_what_they_told_us(person, team, worker):
    seen = client_of(own_user(person, team, worker)).get(address("own_told", person)).content.decode()
    assert barriers()["private_space"].title in seen
    assert SECRET in seen
    assert "Yes, this is hard" in seen
    assert seen.index("What you told us alone") < seen.index("a cousin")


def test_somebody_trusted_with_it_changes_choices_and_reads_no_answer(person, stage, team, worker):
    user, _ = trust(person, team, worker, may_change=True)
    client = client_of(user)
    pages = [client.get(address("own_record", person)), client.get(address("own_choose", person, stage=stage.pk))]
    for each in pages:
        assert each.status_code == 200
        seen = each.content.decode()
        assert SECRET not in seen
        assert "a cousin" not in seen
        assert "can be hard" not in seen
        assert "12 High St" not in seen
    assert client.get(address("own_told", person)).status_code == 404
    phone = stage.options.get(way="phone")
    client.post(address("own_choose", person, stage=stage.pk), {"option": phone.pk})
    made = Choice.objects.last()
    assert (made.option, made.channel, made.said_by) == (phone, "screen", "trusted")


def test_somebody_who_may_only_see_changes_nothing(person, stage, team, worker):
    user, _ = trust(person, team, worker, may_change=False)
    client = client_of(user)
    seen = client.get(address("own_record", person)).content.decode()
    assert "Find a quiet room" in seen
    assert address("own_choose", person, stage=stage.pk) not in seen
    change = address("own_choose", person, stage=stage.pk)
    assert client.get(change).status_code == 404
    assert client.post(change, {"option": stage.options.first().pk}).status_code == 404
    with pytest.raises(PermissionDenied):
        choices.record_choice(person=person, stage=stage, option=None, explained_in="", channel="screen", by=user)
    assert Choice.objects.count() == 1


def test_the_person_ends_trust_in_one_step(person, stage, team, worker):
    user, agreed = trust(person, team, worker, may_change=True)
    mine, theirs = client_of(own_user(person, team, worker)), client_of(user)
    stop = address("own_end_trust", person, trusted=agreed.pk)
    assert theirs.post(stop).status_code == 404
    assert b"cannot see this page any more" in mine.post(stop, follow=True).content
    assert theirs.get(address("own_record", person)).status_code == 404
    assert theirs.post(address("own_choose", person, stage=stage.pk), {"option": "undecided"}).status_code == 404
    assert Choice.objects.count() == 1


def test_nobody_speaks_for_somebody_else_on_their_own_page(person, stage, team, worker):
    user = own_user(person, team, worker)
    made = choices.record_choice(
        person=person, stage=stage, option=None, explained_in="", channel="phone", said_by="trusted", by=user
    )
    assert (made.channel, made.said_by) == ("screen", "person")
    with pytest.raises(Refused, match="their own page"):
        choices.record_choice(person=person, stage=stage, option=None, explained_in="", channel="screen", by=worker)


def test_other_people_find_nothing(person, stage, team, worker):
    other = make_person(team, by=worker)
    client = client_of(own_user(other, team, worker))
    assert client.get(address("own_record", other)).status_code == 200
    for name in ("own_record", "own_told"):
        assert client.get(address(name, person)).status_code == 404
    assert client.post(address("own_choose", person, stage=stage.pk), {"option": "undecided"}).status_code == 404
    # Staff work on their own pages, not on the person's.
    assert client_of(worker).get(address("own_record", person)).status_code == 403
    assert client.get(address("choices", other)).status_code == 403


def test_who_is_trusted_by_several_people_chooses_whose_page(person, team, worker):
    user, _ = trust(person, team, worker, may_change=False)
    second = make_person(team, by=worker, known_as="Lou")
    agreed = records.add_trusted_person(
        person=second, name="Ali", relation="", may_see=True, may_change=False, agreed_on=None, how_agreed="said so",
        by=worker,
    )  # fmt: skip
    records.use_own_code(typed=records.give_own_code(person=second, by=worker, trusted=agreed), by=user)
    seen = client_of(user).get(reverse("people:own")).content.decode()
    assert "Sam, who trusts you" in seen
    assert "Lou, who trusts you" in seen

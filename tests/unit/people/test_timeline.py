"""Any past day can be rebuilt: a world of many acts on many days, and a plain twin that keeps a log of its own."""

import random
from datetime import datetime, time, timedelta
from unittest import mock

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from people_factories import make_person, make_team, make_worker

from inroads.people.actions import choices, conversations, pathways, plans, records
from inroads.people.models import HelpAtTime, TrustedPerson
from inroads.people.queries.record import end_of, record_of
from inroads.reference.definitions.conversation import life_events

pytestmark = pytest.mark.django_db
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
TOPICS = ("devices", "data", "private_space", "trust", "confidence", "device_loss")
DAYS = 12


class World:
    """One person, acts on many days by the real actions, and what a plain reader would have noted each evening."""

    def __init__(self, seed):
        self.chance = random.Random(seed)
        self.worker = make_worker(make_team())
        team = self.worker.memberships.get().organisation
        self.lead = make_worker(team.parent.parent, "place_lead")
        pathway = pathways.add_pathway(
            template="community_mental_health", organisation=team, title="A pathway", by=self.lead
        )
        self.first = timezone.localdate() - timedelta(days=DAYS)
        with self.at(self.first - timedelta(days=1), 9):
            pathways.publish(pathway=pathway, by=self.lead)
            self.person = make_person(team, by=self.worker)
            self.stages = list(pathway.stages.all()[:3])
            for stage in self.stages:
                choices.come_to_stage(person=self.person, stage=stage, by=self.worker)
        self.answers, self.events, self.choices, self.steps = {}, {}, {}, {}
        self.helps, self.trusted, self.stage = set(), set(), self.stages[-1].pk
        self.evenings = {}

    def at(self, day, hour):
        moment = timezone.make_aware(datetime.combine(day, time(hour, self.chance.randrange(60))))

        class Then(datetime):
            @classmethod
            def now(cls, tz=None):
                return moment.astimezone(tz)

        # Where Django asks for the time: the defaults of fields hold on to its function, not to its name.
        return mock.patch("django.utils.timezone.datetime", Then)

    def live(self):
        for number in range(DAYS):
            day = self.first + timedelta(days=number)
            for hour in range(9, 9 + self.chance.randrange(5)):
                with self.at(day, hour):
                    self.chance.choice((self.talk, self.happen, self.choose, self.plan, self.help, self.trust))()
            self.evenings[day] = self.note()

    def talk(self):
        said = {"person": self.person, "channel": "phone", "by": self.worker}
        talk = conversations.begin_conversation(kind="full", said_on=self.first, **said)
        for topic in self.chance.sample(TOPICS, 3):
            answer = self.chance.choice(["yes", "a_bit", "no", "not_asked", "prefer_not"])
            conversations.record_answer(conversation=talk, topic=topic, answer=answer, words="", by=self.worker)
            if answer != "not_asked":
                self.answers[topic] = answer
                self.events.pop(topic, None)

    def happen(self):
        kind = self.chance.choice(list(life_events()))
        conversations.record_events(
            person=self.person, kinds=[kind], words="", channel="phone", said_on=self.first, by=self.worker
        )
        for topic in life_events()[kind].reopens:
            self.events[topic] = kind

    def choose(self):
        stage = self.chance.choice(self.stages)
        option = self.chance.choice(list(stage.options.all()))
        choices.record_choice(
            person=self.person, stage=stage, option=option, explained_in="standard", channel="phone", by=self.worker
        )
        self.choices[stage.pk] = option.pk
        if self.chance.random() < 0.4:
            choices.come_to_stage(person=self.person, stage=stage, by=self.worker)
            self.stage = stage.pk

    def plan(self):
        due = timezone.localdate() + timedelta(days=30)
        words = {"what": f"step {self.chance.random()}", "owner": "P", "due_on": due, "by": self.worker}
        if self.steps and self.chance.random() < 0.6:
            step = self.chance.choice(list(self.steps))
            version = step.versions.latest("version").version
            kept = plans.change_step(step=step, version=version, status="done", words="", **words)
            self.steps[step] = (kept.version, kept.what)
        else:
            self.steps[plans.add_step(person=self.person, **words)] = (1, words["what"])

    def help(self):
        if self.helps and self.chance.random() < 0.5:
            ended = self.helps.pop()
            plans.end_help_at_time(help_at_time=HelpAtTime.objects.get(pk=ended), by=self.worker)
        else:
            made = plans.add_help_at_time(person=self.person, part="night", what="Music", by=self.worker)
            self.helps.add(made.pk)

    def trust(self):
        if self.trusted and self.chance.random() < 0.5:
            records.end_trust(trusted=TrustedPerson.objects.get(pk=self.trusted.pop()), by=self.worker)
        else:
            agreed = {"may_see": True, "may_change": False, "agreed_on": self.first, "how_agreed": "said so"}
            made = records.add_trusted_person(person=self.person, name="A", relation="", by=self.worker, **agreed)
            self.trusted.add(made.pk)

    def note(self):
        return {
            "answers": dict(self.answers),
            "reopened": dict(self.events),
            "choices": dict(self.choices),
            "steps": sorted(self.steps.values()),
            "helps": sorted(self.helps),
            "trusted": sorted(self.trusted),
            "stage": self.stage,
        }


def rebuilt(person, moment=None):
    record = record_of(person, moment)
    return {
        "answers": {topic: each.answer for topic, each in record.answers.items()},
        "reopened": {topic: each.kind for topic, each in record.reopened.items()},
        "choices": {stage: each.option_id for stage, each in record.choices.items()},
        "steps": sorted((each.now.version, each.now.what) for each in record.steps),
        "helps": sorted(each.pk for each in record.help_at_times),
        "trusted": sorted(each.pk for each in record.trusted),
        "stage": next(iter(record.stages.values())).stage_id,
    }


@pytest.mark.parametrize("seed", range(6))
def test_every_past_day_is_rebuilt_as_it_was_that_evening(seed):
    world = World(seed)
    world.live()
    assert any(each["answers"] for each in world.evenings.values())
    for day, noted in world.evenings.items():
        assert rebuilt(world.person, end_of(day)) == noted, f"seed {seed}, {day}"
    assert rebuilt(world.person) == world.note()


def test_before_the_first_day_nothing_was_known():
    world = World(1)
    world.live()
    record = record_of(world.person, end_of(world.first - timedelta(days=3)))
    known = (record.answers, record.choices, record.steps, record.events, record.stages)
    assert not any(known)


def test_the_pages_of_a_past_day_and_of_the_timeline_tell_it():
    world = World(2)
    world.live()
    client = Client()
    client.force_login(world.worker, backend=BACKEND)
    conversations.note_expectations(person=world.person, expected={"skills": "yes"}, by=world.worker)
    shown = client.get(reverse("people:timeline", kwargs={"person": world.person.pk})).content.decode()
    assert "expect" not in shown.lower()
    busy = [day for day, noted in world.evenings.items() if noted["steps"]]
    past = reverse("people:on_day", kwargs={"person": world.person.pk, "day": busy[0].isoformat()})
    text = client.get(past).content.decode()
    for _, what in world.evenings[busy[0]]["steps"]:
        assert what in text
    later = {what for _, what in world.note()["steps"]} - {what for _, what in world.evenings[busy[0]]["steps"]}
    assert not any(what in text for what in later)


@pytest.mark.parametrize("day", ["2026-13-01", "yesterday", "2020-01-01", "2999-01-01", "20260101", "x" * 300])
def test_a_day_that_is_none_or_has_no_record_is_not_found(day):
    worker = make_worker(make_team())
    person = make_person(worker.memberships.get().organisation, by=worker)
    client = Client()
    client.force_login(worker, backend=BACKEND)
    assert client.get(f"/people/{person.pk}/timeline/{day}/").status_code == 404

"""No mentor has more people than there is room for when somebody new comes, whatever happens in whatever order.

Hypothesis calls the real actions on a real database and compares with a small world that says in plain words what
should happen: nobody new without supervision, beyond the room, before the first or after the last day, or twice at
once; whoever is paired stays until it is ended; and no session or pairing is ever lost.
"""

from collections import Counter
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import transaction
from django.utils import timezone
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test
from mentor_factories import make_mentor, make_pairing
from people_factories import make_person, make_team, make_worker

from inroads.accounts.actions import Refused
from inroads.people.actions import mentors, pairings
from inroads.people.models import Mentor, Pairing, Session, Supervision
from inroads.people.queries.mentors import matched, standing

STEPS: Counter = Counter()
DAY = timedelta(days=1)
whom = st.integers(0, 2)
which = st.integers(0, 1)


class Mentoring(RuleBasedStateMachine):
    """The real actions beside the small world: for each mentor room, supervision, last day, and who is there."""

    base: Any

    def __init__(self):
        super().__init__()
        self.taken_back = transaction.atomic()
        self.taken_back.__enter__()
        self.today = timezone.localdate()
        self.world = [SimpleNamespace(room=1, supervised=True, last=None, people=set()) for _ in range(2)]
        self.kept = [
            make_mentor(self.base.team, by=self.base.worker, capacity=1, known_as=f"M{number}") for number in range(2)
        ]
        self.paired = self.met = 0

    def teardown(self):
        transaction.set_rollback(True)
        self.taken_back.__exit__(None, None, None)

    def _try(self, name, expected, change):
        """Does it, and says whether it was refused exactly where the small world says so."""
        STEPS[name] += 1
        try:
            made = change()
        except Refused:
            assert not expected, f"{name} was refused"
            return None
        assert expected, f"{name} was done"
        STEPS["done"] += 1
        return made

    def _takes(self, mentor, person):
        there = mentor.last is None or mentor.last >= self.today
        return there and mentor.supervised and person not in mentor.people and len(mentor.people) < mentor.room

    @rule(mentor=which, person=whom)
    def pair(self, mentor, person):
        known = self.world[mentor]
        made = self._try(
            "pair",
            self._takes(known, person),
            lambda: make_pairing(self.base.people[person], self.kept[mentor], by=self.base.worker),
        )
        if made:
            known.people.add(person)
            self.paired += 1

    @rule(mentor=which, person=whom, because=st.sampled_from(Pairing.EndedBecause.values))
    def end(self, mentor, person, because):
        found = Pairing.objects.filter(mentor=self.kept[mentor], person=self.base.people[person]).last()
        if found is None:
            return
        known = self.world[mentor]
        expected = person in known.people
        if self._try(
            "end", expected, lambda: pairings.end_pairing(pairing=found, because=because, by=self.base.worker)
        ):
            known.people.discard(person)

    @rule(mentor=which, person=whom, mistaken=st.booleans())
    def meet(self, mentor, person, mistaken):
        found = Pairing.objects.filter(mentor=self.kept[mentor], person=self.base.people[person]).last()
        if found is None:
            return
        made = self._try(
            "meet", True, lambda: pairings.log_session(pairing=found, minutes=30, where="home", by=self.base.worker)
        )
        self.met += 1
        if mistaken:
            pairings.take_back_session(session=made, by=self.base.worker)

    @rule(mentor=which, room=st.integers(0, 3))
    def change_room(self, mentor, room):
        self._change(mentor, "room", capacity=room)
        self.world[mentor].room = room

    @rule(mentor=which, last=st.sampled_from([None, -1, 0, 5]))
    def change_last_day(self, mentor, last):
        day = None if last is None else self.today + last * DAY
        self._change(mentor, "last day", active_until=day, active_from=self.today - 9 * DAY)
        self.world[mentor].last = day

    def _change(self, mentor, name, **told):
        kept = Mentor.objects.get(pk=self.kept[mentor].pk)
        words = {field: getattr(kept, field) for field in mentors.TOLD if field != "user_id"} | {"account": ""} | told
        self._try(
            name,
            True,
            lambda: mentors.change_mentor(mentor=kept, version=kept.version, by=self.base.worker, **words),
        )

    @rule(mentor=which, in_date=st.booleans())
    def supervise(self, mentor, in_date):
        made = self._try(
            "supervise",
            True,
            lambda: mentors.record_supervision(
                mentor=self.kept[mentor], supervisor="Jo", next_on=self.today + 5 * DAY, by=self.base.worker
            ),
        )
        if not in_date:
            # As if the day had come and gone.
            Supervision.objects.filter(pk=made.pk).update(next_on=self.today - DAY)
        self.world[mentor].supervised = in_date

    @invariant()
    def who_is_with_whom_is_as_it_was_said(self):
        for mentor, known in zip(self.kept, self.world, strict=True):
            now = standing(mentor)
            assert now.people == len(known.people)
            assert now.room == max(0, known.room - len(known.people))
            assert now.supervised == known.supervised

    @invariant()
    def only_who_can_take_somebody_on_is_suggested_as_free(self):
        for number, person in enumerate(self.base.people):
            found = {each.key for each, _ in matched(person, None).suggestions if not each.full}
            expected = {
                mentor.pk for mentor, known in zip(self.kept, self.world, strict=True) if self._takes(known, number)
            }
            assert found == expected

    @invariant()
    def nothing_is_lost(self):
        assert Pairing.objects.count() == self.paired
        assert Session.objects.count() == self.met


@pytest.fixture
def base(db):
    team = make_team()
    worker = make_worker(team)
    return SimpleNamespace(team=team, worker=worker, people=[make_person(team, by=worker) for _ in range(3)])


def test_whatever_happens_no_mentor_has_too_many(base):
    STEPS.clear()
    machine = type("InThisTeam", (Mentoring,), {"base": base})
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=25, stateful_step_count=25, deadline=None, suppress_health_check=list(HealthCheck)
        ),
    )
    print(sum(STEPS.values()) - STEPS["done"], "steps,", STEPS["done"], "done:", dict(STEPS))
    assert STEPS["done"] > 100
    assert {"pair", "room", "last day", "supervise", "done"} <= set(STEPS)

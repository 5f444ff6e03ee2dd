"""No referral is ever left without anybody it waits for: by going through every way, and by random longer ones.

The rules are plain values, so all states are visited and from each of them time alone is let pass. Then random acts of
senders, touchpoints and people, with days going by, run on the database, beside a plain account of what is allowed.
"""

import itertools
from datetime import timedelta

import pytest
from directory_factories import make_service, make_touchpoint
from django.utils import timezone
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase as DatabaseCase
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test
from people_factories import make_person, make_place, make_team, make_worker

from inroads.accounts.actions import Refused
from inroads.people.actions import referrals
from inroads.people.actions.referrals import Consent
from inroads.people.models import Contact, Referral
from inroads.people.models import ReferralState as State
from inroads.people.queries.referrals import (
    ENDED,
    FHIR,
    FOLLOWS,
    REASONS,
    WAITING,
    Waits,
    fhir,
    next_day,
    orphans,
    waits_for,
)
from inroads.post.models import Message

# http://hl7.org/fhir/R4/valueset-request-status.html and valueset-task-status.html
REQUEST = {"draft", "active", "on-hold", "revoked", "completed", "entered-in-error", "unknown"}
TASK = {
    "draft", "requested", "received", "accepted", "rejected", "ready", "cancelled", "in-progress", "on-hold", "failed",
    "completed", "entered-in-error",
}  # fmt: skip
# The order in which a task goes, as the standard's own picture of its states has it.
ONWARDS = ("draft", "requested", "received", "accepted", "in-progress", "completed")


def test_every_state_leads_to_an_end_by_time_alone():
    start = timezone.localdate()
    for state in State:
        if state in ENDED:
            assert next_day(state, Waits.NOBODY, start, 0) is None
            continue
        waits = waits_for(state)
        assert (state, waits) in WAITING
        days = [next_day(state, waits, start, number) for number in range(len(WAITING[state, waits].reminders) + 1)]
        assert days == sorted(days)
        assert days[-1] <= start + timedelta(days=28)
        assert len(days) <= 3, "at most two reminders"


def test_every_state_can_be_reached_and_every_open_one_can_be_ended_by_the_person():
    reached, frontier = {State.DRAFTED}, [State.DRAFTED]
    while frontier:
        for after in FOLLOWS[frontier.pop()]:
            if after not in reached:
                reached.add(after)
                frontier.append(after)
    assert reached == set(State)
    for state in set(State) - set(ENDED):
        assert State.WITHDRAWN in FOLLOWS[state]


def test_codes_of_the_standard_are_read_with_what_came_before():
    begun = [State.DRAFTED, State.SENT, State.ACCEPTED]
    assert fhir([*begun, State.HELPED, State.NO_ANSWER]) == ("completed", "completed", "not-told-back")
    assert fhir([*begun, State.NO_ANSWER]) == FHIR[State.NO_ANSWER]
    assert fhir([*begun, State.DECLINED])[1] == "failed"
    assert fhir([State.DRAFTED, State.SENT, State.DECLINED])[1] == "rejected"


def test_states_are_those_of_the_standard_and_go_its_way():
    assert set(FHIR) == set(State)
    for request, task, ours in FHIR.values():
        assert request in REQUEST
        assert task in TASK
        assert ours
    assert len({ours for *_, ours in FHIR.values()}) == len(State)
    for state, following in FOLLOWS.items():
        for after in following:
            before_code, after_code = FHIR[state][1], FHIR[after][1]
            if before_code in ONWARDS and after_code in ONWARDS:
                assert ONWARDS.index(before_code) <= ONWARDS.index(after_code), (state, after)


class Walk(RuleBasedStateMachine):
    """Acts on one referral in any order, with days going by. `allowed` is the plain account."""

    scene: tuple

    def __init__(self):
        super().__init__()
        worker, person, service = self.scene
        self.worker = worker
        self.referral = referrals.draft_referral(
            person=person, service=service, asked="Help", consent=Consent(("name",), "said yes"), by=worker
        )
        self.today = timezone.localdate()
        self.states = [State.DRAFTED]
        self.reminders = 0

    def now(self) -> Referral:
        return Referral.objects.get(pk=self.referral.pk)

    def act(self, state: str, call):
        before = self.states[-1]
        try:
            call()
        except Refused:
            assert state not in FOLLOWS[before], f"{before} to {state} was refused"
            return
        if state != before or state in FOLLOWS[before]:
            assert state in FOLLOWS[before] or state == before, f"{before} to {state} was let pass"
        if self.now().state != before or state in FOLLOWS[before]:
            self.states.append(State(self.now().state))

    @rule()
    def send(self):
        self.act(State.SENT, lambda: referrals.send_referral(referral=self.referral, by=self.worker))

    @rule(state=st.sampled_from([State.RECEIVED, State.ACCEPTED, State.SEEN, State.HELPED, State.NOT_HELPED]),
          days=st.sampled_from([None, 1, 20]))  # fmt: skip
    def answer(self, state, days):
        meets = timezone.localdate() + timedelta(days=days) if days and state == State.ACCEPTED else None
        before = self.states[-1]
        try:
            referrals.answer_referral(referral=self.referral, state=state, through="link", meets_on=meets)
        except Refused:
            assert state not in FOLLOWS[before]
        else:
            assert state in FOLLOWS[before] or state == before
            self.states.append(State(self.now().state))

    @rule(reason=st.sampled_from(sorted(REASONS)))
    def decline(self, reason):
        self.answer_no(reason)

    def answer_no(self, reason):
        before = self.states[-1]
        try:
            referrals.answer_referral(referral=self.referral, state=State.DECLINED, through="phone", reason=reason)
        except Refused:
            assert State.DECLINED not in FOLLOWS[before]
        else:
            self.states.append(State.DECLINED)

    @rule(answer=st.sampled_from(["yes", "a_bit", "no", "prefer_not"]))
    def tell_back(self, answer):
        before = self.states[-1]
        try:
            referrals.tell_back(referral=self.referral, answer=answer, words="", channel="message", through="link")
        except Refused:
            assert State.TOLD_BACK not in FOLLOWS[before] or State.ACCEPTED not in self.states
        else:
            assert State.ACCEPTED in self.states
            self.states.append(State.TOLD_BACK)

    @rule()
    def withdraw(self):
        before = self.states[-1]
        try:
            referrals.withdraw_referral(referral=self.referral, by=None, through="link")
        except Refused:
            assert State.WITHDRAWN not in FOLLOWS[before]
        else:
            self.states.append(State.WITHDRAWN)

    @precondition(lambda self: self.now().due_on is not None)
    @rule(late=st.integers(0, 40))
    def days_go_by(self, late):
        self.today = max(self.today, self.now().due_on) + timedelta(days=late)
        done = referrals.go_on(referral=self.referral, on=self.today)
        assert done
        assert referrals.go_on(referral=self.referral, on=self.today) == "" or done == "asks the person"
        if self.states[-1] != self.now().state:
            self.states.append(State(self.now().state))

    @invariant()
    def somebody_is_waited_for_until_a_day_or_it_has_ended(self):
        kept = self.now()
        assert (kept.state in ENDED) == (kept.due_on is None) == (kept.waits_for == "")
        # A reminder that was late is made for the day on which it was, so nothing is ever overdue after its turn.
        if kept.due_on is not None:
            assert not orphans(on=min(kept.due_on, self.today)).filter(pk=kept.pk).exists()

    @invariant()
    def history_is_whole(self):
        kept = self.now()
        events = list(kept.events.values_list("state", flat=True))
        assert events[0] == State.DRAFTED
        assert events[-1] == kept.state
        for before, after in itertools.pairwise(events):
            assert after in FOLLOWS[before]

    @invariant()
    def nobody_is_asked_too_often_or_twice_the_same(self):
        asked = Contact.objects.filter(
            person=self.referral.person, why=Contact.Why.HELPED, key__contains=self.referral.pk
        )
        assert asked.count() <= 2
        keys = list(Message.objects.values_list("key", flat=True))
        assert len(keys) == len(set(keys))


@pytest.mark.usefixtures("db")
class TestReferralsMove(DatabaseCase):
    """Random ways through the states, each on the database."""

    def test_random_ways(self):
        place = make_place()
        team = make_team(place=place)
        worker = make_worker(team)
        touchpoint = make_touchpoint(place, email="t@charity.example")
        Walk.scene = (worker, make_person(team, by=worker), make_service(touchpoint, helps=("digital_mentor",)))
        run_state_machine_as_test(
            Walk,
            settings=settings(
                max_examples=40, stateful_step_count=15, deadline=None, suppress_health_check=list(HealthCheck)
            ),
        )

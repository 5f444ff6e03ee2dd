"""No loan is lost: whatever is done with a stock, in whatever order, it stays true to what it promises.

Hypothesis calls the real actions on a real database and compares with a small world that says in plain words what
should happen. One open loan an item; nothing lent that was not wiped; whoever has data is told 14 days before it ends;
every event is kept; and whatever became of earlier loans, the next one is made.
"""

from collections import Counter
from datetime import timedelta
from itertools import pairwise
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import transaction
from django.utils import timezone
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test
from people_factories import make_person, make_team, make_worker

from inroads.accounts.actions import Refused
from inroads.people.actions import bundles, loan_support, loans, stock
from inroads.people.jobs_lending import check_data_contacts, check_items
from inroads.people.models import Contact, Event, Item, ItemEvent, ItemState, Loan, PlanStep, Waiting, Wipe
from inroads.people.models.lending import MOVES
from inroads.people.queries.loans import loans_without_contact
from inroads.people.queries.stock import items_that_do_not_fit
from inroads.reference.definitions.lending import bundles as known_bundles

STEPS: Counter = Counter()
KINDS = {"phone": (True, False), "keyboard": (False, False), "sim": (False, True), "router": (True, True)}
GONE = ("lost", "stolen", "pawned")
ENDS = ("returned", *GONE, "broken")
TO = (0, 1, 2, "ward")
items = st.integers(0, 11)
days = st.sampled_from([-3, 1, 13, 14, 15, 40, 200])


class Lending(RuleBasedStateMachine):
    """The real actions beside the small world: for each item its state, whether it is to be wiped, who has it."""

    base: Any

    def __init__(self):
        super().__init__()
        self.taken_back = transaction.atomic()
        self.taken_back.__enter__()
        self.today = timezone.localdate()
        self.world: list[SimpleNamespace] = []
        self.events: list = []
        self.added = 0
        self.gone: Counter = Counter()
        for kind in (*KINDS, "phone", "sim"):
            self._add(kind, never_used=True, data=200)

    def teardown(self):
        transaction.set_rollback(True)
        self.taken_back.__exit__(None, None, None)

    def _add(self, kind, *, never_used, data):
        self.added += 1
        holds, has = KINDS[kind]
        ends_on = self.today + timedelta(days=data) if has else None
        (made,) = stock.add_items(
            organisation=self.base.team,
            kind=kind,
            labels=[f"{kind} {self.added}"],
            never_used=never_used,
            data_ends_on=ends_on,
            by=self.base.worker,
        )
        to_wipe = holds and not never_used
        state = "back" if to_wipe else "in_stock"
        self.world.append(SimpleNamespace(item=made, kind=kind, state=state, wipe=to_wipe, to=None, ends=ends_on))

    def _try(self, expected: bool, what: str, change):
        """What should be done is done, and what should not is refused with a sentence; nothing else ever happens."""
        STEPS[what] += 1
        try:
            with transaction.atomic():
                made = change()
        except Refused as refusal:
            if expected:
                raise AssertionError(f"{what}: {refusal}") from refusal
            return None
        assert expected, f"{what} should have been refused"
        STEPS["done"] += 1
        return made

    def _at(self, number, state=""):
        """An item by number; of two numbers in three, one in the state in which something can happen to it."""
        fitting = [each for each in self.world if each.state == state] if number % 3 else []
        among = fitting or self.world
        return among[number % len(among)]

    def _to(self, to):
        if to == "ward":
            return {"place": "Ward 3", "place_contact": "The desk, 0100"}
        return {"person": self.base.people[to]}

    def _loan(self, each):
        return Loan.objects.filter(item=each.item, ended_at=None).first() or Loan.objects.filter(item=each.item).first()

    def _lasts(self, each):
        return each.ends is None or each.ends >= self.today + timedelta(days=14)

    @rule(kind=st.sampled_from(sorted(KINDS)), never_used=st.booleans(), data=st.sampled_from([5, 14, 90]))
    def something_is_added(self, kind, never_used, data):
        if len(self.world) < 12:
            STEPS["add"] += 1
            self._add(kind, never_used=never_used, data=data)

    @rule(number=items, to=st.sampled_from(TO), due=st.sampled_from([None, 7, 90]))
    def somebody_borrows(self, number, to, due):
        each = self._at(number)
        expected = each.state == "in_stock" and self._lasts(each)
        due_on = None if due is None else self.today + timedelta(days=due)
        made = self._try(
            expected,
            "lend",
            lambda: loans.lend(item=each.item, agreed="yes", due_on=due_on, by=self.base.worker, **self._to(to)),
        )
        if made:
            each.state, each.to, each.wipe = "on_loan", to, KINDS[each.kind][0]

    @rule(number=items, to=st.sampled_from(TO), ahead=st.sampled_from([-1, 0, 5]))
    def something_is_reserved(self, number, to, ahead):
        each = self._at(number)
        for_day = self.today + timedelta(days=ahead)
        made = self._try(
            each.state == "in_stock" and ahead >= 0,
            "reserve",
            lambda: loans.reserve(item=each.item, for_day=for_day, by=self.base.worker, **self._to(to)),
        )
        if made:
            each.state, each.to = "reserved", to

    @rule(number=items, over=st.booleans())
    def what_is_reserved_is_handed_over_or_freed(self, number, over):
        each = self._at(number, "reserved")
        loan = self._loan(each)
        if loan is None:
            return
        if over:
            expected = each.state == "reserved" and self._lasts(each)
            change = lambda: loans.hand_over(loan=loan, agreed="yes", due_on=None, by=self.base.worker)  # noqa: E731
        else:
            expected = each.state == "reserved"
            change = lambda: loans.free(loan=loan, by=self.base.worker)  # noqa: E731
        if self._try(expected, "hand over" if over else "free", change):
            each.state, each.to = ("on_loan", each.to) if over else ("in_stock", None)
            each.wipe = over and KINDS[each.kind][0]

    @rule(number=items, ahead=st.sampled_from([None, "open", 30, -5]))
    def somebody_keeps_it_longer(self, number, ahead):
        each = self._at(number, "on_loan")
        loan = self._loan(each)
        if loan is None:
            return
        due_on = self.today + timedelta(days=ahead) if isinstance(ahead, int) else None
        self._try(
            each.state == "on_loan" and (ahead != -5),
            "extend",
            lambda: loans.extend(loan=loan, due_on=due_on, open_end=ahead == "open", by=self.base.worker),
        )

    @rule(number=items, ahead=days)
    def data_is_topped_up(self, number, ahead):
        each = self._at(number)
        ends_on = self.today + timedelta(days=ahead)
        expected = each.state in ("in_stock", "reserved", "on_loan", "back", "wiping") and ahead > 0
        expected = expected and (each.state != "on_loan" or ahead >= 14)
        change = lambda: loans.extend_data(item=each.item, ends_on=ends_on, by=self.base.worker)  # noqa: E731
        if self._try(expected, "data", change):
            each.ends = ends_on

    @rule(number=items, how=st.sampled_from([*ENDS, "theirs"]))
    def a_loan_ends(self, number, how):
        each = self._at(number, "on_loan")
        loan = self._loan(each)
        if loan is None:
            return
        by = self.base.worker
        change = {
            "returned": lambda: loans.give_back(loan=loan, by=by),
            "theirs": lambda: loans.make_theirs(loan=loan, by=by),
        }.get(how, lambda: loan_support.say_gone(loan=loan, why=how, words="", by=by))
        expected = each.state == "on_loan" and (how != "theirs" or each.to != "ward")
        if self._try(expected, how, change):
            self._ended(each, how)

    def _ended(self, each, how):
        if how in (*GONE, "broken") and each.to != "ward":
            self.gone[how] += 1
        each.state = {"theirs": "theirs", "returned": "back", "broken": "back"}.get(how, "gone")
        each.to = None

    @rule(old=items, new=items, how=st.sampled_from(ENDS))
    def one_is_swapped_for_another(self, old, new, how):
        first, second = self._at(old, "on_loan"), self._at(new, "in_stock")
        loan = self._loan(first)
        if loan is None or first is second:
            return
        expected = first.state == "on_loan" and second.state == "in_stock" and self._lasts(second)
        made = self._try(
            expected,
            "swap",
            lambda: loan_support.swap(loan=loan, item=second.item, old=how, by=self.base.worker),
        )
        if made:
            second.state, second.to, second.wipe = "on_loan", first.to, KINDS[second.kind][0]
            self._ended(first, how)
            assert made.person_id == loan.person_id

    @rule(number=items, how=st.sampled_from(["begin", "reset", "destroyed", "ready", "described"]))
    def it_is_wiped_or_looked_at(self, number, how):
        each, by = self._at(number, "back"), self.base.worker
        at_hand = each.state in ("back", "wiping")
        if how == "begin":
            change, expected = (lambda: stock.begin_wipe(item=each.item, by=by)), each.state == "back"
        elif how == "described":
            change = lambda: stock.describe(item=each.item, condition="A crack", by=by)  # noqa: E731
            expected = each.state not in ("gone", "theirs", "retired")
        elif how == "ready":
            change = lambda: stock.make_ready(item=each.item, by=by)  # noqa: E731
            expected = each.state == "back" and not each.wipe
        else:
            change, expected = (lambda: self._wipe(each, how)), at_hand
        if self._try(expected, how, change) and how != "described":
            each.state = {"begin": "wiping", "destroyed": "retired"}.get(how, "in_stock")
            each.wipe = each.wipe and how == "begin"

    def _wipe(self, each, how):
        return stock.record_wipe(
            item=each.item, how=how, wiped_on=self.today, wiped_by="Priya", words="", by=self.base.worker
        )

    @rule(number=items, how=st.sampled_from(["not found", "came back", "came back", "retire"]))
    def it_is_lost_sight_of_or_turns_up(self, number, how):
        each, by = self._at(number, "gone"), self.base.worker
        if how == "not found":
            expected = each.state in ("in_stock", "back", "wiping")
            change = lambda: stock.not_found(item=each.item, by=by)  # noqa: E731
        elif how == "came back":
            change, expected = (lambda: stock.came_back(item=each.item, by=by)), each.state == "gone"
        else:
            expected = each.state in ("in_stock", "back", "wiping") and not each.wipe
            change = lambda: stock.retire(item=each.item, by=by)  # noqa: E731
        if self._try(expected, how, change):
            each.state = {"not found": "gone", "came back": "back"}.get(how, "retired")
            if how == "came back":
                each.wipe = KINDS[each.kind][0]

    @rule(who=st.sampled_from([0, 1, 2]), partly=st.booleans())
    def a_bundle_is_lent(self, who, partly):
        wanted = known_bundles()["phone_data_mentors"].items
        ready = [each for each in self.world if each.state == "in_stock" and self._lasts(each)]
        there = {kind: [each for each in ready if each.kind == kind] for kind in wanted}
        short = [kind for kind, number in wanted.items() if len(there[kind]) < number]
        made = self._try(
            not short or (partly and any(there.values())),
            "bundle",
            lambda: bundles.lend_bundle(
                bundle="phone_data_mentors",
                organisation=self.base.team,
                person=self.base.people[who],
                agreed="yes",
                due_on=None,
                partly=partly,
                by=self.base.worker,
            ),
        )
        if made is None:
            return
        assert sorted(made.missing) == sorted(short)
        assert made.mentors_missing == 2
        lent = {loan.item_id for loan in made.loans}
        assert Counter(loan.item.kind for loan in made.loans) == Counter(kind for kind in wanted if kind not in short)
        for each in self.world:
            if each.item.pk in lent:
                each.state, each.to, each.wipe = "on_loan", who, KINDS[each.kind][0]
        waiting = set(
            Waiting.objects.filter(person=self.base.people[who], ended_at=None).values_list("kind", flat=True)
        )
        assert set(short) <= waiting

    @rule(to=st.sampled_from(TO))
    def whatever_became_of_earlier_loans_the_next_is_made_at_once(self, to):
        """A new phone for whoever asks: no past of theirs stands in the way."""
        self._add("phone", never_used=True, data=0)
        item = self.world[-1].item
        self._try(True, "lend", lambda: loans.lend(item=item, agreed="yes", by=self.base.worker, **self._to(to)))
        # Given back, so that the stock does not only grow.
        self._try(True, "returned", lambda: loans.give_back(loan=self._loan(self.world[-1]), by=self.base.worker))
        self.out_of_sight = self.world.pop()

    @invariant()
    def items_are_where_the_small_world_says(self):
        kept = Item.objects.in_bulk([each.item.pk for each in self.world])
        for each in self.world:
            item = kept[each.item.pk]
            assert (item.state, item.must_wipe, item.data_ends_on) == (each.state, each.wipe, each.ends)
        assert not items_that_do_not_fit()
        assert check_items() == 0

    @invariant()
    def there_is_one_open_loan_for_what_is_out_and_none_for_the_rest(self):
        out = Counter(Loan.objects.filter(ended_at=None).values_list("item_id", flat=True))
        assert set(out.values()) <= {1}
        assert set(out) == {each.item.pk for each in self.world if each.state in ("reserved", "on_loan")}
        for loan in Loan.objects.filter(ended_at=None):
            (each,) = (each for each in self.world if each.item.pk == loan.item_id)
            holder = loan.place and "ward"
            assert (holder or self.base.people.index(loan.person)) == each.to

    @invariant()
    def nothing_is_free_or_lent_that_was_not_wiped(self):
        assert not Item.objects.filter(must_wipe=True, state__in=("in_stock", "reserved")).exists()
        for item in Item.objects.filter(kind__in=("phone", "router")):
            clean = None
            for event in item.events.order_by("version"):
                if event.what == "added":
                    clean = event.state == "in_stock"
                elif event.what in ("lent", "came_back"):
                    assert event.what != "lent" or clean, "lent before it was wiped"
                    clean = False
                elif event.what == "wiped":
                    assert Wipe.objects.filter(event=event).exists(), "wiped without proof"
                    clean = True

    @invariant()
    def whoever_has_data_is_told_at_least_14_days_before_it_ends(self):
        for loan in Loan.objects.filter(ended_at=None, has_data=True).exclude(lent_at=None).select_related("item"):
            assert loan.data_ends_on == loan.item.data_ends_on
            assert loan.contact_on <= loan.data_ends_on - timedelta(days=14)
            if loan.person_id:
                (contact,) = Contact.objects.filter(key__startswith=f"data-ends-{loan.pk}", state="planned")
                assert contact.key == loan.contact_key
                assert contact.due_on == loan.contact_on
        assert not loans_without_contact()
        assert check_data_contacts() == []
        over = Loan.objects.exclude(ended_at=None).exclude(ended_how="theirs")
        assert not Contact.objects.filter(state="planned", key__in=over.values("contact_key")).exists()
        for loan in over.exclude(reminders_key=""):
            assert not Contact.objects.filter(state="planned", key__startswith=loan.reminders_key).exists()

    @invariant()
    def history_is_whole_and_only_grows(self):
        rows = list(ItemEvent.objects.order_by("pk").values())
        assert rows[: len(self.events)] == self.events
        self.events = rows
        for item in Item.objects.all():
            events = list(item.events.order_by("version"))
            assert [each.version for each in events] == list(range(1, item.version + 1))
            for before, after in pairwise(events):
                allowed, then = MOVES[after.what]
                assert before.state in allowed
                assert after.state == (then or before.state)

    @invariant()
    def what_is_gone_opened_support(self):
        told = Counter(Event.objects.values_list("kind", flat=True))
        assert told == Counter({kind: count for kind, count in self.gone.items() if kind != "broken" and count})
        steps = PlanStep.objects.filter(help="device_loan").count()
        assert steps == sum(self.gone.values())


@pytest.fixture
def base(db):
    team = make_team()
    worker = make_worker(team)
    people = [make_person(team, by=worker) for _ in range(3)]
    return SimpleNamespace(team=team, worker=worker, people=people)


def test_whatever_is_done_with_a_stock_no_loan_is_lost(base):
    STEPS.clear()
    machine = type("OnThisStock", (Lending,), {"base": base})
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=30, stateful_step_count=30, deadline=None, suppress_health_check=list(HealthCheck)
        ),
    )
    print(sum(STEPS.values()) - STEPS["done"], "steps,", STEPS["done"], "done:", dict(STEPS))
    # Which changes are tried is chance; most of them always are, and a good part of what is tried can be done.
    assert STEPS["done"] > 50
    assert len(STEPS) >= 10


def test_every_state_is_reached_by_an_allowed_move():
    reached = {then for _, then in MOVES.values() if then} | {ItemState.IN_STOCK, ItemState.BACK}
    assert reached == set(ItemState)

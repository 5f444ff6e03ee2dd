"""No small step is scaled unless its last whole measured cycle speaks for it, whatever is written down when.

Hypothesis calls the real actions on a real database and compares with a small world that says in plain words what
should happen: parts come in their order, a part can be written again until the cycle is decided, what is abandoned or
ended goes no further, what may be chance needs a reason, and nothing that was written is ever lost.
"""

from collections import Counter
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import transaction
from django.utils import timezone
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test
from people_factories import make_place, make_worker
from places_factories import make_step

from inroads.accounts.actions import Refused
from inroads.places.actions import cycles, steps
from inroads.places.actions.cycles import ByGroup, Found
from inroads.places.models import CycleEntry, SmallStep
from inroads.places.queries.steps import standing_of

STEPS: Counter = Counter()
ORDER = ["plan", "do", "study", "act"]
values = st.sampled_from([None, 5.0, 10.0, 20.0, 20.0, 30.0])
known = st.sampled_from(["no", "yes", "no", ""])
# How far an interval reaches to either side; None for no interval.
wide = st.sampled_from([None, 2.0, None, 12.0])
decisions = st.sampled_from(["adopt", "adapt", "go_on", "adopt", "abandon"])


class Cycles(RuleBasedStateMachine):
    """The real actions beside the small world: for each cycle its parts, and what its study says."""

    base: Any

    def __init__(self):
        super().__init__()
        self.taken_back = transaction.atomic()
        self.taken_back.__enter__()
        self.today = timezone.localdate()
        # At the start 10, target 30.
        self.step = make_step(self.base.place, by=self.base.lead)
        self.world: list[dict] = []
        self.written = 0
        self.scaled = self.ended = False

    def teardown(self):
        transaction.set_rollback(True)
        self.taken_back.__exit__(None, None, None)

    def _try(self, name, expected, change):
        """Does it, and says whether it was refused exactly where the small world says so."""
        STEPS[name] += 1
        try:
            change()
        except Refused:
            assert not expected, f"{name} was refused"
            return False
        assert expected, f"{name} was done"
        STEPS[f"{name} done"] += 1
        return True

    def _abandoned(self):
        return bool(self.world) and self.world[-1].get("act") == "abandon"

    def _due(self):
        if self.ended or self._abandoned():
            return None
        if not self.world or "act" in self.world[-1]:
            return "plan"
        return next(part for part in ORDER if part not in self.world[-1])

    def _write(self, part, value, groups_known, decision, *, wide_by=None, late=False):
        due = self._due()
        by_group = (ByGroup("Carers", 1.0, 2.0),) if groups_known == "yes" and value is not None else ()
        said = "no" if groups_known == "yes" and not by_group else groups_known
        ends = (value - wide_by, value + wide_by) if wide_by is not None and value is not None else (None, None)
        found = Found(value=value, low=ends[0], high=ends[1], groups_known=said, by_group=by_group)
        more = {"study": {"found": found}, "act": {"decision": decision}}.get(part, {})
        again = due not in (None, "plan") and ORDER.index(part) < ORDER.index(due)
        seen = standing_of(self.step).seen - late
        record = getattr(cycles, f"record_{part}")
        if self._try(
            part,
            not late and due is not None and (part == due or again),
            lambda: record(step=self.step, seen=seen, words="w", on=self.today, by=self.base.lead, **more),
        ):
            if part == due == "plan":
                self.world.append({})
            chance = ends[0] is not None and ends[0] <= 10.0 <= ends[1]
            told = (value, found.groups_known == "no" or bool(by_group), chance)
            self.world[-1][part] = {"study": told, "act": decision}.get(part, True)
            self.written += 1

    @rule(value=values, groups_known=known, decision=decisions, wide_by=wide)
    def what_comes_next(self, value, groups_known, decision, wide_by):
        self._write(self._due() or "plan", value, groups_known, decision, wide_by=wide_by)

    @rule(value=values, groups_known=known, decision=decisions, wide_by=wide)
    def all_that_is_left_of_a_cycle(self, value, groups_known, decision, wide_by):
        while (part := self._due()) is not None:
            self._write(part, value, groups_known, decision, wide_by=wide_by)
            if part == "act":
                break

    @rule(wide_by=wide)
    def a_cycle_that_found_it_better(self, wide_by):
        while (part := self._due()) is not None:
            self._write(part, 20.0, "no", "go_on", wide_by=wide_by)
            if part == "act":
                self._scale("Nobody was harmed")
                break

    @rule(part=st.sampled_from(ORDER), value=values, groups_known=known, decision=decisions, late=st.booleans())
    def anything(self, part, value, groups_known, decision, late):
        self._write(part, value, groups_known, decision, late=late)

    @rule(why=st.sampled_from(["", "Nobody was harmed", " "]))
    def scale(self, why):
        self._scale(why)

    def _scale(self, why):
        measured = [each["study"] for each in self.world if "act" in each and each["study"][0] is not None]
        value, told, chance = measured[-1] if measured else (0.0, False, False)
        evidence = value > 10.0 and told and (bool(why.strip()) or not chance)
        possible = evidence and not (self._abandoned() or self.ended or self.scaled)
        self.scaled |= self._try(
            "scale",
            possible,
            lambda: steps.scale(step=self.step, words="Everywhere", scaled_although=why, by=self.base.lead),
        )

    @rule(really=st.integers(0, 9))
    def end(self, really):
        if really:
            return
        self.ended |= self._try(
            "end",
            not self.ended,
            lambda: steps.end_small_step(step=self.step, because="other", words="Over", by=self.base.lead),
        )

    @invariant()
    def what_stands_there_is_what_was_written(self):
        standing = standing_of(SmallStep.objects.get(pk=self.step.pk))
        assert [set(each.parts) for each in standing.cycles] == [set(each) for each in self.world]
        assert (standing.due[1] if standing.due else None) == self._due()
        assert (standing.step.scaled_at is not None) == self.scaled
        assert CycleEntry.objects.count() == standing.seen == self.written


@pytest.fixture
def base(db):
    place = make_place()
    return SimpleNamespace(place=place, lead=make_worker(place, "place_lead"))


def test_whatever_happens_no_step_is_scaled_without_a_studied_cycle(base):
    STEPS.clear()
    machine = type("InThisPlace", (Cycles,), {"base": base})
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=20, stateful_step_count=20, deadline=None, suppress_health_check=list(HealthCheck)
        ),
    )
    print(dict(STEPS))
    assert {"plan done", "do done", "study done", "act done", "scale", "scale done"} <= set(STEPS)
    assert STEPS["scale"] > STEPS["scale done"]

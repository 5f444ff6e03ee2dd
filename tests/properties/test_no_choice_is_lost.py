"""No choice is lost: there is no sequence of actions after which somebody has fewer ways than before.

Two checks hold each other up. The first walks through every sequence of actions, up to a depth, in a small world that
uses the same rules as the product (`inroads.people.queries.ways`), with a clock that goes on and with one that stands
still. The second lets Hypothesis call the real actions on a real database and compares with the small world after each.
Rules broken on purpose show that the first would notice.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import product
from types import SimpleNamespace
from typing import Any, NamedTuple

import pytest
from django.core.exceptions import PermissionDenied
from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test
from people_factories import make_person, make_team, make_worker

from inroads.accounts.actions import Refused
from inroads.people.actions import choices, pathways, records
from inroads.people.models import Choice, Option, TrustedPerson
from inroads.people.queries import choices as queries
from inroads.people.queries import ways as rules
from inroads.people.queries.record import record_of

DEPTH = 5
LATER = 10**9  # after everything that happens: what is published a moment ahead counts too
UNDECIDED = "undecided"
STAGES = (0, 1)
# Stage, digital, name of the real way. The last two begin as drafts that are not added yet.
WAYS = ((0, False, "clinic"), (0, False, "phone"), (0, True, "video"), (1, False, "clinic"), (1, True, "app"))
MORE = ((0, True, "app"), (1, False, "phone"))
ALL_WAYS = WAYS + MORE
SAM, LOU = 0, 1
CONSENTS = ("change", "see", "none")
EACH = tuple(product((SAM, LOU), STAGES))
NOT_DIGITAL = frozenset(number for number, (_, digital, _) in enumerate(ALL_WAYS) if not digital)
# The ways of each person at each stage, in the order of EACH.
Ways = tuple[frozenset[int], ...]


class Way(NamedTuple):
    """An option in the small world; None in its place where it was not added yet."""

    stage: int
    digital: bool
    offered_at: int | None
    leaving: bool
    withdrawn_at: int | None


class Somebody(NamedTuple):
    """Since when on the pathway, at which stage, and by stage what was chosen and what is for later."""

    since: int | None
    stage: int | None
    chosen: tuple
    later: tuple


class World(NamedTuple):
    """Everything that counts; the trusted person has `consent` of Sam."""

    now: int
    ways: tuple[Way | None, ...]
    people: tuple[Somebody, ...]
    consent: str


class Action(NamedTuple):
    """Who does what to whom."""

    what: str
    actor: str
    about: Any = None
    to: Any = None
    more: Any = None


@dataclass(frozen=True)
class Rules:
    """The rules of the product, each of which a test may break; and whether the clock goes on."""

    is_available: Callable = rules.is_available
    is_red: Callable = rules.is_red
    moment: Callable = rules.moment_of_publishing
    ticks: bool = True

    def ways_of(self, world: World, somebody: int, stage: int) -> frozenset[int]:
        """The numbers of the ways that somebody has at a stage."""
        since = world.people[somebody].since
        return frozenset(
            number
            for number, way in enumerate(world.ways)
            if way and way.stage == stage and self.is_available(way, since, LATER)
        )

    def all_ways(self, world: World) -> Ways:
        """What everybody has everywhere."""
        return tuple(self.ways_of(world, who, stage) for who, stage in EACH)

    def apply(self, world: World, action: Action) -> World:
        """The world after an action; the same one where it is refused."""
        made = getattr(self, f"_{action.what}")(world, action)
        return world if made is None else _in_ranks(made, ticks=self.ticks)

    def _come(self, world: World, action: Action) -> World | None:
        if action.actor != "worker":
            return None
        who = world.people[action.about]
        since = world.now if who.since is None else who.since
        return _with_person(world, action.about, who._replace(since=since, stage=action.to))

    def _choose(self, world: World, action: Action) -> World | None:
        may = action.actor == "worker" or (
            action.about == SAM and (action.actor == "own" or (action.actor == "trusted" and world.consent == "change"))
        )
        who, (stage, way) = world.people[action.about], action.to
        if not may or who.since is None:
            return None
        theirs = self.ways_of(world, action.about, stage)
        if (way != UNDECIDED and way not in theirs) or (action.more is not None and action.more not in theirs):
            return None
        chosen = _put(who.chosen, stage, way)
        return _with_person(world, action.about, who._replace(chosen=chosen, later=_put(who.later, stage, action.more)))

    def _mark(self, world: World, action: Action) -> World | None:
        way = world.ways[action.about]
        if action.actor != "lead" or way is None or rules.is_draft(way) or way.withdrawn_at is not None:
            return None
        return world._replace(ways=_put(world.ways, action.about, way._replace(leaving=action.to)))

    def _add(self, world: World, action: Action) -> World | None:
        if action.actor != "lead" or world.ways[action.about] is not None:
            return None
        stage, digital, _ = ALL_WAYS[action.about]
        return world._replace(ways=_put(world.ways, action.about, Way(stage, digital, None, False, None)))

    def _publish(self, world: World, action: Action) -> World | None:
        there = [way for way in world.ways if way]
        if action.actor != "lead" or any(self.is_red([way for way in there if way.stage == each]) for each in STAGES):
            return None
        came = max((each.since for each in world.people if each.since is not None), default=None)
        moment = self.moment(world.now, came, 1)
        loose = [way and SimpleNamespace(**way._asdict()) for way in world.ways]
        if not rules.publish([way for way in loose if way], moment):
            return None
        return world._replace(ways=tuple(way and Way(**vars(way)) for way in loose))

    def _agree(self, world: World, action: Action) -> World | None:
        if action.actor not in ("worker", "own") or (action.actor == "own" and action.to != "none"):
            return None
        return world._replace(consent=action.to)


def _put(values: tuple, at: int, value: Any) -> tuple:
    return (*values[:at], value, *values[at + 1 :])


def _with_person(world: World, number: int, who: Somebody) -> World:
    return world._replace(people=_put(world.people, number, who))


def _in_ranks(world: World, *, ticks: bool) -> World:
    """Only the order of moments counts, so worlds with the same order are one. Then the clock goes on, or stands."""
    if not ticks:
        return world
    times = {each.since for each in world.people} | {way.withdrawn_at for way in world.ways if way}
    times |= {way.offered_at for way in world.ways if way}
    rank = {None: None} | {each: number for number, each in enumerate(sorted(times - {None}))}
    return World(
        len(rank),
        tuple(
            way and way._replace(offered_at=rank[way.offered_at], withdrawn_at=rank[way.withdrawn_at])
            for way in world.ways
        ),
        tuple(each._replace(since=rank[each.since]) for each in world.people),
        world.consent,
    )


def beginning() -> World:
    """A published pathway of two stages; Sam is on it and trusts somebody; Lou comes later."""
    nothing = (None,) * len(STAGES)
    offered = tuple(Way(stage, digital, 0, False, None) for stage, digital, _ in WAYS)
    sam, lou = Somebody(0, 0, nothing, nothing), Somebody(None, None, nothing, nothing)
    return World(0, (*offered, *(None for _ in MORE)), (sam, lou), "change")


def everything() -> Iterator[Action]:
    """Every action that anybody could try."""
    for actor, who, stage in product(("worker", "stranger"), (SAM, LOU), STAGES):
        yield Action("come", actor, who, stage)
    for actor, who in product(("worker", "stranger", "own", "trusted"), (SAM, LOU)):
        for number, (stage, digital, _) in enumerate(ALL_WAYS):
            yield Action("choose", actor, who, (stage, number))
            if digital:
                yield Action("choose", actor, who, (stage, UNDECIDED), number)
    for actor, number, leaving in product(("lead", "worker"), range(len(ALL_WAYS)), (True, False)):
        yield Action("mark", actor, number, leaving)
    for actor, number in product(("lead", "worker"), range(len(WAYS), len(ALL_WAYS))):
        yield Action("add", actor, number)
    yield from (Action("publish", "lead"), Action("publish", "worker"))
    for actor, consent in product(("worker", "stranger", "own"), CONSENTS):
        yield Action("agree", actor, SAM, consent)


def has_right(world: World, action: Action) -> bool:
    """Who may do what, said here once more in plain words, apart from the rules."""
    if action.what in ("mark", "add", "publish"):
        return action.actor == "lead"
    if action.actor in ("stranger", "lead"):
        return False
    if action.actor == "worker":
        return True
    if action.what == "agree":
        return action.actor == "own" and action.to == "none"
    about_sam = action.what == "choose" and action.about == SAM
    return about_sam and (action.actor == "own" or world.consent == "change")


def broken(before: World, had: Ways, action: Action, after: World, have: Ways) -> str:
    """What an action that changed something broke; "" for nothing."""
    if not has_right(before, action):
        return "somebody without the right changed something"
    for (who, _), then, now in zip(EACH, had, have, strict=True):
        # Only for somebody who has not come to the pathway may its ways become others.
        if after.people[who].since is not None and not then <= now:
            return "somebody lost a way"
        if not now & NOT_DIGITAL:
            return "a stage has only digital ways"
    return ""


def stuck(rule: Rules, world: World, have: Ways) -> str:
    """Whether somebody has a way that cannot be chosen in one action; "" where nobody has."""
    for (who, stage), ways in zip(EACH, have, strict=True):
        if world.people[who].since is None:
            continue
        for way in ways:
            after = rule.apply(world, Action("choose", "worker", who, (stage, way)))
            if after.people[who].chosen[stage] != way:
                return "a way cannot be chosen in one step"
    return ""


@dataclass
class Found:
    """How many worlds were seen, and the first sequence of actions that broke something, if any."""

    worlds: int = 0
    steps: int = 0
    why: str = ""
    path: list[Action] = field(default_factory=list)


def explore(rule: Rules, depth: int) -> Found:
    """Every sequence of actions up to a depth, breadth first. A world reached in two ways goes on only once."""
    found, actions = Found(), list(everything())
    came_from: dict[World, tuple[World, Action] | None] = {beginning(): None}
    ways = {beginning(): rule.all_ways(beginning())}
    edge = [beginning()]

    def path(world: World, last: Action | None = None) -> list[Action]:
        steps = [last] if last else []
        while (before := came_from[world]) is not None:
            world = before[0]
            steps.append(before[1])
        return steps[::-1]

    for _ in range(depth):
        fresh = []
        for world in edge:
            for action in actions:
                after = rule.apply(world, action)
                found.steps += 1
                if after is world:
                    continue
                have = ways.get(after)
                is_new = have is None
                if is_new:
                    have = ways[after] = rule.all_ways(after)
                if why := broken(world, ways[world], action, after, have):
                    found.why, found.path = why, path(world, action)
                    return found
                if is_new:
                    came_from[after] = (world, action)
                    if why := stuck(rule, after, have):
                        found.why, found.path = why, path(after)
                        return found
                    fresh.append(after)
        edge = fresh
    found.worlds = len(came_from)
    return found


@pytest.mark.parametrize("ticks", [True, False], ids=["clock goes on", "clock stands still"])
def test_no_sequence_of_actions_takes_a_way_from_anybody(ticks):
    found = explore(Rules(ticks=ticks), DEPTH)
    assert not found.why, f"{found.why}: {found.path}"
    assert found.worlds > 10_000


def _drops_what_was_withdrawn(way, since, at):
    return way.offered_at is not None and way.withdrawn_at is None


def _forgets_when_somebody_came(way, since, at):
    return rules.is_available(way, since if way.digital else None, at)


@pytest.mark.parametrize(
    ("rule", "why"),
    [
        (Rules(is_available=_drops_what_was_withdrawn), "somebody lost a way"),
        (Rules(is_available=_forgets_when_somebody_came), "somebody lost a way"),
        (Rules(is_red=lambda ways: False), "a stage has only digital ways"),
        (Rules(is_red=lambda ways: not any(rules.is_staying(way) for way in ways)), "a stage has only digital ways"),
        (Rules(moment=lambda now, came, instant: now, ticks=False), "somebody lost a way"),
    ],
    ids=["withdrawn dropped", "withdrawn dropped for some", "nothing red", "digital counts", "clock trusted"],
)
def test_a_broken_rule_would_be_found(rule, why):
    found = explore(rule, 3)
    assert found.why == why
    assert found.path[-1] == Action("publish", "lead")


class RealActions(RuleBasedStateMachine):
    """The real actions on a real database, beside the small world."""

    base: Any

    def __init__(self):
        super().__init__()
        self.taken_back = transaction.atomic()
        self.taken_back.__enter__()
        self.rule, self.world = Rules(), beginning()
        base = self.base
        self.people, self.actors, self.stages = base.people, base.actors, base.stages
        self.options: list[Option | None] = [*base.options, *(None for _ in MORE)]
        self.agreed: TrustedPerson | None = base.agreed
        self.history: list = []
        self.had: dict = {}

    def teardown(self):
        transaction.set_rollback(True)
        self.taken_back.__exit__(None, None, None)

    @rule(action=st.sampled_from(list(everything())))
    def anybody_tries_anything(self, action):
        self._try(action)

    # What would be tried too rarely by chance, and what only shows after it.
    @rule(number=st.sampled_from([0, 1, 2, 4]), who=st.sampled_from([SAM, LOU]))
    def a_way_leaves_and_somebody_comes(self, number, who):
        self._try(Action("mark", "lead", number, True))
        self._try(Action("publish", "lead"))
        self._try(Action("come", "worker", who, 0))

    @rule(number=st.sampled_from(range(len(WAYS), len(ALL_WAYS))))
    def a_way_is_added_and_published(self, number):
        self._try(Action("add", "lead", number))
        self._try(Action("publish", "lead"))

    def _try(self, action):
        before = self.world
        rows = Choice.objects.count()
        try:
            getattr(self, f"_{action.what}")(action)
            refused = False
        except (Refused, PermissionDenied):
            refused = True
        self.world = self.rule.apply(before, action)
        assert not (refused and self.world is not before), action
        if not has_right(before, action):
            assert refused, action
        assert Choice.objects.count() == rows + (action.what == "choose" and not refused)

    def _come(self, action):
        choices.come_to_stage(
            person=self.people[action.about], stage=self.stages[action.to], by=self.actors[action.actor]
        )

    def _choose(self, action):
        stage, way = action.to
        option = None if way == UNDECIDED else self._option(way)
        later = None if action.more is None else self._option(action.more)
        choices.record_choice(
            person=self.people[action.about],
            stage=self.stages[stage],
            option=option,
            maybe_later=later,
            explained_in="",
            channel="screen" if action.actor in ("own", "trusted") else "in_person",
            by=self.actors[action.actor],
        )

    def _option(self, number):
        if self.options[number] is None:
            raise Refused("not there yet")
        return self.options[number]

    def _mark(self, action):
        # An option that is not there cannot be named.
        option = self._option(action.about)
        pathways.mark_leaving(option=option, leaving=action.to, by=self.actors[action.actor])

    def _add(self, action):
        if self.options[action.about] is not None:
            raise Refused("there already")
        stage, _, way = ALL_WAYS[action.about]
        self.options[action.about] = pathways.add_option(
            stage=self.stages[stage], way=way, title="", plain="", where="", when="", by=self.actors[action.actor]
        )

    def _publish(self, action):
        pathways.publish(pathway=self.stages[0].pathway, by=self.actors[action.actor])

    def _agree(self, action):
        by = self.actors[action.actor]
        if action.actor == "own" and action.to != "none":
            raise Refused("only taken back on the own page")
        if self.agreed is not None:
            records.end_trust(trusted=self.agreed, by=by)
        elif action.actor == "stranger":
            raise PermissionDenied
        self.agreed = None
        if action.to != "none":
            self.agreed = trust(self.people[SAM], self.actors["trusted"], action.to, by)

    @invariant()
    def the_small_world_says_the_same_and_no_way_is_lost(self):
        number = {option.pk: at for at, option in enumerate(self.options) if option}
        for who, person in enumerate(self.people):
            record, model = record_of(person), self.world.people[who]
            at = record.stages.get(str(self.stages[0].pathway_id))
            assert (self.stages.index(at.stage) if at else None) == model.stage
            for stage in STAGES:
                have = {number[each.pk] for each in queries.available(person, self.stages[stage], record)}
                assert have == self.rule.ways_of(self.world, who, stage)
                assert have & NOT_DIGITAL
                if model.since is not None:
                    assert have >= self.had.get((who, stage), set())
                    self.had[who, stage] = have
                choice = record.choices.get(self.stages[stage].pk)
                chosen = choice and (number[choice.option_id] if choice.option_id else UNDECIDED)
                assert chosen == model.chosen[stage]
                assert (number[choice.maybe_later_id] if choice and choice.maybe_later_id else None) == (
                    model.later[stage]
                )

    @invariant()
    def what_was_chosen_before_is_still_there(self):
        rows = list(Choice.objects.order_by("pk").values())
        assert rows[: len(self.history)] == self.history
        self.history = rows


def trust(person, user, consent, by):
    """What Sam agreed to, tied to the account of the trusted person."""
    agreed = records.add_trusted_person(
        person=person,
        name="Ali",
        relation="",
        may_see=True,
        may_change=consent == "change",
        agreed_on=None,
        how_agreed="said so",
        by=by,
    )
    records.use_own_code(typed=records.give_own_code(person=person, by=by, trusted=agreed), by=user)
    agreed.refresh_from_db()
    return agreed


@pytest.fixture
def real(db):
    """The beginning of the small world, made by real actions."""
    team = make_team()
    place = team.parent.parent
    lead, worker = make_worker(place, "place_lead"), make_worker(team)
    stranger = make_worker(make_team("Another team", place))
    own, trusted = make_worker(team, "person"), make_worker(team, "trusted_person")
    pathway = pathways.add_pathway(template=None, organisation=team, title="Small", by=lead)
    stages = [pathways.add_stage(pathway=pathway, title=f"Stage {each}", question="How?", by=lead) for each in STAGES]
    options = [
        pathways.add_option(stage=stages[stage], way=way, title="", plain="", where="", when="", by=lead)
        for stage, _, way in WAYS
    ]
    pathways.publish(pathway=pathway, by=lead)
    people = [make_person(team, by=worker), make_person(team, by=worker)]
    records.use_own_code(typed=records.give_own_code(person=people[SAM], by=worker), by=own)
    people[SAM].refresh_from_db()
    choices.come_to_stage(person=people[SAM], stage=stages[0], by=worker)
    actors = {"lead": lead, "worker": worker, "stranger": stranger, "own": own, "trusted": trusted}
    return SimpleNamespace(
        people=people,
        actors=actors,
        stages=stages,
        options=options,
        agreed=trust(people[SAM], trusted, "change", worker),
    )


def test_the_real_actions_do_what_the_small_world_says(real):
    machine = type("OnThisDatabase", (RealActions,), {"base": real})
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=25,
            stateful_step_count=12,
            deadline=None,
            suppress_health_check=[HealthCheck.too_slow],
        ),
    )

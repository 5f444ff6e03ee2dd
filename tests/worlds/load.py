"""Puts an invented world into the database, fast: rows of people and of what they said, past the actions of pages.

What is in the database is then what `World.people` says, and the truth stands beside it.
"""

import json
from dataclasses import dataclass, replace
from datetime import date

import numpy as np
import pyarrow as pa
from django.db import connection, transaction
from numpy.typing import NDArray

from benchmarks.people_load import copy, insert
from benchmarks.people_names import family_names, first_names
from inroads.people.models import Person
from inroads.people.queries.records import plain
from inroads.reference.definitions.conversation import strengths
from worlds.days import YEAR, month_ends
from worlds.ics import World
from worlds.lending import lend, make_items
from worlds.month import Month
from worlds.organisations import Tree, make_tree
from worlds.pathway import Stages, choose, make_pathway
from worlds.people import ANSWERS, CHANNELS, COMMUNITIES, NO, QUESTIONS, YES, Codes
from worlds.touchpoints import Services, make_services, refer

Days = NDArray[np.datetime64]
WORDS = ("My sister reads my letters to me.", "The phone went back to the shop in May.", "")
"""What people said in their own words: it stays in their records."""


@dataclass(frozen=True, eq=False)
class Loaded:
    """A world in the database: everything people said is from the year up to `until`.

    `person` (P,) ids of the world's people, in 32 hexadecimal digits, whether or not they are still there.
    """

    world: World
    tree: Tree
    services: Services
    pathway: Stages
    until: date
    person: NDArray[np.str_]


@transaction.atomic
def load(world: World, *, until: date | None = None, password: str = "") -> Loaded:
    """Everybody of the world who is here, with what they said, were offered, lent and passed on to.

    Published figures are written apart (`published.publish`).
    """
    day = until or month_ends()[0]
    tree = make_tree(world, password=password)
    rng = np.random.default_rng([world.seed, 5])
    services, pathway = make_services(world, tree, until=day), make_pathway(tree, until=day)
    loaded = Loaded(world, tree, services, pathway, day, _ids(len(world.people), rng))
    rows = np.flatnonzero(world.people.here)
    said_on = np.datetime64(day) - rng.integers(0, YEAR, len(world.people))
    _people(loaded, rows, began=said_on - 20, rng=rng)
    earlier = rows[world.people.before[rows]]
    _conversations(loaded, earlier, said_on - 15, _opposite(world, earlier), rng=rng)
    talked = rows[world.people.talked[rows]]
    _conversations(loaded, talked, said_on, world.people.answers[talked], rng=rng)
    some = rng.permutation(rows)
    refer(world, tree, services, loaded.person, some[: len(rows) // 25], until=day)
    choose(world, tree, pathway, loaded.person, some[-(len(rows) // 30) :], until=day)
    items = make_items(tree, min(250, len(rows) // 40), until=day)
    lend(world, tree, items, loaded.person, some[world.people.left_out[some]], until=day)
    if connection.vendor == "sqlite":
        connection.cursor().execute("ANALYZE")
    return loaded


@transaction.atomic
def load_month(loaded: Loaded, month: Month, *, until: date | None = None) -> Loaded:
    """What happened in the month after: who left is forgotten, who joined is added, who changed says so anew."""
    day = until or month_ends()[1]
    rng = np.random.default_rng([month.world.seed, 6])
    more = _ids(len(month.joined), rng)
    after = replace(loaded, world=month.world, until=day, person=np.concatenate([loaded.person, more]))
    for at in range(0, len(month.left), 500):
        Person.objects.filter(pk__in=loaded.person[month.left[at : at + 500]].tolist()).delete()
    days = (day - loaded.until).days
    people = month.world.people
    said_on = np.datetime64(day) - rng.integers(0, days, len(people))
    _people(after, month.joined, began=said_on, rng=rng)
    new = np.concatenate([month.joined[people.talked[month.joined]], month.changed])
    _conversations(after, new, said_on, people.answers[new], rng=rng)
    return after


def _write(table: str, columns: dict[str, pa.Array]) -> None:
    if len(next(iter(columns.values()))):
        (copy if connection.vendor == "postgresql" else insert)(table, columns)


def _people(loaded: Loaded, rows: Codes, *, began: Days, rng: np.random.Generator) -> None:
    people, count = loaded.world.people.of(rows), len(rows)
    team, worker = _where(loaded, rows)
    first, family = np.array(first_names()), np.array(family_names())
    a, b = rng.integers(0, len(first), count), rng.integers(0, len(family), count)
    since, person = began[rows], pa.array(loaded.person[rows])
    code = np.append(loaded.world.code, "")[people.neighbourhood]
    plain_first, plain_family = (np.array([plain(name) for name in names.tolist()]) for names in (first, family))
    born = np.datetime64(loaded.until) - people.age * 365 - people.age // 4 - rng.integers(30, 330, count)
    _write(
        "people_person",
        {
            "id": person,
            "organisation_id": pa.array(team),
            "full_name": pa.array(_spaced(first[a], family[b])),
            "known_as": pa.array(first[a]),
            "born_on": _text(born),
            "neighbourhood": pa.array(code),
            "sort_name": pa.array(_spaced(plain_first[a], plain_family[b])),
            "due_on": _text(np.datetime64(loaded.until) + rng.integers(60, 150, count)),
            "created_at": _at(since),
        },
    )
    words = [
        {word[:60] for word in f"{one} {two}".split()} for one, two in zip(plain_first[a], plain_family[b], strict=True)
    ]
    of = np.repeat(np.arange(count), [len(each) for each in words])
    _write(
        "people_nameword",
        {
            "person_id": person.take(pa.array(of)),
            "organisation_id": pa.array(team[of]),
            "word": pa.array([word for each in words for word in sorted(each)]),
        },
    )
    told = np.flatnonzero(people.said_communities)
    names = list(COMMUNITIES)
    listed = [json.dumps([names[at] for at in np.flatnonzero(each)]) for each in people.communities[told]]
    _write(
        "people_preferences",
        {
            "person_id": person.take(pa.array(told)),
            "recorded_by_id": pa.array(worker[told]),
            "recorded_at": _at(since[told]),
            "channel": _all("in_person", len(told)),
            "said_on": _text(since[told]),
            "contact_way": pa.array(rng.choice(["phone", "letter", "text"], len(told))),
            "format": _all("standard", len(told)),
            "communities": pa.array(listed),
        },
    )


def _conversations(loaded: Loaded, rows: Codes, said_on: Days, answers: NDArray[np.int8], *, rng) -> None:
    """One conversation each of these people, with their answers (n, Q), -1 where a question was not put."""
    people, count = loaded.world.people.of(rows), len(rows)
    team, worker = _where(loaded, rows)
    ids, day = _ids(count, rng), said_on[rows]
    questions, hope = np.array(QUESTIONS), strengths()[0].id
    put = answers >= 0
    asked = [json.dumps([hope, *questions[each].tolist()]) for each in put]
    channel = np.array(CHANNELS)[people.channel]
    shared = {
        "person_id": pa.array(loaded.person[rows]),
        "recorded_by_id": pa.array(worker),
        "channel": pa.array(channel),
        "said_by": pa.array(rng.choice(["person", "person", "both"], count)),
        "said_on": _text(day),
        "recorded_at": _at(day),
    }
    _write(
        "people_conversation",
        shared
        | {
            "id": pa.array(ids),
            "organisation_id": pa.array(team),
            "kind": pa.array(np.where(put.sum(axis=1) > 4, "full", "triage")),
            "asked": pa.array(asked),
            "finished_at": _at(day),
        },
    )
    of, at = np.nonzero(put)
    words = np.array(WORDS)[rng.choice(3, len(of), p=[0.03, 0.03, 0.94])]
    every = pa.array(np.concatenate([np.arange(count), of]))
    none = np.full(count, "")
    _write(
        "people_answer",
        {name: column.take(every) for name, column in shared.items()}
        | {
            "conversation_id": pa.array(ids).take(every),
            "kind": pa.array(["strength"] * count + ["barrier"] * len(of)),
            "topic": pa.array(np.concatenate([np.full(count, hope), questions[at]])),
            "answer": pa.array(np.concatenate([none, np.array(ANSWERS)[answers[of, at]]])),
            "words": pa.array(np.concatenate([np.full(count, "I like to see my grandchildren on it."), words])),
        },
    )


def _opposite(world: World, rows: Codes) -> NDArray[np.int8]:
    """What people had said before: of those left out now, that nothing was hard; of others, that there is no phone."""
    answers = np.full((len(rows), len(QUESTIONS)), -1, dtype=np.int8)
    answers[:, 0] = np.where(world.people.left_out[rows], NO, YES)
    answers[:, 1] = NO
    return answers


def _where(loaded: Loaded, rows: Codes) -> tuple[NDArray[np.str_], NDArray[np.str_]]:
    """The team that knows each of these people, and who works there; those who live nowhere known are spread."""
    tree, neighbourhood = loaded.tree, loaded.world.people.neighbourhood[rows]
    codes = list(tree.teams)
    authority = np.array([codes.index(code) for code in loaded.world.authority.tolist()])
    place = np.where(neighbourhood >= 0, authority[neighbourhood], rows % len(codes))
    teams = np.array([[each.pk.hex for each in tree.teams[code]] for code in codes])
    workers = np.array([[each.pk.hex for each in tree.workers[code]] for code in codes])
    number = rows % teams.shape[1]
    return teams[place, number], workers[place, number]


def _ids(count: int, rng: np.random.Generator) -> NDArray[np.str_]:
    """Random ids in 32 hexadecimal digits, marked as random ones; in order, for which databases are quicker."""
    raw = rng.integers(0, 256, (count, 16), dtype=np.uint8)
    raw[:, 6], raw[:, 8] = raw[:, 6] & 0x0F | 0x40, raw[:, 8] & 0x3F | 0x80
    text = raw.tobytes().hex()
    return np.sort(np.array([text[at : at + 32] for at in range(0, len(text), 32)], dtype="<U32"))


def _spaced(one: NDArray[np.str_], two: NDArray[np.str_]) -> NDArray[np.str_]:
    return np.char.add(np.char.add(one, " "), two)


def _text(days: Days) -> pa.Array:
    return pa.array(days.astype("datetime64[D]")).cast(pa.string())


def _at(days: Days) -> pa.Array:
    """Ten in the morning of these days, as databases read it."""
    return pa.array(days.astype("datetime64[s]") + np.timedelta64(10, "h")).cast(pa.string())


def _all(value: object, count: int) -> pa.Array:
    return pa.repeat(pa.scalar(value), count)

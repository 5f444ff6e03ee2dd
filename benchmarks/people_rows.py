"""Rows of invented people and of what was said, chosen and planned with them, as Arrow tables ready to load.

The same seed gives the same rows. People come in parts; a part has all rows of its people, so that a load that was
broken off goes on with the next part.
"""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from benchmarks.people_names import NICKNAMES, family_names, first_names, how_common

Columns = dict[str, pa.Array]
Reserve = Callable[[str, int], int]
"""Gives the first of so many free numbers of a table."""

DAY = 86_400
YEARS = 2 * 365 * DAY
WORDS = (
    "The phone is shared with my sister, so I can only use it when she is home.",
    "I can send messages but I have never done a video call.",
    "It runs out of data by the third week of the month.",
    "I would rather see somebody; on a screen I lose the thread.",
    "There is nowhere in the house where nobody listens.",
    "Fine with the library computer, if somebody sits with me the first time.",
)
STEP_WORDS = (
    "Ask the library about a quiet room",
    "Borrow a phone with data from the lending desk",
    "Go through the first video call together",
    "Send appointment letters in large print",
    "Meet the digital mentor on a Tuesday",
)
OWNERS = ("The person", "Care coordinator", "Digital mentor", "Library", "Sister")


@dataclass(frozen=True)
class Shelf:
    """What people can be given: ids of teams with their workers, pathways by team, and ids from `definitions/`.

    `team`, `worker` are hex ids; `share` is how many of all people each team has. `pathway[t]` is the hex id of the
    pathway that team t follows, `stages[t]` its stage ids, `options[t][s]` ids of the options at its stages.
    """

    team: list[str]
    worker: list[str]
    share: np.ndarray
    pathway: list[str]
    stages: list[list[int]]
    options: list[list[list[int]]]
    strengths: list[str]
    triage: list[str]
    barriers: list[str]
    events: list[str]
    formats: list[str]
    helps: list[tuple[str, str]]
    neighbourhoods: list[str]


def uneven_shares(teams: int, *, largest: float, seed: int) -> np.ndarray:
    """Shares of all people by team, uneven as teams are; the first has `largest` of all."""
    sizes = np.random.default_rng([seed, 7]).lognormal(0, 0.5, teams - 1)
    return np.concatenate([[largest], sizes / sizes.sum() * (1 - largest)])


def nhs_numbers(index: np.ndarray) -> np.ndarray:
    """Numbers between 9000000000 and 9999999999 with the right check digit, one for each index; 0 where there is none.

    Each index has another number, so that no two people share one.
    """
    nine = 900_000_000 + (index.astype(np.int64) * 48_271_003) % 100_000_000
    digits = nine[:, None] // 10 ** np.arange(8, -1, -1) % 10
    check = (11 - (digits * np.arange(10, 1, -1)).sum(1) % 11) % 11
    return np.where(check == 10, 0, nine * 10 + check)


@dataclass(frozen=True)
class Part:
    """Some of the people: their ids, the number of each one's team, since when they are known, and what chance says."""

    shelf: Shelf
    first: int
    now: int
    rng: np.random.Generator
    person: pa.Array
    team: np.ndarray
    began: np.ndarray

    def of(self, row: np.ndarray) -> Columns:
        """Whom a row is about, and who wrote it down."""
        return {
            "person_id": self.person.take(pa.array(row)),
            "recorded_by_id": pa.array(self.shelf.worker).take(pa.array(self.team[row])),
        }

    def organisation(self, row: np.ndarray) -> pa.Array:
        """The team of each of these people."""
        return pa.array(self.shelf.team).take(pa.array(self.team[row]))

    def in_order(self, counts: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """For each of `counts` rows a person: whose it is and when, one after the other within a person."""
        row = np.repeat(np.arange(len(counts)), counts)
        share = (_count_up(counts) + self.rng.random(len(row))) / counts[row]
        return row, self.began[row] + (share * (self.now - 3600 - self.began[row])).astype(np.int64)

    def some(self, share: float) -> np.ndarray:
        """A share of the people, by chance."""
        return np.flatnonzero(self.rng.random(len(self.team)) < share)

    def pick(self, values: tuple | list, count: int) -> pa.Array:
        """One of the values for each row, by chance."""
        return pa.array(values).take(pa.array(self.rng.integers(0, len(values), count)))


def rows_of(
    shelf: Shelf,
    *,
    first: int,
    people: int,
    conversations: int,
    choices: int,
    seed: int,
    now: int,
    plain: Callable[[str], str],
    reserve: Reserve,
) -> Iterator[tuple[str, Columns]]:
    """All rows of the people numbered from `first`, table by table. `now` is in seconds since 1970."""
    rng = np.random.default_rng([seed, first])
    part = Part(
        shelf=shelf,
        first=first,
        now=now,
        rng=rng,
        person=_hex_ids(rng, people),
        team=rng.choice(len(shelf.team), people, p=shelf.share),
        began=now - rng.integers(DAY, YEARS, people),
    )
    reviews, last_review = _reviews(part)
    steps, versions, first_step = _plan(part, reserve)
    yield from _people(part, np.minimum(last_review, first_step), plain)
    yield "people_preferences", _preferences(part)
    yield from _talk(part, conversations, reserve)
    yield from _choose(part, choices)
    yield "people_planstep", steps
    yield "people_stepversion", versions
    yield "people_review", reviews
    yield "people_appointment", _appointments(part)
    yield "people_trustedperson", _trusted(part)
    yield "people_helpattime", _help_at_times(part)


def _reviews(part: Part) -> tuple[Columns, np.ndarray]:
    """Dates of reviews, and each person's last: a few were forgotten and are overdue, the others are to come."""
    counts = 1 + part.rng.poisson(1.0, len(part.team))
    row, at = part.in_order(counts)
    ahead = np.maximum(
        at + part.rng.integers(28, 180, len(row)) * DAY, part.now + part.rng.integers(1, 180, len(row)) * DAY
    )
    overdue = part.now - part.rng.integers(1, 60, len(row)) * DAY
    on = np.where(part.rng.random(len(row)) < 0.03, overdue, ahead)
    return part.of(row) | {"recorded_at": _at(at), "review_on": _on(on)}, on[np.cumsum(counts) - 1]


def _trusted(part: Part) -> Columns:
    row = part.some(0.15)
    total = len(row)
    return part.of(row) | {
        "recorded_at": _at(part.began[row] + 900),
        "name": part.pick(["Alex Moss", "Kim Tarr", "Jo Vale"], total),
        "relation": part.pick(["sister", "friend", "neighbour"], total),
        "may_see": pa.array(part.rng.random(total) < 0.8),
        "may_change": _all(False, total),
        "agreed_on": _on(part.began[row] + 900),
        "how_agreed": _all("Said so in person", total),
        "ended_at": pa.nulls(total, pa.string()),
        "ended_by_id": pa.nulls(total, pa.string()),
        "user_id": pa.nulls(total, pa.string()),
    }


def _help_at_times(part: Part) -> Columns:
    row = part.some(0.4)
    total = len(row)
    return part.of(row) | {
        "recorded_at": _at(part.began[row] + 1200),
        "part": part.pick(["evening", "night", "small"], total),
        "what": part.pick(["Ring my sister", "The night line", "A walk with the dog"], total),
        "who": part.pick(["", "Sister"], total),
        "digital": pa.array(part.rng.random(total) < 0.3),
        "ended_at": pa.nulls(total, pa.string()),
        "ended_by_id": pa.nulls(total, pa.string()),
    }


def _people(part: Part, due_on: np.ndarray, plain: Callable[[str], str]) -> Iterator[tuple[str, Columns]]:
    people, rng, person = len(part.team), part.rng, part.person
    organisation = part.organisation(np.arange(people))
    firsts, families = first_names(), family_names()
    a = rng.choice(len(firsts), people, p=how_common(len(firsts)))
    b = rng.choice(len(families), people, p=how_common(len(families)))
    nick = np.where(rng.random(people) < 0.1, rng.integers(0, len(NICKNAMES), people), -1)
    number = np.where(rng.random(people) < 0.7, nhs_numbers(part.first + np.arange(people)), 0)
    known_as = pa.array(firsts + NICKNAMES).take(pa.array(np.where(nick < 0, a, len(firsts) + nick)))
    yield (
        "people_person",
        {
            "id": person,
            "organisation_id": organisation,
            "full_name": _spaced(pa.array(firsts).take(pa.array(a)), pa.array(families).take(pa.array(b))),
            "known_as": known_as,
            "born_on": _on(rng.integers(-35 * 365, 38 * 365, people) * DAY),
            "nhs_number": pc.if_else(pa.array(number == 0), "", pa.array(number).cast(pa.string())),
            "neighbourhood": part.pick([*part.shelf.neighbourhoods, ""], people),
            "user_id": pa.nulls(people, pa.string()),
            "sort_name": _spaced(
                pa.array(map(plain, firsts)).take(pa.array(a)), pa.array(map(plain, families)).take(pa.array(b))
            ),
            "due_on": _on(due_on),
            "version": _all(1, people),
            "created_at": _at(part.began),
        },
    )
    # Each word once a person: columns of word numbers, -1 for none, sorted along the row so that equal ones meet.
    words: dict[str, int] = {}
    table_a, table_b, table_n = (_numbered(names, plain, words) for names in (firsts, families, NICKNAMES))
    found = np.concatenate([table_a[a], table_b[b], np.where(nick[:, None] < 0, -1, table_n[nick])], axis=1)
    found.sort(axis=1)
    keep = found >= 0
    keep[:, 1:] &= found[:, 1:] != found[:, :-1]
    row, column = np.nonzero(keep)
    yield (
        "people_nameword",
        {
            "person_id": person.take(pa.array(row)),
            "organisation_id": organisation.take(pa.array(row)),
            "word": pa.array(list(words)).take(pa.array(found[row, column])),
        },
    )


def _talk(part: Part, conversations: int, reserve: Reserve) -> Iterator[tuple[str, Columns]]:
    people, rng, shelf = len(part.team), part.rng, part.shelf
    counts = _uneven(rng, conversations, people)
    row, at = part.in_order(counts)
    total = len(row)
    ids = _hex_ids(rng, total)
    full = rng.random(total) < 0.02
    short, long = shelf.strengths[:1] + shelf.triage, shelf.strengths + shelf.barriers
    asked = pa.array([json.dumps(short), json.dumps(long)]).take(pa.array(full.astype(int)))
    channel = part.pick(["in_person", "phone", "video", "paper"], total)
    said_by = part.pick(["person", "person", "person", "both"], total)
    finished = np.where(rng.random(total) < 0.95, at + 900, -1)
    said = {"channel": channel, "said_by": said_by, "said_on": _on(at), "present_words": _all("", total)}
    yield (
        "people_conversation",
        part.of(row)
        | said
        | {
            "id": ids,
            "recorded_at": _at(at),
            "organisation_id": part.organisation(row),
            "kind": pa.array(["triage", "full"]).take(pa.array(full.astype(int))),
            "present": part.pick(["[]", "[]", '["companion"]'], total),
            "asked": asked,
            "finished_at": _at(finished),
        },
    )
    answers = np.where(full, len(long), np.minimum(4 + (rng.random(total) < 0.3), len(short)))
    talk = np.repeat(np.arange(total), answers)
    place = _count_up(answers)
    count = len(talk)
    topics = list(dict.fromkeys(short + long))
    topic = np.where(
        full[talk],
        np.array([topics.index(each) for each in long])[place],
        np.array([topics.index(each) for each in short])[np.minimum(place, len(short) - 1)],
    )
    strength = np.array([each in shelf.strengths for each in topics])[topic]
    worded = strength | (rng.random(count) < 0.3)
    value = np.where(strength, 5, rng.choice(5, count, p=[0.25, 0.25, 0.35, 0.1, 0.05]))
    first = reserve("people_answer", count)
    again = pa.array(talk)
    yield (
        "people_answer",
        part.of(row[talk])
        | {name: column.take(again) for name, column in said.items()}
        | {
            "id": pa.array(np.arange(first, first + count)),
            "conversation_id": ids.take(again),
            "recorded_at": _at(at[talk] + 60 * place),
            "kind": pa.array(["barrier", "strength"]).take(pa.array(strength.astype(int))),
            "topic": pa.array(topics).take(pa.array(topic)),
            "answer": pa.array(["yes", "a_bit", "no", "not_asked", "prefer_not", ""]).take(pa.array(value)),
            "words": pa.array([*WORDS, ""]).take(
                pa.array(np.where(worded, rng.integers(0, len(WORDS), count), len(WORDS)))
            ),
        },
    )
    row, at = part.in_order((rng.random(people) < 0.3).astype(int))
    yield (
        "people_event",
        part.of(row)
        | {
            "recorded_at": _at(at),
            "channel": _all("phone", len(row)),
            "said_by": _all("person", len(row)),
            "said_on": _on(at),
            "present_words": _all("", len(row)),
            "kind": part.pick(shelf.events, len(row)),
            "words": part.pick(["", *WORDS], len(row)),
        },
    )


def _choose(part: Part, choices: int) -> Iterator[tuple[str, Columns]]:
    people, rng, shelf, team, began = len(part.team), part.rng, part.shelf, part.team, part.began
    most = len(shelf.stages[0])
    reached = rng.integers(1, most + 1, people)
    row, place = np.repeat(np.arange(people), reached), _count_up(reached)
    span = part.now - began
    stages, options = np.array(shelf.stages), np.array(shelf.options)
    yield (
        "people_involvement",
        part.of(row)
        | {
            "recorded_at": _at(began[row] + place * span[row] // reached[row]),
            "pathway_id": pa.array(shelf.pathway).take(pa.array(team[row])),
            "stage_id": pa.array(stages[team[row], place]),
        },
    )
    counts = _uneven(rng, choices, people)
    row, place = np.repeat(np.arange(people), counts), _count_up(counts)
    total = len(row)
    stage = place * reached[row] // counts[row]
    at = began[row] + ((place + rng.random(total)) / counts[row] * span[row]).astype(np.int64)
    shown = {(t, s): json.dumps(ids) for t, each in enumerate(shelf.options) for s, ids in enumerate(each)}
    wide = options.shape[2]
    chosen = options[team[row], stage, rng.integers(0, wide, total)]
    undecided = rng.random(total) < 0.05
    yield (
        "people_choice",
        part.of(row)
        | {
            "recorded_at": _at(at),
            "channel": part.pick(["in_person", "phone", "screen"], total),
            "said_by": _all("person", total),
            "said_on": _on(at),
            "present_words": _all("", total),
            "stage_id": pa.array(stages[team[row], stage]),
            "option_id": pa.array(chosen, mask=undecided),
            "maybe_later_id": pa.nulls(total, pa.int64()),
            "offered": pa.array(list(shown.values())).take(pa.array(team[row] * most + stage)),
            "explained_in": part.pick(shelf.formats, total),
            "why": part.pick(["", "", *WORDS], total),
            "look_again_on": _on(at + 90 * DAY),
        },
    )


def _plan(part: Part, reserve: Reserve) -> tuple[Columns, Columns, np.ndarray]:
    """Steps, their versions, and the first day on which each person's steps are due (far away where none is)."""
    rng, shelf = part.rng, part.shelf
    row, at = part.in_order(rng.poisson(1.5, len(part.began)))
    total = len(row)
    first = reserve("people_planstep", total)
    help_at = rng.integers(0, len(shelf.helps), total)
    steps = part.of(row) | {
        "id": pa.array(np.arange(first, first + total)),
        "recorded_at": _at(at),
        "barrier": pa.array([barrier for barrier, _ in shelf.helps]).take(pa.array(help_at)),
        "help": pa.array([each for _, each in shelf.helps]).take(pa.array(help_at)),
        "because": part.pick(["You said that this is hard.", ""], total),
    }
    versions = rng.integers(1, 4, total)
    step, place = np.repeat(np.arange(total), versions), _count_up(versions)
    count = len(step)
    due = at[step] + rng.integers(7, 90, count) * DAY
    # What was to be done by now is, as a rule, not left as it was.
    planned = (place < versions[step] - 1) | (due > part.now) | (rng.random(count) < 0.02)
    told = part.of(row[step])
    del told["person_id"]
    told |= {
        "step_id": pa.array(first + step),
        "version": pa.array(place + 1),
        "recorded_at": _at(np.minimum(at[step] + place * DAY, part.now)),
        "what": pa.array(STEP_WORDS).take(pa.array(step % len(STEP_WORDS))),
        "owner": part.pick(OWNERS, count),
        "due_on": _on(due),
        "status": pa.array(["planned", "done", "nothing_yet", "stopped"]).take(
            pa.array(np.where(planned, 0, rng.integers(1, 4, count)))
        ),
        "words": part.pick(["", "", *WORDS], count),
    }
    to_do = planned & (place == versions[step] - 1)
    earliest = np.full(len(part.began), part.now + 10 * YEARS)
    np.minimum.at(earliest, row[step[to_do]], due[to_do])
    return steps, told, earliest


def _appointments(part: Part) -> Columns:
    """One in a hundred is seen today, a third some day to come, and most have been seen before."""
    rng, shelf, team, now = part.rng, part.shelf, part.team, part.now
    midnight = now - now % DAY
    today, later, before = part.some(0.01), part.some(0.33), part.some(0.8)
    row = np.concatenate([today, later, before])
    day = np.concatenate([np.zeros(len(today)), rng.integers(1, 90, len(later)), -rng.integers(1, 400, len(before))])
    at = midnight + day.astype(np.int64) * DAY + rng.integers(9 * 4, 17 * 4, len(row)) * 900
    stages, options = np.array(shelf.stages), np.array(shelf.options)
    stage = rng.integers(0, stages.shape[1], len(row))
    return part.of(row) | {
        "id": _hex_ids(rng, len(row)),
        "organisation_id": part.organisation(row),
        "recorded_at": _at(np.minimum(at - 7 * DAY, now - DAY)),
        "starts_at": _at(at),
        "stage_id": pa.array(stages[team[row], stage]),
        "option_id": pa.array(options[team[row], stage, 0]),
        "cancelled_at": pa.nulls(len(row), pa.string()),
    }


def _preferences(part: Part) -> Columns:
    row = part.some(0.7)
    total, at, rng, shelf = len(row), part.began[row] + 600, part.rng, part.shelf
    return part.of(row) | {
        "recorded_at": _at(at),
        "channel": _all("in_person", total),
        "said_by": _all("person", total),
        "said_on": _on(at),
        "present_words": _all("", total),
        "contact_way": part.pick(["phone", "letter", "text"], total),
        "contact_detail": part.pick(["", "After the school run"], total),
        "contact_times": part.pick(["", "Mornings"], total),
        "format": part.pick(["", *shelf.formats], total),
        "language": part.pick(["", "", "Polish", "Urdu"], total),
        "interpreter": pa.array(rng.random(total) < 0.1),
        "communities": _all("[]", total),
        "adjustments": part.pick(["", "", "Large print"], total),
    }


def _hex_ids(rng: np.random.Generator, count: int) -> pa.Array:
    """Random ids of 32 hexadecimal digits, marked as random ones."""
    raw = rng.integers(0, 256, (count, 16), dtype=np.uint8)
    raw[:, 6] = raw[:, 6] & 0x0F | 0x40
    raw[:, 8] = raw[:, 8] & 0x3F | 0x80
    offsets = pa.py_buffer(np.arange(0, 32 * (count + 1), 32, dtype=np.int32))
    return pa.StringArray.from_buffers(count, offsets, pa.py_buffer(raw.tobytes().hex().encode()))


def _uneven(rng: np.random.Generator, total: int, people: int) -> np.ndarray:
    """How many of `total` each person has: some have none, a few have many."""
    weight = rng.gamma(1.5, 1.0, people)
    return rng.multinomial(total, weight / weight.sum())


def _count_up(counts: np.ndarray) -> np.ndarray:
    """0, 1, 2, … within each of the runs of these lengths."""
    ends = np.cumsum(counts)
    return np.arange(ends[-1] if len(ends) else 0) - np.repeat(ends - counts, counts)


def _numbered(names: list[str], plain: Callable[[str], str], words: dict[str, int]) -> np.ndarray:
    split = [plain(name).split() for name in names]
    table = np.full((len(names), max(map(len, split))), -1)
    for at, each in enumerate(split):
        table[at, : len(each)] = [words.setdefault(word[:60], len(words)) for word in each]
    return table


def _spaced(one: pa.Array, two: pa.Array) -> pa.Array:
    return pc.binary_join_element_wise(one, two, " ")


def _all(value: object, count: int) -> pa.Array:
    return pa.repeat(pa.scalar(value), count)


def _at(seconds: np.ndarray) -> pa.Array:
    """Moments as the databases read them, in UTC; nothing where the second is -1."""
    values = pa.array(seconds.astype(np.int64), mask=seconds == -1)
    return values.cast(pa.timestamp("s")).cast(pa.string())


def _on(seconds: np.ndarray) -> pa.Array:
    """Days, as text."""
    return pa.array((seconds // DAY).astype(np.int32)).cast(pa.date32()).cast(pa.string())


def seconds(moment: datetime) -> int:
    """Seconds since 1970."""
    return int(moment.astimezone(UTC).timestamp())

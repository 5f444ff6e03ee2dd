"""What is talked about: strengths, barriers in their groups, and events that open some of them again."""

import re
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from typing import ClassVar, Literal

from inroads.reference.definitions import load

# The five domains of NHS England's framework for inclusive digital healthcare (2023).
Domain = Literal["access", "ease", "skills", "beliefs_and_trust", "leadership"]
ID = re.compile(r"[a-z][a-z0-9_]*")
# With one question about strengths before them, the short conversation has five at most.
MOST_TRIAGE = 4


@dataclass(frozen=True)
class BarrierGroup:
    """Barriers that hang together, shown together. `order` is the order in a conversation."""

    KIND: ClassVar[str] = "barrier_groups"

    id: str
    title: str
    plain: str
    order: int


@dataclass(frozen=True)
class Strength:
    """Something digital may already be good for, or a hope: asked before any barrier."""

    KIND: ClassVar[str] = "strengths"

    id: str
    title: str
    prompt: str
    order: int
    source: str


@dataclass(frozen=True)
class Barrier:
    """One thing that can make digital care hard, as people talk about it.

    `prompt` is read to the person, so that *yes* means the barrier is there. `asked_of` says whom it is put to: some
    barriers lie with staff. `connected` names barriers that often come with it. `triage` is 1 to 4 where it is one of
    the short triage's questions, else 0. `alone`: asked only when nobody else is in the room. `careful` is what whoever
    asks does when the answer is yes. `codes` are local or published codes by code system.
    """

    KIND: ClassVar[str] = "barriers"

    id: str
    title: str
    plain: str
    prompt: str
    why: str
    source: str
    group: str
    order: int
    domain: Domain
    written_by: str
    checked_by: str
    next_review: date
    asked_of: Literal["person", "staff"] = "person"
    connected: tuple[str, ...] = ()
    triage: int = 0
    alone: bool = False
    careful: str = ""
    codes: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if not ID.fullmatch(self.id):
            raise ValueError(f"field 'id': '{self.id}': expected small letters, digits and underscores")
        if not 0 <= self.triage <= MOST_TRIAGE:
            raise ValueError(f"field 'triage': {self.triage}: expected 1 to {MOST_TRIAGE}, or 0 for none")


@dataclass(frozen=True)
class LifeEvent:
    """Something that happened and may have changed answers: it opens the barriers in `reopens`, and no other, again."""

    KIND: ClassVar[str] = "events"

    id: str
    title: str
    plain: str
    reopens: tuple[str, ...]
    order: int
    source: str


@cache
def barriers() -> dict[str, Barrier]:
    """All barriers by id, in the order of a conversation: by group, then within it."""
    groups = load(BarrierGroup)
    found = load(Barrier).values()
    return {each.id: each for each in sorted(found, key=lambda each: (groups[each.group].order, each.order, each.id))}


@cache
def triage() -> list[Barrier]:
    """The questions of the short triage, in their order."""
    return sorted((each for each in load(Barrier).values() if each.triage), key=lambda each: each.triage)


@cache
def strengths() -> list[Strength]:
    """What is asked first, in its order."""
    return sorted(load(Strength).values(), key=lambda each: each.order)


@cache
def groups() -> list[BarrierGroup]:
    """Groups of barriers in the order of a conversation."""
    return sorted(load(BarrierGroup).values(), key=lambda each: each.order)


@cache
def life_events() -> dict[str, LifeEvent]:
    """Events by id, in the order in which they are offered."""
    return {each.id: each for each in sorted(load(LifeEvent).values(), key=lambda each: each.order)}

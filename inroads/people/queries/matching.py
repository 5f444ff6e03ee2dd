"""What may help with what a person said is hard: nearby, in their language, with room, and why each is suggested.

`rank` is the core: plain values in, suggestions out; `queries.gathering` gathers what it needs. What is not known is
said to be unknown and never guessed; "nothing yet" is among the answers to every barrier.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from uuid import UUID

from inroads.design.wording import as_the_crow_flies

FIRST = 3
NOTHING_YET = "nothing_yet"


@dataclass(frozen=True)
class Candidate:
    """Something that may help, before it is weighed. What is empty is unknown; `capacity` None is unknown, 0 full.

    `place` is true for somewhere to go, whose distance, hours and room matter. `sure`: they said that they do this.
    `service` is its id in the directory, `app` its address in the library. `stale`: nobody has looked at it for a year.
    """

    key: str
    help: str
    title: str
    kind: str
    barriers: tuple[str, ...]
    where: str = ""
    digital: bool = False
    place: bool = False
    distance_km: float | None = None
    languages: str = ""
    communities: tuple[str, ...] = ()
    open_when: str = ""
    phone: str = ""
    capacity: int | None = None
    sure: bool = True
    service: UUID | None = None
    stale: bool = False
    app: str = ""
    private: bool = False


@dataclass(frozen=True)
class Needs:
    """What a person said: the reason for each barrier by its id, in order, and what they prefer.

    `communities` are titles by id. `digital_is_hard`: ways that need a device are not to stand first.
    """

    reasons: Mapping[str, str]
    language: str = ""
    communities: Mapping[str, str] | None = None
    digital_is_hard: bool = False


@dataclass(frozen=True)
class Suggestion:
    """Something that may help, why it is there, and what is not known about it.

    `barrier` is the first of `barriers`, where it is shown. `kind` is that of the help, or `NOTHING_YET`.
    """

    key: str
    barrier: str
    barriers: tuple[str, ...]
    help: str
    title: str
    where: str
    kind: str
    digital: bool
    distance_km: float | None
    because: tuple[str, ...]
    unknown: tuple[str, ...]
    open_when: str
    phone: str
    full: bool
    service: UUID | None
    app: str = ""
    private: bool = False

    @property
    def is_nothing_yet(self) -> bool:
        """Whether this is the answer that nothing was found so far."""
        return self.kind == NOTHING_YET


@dataclass(frozen=True)
class ForBarrier:
    """What may help with one barrier: at most `FIRST` to begin with, `more` behind, `above` under an earlier one."""

    barrier: str
    reason: str
    first: list[Suggestion]
    more: list[Suggestion]
    above: list[Suggestion]
    nothing_yet: Suggestion


def rank(needs: Needs, candidates: Iterable[Candidate]) -> list[Suggestion]:
    """All that may help, by barrier in the order of `needs`, best first, each once; last for each, nothing yet.

    Full ones come behind all others; then what needs a device, where digital is hard; then language, community, room,
    whether it is what somebody says they do, and how near it is. Equal ones are in the order of their keys.
    """
    order = list(needs.reasons)
    usable: dict[str, Candidate] = {}
    for each in candidates:
        if any(barrier in needs.reasons for barrier in each.barriers):
            usable.setdefault(each.key, each)
    by_first: dict[str, list[Candidate]] = {barrier: [] for barrier in order}
    for each in sorted(usable.values(), key=lambda each: _place_in_order(needs, each)):
        by_first[next(barrier for barrier in order if barrier in each.barriers)].append(each)
    found = []
    for barrier, there in by_first.items():
        found += [_suggestion(needs, each, order) for each in there]
        found.append(_nothing_yet(barrier, needs.reasons[barrier]))
    return found


def by_barrier(found: Sequence[Suggestion]) -> list[ForBarrier]:
    """Suggestions as they are shown: a place that helps with several barriers stands once, under the first of them.

    To begin with, different kinds of help: of several places for the same, the best.
    """
    grouped = []
    for nothing in (each for each in found if each.is_nothing_yet):
        own = [each for each in found if each.barrier == nothing.barrier and not each.is_nothing_yet]
        keys = _shown_first(own)
        first = [each for each in own if each.key in keys]
        more = [each for each in own if each.key not in keys]
        above = [each for each in found if nothing.barrier in each.barriers and each.barrier != nothing.barrier]
        grouped.append(ForBarrier(nothing.barrier, nothing.because[0], first, more, above, nothing))
    return grouped


def _shown_first(own: list[Suggestion]) -> set[str]:
    """Keys of the few to begin with. What needs a device stands behind, but one such stays in sight where there is any.

    Otherwise somebody without a phone would never see that one can be lent.
    """
    best: dict[str, str] = {}
    for each in own:
        best.setdefault(each.help, each.key)
    different = [each for each in own if best[each.help] == each.key]
    others = [each for each in own if best[each.help] != each.key]
    chosen = [*different, *others][:FIRST]
    digital = next((each for each in different if each.digital and not each.full), None)
    if digital is not None and len(chosen) == FIRST and not any(each.digital for each in chosen):
        chosen[-1] = digital
    return {each.key for each in chosen}


def _place_in_order(needs: Needs, each: Candidate) -> tuple:
    return (
        each.capacity == 0,
        needs.digital_is_hard and each.digital,
        -_language(needs, each),
        -len(_communities(needs, each)),
        not each.capacity,
        each.service is None,
        each.stale,
        each.distance_km if each.distance_km is not None else float("inf"),
        -sum(barrier in needs.reasons for barrier in each.barriers),
        each.key,
    )


def _language(needs: Needs, each: Candidate) -> int:
    """1 where the person's language is spoken, 0 where that is not known, -1 where others are named."""
    if not needs.language or not each.languages:
        return 0
    return 1 if _spoken(needs, each) else -1


def _spoken(needs: Needs, each: Candidate) -> list[str]:
    """Languages of the person that are spoken there, as the service names them."""
    wanted = {name.casefold() for name in _names(needs.language)}
    return [name for name in _names(each.languages) if name.casefold() in wanted]


@lru_cache(maxsize=4096)
def _names(languages: str) -> tuple[str, ...]:
    parts = re.split(r"[,;/&]|\band\b", languages)
    return tuple(part.strip() for part in parts if part.strip())


def _communities(needs: Needs, each: Candidate) -> list[str]:
    return [title for name, title in (needs.communities or {}).items() if name in each.communities]


def _suggestion(needs: Needs, each: Candidate, order: list[str]) -> Suggestion:
    helped = tuple(barrier for barrier in order if barrier in each.barriers)
    because = list(dict.fromkeys(needs.reasons[barrier] for barrier in helped))
    because += [f"speaks {name}" for name in _spoken(needs, each)]
    because += [f"is used to people like you: {title}" for title in _communities(needs, each)]
    if each.capacity:
        because.append(f"has room for {each.capacity} this month")
    if each.distance_km is not None:
        because.append(f"{as_the_crow_flies(each.distance_km)} from where you live, in a straight line")
    if needs.digital_is_hard and not each.digital and each.place:
        because.append("needs no device of your own")
    return Suggestion(
        key=each.key,
        barrier=helped[0],
        barriers=helped,
        help=each.help,
        title=each.title,
        where=each.where,
        kind=each.kind,
        digital=each.digital,
        distance_km=each.distance_km,
        because=tuple(because),
        unknown=tuple(_unknown(needs, each)),
        open_when=each.open_when,
        phone=each.phone,
        full=each.capacity == 0,
        service=each.service,
        app=each.app,
        private=each.private,
    )


def _unknown(needs: Needs, each: Candidate) -> Iterable[str]:
    if not each.sure:
        yield "whether they can help with this: ask first"
    if each.stale:
        yield "whether this is still so: nobody has looked for a year"
    if not each.place:
        return
    if not each.open_when:
        yield "opening hours: ring first" if each.phone else "opening hours: ask before going"
    if each.distance_km is None:
        yield "how far it is"
    if each.capacity is None:
        yield "whether they have room this month"
    if needs.language.casefold() not in ("", "english") and not each.languages:
        yield f"whether somebody speaks {needs.language}"


def _nothing_yet(barrier: str, reason: str) -> Suggestion:
    return Suggestion(
        key=f"{NOTHING_YET}-{barrier}",
        barrier=barrier,
        barriers=(barrier,),
        help="",
        title="Nothing yet",
        where="",
        kind=NOTHING_YET,
        digital=False,
        distance_km=None,
        because=(reason,),
        unknown=(),
        open_when="",
        phone="",
        full=False,
        service=None,
    )

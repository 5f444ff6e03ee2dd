"""Which mentor fits whom: language, trust, place, communities, interests and room, and why each is suggested.

`rank` is the core: plain values in, suggestions out. What is not known is said to be unknown, what does not fit is said
as well, and nobody is left out silently except mentors who wait for their supervision.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache

from inroads.design.wording import as_the_crow_flies


@dataclass(frozen=True)
class MentorCandidate:
    """A mentor before they are weighed. What is empty or None is unknown. `busy` is how many people they have now.

    `met`: they and the person worked together before. `named`: the person named them as somebody they trust.
    """

    key: int
    name: str
    capacity: int
    busy: int = 0
    languages: str = ""
    interests: str = ""
    communities: tuple[str, ...] = ()
    distance_km: float | None = None
    reach_km: int | None = None
    by_phone: bool = False
    by_video: bool = False
    supervised: bool = True
    met: bool = False
    named: bool = False

    @property
    def room(self) -> int:
        """How many more people they can take on."""
        return max(0, self.capacity - self.busy)


@dataclass(frozen=True)
class Wishes:
    """What the person said: the language they like, titles of communities by id, and words on what is good for them."""

    language: str = ""
    communities: Mapping[str, str] | None = None
    words: str = ""


@dataclass(frozen=True)
class MentorSuggestion:
    """A mentor who may fit: why, what does not fit, and what is not known."""

    key: int
    name: str
    because: tuple[str, ...]
    but: tuple[str, ...]
    unknown: tuple[str, ...]
    full: bool


def rank(wishes: Wishes, candidates: Iterable[MentorCandidate]) -> list[MentorSuggestion]:
    """Mentors whose supervision is in date, best first, each once.

    Full ones come behind all others; then language, trust, whether they can reach each other, communities, interests,
    how near, and how much room. Equal ones are in the order of their keys.
    """
    usable: dict[int, MentorCandidate] = {}
    for each in candidates:
        if each.supervised:
            usable.setdefault(each.key, each)
    return [_suggestion(wishes, each) for each in sorted(usable.values(), key=lambda each: _order(wishes, each))]


def _order(wishes: Wishes, each: MentorCandidate) -> tuple:
    return (
        each.room == 0,
        -_language(wishes, each),
        -(each.met + each.named),
        -_reach(each),
        -len(_communities(wishes, each)),
        -len(_interests(wishes, each)),
        each.distance_km if each.distance_km is not None else float("inf"),
        -each.room,
        each.key,
    )


def _language(wishes: Wishes, each: MentorCandidate) -> int:
    """1 where a language of the person is spoken, 0 where that is not known, -1 where only others are named."""
    if not wishes.language or not each.languages:
        return 0
    return 1 if _spoken(wishes, each) else -1


def _reach(each: MentorCandidate) -> int:
    """2 where they go as far as the person lives, 1 by phone or video, 0 where that is not known, -1 too far."""
    if each.distance_km is not None and each.reach_km is not None and each.distance_km <= each.reach_km:
        return 2
    if each.by_phone or each.by_video:
        return 1
    return 0 if each.distance_km is None or each.reach_km is None else -1


def _spoken(wishes: Wishes, each: MentorCandidate) -> list[str]:
    wanted = {name.casefold() for name in names(wishes.language)}
    return [name for name in names(each.languages) if name.casefold() in wanted]


def _communities(wishes: Wishes, each: MentorCandidate) -> list[str]:
    return [title for name, title in (wishes.communities or {}).items() if name in each.communities]


def _interests(wishes: Wishes, each: MentorCandidate) -> list[str]:
    """Interests of the mentor of which the person spoke, as whole words."""
    return [name for name in names(each.interests) if _speaks_of(wishes.words, name)]


def _speaks_of(words: str, name: str) -> bool:
    return re.search(rf"(?<!\w){re.escape(name.casefold())}(?!\w)", words.casefold()) is not None


@lru_cache(maxsize=4096)
def names(listed: str) -> tuple[str, ...]:
    """What is listed with commas or "and", each once, without the space around it."""
    parts = (part.strip() for part in re.split(r"[,;/&]|\band\b", listed))
    once: dict[str, str] = {}
    for part in parts:
        if part:
            once.setdefault(part.casefold(), part)
    return tuple(once.values())


def _suggestion(wishes: Wishes, each: MentorCandidate) -> MentorSuggestion:
    return MentorSuggestion(
        key=each.key,
        name=each.name,
        because=tuple(_because(wishes, each)),
        but=tuple(_but(wishes, each)),
        unknown=tuple(_unknown(wishes, each)),
        full=each.room == 0,
    )


def _because(wishes: Wishes, each: MentorCandidate) -> Iterable[str]:
    yield from (f"speaks {name}" for name in _spoken(wishes, each))
    if each.met:
        yield "you have worked together before"
    if each.named:
        yield "you named them as somebody you trust"
    if _reach(each) == 2:
        yield f"goes up to {each.reach_km} km; it is {as_the_crow_flies(each.distance_km)} to you, in a straight line"
    if each.by_phone or each.by_video:
        ways = " or ".join(["by phone"] * each.by_phone + ["by video"] * each.by_video)
        yield f"can meet you {ways}"
    yield from (f"is used to people like you: {title}" for title in _communities(wishes, each))
    yield from (f"likes {name}, and you spoke of it" for name in _interests(wishes, each))
    if each.room:
        yield f"has room for {each.room} more"


def _but(wishes: Wishes, each: MentorCandidate) -> Iterable[str]:
    if each.room == 0:
        yield f"has no room now: {each.busy} of {each.capacity}"
    if _language(wishes, each) == -1:
        yield f"named other languages: {', '.join(names(each.languages))}"
    if each.distance_km is not None and each.reach_km is not None and each.distance_km > each.reach_km:
        yield f"goes up to {each.reach_km} km; it is {as_the_crow_flies(each.distance_km)} to you, in a straight line"


def _unknown(wishes: Wishes, each: MentorCandidate) -> Iterable[str]:
    if wishes.language and not each.languages:
        yield f"whether they speak {wishes.language}"
    if each.distance_km is None:
        yield "how far it is"
    if each.reach_km is None:
        yield "how far they go"

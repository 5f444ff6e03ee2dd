"""What may help with what a person said is hard: nearby, in their language, with room, and why each is suggested.

`rank` is the core: plain values in, suggestions out. `suggestions` gathers what it needs. What is not known is said to
be unknown and never guessed; "nothing yet" is among the answers to every barrier.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

import numpy as np
from django.utils import timezone
from django.utils.text import slugify

from inroads.analytics.published import Published
from inroads.people.models import Offer
from inroads.people.queries.record import Record
from inroads.reference.definitions import load
from inroads.reference.definitions.care import Community, Help, helps_for
from inroads.reference.definitions.conversation import Barrier, barriers, life_events
from inroads.reference.models import Kind, Organisation
from inroads.reference.organisations import line_of, within

FIRST = 3
NEAREST_LIBRARIES = 3
NOTHING_YET = "nothing_yet"
# Whoever may read over somebody's shoulder learns nothing from this.
TALKED_ALONE = "because we talked about it"


@dataclass(frozen=True)
class Candidate:
    """Something that may help, before it is weighed. What is empty is unknown; `capacity` None is unknown, 0 full.

    `place` is true for somewhere to go, whose distance, hours and room matter. `sure`: they said that they do this.
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
    offer: int | None = None


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
    offer: int | None

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
    whether it is an offer that somebody made, and how near it is. Equal ones are in the order of their keys.
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
        each.offer is None,
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
    """Languages of the person that are spoken there, as the offer names them."""
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
        because.append(f"about {each.distance_km:.1f} km from where you live, in a straight line")
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
        offer=each.offer,
    )


def _unknown(needs: Needs, each: Candidate) -> Iterable[str]:
    if not each.sure:
        yield "whether they can help with this: ask first"
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
        offer=None,
    )


def suggestions(record: Record, published: Published | None, *, on: date | None = None) -> list[Suggestion]:
    """What may help this person, as `rank` orders it. Room that was said in an earlier month is not known any more."""
    needs = needs_of(record)
    if not needs.reasons:
        return []
    helps = {each.id: each for barrier in needs.reasons for each in helps_for(barrier)}
    offers = _offers(record, helps, published, on or timezone.localdate())
    # Where somebody offers just this and has room, the general advice to ask around has done its work.
    offered = {each.help for each in offers if each.capacity != 0}
    general = [_general(each) for each in helps.values() if each.id not in offered]
    return rank(needs, [*offers, *_libraries(record, helps, published), *general])


def needs_of(record: Record) -> Needs:
    """What the person said is hard, or may have changed since they did, and what they prefer."""
    known, events = barriers(), life_events()
    reasons = {}
    for topic, barrier in known.items():
        if topic not in record.hard and topic not in record.reopened:
            continue
        if barrier.alone:
            reasons[topic] = TALKED_ALONE
        elif topic in record.hard:
            who = "staff said" if barrier.asked_of == "staff" else "you said"
            reasons[topic] = f"because {who} this is hard: {_small(barrier.title)}"
        else:
            happened = record.reopened[topic].kind
            reasons[topic] = f"because of what happened: {_small(events[happened].title)}"
    kept = record.preferences
    titles = {name: each.title for name, each in load(Community).items()}
    return Needs(
        reasons=reasons,
        language=kept.language if kept else "",
        communities={name: titles[name] for name in kept.communities if name in titles} if kept else {},
        digital_is_hard=any(_of_person(known.get(topic)) for topic in record.hard),
    )


def _of_person(barrier: Barrier | None) -> bool:
    return barrier is not None and barrier.asked_of == "person"


def _small(title: str) -> str:
    """A title inside a sentence; names in capitals stay."""
    return title if title[:2].isupper() else title[:1].lower() + title[1:]


def _general(each: Help) -> Candidate:
    return Candidate(
        key=f"help-{each.id}",
        help=each.id,
        title=each.title,
        kind=each.kind,
        barriers=each.barriers,
        where=each.ask,
        digital=each.digital,
    )


def around(organisation: Organisation) -> Organisation:
    """The widest organisation around this one whose offers are looked through: its ICS, else its place, else itself."""
    line = line_of(organisation)
    for kind in (Kind.ICS, Kind.PLACE):
        for each in line:
            if each.kind == kind:
                return each
    return organisation


def _offers(record: Record, helps: Mapping[str, Help], published: Published | None, on: date) -> list[Candidate]:
    organisations = within([around(record.person.organisation)]).filter(active=True)
    offers = Offer.objects.filter(organisation__in=organisations, ended_at=None, help__in=list(helps))
    return [
        Candidate(
            key=f"offer-{each.pk}",
            help=each.help,
            title=f"{each.title}, {each.organisation.name}",
            kind=helps[each.help].kind,
            barriers=helps[each.help].barriers,
            where=each.where,
            digital=helps[each.help].digital,
            place=True,
            distance_km=_distance(published, record.person.neighbourhood, each.neighbourhood),
            languages=each.languages,
            communities=tuple(each.communities),
            open_when=each.open_when,
            phone=each.phone,
            capacity=each.capacity if _same_month(each, on) else None,
            offer=each.pk,
        )
        for each in offers.select_related("organisation")
    ]


def _same_month(offer: Offer, on: date) -> bool:
    said = timezone.localtime(offer.recorded_at)
    return (said.year, said.month) == (on.year, on.month)


def _distance(published: Published | None, one: str, other: str) -> float | None:
    """Kilometres between the middles of two neighbourhoods in a straight line, None where either is not known."""
    start, end = _point(published, one), _point(published, other)
    return None if start is None or end is None else float(np.hypot(*(start - end))) / 1000


def _point(published: Published | None, code: str) -> np.ndarray | None:
    row = published.neighbourhoods.row(code) if published is not None and code else None
    if published is None or row is None:
        return None
    point = np.array([published.neighbourhoods.easting[row], published.neighbourhoods.northing[row]])
    return point if np.isfinite(point).all() else None


def _libraries(record: Record, helps: Mapping[str, Help], published: Published | None) -> list[Candidate]:
    """The nearest open libraries, for what touchpoints help with; none where nobody knows where the person lives."""
    # The list says that they are there, not what they do: that has to be asked.
    for_touchpoints = [each for each in helps.values() if each.kind == "touchpoint"]
    if published is None or not for_touchpoints:
        return []
    touched = tuple(dict.fromkeys(barrier for each in for_touchpoints for barrier in each.barriers))
    return [
        Candidate(
            key=f"library-{slugify(f'{name} {postcode}')}",
            help=for_touchpoints[0].id,
            title=name if "library" in name.lower() else f"{name} Library",
            kind="touchpoint",
            barriers=touched,
            where=postcode,
            place=True,
            distance_km=metres / 1000,
            sure=False,
        )
        for name, postcode, metres in nearest_libraries(published, record.person.neighbourhood)
    ]


@lru_cache(maxsize=1024)
def nearest_libraries(published: Published, neighbourhood: str) -> tuple[tuple[str, str, float], ...]:
    """Name, postcode and metres of the open libraries nearest to the middle of a neighbourhood, nearest first."""
    here = _point(published, neighbourhood)
    assets = published.assets
    rows = assets.offered("library")
    if here is None or not len(rows):
        return ()
    metres = np.hypot(assets.easting[rows] - here[0], assets.northing[rows] - here[1])
    nearest = np.argsort(metres, kind="stable")[:NEAREST_LIBRARIES]
    return tuple((str(assets.name[rows[at]]), str(assets.postcode[rows[at]]), float(metres[at])) for at in nearest)

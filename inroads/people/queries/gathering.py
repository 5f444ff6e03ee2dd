"""What may help this person, gathered for `matching.rank`: services, libraries, apps and general advice."""

from collections.abc import Mapping
from datetime import date
from functools import lru_cache
from uuid import UUID

import numpy as np
from django.db.models import Q
from django.utils import timezone
from django.utils.text import slugify

from inroads.analytics.published import Published
from inroads.design.wording import day, in_sentence
from inroads.directory.models import RUNNING, How, Reach, Service, ServiceAtLocation, Tag, TagKind
from inroads.directory.presenters.services import hours
from inroads.directory.queries.finding import STALE
from inroads.learning.models import Result, TrustedApp
from inroads.learning.queries.apps import entry, suggested_for
from inroads.people.queries.matching import Candidate, Needs, Suggestion, rank
from inroads.people.queries.record import Record
from inroads.reference.definitions import load
from inroads.reference.definitions.care import Community, Help, helps_for
from inroads.reference.definitions.conversation import Barrier, barriers, life_events
from inroads.reference.organisations import around

NEAREST_LIBRARIES = 3
# As many services of the directory as are weighed for one person: the nearest.
MOST_SERVICES = 200
# Whoever may read over somebody's shoulder learns nothing from this.
TALKED_ALONE = "because we talked about it"


def suggestions(record: Record, published: Published | None, *, on: date | None = None) -> list[Suggestion]:
    """What may help this person, as `rank` orders it. Room that was said in an earlier month is not known any more.

    The caller works with the person, so private touchpoints around them are among what is suggested.
    """
    needs = needs_of(record)
    if not needs.reasons:
        return []
    today = on or timezone.localdate()
    helps = {each.id: each for barrier in needs.reasons for each in helps_for(barrier)}
    services = _services(record, helps, published, today)
    # Where somebody says that they do just this and has room, the general advice to ask around has done its work.
    offered = {each.help for each in services if each.capacity != 0 and each.sure}
    general = [_general(each) for each in helps.values() if each.id not in offered]
    apps = [_app(each) for each in suggested_for(list(needs.reasons), today)]
    return rank(needs, [*services, *_libraries(record, helps, published), *apps, *general])


def out_of_date(record: Record, on: date | None = None) -> frozenset[str]:
    """Apps in this plan, by address, that are suggested to nobody any more: their review has ended."""
    today = on or timezone.localdate()
    held = {step.step.app for step in record.steps if step.step.app}
    known = {slug: entry(slug) for slug in held}
    return frozenset(slug for slug, each in known.items() if each is None or not each.in_date(today))


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
            reasons[topic] = f"because {who} this is hard: {in_sentence(barrier.title)}"
        else:
            happened = record.reopened[topic].kind
            reasons[topic] = f"because of what happened: {in_sentence(events[happened].title)}"
    kept = record.preferences
    titles = {name: each.title for name, each in load(Community).items()}
    return Needs(
        reasons=reasons,
        language=kept.language if kept else "",
        communities={name: titles[name] for name in kept.communities if name in titles} if kept else {},
        digital_is_hard=any(_of_person(known.get(topic)) for topic in record.hard),
    )


def distance_km(published: Published | None, one: str, other: str) -> float | None:
    """Kilometres between the middles of two neighbourhoods in a straight line, None where either is not known."""
    start, end = _point(published, one), _point(published, other)
    return None if start is None or end is None else float(np.hypot(*(start - end))) / 1000


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


def _services(record: Record, helps: Mapping[str, Help], published: Published | None, on: date) -> list[Candidate]:
    """Services of the directory around, each once for every help that fits: the nearest, then those without a place."""
    here = _point(published, record.person.neighbourhood)
    tags = Tag.objects.filter(
        Q(service__touchpoint__organisation=None) | Q(service__touchpoint__organisation__active=True),
        kind=TagKind.HELP,
        value__in=list(helps),
        service__status__in=RUNNING,
        service__same_as=None,
        service__touchpoint__area__path__startswith=around(record.person.organisation).path,
    )
    found: dict[UUID, list[Tag]] = {}
    for tag in tags.order_by("service__sort_name", "service_id", "value"):
        found.setdefault(tag.service_id, []).append(tag)
    metres = _metres(here, found)
    chosen = sorted(found, key=lambda pk: (pk not in metres and here is not None, metres.get(pk, 0.0)))[:MOST_SERVICES]
    services = Service.objects.filter(pk__in=chosen).select_related("touchpoint")
    candidates = []
    for each in services.prefetch_related("tags", "openings", "at_locations__location", "touchpoint__reach"):
        candidates += [_service(each, tag, helps[tag.value], metres.get(each.pk), on) for tag in found[each.pk]]
    return candidates


def _service(each: Service, tag: Tag, help: Help, metres: float | None, on: date) -> Candidate:
    said = list(each.tags.all())
    told = [reach.community for reach in each.touchpoint.reach.all() if reach.state == Reach.VALUE]
    communities = [mark.value for mark in said if mark.kind == TagKind.COMMUNITY]
    places = [at.location for at in each.at_locations.all()]
    where = next((", ".join(filter(None, [it.address, it.town, it.postcode])) for it in places), "")
    stays = each.capacity_on is not None and (each.capacity_on.year, each.capacity_on.month) == (on.year, on.month)
    name = each.name if each.name == each.touchpoint.name else f"{each.name}, {each.touchpoint.name}"
    return Candidate(
        key=f"service-{each.pk}-{help.id}",
        help=help.id,
        title=name,
        kind=help.kind,
        barriers=help.barriers,
        where=where,
        digital=help.digital,
        place=True,
        distance_km=metres / 1000 if metres is not None else None,
        languages=", ".join(mark.value.title() for mark in said if mark.kind == TagKind.LANGUAGE),
        communities=tuple(dict.fromkeys([*told, *communities])),
        open_when=hours(each),
        phone=each.phone or each.touchpoint.phone,
        capacity=each.capacity if stays else None,
        sure=tag.how != How.TEXT,
        service=each.pk,
        private=each.touchpoint.private,
        stale=each.checked_on is None or on - each.checked_on > STALE,
    )


def _metres(here: np.ndarray | None, found: Mapping[UUID, object]) -> dict[UUID, float]:
    if here is None or not found:
        return {}
    nearest: dict[UUID, float] = {}
    # All places around are read rather than those of a long list of ids, which no database likes.
    near = ServiceAtLocation.objects.filter(
        location__northing__range=(here[1] - 50_000, here[1] + 50_000),
        location__easting__range=(here[0] - 50_000, here[0] + 50_000),
        service__tags__kind=TagKind.HELP,
    ).order_by()
    rows = near.values_list("service", "location__easting", "location__northing").distinct()
    for service, easting, northing in rows:
        if service in found:
            metres = float(np.hypot(easting - here[0], northing - here[1]))
            nearest[service] = min(metres, nearest.get(service, metres))
    return nearest


def _app(app: TrustedApp) -> Candidate:
    beside = "" if app.review.result == Result.SAFE else ", with somebody beside them"
    return Candidate(
        key=f"app-{app.slug}",
        app=app.slug,
        help="",
        title=app.name,
        kind="app",
        barriers=tuple(app.barriers),
        where=f"An app that was looked at on {day(app.review.reviewed_on)}{beside}",
        digital=True,
    )


def _of_person(barrier: Barrier | None) -> bool:
    return barrier is not None and barrier.asked_of == "person"


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

"""Whose plans somebody may see or change, and what a place's gaps are called."""

from dataclasses import dataclass
from uuid import UUID

from django.contrib.auth.models import AnonymousUser
from django.db.models import QuerySet

from inroads.accounts.permissions import Permission
from inroads.accounts.queries import Somebody, organisations_where
from inroads.directory.permissions import touchpoints_visible_to
from inroads.places.models import GapKind
from inroads.places.permissions import SEES_PLANS
from inroads.places.queries import group_definitions, published
from inroads.reference.around import neighbourhood_name
from inroads.reference.definitions import load
from inroads.reference.definitions.care import Community
from inroads.reference.definitions.conversation import barriers
from inroads.reference.models import Kind, Organisation

PLACES = (Kind.ICS, Kind.PLACE)


def organisations_seen(user: Somebody) -> QuerySet[Organisation]:
    """The organisations whose plans this user may read."""
    found = Organisation.objects.none()
    for permission in SEES_PLANS:
        found = found | organisations_where(user, permission)
    return found


def organisations_here(user: Somebody, code: str, *, to_plan: bool = False) -> list[Organisation]:
    """The systems and places that cover exactly this area and whose plans the user may read, or make (`to_plan`)."""
    inside = organisations_where(user, Permission.PLAN_STEPS) if to_plan else organisations_seen(user)
    return list(inside.filter(area_code=code, kind__in=PLACES).order_by("name"))


@dataclass(frozen=True)
class Named:
    """A gap's code and how it is called; `code` "" for what has words and no code."""

    code: str
    title: str


def named(kind: str, typed: str, area_code: str) -> Named | None:
    """What somebody means by a code or a name; None where nothing, or more than one thing, is called so.

    A stage of a pathway is known to another part of Inroads: its number, its words or both, as in "17: Assessment",
    are taken as they are. A private touchpoint is not named in plans, which more people read than may know of it.
    """
    typed = typed.strip()
    if not typed:
        return None
    if kind == GapKind.NEIGHBOURHOOD:
        found = neighbourhoods_called(typed, area_code)
        return Named(found[0], neighbourhood_name(found[0])) if len(found) == 1 else None
    if kind == GapKind.TOUCHPOINT:
        return _touchpoint(typed)
    if kind == GapKind.STAGE:
        number, _, words = (each.strip() for each in typed.partition(":"))
        known = number.isdecimal() and len(number) <= 40
        return Named(number if known else "", (words or number) if known else typed)
    titles = groups() if kind == GapKind.GROUP else {each.id: each.title for each in barriers().values()}
    wanted = typed.casefold()
    codes = [code for code, title in titles.items() if wanted in (code.casefold(), title.casefold())]
    return Named(codes[0], titles[codes[0]]) if codes else None


def groups() -> dict[str, str]:
    """Titles of all groups of people by id: those of the Census, then communities."""
    return {
        **{each.id: each.title for each in group_definitions().values() if each.counts == "people"},
        **{each.id: each.title for each in load(Community).values()},
    }


def neighbourhoods_called(typed: str, area_code: str) -> list[str]:
    """Codes of the neighbourhoods of an area that have this code, this name, or lie in the ward of this name."""
    figures = published()
    if figures is None:
        return []
    places, wanted = figures.neighbourhoods, typed.strip().casefold()
    rows = places.rows(area_code)
    called = [
        str(places.code[row])
        for row in rows.tolist()
        if wanted in (str(places.code[row]).casefold(), str(places.name[row]).casefold())
        or wanted == neighbourhood_name(str(places.code[row])).casefold()
    ]
    return called or [str(places.code[row]) for row in rows.tolist() if wanted == str(places.ward[row]).casefold()]


def _touchpoint(typed: str) -> Named | None:
    everybody = touchpoints_visible_to(AnonymousUser())
    try:
        found = list(everybody.filter(pk=UUID(typed))[:2])
    except ValueError:
        found = list(everybody.filter(name__iexact=typed)[:2])
    return Named(str(found[0].pk), found[0].name) if len(found) == 1 else None

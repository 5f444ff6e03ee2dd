"""Pathways as a reader may check them, and how many people around a service digital-only care would leave out."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

import numpy as np
from django.db.models import BooleanField, ExpressionWrapper, Q, QuerySet

from inroads.accounts.models import Membership, User
from inroads.accounts.permissions import Permission, private_roles, roles, roles_with
from inroads.accounts.queries import Somebody, organisations_where
from inroads.analytics.areas import is_open
from inroads.people.models import Pathway, Stage
from inroads.places.queries.left_out import LeftOut, left_out
from inroads.reference import around
from inroads.reference.models import Organisation
from inroads.reference.organisations import line_of
from inroads.released.queries import table, whole_visible_to
from inroads.web.design_check.verdicts import Verdict, verdict_of

# A longer list than this is searched.
MOST = 60


@dataclass(frozen=True)
class Checked:
    """A pathway with what was found at each stage, in order. `drawn`: the reader draws it, so drafts are counted."""

    pathway: Pathway
    drawn: bool
    stages: tuple[tuple[Stage, Verdict], ...]


@dataclass(frozen=True)
class Chosen:
    """How many people chose a way last ("" for none yet): `value`, rounded; where `hidden`, only `low` to `high`."""

    way: str
    hidden: bool
    value: float
    low: float
    high: float


@dataclass(frozen=True)
class Released:
    """What people chose after `since` (None from the first day on) and up to a day; by number of the stage, as text."""

    since: date | None
    until: date
    by_stage: dict[str, list[Chosen]]


def pathways_to_check(user: Somebody) -> QuerySet[Pathway]:
    """Those this user draws, and published ones of organisations whose picture they see; `drawn` says which it is."""
    drawn = Q(organisation__in=organisations_where(user, Permission.DESIGN_PATHWAYS))
    seen = Q(organisation__in=organisations_where(user, Permission.SEE_PICTURE))
    found = Pathway.objects.filter(drawn | (seen & Q(published_at__isnull=False))).select_related("organisation")
    return found.annotate(drawn=ExpressionWrapper(drawn, output_field=BooleanField()))


def checked_pathways(user: Somebody, words: str = "") -> tuple[list[Checked], int]:
    """The first `MOST` pathways by service, each checked, and how many there are. `words`: in their name or service's.

    Asks the database as often for many as for one.
    """
    found = pathways_to_check(user)
    for word in words.split():
        found = found.filter(Q(title__icontains=word) | Q(organisation__name__icontains=word))
    return checked(found.order_by("organisation__name", "title", "pk")[:MOST]), found.count()


def checked(pathways: QuerySet[Pathway]) -> list[Checked]:
    """Pathways of `pathways_to_check`, each with what was found at the stages this user may see."""
    return [
        Checked(
            each,
            each.drawn,
            tuple(
                (stage, verdict_of(stage.options.all(), with_drafts=each.drawn))
                for stage in each.stages.all()
                if each.drawn or stage.published_at is not None
            ),
        )
        for each in pathways.prefetch_related("stages__options")
    ]


def checked_pathway(user: Somebody, pathway: UUID) -> Checked | None:
    """One pathway with what was found at each stage this user may see; None where it is not theirs to check."""
    return next(iter(checked(pathways_to_check(user).filter(pk=pathway))), None)


def left_out_around(organisation: Organisation, *, user: Somebody) -> LeftOut | None:
    """Who would be left out of digital-only care in the area around a service; None where not all of it is loaded."""
    figures, code = around.published(), around.area_code(organisation)
    area = figures.areas.get(code) if figures is not None else None
    if figures is None or area is None or not is_open(area):
        return None
    return left_out(figures, code, user=user if isinstance(user, User) else None)


def released_choices(user: Somebody, pathway: Pathway) -> Released | None:
    """What people chose on a pathway, from the newest release this user may see whole; None where there is none.

    People are counted nowhere else: a stage that is not in the release has no figure here.
    """
    line = [each.pk for each in line_of(pathway.organisation)]
    release = whole_visible_to(user).filter(organisation__in=line).order_by("-until", "pk").first()
    columns = table(release, "ways") if release is not None else None
    if release is None or columns is None:
        return None
    by_stage: dict[str, list[Chosen]] = {}
    for row in np.flatnonzero(columns["pathway"] == str(pathway.pk)).tolist():
        chosen = Chosen(
            way=str(columns["way"][row]),
            hidden=str(columns["state"][row]) == "suppressed",
            value=float(columns["value"][row]),
            low=float(columns["low"][row]),
            high=float(columns["high"][row]),
        )
        by_stage.setdefault(str(columns["stage"][row]), []).append(chosen)
    return Released(release.since, release.until, by_stage)


def who_draws(organisation: Organisation) -> list[str]:
    """Whom to ask for a change, as role and organisation, the nearest first; nobody is named."""
    drawing = set(roles_with(Permission.DESIGN_PATHWAYS)) - set(private_roles())
    line = line_of(organisation)
    held = Membership.objects.active().filter(role__in=drawing, organisation__in=line)
    pairs = set(held.values_list("organisation", "role"))
    titles = {role.id: role.title for role in roles().values()}
    return [
        f"the {titles[role].lower()} of {each.name}"
        for each in reversed(line)
        for role in sorted(drawing)
        if (each.pk, role) in pairs
    ]

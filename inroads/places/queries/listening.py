"""Where to listen next: the neighbourhoods where asking a few more people would tell most, and who is trusted there."""

from dataclasses import dataclass
from datetime import date

import numpy as np

from inroads.accounts.permissions import Permission
from inroads.accounts.queries import Somebody, highest_where
from inroads.analytics.published import Published
from inroads.design.wording import day as said_day
from inroads.directory.models import RUNNING, Reach, ServiceAtLocation
from inroads.directory.permissions import seen_by
from inroads.methods.picture import where_to_listen
from inroads.places.models import OutreachStop
from inroads.places.queries.real import Real

# How far somebody may walk from a touchpoint to a street, in metres in a straight line.
NEAR = 2_000
MOST_TOUCHPOINTS = 3
SEES = (Permission.SEE_PICTURE, Permission.PLAN_STEPS)


@dataclass(frozen=True)
class Trusted:
    """A touchpoint near a neighbourhood: `told` where people told us that it helped them."""

    id: str
    name: str
    metres: float
    told: bool


@dataclass(frozen=True)
class NextPlace:
    """A neighbourhood to go to: how often, how many people to ask, and what is known before and expected after.

    `low`, `high`: between how many and how many people are left out as far as is known now (90%), digital answers
    counting only beside others. `after`: how wide that interval is expected to be afterwards, in people. `gain` is the
    expected fall of the squared error, in people squared, as `where_to_listen` gives it. `walked` says that somebody
    went there after the day counted up to, or is "".
    """

    code: str
    name: str
    ward: str
    visits: int
    ask: int
    gain: float
    low: float
    high: float
    after: float
    nobody: bool
    only_digital: bool
    touchpoints: tuple[Trusted, ...]
    walked: str


def next_places(published: Published, real: Real, *, visits: int, per_visit: int, user: Somebody) -> list[NextPlace]:
    """The places of the next `visits` visits of `per_visit` people, the one with the largest gain first."""
    places, seen = published.neighbourhoods, real.picture
    people = np.nan_to_num(places.population[real.rows])
    order, gains = where_to_listen(seen, visits=visits, per_visit=per_visit, population=people)
    chosen = list(dict.fromkeys(order.tolist()))
    heard = seen.other_channels or seen
    trusted = _touchpoints(published, real, chosen, user)
    codes = [str(places.code[real.rows[at]]) for at in chosen]
    walked = _walked_since(user, codes, real.release.until)
    found = []
    for at in chosen:
        times = int((order == at).sum())
        variance, mean = float(heard.sd[at] ** 2), float(heard.mean[at])
        worth = mean * (1 - mean) / variance - 1
        ask = min(times * per_visit, int(people[at]))
        # What digital answers alone say is shown on no page, so it is not shown here either.
        shown = heard if real.digital_only[at] else seen
        low, high = float(shown.low[at] * people[at]), float(shown.high[at] * people[at])
        row = real.rows[at]
        found.append(
            NextPlace(
                code=str(places.code[row]),
                name=str(places.name[row]),
                ward=str(places.ward[row]),
                visits=times,
                ask=ask,
                gain=float(gains[order == at].sum()),
                low=low,
                high=high,
                after=(high - low) * float(np.sqrt(worth / (worth + ask))),
                nobody=bool(real.nobody[at]),
                only_digital=bool(real.digital_only[at]),
                touchpoints=trusted.get(at, ()),
                walked=walked.get(str(places.code[row]), ""),
            )
        )
    # Where somebody has been since, others come first: what was said there counts in the next release.
    return sorted(found, key=lambda each: (bool(each.walked), -each.gain))


def _walked_since(user: Somebody, codes: list[str], day: date) -> dict[str, str]:
    """Neighbourhoods to which a walk went after a day, with what is known of it, in a sentence."""
    paths = [place.path for permission in SEES for place in highest_where(user, permission)]
    rows = OutreachStop.objects.filter(
        neighbourhood__in=codes, outreach__reports__happened=True, outreach__reports__on__gt=day
    ).values_list("neighbourhood", "outreach__organisation__path", "outreach__reports__on")
    seen = [(code, on) for code, path, on in rows if any(path.startswith(own) for own in paths)]
    return {code: f"A walk went here on {said_day(on)}. What was said counts in the next release." for code, on in seen}


def _touchpoints(published: Published, real: Real, chosen: list[int], user: Somebody) -> dict[int, tuple[Trusted, ...]]:
    """Touchpoints near each place: those that people told us of first, then by distance."""
    places = published.neighbourhoods
    here = {at: np.array([places.easting[real.rows[at]], places.northing[real.rows[at]]]) for at in chosen}
    here = {at: point for at, point in here.items() if np.isfinite(point).all()}
    if not here:
        return {}
    points = np.array(list(here.values()))
    (west, south), (east, north) = points.min(axis=0) - NEAR, points.max(axis=0) + NEAR
    rows = (
        ServiceAtLocation.objects.filter(
            seen_by(user, "service__touchpoint__"),
            service__status__in=RUNNING,
            service__same_as=None,
            location__easting__range=(west, east),
            location__northing__range=(south, north),
        )
        .order_by()
        .values_list("service__touchpoint", "service__touchpoint__name", "location__easting", "location__northing")
        .distinct()
    )
    held = list(rows)
    told = set(
        Reach.objects.filter(state=Reach.VALUE, touchpoint__in={row[0] for row in held}).values_list(
            "touchpoint", flat=True
        )
    )
    found = {}
    for at, point in here.items():
        nearest: dict[object, Trusted] = {}
        for key, name, easting, northing in held:
            metres = float(np.hypot(easting - point[0], northing - point[1]))
            if metres <= NEAR and (key not in nearest or metres < nearest[key].metres):
                nearest[key] = Trusted(str(key), name, metres, key in told)
        found[at] = tuple(sorted(nearest.values(), key=lambda each: (not each.told, each.metres))[:MOST_TOUCHPOINTS])
    return found

"""Where to listen next: the neighbourhoods where asking a few more people would tell most, and who is trusted there."""

from dataclasses import dataclass
from datetime import date

import numpy as np

from inroads.accounts.permissions import Permission
from inroads.accounts.queries import Somebody, highest_where
from inroads.analytics.published import Published
from inroads.methods.picture import where_to_listen
from inroads.places.models import OutreachStop
from inroads.places.queries.near import NearTouchpoint, near
from inroads.places.queries.real import Real

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
    expected fall of the squared error, in people squared, as `where_to_listen` gives it. `walked` is when somebody
    last went there after the day counted up to, or None.
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
    walked: date | None


def next_places(published: Published, real: Real, *, visits: int, per_visit: int, user: Somebody) -> list[NextPlace]:
    """The places of the next `visits` visits of `per_visit` people, the one with the largest gain first."""
    places, seen = published.neighbourhoods, real.picture
    people = np.nan_to_num(places.population[real.rows])
    order, gains = where_to_listen(seen, visits=visits, per_visit=per_visit, population=people)
    chosen = list(dict.fromkeys(order.tolist()))
    heard = seen.other_channels or seen
    codes = [str(places.code[real.rows[at]]) for at in chosen]
    around = near(user, codes)
    walked = walked_since(user, codes, real.release.until)
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
                touchpoints=_trusted(around[str(places.code[row])]),
                walked=walked.get(str(places.code[row])),
            )
        )
    # Where somebody has been since, others come first: what was said there is not counted yet.
    return sorted(found, key=lambda each: (each.walked is not None, -each.gain))


def walked_since(user: Somebody, codes: list[str], day: date) -> dict[str, date]:
    """When a walk that this user may read went to each of these neighbourhoods last, if one did after a day."""
    paths = [place.path for permission in SEES for place in highest_where(user, permission)]
    rows = OutreachStop.objects.filter(
        neighbourhood__in=codes, outreach__reports__happened=True, outreach__reports__on__gt=day
    ).values_list("neighbourhood", "outreach__organisation__path", "outreach__reports__on")
    return {
        code: on
        for code, path, on in sorted(rows, key=lambda row: row[2])
        if any(path.startswith(own) for own in paths)
    }


def _trusted(found: list[NearTouchpoint]) -> tuple[Trusted, ...]:
    """Those that people told us of first, then by distance."""
    ordered = sorted(found, key=lambda each: (not each.told, each.metres))[:MOST_TOUCHPOINTS]
    return tuple(Trusted(str(each.id), each.name, each.metres, bool(each.told)) for each in ordered)

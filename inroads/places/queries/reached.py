"""Whom touchpoints are known to reach, by what people told us, beside who lives around them.

The counts come from `directory.models.Reach`: rounded, out of open releases, and never of few people. They are of
communities that overlap, without a total for the touchpoint, so no share of "all who came" can be worked out, and
`inroads.methods.access.reach`, which compares shares, is not asked here.
"""

from dataclasses import dataclass
from datetime import date

import numpy as np

from inroads.analytics.published import Published
from inroads.directory.models import Reach
from inroads.places.queries import group_definitions
from inroads.places.queries.access import in_reach
from inroads.places.queries.assets import Spot, centres, open_to_everybody
from inroads.reference.definitions import load
from inroads.reference.definitions.care import Community
from inroads.reference.definitions.figures import Group

# Communities of which the census counts a group that is nearly the same, and which.
COUNTED_AS = {
    "black_people": "ethnic_black",
    "older_people": "people_65_plus",
    "south_asian_people": "ethnic_asian",
    "young_people": "people_16_24",
}


@dataclass(frozen=True)
class Told:
    """A community at one touchpoint: about `helped` people told us that it helped them.

    `living` people of `group` have their neighbourhood's centre within the catchment; None where nobody counts them.
    """

    touchpoint: str
    service: str
    community: Community
    helped: int
    until: date
    group: Group | None
    living: int | None


@dataclass(frozen=True)
class Reached:
    """What is known of a place: `told` by touchpoint, and communities of which no number is shown at any."""

    told: list[Told]
    unknown: list[Community]


def reached(published: Published, spots: tuple[Spot, ...], catchment: float) -> Reached:
    """Of the touchpoints among these spots that lie in the place."""
    here: dict[str, list[Spot]] = {}
    for spot in spots:
        if spot.here and spot.touchpoint:
            here.setdefault(spot.touchpoint, []).append(spot)
    communities = load(Community)
    rows = Reach.objects.filter(open_to_everybody("touchpoint__"), community__in=list(communities)).order_by("pk")
    known = [each for each in rows if str(each.touchpoint_id) in here]
    living = _living(published, {key: here[key] for key in {str(each.touchpoint_id) for each in known}}, catchment)
    told = [
        Told(
            touchpoint=here[touchpoint][0].name,
            service=here[touchpoint][0].service,
            community=communities[each.community],
            helped=each.helped,
            until=each.until,
            group=_group(each.community),
            living=living[touchpoint].get(each.community),
        )
        for each in known
        for touchpoint in [str(each.touchpoint_id)]
    ]
    told.sort(key=lambda each: (each.community.title, -each.helped, each.touchpoint))
    shown = {each.community.id for each in told}
    rest = sorted(communities.values(), key=lambda each: each.title)
    return Reached(told, unknown=[each for each in rest if each.id not in shown])


def _group(community: str) -> Group | None:
    return group_definitions().get(COUNTED_AS.get(community, ""))


def _living(published: Published, spots: dict[str, list[Spot]], catchment: float) -> dict[str, dict[str, int]]:
    """For each touchpoint and community that is counted: people in neighbourhoods with their centre in reach."""
    places = published.neighbourhoods
    everywhere = centres(published, np.arange(len(places)))
    placed = np.flatnonzero(np.isfinite(everywhere).all(axis=1))
    found: dict[str, dict[str, int]] = {}
    for touchpoint, own in spots.items():
        points = np.array([(spot.easting, spot.northing) for spot in own], dtype=float)
        near = np.unique(np.concatenate(in_reach(points, everywhere[placed], catchment)))
        counts = {}
        for community, group in COUNTED_AS.items():
            count = places.count(group)[placed[near]]
            if np.isfinite(count).any():
                counts[community] = round(float(np.nansum(count)))
        found[touchpoint] = counts
    return found

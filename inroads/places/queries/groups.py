"""Who lives in the neighbourhoods at high risk: counted from published tables, never from people's records."""

from dataclasses import dataclass

import numpy as np

from inroads.analytics.published import Published
from inroads.places.queries import group_definitions
from inroads.places.queries.picture import Picture
from inroads.reference.definitions.figures import Group


@dataclass(frozen=True)
class GroupShare:
    """Of one group in a place: how many there are, how many live in high-risk neighbourhoods.

    `everyone` is the share of all people (or households) who live in high-risk neighbourhoods, to compare with.
    """

    group: Group
    there: int
    at_risk: int
    share: float
    everyone: float
    missing: int


def shares(published: Published, picture: Picture) -> list[GroupShare]:
    """Each group of `definitions/groups/`, in the order of their files; groups without figures are left out."""
    places = published.neighbourhoods
    high = picture.fifth == 5
    found = []
    for group in group_definitions().values():
        count, base = places.count(group.id)[picture.rows], places.base(group.id)[picture.rows]
        known = np.isfinite(count) & np.isfinite(base)
        if not known.any() or not count[known].sum():
            continue
        there, all_here = count[known].sum(), base[known].sum()
        at_risk = count[known & high].sum()
        found.append(
            GroupShare(
                group=group,
                there=round(there),
                at_risk=round(at_risk),
                share=at_risk / there,
                everyone=base[known & high].sum() / all_here,
                missing=int((~known).sum()),
            )
        )
    return found

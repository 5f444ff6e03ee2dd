"""What conversations found by group of people, and how they were held."""

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from inroads.analytics.published import Area, Published
from inroads.methods.picture import revise_released
from inroads.places.queries.real import SEED, Real, made_with, risk_by_code
from inroads.reference.definitions import load
from inroads.reference.definitions.care import Community
from inroads.reference.titles import AGES
from inroads.released.queries import pooled, table, worked_out


@dataclass(frozen=True)
class GroupPicture:
    """People of one group in a place: the share left out that the risk index expects where they live, and the real one.

    `real`, `low`, `high` are None where nobody of the group was asked. `asked_low`, `asked_high`: how many were.
    """

    title: str
    kind: str
    risk: float
    real: float | None
    low: float | None
    high: float | None
    asked_low: float
    asked_high: float

    @property
    def apart(self) -> str:
        """Whether the whole interval lies above or below what the index expects: "more", "fewer" or ""."""
        if self.low is None or self.high is None:
            return ""
        return "more" if self.low > self.risk else "fewer" if self.high < self.risk else ""


@dataclass(frozen=True)
class ChannelCount:
    """How often people spoke in one way: between `low` and `high` per cent of all occasions."""

    channel: str
    low: float
    high: float


def channels(real: Real) -> list[ChannelCount]:
    """How people spoke in the whole system, most often first: as the newest release has it that says so."""
    for release in real.releases:
        held = table(release, "channels")
        if held is not None and len(held["channel"]):
            rows = zip(held["channel"].tolist(), held["low"].tolist(), held["high"].tolist(), strict=True)
            return sorted((ChannelCount(*row) for row in rows), key=lambda each: -each.high)
    return []


def groups(published: Published, place: Area, real: Real) -> list[GroupPicture]:
    """Each group that is counted, over the local authorities of this place."""
    held = pooled(real.releases, "groups", ("authority", "group"), bounded=[("in_found", "in_other")])
    if held is None:
        return []
    made = worked_out(
        real.release,
        "groups_picture",
        key=made_with(published, real.releases),
        make=lambda: _revised(published, real, held),
    )
    inside = np.isin(made["authority"], _authorities(published, place))
    communities = load(Community)
    found = []
    for group in dict.fromkeys(made["group"].tolist()):
        rows = inside & (made["group"] == group)
        title = AGES.get(group) or (communities[group].title if group in communities else group)
        found.append(_together({name: column[rows] for name, column in made.items()}, title, group in AGES))
    return found


def _authorities(published: Published, place: Area) -> NDArray[np.str_]:
    found: NDArray[np.str_] = np.unique(
        published.neighbourhoods.local_authority[published.neighbourhoods.rows(place.code)]
    )
    return found


def _revised(published: Published, real: Real, held: dict[str, NDArray]) -> pa.Table:
    """A picture of every group in every local authority: the index knows nothing of groups, so each is calibrated."""
    risk = _risk_of_authorities(published, real)
    expected = np.array([risk.get(each, np.nan) for each in held["authority"].tolist()])
    everything = pooled(real.releases, "groups", ("authority", "group")) or held
    asked_low = everything["in_found_low"] + everything["in_other_low"]
    asked_high = everything["in_found_high"] + everything["in_other_high"]
    ends = {f"{word}_{end}": held[f"in_{word}_{end}"] for word in ("found", "other") for end in ("low", "high")}
    made = revise_released(expected, **ends, groups=held["group"], rng=SEED)
    return pa.table(
        {
            "authority": held["authority"],
            "group": held["group"],
            "risk": expected,
            "mean": made.mean,
            "sd": made.sd,
            "asked_low": asked_low,
            "asked_high": asked_high,
        }
    )


def _risk_of_authorities(published: Published, real: Real) -> dict[str, float]:
    """What the index expects in each local authority of the system, weighted by people."""
    places = published.neighbourhoods
    risk = risk_by_code(published, real.releases)
    rows = places.rows(real.release.organisation.area_code)
    shares = np.array([risk.get(code, np.nan) for code in places.code[rows].tolist()])
    people = np.nan_to_num(places.population[rows])
    known = np.isfinite(shares) & (people > 0)
    found = {}
    for authority in np.unique(places.local_authority[rows]).tolist():
        inside = known & (places.local_authority[rows] == authority)
        if inside.any():
            found[authority] = float(np.average(shares[inside], weights=people[inside]))
    return found


def _together(rows: dict[str, NDArray], title: str, age: bool) -> GroupPicture:
    """Local authorities together, each with the weight of the people who were asked there."""
    low, high = rows["asked_low"], np.where(np.isfinite(rows["asked_high"]), rows["asked_high"], rows["asked_low"])
    middle = (low + high) / 2
    known = np.isfinite(rows["mean"]) & (middle > 0)
    kind = "age" if age else "community"
    everywhere = np.isfinite(rows["risk"])
    if not known.any():
        risk = float(rows["risk"][everywhere].mean()) if everywhere.any() else float("nan")
        return GroupPicture(title, kind, risk, None, None, None, float(low.sum()), float(rows["asked_high"].sum()))
    weights = middle[known] / middle[known].sum()
    mean = float(weights @ rows["mean"][known])
    # What is not known of a group is much the same everywhere, so errors of authorities do not even out.
    sd = float(weights @ rows["sd"][known])
    return GroupPicture(
        title,
        kind,
        float(weights @ rows["risk"][known]),
        mean,
        max(0.0, mean - 1.645 * sd),
        min(1.0, mean + 1.645 * sd),
        float(low.sum()),
        float(rows["asked_high"].sum()),
    )

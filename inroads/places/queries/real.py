"""The real picture of a place: what the risk index says, revised by what conversations found and what was released."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from inroads.accounts.queries import Somebody
from inroads.analytics.areas import systems_of
from inroads.analytics.published import ENGLAND, Area, Published
from inroads.methods.picture import Picture, revise_released, risk_from_index
from inroads.places.queries import risk_index
from inroads.places.queries.left_out import national_share
from inroads.places.queries.picture import picture as risk_picture
from inroads.released.layout import CELLS
from inroads.released.models import Release, State
from inroads.released.queries import Columns, pooled, releases_of, worked_out

Floats = NDArray[np.float64]
# The map is called wrong only where so many people or more were asked.
LEAST_ASKED = 10
SEED = 2022
# Changed when the same release would give other figures.
WAY = "3"
CHANNELS = ("digital", "met")
_KEPT = ("mean", "low", "high", "evidence", "concentration", "prior", "sd", "hidden")
_MET = ("mean", "sd", "low", "high")


@dataclass(frozen=True, eq=False)
class Real:
    """Of N neighbourhoods of a place, in the order of `rows` (places in the national table); each (N,).

    `risk`: the share of people the risk index expects to be left out. `picture`: the same share, revised by what was
    released, with 90% intervals, labels and evidence. `asked_low`, `asked_high`: between how many and how many people
    were asked; `digital_low`, `digital_high`: of these, only in digital ways. `elsewhere_low`, `elsewhere_high`: people
    asked whose neighbourhood is not known. `everybody_low`, `everybody_high`: people asked in all of the place.
    """

    releases: tuple[Release, ...]
    rows: NDArray[np.intp]
    risk: Floats
    picture: Picture
    asked_low: Floats
    asked_high: Floats
    digital_low: Floats
    digital_high: Floats
    elsewhere_low: float
    elsewhere_high: float
    everybody_low: float
    everybody_high: float

    @property
    def release(self) -> Release:
        """The newest of the releases that were added up."""
        return self.releases[0]

    @property
    def is_open(self) -> bool:
        """Whether everybody can see all of the releases that were added up."""
        return all(each.state == State.OPEN for each in self.releases)

    @property
    def too_low(self) -> NDArray[np.bool_]:
        """Where the whole interval lies above what the index expects, by enough people, not only in digital ways."""
        return self._told & (self.picture.low > self.risk)

    @property
    def too_high(self) -> NDArray[np.bool_]:
        """Where the whole interval lies below what the index expects, by enough people, not only in digital ways."""
        return self._told & (self.picture.high < self.risk)

    @property
    def nobody(self) -> NDArray[np.bool_]:
        """Where nobody was asked."""
        return self.asked_high == 0

    @property
    def digital_only(self) -> NDArray[np.bool_]:
        """Where people were asked, and hardly anybody but in digital ways: the label is refused."""
        return (self.asked_high > 0) & (self.picture.label == "risk") & ~self.hardly_shown

    @property
    def hardly_shown(self) -> NDArray[np.bool_]:
        """Where people were asked, and too much of it is hidden to say anything."""
        return (self.picture.label == "risk") & (self.asked_high > 0) & ~np.isfinite(self.asked_high)

    @property
    def _told(self) -> NDArray[np.bool_]:
        return np.isin(self.picture.label, ("mixed", "real")) & (self.asked_low >= LEAST_ASKED)


def real_picture(published: Published, area: Area, user: Somebody) -> Real | None:
    """The real picture of a place from the releases of it that this user may see; None where there is none."""
    releases = releases_of([area.code, *(each.code for each in systems_of(published, area))], user=user)
    counted = pooled(releases, "neighbourhoods", ("code",))
    if counted is None:
        return None
    whole = _of_releases(published, releases)
    rows = published.neighbourhoods.rows(area.code)
    place = {code: at for at, code in enumerate(counted["code"].tolist())}
    at = np.array([place.get(code, -1) for code in published.neighbourhoods.code[rows].tolist()], dtype=np.int64)
    # Neighbourhoods that were loaded only after people were counted stand in the next release.
    rows, at = rows[at >= 0], at[at >= 0]
    digital_low = counted["digital_found_low"][at] + counted["digital_other_low"][at]
    digital_high = counted["digital_found_high"][at] + counted["digital_other_high"][at]
    everybody = _everybody(releases)
    inside = [each for each in np.unique(published.neighbourhoods.local_authority[rows]).tolist() if each in everybody]
    return Real(
        releases=tuple(releases),
        rows=rows,
        risk=whole["risk"][at],
        picture=_as_picture(whole, at),
        asked_low=_sum(counted, "low", at),
        asked_high=_sum(counted, "high", at),
        digital_low=digital_low,
        digital_high=digital_high,
        elsewhere_low=float(everybody[""][0]),
        elsewhere_high=float(everybody[""][1]),
        everybody_low=float(sum(everybody[each][0] for each in inside)),
        everybody_high=float(sum(everybody[each][1] for each in inside)),
    )


def expected_share(published: Published, index: Floats) -> Floats:
    """Shares of people that the index expects to be left out: they rise with it, and England's mean is as published."""
    england = published.summary(ENGLAND, risk_index().score)
    if england is None:
        return risk_from_index(index, mean=national_share())
    # England's neighbourhoods stand for everybody, by the middles between the quantiles that are kept.
    middles = (england.quantiles[1:] + england.quantiles[:-1]) / 2
    together = np.concatenate((middles, index))
    weights = np.concatenate((np.ones(len(middles)), np.zeros(len(index))))
    return risk_from_index(together, mean=national_share(), population=weights)[len(middles) :]


def risk_by_code(published: Published, releases: Sequence[Release]) -> dict[str, float]:
    """What the index expects in each neighbourhood of the system of these releases, by code."""
    whole = _of_releases(published, releases)
    return dict(zip(whole["code"].tolist(), whole["risk"].tolist(), strict=True))


def made_with(published: Published, releases: Sequence[Release]) -> str:
    """What a picture is made with: it is kept until any of it changes."""
    return " ".join([published.generation, str(national_share()), WAY, *(str(each.pk) for each in releases)])


def _of_releases(published: Published, releases: Sequence[Release]) -> Columns:
    return worked_out(
        releases[0],
        "picture",
        key=made_with(published, releases),
        make=lambda: _revised(published, releases),
    )


def _revised(published: Published, releases: Sequence[Release]) -> pa.Table:
    """The picture of the whole system, so that what is found in one place tells how far the index can be trusted."""
    code = releases[0].organisation.area_code
    cells = [(f"{way}_found", f"{way}_other") for way in CHANNELS]
    counted = pooled(releases, "neighbourhoods", ("code",), bounded=cells) or {}
    seen = risk_picture(published, code, risk_index().weights)
    places = published.neighbourhoods
    score = dict(zip(places.code[seen.rows].tolist(), seen.score.tolist(), strict=True))
    index = np.array([score.get(each, np.nan) for each in counted["code"].tolist()])
    risk = expected_share(published, index)
    ends = {
        f"{word}_{end}": np.column_stack([counted[f"{way}_{word}_{end}"] for way in CHANNELS])
        for word in ("found", "other")
        for end in ("low", "high")
    }
    made = revise_released(risk, **ends, channels=CHANNELS, digital=("digital",), rng=SEED)
    columns = {"code": counted["code"], "risk": risk, "label": made.label}
    columns |= {name: getattr(made, name) for name in _KEPT}
    met = made.other_channels
    columns |= {f"met_{name}": getattr(met, name) if met is not None else made.sd * np.nan for name in _MET}
    return pa.table(columns)


def _as_picture(columns: Columns, at: NDArray[np.int64]) -> Picture:
    kept = {name: columns[name][at] for name in _KEPT}
    met = None
    if np.isfinite(columns["met_sd"][at]).any():
        heard = {**kept, **{name: columns[f"met_{name}"][at] for name in _MET}}
        met = Picture(**heard, label=columns["label"][at], other_channels=None, notes=())
    return Picture(**kept, label=columns["label"][at], other_channels=met, notes=())


def _everybody(releases: Sequence[Release]) -> dict[str, tuple[float, float]]:
    """Between how many and how many people were asked, by local authority; "" for those from elsewhere."""
    held = pooled(releases, "totals", ("authority",))
    if held is None:
        return {"": (0.0, 0.0)}
    low, high = (held[f"found_{end}"] + held[f"other_{end}"] for end in ("low", "high"))
    return dict(zip(held["authority"].tolist(), zip(low.tolist(), high.tolist(), strict=True), strict=True))


def _sum(counted: Columns, end: str, at: NDArray[np.int64]) -> Floats:
    return np.sum([counted[f"{cell}_{end}"][at] for cell in CELLS], axis=0)

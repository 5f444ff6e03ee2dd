"""How many people would be left out of digital-only mental health care, by neighbourhood: modelled, never counted."""

from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Literal

import numpy as np
from django.conf import settings
from numpy.typing import NDArray

from inroads.accounts.models import User
from inroads.analytics.published import Published
from inroads.analytics.respondents import Respondents, open_respondents
from inroads.analytics.store import StoreError
from inroads.methods import needs
from inroads.places.queries.asked import by_those_asked
from inroads.places.queries.kinds import ADULT, FINE, Residents, fitted, kinds, residents
from inroads.reference.definitions.rates import RateTable, england, one_of, tables_of

Floats = NDArray[np.float64]
WIDE = 1.959964  # standard errors to either side of a 95% interval
UNREAD = (
    "A survey was loaded here, and the file of the people it asked (the respondents) could not be read. Published "
    "rates are used in its place. Whoever runs this service loads it again with: inroads data respondents."
)


@dataclass(frozen=True)
class Estimated:
    """A number of people with its 95% interval, out of `people` of 16 and over."""

    value: float
    low: float
    high: float
    people: float


@dataclass(frozen=True)
class Joint:
    """People who are left out and live with mental health illness, when only the share of each is known.

    `independent` supposes that one has nothing to do with the other, with the ends that the intervals of both shares
    give. `low` and `high` hold however the two groups overlap, taken at the ends of the intervals. `share` is the
    published share of people living with mental health illness, `share_low` and `share_high` its 95% interval.
    """

    independent: Estimated
    low: float
    high: float
    share: float
    share_low: float
    share_high: float
    source: RateTable


@dataclass(frozen=True, eq=False)
class LeftOut:
    """Of N neighbourhoods, in the order of `rows` (places in the national table); NaN where figures are missing.

    `people` (N,) residents of 16 and over; `value`, `low`, `high` (N,) how many of them would be left out, with a 95%
    interval; `share`, `share_low`, `share_high` (N,) the same out of `people`. `total` is all that is known here, and
    `unknown` counts the neighbourhoods that are not in it. `method` says whether published rates were used or a file
    of people asked (`asked`). `sources` are the published rates, `notes` what a reader has to know, in sentences;
    `unread` is one more, "" unless a file of people asked was loaded and could not be read.
    """

    rows: NDArray[np.int64]
    people: Floats
    value: Floats
    low: Floats
    high: Floats
    total: Estimated
    joint: Joint
    unknown: int
    method: Literal["published", "asked"]
    asked: Respondents | None
    sources: tuple[RateTable, ...]
    notes: tuple[str, ...]
    unread: str = ""

    @property
    def share(self) -> Floats:
        """(N,) the share of people of 16 and over who would be left out; NaN where nobody lives."""
        return self._out_of(self.value)

    @property
    def share_low(self) -> Floats:
        """(N,) the lower end of the interval of `share`."""
        return self._out_of(self.low)

    @property
    def share_high(self) -> Floats:
        """(N,) the upper end of the interval of `share`."""
        return self._out_of(self.high)

    def _out_of(self, figures: Floats) -> Floats:
        found: Floats = np.divide(figures, self.people, out=np.full(len(figures), np.nan), where=self.people > 0)
        return found


def left_out(published: Published, code: str, *, user: User | None = None) -> LeftOut | None:
    """Estimates for an area, or for one neighbourhood by its own code; None where no figures are held of it.

    Published figures are open to everyone, so `user` plays no part: it is here because other numbers about places ask
    who is reading. The same place is worked out once a process. With a file of people asked in the store (`inroads data
    respondents`), they are fitted to the neighbourhoods instead of published rates; where it is damaged, published
    rates are used and `unread` says so.
    """
    try:
        asked = open_respondents(settings.VAR_DIR / "respondents")
    except StoreError:
        found = _left_out(published, code, None)
        return replace(found, unread=UNREAD) if found is not None else None
    return _left_out(published, code, asked)


def national_share() -> float:
    """The published share of all adults who had not used the internet in the last three months."""
    everyone = tables_of("left_out")[0]
    return everyone.value(everyone.rates[0])


@lru_cache(maxsize=128)
def _left_out(published: Published, code: str, asked: Respondents | None) -> LeftOut | None:
    rows = _rows(published, code)
    here = residents(published, rows)
    if not here.known.any():
        return None
    fit = fitted(here)
    found = kinds()
    people = fit.expected(found.adult.astype(np.float64))
    if asked is None:
        value = fit.expected(found.rate)
        spread = fit.expected(found.factor)
        error = np.sqrt((spread**2).sum(axis=1))
        low, high = np.maximum(value - WIDE * error, 0), np.minimum(value + WIDE * error, people)
    else:
        disabled = fit.expected((found.adult & (found.disabled == 1)).astype(np.float64))
        value, low, high, whole = by_those_asked(
            published, rows[here.known], here, adults=people, disabled=disabled, asked=asked
        )
    usable = np.isin(fit.state, ("fitted", "empty")) & np.isfinite(value)
    if not usable.any():
        return None
    some = np.flatnonzero(here.known)[usable]
    adults, total = float(people[usable].sum()), float(value[usable].sum())
    if asked is None:
        # One national rate that is off is off everywhere: errors of neighbourhoods add up, they do not cancel out.
        wide = WIDE * float(np.sqrt((spread[usable].sum(axis=0) ** 2).sum()))
        whole = (max(total - wide, 0), min(total + wide, adults))
    else:
        whole = (total * whole[0], min(total * whole[1], adults))
    estimated = Estimated(total, whole[0], whole[1], adults)
    unknown = len(rows) - len(some)
    return LeftOut(
        rows=rows,
        people=_spread(people[usable], some, len(rows)),
        value=_spread(value[usable], some, len(rows)),
        low=_spread(low[usable], some, len(rows)),
        high=_spread(high[usable], some, len(rows)),
        total=estimated,
        joint=joint(estimated),
        unknown=unknown,
        method="published" if asked is None else "asked",
        asked=asked,
        sources=() if asked is not None else tables_of("left_out"),
        notes=_notes(here, unknown),
    )


def _rows(published: Published, code: str) -> NDArray[np.int64]:
    row = published.neighbourhoods.row(code)
    return published.neighbourhoods.rows(code) if row is None else np.array([row])


def _spread(values: Floats, at: NDArray[np.int64], length: int) -> Floats:
    found = np.full(length, np.nan)
    found[at] = values
    found.setflags(write=False)
    return found


def joint(left: Estimated) -> Joint:
    """People of these who would be left out and live with mental health illness: independence, and what always holds.

    Both ends of both intervals go in: the independent number has the ends that two low and two high shares give, the
    bounds are the lowest and the highest that any shares inside the intervals allow (Fréchet).
    """
    table = one_of("mental_health")
    rate = table.rates[0]
    share, error = table.value(rate), table.standard_error(rate, england())
    shares = np.array([max(share - WIDE * error, 0), share, min(share + WIDE * error, 1)])
    out = np.array([left.low, left.value, left.high]) / left.people if left.people else np.zeros(3)
    found = needs.joint_bounds(out, shares, left.people)
    low, value, high = (float(each) for each in found.independent)
    return Joint(
        independent=Estimated(value, low, high, left.people),
        low=float(found.low[0]),
        high=float(found.high[2]),
        share=share,
        share_low=float(shares[0]),
        share_high=float(shares[2]),
        source=table,
    )


def _notes(here: Residents, unknown: int) -> tuple[str, ...]:
    bands = ", ".join(each.title for each in here.bands if each.lowest >= ADULT)
    notes = [
        f"People of {ADULT} and over are counted in these age bands of the Census of 2021: {bands}. Those of 25 to 64 "
        "are whoever is left of everyone. How many are disabled is known for all ages together; how many of them are "
        f"children under {ADULT} is worked out from the pattern by age in England."
    ]
    if here.bands != FINE:
        notes.append(
            "The figures loaded here do not tell people of 65 to 74 from those of 75 and over, so the pattern of "
            "England is used within them. Loading the published files again brings both."
        )
    if unknown:
        notes.append(
            f"{unknown:,} of {len(here.known):,} neighbourhoods have no estimate, because figures about who lives "
            "there are missing. They are not in the total."
        )
    return tuple(notes)

"""How the real picture of a place is said: sentences, lines of tables and a chart."""

from dataclasses import dataclass

import numpy as np
from django.urls import reverse
from numpy.typing import NDArray

from inroads.accounts.queries import Somebody
from inroads.analytics.areas import is_open
from inroads.analytics.published import Area, Published
from inroads.design.charts import Chart, Dot, Line, dots
from inroads.places.queries.groups_real import ChannelCount, GroupPicture
from inroads.places.queries.real import Real, real_picture
from inroads.reference.titles import CHANNELS

DRAWN = 12
LISTED = 10
# Labels of the picture, as a reader takes them in.
LABELS = {
    "real": "Real picture",
    "mixed": "Partly real",
    "risk": "Risk only",
    "missing": "No figure",
}


@dataclass(frozen=True)
class Row:
    """One neighbourhood as its line says it. Shares are whole percentages; `real` is None where only risk is known."""

    code: str
    name: str
    ward: str
    risk: int | None
    real: int | None
    low: int | None
    high: int | None
    difference: str
    asked: str
    how: str
    label: str
    remark: str


def rows_of(published: Published, real: Real, most: int | None = None) -> list[Row]:
    """Neighbourhoods, those where the risk map is farthest off first; `most` of them, or all."""
    return [_row(published, real, at) for at in _order(real)[:most].tolist()]


def of_neighbourhood(published: Published, code: str, user: Somebody) -> dict | None:
    """What conversations found in one neighbourhood, and the `place` on whose page it stands.

    None where nobody was asked, or nothing of it is released to this user.
    """
    row = published.neighbourhoods.row(code)
    places = published.neighbourhoods
    for place in (str(places.local_authority[row]), str(places.ics[row])) if row is not None else ():
        area = published.areas.get(place)
        found = real_picture(published, area, user) if area is not None and is_open(area) else None
        at = np.flatnonzero(found.rows == row) if found is not None else np.empty(0)
        if found is not None and len(at) and not found.nobody[at[0]]:
            return {**vars(_row(published, found, int(at[0]))), "place": place}
    return None


def wrong(published: Published, real: Real, which: NDArray[np.bool_], most: int = LISTED) -> list[Row]:
    """Of some neighbourhoods, those farthest from what the index expects first, `most` of them."""
    chosen = np.flatnonzero(which)
    off = np.abs(real.picture.mean - real.risk)[chosen]
    return [_row(published, real, at) for at in chosen[np.argsort(-off, kind="stable")][:most].tolist()]


def unheard(published: Published, real: Real, most: int = LISTED) -> list[Row]:
    """Where nobody was asked: most people first, `most` of them."""
    chosen = np.flatnonzero(real.nobody)
    people = np.nan_to_num(published.neighbourhoods.population[real.rows][chosen])
    return [_row(published, real, at) for at in chosen[np.argsort(-people, kind="stable")][:most].tolist()]


def chart(published: Published, real: Real, place: str) -> Chart:
    """Risk and real side by side with intervals, where they differ most."""
    shown = [at for at in _order(real).tolist() if np.isfinite(real.picture.mean[at])][:DRAWN]
    places, seen = published.neighbourhoods, real.picture
    lines = [
        Line(
            str(places.name[real.rows[at]]),
            (
                Dot(100 * float(real.risk[at])),
                Dot(100 * float(seen.mean[at]), 100 * float(seen.low[at]), 100 * float(seen.high[at]))
                if seen.label[at] != "risk"
                else None,
            ),
            href=reverse("places:area", kwargs={"code": str(places.code[real.rows[at]])}),
        )
        for at in shown
    ]
    return dots(
        lines,
        series=("What the risk index expects", "With what conversations found"),
        title=f"People left out of digital care in {place}: risk and real",
        description=f"The {len(lines)} neighbourhoods where the two differ most. Lines are 90% intervals.",
        low=0.0,
        high=100.0,
        unit="%",
    )


def between(low: float, high: float) -> str:
    """How many people, from what is known: "nobody", "25", "8 to 14", "at least 8"."""
    if high == 0:
        return "nobody"
    if not np.isfinite(high):
        return f"at least {low:,.0f}"
    if low == high:
        return f"{low:,.0f}"
    return f"{low:,.0f} to {high:,.0f}"


def digital_share(real: Real) -> int | None:
    """Of the people who were asked, about how many per cent spoke only in digital ways; None where that is not known.

    From the middles of what is known: rounding evens out over many neighbourhoods.
    """
    known = np.isfinite(real.asked_high) & np.isfinite(real.digital_high)
    asked = (real.asked_low + real.asked_high)[known].sum()
    return round(100 * float((real.digital_low + real.digital_high)[known].sum() / asked)) if asked else None


def refused(real: Real) -> bool:
    """Whether nothing here may be called real: nobody was asked, or hardly anybody but in digital ways."""
    return not np.isin(real.picture.label, ("mixed", "real")).any()


def _order(real: Real) -> NDArray[np.intp]:
    """Where conversations contradict the index first, then by how far the two differ; without a figure last."""
    off = np.abs(real.picture.mean - real.risk)
    told = real.too_low | real.too_high
    return np.lexsort((-np.nan_to_num(off), ~told, ~np.isfinite(real.picture.mean)))


def _row(published: Published, real: Real, at: int) -> Row:
    places, seen = published.neighbourhoods, real.picture
    row, label = real.rows[at], str(seen.label[at])
    known = np.isfinite(seen.mean[at])
    told = known and label != "risk"
    low, high = _percent(seen.low[at]), _percent(seen.high[at])
    return Row(
        code=str(places.code[row]),
        name=str(places.name[row]),
        ward=str(places.ward[row]),
        risk=_percent(real.risk[at]),
        real=_percent(seen.mean[at]) if told else None,
        low=low,
        high=high,
        difference=_difference(real, at) if told else "",
        asked=between(real.asked_low[at], real.asked_high[at]),
        how=_how(real, at),
        label=LABELS[label],
        remark=_remark(real, at),
    )


def _percent(share: float) -> int | None:
    return round(100 * float(share)) if np.isfinite(share) else None


def _difference(real: Real, at: int) -> str:
    """In percentage points, with its interval: the index is taken as it is."""
    ends = [
        round(100 * float(each - real.risk[at]))
        for each in (real.picture.mean[at], real.picture.low[at], real.picture.high[at])
    ]
    middle, low, high = (f"{each:+d}".replace("-", "−") for each in ends)
    return f"{middle} ({low} to {high})"


def _how(real: Real, at: int) -> str:
    asked, digital = real.asked_high[at], real.digital_high[at]
    if asked == 0:
        return ""
    if real.digital_low[at] >= real.asked_low[at] and digital >= asked:
        return "digital only"
    if digital == 0:
        return "met, rung or on paper"
    return f"{between(real.digital_low[at], digital)} digital only"


def _remark(real: Real, at: int) -> str:
    if real.too_low[at]:
        return "The risk map is wrong here: more people are left out"
    if real.too_high[at]:
        return "The risk map is wrong here: fewer people are left out"
    if real.nobody[at]:
        return "Nobody has been asked here"
    if real.hardly_shown[at]:
        return "Too few were asked for more to be shown"
    if real.digital_only[at]:
        return "Hardly anybody was asked but in digital ways: this is no real picture"
    return ""


def channel_lines(counted: list[ChannelCount]) -> list[dict[str, str]]:
    """How people spoke, and how often."""
    return [{"title": CHANNELS.get(each.channel, each.channel), "share": _share(each)} for each in counted]


def _share(each: ChannelCount) -> str:
    return f"less than {each.high:g}%" if each.low == 0 else f"about {(each.low + each.high) / 2:g}%"


def elsewhere(real: Real, place: Area) -> str:
    """How many people were asked whose neighbourhood is not known; "nobody" for a part of the system."""
    if real.release.organisation.area_code != place.code:
        return "nobody"
    return between(real.elsewhere_low, real.elsewhere_high)


def group_lines(found: list[GroupPicture]) -> list[dict]:
    """Groups as lines of a table: those that differ from what the index expects say so."""
    says = {"more": "More are left out than the index expects", "fewer": "Fewer are left out than the index expects"}
    return [
        {
            **vars(each),
            "asked": between(each.asked_low, each.asked_high),
            "remark": says.get(
                each.apart, "" if each.real is not None else "Nobody of this group was asked, or their number is hidden"
            ),
        }
        for each in found
    ]

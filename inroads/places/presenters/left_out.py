"""How many people would be left out, as rows of a table, a chart and a file."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from math import floor, log10

import numpy as np
from django.urls import reverse
from markupsafe import Markup, escape
from numpy.typing import NDArray

from inroads.analytics.published import Published
from inroads.design.charts import Bar, Chart, bars
from inroads.places.presenters.files import Rows, plain
from inroads.places.queries.left_out import LeftOut
from inroads.reference.definitions.rates import RateTable, england

ON_CHART = 15
ORDERS = {"people": "Number of people", "share": "Share of people"}
COLUMNS = (
    "neighbourhood_code",
    "neighbourhood_name",
    "ward",
    "people_16_and_over",
    "left_out",
    "left_out_low_95",
    "left_out_high_95",
    "share_percent",
    "share_low_95",
    "share_high_95",
    "worked_out_from",
)


def about(number: float) -> str:
    """A modelled number in words: three figures that count, and no more than there are people."""
    if number < 100:
        return f"{number:,.0f}"
    step = 10 ** (floor(log10(number)) - 2)
    return f"{round(number / step) * step:,.0f}"


def order_of(published: Published, found: LeftOut, by: str) -> NDArray[np.intp]:
    """Places (N,) within `found`, the highest first; those without a figure come last; ties by name."""
    figures = found.share if by == "share" else found.value
    by_name = np.argsort(published.neighbourhoods.name[found.rows].astype(str), kind="stable")
    order = np.argsort(np.where(np.isfinite(figures), -figures, np.inf)[by_name], kind="stable")
    placed: NDArray[np.intp] = by_name[order]
    return placed


@lru_cache(maxsize=32)
def body(published: Published, found: LeftOut, *, by: str, kept: str = "", most: int | None = None) -> Markup:
    """The rows of the table as one piece of HTML; `most` is how many to give, all without it."""
    places = published.neighbourhoods
    pattern = reverse("places:area", kwargs={"code": "E00000000"}) + str(escape(kept))
    order = order_of(published, found, by)[:most]
    figures = (found.people, found.value, found.low, found.high, found.share, found.share_low, found.share_high)
    texts = (places.code, places.name, places.ward)
    columns = [each[found.rows][order].tolist() for each in texts] + [each[order].tolist() for each in figures]
    rows = []
    for code, name, ward, people, value, low, high, share, share_low, share_high in zip(*columns, strict=True):
        around = f' <span class="inroads-quiet">{escape(ward)}</span>' if ward else ""
        link = f'<th scope="row"><a href="{pattern.replace("E00000000", code)}">{escape(name)}</a>{around}</th>'
        if not np.isfinite(value):
            rows.append(f'<tr>{link}<td colspan="5">not known</td></tr>')
            continue
        percent = "–" if not people else f"{100 * share:.1f}%"
        between = "–" if not people else f"{100 * share_low:.1f}% to {100 * share_high:.1f}%"
        rows.append(
            f'<tr>{link}<td class="n">{people:,.0f}</td><td class="n">{value:,.0f}</td>'
            f'<td class="n">{low:,.0f} to {high:,.0f}</td><td class="n">{percent}</td><td class="n">{between}</td></tr>'
        )
    return Markup("\n".join(rows))  # noqa: S704 - names are escaped above, the rest is numbers


@lru_cache(maxsize=32)
def chart(published: Published, found: LeftOut, place: str, by: str) -> Chart:
    """The neighbourhoods with the most people, or the largest share of them, and their intervals."""
    names = published.neighbourhoods.name[found.rows]
    figures = (found.value, found.low, found.high)
    scale = 1.0
    if by == "share":
        figures, scale = (found.share, found.share_low, found.share_high), 100.0
    order = [at for at in order_of(published, found, by)[:ON_CHART].tolist() if np.isfinite(figures[0][at])]
    value, low, high = (np.round(each * scale, 1 if by == "share" else 0) for each in figures)
    return bars(
        [Bar(str(names[at]), float(value[at]), float(low[at]), float(high[at])) for at in order],
        title=f"{len(order)} neighbourhoods of {place} where "
        + ("the largest share" if by == "share" else "most people")
        + " would be left out",
        description="A bar for each neighbourhood, the highest first, with its 95% interval.",
        unit="%" if by == "share" else "people",
        heading="Neighbourhood",
    )


@dataclass(frozen=True)
class Source:
    """One published rate as the page lists it."""

    title: str
    rate: str
    error: str
    table: RateTable


def sources(tables: tuple[RateTable, ...]) -> list[Source]:
    """Each published rate with its standard error in percentage points."""
    return [
        Source(
            each.title,
            f"{100 * table.value(each):.0f}%",
            f"{100 * table.standard_error(each, england()):.1f}",
            table,
        )
        for table in tables
        for each in table.rates
    ]


def lines(published: Published, found: LeftOut) -> Iterator[str]:
    """The same as CSV, most people first; empty where a figure is not known."""
    places = published.neighbourhoods
    writer = Rows()
    # The mark at the start lets spreadsheets read names with accents.
    yield "\ufeff" + writer.writerow(list(COLUMNS))
    if found.asked:
        origin = f"{found.asked.survey}, {found.asked.year}: {len(found.asked)} people asked"
    else:
        origin = "; ".join(dict.fromkeys(f"{each.publication}, {each.publisher}" for each in found.sources))
    order = order_of(published, found, "people")
    texts = [each[found.rows][order].tolist() for each in (places.code, places.name, places.ward)]
    figures = [each[order].tolist() for each in (found.people, found.value, found.low, found.high)]
    shares = [(100 * each[order]).tolist() for each in (found.share, found.share_low, found.share_high)]
    for code, name, ward, *numbers in zip(*texts, *figures, *shares, strict=True):
        counts, percent = numbers[:4], numbers[4:]
        yield writer.writerow(
            [code, name, ward, *(plain(each, 1) for each in counts), *(plain(each, 2) for each in percent), origin]
        )

"""The neighbourhoods of a place as rows of a table, sorted as the reader asks."""

from functools import lru_cache
from urllib.parse import urlencode

import numpy as np
from django.urls import reverse
from markupsafe import Markup, escape

from inroads.analytics.published import Published
from inroads.places.presenters.map import WORDS
from inroads.places.queries import indicators, risk_index
from inroads.places.queries.picture import Picture

# name of the sort: heading, whether it sorts from high to low when first chosen
SORTS = {
    "name": ("Neighbourhood", False),
    "score": ("Score, 0 to 10", True),
    "rank": ("Rank here", False),
    "tenth": ("Tenth of England", False),
}
DEFAULT = "score"
# A place with more neighbourhoods than `MANY` shows the first `FIRST` of them until the reader asks for all.
MANY, FIRST = 200, 100


def order_of(picture: Picture, published: Published, sort: str, reverse_order: bool) -> np.ndarray:
    """Row numbers (N,) within the picture in the order asked for; what has no figure comes last; ties by name."""
    names = published.neighbourhoods.name[picture.rows].astype(str)
    by_name = np.argsort(names, kind="stable")
    if sort == "name":
        return by_name[::-1] if reverse_order else by_name
    values = {"score": picture.score, "rank": picture.rank, "tenth": picture.tenth.astype(float)}[sort][by_name]
    missing = ~np.isfinite(values) | (values == 0) & (sort == "tenth")
    first = np.argsort(np.where(missing, 0.0, -values if reverse_order else values), kind="stable")
    return by_name[np.concatenate((first[~missing[first]], first[missing[first]]))]


def headings(sort: str, reverse_order: bool, kept: dict[str, str], *, national: bool) -> list[dict]:
    """The column headings, each a link that sorts; the weights the reader chose are kept in it."""
    found = []
    for name, (text, high_first) in SORTS.items():
        if name == "tenth" and not national:
            continue
        now = name == sort
        turned = (not reverse_order) if now else high_first
        query = urlencode({**kept, "sort": name, "order": "high" if turned else "low"})
        found.append(
            {
                "text": text,
                "href": f"?{query}#table",
                "sorted": ("descending" if reverse_order else "ascending") if now else "",
                "numeric": name != "name",
            }
        )
    return found


@lru_cache(maxsize=32)
def body(
    published: Published, picture: Picture, *, sort: str, reverse_order: bool, kept: str = "", most: int | None = None
) -> Markup:
    """The rows of the table as one piece of HTML: a template loop takes ten times as long for a large place.

    `kept` is the query with the reader's weights, which every link carries along; empty for the published ones.
    `most` is how many rows to give, all without it.
    """
    national = bool(picture.tenth.any())
    places = published.neighbourhoods
    pattern = reverse("places:area", kwargs={"code": "E00000000"}) + str(escape(kept))
    rows = []
    order = order_of(picture, published, sort, reverse_order)[:most]
    columns = zip(
        places.code[picture.rows][order].tolist(),
        places.name[picture.rows][order].tolist(),
        places.ward[picture.rows][order].tolist(),
        picture.score[order].tolist(),
        picture.rank[order].tolist(),
        picture.rank_low[order].tolist(),
        picture.rank_high[order].tolist(),
        picture.tenth[order].tolist(),
        picture.fifth[order].tolist(),
        strict=True,
    )
    for code, name, ward, score, rank, low, high, tenth, fifth in columns:
        around = f' <span class="inroads-quiet">{escape(ward)}</span>' if ward else ""
        link = f'<th scope="row"><a href="{pattern.replace("E00000000", code)}">{escape(name)}</a>{around}</th>'
        if not fifth:
            rows.append(f'<tr>{link}<td colspan="{5 if national else 4}">no figure</td></tr>')
            continue
        position = f'<td class="n">{tenth}</td>' if national else ""
        rows.append(
            f'<tr>{link}<td class="n">{score:.2f}</td><td class="n">{rank:.0f}</td>{position}'
            f'<td class="n">{low:.0f} to {high:.0f}</td><td>{WORDS[fifth]}</td></tr>'
        )
    return Markup("\n".join(rows))  # noqa: S704 - names are escaped above, the rest is numbers


def weights_in_words(weights: tuple[float, ...]) -> str:
    """What counts how much, in one line for captions and files."""
    said = [
        f"{indicators()[part.indicator].title} {weight:g}"
        for part, weight in zip(risk_index().parts, weights, strict=True)
        if weight > 0
    ]
    return ", ".join(said)

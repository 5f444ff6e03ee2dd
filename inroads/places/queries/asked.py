"""Estimates from people whom a survey asked, fitted to who lives in each neighbourhood."""

import numpy as np
from numpy.typing import NDArray

from inroads.analytics.published import Published
from inroads.analytics.respondents import CATEGORIES, Respondents
from inroads.methods import needs
from inroads.places.queries.kinds import ADULT, FINE, Residents

Floats = NDArray[np.float64]
REPLICATES = 100
SEED = 2022


def by_those_asked(
    published: Published,
    rows: NDArray[np.int64],
    here: Residents,
    *,
    adults: Floats,
    disabled: Floats,
    asked: Respondents,
) -> tuple[Floats, Floats, Floats, tuple[float, float]]:
    """`value`, `low` and `high` of the neighbourhoods in `rows` (N,), and the ends of the total as multiples of it.

    `here` are the residents of the place, `adults` and `disabled` (N,) the people of 16 and over of these
    neighbourhoods and the disabled among them. Tables that count everyone (ethnic group) or households (tenure) are
    scaled to people of 16 and over. The ends of the total come from fitting the survey to the place as a whole.
    """
    margins, columns = [], []
    codes = asked.columns["age"]
    if here.bands != FINE:
        codes = np.minimum(codes, 2)
    grown = [number for number, each in enumerate(here.bands) if each.lowest >= ADULT]
    margins.append(here.by_age[here.known][:, grown])
    columns.append(codes)
    if "disability" in asked.columns:
        margins.append(np.column_stack([np.maximum(adults - disabled, 0), disabled]))
        columns.append(asked.columns["disability"])
    for name in ("tenure", "ethnic_group"):
        table = _table(published, rows, name) if name in asked.columns else None
        if table is not None:
            margins.append(table)
            columns.append(asked.columns[name])
    profiles = np.column_stack(columns)
    one, whole = (
        needs.small_areas(
            profiles, asked.weight, tables, asked.left_out, replicates=REPLICATES, rng=SEED, max_iterations=1000
        )
        for tables in (margins, [margin.sum(axis=0, keepdims=True) for margin in margins])
    )
    fits = np.isin(one.state, ("fitted", "empty"))
    value, low, high = (np.where(fits, each, np.nan) for each in (one.value, one.low, one.high))
    middle = float(whole.value[0])
    ends = (float(whole.low[0]) / middle, float(whole.high[0]) / middle) if middle > 0 else (0.0, 1.0)
    return value, low, high, ends


def used(published: Published, asked: Respondents) -> tuple[str, ...]:
    """The characteristics of a survey that the figures of neighbourhoods can be fitted to."""
    held = {"age", "disability"}
    held |= {"tenure"} if "social_renters" in published.neighbourhoods.groups else set()
    held |= {"ethnic_group"} if "ethnic_white" in published.neighbourhoods.groups else set()
    return tuple(name for name in CATEGORIES if name in asked.columns and name in held)


def _table(published: Published, rows: NDArray[np.int64], name: str) -> Floats | None:
    """Counts (N, categories) of a characteristic; None where the store lacks any of them in these rows."""
    places = published.neighbourhoods
    groups = [f"ethnic_{each}" for each in CATEGORIES["ethnic_group"]] if name == "ethnic_group" else ["social_renters"]
    if not all(each in places.groups for each in groups):
        return None
    counts = np.column_stack([places.count(each)[rows] for each in groups])
    if name == "tenure":
        counts = np.column_stack([np.maximum(places.base("social_renters")[rows] - counts[:, 0], 0), counts[:, 0]])
    return counts if np.isfinite(counts).all() and (counts.sum(axis=1) > 0).all() else None

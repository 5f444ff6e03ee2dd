"""Made-up inputs of national size, one function for each task: the same seed gives the same arrays.

Every function takes `small=True` for a quick trial of the same kind, and gives a dictionary of arrays that
`numpy.savez` can keep. Nothing here describes a real place: only sizes, shares and ties between categories are those
of a country.
"""

from collections.abc import Callable

import numpy as np

Inputs = dict[str, np.ndarray]

ZONES = 33_755
"""Neighbourhoods (2021 lower layer super output areas) of England."""
CATEGORIES = (18, 4, 5, 5, 5)
"""How many categories each column of a profile has: age bands first."""
PROFILES = 1_873
BOX = (5e5, 6e5)
"""Metres from west to east and from south to north."""


def ipf(*, small: bool = False, zones: int | None = None, profiles: int | None = None, seed: int = 1) -> Inputs:
    """Profiles, seed weights and margins in people for iterative proportional fitting.

    `profiles` (P, 5) distinct combinations of codes; `seed` (P,); `margin_0` … `margin_4` (Z, k). Every zone's margins
    are sums of one table of whole people, so that they agree with one another and a fit exists. That table is not the
    seed's: each zone leans towards some categories and has its people by chance. Columns hang together, as age and
    tenure do, so that fitting takes about sixteen rounds. No margin is 0: one peer cannot fit a margin of 0.
    `rates` (P, 4) are rates to estimate with.
    """
    rng = np.random.default_rng(seed)
    zones = zones or (300 if small else ZONES)
    profiles = profiles or (400 if small else PROFILES)
    codes = _profiles(rng, profiles)
    weights = rng.gamma(4.0, 0.25, profiles)
    starts = np.concatenate([[0], np.cumsum(CATEGORIES)])
    indicator = np.zeros((profiles, starts[-1]), dtype=np.float32)
    indicator[np.arange(profiles)[:, None], codes + starts[:-1]] = 1
    people = 1_700 * np.exp(rng.normal(0, 0.15, zones))
    sums = np.empty((zones, starts[-1]))
    for first in range(0, zones, 500):
        part = slice(first, min(first + 500, zones))
        leaning = rng.normal(0, 0.45, (part.stop - first, starts[-1])).astype(np.float32)
        expected = np.exp(leaning @ indicator.T) * weights.astype(np.float32)
        expected *= (people[part] / expected.sum(1))[:, None]
        found = rng.poisson(expected).astype(np.float32)
        for _ in range(3):  # one more person of a kind that is missing
            lacking, column = np.nonzero(found @ indicator == 0)
            for zone, k in zip(lacking, column, strict=True):
                found[zone, rng.choice(np.flatnonzero(indicator[:, k]))] += 1
        sums[part] = found @ indicator
    given = {f"margin_{c}": sums[:, starts[c] : starts[c + 1]].copy() for c in range(len(CATEGORIES))}
    return {"profiles": codes, "seed": weights, "rates": rng.beta(2, 6, (profiles, 4)), **given}


def _profiles(rng: np.random.Generator, profiles: int) -> np.ndarray:
    """Distinct combinations of codes whose columns lean on one another; every category occurs."""
    found: dict[tuple[int, ...], None] = {}
    for column, count in enumerate(CATEGORIES):
        for code in range(count):
            row = [int(rng.integers(k)) for k in CATEGORIES]
            row[column] = code
            found[tuple(row)] = None
    while len(found) < profiles:
        together = rng.normal(size=(profiles, 1))
        leaning = 0.75 * together + np.sqrt(1 - 0.75**2) * rng.normal(size=(profiles, len(CATEGORIES)))
        place = np.argsort(np.argsort(leaning, axis=0), axis=0) / profiles  # shares from 0 to 1
        for row in (place * np.array(CATEGORIES)).astype(np.int64):
            found[tuple(int(code) for code in row)] = None
    return np.array(list(found)[:profiles], dtype=np.int64)


def margins(inputs: Inputs) -> list[np.ndarray]:
    """The margins of `ipf` as the list that `needs.fit` takes."""
    return [inputs[f"margin_{c}"] for c in range(inputs["profiles"].shape[1])]


def catchment(*, small: bool = False, clustered: bool = False, zones: int | None = None, seed: int = 2) -> Inputs:
    """`origins` (Z, 2) and `assets` (A, 2) in metres, `demand` (Z,) in people, `supply` (A,) in hours.

    Spread evenly; `clustered` puts most into 400 towns of different sizes, as people live: 6.8 million pairs lie within
    10 km, as many as England's neighbourhoods have with assets placed like them.
    """
    rng = np.random.default_rng(seed)
    zones, count = zones or (500 if small else ZONES), 300 if small else 20_000
    towns = rng.uniform(0, BOX, (400, 2))
    share = rng.pareto(1.0, 400) + 0.2
    share = np.minimum(share / share.sum(), 0.05)
    share[0] = 0.15  # a capital
    share /= share.sum()

    def points(number: int) -> np.ndarray:
        spread = rng.uniform(0, BOX, (number, 2))
        if clustered:
            town = rng.choice(400, number, p=share)
            near = towns[town] + rng.normal(size=(number, 2)) * (32_000 * share[town] ** 0.5)[:, None]
            spread = np.where(rng.random((number, 1)) < 0.85, near, spread)
        return np.clip(spread, 0, BOX)

    return {
        "origins": points(zones),
        "assets": points(count),
        "demand": rng.poisson(1_700, zones).astype(float),
        "supply": rng.integers(1, 60, count).astype(float),
        "catchment": np.array(10_000.0),
        "edges": np.array([2_500.0, 5_000.0, 10_000.0]),
        "weights": np.array([1.0, 0.68, 0.22]),
    }


def covering(*, small: bool = False, clustered: bool = False, seed: int = 3) -> Inputs:
    """`demand` (Z,), the pairs within 10 km as `zone` and `site` (N,), `sites` in all and how many to `choose`.

    Spread evenly; `clustered` puts zones into towns and possible sites beside zones, where many overlap: much harder.
    """
    rng = np.random.default_rng(seed)
    places = catchment(small=small, clustered=clustered, seed=seed)
    count, choose = (60, 8) if small else (2_000, 200)
    zone_at = places["origins"]
    beside = zone_at[rng.choice(len(zone_at), count, replace=False)] + rng.normal(0, 500, (count, 2))
    site_at = beside if clustered else rng.uniform(0, BOX, (count, 2))
    pairs = [np.flatnonzero(np.hypot(*(zone_at - here).T) <= 10_000.0) for here in site_at]
    return {
        "demand": places["demand"] * rng.beta(2, 6, len(zone_at)),
        "zone": np.concatenate(pairs).astype(np.int32),
        "site": np.repeat(np.arange(count), [len(found) for found in pairs]).astype(np.int32),
        "sites": np.array(count),
        "choose": np.array(choose),
    }


def slopes(*, small: bool = False, seed: int = 4) -> Inputs:
    """`value`, `population` (areas, 10): a rate by tenths, most deprived first; `se` (areas, 10) of its logarithm."""
    rng = np.random.default_rng(seed)
    areas = 12 if small else 317
    population = rng.integers(8_000, 60_000, (areas, 10)).astype(float)
    gradient = rng.normal(40, 15, (areas, 1)) * np.linspace(-0.5, 0.5, 10)
    se = rng.uniform(3, 6, (areas, 10)) / np.sqrt(population)
    value = (300 + rng.normal(0, 30, (areas, 1)) - gradient) * np.exp(rng.normal(0, se))
    return {"value": value, "population": population, "se": se, "draws": np.array(2_000 if small else 100_000)}


def who(*, small: bool = False, seed: int = 5) -> Inputs:
    """A dozen groups: `estimate` in per cent, `population`, `se`."""
    rng = np.random.default_rng(seed)
    return {
        "estimate": rng.uniform(30, 80, 12),
        "population": rng.integers(2_000, 90_000, 12).astype(float),
        "se": rng.uniform(0.8, 3.0, 12),
        "draws": np.array(100 if small else 1_000),
    }


def survey(*, small: bool = False, seed: int = 6) -> Inputs:
    """A survey with strata and clusters: `weights` (n,), `categories` (n, 5), `margin_0` … totals, `domain` of 18.

    `value` is 1 where somebody said yes.
    """
    rng = np.random.default_rng(seed)
    n = 900 if small else 8_000
    strata = rng.integers(0, 20, n)
    clusters = strata * 25 + rng.integers(0, 25, n)
    answers = np.column_stack([rng.choice(k, n, p=rng.dirichlet(np.full(k, 8.0))) for k in (6, 2, 5, 9, 4)])
    answers[:36] = np.arange(36)[:, None] % np.array((6, 2, 5, 9, 4))  # every category occurs
    weights = rng.gamma(6.0, 1_000.0, n)
    totals = {}
    for c, count in enumerate((6, 2, 5, 9, 4)):
        counted = np.bincount(answers[:, c], weights, count) * np.exp(rng.normal(0, 0.1, count))
        totals[f"margin_{c}"] = counted * 45e6 / counted.sum()
    value = rng.random(n) < 0.2 + 0.06 * answers[:, 0] + rng.normal(0, 0.05, 500)[clusters]
    return {
        "weights": weights,
        "categories": answers,
        "strata": strata,
        "clusters": clusters,
        "domain": np.concatenate([np.arange(18), rng.integers(0, 18, n - 18)]),
        "value": value.astype(float),
        **totals,
    }


def records(*, small: bool = False, seed: int = 7) -> Inputs:
    """One record a person: `neighbourhood`, `age` (18 bands), `sex` (2) codes, and the `shape` of the table."""
    rng = np.random.default_rng(seed)
    people, zones = (20_000, 50) if small else (10_000_000, ZONES)
    ages = rng.dirichlet(np.full(18, 6.0))
    share = rng.gamma(8.0, 1.0, zones)
    return {
        "neighbourhood": rng.choice(zones, people, p=share / share.sum()).astype(np.int32),
        "age": rng.choice(18, people, p=ages).astype(np.int8),
        "sex": rng.integers(0, 2, people, dtype=np.int8),
        "shape": np.array((zones, 18, 2)),
    }


MAKERS: dict[str, Callable[..., Inputs]] = {
    "ipf": ipf,
    "catchment": catchment,
    "covering": covering,
    "slopes": slopes,
    "who": who,
    "survey": survey,
    "records": records,
}

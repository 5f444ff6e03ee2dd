"""The columns of a generation's tables, written one way and read one way."""

from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import NDArray

from inroads.analytics.published import NUMBERS, TEXTS, Assets, Floats, Rows

QUANTILES = np.arange(0, 101, 5)
Columns = dict[str, NDArray[np.float64] | list[str]]
Ring = tuple[str, str, Floats]  # layer ("neighbourhood" or "area"), code, (n, 2) points in metres


def summarise(values: Floats, population: Floats) -> list[float] | None:
    """`[n, mean, minimum, maximum, 21 quantiles]` of (n,) values, the mean weighted by population; None if no value."""
    known = np.isfinite(values)
    if not known.any():
        return None
    values, weights = values[known], np.nan_to_num(population[known])
    mean = float(np.average(values, weights=weights)) if weights.sum() > 0 else float(values.mean())
    quantiles = np.percentile(values, QUANTILES)
    return [len(values), mean, float(values.min()), float(values.max()), *(float(value) for value in quantiles)]


def summaries(figures: Columns, population: Floats, rows: dict[str, Rows]) -> pa.Table:
    """Summaries of every indicator over every area; `rows` gives the rows of each area."""
    found = []
    for name, values in figures.items():
        if not name.startswith("indicator:"):
            continue
        for area, part in rows.items():
            line = summarise(np.asarray(values, dtype=np.float64)[part], population[part])
            if line:
                found.append((area, name.removeprefix("indicator:"), line))
    return summary_table(found)


def summary_table(lines: list[tuple[str, str, list[float]]]) -> pa.Table:
    """A table of summaries from (area, indicator, figures)."""
    names = ["n", "mean", "minimum", "maximum", *(f"q{at}" for at in QUANTILES)]
    values = np.array([line for _, _, line in lines], dtype=np.float64).reshape(len(lines), len(names))
    columns = {name: values[:, number] for number, name in enumerate(names)}
    return pa.table(
        {
            "area": pa.array([area for area, _, _ in lines], pa.string()),
            "indicator": pa.array([indicator for _, indicator, _ in lines], pa.string()),
            **columns,
        }
    )


def write(folder: Path, *, neighbourhoods: Columns, summaries: pa.Table, assets: Assets, rings: list[Ring]) -> None:
    """Write the tables of a generation into an empty folder."""
    columns = {name: pa.array(neighbourhoods[name], pa.string()) for name in TEXTS}
    columns |= {name: pa.array(neighbourhoods[name], pa.float64()) for name in NUMBERS}
    columns |= {name: pa.array(values, pa.float64()) for name, values in neighbourhoods.items() if ":" in name}
    pq.write_table(pa.table(columns), folder / "neighbourhoods.parquet")
    pq.write_table(summaries, folder / "summaries.parquet")
    pq.write_table(
        pa.table({name: pa.array(values) for name, values in vars(assets).items()}), folder / "assets.parquet"
    )
    shapes = pa.table(
        {
            "layer": pa.array([ring[0] for ring in rings], pa.string()),
            "code": pa.array([ring[1] for ring in rings], pa.string()),
            "xy": pa.array([np.rint(ring[2]).ravel() for ring in rings], pa.list_(pa.float32())),
        }
    )
    pq.write_table(shapes, folder / "shapes.parquet")

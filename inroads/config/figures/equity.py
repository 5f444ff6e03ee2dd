"""`inroads equity …`: measures of inequality from the command line."""

from pathlib import Path

import click
import numpy as np

from inroads.config.figures.shared import (
    BY,
    OUTPUT,
    SEED,
    TABLE,
    apart,
    give,
    in_columns,
    in_words,
    once,
    parts,
    say_suppressed,
)
from inroads.interop.tables import TableError, read_table


@click.group()
def equity() -> None:
    """Is the gap widening? Summary measures, slopes and rates with intervals. Reads CSV or Parquet."""


@equity.command("measure")
@TABLE
@click.option("--code", "codes", multiple=True, help="Measure, such as d or sii. Repeatable; all that fit without it.")
@click.option("--group", required=True, help="Column that names the group.")
@click.option("--estimate", required=True, help="Column of the indicator's value in each group.")
@click.option("--population", help="Column of people in each group.")
@click.option("--se", "error", help="Column of standard errors of the estimates.")
@click.option("--order", help="Column of the groups' order, 1 for the most disadvantaged.")
@click.option("--reference", help="Group to compare with, by name.")
@click.option("--adverse", is_flag=True, help="A high value is bad, such as a share of people left out.")
@click.option("--scale", type=float, default=100, show_default=True, help="What the estimates are out of.")
@click.option("--draws", type=click.IntRange(20, 1_000_000), default=1000, show_default=True)
@BY
@SEED
@OUTPUT
@in_words
def measure(
    *,
    table: Path,
    codes: tuple[str, ...],
    group: str,
    estimate: str,
    population: str | None,
    error: str | None,
    order: str | None,
    reference: str | None,
    adverse: bool,
    scale: float,
    draws: int,
    by: tuple[str, ...],
    seed: int,
    output: Path | None,
) -> None:
    """Summary measures of inequality between groups, as the WHO Health Equity Assessment Toolkit defines them."""
    from inroads.methods import inequality

    data = read_table(table)
    found_columns = ("code", "measure", "value", "se", "low", "high", "note")
    apart(data, by, found_columns)
    known = inequality.measures()
    chosen = codes or tuple(
        code
        for code, each in known.items()
        if (order or not each.ordered) and (reference or not each.reference) and (population or not each.population)
    )
    names, values = data.named(group), data.numbers(estimate)
    say_suppressed(data, [estimate])
    optional = {
        name: None if column is None else data.numbers(column)
        for name, column in (("population", population), ("se", error), ("order", order))
    }
    lines = []
    for key, rows in parts(data, by).items():
        once([names[row] for row in rows], data, group, f" in {', '.join(key)}" if key else "")
        part = {name: None if column is None else column[rows] for name, column in optional.items()}
        at = None
        if reference is not None:
            here = [names[row] for row in rows]
            if reference not in here:
                raise TableError(f"{table}: there is no group {reference!r}{' in ' + ', '.join(key) if key else ''}.")
            at = here.index(reference)
        for code in chosen:
            found = inequality.measure(
                code,
                values[rows],
                part["population"],
                se=part["se"],
                order=part["order"],
                reference=at,
                favourable=not adverse,
                scale=scale,
                draws=draws,
                rng=seed,
            )
            lines.append((*key, code, known[code].name, found.value, found.se, found.low, found.high, found.note))
    give(dict(zip((*by, *found_columns), map(list, zip(*lines, strict=True)), strict=True)), output, read=[table])


@equity.command("slope")
@TABLE
@click.option("--value", required=True, help="Column of the indicator's value.")
@click.option("--population", required=True, help="Column of people.")
@click.option("--se", "error", required=True, help="Column of standard errors, on the scale of the values.")
@click.option("--order", required=True, help="Column of the deprivation tenth or fifth, 1 for the most deprived.")
@click.option("--transform", type=click.Choice(["log", "logit"]), help="log for rates, logit for proportions.")
@click.option("--confidence", type=float, default=0.95, show_default=True)
@click.option("--draws", type=click.IntRange(1000, 1_000_000), default=100_000, show_default=True)
@BY
@SEED
@OUTPUT
@in_words
def slope(
    *,
    table: Path,
    value: str,
    population: str,
    error: str,
    order: str,
    transform: str | None,
    confidence: float,
    draws: int,
    by: tuple[str, ...],
    seed: int,
    output: Path | None,
) -> None:
    """Slope and relative index of inequality over deprivation tenths or fifths, with intervals by simulation."""
    from inroads.methods.inequality import slope_index

    data = read_table(table)
    found_columns = ("sii", "sii_low", "sii_high", "rii", "rii_low", "rii_high", "note")
    apart(data, by, found_columns)
    say_suppressed(data, [value, error])
    split, place = parts(data, by), data.numbers(order)
    size = len(next(iter(split.values())))
    for key, rows in split.items():
        if not np.array_equal(np.sort(place[rows]), np.arange(1, size + 1)):
            raise TableError(
                f"{table}: {', '.join(key) or 'the table'} does not have each of {order!r} from 1 to {size} once; give "
                "one row for each, with --by naming the columns that split the table."
            )
    rows = np.stack([part[np.argsort(place[part])] for part in split.values()])
    values, people, errors = (data.numbers(name)[rows] for name in (value, population, error))
    # The method takes errors on the transformed scale, where the limits are drawn; tables have them as published. Where
    # a value has no place on that scale there is no error either: the method then says what is wrong with the value.
    steep = {None: np.ones_like(values), "log": values, "logit": values * (1 - values)}[transform]
    errors = np.divide(errors, steep, out=np.full_like(errors, np.nan), where=steep > 0)
    found = slope_index(
        values,
        people,
        errors,
        transform=transform,
        confidence=confidence,
        draws=draws,
        rng=seed,
    )
    columns = {name: list(values) for name, values in zip(by, zip(*split, strict=True), strict=True)}
    for name in found_columns:
        columns[name] = list(np.atleast_1d(getattr(found, name)))
    give(columns, output, read=[table])


@equity.command("rate")
@TABLE
@click.option("--kind", type=click.Choice(["proportion", "rate"]), default="proportion", show_default=True)
@click.option("--count", required=True, help="Column of people or events counted.")
@click.option("--of", "base", required=True, help="Column of people they were counted among.")
@click.option("--multiplier", type=float, help="1 for proportions and 100,000 for rates without it.")
@click.option("--confidence", type=float, default=0.95, show_default=True)
@OUTPUT
@in_words
def rate(
    *, table: Path, kind: str, count: str, base: str, multiplier: float | None, confidence: float, output: Path | None
) -> None:
    """A proportion (Wilson) or rate (Byar, exact below 10 events) with its interval for each row of the table."""
    from inroads.methods import inequality

    data = read_table(table)
    apart(data, data.columns, ("value", "low", "high", "note"))
    say_suppressed(data, [count, base])
    options = {} if multiplier is None else {"multiplier": multiplier}
    try:
        found = getattr(inequality, kind)(data.numbers(count), data.numbers(base), confidence=confidence, **options)
    except ValueError as error:
        above, below = ("numerator", "denominator") if kind == "proportion" else ("events", "population")
        raise in_columns(error, data, **{above: count, below: base}) from error
    give(
        dict(data.columns) | {"value": found.value, "low": found.low, "high": found.high, "note": found.note},
        output,
        read=[table],
    )


@equity.command("standardise")
@TABLE
@click.option("--area", required=True, help="Column that names the area.")
@click.option("--band", required=True, help="Column of the age band.")
@click.option("--events", required=True, help="Column of events.")
@click.option("--population", required=True, help="Column of people.")
@click.option("--standard", required=True, help="Column of the standard population, the same in each area.")
@click.option("--multiplier", type=float, default=100_000, show_default=True)
@click.option("--confidence", type=float, default=0.95, show_default=True)
@OUTPUT
@in_words
def standardise(
    *,
    table: Path,
    area: str,
    band: str,
    events: str,
    population: str,
    standard: str,
    multiplier: float,
    confidence: float,
    output: Path | None,
) -> None:
    """Directly standardised rates (Dobson) for areas, from one row for each area and age band."""
    from inroads.methods.inequality import standardised_rate

    data = read_table(table)
    say_suppressed(data, [events, population])
    areas, bands = list(dict.fromkeys(data.named(area))), list(dict.fromkeys(data.named(band)))
    cells = {cell: row for row, cell in enumerate(zip(data.text(area), data.text(band), strict=True))}
    lacking = next(((one, two) for one in areas for two in bands if (one, two) not in cells), None)
    if lacking is not None or len(cells) < data.rows:
        why = "some have two" if lacking is None else f"{lacking[0]} has none for {lacking[1]}"
        raise TableError(f"{table}: give one row for each {area!r} and {band!r}; {why}.")
    rows = np.array([[cells[one, two] for two in bands] for one in areas])
    given = {name: data.numbers(column)[rows] for name, column in (("e", events), ("p", population), ("s", standard))}
    if (given["s"] != given["s"][0]).any():
        raise TableError(f"{table}: {standard!r} differs between areas; give the same standard population in each.")
    found = standardised_rate(given["e"], given["p"], given["s"][0], multiplier=multiplier, confidence=confidence)
    give(
        {"area": areas, "value": found.value, "low": found.low, "high": found.high, "note": found.note},
        output,
        read=[table],
    )

"""`inroads needs …`: the risk picture from the command line."""

from pathlib import Path

import click
import numpy as np

from inroads.config.figures.shared import OUTPUT, SEED, TABLE, give, in_columns, in_words, once, say_suppressed
from inroads.interop.tables import Table, TableError, read_table


@click.group()
def needs() -> None:
    """The risk picture: an index out of indicators, and estimates for neighbourhoods. Reads CSV or Parquet."""


@needs.command("index")
@TABLE
@click.option("--area", required=True, help="Column that names the neighbourhood.")
@click.option("--high", multiple=True, metavar="COLUMN[=WEIGHT]", help="Indicator of which high means high risk.")
@click.option("--low", multiple=True, metavar="COLUMN[=WEIGHT]", help="Indicator of which low means high risk.")
@click.option("--scale", type=click.Choice(["minmax", "rank", "z", "none"]), default="minmax", show_default=True)
@click.option("--draws", type=click.IntRange(1, 1_000_000), default=1000, show_default=True)
@SEED
@OUTPUT
@in_words
def index(
    *,
    table: Path,
    area: str,
    high: tuple[str, ...],
    low: tuple[str, ...],
    scale: str,
    draws: int,
    seed: int,
    output: Path | None,
) -> None:
    """One index out of several indicators, with the ranks that the weights leave open."""
    from inroads.methods.needs import composite, rank_intervals, ranks

    data = read_table(table)
    chosen = [(*_weighted(text, data), sign) for texts, sign in ((high, 1), (low, -1)) for text in texts]
    if not chosen:
        raise click.UsageError("Name at least one indicator with --high or --low.")
    say_suppressed(data, [name for name, _, _ in chosen])
    once(data.named(area), data, area)
    indicators = np.column_stack([data.numbers(name) for name, _, _ in chosen])
    options = {
        "weights": [weight for _, weight, _ in chosen],
        "direction": [sign for _, _, sign in chosen],
        "scale": None if scale == "none" else scale,
    }
    index = composite(indicators, **options)
    spread = rank_intervals(indicators, **options, draws=draws, rng=seed)
    place = ranks(index)
    columns = {
        "area": data.named(area),
        "index": index,
        "rank": place,
        "rank_low": spread.low,
        "rank_high": spread.high,
    }
    order = np.argsort(place, kind="stable")
    give({name: np.array(values)[order] for name, values in columns.items()}, output, read=[table])


def _weighted(text: str, data: Table) -> tuple[str, float]:
    """A column, and the weight behind the last = where the whole is not a column's name itself."""
    name, mark, weight = text.rpartition("=")
    if not mark or text in data.columns:
        return text, 1.0
    try:
        return name, float(weight)
    except ValueError as error:
        raise TableError(f"{text}: the weight {weight!r} is not a number; give {name}=2, say.") from error


@needs.command("fit")
@TABLE
@click.option("--area", required=True, help="Column of every margin that names the neighbourhood.")
@click.option(
    "--margin",
    "margins",
    multiple=True,
    required=True,
    metavar="COLUMN=FILE",
    help="A column of TABLE, and a table of people by neighbourhood with its categories as columns.",
)
@click.option("--outcome", required=True, help="Column to estimate: 1 or 0, a share, or an amount.")
@click.option("--weight", help="Column of weights to start from; 1 for everybody without it.")
@click.option("--replicates", type=click.IntRange(2, 10_000), default=200, show_default=True, help="Of the bootstrap.")
@click.option("--interval", type=float, default=0.95, show_default=True)
@SEED
@OUTPUT
@in_words
def fit(
    *,
    table: Path,
    area: str,
    margins: tuple[str, ...],
    outcome: str,
    weight: str | None,
    replicates: int,
    interval: float,
    seed: int,
    output: Path | None,
) -> None:
    """How many people a thing is expected to be true of in each neighbourhood.

    TABLE has one row for each person asked, with a column for each margin that holds one of its categories. Every
    margin is a table with one row for each neighbourhood, in any order, and one column of people for each category.
    """
    from inroads.methods import needs as methods

    people = read_table(table)
    say_suppressed(people, [outcome])
    answers = people.numbers(outcome)
    answered = np.isfinite(answers)
    if not answered.all():
        click.echo(
            f"{table}: {(~answered).sum():,} of {people.rows:,} rows have no {outcome!r} and are left out.", err=True
        )
    if not answered.any():
        raise TableError(f"{table}: no row has an {outcome!r}; give one for each person who answered.")
    profiles, counts, areas, paths = [], [], [], []
    for text in margins:
        column, mark, path = text.partition("=")
        if not mark:
            raise click.UsageError(f"--margin {text}: give COLUMN=FILE, such as age=ages.csv.")
        paths.append(Path(path))
        codes, areas, margin = _margin(people, column, read_table(paths[-1]), area, areas)
        profiles.append(codes)
        counts.append(margin)
    seeds = np.ones(people.rows) if weight is None else people.numbers(weight)
    try:
        found = methods.small_areas(
            np.column_stack(profiles)[answered],
            seeds[answered],
            counts,
            answers[answered],
            replicates=replicates,
            interval=interval,
            rng=seed,
        )
    except ValueError as error:
        raise in_columns(error, people, np.flatnonzero(answered), seed=weight or "", rates=outcome) from error
    residents = counts[0].sum(axis=1)
    # Weights that miss the tables by more than a person in a hundred stand for another neighbourhood than this one.
    far = ~(found.fit.residual <= np.maximum(1.0, 0.01 * residents))
    columns = {
        "area": areas,
        "people": residents,
        "estimate": np.where(far, np.nan, found.value),
        "low": np.where(far, np.nan, found.low),
        "high": np.where(far, np.nan, found.high),
    }
    columns |= {"state": found.state, "residual": found.fit.residual, "discrepancy": found.fit.discrepancy}
    give(columns, output, read=[table, *paths])
    if count := int((~np.isin(found.state, ["fitted", "empty"])).sum()):
        click.echo(
            f"{count:,} of {len(areas):,} neighbourhoods do not meet all margins; see their state and residual. "
            f"{int(far.sum()):,} are more than 1 % off, and have no figure.",
            err=True,
        )


def _margin(
    people: Table, column: str, margin: Table, area: str, areas: list[str]
) -> tuple[list[int], list[str], np.ndarray]:
    """Codes of the people's categories, and the margin in order of `areas` (its own order for the first)."""
    names = margin.named(area)
    once(names, margin, area)
    held = dict.fromkeys(people.named(column))
    for row, value in enumerate(people.text(column), start=1):
        if value not in margin.columns or value == area:
            raise TableError(
                f"{people.path}: row {row}, column {column!r} is {value!r}, and {margin.path} has no "
                "column of that name."
            )
    counts = {name: margin.numbers(name) for name in margin.columns if name != area}
    for name, values in counts.items():
        lost = np.flatnonzero(np.isnan(values))
        if lost.size:
            raise TableError(
                f"{margin.path}: row {lost[0] + 1}, column {name!r} is missing or suppressed; give a number of people, "
                "or leave the neighbourhood out of all margins."
            )
    for name in [name for name in counts if name not in held]:
        others = sum(values for other, values in counts.items() if other != name)
        if len(counts) > 2 and np.abs(counts[name] - others).max() <= 0.02 * max(1.0, float(counts[name].max())):
            del counts[name]  # cells are perturbed, so it need not be the exact sum
            click.echo(f"{margin.path}: {name!r} is the sum of the others and is left out.", err=True)
        else:
            click.echo(f"{margin.path}: nobody in {people.path} has {column!r} {name!r}.", err=True)
    categories = list(counts)
    counts = np.column_stack(list(counts.values()))
    if areas:
        place = {name: row for row, name in enumerate(names)}
        lost = [name for name in areas if name not in place]
        if lost or len(names) != len(areas):
            extra = next((name for name in names if name not in set(areas)), None)
            raise TableError(
                f"{margin.path}: has {f'no row for {lost[0]}' if lost else f'a row for {extra} that the first lacks'}; "
                "give all margins for the same neighbourhoods."
            )
        counts = counts[[place[name] for name in areas]]
    return [categories.index(value) for value in people.text(column)], areas or names, counts

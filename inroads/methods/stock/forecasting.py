"""The forecast: requests drawn, returns drawn, and the queue between them walked through week by week."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from inroads.methods.arguments import Array, codes, generator, length, numbers, share, whole
from inroads.methods.stock.demand import future_requests
from inroads.methods.stock.returns import hazards, losses, seen_of

LEAST_WEEKS = 8
"""Weeks of requests below which nothing is said."""

FEW_ENDINGS = 5
"""Endings below which how long things stay out is little more than a guess."""

LONGEST = 260
"""Loans are followed for five years; what is older counts as that old."""


@dataclass(frozen=True)
class Forecast:
    """What will be free, or missing where negative, at the end of each of the weeks to come, all arrays (horizon,).

    `low` and `high` are the ends of the interval of `mean`. `missing_low` and `missing_high` (numbers) are those of how
    many people wait at the end. `need` is how many more to get now so that, with probability `certainty`, nobody waits
    in any of the weeks. `notes` says what the forecast cannot know; where it cannot speak at all, figures are NaN and
    `need` is None.
    """

    mean: Array
    low: Array
    high: Array
    need: int | None
    certainty: float
    missing_low: float
    missing_high: float
    notes: tuple[str, ...]


def forecast(
    *,
    requests: ArrayLike,
    loan_lengths: ArrayLike,
    ended: ArrayLike,
    lost: ArrayLike | None = None,
    in_stock: int,
    on_loan_ages: ArrayLike,
    horizon: int = 8,
    waiting: int = 0,
    readied_in: int = 1,
    interval: float = 0.9,
    certainty: float = 0.9,
    draws: int = 2000,
    rng: np.random.Generator | int,
) -> Forecast:
    """What of one kind of thing will be free or missing over the next `horizon` weeks.

    `requests` (W,) are how many were asked for in each week gone by, those that were not met included. `loan_lengths`
    (L,) are loans in whole weeks: with `ended`, in which week it came to an end, counted from 0; without, censored at
    that week. `lost` (L,) marks endings after which the thing does not come back to the stock (lost, or the person's
    own now). `on_loan_ages` (K,) are whole weeks since what is out now was lent; they count as loans that go on, so
    leave them out of `loan_lengths`. `in_stock` are free now; `waiting` people wait already. What comes back can be
    lent `readied_in` weeks later.

    Requests are gamma-Poisson (Gelman et al., Bayesian Data Analysis, 3rd edition, section 2.6), with weeks that may
    differ more than by chance. Loans end with a chance for each week of their age, beta-binomial around the chance
    over all weeks, from Kaplan and Meier's (1958) numbers at risk. Of endings, a beta-binomial share never comes back.
    In each draw the people who ask are served in turn, and

        free[w] - missing[w] = in_stock - waiting + what came back up to w - requests up to w

    Raises `ValueError` naming the argument, the row and the remedy.
    """
    asked = codes(requests, "requests").astype(np.float64)
    lasted = np.minimum(codes(loan_lengths, "loan_lengths"), LONGEST)
    over = _marks(ended, "ended", lasted.size)
    gone = np.zeros(lasted.size, dtype=bool) if lost is None else _marks(lost, "lost", lasted.size)
    ages = np.minimum(codes(on_loan_ages, "on_loan_ages"), LONGEST)
    stock, queue = whole(in_stock, "in_stock", least=0), whole(waiting, "waiting", least=0)
    weeks, count = whole(horizon, "horizon"), whole(draws, "draws")
    ready = whole(readied_in, "readied_in", least=0)
    share(interval, "interval", example=0.9)
    share(certainty, "certainty", example=0.9)
    source = generator(rng)
    if asked.size < LEAST_WEEKS:
        nothing = np.full(weeks, np.nan)
        note = f"There are {asked.size} weeks of history. A forecast needs at least {LEAST_WEEKS}."
        return Forecast(nothing, nothing, nothing, None, certainty, np.nan, np.nan, (note,))
    seen = seen_of(lasted, over, gone, ages)
    chance = hazards(seen, LONGEST + weeks + 1, count, source)
    never = losses(seen, count, source)
    coming = future_requests(asked, weeks, count, source)
    first = _first_returns(chance, never, ages, weeks=weeks, ready=ready, rng=source)
    most = int(coming.sum(axis=1).max()) + queue
    stay = _stays(chance, never, most, weeks=weeks, ready=ready, rng=source)
    balance = _walk(stock, queue, coming, first, stay)
    # With one for everybody nobody waits, and what was short of that in a draw is what it takes.
    extra = stay.shape[1]
    short = np.maximum(0, extra - _walk(stock + extra, queue, coming, first, stay).min(axis=1))
    tails = [(1 - interval) / 2, (1 + interval) / 2]
    low, high = np.quantile(balance, tails, axis=0, method="nearest")
    missing = np.quantile(np.maximum(0, -balance[:, -1]), tails, method="nearest")
    return Forecast(
        mean=balance.mean(axis=0),
        low=low.astype(np.float64),
        high=high.astype(np.float64),
        need=int(np.quantile(short, certainty, method="inverted_cdf")),
        certainty=certainty,
        missing_low=float(missing[0]),
        missing_high=float(missing[1]),
        notes=_notes(seen.exits, ages.size),
    )


def _marks(given: ArrayLike, name: str, count: int) -> NDArray[np.bool_]:
    """True and False, or 0 and 1, for each loan."""
    table = numbers(given, name, what="0 or 1", least=0, most=1)
    length(table, name, count, "loans")
    if (table != np.floor(table)).any():
        raise ValueError(f"{name}: expected True or False (1 or 0) for each loan")
    return table.astype(bool)


def _notes(exits: float, on_loan: int) -> tuple[str, ...]:
    if exits < FEW_ENDINGS and on_loan:
        endings = "No loan has" if exits == 0 else "Only 1 loan has" if exits == 1 else f"Only {exits:.0f} loans have"
        return (f"{endings} ended so far, so how long things stay out is hardly known.",)
    return ()


def _first_returns(
    chance: Array, never: Array, ages: NDArray[np.int64], *, weeks: int, ready: int, rng: np.random.Generator
) -> NDArray[np.int64]:
    """How many (draws, weeks) of what is out now can be lent again from each week on."""
    count = never.size
    back = np.zeros((count, weeks), dtype=np.int64)
    out = np.ones((count, ages.size), dtype=bool)
    for week in range(weeks):
        ends = out & (rng.random(out.shape) < chance[:, ages + week])
        out &= ~ends
        returned = (ends & (rng.random(out.shape) >= never[:, np.newaxis])).sum(axis=1)
        if week + ready < weeks:
            back[:, week + ready] += returned
    return back


def _stays(
    chance: Array, never: Array, most: int, *, weeks: int, ready: int, rng: np.random.Generator
) -> NDArray[np.int64]:
    """For each loan to come, in turn (draws, most): weeks from being lent until it can be lent again; `weeks` for
    later. Drawn before it is known when each begins, so that with more in stock nothing comes back later.
    """
    surviving = np.cumprod(1 - chance[:, :weeks], axis=1)
    chances = rng.random((never.size, most))
    stay = np.full(chances.shape, weeks, dtype=np.int64)
    for week in range(weeks - 1, -1, -1):
        # Lent during one week, it can come back from the next on.
        stay[chances > surviving[:, week, np.newaxis]] = 1 + week + ready
    stay[rng.random(stay.shape) < never[:, np.newaxis]] = weeks
    result: NDArray[np.int64] = np.minimum(stay, weeks)
    return result


def _walk(
    stock: int, queue: int, coming: NDArray[np.int64], first: NDArray[np.int64], stay: NDArray[np.int64]
) -> NDArray[np.int64]:
    """What is free less who waits (draws, weeks) at the end of each week, people being served in turn."""
    count, weeks = coming.shape
    turn = np.arange(stay.shape[1])
    back = first.copy()
    free = np.full(count, stock, dtype=np.int64)
    asked = np.full(count, queue, dtype=np.int64)
    served = np.zeros(count, dtype=np.int64)
    balance = np.empty((count, weeks), dtype=np.int64)
    for week in range(weeks):
        free += back[:, week]
        asked += coming[:, week]
        now = np.minimum(asked - served, free)
        draw, place = np.nonzero((turn >= served[:, np.newaxis]) & (turn < (served + now)[:, np.newaxis]))
        when = week + stay[draw, place]
        inside = when < weeks
        np.add.at(back, (draw[inside], when[inside]), 1)
        served += now
        free -= now
        balance[:, week] = free - (asked - served)
    return balance

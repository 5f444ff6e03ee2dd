"""The forecast of a stock in words, and in a table."""

from dataclasses import dataclass

from inroads.methods.stock import Forecast, forecast
from inroads.people.queries.stock_history import KindHistory
from inroads.reference.definitions.lending import kit

HORIZON = 8
NUMBERS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
# The same figures each time the page is opened on the same history.
SEED = 2026


@dataclass(frozen=True)
class ForecastWeek:
    """One week to come: what is free, or missing where below nought."""

    week: int
    middle: str
    low: str
    high: str


@dataclass(frozen=True)
class ForecastLine:
    """A kind of kit: the forecast in one sentence, what to get, what it cannot know, and the weeks where it speaks."""

    title: str
    sentence: str
    need: str
    notes: tuple[str, ...]
    weeks: list[ForecastWeek]
    history: str


def forecast_line(history: KindHistory) -> ForecastLine:
    """What will be free or missing of one kind in the weeks to come."""
    found = forecast(
        requests=history.requests,
        loan_lengths=history.loan_lengths,
        ended=history.ended,
        lost=history.lost,
        in_stock=history.in_stock,
        on_loan_ages=history.on_loan_ages,
        waiting=history.waiting,
        horizon=HORIZON,
        rng=SEED,
    )
    known = kit().get(history.kind)
    title, many = (known.title, known.many) if known else (history.kind, history.kind)
    asked = sum(history.requests)
    told = (
        f"{len(history.requests)} weeks of history, {asked} asked for. Now: {history.in_stock} free or soon free, "
        f"{history.on_loan} out, {history.waiting} waited for."
    )
    if found.need is None:
        return ForecastLine(title, "There is too little history to look ahead.", "", found.notes, [], told)
    return ForecastLine(title, sentence(found, many), need(found, many), found.notes, _weeks(found), told)


def sentence(found: Forecast, many: str) -> str:
    """ "In eight weeks, between 2 and 7 smartphones are likely to be missing." """
    low, high = int(found.low[-1]), int(found.high[-1])
    when = f"In {_number(found.mean.size)} weeks"
    if high < 0:
        return f"{when}, {_between(-high, -low)} {many} are likely to be missing."
    if low >= 0:
        return f"{when}, {_between(low, high)} {many} are likely to be free."
    if high == 0:
        return f"{when}, up to {-low} {many} are likely to be missing."
    return f"{when}, anything from {-low} missing to {high} free is likely."


def need(found: Forecast, many: str) -> str:
    """How many more to get, in one sentence."""
    chances = f"{found.certainty * 10:.0f} of 10"
    if not found.need:
        return f"With what there is, nobody has to wait in {chances} futures like this."
    return f"With {found.need} more {many}, nobody has to wait in {chances} futures like this."


def _weeks(found: Forecast) -> list[ForecastWeek]:
    rows = zip(found.mean, found.low, found.high, strict=True)
    return [
        ForecastWeek(week, _said(round(middle)), _said(int(low)), _said(int(high)))
        for week, (middle, low, high) in enumerate(rows, 1)
    ]


def _said(number: int) -> str:
    return f"{number} free" if number > 0 else f"{-number} missing" if number < 0 else "none free"


def _between(low: int, high: int) -> str:
    return f"{low}" if low == high else f"between {low} and {high}"


def _number(number: int) -> str:
    return NUMBERS[number] if number < len(NUMBERS) else str(number)

"""The axis: from numbers to percentages of the width, with ticks at round numbers as many as have room."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from inroads.design.charts.drawing import LEFT, LINE, NARROWEST, RIGHT, Sheet, pc
from inroads.design.charts.words import breadth, clean, with_unit

_ROUND = (1.0, 2.0, 2.5, 5.0, 10.0)
# Ticks at most, and em that stay free between the words of two of them.
_MOST, _GAP = 7, 0.8


@dataclass(frozen=True)
class Axis:
    """From `low` to `high`, with `ticks` (number, its words)."""

    low: float
    high: float
    ticks: tuple[tuple[float, str], ...]
    unit: str

    def at(self, value: float) -> float:
        """Percent of the width; a value outside the axis lies at its end."""
        share = min(max((value - self.low) / (self.high - self.low), 0.0), 1.0)
        return LEFT + (RIGHT - LEFT) * share

    def outside(self, value: float) -> int:
        """-1 below the axis, 1 above it, 0 on it."""
        return (value > self.high) - (value < self.low)


def axis(values: Sequence[float], *, low: float | None, high: float | None, unit: str) -> Axis:
    """An axis from `low` to `high`; where one is None it ends at a round number that holds all `values`.

    Raises `ValueError` where `low` is not below `high`.
    """
    if low is not None and high is not None and low >= high:
        raise ValueError(f"low is {low}, not below high, which is {high}. Give an axis that goes from low to high.")
    least = min(values, default=0.0) if low is None else low
    most = max(values, default=least) if high is None else high
    # Numbers closer than a double can tell apart would have ticks that are all the same.
    shortest = max(1e-9, 1e-9 * abs(least), 1e-9 * abs(most))
    if most - least < shortest:
        if low is not None and high is not None:
            raise ValueError(f"low is {low} and high is {high}, too near to one another to draw an axis.")
        if high is None:
            most = least + (abs(least) if abs(least) > shortest else 1.0)
        else:
            least = most - (abs(most) if abs(most) > shortest else 1.0)
    found = [_axis((least, most), (low is None, high is None), step, unit) for step in _steps(most - least)]
    fitting = [each for each in found if len(each.ticks) <= _MOST and _fits(each)]
    for fewest in (2, 1, 0):
        for each in fitting:
            if len(each.ticks) >= fewest:
                return each
    return Axis(least, most, (), unit)


def _axis(ends: tuple[float, float], open_: tuple[bool, bool], step: float, unit: str) -> Axis:
    """The axis with ticks at multiples of `step`; an open end is moved out to the next of them."""
    start = math.floor(ends[0] / step + 1e-9) * step if open_[0] else ends[0]
    end = math.ceil(ends[1] / step - 1e-9) * step if open_[1] else ends[1]
    first, last = math.ceil(start / step - 1e-9), math.floor(end / step + 1e-9)
    return Axis(start, end, _ticks(range(first, last + 1), step, unit), unit)


def _steps(span: float) -> list[float]:
    """Round steps, from too fine to one that is as long as the axis."""
    exponent = math.floor(math.log10(span)) - 1
    return [round_ * 10.0**power for power in range(exponent, exponent + 3) for round_ in _ROUND[:-1]]


def _ticks(numbers: range, step: float, unit: str) -> tuple[tuple[float, str], ...]:
    largest = max((abs(each * step) for each in numbers), default=0.0)
    for size, word in ((1e12, " trillion"), (1e9, " billion"), (1e6, " million"), (1.0, "")):
        if largest >= size or not word:
            break
    places = max(0, 1 - math.floor(math.log10(step / size)))
    short = unit if clean(unit) in {"%", "£"} else ""
    ticks = []
    for each in numbers[: _MOST + 1]:
        text = f"{each * step / size:,.{places}f}"
        text = (text.rstrip("0").rstrip(".") if "." in text else text) if each else "0"
        ticks.append((each * step, with_unit(text + (word if each else ""), short)))
    return tuple(ticks)


def _fits(found: Axis) -> bool:
    """Whether the words under the ticks have room on the narrowest screen."""
    ends = [(position - half, position + half) for position, half in _places(found)]
    return all(left + _GAP <= right for (_, left), (right, _) in pairwise(ends))


def _places(found: Axis) -> list[tuple[float, float]]:
    """Middle and half width of the words of each tick on the narrowest screen, in em, kept inside the chart."""
    places = []
    for value, text in found.ticks:
        half = breadth(text) / 2
        middle = found.at(value) / 100 * NARROWEST
        places.append((max(min(middle, NARROWEST - half), half), half))
    return places


def draw(sheet: Sheet, found: Axis, *, below: bool) -> None:
    """The words of the ticks, in a line of their own; with `below`, the unit under them where it is a longer one."""
    for (value, text), (middle, _) in zip(found.ticks, _places(found), strict=True):
        at = found.at(value)
        aside = middle - at / 100 * NARROWEST
        sheet.words(text, x=pc(at), y=sheet.y + 1, look="tick", anchor="middle", aside=aside)
    sheet.y += LINE
    unit = clean(found.unit)
    if below and unit and unit not in {"%", "£"}:
        sheet.paragraph(unit, x="0", most=2, look="tick")


def grid(sheet: Sheet, found: Axis, top: float, bottom: float) -> None:
    """A thin line at every tick, from `top` to `bottom` in em."""
    for value, _ in found.ticks:
        sheet.line(found.at(value), top, found.at(value), bottom, "grid")

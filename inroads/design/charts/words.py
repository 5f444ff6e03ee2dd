"""Words and numbers as charts write them: how wide they are, where lines break, and how a figure is said."""

import math
import re

# What XML cannot hold, whatever a label was typed or pasted from.
_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_THIN = frozenset("iIjlt.,:;'’|!()[]f/- ")
_BROAD = frozenset("mwMW@%—")
BOLD = 1.15
# Above this no axis has words for its numbers.
LARGEST = 1e15
NO_FIGURE = "no figure"


def clean(text: str) -> str:
    """`text` on one line, without what XML cannot hold."""
    return " ".join(_NOT_XML.sub(" ", text).split())


def breadth(text: str, *, bold: bool = False) -> float:
    """About how many em wide `text` is, rather too wide than too narrow: fonts that stand in for Arial are wider."""
    return sum(map(_breadth, text)) * (BOLD if bold else 1.0)


def _breadth(letter: str) -> float:
    if letter in _THIN:
        return 0.36
    if letter in _BROAD:
        return 0.95
    if ord(letter) > 0x2E80:
        return 1.1
    return 0.75 if letter.isupper() else 0.6


def wrapped(text: str, *, width: float, most: int = 3, bold: bool = False) -> list[str]:
    """`text` in at most `most` lines of `width` em; a word longer than a line is broken, what is left over is "…"."""
    width /= BOLD if bold else 1.0
    lines: list[str] = []
    line = ""
    for word in clean(text).split(" "):
        if line and breadth(f"{line} {word}") <= width:
            line = f"{line} {word}"
            continue
        if line:
            lines.append(line)
        line = word
        while len(end := _fitting(line, width)) < len(line) and len(lines) <= most:
            lines.append(end)
            line = line[len(end) :]
        if len(lines) > most:
            break
    lines.append(line)
    if len(lines) > most:
        lines = [*lines[: most - 1], _fitting(lines[most - 1], width - 1.0).rstrip() + "…"]
    return [each for each in lines if each]


def _fitting(text: str, width: float) -> str:
    """As much of the beginning of `text` as fits, at least one letter."""
    used = 0.0
    for at, letter in enumerate(text):
        used += _breadth(letter)
        if used > width and at:
            return text[:at]
    return text


def figure(value: float, unit: str = "") -> str:
    """A figure with no more digits than it can carry, and its unit: 37.2%, £1,234, 0.52 per person."""
    # Never "-0".
    value = value + 0.0
    size = abs(value)
    if size >= 1000 or size == 0:
        text = f"{value:,.0f}"
    elif size >= 1e-6:
        places = 1 if size >= 10 else 2 if size >= 0.1 else 1 - math.floor(math.log10(size))
        text = f"{value:,.{places}f}".rstrip("0").rstrip(".")
    else:
        text = "less than 0.000001" if value > 0 else "just below 0"
    return with_unit(text, unit)


def with_unit(text: str, unit: str) -> str:
    """The unit where it belongs: 37%, £37, 37 people."""
    unit = clean(unit)
    if unit == "£":
        return f"-£{text[1:]}" if text.startswith("-") else f"£{text}"
    return f"{text}{unit}" if unit in {"", "%"} else f"{text} {unit}"


def estimate(value: float | None, low: float | None, high: float | None, unit: str = "") -> str:
    """37.2% (31% to 42.1%), 37.2%, or "no figure"."""
    if value is None:
        return NO_FIGURE
    if low is None or high is None:
        return figure(value, unit)
    short = unit if clean(unit) in {"%", "£"} else ""
    return f"{figure(value, unit)} ({figure(low, short)} to {figure(high, short)})"


def checked(
    name: str, value: float | None, low: float | None = None, high: float | None = None
) -> tuple[float | None, float | None, float | None]:
    """The three as plain numbers. Raises `ValueError` that begins with `name` where they make no sense."""
    found = [number(f"{name}.{part}", each) for part, each in (("value", value), ("low", low), ("high", high))]
    if (found[1] is None) != (found[2] is None):
        raise ValueError(f"{name}: low is {low} and high is {high}. An interval needs both, or neither.")
    if found[1] is not None and found[2] is not None and found[1] > found[2]:
        raise ValueError(f"{name}.low is {low}, above its high of {high}. Give the smaller one as low.")
    return found[0], found[1], found[2]


def number(name: str, value: float | None) -> float | None:
    """`value` as a plain number. Raises `ValueError` that begins with `name` where it is none or cannot be drawn."""
    if value is None:
        return None
    plain = float(value)
    if not math.isfinite(plain):
        raise ValueError(f"{name} is {value}, not a number. Give None where there is no figure.")
    if abs(plain) > LARGEST:
        raise ValueError(f"{name} is {value}: charts draw numbers up to {LARGEST:g}. Use a larger unit.")
    return plain

"""How agreement, shares and levels are said."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from math import isnan

from inroads.methods.agreement import Agreement
from inroads.reference.definitions import load
from inroads.reference.definitions.framework import Criterion
from inroads.systems.models import About
from inroads.systems.queries.agreeing import Agreed

# Krippendorff's own limits; see `SOURCE`.
RELIABLE, TENTATIVE = 0.8, 0.667
# With fewer units nothing is said but that they are too few; with fewer than FEW the interval is too narrow.
TOO_FEW, FEW = 10, 30
SOURCE = (
    "Krippendorff, Content Analysis: An Introduction to Its Methodology, second edition, 2004, page 241: rely on what "
    "reaches 0.8, and draw only tentative conclusions from what lies between 0.667 and 0.8."
)


@dataclass(frozen=True)
class AgreementLine:
    """Agreement on one thing as a row of a table: what, the figure with its interval, units, and what it means."""

    what: str
    figure: str
    units: str
    meaning: str


def agreement_lines(agreed: Agreed) -> list[AgreementLine]:
    """The three kinds of agreement of one or more returns."""
    return [
        line("Which passages speak of a criterion", agreed.marks, "pairs of a passage and a criterion"),
        line("Levels", agreed.scores, "criteria that both scored"),
        line("Of whom a passage speaks", agreed.about, "passages that both marked alike"),
    ]


def line(what: str, found: Agreement, units: str = "") -> AgreementLine:
    """Agreement on one thing as a row."""
    return AgreementLine(what, figure(found), f"{found.units:,} {units}".strip(), meaning(found))


def figure(found: Agreement) -> str:
    """Alpha with its interval; "Not known" where there is too little to tell."""
    if found.units < TOO_FEW or isnan(found.value):
        return "Not known"
    if isnan(found.low):
        return f"{found.value:.2f} (no interval)"
    return f"{found.value:.2f} ({found.low:.2f} to {found.high:.2f})"


def meaning(found: Agreement) -> str:
    """What a figure of agreement means, in plain words."""
    if found.units < TOO_FEW:
        return "There is too little to tell whether they agree"
    if isnan(found.value):
        return "All answers are the same, so agreement cannot be told from everything being alike"
    if found.low < TENTATIVE and found.high > RELIABLE:
        return f"There is too little to tell: it may lie below {TENTATIVE:g} as well as above {RELIABLE:g}"
    if found.value >= RELIABLE:
        said = "They agree well enough to rely on it"
    elif found.value >= TENTATIVE:
        said = "They agree well enough for a first idea only"
    else:
        said = "They agree too little to rely on it"
    limits = [f"{limit:g}" for limit in (TENTATIVE, RELIABLE) if found.low < limit < found.high]
    if limits:
        said += f". It may lie on either side of {' and '.join(limits)}"
    if found.units < FEW:
        said += f". {found.units} are few, so it may lie further off than the interval says"
    return said


@dataclass(frozen=True)
class AboutLine:
    """Of how many marks a passage is said to speak of somebody."""

    label: str
    number: int
    percent: str


def about_lines(counted: Mapping[str, int]) -> list[AboutLine]:
    """Marks by of whom a passage speaks, with their share of all; empty where there are none."""
    total = sum(counted.values())
    return [
        AboutLine(each.label, counted.get(each, 0), f"{counted.get(each, 0) / total:.0%}") for each in About if total
    ]


def all_together(shares: Mapping[object, Counter[str]]) -> Counter[str]:
    """The marks of many returns together."""
    total: Counter[str] = Counter()
    for each in shares.values():
        total.update(each)
    return total


def level_words(criterion: str, level: int | None) -> str:
    """A level with its name; "No level" where none was given."""
    if level is None:
        return "No level"
    known = load(Criterion).get(criterion)
    if level == 0:
        return "0: nothing is shown"
    named = known is not None and level <= len(known.levels)
    return f"{level}: {known.levels[level - 1].title}" if named and known else str(level)


def title_of(criterion: str) -> str:
    """How a criterion is called; its id where its file is gone."""
    known = load(Criterion).get(criterion)
    return known.title if known else criterion


def whole_percents(share: float, low: float, high: float) -> str:
    """A share with its interval, in whole per cent."""
    return f"{share:.0%} ({low:.0%} to {high:.0%})"

"""How voices side by side are said: shares and differences with intervals, what may explain a gap, and what to ask."""

from dataclasses import dataclass
from typing import Any

from inroads.design.charts import Chart, Dot, Line, dots
from inroads.design.charts.words import figure
from inroads.methods.triangulation import CAUSES, Explanation
from inroads.reference.definitions import load
from inroads.reference.definitions.comparisons import PublishedComparison
from inroads.reference.definitions.framework import Criterion
from inroads.systems.models import Contrasted, Counted
from inroads.systems.queries.comparing import NOTHING, Apart, SideBySide

SAID = "Share who say so"
# How each state of an explanation is said: a few words, and what they mean.
STATES = {
    "supported": ("Supported", "It is at work, and may make half of the gap or more."),
    "a small part": ("A small part", "It is at work, and makes less than half of the gap."),
    "ruled out": ("Ruled out", "No such difference was seen. At the most it makes less than half of the gap."),
    "open": ("Open", "Too few were asked to say."),
    "not asked": ("Not asked", "Nobody has asked about it yet."),
}
# Where nothing has to be explained, states are of no use to anybody.
NO_GAP = ("No gap to explain", "There is no difference beyond chance, so there is nothing that this has to explain.")


@dataclass(frozen=True)
class Cause:
    """One of the three explanations in plain words: `more` are those whom it makes say yes more often, `less` others.

    `how` says what to ask of whom; `first` and `second` how each group is asked on paper or by phone.
    """

    number: int
    id: str
    title: str
    means: str
    more: str
    less: str
    how: str
    first: str
    second: str


KNOWN = (
    Cause(
        1,
        CAUSES[0],
        "What some know locally has not spread",
        "It is so in some places. Those who are close to the work know of it, and the others do not.",
        "Staff close to the work",
        "Staff far from the work",
        "Ask staff who are close to the work, and staff who are far from it. Ask both the same, in the same survey, "
        "without names.",
        "For staff who are close to the work. No names.",
        "For staff who are far from the work. No names.",
    ),
    Cause(
        2,
        CAUSES[1],
        "The power of the return",
        "Whoever fills in a return for somebody who pays says what sounds good.",
        "Asked by name, for somebody who pays",
        "Asked without a name",
        "Ask people who write returns, or people like them. Let chance decide, such as a coin: one half is asked by "
        "name for somebody who pays, the other half without a name.",
        "Asked by name. Say first that the answer goes to those who pay, with the name.",
        "Asked without a name. Say first that nobody will know who said what.",
    ),
    Cause(
        3,
        CAUSES[2],
        "The word means different things",
        "Those who claim it use the word in a wider sense than the others do.",
        "Given the word alone",
        "Told what the word means",
        "Ask people of the same sort. Let chance decide, such as a coin: one half is given the word alone, the other "
        "half is told what it means. If you think that those who doubt take the word too narrowly, enter those who "
        "were told what it means as the first group.",
        "Read out the sentence alone. Explain nothing.",
        "Read out first what is meant, then the sentence.",
    ),
)


def cause_of(number: int) -> Cause | None:
    """One of the three by its number, from 1."""
    return next((each for each in KNOWN if each.number == number), None)


def points(value: float, low: float, high: float) -> str:
    """29 points (15 to 40): a difference of shares with its interval, in percentage points."""
    return f"{round(100 * value)} points ({round(100 * low)} to {round(100 * high)})"


def asked(row: Counted | None) -> str:
    """How many were asked, and whether that is known."""
    return "" if row is None else f"{row.n:,} at most: assumed" if row.assumed else f"{row.n:,}"


def share(value: float) -> str:
    """66%, 33.3%."""
    return figure(100 * value, "%")


def between(low: float, high: float) -> str:
    """An interval of a share: 82% to 99%."""
    return f"{100 * low:.0f}% to {100 * high:.0f}%"


def chart(found: SideBySide) -> Chart:
    """Each voice's share with its interval."""
    lines = [
        Line(each.row.name, (Dot(100 * each.share, 100 * each.low, 100 * each.high),), note=_note(each.row))
        for each in found.voices
    ]
    return dots(
        lines,
        series=(SAID,),
        title=f"{SAID}, by voice",
        description="One row for each voice. The line through each mark shows between what and what the truth may lie.",
        high=100.0,
        heading="Voice",
    )


def _note(row: Counted) -> str:
    return f"{'The claim. ' if row.claim else ''}{row.get_speaks_display()}"


def differences(apart: tuple[Apart, ...]) -> list[dict[str, str]]:
    """A row for every two voices: which, how far apart, and whether that is beyond chance."""
    return [
        {
            "one": each.one.row.name,
            "other": each.other.row.name,
            "points": points(each.value, each.low, each.high),
            "reading": "Beyond chance" if each.beyond_chance else "May be chance",
        }
        for each in apart
    ]


@dataclass(frozen=True)
class Card:
    """One explanation with its state, what was found, what to ask, and the questions that were asked already."""

    cause: Cause
    state: str
    means: str
    found: str
    to_ask: str
    contrasts: tuple[Contrasted, ...]


def cards(found: SideBySide) -> list[Card]:
    """All three, in the report's order. Without a claim and a voice beside it nothing can be said of them yet."""
    told = {each.cause: each for each in found.explained.explanations} if found.explained else {}
    return [_card(cause, told.get(cause.id), found) for cause in KNOWN]


def _card(cause: Cause, told: Explanation | None, found: SideBySide) -> Card:
    contrasts = tuple(each for each in found.contrasts if each.cause == cause.id)
    if told is None:
        return Card(cause, "Not known yet", "This needs a claim, and a voice beside it.", "", cause.how, contrasts)
    state, means = STATES[told.state] if found.flagged else NO_GAP
    seen = ""
    if contrasts:
        seen = f"The first group says yes more often by {points(told.difference, told.low, told.high)}."
    to_ask = ""
    if told.needed:
        to_ask = f"{cause.how} About {told.needed:,} in each of the two groups are needed."
    return Card(cause, state, means, seen, to_ask, contrasts)


def verdict(found: SideBySide) -> str:
    """What can be said of the gap, in one careful sentence."""
    told = found.explained
    if told is None:
        missing = "a voice beside the claim" if found.claim else "a claim, and a voice beside it"
        return f"Nothing can be said yet: this needs {missing}."
    titles = {each.id: each.title for each in KNOWN}
    if told.verdict == NOTHING:
        if any(each.apart and each.value < 0 for each in told.gaps):
            return "Less is claimed than others say, so there is no claim that goes too far."
        return "The claim does not lie above another voice beyond chance, so there is no gap to explain."
    begins = f"{_gaps(found)} and "
    if told.verdict == "cannot be told apart":
        return f"{begins}what was asked so far cannot tell the three explanations apart."
    if told.verdict == "none of the three":
        return f"{begins}none of the three does it: each is ruled out, or makes a small part."
    names = _joined([f"“{titles[each]}”" for each in told.causes])
    rest = [f"“{titles[each.cause]}”" for each in told.explanations if each.state in ("open", "not asked")]
    also = f"; {_joined(rest)} may be at work as well, as {'that is' if len(rest) == 1 else 'they are'} not told yet"
    what = "one" if len(told.causes) == 1 else "more than one"
    return f"{begins}what was asked speaks for {what} of the three: {names}{also if rest else ''}."


def _gaps(found: SideBySide) -> str:
    """How far the claim lies above others, the widest first: whom it passes by most is not to be hidden by a mean."""
    flagged = [each for each in found.explained.gaps if each.apart and each.value > 0] if found.explained else []
    flagged.sort(key=lambda each: -each.value)
    listed = [
        f"{points(each.value, each.low, each.high)} above “{found.named(each.other).row.name}”" for each in flagged
    ]
    return f"The claim lies {_joined(listed)},"


def short(found: SideBySide) -> str:
    """A comparison in a list: how far the claim lies from the others."""
    if found.explained is None:
        return "No claim with a voice beside it yet"
    gap = found.explained.gap
    other = found.named(gap.other).row.name
    said = points(gap.value, gap.low, gap.high)
    return f"The claim lies {said} above “{other}”" if found.flagged else "No gap beyond chance"


def sensitivity(found: SideBySide) -> str:
    """What the assumed numbers do, in a sentence; "" where all are known."""
    if found.halved is None:
        return ""
    if found.halved.same:
        return (
            "With half as many answers wherever the number is assumed, what is beyond chance stays so, and the verdict "
            "is the same."
        )
    return (
        "With half as many answers wherever the number is assumed, it would not be the same. Find out how many "
        "answered before you build on it."
    )


def published(found: SideBySide) -> PublishedComparison | None:
    """The file it came from, where one did and it is still there."""
    return load(PublishedComparison).get(found.comparison.definition)


def criterion(found: SideBySide) -> Criterion | None:
    """The question of the framework that it is about."""
    return load(Criterion).get(found.comparison.criterion)


def needed(found: SideBySide) -> int:
    """How many to ask in each group of a question; 0 where that cannot be said."""
    return max((each.needed for each in found.explained.explanations), default=0) if found.explained else 0


def whole(found: SideBySide) -> dict[str, Any]:
    """All that the page of a comparison says, by name."""
    halved = found.halved
    return {
        "comparison": found.comparison,
        "voices": [
            {
                "row": each.row,
                "share": share(each.share),
                "between": between(each.low, each.high),
                "asked": asked(each.row),
            }
            for each in found.voices
        ],
        "chart": chart(found) if found.voices else None,
        "differences": differences(found.apart),
        "halved": differences(halved.apart) if halved else [],
        "sensitivity": sensitivity(found),
        "cards": cards(found),
        "verdict": verdict(found),
        "flagged": found.flagged,
        "published": published(found),
        "criterion": criterion(found),
    }


def _joined(names: list[str]) -> str:
    return " and ".join(filter(None, [", ".join(names[:-1]), *names[-1:]]))

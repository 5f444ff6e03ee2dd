"""How small steps are said: figures with their intervals, where each stands, and the way from a gap to what changed."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Any

from inroads.places.actions.steps import WAYS_TO_DESIGN
from inroads.places.models import CycleEntry, Decision, GapKind, Part, SmallStep, SmallStepVersion
from inroads.places.queries.steps import CycleStanding, Standing, holds_start, nearer

# What a decision is called in a list, without the sentence that explains it.
DECIDED = {
    Decision.ADOPT: "adopted",
    Decision.ADAPT: "adapted, to be tried again",
    Decision.GO_ON: "going on as it is",
    Decision.ABANDON: "abandoned",
}


def number(value: float) -> str:
    """A figure as it was typed, with commas between thousands."""
    return f"{value:,.4f}".rstrip("0").rstrip(".")


def figure(value: float | None, low: float | None = None, high: float | None = None, unit: str = "") -> str:
    """A figure with its unit, and its interval where that is known; "" where there is none."""
    if value is None:
        return ""
    joined = f"{number(value)}{unit}" if unit == "%" else f"{number(value)} {unit}".strip()
    return joined if low is None or high is None else f"{joined} ({number(low)} to {number(high)})"


@dataclass(frozen=True)
class StepLine:
    """A step in a list: the gap it is for, what comes next, and how the measure moved."""

    standing: Standing
    gap: str
    state: str
    moved: str
    overdue: bool


def line(standing: Standing, today: date, hidden: Collection[str]) -> StepLine:
    """A step as a list says it; `hidden` are touchpoints whose names the reader may not see."""
    gap = gap_title(standing.step, hidden)
    return StepLine(standing, gap, state(standing), moved(standing), standing.overdue(today))


def gap_title(step: SmallStep, hidden: Collection[str]) -> str:
    """How the gap of a step is called; a touchpoint among the `hidden` is not named."""
    if step.gap_kind == GapKind.TOUCHPOINT and step.gap_code in hidden:
        return "A touchpoint that is private now"
    return step.gap_title


def state(standing: Standing) -> str:
    """Where a step stands, in a few words."""
    step = standing.step
    if step.ended_at is not None:
        return f"Ended: {_small(step.get_ended_because_display())}"
    if step.scaled_at is not None:
        return "Scaled"
    if standing.due is None:
        return f"Cycle {len(standing.cycles)}: abandoned. End it, or begin a new step"
    cycle, part = standing.due
    last = (
        f"Cycle {cycle - 1}: {DECIDED[Decision(standing.cycles[-1].decision)]}. "
        if cycle > 1 and part == "plan"
        else ""
    )
    return f"{last}Next: {part.label.lower()} of cycle {cycle}"


def moved(standing: Standing) -> str:
    """The measure at the start, at the latest study, and its target."""
    now = standing.now
    start = figure(now.at_start, unit=now.unit) or "not known"
    latest = latest_study(standing)
    found = f", now {figure(latest.value, latest.low, latest.high, now.unit)}" if latest else ""
    return f"{start} at the start{found}, target {figure(now.target, unit=now.unit)}"


def latest_study(standing: Standing) -> CycleEntry | None:
    """The latest study that has a value; None where there is none."""
    studied = [each.study for each in standing.cycles if each.study is not None and each.study.value is not None]
    return studied[-1] if studied else None


def studies(standing: Standing) -> list[dict[str, Any]]:
    """A row for everybody and one for each group in every study: cycle, who, start, now, and whether it is better."""
    now, rows = standing.now, []
    for cycle in standing.cycles:
        study = cycle.study
        if study is None or study.value is None:
            continue
        rows.append(
            {
                "cycle": cycle.number,
                "who": f"Everybody{f' ({study.counted:,} cases)' if study.counted is not None else ''}",
                "start": figure(now.at_start, unit=now.unit) or "not known",
                "now": figure(study.value, study.low, study.high, now.unit),
                "reading": _reading(now, study.value, now.at_start, study),
            }
        )
        for each in study.by_group:
            rows.append(
                {
                    "cycle": cycle.number,
                    "who": each["group"],
                    "start": figure(each["start"], unit=now.unit),
                    "now": figure(each["now"], unit=now.unit),
                    "reading": _reading(now, each["now"], each["start"]),
                }
            )
    return rows


def _reading(now: SmallStepVersion, value: float, start: float | None, study: CycleEntry | None = None) -> str:
    if start is None:
        return "Cannot be said without a value at the start"
    if holds_start(now, study):
        return "May be chance: the interval holds the start"
    if value == start:
        return "No change"
    found = nearer(now, value, start)
    return "Cannot be said without a value at the start" if found is None else "Better" if found else "Worse"


def gap_figure(step: SmallStep) -> str:
    """The figure of the gap as it stood that day, and what it counts; "" where there was none."""
    shown = figure(step.gap_value, step.gap_low, step.gap_high)
    return f"{step.gap_figure}: {shown}" if shown else ""


def facts(now: SmallStepVersion) -> list[tuple[str, str]]:
    """What a step is, as pairs of what and how; what is not known is left out."""
    owner = ", ".join(filter(None, [now.owner, now.owner_organisation]))
    listed = [
        ("Goal", now.goal),
        ("Shared with", now.shared_with),
        ("Measure", now.measure),
        ("How it is counted", now.counted_how),
        ("At the start", figure(now.at_start, unit=now.unit) or "Not known yet"),
        ("Target", figure(now.target, unit=now.unit)),
        ("Who looks after it", owner),
        ("Money", money(now)),
        ("Designed with", designed(now)),
        ("What they said", now.designed_words),
    ]
    return [(what, how) for what, how in listed if how]


def money(now: SmallStepVersion) -> str:
    """How much, of what kind, from whom; "" where nobody has said. Who reads on learns until when beside the review."""
    if now.money is None:
        return ""
    if now.money == 0:
        return "None"
    kind = f", {now.money_kind}" if now.money_kind else ""
    return f"£{now.money:,}{kind}" + (f", from {now.money_from}" if now.money_from else "")


def designed(now: SmallStepVersion) -> str:
    """How many people helped to design it, how, and whether they were paid; said where nobody did or nobody knows."""
    if now.designed_with is None:
        return "Not known: nobody has said who helped to design it"
    if now.designed_with == 0:
        return "Nobody who needs services helped to design it"
    people = "1 person" if now.designed_with == 1 else f"{now.designed_with} people"
    ways = ", ".join(_small(WAYS_TO_DESIGN[way]) for way in now.designed_how if way in WAYS_TO_DESIGN)
    paid = {"all": "paid for their time", "some": "some were paid", "none": "not paid"}.get(now.designed_paid, "")
    return "; ".join(filter(None, [people + " who need services", ways, paid or "whether they were paid is not known"]))


def warnings(standing: Standing) -> list[str]:
    """What somebody should look at: money that ends too soon, and design in one digital way alone."""
    now, found = standing.now, []
    if standing.open and now.money_until is not None and now.money_until < now.review_on:
        found.append("The money ends before the next review.")
    if now.designed_how and set(now.designed_how) <= {"video", "online"}:
        found.append("Only people who use digital ways helped to design it. Those who do not were not heard.")
    return found


def parts(cycle: CycleStanding) -> list[tuple[Part, CycleEntry | None]]:
    """The four parts of a cycle in their order, with what was written down."""
    return [(part, cycle.parts.get(part)) for part in Part]


def _small(words: str) -> str:
    return words[:1].lower() + words[1:]

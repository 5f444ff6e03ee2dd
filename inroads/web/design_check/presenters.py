"""How a check is said: the finding of each stage in plain words, the people in numbers, and the picture."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from inroads.analytics.published import Published
from inroads.design import charts
from inroads.design.wording import day, thousands
from inroads.people.models import Option, Stage
from inroads.people.presenters.choices import place_and_time
from inroads.places.queries.left_out import LeftOut
from inroads.reference.definitions.care import ways
from inroads.reference.definitions.conversation import barriers
from inroads.web.design_check.queries import Checked, Released
from inroads.web.design_check.verdicts import Finding, Thin, Verdict

# How many neighbourhoods are named.
NAMED = 5
# What a box of the picture says beside its ways, where they do not say it themselves.
BESIDE = {
    Finding.TURNS_ONLY_DIGITAL: "Turns digital only when it is next published.",
    Finding.MENDED_BY_DRAFT: "Digital only until it is published.",
    Finding.THIN: "There is another way, with limits.",
}
# What stands in the table and, with a colour, in a tag.
SHORT = {
    Finding.ONLY_DIGITAL: ("Digital only", "red"),
    Finding.TURNS_ONLY_DIGITAL: ("Digital only once published", "red"),
    Finding.NO_WAY: ("No way yet", "red"),
    Finding.MENDED_BY_DRAFT: ("Digital only until published", "orange"),
    Finding.THIN: ("Has another way, with limits", "yellow"),
    Finding.ANOTHER_WAY: ("Has another way", "green"),
}


@dataclass(frozen=True)
class People:
    """`low` to `high` of `people` aged 16 and over: rounded outwards, so that no figure seems surer than it is."""

    low: int
    high: int
    people: int

    @property
    def words(self) -> str:
        """ "between 9,400 and 15,000 of the 118,000"."""
        return f"between {thousands(self.low)} and {thousands(self.high)} of the {thousands(self.people)}"


@dataclass(frozen=True)
class Neighbourhood:
    """One of the neighbourhoods where most of those who would be left out live."""

    code: str
    name: str
    ward: str
    who: People


@dataclass(frozen=True)
class WayLine:
    """A way as it stands in the table: `state` is "now", "draft" or "leaving"; `hard` are titles of barriers."""

    title: str
    digital: bool
    state: str
    place: str
    hard: tuple[str, ...]


@dataclass(frozen=True)
class StageLine:
    """A stage in the table and below it. `short` and `colour` are its tag; `said` its sentences.

    `chosen` says what people chose here; "" where nothing about it was released.
    """

    stage: Stage
    number: int
    finding: Finding
    short: str
    colour: str
    ways: tuple[WayLine, ...]
    said: tuple[str, ...]
    hard_whichever: tuple[str, ...]
    leaves_people_out: bool
    chosen: str

    @property
    def asked_for(self) -> bool:
        """Whether another way is asked for here."""
        return self.finding is not Finding.ANOTHER_WAY


def stage_lines(checked: Checked, released: Released | None = None) -> list[StageLine]:
    """Every stage in its order, with what people chose there where it was released."""
    return [
        _stage_line(number, stage, verdict, chosen_said(released, stage))
        for number, (stage, verdict) in enumerate(checked.stages, 1)
    ]


def chosen_said(released: Released | None, stage: Stage) -> str:
    """What people chose at a stage, as released; "" where nothing is."""
    found = released.by_stage.get(str(stage.pk), []) if released is not None else []
    if released is None or not found:
        return ""
    titles = {each.id: each.title for each in ways().values()} | {"": "not decided yet"}
    said = [
        f"{titles.get(each.way, each.way)} "
        + (f"{each.low:.0f} to {each.high:.0f}" if each.hidden else f"about {thousands(each.value)}")
        for each in sorted(found, key=lambda each: (each.hidden, -each.value if not each.hidden else 0, each.way))
    ]
    when = f"{f'after {day(released.since)} and ' if released.since else ''}up to {day(released.until)}"
    return f"What people chose {when}, as released: {', '.join(said)}."


def in_short(checked: Checked) -> list[str]:
    """What the list of pathways says about one: what is wrong at how many of its stages, or that nothing is."""
    if not checked.stages:
        return ["No stage yet"]
    found = [verdict.finding for _, verdict in checked.stages]
    of = f"of {len(found)} {'stage' if len(found) == 1 else 'stages'}"
    said = [
        f"{SHORT[each][0]}: {found.count(each)} {of}"
        for each in Finding
        if each is not Finding.ANOTHER_WAY and each in found
    ]
    return said or ["All stages have another way"]


def people_left_out(estimate: LeftOut | None) -> People | None:
    """The people of the whole area; None where there is no figure."""
    if estimate is None or not math.isfinite(estimate.total.low) or not math.isfinite(estimate.total.high):
        return None
    return _people(estimate.total.low, estimate.total.high, estimate.total.people)


def living_with_illness(estimate: LeftOut) -> tuple[int, int, int, int]:
    """How many of those who would be left out live with mental health illness: the least and the most it can be.

    Then the two ends of the interval for when one has nothing to do with the other.
    """
    joint = estimate.joint
    pairs = ((joint.low, joint.high), (joint.independent.low, joint.independent.high))
    (least, most), (low, high) = (_ends(*each) for each in pairs)
    return least, most, low, high


def sources_said(estimate: LeftOut) -> list[str]:
    """Where the estimate is from, a line for each source."""
    if estimate.asked is not None:
        return [f"{estimate.asked.survey}, {estimate.asked.year}"]
    named = [f"{each.publisher}, {each.publication} ({each.year})" for each in estimate.sources]
    illness = estimate.joint.source
    return list(dict.fromkeys([*named, f"{illness.publisher}, {illness.publication} ({illness.year})"]))


def gap_query(line: StageLine, estimate: LeftOut) -> str:
    """A stage as the gap with which a small step begins, for the address of a new one."""
    total = estimate.total
    told: dict[str, str | int] = {
        "gap_kind": "stage",
        "gap_which": f"{line.stage.pk}: {line.stage.title}",
        "gap_words": line.short,
        "gap_figure": "People aged 16 and over who would be left out",
        "gap_value": round(total.value),
        "gap_low": round(total.low),
        "gap_high": round(total.high),
    }
    return urlencode(told)


def where_most_live(published: Published, estimate: LeftOut) -> list[Neighbourhood]:
    """The neighbourhoods with most people who would be left out, most first; none where the area is only one."""
    if len(estimate.rows) < 2:
        return []
    places = published.neighbourhoods
    known = [at for at in range(len(estimate.rows)) if math.isfinite(estimate.value[at])]
    most = sorted(known, key=lambda at: -estimate.value[at])[:NAMED]
    return [
        Neighbourhood(
            code=str(places.code[estimate.rows[at]]),
            name=str(places.name[estimate.rows[at]]),
            ward=str(places.ward[estimate.rows[at]]),
            who=_people(estimate.low[at], estimate.high[at], estimate.people[at]),
        )
        for at in most
    ]


def picture(title: str, checked: Checked) -> charts.Chart:
    """The pathway as boxes, with the ways each stage has once published. What it shows stands in the table as well."""
    boxes = [
        charts.StageBox(
            title=stage.title,
            ways=tuple(charts.Way(way.title, way.digital) for way in verdict.later),
            digital_only=verdict.only_digital_later,
            note=BESIDE.get(verdict.finding, ""),
        )
        for stage, verdict in checked.stages
    ]
    red = [stage.title for stage, verdict in checked.stages if verdict.leaves_people_out]
    said = f"Digital only or without any way: {', '.join(red)}." if red else "Each has a way that is not digital."
    count = f"{len(boxes)} {'stage' if len(boxes) == 1 else 'stages in order'}"
    return charts.stages(boxes, title=title, description=f"{count}, with the ways of each. {said}")


def _stage_line(number: int, stage: Stage, verdict: Verdict, chosen: str) -> StageLine:
    short, colour = SHORT[verdict.finding]
    known = barriers()
    return StageLine(
        stage=stage,
        number=number,
        finding=verdict.finding,
        short=short,
        colour=colour,
        ways=tuple(_way_line(each, verdict) for each in (*verdict.now, *verdict.drafted)),
        said=tuple(_said(verdict)),
        hard_whichever=tuple(known[each].title for each in verdict.hard_whichever if each in known),
        leaves_people_out=verdict.leaves_people_out,
        chosen=chosen,
    )


def _way_line(option: Option, verdict: Verdict) -> WayLine:
    known, way = barriers(), ways().get(option.way)
    state = "draft" if option in verdict.drafted else "leaving" if option in verdict.leaving else "now"
    hard = way.hard_with if way is not None else ()
    return WayLine(
        title=option.title,
        digital=option.digital,
        state=state,
        place=place_and_time(option),
        hard=tuple(known[each].title for each in hard if each in known),
    )


def _said(verdict: Verdict) -> list[str]:
    others = [each for each in verdict.later if not each.digital]
    said = [_first(verdict, others)]
    for reason in verdict.thin:
        if reason is Thin.ONE_PLACE:
            said.append(f"What is not digital is at one place only: {others[0].where}.")
        elif reason is Thin.ONE_TIME:
            said.append(f"What is not digital is at one time only: {others[0].when}.")
        elif reason is Thin.NEEDS_A_PHONE:
            said.append("What is not digital needs a phone. Whoever has lost theirs has no way here.")
        elif verdict.finding is not Finding.TURNS_ONLY_DIGITAL:
            going = _named([each for each in verdict.leaving if not each.digital])
            said.append(f"Will leave when next published: {going}.")
    said += [
        f"From {day(each.since)} to {day(each.until)} only digital ways were offered here." for each in verdict.before
    ]
    return [each for each in said if each]


def _first(verdict: Verdict, others: list[Option]) -> str:
    finding = verdict.finding
    if finding is Finding.ONLY_DIGITAL:
        return "Every way here is digital." if verdict.now else "As drawn, every way here is digital."
    if finding is Finding.TURNS_ONLY_DIGITAL:
        going = _named([each for each in verdict.leaving if not each.digital])
        return f"Once published every way here is digital, because this leaves: {going}."
    if finding is Finding.NO_WAY:
        return "Once published there is no way left." if verdict.now else "Nothing is offered at this stage."
    if finding is Finding.MENDED_BY_DRAFT:
        return f"Today every way here is digital. Once published there is also: {_named(others)}."
    return ""


def _named(listed: Sequence[Option]) -> str:
    return ", ".join(each.title for each in listed)


def _people(low: float, high: float, people: float) -> People:
    return People(*_ends(low, min(high, people)), round(people))


def _ends(low: float, high: float) -> tuple[int, int]:
    return _outwards(max(low, 0.0), math.floor), _outwards(high, math.ceil)


def _outwards(value: float, towards: Callable[[float], int]) -> int:
    """Two figures and noughts, down or up."""
    step = 10 ** max(0, len(str(int(value))) - 2)
    return int(towards(value / step) * step)

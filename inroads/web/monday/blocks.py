"""How the Monday page says each thing: one or two lines and a way on, or what would fill the block."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.urls import reverse

from inroads.design.wording import day, thousands, weekday_and_day
from inroads.people.queries.loans import Ending
from inroads.places.presenters.real import Row
from inroads.places.queries.listening import NextPlace
from inroads.places.queries.outreach import Plan
from inroads.places.queries.real import Real
from inroads.places.queries.steps import Standing
from inroads.released.models import Release
from inroads.web.design_check.queries import Checked
from inroads.web.monday.queries import NAMED, WEEK, Entries, Week


@dataclass(frozen=True)
class Line:
    """One line; `href` leads to where it is seen or done, "" where there is no such page for this reader."""

    text: str
    href: str = ""


@dataclass(frozen=True)
class Block:
    """A heading with its lines, and the way to all of it. Without lines, `absent` says why, or what would fill it."""

    title: str
    lines: tuple[Line, ...]
    absent: str
    more: Line | None = None


def changed(week: Week, entries: Entries, *, code: str, keeps: bool) -> Block:
    """What changed since last week."""
    lines = []
    if week.released is not None:
        lines.append(Line(f"What people said was counted up to {day(week.released.until)}", _of("real", code)))
    for walk in week.walks:
        held = _some(walk.conversations or 0, "conversation")
        text = f"Walk on {day(walk.on)}: {held}" if walk.happened else f"Walk on {day(walk.on)}: it was not held"
        lines.append(Line(text, reverse("places:outreach", args=[walk.outreach_id])))
    if week.steps:
        lines.append(Line(f"{_some(week.steps, 'note')} on small steps", _of("steps", code)))
    if week.pathways:
        said = f"{_some(week.pathways, 'pathway')} changed what is offered"
        lines.append(Line(said, reverse("design_check:pathways")))
    if entries.new or entries.changed:
        said = f"Directory: {_some(entries.new, 'new entry', 'new entries')}, {thousands(entries.changed)} changed"
        lines.append(Line(said, reverse("directory:own" if keeps else "directory:find")))
    return Block("What changed", tuple(lines), f"Nothing that you may see was recorded since {day(week.since)}.")


def real_picture(found: Real | None, named: Sequence[Row], *, code: str) -> Block:
    """Where the risk map is wrong, and where most."""
    title = "Where the risk map is wrong"
    if found is None:
        absent = "No figures from conversations are released for this place yet. They fill this block."
        return Block(title, (), absent, _more("What conversations found", "real", code))
    low, high = int(found.too_low.sum()), int(found.too_high.sum())
    said = []
    if low:
        said.append(f"{_some(low, 'neighbourhood')} where more people are left out than the map expects")
    if high:
        said.append(f"{_some(high, 'neighbourhood')} where fewer are")
    lines = [Line("; ".join(said))] if said else []
    for each in named:
        ends = f"{each.real}% ({each.low} to {each.high}) are left out, where the map expects {each.risk}%"
        lines.append(Line(f"{each.name}: {ends}", reverse("places:area", args=[each.code])))
    absent = "Nowhere that we can tell from what was released so far."
    return Block(title, tuple(lines), absent, _more("What conversations found", "real", code))


def listening(found: Real | None, next_ones: Sequence[NextPlace], *, code: str) -> Block:
    """Whom nobody has asked, and where to listen next."""
    title = "Whom nobody has asked"
    if found is None:
        return Block(title, (), "Once figures are released for this place, this says where to listen next.")
    nobody, digital = int(found.nobody.sum()), int(found.digital_only.sum())
    lines = []
    if nobody:
        lines.append(Line(f"{_some(nobody, 'neighbourhood')} of {thousands(len(found.rows))} where nobody was asked"))
    if digital:
        lines.append(
            Line(f"{_some(digital, 'neighbourhood')} more where hardly anybody was asked except in digital ways")
        )
    if next_ones:
        named = "; ".join(_place(each) for each in next_ones)
        lines.append(Line(f"Listen next: {named}"))
    absent = "People were asked in every neighbourhood."
    return Block(title, tuple(lines), absent, _more("Where to listen next", "listen", code))


def walks(plans: Sequence[Plan], today: date, *, code: str) -> Block:
    """Walks that are due, the next first, and what nobody has written up."""
    ahead = [each for each in plans if each.report is None]
    lines = [
        Line(
            f"{'Was on' if each.overdue(today) else 'On'} {weekday_and_day(each.now.day)}: "
            f"{', '.join(stop.name for stop in each.stops[:NAMED])}"
            + (". Nobody has said yet what became of it" if each.overdue(today) else ""),
            reverse("places:outreach", args=[each.outreach.pk]),
        )
        for each in sorted(ahead, key=lambda each: each.now.day)
    ]
    absent = "No walk is planned. “Where to listen next” makes a plan from what it finds."
    return Block("Walks", _shortened(lines), absent, _more("All walks", "outreaches", code))


def steps(found: Sequence[Standing], today: date, *, code: str) -> Block:
    """Small steps whose review is due this week or should have been."""
    due = [each for each in found if each.open and each.now.review_on <= today + WEEK]
    lines = [
        Line(
            f"{each.now.title}: review {'was due' if each.overdue(today) else 'due'} {day(each.now.review_on)}",
            reverse("places:step", args=[each.step.pk]),
        )
        for each in sorted(due, key=lambda each: each.now.review_on)
    ]
    going = sum(each.open for each in found)
    absent = (
        f"No review is due this week. {_some(going, 'small step is', 'small steps are')} going on."
        if going
        else "No small step is going on. One begins with a gap."
    )
    return Block("Small steps", _shortened(lines), absent, _more("All small steps", "steps", code))


def full(entries: Entries) -> Block:
    """Touchpoints that said they are full this month, and how many have not said."""
    lines = [Line(each.name, reverse("directory:service", args=[each.pk])) for each in entries.full_ones]
    if entries.full > len(lines):
        lines.append(Line(f"and {thousands(entries.full - len(lines))} more"))
    if lines and entries.silent:
        lines.append(Line(f"{thousands(entries.silent)} of {thousands(entries.running)} have not said this month"))
    absent = "No touchpoint stands in the directory of this place yet."
    if entries.running:
        said = entries.running - entries.silent
        absent = f"None said so this month; {thousands(said)} of {thousands(entries.running)} have said how much room."
    return Block("Full this month", tuple(lines), absent, Line("The directory", reverse("directory:find")))


def fading(entries: Entries, pairs: int, *, keeps: bool) -> Block:
    """Entries of the directory that nobody looked at for half a year, and those that may be listed twice."""
    lines = []
    if entries.fading:
        said = f"{thousands(entries.fading)} of {thousands(entries.running)} entries: nobody looked for half a year"
        lines.append(Line(said))
    if pairs:
        lines.append(Line(f"{_some(pairs, 'pair')} that may be the same", reverse("directory:duplicates")))
    absent = "Every entry was checked in the last half year." if entries.running else "There is no entry yet."
    more = Line("Entries to check", reverse("directory:own")) if keeps else None
    return Block("Entries that fade", tuple(lines), absent, more)


def loans(ending: Sequence[Ending] | None, until: date) -> Block:
    """Loans whose data ends this month, for those who lend; None for everybody else, who is told whose it is to see."""
    title = "Loans whose data ends"
    if ending is None:
        return Block(title, (), "Only those who keep a lending stock see whose data ends. No figure of it is released.")
    lines = (Line(f"{_some(len(ending), 'loan')} up to {day(until)}"),) if ending else ()
    return Block(title, lines, f"None ends up to {day(until)}.", Line("Whose data ends", reverse("people:stock_data")))


def releases(waiting: Sequence[Release]) -> Block:
    """Releases that wait for this reader to agree or not."""
    lines = [
        Line(f"{each.organisation.name}, counted up to {day(each.until)}", reverse("released:one", args=[each.pk]))
        for each in waiting
    ]
    absent = "None waits for you. Where somebody else asks to open one, it stands here."
    more = Line("All releases", reverse("released:list"))
    return Block("Releases that wait for a second person", _shortened(lines), absent, more)


def pathways(found: Sequence[Checked]) -> Block:
    """Pathways with a stage that leaves people out; of those this reader does not draw, only what is published."""
    red = []
    for each in found:
        count = sum(verdict.leaves_people_out for _, verdict in each.stages)
        if count:
            said = f"{each.pathway.title}: {_some(count, 'stage')} only digital or without a way"
            red.append(Line(said, reverse("design_check:pathway", args=[each.pathway.pk])))
    absent = "No pathway is published here yet."
    if found:
        absent = f"Every stage has a way that is not digital, in {_some(len(found), 'pathway')}."
    more = Line("Design check of every pathway", reverse("design_check:pathways"))
    return Block("Pathways that would leave people out", _shortened(red), absent, more)


def heard() -> Block:
    """What people said and what was done. Nothing collects that yet."""
    return Block(
        "What people said and what was done",
        (),
        "Nothing is collected here yet. Surveys and ideas fill this block once they are asked for in this place.",
    )


def _shortened(lines: Sequence[Line]) -> tuple[Line, ...]:
    """The first few lines, and how many more there are."""
    rest = len(lines) - NAMED
    return tuple(lines) if rest <= 0 else (*lines[:NAMED], Line(f"and {thousands(rest)} more"))


def _place(each: NextPlace) -> str:
    trusted = next((point.name for point in each.touchpoints if point.told), "")
    where = f"{each.name} in {each.ward}" if each.ward else each.name
    return where + (f" ({trusted} has helped people near there)" if trusted else "")


def _of(name: str, code: str) -> str:
    """A page about the place; "" where its figures are not loaded."""
    return reverse(f"places:{name}", args=[code]) if code else ""


def _more(text: str, name: str, code: str) -> Line | None:
    return Line(text, _of(name, code)) if code else None


def _some(count: int, one: str, several: str = "") -> str:
    return f"{thousands(count)} {one if count == 1 else several or one + 's'}"

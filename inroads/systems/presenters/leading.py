"""Leadership in words: who holds a role, what hangs on one person, how long ago the board had it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from inroads.design.wording import day, in_sentence
from inroads.systems.models import AgendaItem, RoleHeld
from inroads.systems.queries.leading import Agenda, Hanging, Holding, RoleStanding

NOT_KNOWN = "Not known"
LIVED = {True: "Yes", False: "No", None: NOT_KNOWN}


@dataclass(frozen=True)
class HolderShown:
    """Somebody who holds a role, with facts (what, how), and the id of the row."""

    held: int
    name: str
    facts: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class RoleShown:
    """A role on the page. `state` is a sentence where it is vacant or was never said; "" where somebody holds it."""

    id: str
    title: str
    words: str
    several: bool
    state: str
    holders: tuple[HolderShown, ...]
    earlier: tuple[str, ...]


def role(standing: RoleStanding, on: date) -> RoleShown:
    """A role as a page shows it."""
    return RoleShown(
        id=standing.role.id,
        title=standing.role.title,
        words=standing.role.words,
        several=standing.role.several,
        state=state(standing),
        holders=tuple(holder(each, on) for each in standing.holders),
        earlier=tuple(before(each) for each in standing.earlier),
    )


def state(standing: RoleStanding) -> str:
    """A sentence where nobody holds a role, or where nobody has said; else ""."""
    if standing.vacant:
        return f"Vacant since {day(standing.now[0].since)}."
    return "Nobody has said who holds it." if standing.never_said else ""


def holder(holding: Holding, on: date) -> HolderShown:
    """Somebody with what is known of how they hold a role."""
    row = holding.row
    facts = (
        ("Where", row.where or NOT_KNOWN),
        ("Since", day(holding.since)),
        ("Days a week for it", f"{row.days:g}" if row.days is not None else NOT_KNOWN),
        ("Deputy", row.deputy or "None written down"),
        ("Lived experience", LIVED[row.lived_experience]),
        ("Money for the post", _money(row.money_until, on)),
    )
    return HolderShown(row.pk, row.name, facts)


def before(row: RoleHeld) -> str:
    """Who stood here before, on one line."""
    until = day(row.ended_on) if row.ended_on else "not ended"
    more = [f"{row.days:g} days a week"] if row.days is not None else []
    more += [f"deputy {row.deputy}"] if row.deputy else []
    said = f"{row.name or 'Nobody'}: {day(row.from_on)} to {until}"
    return f"{said}; {', '.join(more)}" if more else said


def not_said(standing: Sequence[RoleStanding]) -> list[str]:
    """Titles of the roles of which nothing is known now, inside a sentence."""
    return [in_sentence(each.role.title) for each in standing if each.never_said]


def whom(found: Hanging) -> str:
    """What hangs, and on whom."""
    return f"{found.what}: {found.on_whom}" if found.on_whom else found.what


def board_had_it(agenda: Agenda) -> str:
    """How long ago the board of the system had it."""
    if agenda.last is None or agenda.months is None:
        return "It is not written down that the board of the system ever had it."
    ago = {0: "less than a month ago", 1: "1 month ago"}.get(agenda.months, f"{agenda.months} months ago")
    return f"The board last had it {ago}, on {day(agenda.last.on)}."


def look_again(item: AgendaItem, on: date) -> str:
    """When a decision is looked at again; "" where no day was set or it was."""
    if item.look_again_on is None or item.became_at is not None:
        return ""
    if item.look_again_on <= on:
        return f"To be looked at again since {day(item.look_again_on)}"
    return f"To be looked at again on {day(item.look_again_on)}"


def _money(until: date | None, on: date) -> str:
    if until is None:
        return "No end is written down"
    return f"Ended on {day(until)}" if until < on else f"Until {day(until)}"

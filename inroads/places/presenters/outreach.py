"""How outreach plans are said: where each stands, what to take, what to do with answers, and what is near."""

from dataclasses import dataclass
from datetime import date

from inroads.design.wording import as_the_crow_flies, weekday_and_day
from inroads.directory.presenters.services import evidence, hours, where
from inroads.places.queries.outreach import NearStop, Plan
from inroads.reference.definitions import load
from inroads.reference.definitions.care import Community
from inroads.reference.definitions.conversation import strengths, triage

TO_TAKE = (
    "This sheet for everybody who goes",
    "The page “One conversation”, printed once for each conversation, and some to spare",
    "For people we work with already: their own paper form, printed from their record, with its code",
    "The printed list of help nearby, to leave with people",
    "Pens, something to lean on, and a bag that closes for the filled pages",
    "A phone to ring an interpreter or the team",
)
HOW_TO_RECORD = (
    "Say who you are and why you ask. Anybody may say no, skip a question, or stop.",
    "Use one page for one conversation. Write no name, address or date of birth on it.",
    "Tick what the person says, not what you think. Leave empty what you did not ask: empty means not asked, never no.",
    "Write own words as they were said. Read them back.",
    "If somebody wants help from us, ask whether we may keep their name. Write it at the end of your own sheet, with "
    "how to reach them and the number of the conversation.",
    "Somebody who does not feel safe, or speaks of harm: follow your team’s rule for this, at once.",
)
AFTERWARDS = (
    "Bring every page back on the same day. Leave none in a car or at home.",
    "Who said that we may keep their name is added to the people of the team. Their page is keyed in as a conversation "
    "on paper, with the day of the walk.",
    "All other pages are read together. What was learnt is written down without anything about one person, and the "
    "pages are destroyed as confidential waste.",
    "Count the conversations, and say in Inroads that the walk was done.",
)
ANSWERS = [{"label": "Yes"}, {"label": "A bit"}, {"label": "No"}, {"label": "Prefer not to say"}]


@dataclass(frozen=True)
class NearLine:
    """A touchpoint near a stop, in words."""

    id: str
    name: str
    private: bool
    service: str
    services: tuple[str, ...]
    distance: str
    where: str
    hours: str
    phone: str
    told: tuple[str, ...]


def near_line(near: NearStop) -> NearLine:
    """A touchpoint as the page and the sheet say it."""
    first = near.services[0]
    communities = load(Community)
    told = [
        f"{communities[each.community].title}: {evidence(each)}" for each in near.told if each.community in communities
    ]
    return NearLine(
        id=str(near.touchpoint.pk),
        name=near.touchpoint.name,
        private=near.touchpoint.private,
        service=str(first.pk),
        services=tuple(each.name for each in near.services if each.name != near.touchpoint.name),
        distance=as_the_crow_flies(near.metres / 1000),
        where=where(first),
        hours=hours(first),
        phone=near.touchpoint.phone or first.phone,
        told=tuple(told),
    )


def questions() -> list[str]:
    """The prompts of the short conversation: one about what is good, then the barriers, none that is asked alone."""
    return [*(each.prompt for each in strengths()[:1]), *(each.prompt for each in triage() if not each.alone)]


def state(plan: Plan, today: date) -> str:
    """Where a plan stands, in a few words."""
    report = plan.report
    if report is None:
        return "Its day is over. Say what became of it" if plan.overdue(today) else "Planned"
    if not report.happened:
        return "Did not happen"
    held = report.conversations or 0
    return f"Done: {held:,} conversation{'' if held == 1 else 's'}"


def walk_day(plan: Plan) -> str:
    """The day of a walk: Thursday 3 December 2026."""
    day = plan.now.day
    return f"{weekday_and_day(day)} {day.year}"

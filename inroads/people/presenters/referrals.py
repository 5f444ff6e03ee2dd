"""How a referral is said: where it stands, what is passed on, and what a touchpoint without an account reads."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.utils import timezone

from inroads.design.wording import day as day_in_words
from inroads.design.wording import weekday_and_day
from inroads.people.actions.referral_messages import way_to
from inroads.people.models import Preferences, Referral, ReferralEvent
from inroads.people.models import ReferralState as State
from inroads.people.queries.reachable import how_to_reach
from inroads.people.queries.record import AnswerValue
from inroads.people.queries.referrals import ENDED, FOLLOWS, REASONS, Waits
from inroads.reference.around import neighbourhood_name
from inroads.reference.definitions.care import formats

# Two weeks: further ahead is a phone call.
DAYS = 14
THROUGH = {"link": "through the link", "paper": "on paper", "phone": "by phone", "itself": "by itself, after waiting"}
WAYS = {"text": "text message", "email": "email", "letter": "letter"}


@dataclass(frozen=True)
class Standing:
    """Where a referral stands, in a sentence, and what is waited for."""

    referral: Referral
    now: str
    waits: str
    ended: bool


def standing(referral: Referral) -> Standing:
    """One line of a list."""
    state = State(referral.state)
    days = (timezone.localdate() - referral.since).days
    waiting = {
        Waits.SENDER: "Waits for us to send it" if state == State.DRAFTED else "Waits for us to ring them",
        Waits.RECEIVER: f"Waits for {referral.service.touchpoint.name}",
        Waits.PERSON: "Waits for what the person tells us",
    }.get(Waits(referral.waits_for), "")
    if waiting and days > 0:
        waiting += f", {days} {'day' if days == 1 else 'days'}"
    return Standing(referral, state.label, waiting, state in ENDED)


def event_line(event: ReferralEvent) -> str:
    """What happened, in one sentence."""
    said = State(event.state).label
    if event.answer:
        said += f": {AnswerValue(event.answer).label.lower()}"
    if event.meets_on:
        said += f", they meet on {day_in_words(event.meets_on)}"
    if event.reason in REASONS:
        said += f": {REASONS[event.reason].lower()}"
    who = event.by.full_name if event.by else ""
    parts = [THROUGH.get(event.through, ""), f"written down by {who}" if who else ""]
    how = ", ".join(filter(None, parts))
    return f"{said}. {how[:1].upper()}{how[1:]}".strip()


def how_sent(referral: Referral) -> str:
    """How the touchpoint is asked, in words; "" where somebody has to ring them."""
    channel, to = way_to(referral.service)
    return f"{WAYS[channel]} to {to.splitlines()[0]}" if channel else ""


def can_follow(referral: Referral) -> frozenset[str]:
    """What may come next, by its code."""
    return FOLLOWS[referral.state]


def before_yes(referral: Referral) -> list[tuple[str, str]]:
    """What a touchpoint reads before it has said yes: nothing by which the person could be known."""
    listed = [("What would help", referral.asked), ("Asked by", referral.organisation.name)]
    kept = Preferences.objects.filter(person=referral.person).last()
    if kept and "language" in referral.share and kept.language:
        listed.append(("Language", _language(kept)))
    return listed


def after_yes(referral: Referral) -> list[tuple[str, str]]:
    """What the person agreed to pass on, as it stands now."""
    kept, person = Preferences.objects.filter(person=referral.person).last(), referral.person
    share, liked = set(referral.share), None
    listed = [("What would help", referral.asked)]
    if "name" in share:
        listed.insert(0, ("Name", person.known_as))
    if kept is not None:
        liked = formats().get(kept.format)
        if "contact" in share:
            listed.append(("How to reach them", _reach(kept) or f"Ask {how_to_reach(referral.organisation)}"))
            listed.append(("Good times", kept.contact_times))
        if "language" in share:
            listed.append(("Language", _language(kept)))
        if "format" in share and liked:
            listed.append(("How they like to be told things", liked.title))
        if "adjustments" in share:
            listed.append(("What makes it easier", kept.adjustments))
    elif "contact" in share:
        listed.append(("How to reach them", f"Ask {how_to_reach(referral.organisation)}"))
    if "contact" in share and person.neighbourhood:
        listed.append(("Lives in", neighbourhood_name(person.neighbourhood)))
    listed.append(("If you have questions, ask", how_to_reach(referral.organisation)))
    return [(what, how) for what, how in listed if how]


def days_to_choose(today: date | None = None) -> list[tuple[str, str]]:
    """The next days as buttons: their date, and how one says it."""
    start = today or timezone.localdate()
    days = [start + timedelta(days=number) for number in range(1, DAYS + 1)]
    return [(day.isoformat(), weekday_and_day(day)) for day in days]


def _language(kept: Preferences) -> str:
    return ", ".join(filter(None, [kept.language, "needs an interpreter" if kept.interpreter else ""]))


def _reach(kept: Preferences) -> str:
    return ": ".join(filter(None, [kept.get_contact_way_display() if kept.contact_way else "", kept.contact_detail]))

"""How referrals, loans, mentors and sessions are said in a record's history."""

from collections.abc import Callable, Iterable

from inroads.design.wording import day
from inroads.people.models import ItemEvent, Pairing, ReferralEvent, Session
from inroads.people.models.lending import Happened
from inroads.people.presenters.referrals import event_line
from inroads.people.queries.timeline import Entry
from inroads.reference.definitions.lending import kit as kits

Told = tuple[str, Iterable[tuple[str, str, str]]]


def _referral(entry: Entry) -> Told:
    kept: ReferralEvent = entry.fact
    return f"Referral to {kept.referral.service.touchpoint.name}", [("", event_line(kept), ""), ("", "", kept.words)]


def _loan(entry: Entry) -> Told:
    kept: ItemEvent = entry.fact
    known = kits().get(kept.item.kind)
    title = f"{known.title if known else kept.item.kind} {kept.item.label}: {Happened(kept.what).label.lower()}"
    return title, [("Until", day(kept.day) if kept.day else "", ""), ("", "", kept.words)]


def _paired(entry: Entry) -> Told:
    kept: Pairing = entry.fact
    return f"A mentor: {kept.mentor.known_as}", [("How agreed", "", kept.how_agreed), ("Wants", "", kept.wants)]


def _pairing_ended(entry: Entry) -> Told:
    kept: Pairing = entry.fact
    return f"No longer with {kept.mentor.known_as}", [
        ("Why", kept.get_ended_because_display(), ""),
        ("", "", kept.ended_words),
    ]


def _session(entry: Entry) -> Told:
    kept: Session = entry.fact
    mistake = " (written down by mistake)" if kept.taken_back_at else ""
    return f"A session with {kept.pairing.mentor.known_as}{mistake}", [("", "", kept.done)]


# Each gives a title and triples: a label, a text, and own words.
SUPPORT: dict[str, Callable[[Entry], Told]] = {
    "referral": _referral,
    "loan": _loan,
    "paired": _paired,
    "pairing_ended": _pairing_ended,
    "session": _session,
}

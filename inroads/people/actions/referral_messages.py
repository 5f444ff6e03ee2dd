"""What goes out about a referral: to the touchpoint without a name, and to the person in their own channel."""

from datetime import timedelta

from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from inroads.accounts.actions import Refused
from inroads.accounts.codes import as_written, hash_of
from inroads.design.wording import weekday_and_day
from inroads.directory.models import Service
from inroads.people.actions.contacts import cancel_contacts, plan_contact
from inroads.people.models import Contact, Referral
from inroads.people.models import ReferralState as State
from inroads.people.queries.reachable import how_to_reach
from inroads.people.queries.referrals import code_of
from inroads.post.actions import cancel_all, send
from inroads.post.addresses import address_or_refuse
from inroads.post.queries import channels

ASK = (
    "Somebody would like help with something, and thought of {touchpoint}:\n\n“{asked}”\n\n"
    "May we pass on a name? Yes or no, in two taps and without a password: {link}"
)
ASK_LETTER = (
    "Somebody would like help with something, and thought of you:\n\n“{asked}”\n\nMay we pass on a name? "
    "You can answer without a password: open {entry} and type this code:\n\n{code}\n\n"
    "Or ring {organisation}, or write yes or no on this letter and send it back."
)
REMIND = "We asked whether you could help somebody: “{asked}”\n\nHere is the link again: {link}\n\nNo is an answer too."
REMIND_LETTER = (
    "We asked whether you could help somebody: “{asked}”\n\nYou can answer without a password: open {entry} and type "
    "this code:\n\n{code}\n\nOr ring {organisation}. No is an answer too."
)
REMIND_MET_LETTER = (
    "Have you met the person we passed on to you? Tell us without a password: open {entry} and type this code:"
    "\n\n{code}\n\nOr ring {organisation}."
)
REMIND_MET = "Have you met the person we passed on to you? One tap tells us: {link}"
NOT_NEEDED = (
    "Thank you for helping somebody we passed on to you. It is not needed any more. Please delete what you noted."
)
NO_LONGER_ASKED = "We asked whether you could help somebody. It is not needed any more. Thank you for looking at it."


def address_of(name: str, **parts: str) -> str:
    """A whole address that works in a message."""
    return settings.PUBLIC_URL.rstrip("/") + reverse(name, kwargs=parts or None)


def receiver_link(referral: Referral) -> str:
    """Where the touchpoint answers."""
    return address_of("answers:receiver", code=code_of(referral, "receiver"))


def person_link(referral: Referral) -> str:
    """Where the person says whether it helped."""
    return address_of("answers:person", code=code_of(referral, "person"))


def ways_to(service: Service) -> list[tuple[str, str]]:
    """Channels of the post and where to, for a touchpoint, the quickest first; none where somebody has to ring them."""
    touchpoint, found = service.touchpoint, []
    phones = [each.replace(" ", "") for each in (service.phone, touchpoint.phone)]
    email = service.email or touchpoint.email
    found += [("text", each) for each in phones if each.startswith(("07", "+447"))]
    found += [("email", email)] if email else []
    for at in service.at_locations.select_related("location"):
        where = at.location
        if where.address and where.postcode:
            lines = [touchpoint.name, where.address, where.town, where.postcode]
            found.append(("letter", "\n".join(line for line in lines if line)))
    return [(channel, to) for channel, to in found if channel in channels() and _can_be_sent(channel, to)]


def way_to(service: Service) -> tuple[str, str]:
    """The first of `ways_to`; ("", "") where there is none."""
    return next(iter(ways_to(service)), ("", ""))


def _can_be_sent(channel: str, to: str) -> bool:
    try:
        return bool(address_or_refuse(channel, to))
    except Refused:
        return False


def tell_it_is_over(referral: Referral, *, taken_up: bool) -> bool:
    """Tell the touchpoint that it is not needed any more. False where somebody has to ring."""
    words = NOT_NEEDED if taken_up else NO_LONGER_ASKED
    return _send(referral, "withdrawn", words, words)


def tell_receiver(referral: Referral) -> bool:
    """Ask the touchpoint. False where somebody has to ring."""
    _renew_codes(referral)
    return _send(referral, "ask-0", ASK, ASK_LETTER)


def remind_receiver(referral: Referral) -> bool:
    """Ask again, kindly; the same reminder never twice. False where somebody has to ring."""
    _renew_codes(referral)
    if referral.state == State.ACCEPTED:
        return _send(referral, f"met-{referral.reminded}", REMIND_MET, REMIND_MET_LETTER)
    return _send(referral, f"ask-{referral.reminded}", REMIND, REMIND_LETTER)


def let_go_of_questions(referral: Referral) -> None:
    """What was asked is answered: questions that have not left, and letters nobody has printed, leave no more."""
    cancel_all(prefix=f"referral-{referral.pk}-")
    # What the person was to be told of the state before, or asked, is not true any more.
    for beginning in ("referral", "helped"):
        cancel_contacts(person=referral.person, prefix=f"{beginning}-{referral.pk}-")


def ask_person(referral: Referral) -> None:
    """Has it helped? In their own channel, or by somebody who rings."""
    _renew_codes(referral)
    plan_contact(
        person=referral.person,
        key=f"helped-{referral.pk}-{_turn(referral)}-{referral.reminded}",
        why=Contact.Why.HELPED,
        words=f"You were looking for help at {place_of(referral.service)}. Has it helped? Any answer is fine.",
        due_on=timezone.localdate(),
        link=person_link(referral),
    )


def tell_person(referral: Referral, reason: str) -> None:
    """What became of it, when that is news: they said yes, they said no, nobody answered, or we never asked."""
    where = place_of(referral.service)
    if referral.state == State.ACCEPTED:
        day = referral.meets_on
        when = f" They can see you on {weekday_and_day(day)}." if day else ""
        phone = (
            "" if referral.service.touchpoint.private else referral.service.phone or referral.service.touchpoint.phone
        )
        ring = f" Their number is {phone}." if phone else ""
        words = f"{where} would be glad to help.{when}{ring} If you have changed your mind, tell us. That is fine."
    elif referral.state == State.DECLINED:
        full = " They have no room at the moment." if reason == "full" else ""
        words = f"{where} cannot help this time.{full} We are looking for somebody else with you."
    elif referral.state == State.NO_ANSWER:
        words = f"{where} has not answered us. We are looking for somebody else with you."
    elif referral.state == State.WITHDRAWN:
        words = f"We have not asked {where} yet, and a month has passed. Would you still like us to? Tell us."
    else:
        return
    today = timezone.localdate()
    # A yes without a day waits until tomorrow: most say the day a moment later, and one message is enough.
    waits = referral.state == State.ACCEPTED and referral.meets_on is None
    plan_contact(
        person=referral.person,
        key=f"referral-{referral.pk}-{_turn(referral)}",
        why=Contact.Why.REFERRAL,
        words=words[:1].upper() + words[1:],
        due_on=today + timedelta(days=1) if waits else today,
    )


def place_of(service: Service) -> str:
    """What a message or a plan calls a touchpoint: one that is private is never named in what others may read."""
    touchpoint = service.touchpoint
    return "the place we spoke about" if touchpoint.private else touchpoint.name


def _send(referral: Referral, which: str, text: str, letter: str) -> bool:
    for channel, to in ways_to(referral.service):
        said = letter if channel == "letter" else text
        body = said.format(
            touchpoint=referral.service.touchpoint.name,
            asked=referral.asked if channel != "text" else referral.asked[:200],
            link=receiver_link(referral),
            entry=address_of("answers:enter"),
            code=as_written(code_of(referral, "receiver")),
            organisation=how_to_reach(referral.organisation),
        )
        try:
            send(
                key=_key(referral, which),
                channel=channel,
                to=to,
                subject=f"A question from {referral.organisation.name}",
                body=f"{body}\n\n{how_to_reach(referral.organisation)}",
                organisation=referral.organisation,
                about=referral.person,
            )
        except Refused:
            continue  # too long for a text, say: the next way takes it
        return True
    return False


def _renew_codes(referral: Referral) -> None:
    """After the secret key was changed, codes are others; those that go out now have to work."""
    for whose, field in (("receiver", "code_hash"), ("person", "person_code_hash")):
        kept = hash_of(code_of(referral, whose))
        if getattr(referral, field) != kept:
            setattr(referral, field, kept)
            referral.save(update_fields=(field,))


def _key(referral: Referral, which: str) -> str:
    return f"referral-{referral.pk}-{_turn(referral)}-{which}"


def _turn(referral: Referral) -> int:
    # Every state it comes to is asked about anew: what was sent, or taken back, in an earlier one does not count.
    return referral.events.order_by("pk").values_list("pk", flat=True).last() or 0

"""Telling or asking a person something, once, in their own channel; or putting it before somebody who rings them."""

from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils import timezone

from inroads.accounts import audit
from inroads.accounts.actions import Refused
from inroads.accounts.codes import as_written
from inroads.accounts.models import User
from inroads.accounts.words import tidy
from inroads.jobs import schedule
from inroads.people.actions.checks import note, require_work_with
from inroads.people.models import Contact, Person
from inroads.people.queries.contacts import how_told
from inroads.people.queries.reachable import how_to_reach
from inroads.post.actions import cancel as cancel_message
from inroads.post.actions import send
from inroads.post.models import State as PostState
from inroads.post.queries import states_of

AGAIN = timedelta(days=3)
MOST_TRIES = 3
HAND_OVER = "people.contacts"
NOT_ARRIVED = (PostState.FAILED, PostState.UNSURE)
BOXES = ("[  ] Yes", "[  ] A bit", "[  ] No", "[  ] I prefer not to say")
SUBJECT = "A message from {organisation}"


@transaction.atomic
def plan_contact(*, person: Person, key: str, why: str, words: str, due_on: date, link: str = "") -> Contact:
    """Tell or ask the person this on a day, or as soon after as there is somebody. Once for each key."""
    made, _ = Contact.objects.get_or_create(
        key=key,
        defaults={"person": person, "why": Contact.Why(why), "words": tidy(words), "due_on": due_on, "link": link},
    )
    if due_on <= timezone.localdate():
        schedule.soon(HAND_OVER)
    return made


@transaction.atomic
def cancel_contact(*, key: str) -> None:
    """It is not needed any more. What has left already has left."""
    for kept in Contact.objects.select_for_update().filter(key=key):
        _take_back(kept)


@transaction.atomic
def cancel_contacts(*, person: Person, prefix: str) -> None:
    """As `cancel_contact`, for whatever this person was to be told or asked under keys that begin so."""
    for kept in Contact.objects.select_for_update().filter(person=person, key__startswith=prefix).order_by("pk"):
        _take_back(kept)


def _take_back(kept: Contact) -> None:
    if kept.state not in (Contact.State.PLANNED, Contact.State.SENT):
        return
    if kept.state == Contact.State.PLANNED or cancel_message(key=_post_key(kept)):
        _set(kept, Contact.State.CANCELLED)


@transaction.atomic
def hand_over(*, contact: Contact, on: date) -> bool:
    """Give what is due to the post, where the person is told things that way. Says whether it did.

    An address that nothing can be sent to leaves it on the list of those who are rung, and nothing is lost.
    """
    audit.hold()
    kept = Contact.objects.select_for_update(of=("self",)).select_related("person__organisation").get(pk=contact.pk)
    if kept.state != Contact.State.PLANNED or kept.due_on > on or kept.by_hand:
        return False
    told = how_told(kept.person)
    kept.way = told.way
    kept.save(update_fields=("way",))
    if not told.channel:
        return _rings(kept)
    organisation = kept.person.organisation
    try:
        # Of its own, so that a refusal takes back nothing else.
        with transaction.atomic():
            send(
                key=_post_key(kept),
                channel=told.channel,
                to=told.to,
                subject=SUBJECT.format(organisation=organisation.name),
                body=message(kept, letter=told.channel == "letter"),
                organisation=organisation,
                about=kept.person,
                points=told.points,
            )
    except Refused:
        return _rings(kept)
    _set(kept, Contact.State.SENT)
    note("contact_sent", kept.person, None, why=str(kept.why), way=str(kept.way))
    return True


@transaction.atomic
def call_back(*, person: Person) -> int:
    """How somebody is told things has changed: what has not left yet does not go to the old address. Returns how many.

    It is handed over again, as they like it now; a letter that waits to be printed as well.
    """
    back = 0
    for kept in Contact.objects.select_for_update().filter(person=person, state=Contact.State.SENT):
        if cancel_message(key=_post_key(kept)):
            # A cancelled message keeps its key, so the next one has another.
            kept.round += 1
            kept.by_hand = False
            kept.save(update_fields=("round", "by_hand"))
            _set(kept, Contact.State.PLANNED)
            back += 1
    Contact.objects.filter(person=person, state=Contact.State.PLANNED, by_hand=True, tries=0).update(by_hand=False)
    schedule.soon(HAND_OVER)
    return back


def lost_on_the_way(*, since: datetime) -> list[Contact]:
    """What was handed to the post since a moment and did not arrive, or of which nobody knows."""
    sent = {_post_key(each): each for each in Contact.objects.filter(state=Contact.State.SENT, changed_at__gt=since)}
    states = states_of(list(sent))
    return [each for key, each in sent.items() if states.get(key) in NOT_ARRIVED]


@transaction.atomic
def bring_back(*, contact: Contact) -> bool:
    """Its message did not arrive, or nobody knows: somebody rings instead. Says whether it came back to the list."""
    audit.hold()
    kept = Contact.objects.select_for_update(of=("self",)).select_related("person__organisation").get(pk=contact.pk)
    if kept.state != Contact.State.SENT or states_of([_post_key(kept)]).get(_post_key(kept)) not in NOT_ARRIVED:
        return False
    kept.by_hand = True
    kept.save(update_fields=("by_hand",))
    _set(kept, Contact.State.PLANNED)
    note("contact_brought_back", kept.person, None, why=str(kept.why))
    return True


@transaction.atomic
def record_contact(*, contact: Contact, reached: bool, by: User) -> Contact:
    """Somebody rang or saw them, or tried to. After three tries in vain it stays in the record as not reached."""
    audit.hold()
    kept = Contact.objects.select_for_update(of=("self",)).select_related("person__organisation").get(pk=contact.pk)
    require_work_with(by, kept.person)
    if kept.state not in (Contact.State.PLANNED, Contact.State.SENT):
        raise Refused("Somebody else wrote down what became of this. Look at the list again")
    kept.done_by = by
    if reached:
        _set(kept, Contact.State.DONE)
    else:
        kept.tries += 1
        kept.due_on = timezone.localdate() + AGAIN
        _set(kept, Contact.State.NOT_REACHED if kept.tries >= MOST_TRIES else Contact.State.PLANNED)
    note("contact_recorded", kept.person, by, why=str(kept.why), reached=reached, tries=kept.tries)
    return kept


def message(contact: Contact, *, letter: bool = False) -> str:
    """What stands in the message. It names the touchpoint and the team, as the person would: they chose this channel.

    A private touchpoint is never named (`referral_messages.place_of`).

    A letter that asks something can be ticked and sent back: staff key it in by its code.
    """
    parts = [f"Hello {contact.person.known_as}.", contact.words]
    if contact.link and letter and contact.why == Contact.Why.HELPED:
        code = as_written(contact.link.rstrip("/").rsplit("/", 2)[-2])
        parts += ["Tick one, and send this page back:", *BOXES, f"Code: {code}"]
        parts.append(f"Or open {contact.link}")
    elif contact.link:
        parts.append(f"To answer, open {contact.link}")
    parts.append(f"You can also ring or see us: {how_to_reach(contact.person.organisation)}")
    return "\n\n".join(parts)


def _rings(kept: Contact) -> bool:
    """Nothing goes out to them by itself: from now on it stands on the list of those whom somebody rings."""
    kept.by_hand = True
    kept.save(update_fields=("by_hand",))
    return False


def _post_key(contact: Contact) -> str:
    return f"contact-{contact.pk}" + (f"-{contact.round}" if contact.round else "")


def _set(contact: Contact, state: str) -> None:
    contact.state, contact.changed_at = state, timezone.now()
    contact.save(update_fields=("state", "changed_at", "due_on", "tries", "done_by"))

"""What people decide about messages: letters that were posted, and those that could not be sent or may have been."""

from collections.abc import Iterable
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from inroads.accounts import audit
from inroads.accounts.actions import Refused
from inroads.accounts.models import User
from inroads.jobs import schedule
from inroads.post.actions.outbox import DELIVER
from inroads.post.models import Channel, Message, State
from inroads.post.queries import TO_SETTLE, visible_to

SETTLED = "Somebody has settled this meanwhile. Look at the list again"


@transaction.atomic
def mark_printed(*, messages: Iterable[UUID], by: User) -> int:
    """These letters were printed and posted. Gives back how many were still waiting; the others stay as they are."""
    audit.hold()
    wanted = set(messages)
    waiting = visible_to(by).filter(pk__in=wanted, channel=Channel.LETTER).select_for_update(of=("self",))
    found = list(waiting.order_by("pk"))
    if len(found) < len(wanted):
        raise PermissionDenied("These are not all letters of the people you work with")
    now = timezone.now()
    marked = [each for each in found if each.state == State.WAITING]
    for message in marked:
        message.sent_at = now
        _settle(message, State.PRINTED, "letter_printed", by)
    return len(marked)


@transaction.atomic
def send_again(*, message: Message, by: User) -> Message:
    """Sends it once more. A person decided so, who knows that it may arrive twice where it was unsure."""
    kept = _held(message, by)
    kept.not_before, kept.tries, kept.error = timezone.now(), 0, ""
    _settle(kept, State.WAITING, "message_sent_again", by)
    schedule.soon(DELIVER)
    return kept


@transaction.atomic
def it_arrived(*, message: Message, by: User) -> Message:
    """It was sent all the same: the person has it."""
    kept = _held(message, by)
    kept.sent_at = timezone.now()
    _settle(kept, State.SENT, "message_found_arrived", by)
    return kept


@transaction.atomic
def told_otherwise(*, message: Message, by: User) -> Message:
    """The person was told in another way, so it need not be sent."""
    kept = _held(message, by)
    _settle(kept, State.CANCELLED, "message_told_otherwise", by)
    return kept


def _held(message: Message, by: User) -> Message:
    audit.hold()
    kept = visible_to(by).select_for_update(of=("self",)).filter(pk=message.pk).first()
    if kept is None:
        raise PermissionDenied("This message is not about somebody you work with")
    if kept.state not in TO_SETTLE:
        raise Refused(SETTLED)
    return kept


def _settle(message: Message, state: State, action: str, by: User) -> None:
    details = {"channel": str(message.channel), "was": str(message.state)}
    message.state, message.changed_at = state, timezone.now()
    message.save(update_fields=("state", "changed_at", "not_before", "tries", "error", "sent_at"))
    audit.record(action=action, by=by, about=message, organisation=message.organisation, details=details)

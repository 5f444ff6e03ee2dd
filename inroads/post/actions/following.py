"""Whether what was handed over arrived: a phone may be gone, a mailbox full, and then a person should know."""

from django.utils import timezone

from inroads.jobs.worker import stopping
from inroads.post.backends import NotNow, Rejected, way_for
from inroads.post.models import Message, State


def follow() -> int:
    """Asks after messages that left in the last days. What did not arrive is failed, for somebody to settle.

    Gives back how many did not arrive.
    """
    lost, shut = 0, set[str]()
    for message in Message.objects.filter(state=State.SENT, follow_until__gt=timezone.now()).order_by("follow_until"):
        way = way_for(message.channel)
        if stopping():
            break
        if way is None or not way.follows or message.channel in shut:
            continue
        try:
            found = way.find(message)
        except (NotNow, Rejected):
            # Nothing is lost by asking later.
            shut.add(message.channel)
            continue
        if found is not None and found.failed:
            again = {"round": message.round + 1, "ask_first": False, "sent_at": None}
            lost += _change(message, state=State.FAILED, error=found.failed, changed_at=timezone.now(), **again)
        elif found is not None and found.delivered:
            _change(message)
    return lost


def _change(message: Message, **details: object) -> int:
    # Only while it is as it was asked about: somebody may have settled it meanwhile.
    return Message.objects.filter(pk=message.pk, state=State.SENT).update(follow_until=None, **details)

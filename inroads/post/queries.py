"""What is read of the post: which ways are set up, and which messages a user may see."""

from collections.abc import Iterable

from django.conf import settings
from django.db.models import Q, QuerySet
from django.utils import timezone

from inroads.accounts.permissions import Permission
from inroads.accounts.queries import Somebody, highest_where
from inroads.post.models import Channel, Message, State

TO_SETTLE = (State.FAILED, State.UNSURE)
# Messages that are not about a person come back to those who keep what they are about.
KEPT_BY = {"directory.": Permission.KEEP_DIRECTORY, "learning.": Permission.REVIEW_APPS}
SETTLING = (Permission.WORK_WITH_PEOPLE, *KEPT_BY.values())


def channels() -> frozenset[Channel]:
    """The ways in which messages can leave here. Letters always can: somebody prints them."""
    named = (Channel.TEXT, Channel.EMAIL)
    return frozenset([Channel.LETTER, *(each for each in named if settings.POST_BACKENDS.get(each))])


def visible_to(user: Somebody) -> QuerySet[Message]:
    """Messages of the organisations in which this user works with people, or keeps what they are about."""
    inside = _inside(user, Permission.WORK_WITH_PEOPLE)
    for kind, permission in KEPT_BY.items():
        inside |= _inside(user, permission) & Q(about_kind__startswith=kind)
    return Message.objects.filter(inside).select_related("organisation")


def to_settle(user: Somebody) -> QuerySet[Message]:
    """What could not be sent, or may have been, the oldest first."""
    return visible_to(user).filter(state__in=TO_SETTLE).order_by("changed_at", "pk")


def letters_to_print(user: Somebody) -> QuerySet[Message]:
    """Letters that wait for somebody to print and post them, those that are due, the oldest first."""
    waiting = visible_to(user).filter(channel=Channel.LETTER, state=State.WAITING, not_before__lte=timezone.now())
    return waiting.order_by("not_before", "pk")


def states_of(keys: Iterable[str]) -> dict[str, State]:
    """What became of the messages under these keys; those of which there is none are left out.

    For rooms that asked for them, which ask by themselves who may know.
    """
    found = Message.objects.filter(key__in=list(keys)).values_list("key", "state")
    return {key: State(state) for key, state in found}


def _inside(user: Somebody, permission: Permission) -> Q:
    inside = Q(pk__in=())
    for place in highest_where(user, permission):
        inside |= Q(organisation__path__startswith=place.path)
    return inside

"""What was said to somebody is not kept longer than it is needed."""

from datetime import timedelta

from django.conf import settings
from django.utils import timezone

from inroads.post.models import Message, State

OVER = (State.SENT, State.PRINTED, State.CANCELLED)


def empty_old() -> int:
    """Empties what messages said, and to whom, some time after they left. That they were sent stays known."""
    now = timezone.now()
    old = Message.objects.filter(state__in=OVER, emptied_at=None)
    old = old.filter(changed_at__lt=now - timedelta(days=settings.POST_KEEP_DAYS))
    return old.update(to="", subject="", body="", emptied_at=now)

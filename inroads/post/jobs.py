"""What the post does again and again."""

from datetime import timedelta

from django.conf import settings

from inroads.jobs.schedule import every
from inroads.post.actions.emptying import empty_old
from inroads.post.actions.following import follow
from inroads.post.actions.outbox import DELIVER
from inroads.post.actions.sending import deliver


@every(timedelta(seconds=settings.POST_EVERY_SECONDS), name=DELIVER)
def send_what_is_due() -> None:
    """Sends what is due: at once where a message was just written, else within a minute."""
    deliver()


@every(timedelta(hours=1), name="post.follow")
def ask_what_became_of_messages() -> None:
    """Asks whether messages that left have arrived. Those that did not come back to a person."""
    follow()


@every(timedelta(days=1), name="post.empty")
def empty_what_is_old() -> None:
    """Empties what was said long ago."""
    empty_old()

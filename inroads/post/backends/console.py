"""Messages on the screen of whoever builds. Nobody can ask a screen, so what a crash cut short is unsure."""

import sys

from inroads.post.backends import Found
from inroads.post.models import Message


class Backend:
    """Writes each message to the standard output."""

    can_ask = False
    follows = False

    def find(self, message: Message) -> Found | None:
        """Never known."""
        return None

    def hand_over(self, message: Message) -> str:
        """Writes it out."""
        sys.stdout.write(f"--- {message.channel} to {message.to}\n{message.subject}\n\n{message.body}\n---\n")
        sys.stdout.flush()
        return str(message.pk)

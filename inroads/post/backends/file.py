"""One file for each message, named by its id. It is there whole or not at all, and never twice."""

import logging
import os
from contextlib import suppress
from pathlib import Path

from django.conf import settings

from inroads.post.backends import Found, NotNow
from inroads.post.models import Message

logger = logging.getLogger("inroads.post")


class Backend:
    """Puts messages down as files in the folder POST_DIR, which nobody else may read."""

    can_ask = True
    follows = False

    def find(self, message: Message) -> Found | None:
        """The file of an earlier try, where it is there."""
        return Found(_path(message).name) if _path(message).exists() else None

    def hand_over(self, message: Message) -> str:
        """Writes it beside and gives it its name at once, unless something has that name already."""
        path = _path(message)
        beside = path.with_suffix(f".{os.getpid()}.part")
        words = f"Channel: {message.channel}\nTo: {message.to}\nSubject: {message.subject}\n\n{message.body}\n"
        try:
            path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            with os.fdopen(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as out:
                out.write(words)
                out.flush()
                os.fsync(out.fileno())
            with suppress(FileExistsError):
                os.link(beside, path)
            beside.unlink()
        except OSError as error:
            logger.warning("The folder for messages cannot be written to: %s", error.strerror)
            raise NotNow("The folder for messages cannot be written to", all=True) from None
        return path.name


def _path(message: Message) -> Path:
    return Path(settings.POST_DIR) / f"{message.pk}.txt"

"""How messages leave. Each way is a module with a class `Backend`; settings say which one a channel uses."""

from dataclasses import dataclass
from importlib import import_module
from typing import Protocol

from django.conf import settings

from inroads.post.models import Message

NAMES = ("console", "file", "smtp", "notify")


class NotNow(Exception):  # noqa: N818 - it is a fact
    """It could not be handed over now. `maybe`: it may have been all the same. `all`: nor can any other be."""

    def __init__(self, why: str, *, maybe: bool = False, all: bool = False) -> None:
        super().__init__(why)
        self.maybe = maybe
        self.all = all


class Rejected(Exception):  # noqa: N818 - it is a fact
    """It was not taken, and will not be; the words say why, without anything that is about a person."""


class Unsure(Exception):  # noqa: N818 - it is a fact
    """It may have been taken, and there is nobody to ask. A person decides."""


@dataclass(frozen=True)
class Found:
    """A message that arrived at the service earlier.

    `failed` says why it went no further, "" where it did or is on its way; `delivered` is whether the person has it.
    """

    reference: str
    failed: str = ""
    delivered: bool = False


class Way(Protocol):
    """What a backend does.

    `can_ask` is whether `find` can tell if an earlier try arrived, `follows` whether it also learns what became of it.
    """

    can_ask: bool
    follows: bool

    def find(self, message: Message) -> Found | None:
        """What arrived of this message earlier, or None. Raises `NotNow`."""

    def hand_over(self, message: Message) -> str:
        """Hands it over, and gives back its reference there. Raises `NotNow`, `Rejected` or `Unsure`."""


def way_for(channel: str) -> Way | None:
    """How messages of this channel leave; None where it is not set up."""
    name = settings.POST_BACKENDS.get(channel, "")
    if not name:
        return None
    if name not in NAMES:
        raise ValueError(f"POST_BACKENDS: '{name}' for {channel}: expected one of {', '.join(NAMES)}")
    return import_module(f"inroads.post.backends.{name}").Backend()

"""The rules by which ways are offered, withdrawn and kept: pure, without a database.

Actions and queries use them on stored options; a model check in the tests uses the same functions on a small world and
walks through every sequence of actions in it. A moment is whatever can be compared: a date with time, or a number.
"""

from collections.abc import Iterable
from typing import Any, Protocol, TypeVar


class Way(Protocol):
    """What the rules need to know of an option."""

    digital: bool
    leaving: bool
    offered_at: Any
    withdrawn_at: Any


Some = TypeVar("Some", bound=Way)


def is_draft(way: Way) -> bool:
    """Not offered to anybody yet."""
    return way.offered_at is None


def is_available(way: Way, since: Any | None, at: Any) -> bool:
    """Whether at a moment somebody who came to the pathway at `since` can choose this way; None where they have not.

    What was withdrawn after they came stays theirs.
    """
    if way.offered_at is None or way.offered_at > at:
        return False
    return way.withdrawn_at is None or (since is not None and way.withdrawn_at > since)


def is_staying(way: Way) -> bool:
    """Whether this way is offered to everybody once the pathway is published."""
    return way.withdrawn_at is None and not way.leaving


def is_red(ways: Iterable[Way]) -> bool:
    """Whether a stage with these ways would be left without one that is not digital."""
    return not any(is_staying(way) and not way.digital for way in ways)


def moment_of_publishing(now: Any, last_came: Any | None, instant: Any) -> Any:
    """When what leaves is withdrawn: after everybody who has come so far, even where a clock stood still or went back.

    `instant` is the smallest step of time.
    """
    return now if last_came is None or now > last_came else last_came + instant


def publish(ways: Iterable[Some], moment: Any) -> list[Some]:
    """Offer the drafts and withdraw what was marked to leave, all at one moment. Gives those that changed."""
    changed = []
    for way in ways:
        if is_draft(way):
            way.offered_at = moment
        elif way.leaving and way.withdrawn_at is None:
            way.withdrawn_at, way.leaving = moment, False
        else:
            continue
        changed.append(way)
    return changed

"""What is found at one stage of a pathway: pure, from its ways alone, without a database.

The rules by which ways are offered and withdrawn are those of `inroads.people.queries.ways`.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from itertools import pairwise

from inroads.people.models import Option
from inroads.people.queries import ways as rules
from inroads.reference.definitions.care import ways


class Finding(StrEnum):
    """The one thing that is said first about a stage, the worst first."""

    ONLY_DIGITAL = "only_digital"
    TURNS_ONLY_DIGITAL = "turns_only_digital"
    NO_WAY = "no_way"
    MENDED_BY_DRAFT = "mended_by_draft"
    THIN = "thin"
    ANOTHER_WAY = "another_way"


class Thin(StrEnum):
    """Why the other way of a stage may not be one for everybody."""

    ONE_PLACE = "one_place"
    ONE_TIME = "one_time"
    NEEDS_A_PHONE = "needs_a_phone"
    LEAVING = "leaving"


# Ways that are not digital and yet ask for a phone: whoever has lost theirs has none of them.
BY_PHONE = frozenset({"phone", "crisis_line"})


@dataclass(frozen=True)
class OnlyDigitalSpan:
    """From `since` to before `until`, whoever came was offered ways at this stage and each of them was digital."""

    since: datetime
    until: datetime


@dataclass(frozen=True)
class Verdict:
    """A stage as it stands.

    `now`: offered to everybody today; `drafted`: offered once published; `leaving`: those of `now` that go then.
    `later`: what everybody is offered once published. `thin` is about the ways that are not digital and stay.
    `hard_whichever`: ids of the barriers with which every way that stays is hard.
    """

    now: tuple[Option, ...]
    drafted: tuple[Option, ...]
    leaving: tuple[Option, ...]
    later: tuple[Option, ...]
    only_digital_now: bool
    only_digital_later: bool
    before: tuple[OnlyDigitalSpan, ...]
    thin: tuple[Thin, ...]
    hard_whichever: tuple[str, ...]

    @property
    def finding(self) -> Finding:
        """What is said first."""
        if self.only_digital_later:
            return Finding.ONLY_DIGITAL if self.only_digital_now or not self.now else Finding.TURNS_ONLY_DIGITAL
        if not self.later:
            return Finding.NO_WAY
        if self.only_digital_now:
            return Finding.MENDED_BY_DRAFT
        return Finding.THIN if self.thin else Finding.ANOTHER_WAY

    @property
    def leaves_people_out(self) -> bool:
        """Whether somebody who cannot use digital care has no way here, now or once published."""
        return self.only_digital_now or self.only_digital_later or not self.later


def verdict_of(options: Iterable[Option], *, with_drafts: bool = True) -> Verdict:
    """What is found at a stage with these ways, in their order.

    `with_drafts`: false for readers who see only what is published. Nothing is judged then that is not public yet: ways
    that leave count as staying, because what comes in their place is not shown.
    """
    listed = list(options)
    now = tuple(each for each in listed if not rules.is_draft(each) and each.withdrawn_at is None)
    drafted = tuple(each for each in listed if rules.is_draft(each)) if with_drafts else ()
    leaving = tuple(each for each in now if each.leaving)
    later = tuple(each for each in (*now, *drafted) if rules.is_staying(each)) if with_drafts else now
    return Verdict(
        now=now,
        drafted=drafted,
        leaving=leaving,
        later=later,
        only_digital_now=_only_digital(now),
        only_digital_later=_only_digital(later),
        before=_spans(listed),
        thin=_thin(later, leaving),
        hard_whichever=_hard_whichever(later),
    )


def _only_digital(listed: Iterable[Option]) -> bool:
    """Whether there are ways and each is digital; a stage without any is another matter."""
    kinds = [each.digital for each in listed]
    return bool(kinds) and all(kinds)


def _thin(later: tuple[Option, ...], leaving: tuple[Option, ...]) -> tuple[Thin, ...]:
    others = [each for each in later if not each.digital]
    found = []
    if others:
        if _one(each.where for each in others):
            found.append(Thin.ONE_PLACE)
        if _one(each.when for each in others):
            found.append(Thin.ONE_TIME)
        if all(each.way in BY_PHONE for each in others):
            found.append(Thin.NEEDS_A_PHONE)
    if any(not each.digital for each in leaving):
        found.append(Thin.LEAVING)
    return tuple(found)


def _one(said: Iterable[str]) -> bool:
    """Whether all say the same; what says nothing may be anywhere, at any time."""
    named = {" ".join(each.casefold().split()) for each in said}
    return len(named) == 1 and "" not in named


def _hard_whichever(later: tuple[Option, ...]) -> tuple[str, ...]:
    known = ways()
    hard = [known[each.way].hard_with if each.way in known else () for each in later]
    if not hard:
        return ()
    return tuple(barrier for barrier in hard[0] if all(barrier in each for each in hard[1:]))


def _spans(listed: list[Option]) -> tuple[OnlyDigitalSpan, ...]:
    """Earlier times when only digital ways were offered, oldest first; one that still lasts is not among them."""
    offered = [each for each in listed if each.offered_at is not None]
    turns = sorted({at for each in offered for at in (each.offered_at, each.withdrawn_at) if at is not None})
    found: list[OnlyDigitalSpan] = []
    for since, until in pairwise(turns):
        live = [
            each
            for each in offered
            if each.offered_at <= since and (each.withdrawn_at is None or each.withdrawn_at > since)
        ]
        if not _only_digital(live):
            continue
        if found and found[-1].until == since:
            found[-1] = OnlyDigitalSpan(found[-1].since, until)
        else:
            found.append(OnlyDigitalSpan(since, until))
    return tuple(found)

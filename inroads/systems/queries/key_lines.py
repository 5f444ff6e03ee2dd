"""What systems answer to the key lines of enquiry in a wave, and what share of them agrees."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

import numpy as np
from django.db.models import Q, QuerySet

from inroads.accounts.permissions import Permission
from inroads.accounts.queries import Somebody, organisations_where
from inroads.methods.quantiles import normal, wilson
from inroads.reference.definitions import load
from inroads.reference.definitions.framework import KeyLine
from inroads.reference.models import Kind, Organisation
from inroads.systems.models import KeyAnswer, KeyLineAnswer, Return, Wave
from inroads.systems.permissions import may_keep_returns, may_read_returns
from inroads.systems.queries.return_scores import finished

SAYS = (KeyAnswer.AGREE, KeyAnswer.PARTLY, KeyAnswer.DISAGREE)
CONFIDENCE = 0.95


@dataclass(frozen=True)
class Share:
    """What share of the systems that say something gave this answer, with the ends of Wilson's interval."""

    answer: KeyAnswer
    number: int
    share: float
    low: float
    high: float


@dataclass(frozen=True)
class Answered:
    """One key line in a wave.

    shares
        Of agree, partly and disagree, among the `n` systems that say one of them; empty where none does.
    not_said
        Systems whose return was looked at and does not say.
    unknown
        Systems of which nobody has written an answer down.
    """

    key_line: KeyLine
    n: int
    shares: tuple[Share, ...]
    not_said: int
    unknown: int
    answers: tuple[KeyLineAnswer, ...]


def key_lines() -> list[KeyLine]:
    """All key lines of enquiry, in their order."""
    return sorted(load(KeyLine).values(), key=lambda each: (each.order, each.id))


def systems_counted(user: Somebody) -> QuerySet[Organisation]:
    """Integrated care systems of which this user may see how many agree: those they keep, or see in the landscape."""
    seen = Q(pk__in=organisations_where(user, Permission.KEEP_RETURNS))
    seen |= Q(pk__in=organisations_where(user, Permission.SEE_LANDSCAPE))
    return Organisation.objects.filter(seen, kind=Kind.ICS).order_by("name", "pk")


def answered(wave: Wave, systems: Iterable[Organisation]) -> list[Answered]:
    """Every key line with the answers of these systems in a wave, the latest of each."""
    listed = {each.pk: each for each in systems}
    latest: dict[tuple[str, UUID], KeyLineAnswer] = {}
    rows = KeyLineAnswer.objects.filter(wave=wave, organisation__in=list(listed))
    for row in rows.select_related("organisation", "of", "recorded_by").defer("of__text").order_by("pk"):
        latest[row.key_line, row.organisation_id] = row
    return [
        _answered(each, [latest[each.id, system] for system in listed if (each.id, system) in latest], len(listed))
        for each in key_lines()
    ]


def answers_of(wave: Wave, system: Organisation, key_line: str) -> list[KeyLineAnswer]:
    """All answers of one system to one key line in a wave, in the order in which they were written down."""
    rows = KeyLineAnswer.objects.filter(wave=wave, organisation=system, key_line=key_line)
    return list(rows.select_related("recorded_by", "of").defer("of__text").order_by("pk"))


def may_answer(user: Somebody, wave: Wave, system: Organisation) -> bool:
    """Whether this user may write down what a system answers: its keeper, or a reader of its return in this wave.

    A reader may once both have finished, so that no reader learns before what the other made of it.
    """
    if not user.is_authenticated:
        return False
    if may_keep_returns(user, system):
        return True
    read = Return.objects.filter(wave=wave, organisation=system, readings__reader_id=user.pk)
    return may_read_returns(user, system) and finished(read).exists()


def returns_of(wave: Wave, system: Organisation) -> list[Return]:
    """The returns of a system in a wave, from which an answer may come."""
    return list(Return.objects.filter(wave=wave, organisation=system).defer("text").order_by("recorded_at", "pk"))


def _answered(key_line: KeyLine, answers: list[KeyLineAnswer], systems: int) -> Answered:
    counted = Counter(each.answer for each in answers)
    n = sum(counted[each] for each in SAYS)
    shares = np.array([counted[each] / n for each in SAYS]) if n else np.zeros(0)
    low, high = wilson(shares, n, normal(CONFIDENCE)) if n else (shares, shares)
    return Answered(
        key_line=key_line,
        n=n,
        shares=tuple(
            Share(answer, counted[answer], float(share), float(below), float(above))
            for answer, share, below, above in zip(SAYS, shares, low, high, strict=False)
        ),
        not_said=counted[KeyAnswer.NOT_SAID],
        unknown=systems - len(answers),
        answers=tuple(answers),
    )


def systems_kept(user: Somebody) -> QuerySet[UUID]:
    """Ids of the systems whose returns this user keeps."""
    return organisations_where(user, Permission.KEEP_RETURNS).filter(kind=Kind.ICS).values_list("pk", flat=True)


def rows_of(found: Answered, systems: Iterable[Organisation]) -> list[tuple[Organisation, KeyLineAnswer | None]]:
    """Each of these systems with its answer, None where nobody has written one down."""
    answers = {each.organisation_id: each for each in found.answers}
    return [(each, answers.get(each.pk)) for each in systems]

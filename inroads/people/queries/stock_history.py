"""What the forecast of a stock is made from: how many were asked for in each week, and how long things stayed out."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Min
from django.utils import timezone

from inroads.people.models import Item, ItemState, Loan, Waiting

WEEK = timedelta(days=7)
# Two years: what is older says little of the weeks to come.
MOST_WEEKS = 104
FREE_SOON = (ItemState.IN_STOCK, ItemState.BACK, ItemState.WIPING)
NEVER_BACK = (Loan.Ended.LOST, Loan.Ended.STOLEN, Loan.Ended.PAWNED, Loan.Ended.THEIRS)


@dataclass
class KindHistory:
    """One kind of kit in numbers, as `inroads.methods.stock.forecast` takes them."""

    kind: str
    requests: list[int]
    in_stock: int = 0
    on_loan: int = 0
    waiting: int = 0
    loan_lengths: list[int] = field(default_factory=list)
    ended: list[bool] = field(default_factory=list)
    lost: list[bool] = field(default_factory=list)
    on_loan_ages: list[int] = field(default_factory=list)


def history_in(inside: Sequence[UUID], *, at: datetime | None = None) -> Mapping[str, KindHistory]:
    """The history of each kind in the stocks of these organisations, by kind.

    A week of it counts from when the first item of the kind was added, two years at most. Asked for is what was lent or
    reserved, and what somebody waited for in vain; what waits and is met later counts when it was lent.
    """
    now = at or timezone.now()
    items = Item.objects.filter(organisation__in=inside)
    began = dict(items.order_by().values_list("kind").annotate(first=Min("events__at")))
    found = {
        kind: KindHistory(kind, [0] * min(MOST_WEEKS, max(0, int((now - first) / WEEK))))
        for kind, first in began.items()
    }
    for kind, state in items.order_by().values_list("kind", "state"):
        found[kind].in_stock += state in FREE_SOON
        found[kind].on_loan += state in (ItemState.ON_LOAN, ItemState.RESERVED)
    loans = Loan.objects.filter(item__organisation__in=inside).exclude(ended_how=Loan.Ended.FREED)
    for kind, begun, ended, how in loans.order_by("begun_at").values_list(
        "item__kind", "begun_at", "ended_at", "ended_how"
    ):
        here = found[kind]
        _count(here, begun, now)
        if ended is None:
            here.on_loan_ages.append(_weeks(begun, now))
        elif now - begun <= MOST_WEEKS * WEEK:
            here.loan_lengths.append(_weeks(begun, ended))
            here.ended.append(True)
            here.lost.append(how in NEVER_BACK)
    waits = Waiting.objects.filter(organisation__in=inside, met=False, kind__in=found)
    for kind, asked, ended in waits.values_list("kind", "recorded_at", "ended_at"):
        _count(found[kind], asked, now)
        found[kind].waiting += ended is None
    return found


def _count(history: KindHistory, moment: datetime, now: datetime) -> None:
    """One more asked for in the week of this moment, where it is one of those that are whole."""
    back = _weeks(moment, now)
    if back < len(history.requests):
        history.requests[-1 - back] += 1


def _weeks(begun: datetime, ended: datetime) -> int:
    return max(0, int((ended - begun) / WEEK))

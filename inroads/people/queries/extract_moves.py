"""The tables `referrals` and `loans` of the extract: where somebody was passed on to, and what they borrowed."""

from collections.abc import Iterator
from datetime import date
from uuid import UUID

import numpy as np
import pyarrow as pa
from django.db.models.functions import TruncDate
from numpy.typing import NDArray

from inroads.analytics.extract import Building
from inroads.analytics.extract_writing import Parts, Pseudonyms, Words, coded, last_of_each, write_table
from inroads.directory.models import Service
from inroads.people.models import Loan, ReferralEvent
from inroads.people.queries.bulk import Snapshot
from inroads.people.queries.bulk_engines import EPOCH, NO_DAY, Kind
from inroads.people.queries.record import end_of

_EVENT = np.dtype(
    [("person", "i4"), ("day", "i1"), ("id", "i8"), ("first", "u8"), ("second", "u8"), ("service", "u8", (2,)),
     ("help", "i4"), ("state", "i2"), ("answer", "i2"), ("since", "i4")]
)  # fmt: skip
_EVENTS: dict[str, Kind] = {
    "referral__person_id": "id",
    "pk": "number",
    "referral_id": "id",
    "referral__service_id": "id",
    "referral__help": "text",
    "state": "text",
    "answer": "text",
    "referral__since": "day",
    "on": "day",
}
_LENT = np.dtype(
    [("person", "i4"), ("kind", "i4"), ("lent_on", "i4"), ("ended_on", "i4"), ("how", "i2")],
)
_LOANS: dict[str, Kind] = {
    "person_id": "id",
    "item__kind": "text",
    "lent": "day",
    "ended": "day",
    "ended_how": "text",
}


def write_referrals(seen: Snapshot, built: Building, until: date, numbers: Pseudonyms) -> None:
    """Every referral as the last thing that had happened to it by the day left it.

    `since` is the day from which it has waited as it stands; that of the last thing that had happened where it has
    moved on after the day.
    """
    parts = Parts(_EVENT, built.folder, people=len(numbers))
    helps, states, answers = Words(), Words(), Words()
    happened = ReferralEvent.objects.filter(at__lte=end_of(until)).annotate(on=TruncDate("at"))
    last = (until - EPOCH).days
    for block in seen.blocks(happened, _EVENTS):
        parts.add(
            person=numbers.of(block["referral__person_id"]),
            day=np.zeros(len(block["pk"]), np.int8),
            id=block["pk"],
            first=block["referral_id"][:, 0],
            second=block["referral_id"][:, 1],
            service=block["referral__service_id"],
            help=helps.codes(block["referral__help"]),
            state=states.codes(block["state"]),
            answer=answers.codes(block["answer"]),
            since=np.where(block["referral__since"] <= last, block["referral__since"], block["on"]),
        )
    services = seen.together(Service.objects.all(), {"pk": "id", "touchpoint_id": "id"})
    touchpoint_of = dict(zip(_named(services["pk"]), _named(services["touchpoint_id"]), strict=True))

    def pieces() -> Iterator[dict[str, pa.Array]]:
        for part in parts:
            _, referral = np.unique(part[["first", "second"]], return_inverse=True)
            rows = last_of_each(part, referral)
            service = _named(rows["service"])
            yield {
                "person": pa.array(numbers.numbers[rows["person"]]),
                "touchpoint": pa.array([touchpoint_of[each] for each in service], pa.string()),
                "service": pa.array(service, pa.string()),
                "help": coded(rows["help"], helps),
                "state": coded(rows["state"], states),
                "answer": coded(rows["answer"], answers),
                "since": pa.array(rows["since"]).cast(pa.date32()),
            }

    built.rows["referrals"] = write_table(built.path("referrals"), "referrals", pieces())


def write_loans(seen: Snapshot, built: Building, until: date, numbers: Pseudonyms) -> None:
    """Everything that was handed over to a person; what was only kept for them is none of it."""
    parts, kinds, ends = Parts(_LENT, built.folder, people=len(numbers)), Words(), Words()
    ends.codes(pa.array([""]).dictionary_encode())
    lent = Loan.objects.filter(person__isnull=False, lent_at__lte=end_of(until))
    lent = lent.annotate(lent=TruncDate("lent_at"), ended=TruncDate("ended_at"))
    last = (until - EPOCH).days
    for block in seen.blocks(lent, _LOANS):
        open_then = (block["ended"] == NO_DAY) | (block["ended"] > last)
        parts.add(
            person=numbers.of(block["person_id"]),
            kind=kinds.codes(block["item__kind"]),
            lent_on=block["lent"],
            ended_on=np.where(open_then, NO_DAY, block["ended"]),
            how=np.where(open_then, 0, ends.codes(block["ended_how"])),
        )

    def pieces() -> Iterator[dict[str, pa.Array]]:
        for part in parts:
            rows = np.sort(part, order=("person", "lent_on", "kind"))
            yield {
                "person": pa.array(numbers.numbers[rows["person"]]),
                "kind": coded(rows["kind"], kinds),
                "lent_on": pa.array(rows["lent_on"]).cast(pa.date32()),
                "ended_on": pa.array(rows["ended_on"], mask=rows["ended_on"] == NO_DAY).cast(pa.date32()),
                "ended_how": coded(rows["how"], ends),
            }

    built.rows["loans"] = write_table(built.path("loans"), "loans", pieces())


def _named(ids: NDArray[np.uint64]) -> list[str]:
    return [str(UUID(bytes=each.tobytes())) for each in np.ascontiguousarray(ids)]

"""Whom touchpoints truly reach, by what people told us: counted behind disclosure control, once a month."""

from datetime import date, timedelta
from pathlib import Path
from uuid import UUID

import numpy as np
from django.db import transaction

from inroads.analytics.extract import open_extract
from inroads.analytics.reach import helped
from inroads.directory.models import Reach, Touchpoint
from inroads.methods.disclosure import protect
from inroads.reference.definitions import load
from inroads.reference.definitions.care import Community

YEAR = timedelta(days=365)


@transaction.atomic
def count_reach(*, until: date, store: Path) -> int:
    """Counts people of each community whom a touchpoint helped, in the year up to the last month that is over.

    Out of the extract in `store`, never out of records. A person counts once for a touchpoint. Counts of 1 to 7 are
    suppressed and others rounded to 5. As the year moves on by whole months only, two releases never differ by one
    person's answer of a day. Returns how many counts there are. Raises `ValueError` where the extract was never made,
    or ends before that month does.
    """
    last = until.replace(day=1) - timedelta(days=1)
    if Reach.objects.filter(until=last).exists():
        return 0
    found = [each for each in _helped(last, store) if each["community"] in load(Community)]
    there = {str(each) for each in Touchpoint.objects.values_list("pk", flat=True)} if found else set()
    touchpoints = sorted({each["touchpoint"] for each in found} & there)
    communities = list(load(Community))
    counts = np.zeros((len(touchpoints), len(communities)))
    for each in found:
        if each["touchpoint"] in there:
            counts[touchpoints.index(each["touchpoint"]), communities.index(each["community"])] = each["n"]
    Reach.objects.all().delete()
    if not counts.any():
        return 0
    released = protect(counts, margins=False)
    made = [
        Reach(
            touchpoint_id=UUID(touchpoints[row]),
            community=communities[column],
            helped=int(released.values[row, column]) if released.state[row, column] == "value" else None,
            state=str(released.state[row, column]),
            until=last,
        )
        for row, column in np.argwhere(counts > 0).tolist()
    ]
    Reach.objects.bulk_create(made)
    return len(made)


def _helped(last: date, store: Path) -> list[dict]:
    extract = open_extract(store)
    if extract is None:
        raise ValueError(f"{store}: no extract was made here yet; make it up to {last} at least")
    with extract:
        if extract.until < last:
            raise ValueError(f"{store}: the extract ends on {extract.until}; make it up to {last} at least")
        counted = helped(extract.table("referrals"), extract.table("people"), after=last - YEAR, until=last)
        rows: list[dict] = counted.to_pyarrow().to_pylist()
    return rows

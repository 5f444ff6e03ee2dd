"""Whom touchpoints truly reach, by what people told us: counted behind disclosure control, once a month."""

from datetime import date, timedelta

import numpy as np
from django.db import transaction
from django.db.models import OuterRef, Subquery

from inroads.directory.models import Reach
from inroads.methods.disclosure import protect
from inroads.people.models import AnswerValue, Preferences, Referral, ReferralEvent, ReferralState
from inroads.reference.definitions import load
from inroads.reference.definitions.care import Community

YEAR = timedelta(days=365)
HELPED = (AnswerValue.YES, AnswerValue.A_BIT)


@transaction.atomic
def count_reach(*, until: date) -> int:
    """Counts people of each community whom a touchpoint helped, in the year up to the last month that is over.

    A person counts once for a touchpoint. Counts of 1 to 7 are suppressed and others rounded to 5. As the year moves on
    by whole months only, two releases never differ by one person's answer of a day. Returns how many counts there are.
    """
    last = until.replace(day=1) - timedelta(days=1)
    if Reach.objects.filter(until=last).exists():
        return 0
    told = Referral.objects.filter(state=ReferralState.TOLD_BACK, since__gt=last - YEAR, since__lte=last)
    final = ReferralEvent.objects.filter(referral=OuterRef("pk")).order_by("-pk").values("answer")[:1]
    rows = told.annotate(final=Subquery(final)).values_list("service__touchpoint", "person", "final")
    helped = {(touchpoint, person) for touchpoint, person, answer in rows if answer in HELPED}
    if not helped:
        Reach.objects.all().delete()
        return 0
    people = {person for _, person in helped}
    kept = Preferences.objects.filter(person__in=people).order_by("pk").values_list("person", "communities")
    # The latest holds.
    communities_of = dict(kept)
    touchpoints = sorted({touchpoint for touchpoint, _ in helped}, key=str)
    communities = list(load(Community))
    counts = np.zeros((len(touchpoints), len(communities)))
    for touchpoint, person in helped:
        for each in communities_of.get(person, []):
            if each in communities:
                counts[touchpoints.index(touchpoint), communities.index(each)] += 1
    released = protect(counts, margins=False)
    Reach.objects.all().delete()
    made = [
        Reach(
            touchpoint_id=touchpoints[row],
            community=communities[column],
            helped=int(released.values[row, column]) if released.state[row, column] == "value" else None,
            state=str(released.state[row, column]),
            until=last,
        )
        for row, column in np.argwhere(counts > 0).tolist()
    ]
    Reach.objects.bulk_create(made)
    return len(made)

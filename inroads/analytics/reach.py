"""Whom touchpoints truly reach, out of the extract. True counts: they never leave as they are."""

from datetime import date

import ibis.expr.types as ir

HELPED = ("yes", "a_bit")
"""What somebody says whom it helped, a bit at least."""


def helped(referrals: ir.Table, people: ir.Table, *, after: date, until: date) -> ir.Table:
    """How many people of each community a touchpoint helped, as they say: touchpoint, community, n.

    Of referrals on which people told us back after the day `after`, up to and with `until`. Somebody counts once for a
    touchpoint however often it helped them, and in each community that they named.
    """
    told = referrals.filter(
        (referrals.state == "told_back")
        & referrals.answer.isin(HELPED)
        & (referrals.since > after)
        & (referrals.since <= until)
    )
    once = told.select("touchpoint", "person").distinct()
    joined = once.inner_join(people.select("person", "communities"), "person")
    named = joined.select("touchpoint", community=joined.communities.unnest())
    keys = ("touchpoint", "community")
    return named.group_by(keys).aggregate(n=named.count()).order_by(keys)

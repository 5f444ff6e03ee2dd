"""What is counted out of the extract of people's records, each as one Ibis expression: the same on DuckDB and Spark.

Counts here are true counts and never leave as they are: `inroads.released.counting` makes them fit to leave.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

import ibis
import ibis.expr.types as ir

SAYS_SOMETHING = ("yes", "a_bit", "no")
HARD = ("yes", "a_bit")
# What somebody says whom a touchpoint helped, a bit at least.
HELPED = ("yes", "a_bit")
# As many bits as a whole number has, less its sign.
MOST_TOPICS = 62
# Channels that only somebody who is online already can use.
DIGITAL = ("screen", "message", "video")


@dataclass(frozen=True)
class Tables:
    """The tables of an extract as Ibis sees them, whichever engine reads them. Columns: `inroads.analytics.extract`."""

    people: ir.Table
    answers: ir.Table
    choices: ir.Table
    referrals: ir.Table
    loans: ir.Table


def written_after(tables: Tables, since: date) -> Tables:
    """What was written down as said or chosen, asked for or borrowed after a day. A loan counts anew when it ends."""
    day = ibis.literal(since.isoformat(), "string").cast("date")
    loans = tables.loans
    return replace(
        tables,
        answers=tables.answers.filter(tables.answers.written_on > day),
        choices=tables.choices.filter(tables.choices.written_on > day),
        referrals=tables.referrals.filter(tables.referrals.since > day),
        loans=loans.filter((loans.lent_on > day) | (ibis.coalesce(loans.ended_on, loans.lent_on) > day)),
    )


def first_days(tables: Tables) -> ir.Table:
    """The day on which the first of the answers there are was written down: `day` by system."""
    joined = tables.answers.select("person", "written_on").inner_join(tables.people, "person")
    return joined.group_by("system").aggregate(day=joined.written_on.min()).order_by("system")


def heard(tables: Tables, *, barriers: Sequence[str], answers: Sequence[str], least_asked: int) -> ir.Table:
    """One row for each person who was asked: person, system, neighbourhood, age_band, communities, found, digital.

    Asked: at least `least_asked` of `barriers` have an answer that says something. `found`: one of these is among
    `answers`. `digital`: all that they said of it came through a digital channel; else somebody met or rang them.
    """
    said = tables.answers.filter(
        tables.answers.topic.isin(barriers)
        & tables.answers.answer.isin(SAYS_SOMETHING)
        & (tables.answers.asked_of == "person")
    )
    each = said.group_by("person").aggregate(
        said=said.count(),
        yes=said.answer.isin(answers).cast("int64").sum(),
        elsewhere=said.channel.notin(DIGITAL).cast("int64").sum(),
    )
    each = each.filter(each.said >= least_asked)
    joined = each.inner_join(tables.people, "person")
    return joined.select(
        "person",
        "system",
        "neighbourhood",
        "age_band",
        "communities",
        found=joined.yes > 0,
        digital=joined.elsewhere == 0,
    )


def by_neighbourhood(people: ir.Table) -> ir.Table:
    """People who were `heard`: n by system, neighbourhood, digital, found."""
    keys = ("system", "neighbourhood", "digital", "found")
    return people.group_by(keys).aggregate(n=people.count()).order_by(keys)


def by_community(people: ir.Table) -> ir.Table:
    """n by system, neighbourhood, group (a community), found. Whoever belongs to several counts in each."""
    keys = ("system", "neighbourhood", "group", "found")
    split = people.select("system", "neighbourhood", "found", group=people.communities.unnest())
    return split.group_by(keys).aggregate(n=split.count()).order_by(keys)


def by_age(people: ir.Table) -> ir.Table:
    """n by system, neighbourhood, group (an age band, "" where the day of birth is not known), found."""
    keys = ("system", "neighbourhood", "group", "found")
    named = people.select("system", "neighbourhood", "found", group=people.age_band)
    return named.group_by(keys).aggregate(n=named.count()).order_by(keys)


def by_channel(tables: Tables) -> ir.Table:
    """Occasions on which people spoke: n by system and channel, one a person, channel and day."""
    said = tables.answers.filter(tables.answers.asked_of == "person")
    once = said.select("person", "channel", "said_on").distinct()
    joined = once.inner_join(tables.people, "person")
    keys = ("system", "channel")
    return joined.group_by(keys).aggregate(n=joined.count()).order_by(keys)


def said_of_topics(tables: Tables, *, topics: Sequence[str], asked_of: str = "person") -> ir.Table:
    """What each person who answered anything said of all topics at once: person, system, communities, known, hard.

    `known` and `hard` have bit i set where topic i has an answer that says something, and where it is hard, or a bit.
    Raises `ValueError` for more topics than a whole number has bits.
    """
    if len(topics) > MOST_TOPICS:
        raise ValueError(f"topics: {len(topics)}; give {MOST_TOPICS} at most")
    bits = ibis.memtable(
        {"topic": list(topics), "bit": [1 << number for number in range(len(topics))]},
        schema={"topic": "string", "bit": "int64"},
    )
    answers = tables.answers
    said = answers.filter(answers.answer.isin(SAYS_SOMETHING) & (answers.asked_of == asked_of))
    # Joined, not compared with one topic after the other: there are tens of them.
    marked = said.select("person", "topic", hard=said.answer.isin(HARD)).inner_join(bits, "topic")
    # One answer a topic and person, so adding bits sets each once.
    each = marked.group_by("person").aggregate(
        known=marked.bit.sum().cast("int64"),
        hard=marked.hard.ifelse(marked.bit, ibis.literal(0, "int64")).sum().cast("int64"),
    )
    return each.inner_join(tables.people, "person").select("person", "system", "communities", "known", "hard")


def by_pattern(people: ir.Table) -> ir.Table:
    """How many people of `said_of_topics` said the same: n by system, known and hard, in no order."""
    return people.group_by("system", "known", "hard").aggregate(n=people.count())


def by_pattern_and_community(people: ir.Table) -> ir.Table:
    """`by_pattern` by community as well: n by system, community, known and hard, in no order."""
    split = people.select("system", "known", "hard", community=people.communities.unnest())
    return split.group_by("system", "community", "known", "hard").aggregate(n=split.count())


def by_way(tables: Tables) -> ir.Table:
    """What people chose last at each stage: n by system, pathway, stage, way ("" for not yet)."""
    joined = tables.choices.inner_join(tables.people, "person")
    keys = ("system", "pathway", "stage", "way")
    return joined.group_by(keys).aggregate(n=joined.count()).order_by(keys)


def by_pathway(tables: Tables) -> ir.Table:
    """People who are at any stage of a pathway, each once: n by system and pathway."""
    once = tables.choices.select("person", "pathway").distinct()
    joined = once.inner_join(tables.people, "person")
    keys = ("system", "pathway")
    return joined.group_by(keys).aggregate(n=joined.count()).order_by(keys)


def by_loan(tables: Tables) -> ir.Table:
    """People who have or had something on loan, n by system, kind and ended_how ("" for still theirs to use).

    Somebody who borrowed twice counts once for each way in which a loan ended.
    """
    once = tables.loans.select(
        "person", "kind", ended_how=ibis.coalesce(tables.loans.ended_how, ibis.literal(""))
    ).distinct()
    joined = once.inner_join(tables.people, "person")
    keys = ("system", "kind", "ended_how")
    return joined.group_by(keys).aggregate(n=joined.count()).order_by(keys)


def by_referral(tables: Tables) -> ir.Table:
    """People who were referred, n by system, help and state; each once for a help and state."""
    once = tables.referrals.select("person", "help", "state").distinct()
    joined = once.inner_join(tables.people, "person")
    keys = ("system", "help", "state")
    return joined.group_by(keys).aggregate(n=joined.count()).order_by(keys)


def by_reach(tables: Tables) -> ir.Table:
    """People whom a touchpoint helped, as they told us back: n by system, touchpoint and community.

    Somebody counts once for a touchpoint however often it helped them, and in each community that they named.
    """
    told = tables.referrals.filter((tables.referrals.state == "told_back") & tables.referrals.answer.isin(HELPED))
    once = told.select("touchpoint", "person").distinct()
    joined = once.inner_join(tables.people, "person")
    named = joined.select("system", "touchpoint", community=joined.communities.unnest())
    keys = ("system", "touchpoint", "community")
    return named.group_by(keys).aggregate(n=named.count()).order_by(keys)

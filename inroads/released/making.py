"""Releases made from an extract: each system is counted, made fit to leave and kept, once enough has been said."""

from collections import defaultdict
from collections.abc import Callable, Collection
from datetime import date, timedelta
from typing import Any

import ibis.expr.types as ir

from inroads.analytics import counted as counts
from inroads.analytics.extract import AGE_BANDS, Extract
from inroads.analytics.published import Published
from inroads.design.wording import day
from inroads.reference.definitions import load
from inroads.reference.definitions.care import Community
from inroads.reference.definitions.measures import measures
from inroads.reference.models import Organisation
from inroads.reference.titles import CHANNELS
from inroads.released.actions import keep_release
from inroads.released.counting import Counted, fit_to_leave
from inroads.released.layout import MEASURE
from inroads.released.models import Release
from inroads.released.pairing import (
    no_patterns,
    pairs_fit_to_leave,
    patterns_of,
    staff_fit_to_leave,
    staff_patterns_of,
)
from inroads.released.queries import KEPT, last_of

# Small tables are hidden nearly whole, so a system waits until so many people have spoken in a neighbourhood on
# average, of those where anybody has; but no longer than a year.
ENOUGH = 20
LONGEST = timedelta(days=365)
Rows = list[dict[str, Any]]


def make_releases(
    *,
    extract: Extract,
    published: Published,
    at_once: bool = False,
    private: Collection[str] = (),
    say: Callable[[str], None] = lambda text: None,
) -> list[Release]:
    """A release for each system in which enough was said since its last one; for every system where `at_once`.

    `private` are ids of touchpoints of which nothing leaves. What a release counts was written down after the day up to
    which the one before it counts, so each word is counted once, whenever it was said.
    """
    tables = counts.Tables(*(extract.table(name) for name in ("people", "answers", "choices", "referrals", "loans")))
    systems: defaultdict[date | None, list[Organisation]] = defaultdict(list)
    for organisation in Organisation.objects.filter(pk__in=_systems(tables.people)).order_by("name", "pk"):
        before = last_of(organisation)
        if before is None or before.until < extract.until:
            systems[before.until if before else None].append(organisation)
    made = []
    for since, organisations in systems.items():
        # The first release counts what pages still add up at its end.
        counted = _Counted(counts.written_after(tables, since or extract.until - KEPT), extract)
        for organisation in organisations:
            if not at_once and not counted.enough(organisation, since, extract.until):
                say(f"{organisation.name}: too little has been said since the last release; it waits")
                continue
            release = _release(
                organisation,
                true=counted.of(organisation, private),
                counted=counted,
                since=since,
                until=extract.until,
                published=published,
            )
            if release is not None:
                say(f"{organisation.name}: counted up to {extract.until}")
                made.append(release)
    return made


class _Counted:
    """True counts of all systems over one period; never kept, never shown."""

    def __init__(self, tables: counts.Tables, extract: Extract) -> None:
        measure = measures()[MEASURE]
        asked = counts.heard(
            tables, barriers=measure.barriers, answers=measure.answers, least_asked=measure.least_asked
        )
        with extract.worked_out(asked) as heard:
            self.neighbourhoods = _by_system(counts.by_neighbourhood(heard))
            self.lists = {
                "ages": _by_system(counts.by_age(heard)),
                "communities": _by_system(counts.by_community(heard)),
            }
        self.lists |= {
            "channels": _by_system(counts.by_channel(tables)),
            "ways": _by_system(counts.by_way(tables)),
            "loans": _by_system(counts.by_loan(tables)),
            "pathways": _by_system(counts.by_pathway(tables)),
            "referrals": _by_system(counts.by_referral(tables)),
            "reach": _by_system(counts.by_reach(tables)),
        }
        self.first_days = {row["system"]: row["day"] for row in counts.first_days(tables).to_pyarrow().to_pylist()}
        self.staff = staff_patterns_of(tables)
        self.patterns = patterns_of(tables, extract.worked_out)

    def enough(self, organisation: Organisation, since: date | None, until: date) -> bool:
        """Whether enough was said in a system for a release that says something, or it has waited for a year."""
        waits_since = since or self.first_days.get(str(organisation.pk), until)
        rows = self.neighbourhoods[str(organisation.pk)]
        people, places = sum(row["n"] for row in rows), len({row["neighbourhood"] for row in rows})
        return people > 0 and (people >= ENOUGH * places or until - waits_since >= LONGEST)

    def of(self, organisation: Organisation, private: Collection[str]) -> Counted:
        """What was counted in one system, without touchpoints that are private."""
        system = str(organisation.pk)
        lists = {name: rows[system] for name, rows in self.lists.items()}
        lists["reach"] = [each for each in lists["reach"] if each["touchpoint"] not in private]
        return Counted(
            neighbourhoods=self.neighbourhoods[system],
            **lists,
        )


def _release(
    organisation: Organisation,
    *,
    true: Counted,
    counted: _Counted,
    since: date | None,
    until: date,
    published: Published,
) -> Release | None:
    tables, checks = fit_to_leave(
        true,
        published=published,
        area_code=organisation.area_code,
        ages=list(AGE_BANDS),
        communities=list(load(Community)),
        channels=list(CHANNELS),
    )
    tables["staff"] = staff_fit_to_leave(counted.staff.get(str(organisation.pk), no_patterns()))
    pairs, said = pairs_fit_to_leave(counted.patterns.get(str(organisation.pk), {}))
    apart = (
        "There is no release before it."
        if since is None
        else f"All of it was written down after {day(since)}, up to which the release before it counts. Set side by "
        "side, the two tell of nobody, because no word is in both."
    )
    return keep_release(
        organisation=organisation, since=since, until=until, tables={**tables, **pairs}, checks=[*checks, *said, apart]
    )


def _systems(people: ir.Table) -> list[str]:
    found: list[str] = people.select("system").distinct().to_pyarrow()["system"].to_pylist()
    return found


def _by_system(expression: ir.Table) -> defaultdict[str, Rows]:
    found: defaultdict[str, Rows] = defaultdict(list)
    for row in expression.to_pyarrow().to_pylist():
        found[row["system"]].append(row)
    return found

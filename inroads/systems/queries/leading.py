"""What is read about leadership: who holds which role, what hangs on one person, where inclusion stood on an agenda."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db.models import Count, Q, QuerySet
from django.utils import timezone

from inroads.design.wording import day as in_words
from inroads.design.wording import in_sentence
from inroads.reference.definitions import load
from inroads.reference.definitions.framework import Framework, LeadershipRole
from inroads.reference.models import Organisation
from inroads.systems.models import AgendaItem, Assessment, Evidence, RoleHeld, State

YEAR = timedelta(days=365)
# Fewer pieces than this say nothing of how work is shared out.
FEWEST_PIECES = 4
ENOUGH_CHAMPIONS = 2


@dataclass(frozen=True)
class Holding:
    """Somebody, or nobody, who stands in a role now; `since` also where what is written beside them changed."""

    row: RoleHeld
    since: date


@dataclass(frozen=True)
class RoleStanding:
    """A role with those who hold it, and the rows of those who did, the latest first.

    newest: id of the row written down last, 0 where none was; a form says with it what was read.
    """

    role: LeadershipRole
    now: tuple[Holding, ...]
    earlier: tuple[RoleHeld, ...]
    newest: int

    @property
    def holders(self) -> tuple[Holding, ...]:
        """Those who hold it, without the row that says that nobody does."""
        return tuple(each for each in self.now if each.row.name)

    @property
    def vacant(self) -> bool:
        """Whether somebody said that nobody holds it."""
        return bool(self.now) and not self.holders

    @property
    def never_said(self) -> bool:
        """Whether nothing is known about it now: neither that somebody holds it nor that nobody does."""
        return not self.now


@dataclass(frozen=True)
class Shared:
    """Work that is counted by who did it: `total` in all, and (name, how many) of each."""

    total: int
    by: tuple[tuple[str, int], ...]

    def most(self) -> tuple[str, int] | None:
        """Whoever has half of it or more; of two with half each, nobody: it does not hang on one of them."""
        half = [(name, many) for name, many in self.by if 2 * many >= self.total > 0]
        return half[0] if len(half) == 1 else None


@dataclass(frozen=True)
class Hanging:
    """Something that would stop, or be missed, if one person were gone.

    what, on_whom, why
        Plain words; `on_whom` is "" where nobody is there at all. `why` is a sentence.
    since
        The day since when it is so, None where no day says it.
    helps
        A sentence: what would help.
    """

    what: str
    on_whom: str
    why: str
    since: date | None
    helps: str


@dataclass(frozen=True)
class Agenda:
    """When the board last had it, in whole months before a day, and what waits to be looked at again."""

    last: AgendaItem | None
    months: int | None
    due: tuple[AgendaItem, ...]


def same_name(name: str) -> str:
    """A name as it is compared: without regard to capitals and spaces."""
    return " ".join(name.split()).casefold()


def roles() -> list[LeadershipRole]:
    """All leadership roles, in their order."""
    return sorted(load(LeadershipRole).values(), key=lambda each: (each.order, each.id))


def held_now(rows: Iterable[RoleHeld], on: date) -> list[RoleHeld]:
    """Those of the rows that hold on a day: begun by then, and not ended. Ended on a day, it holds no more that day."""
    return [each for each in rows if each.from_on <= on and (each.ended_on is None or each.ended_on > on)]


def standing_roles(organisation: Organisation, on: date) -> list[RoleStanding]:
    """Every role as it stands on a day, in order. Asks the database once."""
    rows: dict[str, list[RoleHeld]] = {}
    found = RoleHeld.objects.filter(organisation=organisation).select_related("recorded_by", "ended_by")
    for row in found.order_by("from_on", "pk"):
        rows.setdefault(row.role, []).append(row)
    return [role_standing(each, rows.get(each.id, []), on) for each in roles()]


def role_standing(role: LeadershipRole, rows: list[RoleHeld], on: date) -> RoleStanding:
    """One role out of its rows."""
    now = sorted(held_now(rows, on), key=lambda each: (each.from_on, each.pk))
    holding = [Holding(each, _since(each, rows)) for each in now]
    over = [each for each in rows if each not in now]
    latest = sorted(over, key=lambda each: (each.ended_on or each.from_on, each.pk), reverse=True)
    return RoleStanding(role, tuple(holding), tuple(latest), max((each.pk for each in rows), default=0))


def hanging(organisation: Organisation, on: date, *, at: datetime | None = None) -> list[Hanging]:
    """What hangs on a single person in this system on a day, worked out from what was written down by its end.

    `at` is a moment of that day: what was written down later, and ended later, is not there yet. Asks the database five
    times at most.
    """
    written = at or timezone.make_aware(datetime.combine(on + timedelta(days=1), time.min))
    rows: dict[str, list[RoleHeld]] = {}
    for row in RoleHeld.objects.filter(organisation=organisation, recorded_at__lt=written).order_by("from_on", "pk"):
        if row.ended_at is not None and row.ended_at >= written:
            row.ended_on = None
        rows.setdefault(row.role, []).append(row)
    standing = [role_standing(each, rows.get(each.id, []), on) for each in roles()]
    return hangings(
        standing, parts=_parts(organisation, written), evidence=_pieces(organisation, written - YEAR, written), on=on
    )


def hangings(standing: Sequence[RoleStanding], *, parts: Shared, evidence: Shared, on: date) -> list[Hanging]:
    """The same from roles, parts of the open assessment and pieces of evidence of the last year; all in a fixed order.

    Found are: roles that nobody holds, without somebody to stand in, or whose money ends within a year; fewer champions
    than two; one name in several roles; the one lead with lived experience without days for it; half or more of the
    parts, or of at least four pieces of evidence, with one person. What nobody has said is not found: it is not known.
    """
    ordered = sorted(standing, key=lambda each: (each.role.order, each.role.id))
    return [
        *(each for role in ordered for each in _of_role(role, on)),
        *_in_several_roles(ordered),
        *_work(parts, evidence),
    ]


def _of_role(standing: RoleStanding, on: date) -> Iterator[Hanging]:
    title, holders = (
        standing.role.title,
        sorted(standing.holders, key=lambda each: (same_name(each.row.name), each.row.name, each.since)),
    )
    if standing.role.several:
        if not standing.never_said and len(holders) < ENOUGH_CHAMPIONS:
            first = holders[0] if holders else None
            yield Hanging(
                title,
                first.row.name if first else "",
                "There is one so far." if first else "There are none so far.",
                first.since if first else standing.now[0].since,
                "Ask in another team who is asked for help already.",
            )
    elif standing.vacant:
        since = standing.now[0].since
        why = f"Nobody has held this role since {in_words(since)}."
        yield Hanging(title, "", why, since, "Say who looks after it until somebody is found.")
    for each in holders:
        yield from _of_holder(standing.role, each, on)


def _of_holder(role: LeadershipRole, holding: Holding, on: date) -> Iterator[Hanging]:
    row, since = holding.row, holding.since
    if not role.several and not row.deputy:
        why = "No deputy is written down."
        yield Hanging(role.title, row.name, why, since, "Agree who stands in, and what they need to know.")
    if row.money_until is not None and row.money_until <= on + YEAR:
        ended = "ended" if row.money_until < on else "ends"
        why = f"The money for the post {ended} on {in_words(row.money_until)}."
        helps = (
            "Bring it to the board before it is decided by default." if ended == "ends" else "Say who pays for it now."
        )
        yield Hanging(role.title, row.name, why, since, helps)
    if role.lived_experience and row.days is None:
        why = "No days a week are written down for it, so it may come on top of everything else."
        yield Hanging(role.title, row.name, why, since, "Agree days, and pay for them.")


def _in_several_roles(ordered: Sequence[RoleStanding]) -> Iterator[Hanging]:
    named: dict[str, list[tuple[RoleStanding, Holding]]] = {}
    for standing in ordered:
        for each in sorted(standing.holders, key=lambda found: (found.row.name, found.since)):
            named.setdefault(same_name(each.row.name), []).append((standing, each))
    for _, found in sorted(named.items()):
        titles = list(dict.fromkeys(in_sentence(standing.role.title) for standing, _ in found))
        if len(titles) > 1:
            why = f"The same name stands in {len(titles)} roles: {'; '.join(titles)}."
            since = max(each.since for _, each in found)
            helps = "See which of them somebody else could take on, or share."
            yield Hanging("Several roles", found[0][1].row.name, why, since, helps)


def _work(parts: Shared, evidence: Shared) -> Iterator[Hanging]:
    if most := parts.most():
        why = f"{most[1]} of {parts.total} parts of the assessment that is open are theirs."
        yield Hanging(
            "The self-assessment", most[0], why, None, "Share some parts with people who know them from day to day."
        )
    if evidence.total >= FEWEST_PIECES and (most := evidence.most()):
        why = f"They laid down {most[1]} of the {evidence.total} pieces of evidence of the last year."
        yield Hanging("Evidence", most[0], why, None, "Show others how to add a piece. It takes a few minutes.")


def _parts(organisation: Organisation, written: datetime) -> Shared:
    """The parts of the assessment that was open at a moment, all criteria of its edition, by who looks after them."""
    begun = Assessment.objects.filter(organisation=organisation, recorded_at__lt=written)
    last = begun.order_by("-recorded_at", "-pk").first()
    if last is None:
        return Shared(0, ())
    moves = last.moves.filter(recorded_at__lt=written).order_by("-pk").values_list("state", flat=True)
    if (moves.first() or State.OPEN) != State.OPEN:
        return Shared(0, ())
    criteria = load(Framework)[last.framework].criteria
    rows = last.parts.filter(criterion__in=criteria, recorded_at__lt=written).select_related("holder").order_by("pk")
    holders = {row.criterion: row.holder for row in rows}
    many = Counter(holder.pk for holder in holders.values() if holder)
    names = {holder.pk: holder.full_name for holder in holders.values() if holder}
    return Shared(len(criteria), tuple(sorted((names[pk], number) for pk, number in many.items())))


def _pieces(organisation: Organisation, start: datetime, end: datetime) -> Shared:
    """Evidence laid down between two moments and not withdrawn by the later one, by who laid it down."""
    rows = Evidence.objects.filter(organisation=organisation, recorded_at__gte=start, recorded_at__lt=end)
    rows = rows.filter(Q(withdrawn_at=None) | Q(withdrawn_at__gte=end)).order_by()
    found = rows.values_list("recorded_by__full_name", "recorded_by").annotate(many=Count("pk"))
    by = tuple(sorted((name, many) for name, _, many in found))
    return Shared(sum(many for _, many in by), by)


def held_of(organisation: Organisation, held: int) -> RoleHeld | None:
    """One row of who holds a role in this system."""
    return RoleHeld.objects.filter(organisation=organisation, pk=held).select_related("organisation").first()


def agenda_items(organisation: Organisation) -> QuerySet[AgendaItem]:
    """Where it stood on an agenda, the latest first."""
    return AgendaItem.objects.filter(organisation=organisation).select_related("recorded_by").order_by("-on", "-pk")


def agenda_item_of(organisation: Organisation, item: int) -> AgendaItem | None:
    """One of them."""
    return agenda_items(organisation).filter(pk=item).select_related("organisation").first()


def agenda(organisation: Organisation, on: date) -> Agenda:
    """When the board last had it, and the decisions that should have been looked at again by a day."""
    last = agenda_items(organisation).filter(board=True, on__lte=on).first()
    waiting = agenda_items(organisation).filter(look_again_on__lte=on, became_at=None).order_by("look_again_on", "pk")
    return Agenda(last, months_between(last.on, on) if last else None, tuple(waiting))


def months_between(start: date, end: date) -> int:
    """Whole months from one day to a later one: from 31 January to 28 February it is not a month yet."""
    return (end.year - start.year) * 12 + end.month - start.month - (end.day < start.day)


def _since(held: RoleHeld, rows: list[RoleHeld]) -> date:
    """The day from which this name stands here without a gap."""
    since = held.from_on
    for each in sorted(rows, key=lambda row: (row.from_on, row.pk), reverse=True):
        if each.pk != held.pk and same_name(each.name) == same_name(held.name) and each.ended_on == since:
            since = min(since, each.from_on)
    return since

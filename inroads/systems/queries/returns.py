"""Returns that somebody may see: those they keep, those they were given to read, and how far each is."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from django.db.models import CharField, F, QuerySet
from django.db.models.functions import Substr

from inroads.accounts.models import Membership, User
from inroads.accounts.permissions import Permission, roles_with
from inroads.accounts.queries import Somebody, organisations_where
from inroads.reference.models import Organisation
from inroads.reference.organisations import line_of
from inroads.systems.models import Passage, Reading, Return, ReturnFile, Wave
from inroads.systems.queries.return_scores import Side, sides_of_many


class Stage(StrEnum):
    """How far a return is. `words` are what people read."""

    words: str

    def __new__(cls, name: str, words: str) -> "Stage":
        member = str.__new__(cls, name)
        member._value_ = name
        member.words = words
        return member

    WAITING = "waiting", "Waits for two readers"
    READ = "read", "Being read"
    TO_SETTLE = "to_settle", "To settle"
    SETTLED = "settled", "Settled"


@dataclass(frozen=True)
class Kept:
    """A return with its two readings, how far it is, and on how many criteria its readers still differ."""

    of: Return
    readings: tuple[Reading, ...]
    stage: Stage
    to_settle: int

    @property
    def both_finished(self) -> bool:
        """Whether both readers have finished, so that what they say may be seen."""
        return self.stage in (Stage.TO_SETTLE, Stage.SETTLED)


def returns_kept_by(user: Somebody) -> QuerySet[Return]:
    """Returns of the systems whose returns this user keeps, without their text."""
    return _light(Return.objects.filter(organisation__in=organisations_where(user, Permission.KEEP_RETURNS)))


def readings_given_to(user: Somebody) -> QuerySet[Reading]:
    """Readings that this user was given, and may still read."""
    if not user.is_authenticated:
        return Reading.objects.none()
    allowed = organisations_where(user, Permission.READ_RETURNS)
    return (
        Reading.objects.filter(reader_id=user.pk, of__organisation__in=allowed)
        .select_related("of__organisation", "of__wave", "reader")
        .defer("of__text")
        .order_by("finished_at", "recorded_at", "pk")
    )


def reading_of(user: Somebody, return_id: UUID) -> Reading | None:
    """This user's own reading of a return, or None."""
    return readings_given_to(user).filter(of=return_id).first()


def return_kept_by(user: Somebody, return_id: UUID) -> Return | None:
    """A return that this user keeps, or None."""
    return returns_kept_by(user).filter(pk=return_id).first()


def return_seen_by(user: Somebody, return_id: UUID) -> Return | None:
    """A return that this user keeps or was given to read, or None."""
    kept = return_kept_by(user, return_id)
    if kept is not None:
        return kept
    reading = reading_of(user, return_id)
    return reading.of if reading else None


def waves_with_returns(user: Somebody) -> list[Wave]:
    """The waves in which this user keeps a return, the latest first."""
    kept = returns_kept_by(user).order_by().values("wave")
    return list(Wave.objects.filter(pk__in=kept).order_by("-on", "-recorded_at"))


def wave_kept_by(user: Somebody, wave: UUID) -> Wave | None:
    """A wave in which this user keeps a return, or None."""
    return next((each for each in waves_with_returns(user) if each.pk == wave), None)


def how_far(returns: Iterable[Return]) -> list[Kept]:
    """How far each of these returns is; as many questions to the database for many as for one."""
    listed = list(returns)
    readings: dict[UUID, list[Reading]] = {each.pk: [] for each in listed}
    for reading in Reading.objects.filter(of__in=list(readings)).select_related("reader").order_by("place"):
        readings[reading.of_id].append(reading)
    finished = [
        each for each in listed if len(readings[each.pk]) == 2 and all(r.finished_at for r in readings[each.pk])
    ]
    sides = sides_of_many(finished)
    return [_kept(each, readings[each.pk], sides.get(each.pk)) for each in listed]


def settled_returns_of(system: Organisation) -> list[Return]:
    """The returns of a system that were read by two and settled, the latest wave first."""
    found = _light(Return.objects.filter(organisation=system)).order_by("-wave__on", "recorded_at", "pk")
    return [each.of for each in how_far(found) if each.stage == Stage.SETTLED]


def readers_for(system: Organisation) -> list[User]:
    """People to whom a return of this system may be given, by name."""
    roles = roles_with(Permission.READ_RETURNS)
    above = [each.pk for each in line_of(system)]
    held = Membership.objects.active().filter(role__in=roles, organisation__in=above)
    return list(User.objects.filter(pk__in=held.values("user_id"), is_active=True).order_by("full_name", "pk"))


def with_text(passages: QuerySet[Passage]) -> QuerySet[Passage]:
    """Passages, each with its `words`, read without the rest of the text."""
    begins, long = F("start") + 1, F("end") - F("start")
    return passages.annotate(words=Substr("of__text", begins, long, output_field=CharField()))


def page_at(of: Return, position: int) -> int | None:
    """On which page of the document a position lies, from 1; None where it has no pages."""
    return sum(1 for each in of.pages if each <= position) or None


def file_of(of: Return) -> bytes | None:
    """The file of a return as it came; None where there was none."""
    found = ReturnFile.objects.filter(of=of).first()
    return bytes(found.content) if found else None


def _light(returns: QuerySet[Return]) -> QuerySet[Return]:
    return returns.select_related("organisation", "wave", "recorded_by").defer("text").order_by("organisation__name")


def _kept(of: Return, readings: list[Reading], sides: list[Side] | None) -> Kept:
    if not readings:
        return Kept(of, (), Stage.WAITING, 0)
    if sides is None:
        return Kept(of, tuple(readings), Stage.READ, 0)
    waiting = sum(1 for each in sides if each.must_be_settled)
    return Kept(of, tuple(readings), Stage.TO_SETTLE if waiting else Stage.SETTLED, waiting)

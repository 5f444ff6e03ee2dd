"""What is written down about leadership: who holds a role, that nobody does, and where inclusion stood on an agenda."""

from datetime import date

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from inroads.accounts import audit
from inroads.accounts.actions import Refused
from inroads.accounts.checks import ChangedMeanwhile, needed, not_to_come, note
from inroads.accounts.models import User
from inroads.accounts.words import tidy
from inroads.design.wording import day as in_words
from inroads.reference.definitions import load
from inroads.reference.definitions.framework import LeadershipRole
from inroads.reference.models import Organisation
from inroads.systems.models import AgendaItem, RoleHeld
from inroads.systems.permissions import may_assess
from inroads.systems.queries.leading import held_now, same_name

WEEK = 7.0


@transaction.atomic
def hold_role(
    *,
    organisation: Organisation,
    role: str,
    name: str,
    where: str,
    days: float | None,
    deputy: str,
    lived_experience: bool | None,
    money_until: date | None,
    from_on: date,
    by: User,
    seen: int | None = None,
) -> RoleHeld:
    """Somebody holds a role from a day on; with `name` "", nobody does.

    Whoever held it before stays in the history, ended on that day: of a role that several may hold only where it was
    the same person, or nobody. Saying the same again changes nothing.

    seen
        The newest row of this role that was read before typing, 0 where there was none. None: it is not asked.

    Raises `Refused`, and `ChangedMeanwhile` where the role was written down meanwhile.
    """
    audit.hold()
    require_assessing(by, organisation)
    known = _role_or_refuse(role)
    rows = list(RoleHeld.objects.filter(organisation=organisation, role=role).order_by("pk"))
    newest = rows[-1].pk if rows else 0
    if seen is not None and seen != newest:
        raise ChangedMeanwhile(rows)
    kept = {
        "name": " ".join(tidy(name).split()),
        "where": tidy(where),
        "days": days,
        "deputy": " ".join(tidy(deputy).split()),
        "lived_experience": lived_experience,
        "money_until": money_until,
    }
    _refuse_odd(kept)
    not_to_come(from_on, "The first day", field="from_on")
    before = _before(known, held_now(rows, timezone.localdate()), kept["name"])
    if any(all(getattr(each, field) == value for field, value in kept.items()) for each in before):
        return before[0]
    for each in before:
        if from_on < each.from_on:
            raise Refused(
                f"{each.name or 'Nobody'} stands here since {in_words(each.from_on)}. Enter that day or a later one",
                field="from_on",
            )
        _end(each, from_on, by)
    made = RoleHeld.objects.create(organisation=organisation, role=role, from_on=from_on, recorded_by=by, **kept)
    note("role_held", made, organisation, by, role=role, vacant=int(not made.name), ended=len(before))
    return made


@transaction.atomic
def end_role(*, held: RoleHeld, on: date, by: User) -> RoleHeld:
    """Somebody stops holding a role; `on` is the first day on which they do not. It stays to be read."""
    audit.hold()
    require_assessing(by, held.organisation)
    kept = RoleHeld.objects.select_for_update().get(pk=held.pk)
    if kept.ended_on is not None:
        raise Refused(f"It ended on {in_words(kept.ended_on)} already")
    not_to_come(on, "The day", field="on")
    if on < kept.from_on:
        raise Refused(f"It began on {in_words(kept.from_on)}. Enter that day or a later one", field="on")
    _end(kept, on, by)
    note("role_ended", kept, kept.organisation, by, role=kept.role)
    return kept


@transaction.atomic
def put_on_agenda(
    *,
    organisation: Organisation,
    meeting: str,
    board: bool,
    on: date,
    title: str,
    decided: str,
    look_again_on: date | None,
    by: User,
) -> AgendaItem:
    """Inclusion stood on an agenda. `board`: it was the board of the system itself. Raises `Refused`."""
    audit.hold()
    require_assessing(by, organisation)
    not_to_come(on, "The meeting")
    words = tidy(decided)
    if look_again_on is not None and not words:
        raise Refused("Say what was decided, so that it can be looked at again", field="decided")
    if look_again_on is not None and look_again_on <= on:
        raise Refused("Enter a day after the meeting", field="look_again_on")
    made = AgendaItem.objects.create(
        organisation=organisation,
        meeting=needed(meeting, "Say which meeting it was", field="meeting"),
        board=board,
        on=on,
        title=needed(title, "Say what it was about", field="title"),
        decided=words,
        look_again_on=look_again_on,
        recorded_by=by,
    )
    note("put_on_agenda", made, organisation, by, board=int(board), on=on.isoformat())
    return made


@transaction.atomic
def became(*, item: AgendaItem, words: str, by: User) -> AgendaItem:
    """What became of a decision, whatever it was. It is said once; what comes later is on an agenda of its own."""
    audit.hold()
    require_assessing(by, item.organisation)
    kept = AgendaItem.objects.select_for_update().get(pk=item.pk)
    if kept.became_at is not None:
        raise Refused(
            "Somebody said already what became of it. Read it, and write down a later meeting if there is more"
        )
    kept.became = needed(words, "Say what became of it, or that nothing did", field="words")
    kept.became_at = timezone.now()
    kept.save(update_fields=("became", "became_at"))
    note("agenda_item_became", kept, kept.organisation, by)
    return kept


def require_assessing(by: User, organisation: Organisation) -> None:
    """Raises `PermissionDenied` unless this user takes part in the assessment of this system."""
    if not may_assess(by, organisation):
        raise PermissionDenied("This system is not among those you help to assess")


def _role_or_refuse(role: str) -> LeadershipRole:
    known = load(LeadershipRole).get(role)
    if known is None:
        raise Refused("Choose one of the roles", field="role")
    return known


def _refuse_odd(kept: dict) -> None:
    if not kept["name"]:
        given = next((field for field in ("where", "days", "deputy", "money_until") if kept[field]), None)
        if given or kept["lived_experience"] is not None:
            raise Refused("Say who holds the role, or leave the rest empty where nobody does", field="name")
    if kept["days"] is not None and not 0 < kept["days"] <= WEEK:
        raise Refused("Days a week must be more than 0 and at most 7. Leave it empty if not known", field="days")
    if kept["deputy"] and same_name(kept["deputy"]) == same_name(kept["name"]):
        raise Refused("Nobody can stand in for themselves. Enter somebody else, or leave it empty", field="deputy")


def _before(role: LeadershipRole, now: list[RoleHeld], name: str) -> list[RoleHeld]:
    """The rows that end when this one begins."""
    if not role.several:
        return now
    if not name and any(each.name for each in now):
        raise Refused("Others stand here still. Say of each that it ended", field="name")
    return [each for each in now if not each.name or same_name(each.name) == same_name(name)]


def _end(held: RoleHeld, on: date, by: User) -> None:
    held.ended_on, held.ended_by, held.ended_at = on, by, timezone.now()
    held.save(update_fields=("ended_on", "ended_by", "ended_at"))

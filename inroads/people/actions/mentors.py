"""What changes about mentors and champions: who they are, for whom, how many people at once, and their supervision."""

from collections.abc import Sequence
from datetime import date

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from inroads.accounts import audit
from inroads.accounts.actions import Refused
from inroads.accounts.models import Membership, User
from inroads.accounts.permissions import Permission, may
from inroads.accounts.words import tidy
from inroads.people.actions.checks import LONGEST_AHEAD, ahead_or_refuse
from inroads.people.models import Mentor, MentorKind, Supervision
from inroads.reference.definitions import load
from inroads.reference.definitions.care import Community
from inroads.reference.models import Organisation
from inroads.reference.organisations import within

# More than anybody can do well at once.
MOST_PEOPLE = 50
FURTHEST_KM = 200
TOLD = (
    "kind", "name", "known_as", "user_id", "contact_words", "languages", "interests", "communities", "for_words",
    "where", "neighbourhood", "reach_km", "by_phone", "by_video", "hours", "capacity", "active_from", "active_until",
)  # fmt: skip


class MentorChanged(Refused):
    """Somebody else saved the same mentor first; `theirs` is what is kept now."""

    def __init__(self, theirs: Mentor) -> None:
        super().__init__("Somebody else changed this while you had it open. Check both, then save again")
        self.theirs = theirs


@transaction.atomic
def add_mentor(
    *,
    organisation: Organisation,
    name: str,
    known_as: str,
    capacity: int,
    by: User,
    kind: str = MentorKind.MENTOR,
    account: str = "",
    contact_words: str = "",
    languages: str = "",
    interests: str = "",
    communities: Sequence[str] = (),
    for_words: str = "",
    where: str = "",
    neighbourhood: str = "",
    reach_km: int | None = None,
    by_phone: bool = False,
    by_video: bool = False,
    hours: str = "",
    active_from: date | None = None,
    active_until: date | None = None,
) -> Mentor:
    """Somebody who helps people, or staff, with digital; suggested to new people once a supervision is set."""
    audit.hold()
    _require_keeping(by, organisation)
    made = Mentor(organisation=organisation, recorded_by=by)
    _set(
        made,
        kind=kind,
        name=name,
        known_as=known_as,
        account=account,
        contact_words=contact_words,
        languages=languages,
        interests=interests,
        communities=communities,
        for_words=for_words,
        where=where,
        neighbourhood=neighbourhood,
        reach_km=reach_km,
        by_phone=by_phone,
        by_video=by_video,
        hours=hours,
        capacity=capacity,
        active_from=active_from,
        active_until=active_until,
    )
    made.save(force_insert=True)
    _note("mentor_added", made, by, kind=str(made.kind), capacity=made.capacity)
    return made


@transaction.atomic
def change_mentor(*, mentor: Mentor, version: int, by: User, **told) -> Mentor:
    """A mentor as they are from now on; `told` are the words of `add_mentor`. Those paired with them stay paired.

    Raises `MentorChanged` when `version` is not the latest. Saving the same again changes nothing.
    """
    audit.hold()
    kept = _locked(mentor)
    _require_keeping(by, kept.organisation)
    if kept.version != version:
        raise MentorChanged(kept)
    before = {name: getattr(kept, name) for name in TOLD}
    _set(kept, **told)
    changed = [name for name in TOLD if getattr(kept, name) != before[name]]
    if not changed:
        return kept
    kept.version += 1
    kept.save()
    _note("mentor_changed", kept, by, changed=" ".join(changed)[:100], version=kept.version, capacity=kept.capacity)
    return kept


@transaction.atomic
def record_supervision(
    *, mentor: Mentor, supervisor: str, next_on: date, by: User, met_on: date | None = None
) -> Supervision:
    """Who supervises this mentor, when they last met, and when they meet next. Earlier ones stay."""
    audit.hold()
    kept = _locked(mentor)
    _require_keeping(by, kept.organisation)
    supervisor = tidy(supervisor)
    if not supervisor:
        raise Refused("Enter who supervises them", field="supervisor")
    if met_on is not None and met_on > timezone.localdate():
        raise Refused("The day they met must be today or in the past. Enter another day", field="met_on")
    made = Supervision.objects.create(
        mentor=kept,
        supervisor=supervisor,
        met_on=met_on,
        next_on=ahead_or_refuse(next_on, "The next supervision", field="next_on"),
        recorded_by=by,
    )
    _note("mentor_supervised", kept, by, next_on=made.next_on.isoformat())
    return made


def _locked(mentor: Mentor) -> Mentor:
    return Mentor.objects.select_for_update(of=("self",)).select_related("organisation").get(pk=mentor.pk)


def _set(
    mentor: Mentor,
    *,
    name: str,
    known_as: str,
    capacity: int,
    account: str,
    communities: Sequence[str],
    active_from: date | None,
    active_until: date | None,
    kind: str,
    reach_km: int | None,
    by_phone: bool,
    by_video: bool,
    neighbourhood: str,
    **words: str,
) -> None:
    mentor.name = _needed(name, "Enter their name", "name")
    mentor.known_as = _needed(known_as, "Enter what they like to be called", "known_as")
    mentor.kind = MentorKind(kind)
    if not 0 <= capacity <= MOST_PEOPLE:
        raise Refused(f"Enter a number of people from 0 to {MOST_PEOPLE}", field="capacity")
    if reach_km is not None and not 0 <= reach_km <= FURTHEST_KM:
        raise Refused(f"Enter kilometres from 0 to {FURTHEST_KM}, or leave it empty", field="reach_km")
    mentor.capacity, mentor.reach_km = capacity, reach_km
    mentor.by_phone, mentor.by_video = by_phone, by_video
    mentor.neighbourhood = neighbourhood.strip().upper()
    known = load(Community)
    mentor.communities = [each for each in communities if each in known]
    mentor.active_from = active_from or mentor.active_from or timezone.localdate()
    mentor.active_until = active_until
    if active_until is not None and active_until < mentor.active_from:
        raise Refused("The last day lies before the first. Enter a later day", field="active_until")
    if active_until is not None and active_until > timezone.localdate() + 5 * LONGEST_AHEAD:
        raise Refused("The last day lies very far away. Leave it empty if none is known", field="active_until")
    # Somebody whose role has ended stays tied until another address is entered, so that the rest can be changed.
    if mentor.user is None or mentor.user.email.casefold() != account.strip().casefold():
        mentor.user = _account(mentor.organisation, account)
    for field in ("contact_words", "languages", "interests", "for_words", "where", "hours"):
        setattr(mentor, field, tidy(words[field]))


def _account(organisation: Organisation, email: str) -> User | None:
    """Whoever signs in with this address and has a role in this organisation. Nothing is said of anybody else."""
    if not email.strip():
        return None
    inside = within([organisation])
    found = Membership.objects.active().filter(organisation__in=inside, user__email__iexact=email.strip())
    membership = found.select_related("user").first()
    if membership is None:
        raise Refused(
            "Nobody with a role in this organisation signs in with this address. Check it, or leave it empty",
            field="account",
        )
    return membership.user


def _needed(words: str, sentence: str, field: str) -> str:
    kept = tidy(words)
    if not kept:
        raise Refused(sentence, field=field)
    return kept


def _require_keeping(by: User, organisation: Organisation) -> None:
    if not may(by, Permission.KEEP_MENTORS, organisation):
        raise PermissionDenied("You do not say who the mentors of this organisation are")


def _note(action: str, mentor: Mentor, by: User, **details) -> None:
    audit.record(action=action, by=by, about=mentor, organisation=mentor.organisation, details=details)

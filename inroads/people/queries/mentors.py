"""Which mentors and champions there are, who has room, who is paired with whom, and what changed over the sessions."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Prefetch, Q, QuerySet
from django.utils import timezone

from inroads.accounts.permissions import Permission
from inroads.accounts.queries import Somebody, highest_where, organisations_where
from inroads.analytics.published import Published
from inroads.people.models import (
    Answer,
    AnswerKind,
    Mentor,
    MentorKind,
    Pairing,
    Person,
    Preferences,
    Session,
    Supervision,
    TrustedPerson,
)
from inroads.people.queries.gathering import distance_km
from inroads.people.queries.mentor_matching import MentorCandidate, MentorSuggestion, Wishes, rank
from inroads.people.queries.records import plain
from inroads.reference.definitions import load
from inroads.reference.definitions.care import Community
from inroads.reference.definitions.learning import digital_tasks
from inroads.reference.models import Organisation
from inroads.reference.organisations import around, within

# Nobody reads further down a list of suggestions.
MOST_SUGGESTED = 5


@dataclass(frozen=True)
class Standing:
    """A mentor as they stand on a day: how many people they have, and their latest supervision, if there is one."""

    mentor: Mentor
    people: int
    supervision: Supervision | None
    active: bool
    supervised: bool

    @property
    def room(self) -> int:
        """How many more people they can take on."""
        return max(0, self.mentor.capacity - self.people)


def standing(mentor: Mentor, on: date | None = None) -> Standing:
    """How one mentor stands. Supervision holds to the end of the day that was set for the next."""
    on = on or timezone.localdate()
    return _standing(_with_facts(Mentor.objects.filter(pk=mentor.pk)).get(), on)


def _with_facts(mentors: QuerySet[Mentor]) -> QuerySet[Mentor]:
    return (
        mentors.select_related("organisation", "user")
        .annotate(people=Count("pairings", filter=Q(pairings__ended_on=None)))
        .prefetch_related(Prefetch("supervisions", to_attr="supervised_on"))
    )


def _standing(mentor: Mentor, on: date) -> Standing:
    last = mentor.supervised_on[-1] if mentor.supervised_on else None
    return Standing(
        mentor=mentor,
        people=mentor.people,
        supervision=last,
        active=mentor.active_from <= on and (mentor.active_until is None or on <= mentor.active_until),
        supervised=last is not None and on <= last.next_on,
    )


def mentors_kept_by(user: Somebody) -> QuerySet[Mentor]:
    """Mentors and champions of the organisations for which this user may say who they are."""
    inside = organisations_where(user, Permission.KEEP_MENTORS)
    return Mentor.objects.filter(organisation__in=inside).select_related("organisation", "user")


def standings_kept_by(user: Somebody, on: date | None = None) -> list[Standing]:
    """How they stand, those who wait for supervision first, then by name; those who stopped last."""
    on = on or timezone.localdate()
    found = [_standing(each, on) for each in _with_facts(mentors_kept_by(user))]
    return sorted(found, key=lambda each: (not each.active, each.supervised, plain(each.mentor.known_as)))


def standings_around(organisation: Organisation, on: date, kind: str = MentorKind.MENTOR) -> list[Standing]:
    """Mentors (or champions) of this ICS who are active on a day, as they stand."""
    inside = within([around(organisation)]).filter(active=True)
    found = Mentor.objects.filter(organisation__in=inside, kind=kind, active_from__lte=on)
    found = found.filter(Q(active_until=None) | Q(active_until__gte=on))
    return [_standing(each, on) for each in _with_facts(found)]


def champions_for(user: Somebody, on: date | None = None) -> list[Standing]:
    """Champions for staff around this user's organisations who are active and in supervision, by name."""
    on = on or timezone.localdate()
    found = {
        each.mentor.pk: each
        for place in highest_where(user, Permission.WORK_WITH_PEOPLE)
        for each in standings_around(place, on, MentorKind.CHAMPION)
        if each.supervised
    }
    return sorted(found.values(), key=lambda each: (plain(each.mentor.known_as), each.mentor.pk))


@dataclass(frozen=True)
class Matched:
    """Mentors who may fit a person, best first, with how they stand; and how many wait for their supervision."""

    suggestions: list[tuple[MentorSuggestion, Standing]]
    waiting: int


def matched(person: Person, published: Published | None, *, on: date | None = None) -> Matched:
    """Mentors around a person, as `rank` orders them; those they work with now are left out."""
    on = on or timezone.localdate()
    pairings = list(person.pairings.values_list("mentor", "ended_on"))
    now = {mentor for mentor, ended_on in pairings if ended_on is None}
    found = {each.mentor.pk: each for each in standings_around(person.organisation, on) if each.mentor.pk not in now}
    trusted = list(TrustedPerson.objects.filter(person=person, ended_at=None))
    before = {mentor for mentor, _ in pairings}
    candidates = [_candidate(each, person, published, trusted, before) for each in found.values()]
    ranked = rank(wishes_of(person), candidates)
    return Matched([(each, found[each.key]) for each in ranked], sum(not each.supervised for each in candidates))


def _candidate(
    each: Standing, person: Person, published: Published | None, trusted: Iterable[TrustedPerson], before: set[int]
) -> MentorCandidate:
    mentor = each.mentor
    return MentorCandidate(
        key=mentor.pk,
        name=mentor.known_as,
        capacity=mentor.capacity,
        busy=each.people,
        languages=mentor.languages,
        interests=mentor.interests,
        communities=tuple(mentor.communities),
        distance_km=distance_km(published, person.neighbourhood, mentor.neighbourhood),
        reach_km=mentor.reach_km,
        by_phone=mentor.by_phone,
        by_video=mentor.by_video,
        supervised=each.supervised,
        met=mentor.pk in before,
        named=any(_same(mentor, other) for other in trusted),
    )


def _same(mentor: Mentor, trusted: TrustedPerson) -> bool:
    """Whether somebody the person trusts is this mentor: the same account, or the same whole name."""
    if trusted.user_id is not None and trusted.user_id == mentor.user_id:
        return True
    return plain(trusted.name) == plain(mentor.name)


def wishes_of(person: Person) -> Wishes:
    """What this person said they like; nothing is guessed from anything else."""
    kept = Preferences.objects.filter(person=person).last()
    said = Answer.objects.filter(person=person, kind=AnswerKind.STRENGTH).values_list("words", flat=True)
    titles = {name: each.title for name, each in load(Community).items()}
    return Wishes(
        language=kept.language if kept else "",
        communities={name: titles[name] for name in kept.communities if name in titles} if kept else {},
        words="\n".join(said),
    )


def mentor_for(person: Person, number: int, on: date | None = None) -> Standing | None:
    """A mentor around this person who is active, or None."""
    found = standings_around(person.organisation, on or timezone.localdate())
    return next((each for each in found if each.mentor.pk == number), None)


def pairings_of(person: Person) -> list[Pairing]:
    """Everybody this person works or worked with, the latest first, each with their sessions in `held`."""
    sessions = Session.objects.select_related("recorded_by", "taken_back_by")
    found = Pairing.objects.filter(person=person).select_related("mentor__organisation", "recorded_by")
    return list(found.prefetch_related(Prefetch("sessions", queryset=sessions, to_attr="held")).order_by("-pk"))


def pairing_of(person: Person, number: int) -> Pairing | None:
    """A pairing of this person, or None."""
    return Pairing.objects.filter(person=person, pk=number).select_related("mentor", "person__organisation").first()


def session_of(person: Person, number: int) -> Session | None:
    """A session of this person with any mentor, or None."""
    return Session.objects.filter(pairing__person=person, pk=number).select_related("pairing").first()


def own_pairings(user: Somebody) -> QuerySet[Pairing]:
    """Whom this user mentors now, by their own account, until their last day and while they belong there."""
    if not user.is_authenticated or not user.is_active:
        return Pairing.objects.none()
    belongs = Q(pk__in=())
    for place in highest_where(user, Permission.WORK_WITH_PEOPLE):
        belongs |= Q(mentor__organisation__path__startswith=place.path)
    there = Q(mentor__active_until=None) | Q(mentor__active_until__gte=timezone.localdate())
    found = Pairing.objects.filter(there, belongs, mentor__user=user, ended_on=None)
    return found.select_related("mentor", "person__organisation").order_by("began_on", "pk")


@dataclass(frozen=True)
class Change:
    """How one task stood at first and how it stands now, each with its day; the same where it was said once."""

    task: str
    first: str
    first_on: date
    now: str
    now_on: date


def changes(sessions: Iterable[Session]) -> list[Change]:
    """What changed over these sessions, by task in their order. `now_on` is the day since which it has stood so.

    Sessions that were written down by mistake say nothing.
    """
    told: dict[str, list[tuple[date, int, str]]] = {}
    for session in sessions:
        for task, state in session.tasks.items() if session.taken_back_at is None else ():
            told.setdefault(task, []).append((session.met_on, session.pk, state))
    found = []
    for task in [*digital_tasks(), *sorted(set(told) - set(digital_tasks()))]:
        if task not in told:
            continue
        said = sorted(told[task])
        state = said[-1][2]
        since = said[-1][0]
        for met_on, _, earlier in reversed(said):
            if earlier != state:
                break
            since = met_on
        found.append(Change(task, said[0][2], said[0][0], state, since))
    return found


def last_tasks(person: Person, *, only_with: Pairing | None = None) -> dict[str, str]:
    """How each task stood last, over all mentors of this person, or with one of them and nothing else."""
    sessions = Session.objects.filter(pairing__person=person)
    if only_with is not None:
        sessions = sessions.filter(pairing=only_with)
    return {each.task: each.now for each in changes(sessions)}

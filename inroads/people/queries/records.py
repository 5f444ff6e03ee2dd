"""Which people a user may see, found by name, and who is seen today."""

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from uuid import UUID

from django.db.models import Q, QuerySet
from django.db.models.functions import Left
from django.utils import timezone

from inroads.accounts.permissions import Permission
from inroads.accounts.queries import Somebody, highest_where, organisations_where
from inroads.people.models import Appointment, NameWord, Person, TrustedPerson

PAGE = 25
# More than one worker sees in a day; whoever covers many teams sees the first of them.
MOST_TODAY = 40
SHORTEST_WORD = 2
# Nobody has more names by which they are looked for, and a question to the database grows with each.
MOST_WORDS = 5
FIRST_LOOK = 2_000
# Letters that Unicode does not take apart into a plain one and a sign.
_PLAIN = str.maketrans({"ł": "l", "ø": "o", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ı": "i", "ħ": "h"})


def plain(name: str) -> str:
    """A name in small plain letters without accents, its words with one space between: for sorting and finding."""
    letters = unicodedata.normalize("NFKD", name.casefold().translate(_PLAIN))
    kept = "".join(letter if letter.isalnum() else " " for letter in letters if not unicodedata.combining(letter))
    return " ".join(kept.split())


def organisations_of(user: Somebody, permission: Permission = Permission.WORK_WITH_PEOPLE) -> list[UUID]:
    """Ids of the organisations in which this user holds the permission. Read first, so that lists can use an index."""
    return list(organisations_where(user, permission).order_by().values_list("pk", flat=True))


def people_visible_to(user: Somebody) -> QuerySet[Person]:
    """People this user works with, for looking somebody up among them; long lists begin with `organisations_of`."""
    inside = Q(pk__in=())
    for place in highest_where(user, Permission.WORK_WITH_PEOPLE):
        inside |= Q(organisation__path__startswith=place.path)
    return Person.objects.filter(inside).select_related("organisation")


def nhs_digits(typed: str) -> str:
    """What was typed as an NHS number, without spaces and dashes, its digits as 0 to 9 whatever script they are in."""
    kept = "".join(letter for letter in typed if not letter.isspace() and letter not in "-‐‑–")
    return "".join(str(unicodedata.decimal(letter, letter)) for letter in kept)


@dataclass(frozen=True)
class PageOfPeople:
    """Some people in the order of a list; `more` is the last one's place where others follow, else None."""

    people: list[Person]
    more: tuple[str, UUID] | None


def list_people(user: Somebody, *, after: tuple[str, UUID] | None = None) -> PageOfPeople:
    """A page of all people this user works with, by name, from behind `after`. Never counts: that would read all."""
    found = Person.objects.filter(organisation__in=organisations_of(user)).select_related("organisation")
    found = found.order_by("sort_name", "pk")
    if after is not None:
        name, last = after
        # Said twice, so that the database starts at the name and does not read from the beginning.
        found = found.filter(sort_name__gte=name).exclude(sort_name=name, pk__lte=last)
    people = list(found[: PAGE + 1])
    more = people[PAGE - 1] if len(people) > PAGE else None
    return PageOfPeople(people[:PAGE], (more.sort_name, more.pk) if more else None)


def find_people(user: Somebody, typed: str) -> list[Person]:
    """People whose name has all the words typed, each at the beginning of one of theirs; at most a page and one.

    A whole NHS number (ten digits, with spaces or without) finds the person who has it. Nothing for words too short.
    """
    digits = nhs_digits(typed)
    if len(digits) == 10 and digits.isdecimal():
        # Said twice, because the index holds only those that are known, and SQLite wants to hear it.
        return list(people_visible_to(user).filter(nhs_number=digits).exclude(nhs_number="")[: PAGE + 1])
    words = sorted(set(plain(typed).split()), key=lambda word: (-len(word), word))[:MOST_WORDS]
    if not words or len(words[0]) < SHORTEST_WORD:
        return []
    inside = organisations_of(user)
    if len(words) > 1:
        ids = _with_all(words, inside)
    else:
        # Looked up in order of the index, and never counted.
        found = _begins_with(words[0]).filter(organisation__in=inside).order_by("word", "person_id")
        ids = list(dict.fromkeys(found.values_list("person", flat=True)[: 2 * PAGE + 2]))[: PAGE + 1]
    return sorted(people_visible_to(user).filter(pk__in=ids), key=lambda person: (person.sort_name, person.pk))


def _with_all(words: list[str], inside: list[UUID]) -> list[UUID]:
    """At most a page and one of the people who have all these words, the same ones each time.

    A database guesses badly how many begin with some letters, and a join planned on that guess can take seconds. So it
    is never asked for one: people who have the rarest word are looked at one by one, which is all where there are not
    very many, and enough where very many have each word; what remains is a plain intersection.
    """
    found = [_begins_with(word).filter(organisation__in=inside).order_by() for word in words]
    counts = [each[:FIRST_LOOK].count() for each in found]
    rarest = counts.index(min(counts))
    if counts[rarest] == 0:
        return []
    people = found[rarest].order_by("word", "organisation_id", "person_id").values("person")[:FIRST_LOOK]
    for word in words[:rarest] + words[rarest + 1 :]:
        same = NameWord.objects.alias(beginning=Left("word", len(word))).filter(beginning=word, person__in=people)
        people = same.values("person")
    ids = set(people.values_list("person", flat=True))
    if len(ids) <= PAGE and counts[rarest] == FIRST_LOOK:
        one, *others = (each.values_list("person", flat=True) for each in found)
        ids = set(one.intersection(*others))
    return sorted(ids)[: PAGE + 1]


def _begins_with(word: str) -> QuerySet[NameWord]:
    """Words from this one on, up to the last that begins with it: a range that an index answers on every database."""
    return NameWord.objects.filter(word__gte=word, word__lt=word + "\U0010ffff")


@dataclass(frozen=True)
class Today:
    """Appointments of one day in order of time, `more` where there are others, and people whose review is due.

    The longest overdue stand first.
    """

    appointments: list[Appointment]
    more: bool
    due: list[Person]


def today(user: Somebody, day: date | None = None, *, most: int = PAGE) -> Today:
    """Who this user's organisations see on a day, today unless told otherwise, and whose plan is due for a look."""
    day = day or timezone.localdate()
    begins = timezone.make_aware(datetime.combine(day, time.min))
    inside = organisations_of(user)
    appointments = Appointment.objects.filter(
        organisation__in=inside, starts_at__gte=begins, starts_at__lt=begins + timedelta(days=1), cancelled_at=None
    ).select_related("person", "option", "stage")
    due = Person.objects.filter(organisation__in=inside, due_on__lte=day).order_by("due_on", "pk")
    seen = list(appointments[: MOST_TODAY + 1])
    return Today(seen[:MOST_TODAY], len(seen) > MOST_TODAY, list(due[:most]))


def own_records(user: Somebody) -> Sequence[tuple[Person, TrustedPerson | None]]:
    """The user's own record, and those of people who trust them to see theirs."""
    if not user.is_authenticated or not user.is_active:
        return []
    found: list[tuple[Person, TrustedPerson | None]] = [
        (person, None) for person in Person.objects.filter(user=user).select_related("organisation")
    ]
    trusted = TrustedPerson.objects.filter(user=user, ended_at=None, may_see=True)
    latest = {each.person_id: each for each in trusted.select_related("person__organisation").order_by("pk")}
    return found + [(each.person, each) for each in latest.values()]

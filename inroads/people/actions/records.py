"""What changes about a person's record: who they are, how they like to be told, whom they trust, when they are seen."""

import secrets
from datetime import date, datetime, timedelta

import nhs_number as nhs
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.utils.crypto import salted_hmac

from inroads.accounts import audit
from inroads.accounts.actions import Refused
from inroads.accounts.codes import CODE_LETTERS
from inroads.accounts.models import User
from inroads.accounts.permissions import Permission, may
from inroads.accounts.words import tidy
from inroads.people.actions.checks import note, require_work_with, said_on_or_refuse
from inroads.people.actions.contacts import call_back
from inroads.people.models import (
    Appointment,
    Channel,
    NameWord,
    Option,
    OwnCode,
    Person,
    Preferences,
    Review,
    SaidBy,
    Stage,
    TrustedPerson,
)
from inroads.people.models.facts import LONGEST_AHEAD
from inroads.people.queries.records import nhs_digits, plain
from inroads.reference.models import Organisation

FIRST_REVIEW = timedelta(days=28)
CODE_LASTS = timedelta(days=14)
CODE_LENGTH = 10
DETAILS = ("full_name", "known_as", "born_on", "nhs_number", "neighbourhood")


class ChangedMeanwhile(Refused):
    """Somebody else saved the same thing first; `theirs` is what is kept now."""

    def __init__(self, theirs: Person) -> None:
        super().__init__("Somebody else changed this while you had it open. Check both, then save again")
        self.theirs = theirs


@transaction.atomic
def add_person(
    *,
    organisation: Organisation,
    full_name: str,
    known_as: str,
    by: User,
    born_on: date | None = None,
    nhs_number: str = "",
    neighbourhood: str = "",
) -> Person:
    """Somebody new. Their first review is in four weeks, until another day is set."""
    audit.hold()
    if not may(by, Permission.WORK_WITH_PEOPLE, organisation):
        raise PermissionDenied("You do not work with people of this organisation")
    person = Person(organisation=organisation, due_on=timezone.localdate() + FIRST_REVIEW)
    _set_details(
        person,
        full_name=full_name,
        known_as=known_as,
        born_on=born_on,
        nhs_number=nhs_number,
        neighbourhood=neighbourhood,
    )
    person.save(force_insert=True)
    _index_name(person)
    Review.objects.create(person=person, review_on=person.due_on, recorded_by=by)
    note("record_begun", person, by)
    return person


@transaction.atomic
def change_details(
    *,
    person: Person,
    version: int,
    full_name: str,
    known_as: str,
    born_on: date | None,
    nhs_number: str,
    neighbourhood: str,
    by: User,
) -> Person:
    """Name, date of birth, NHS number, where they live. Raises `ChangedMeanwhile` when `version` is not the latest."""
    audit.hold()
    kept = Person.objects.select_for_update().select_related("organisation").get(pk=person.pk)
    require_work_with(by, kept)
    if kept.version != version:
        raise ChangedMeanwhile(kept)
    before = {name: getattr(kept, name) for name in DETAILS}
    _set_details(
        kept,
        full_name=full_name,
        known_as=known_as,
        born_on=born_on,
        nhs_number=nhs_number,
        neighbourhood=neighbourhood,
    )
    changed = " ".join(name for name in DETAILS if getattr(kept, name) != before[name])
    if not changed:
        return kept
    kept.version += 1
    kept.save()
    _index_name(kept)
    note("details_changed", kept, by, changed=changed)
    return kept


@transaction.atomic
def set_preferences(
    *,
    person: Person,
    by: User,
    channel: str,
    said_by: str = SaidBy.PERSON,
    said_on: date | None = None,
    present_words: str = "",
    contact_way: str = "",
    contact_detail: str = "",
    contact_times: str = "",
    format: str = "",
    language: str = "",
    interpreter: bool = False,
    communities: list[str] | None = None,
    adjustments: str = "",
) -> Preferences:
    """How somebody likes to be contacted and told things, from now on."""
    audit.hold()
    require_work_with(by, person)
    made = Preferences.objects.create(
        person=person,
        recorded_by=by,
        channel=Channel(channel),
        said_by=SaidBy(said_by),
        said_on=said_on_or_refuse(said_on),
        present_words=tidy(present_words),
        contact_way=contact_way,
        contact_detail=tidy(contact_detail),
        contact_times=tidy(contact_times),
        format=format,
        language=tidy(language),
        interpreter=interpreter,
        communities=communities or [],
        adjustments=tidy(adjustments),
    )
    call_back(person=person)
    note("preferences_set", person, by)
    return made


@transaction.atomic
def add_trusted_person(
    *,
    person: Person,
    name: str,
    relation: str,
    may_see: bool,
    may_change: bool,
    agreed_on: date | None,
    how_agreed: str,
    by: User,
) -> TrustedPerson:
    """Somebody the person trusts, and what the person agreed they may do."""
    audit.hold()
    require_work_with(by, person)
    made = TrustedPerson.objects.create(
        person=person,
        name=tidy(name),
        relation=tidy(relation),
        # Who may change choices has to see them.
        may_see=may_see or may_change,
        may_change=may_change,
        agreed_on=said_on_or_refuse(agreed_on),
        how_agreed=tidy(how_agreed),
        recorded_by=by,
    )
    details = {"number": made.pk, "may_see": made.may_see, "may_change": made.may_change}
    audit.record(action="trusted_person_added", by=by, about=person, organisation=person.organisation, details=details)
    return made


@transaction.atomic
def end_trust(*, trusted: TrustedPerson, by: User) -> TrustedPerson:
    """From now on this person may do nothing. The person themself can do this too, at any time, in one step."""
    audit.hold()
    kept = TrustedPerson.objects.select_for_update().select_related("person__organisation").get(pk=trusted.pk)
    if kept.person.user_id != by.pk:
        require_work_with(by, kept.person)
    if kept.ended_at is None:
        kept.ended_at, kept.ended_by = timezone.now(), by
        kept.save(update_fields=("ended_at", "ended_by"))
        note("trust_ended", kept.person, by, number=kept.pk)
    return kept


@transaction.atomic
def give_own_code(*, person: Person, by: User, trusted: TrustedPerson | None = None) -> str:
    """A code with which the person, or somebody they trust, ties their account to the record. Show it once.

    Every earlier code for the same purpose stops working.
    """
    audit.hold()
    require_work_with(by, person)
    if trusted is not None and (trusted.person_id != person.pk or trusted.ended_at or not trusted.may_see):
        raise Refused("This was not agreed, or has ended. Write down first what the person agrees to")
    now = timezone.now()
    OwnCode.objects.filter(person=person, trusted=trusted, used_at=None).update(expires_at=now)
    code = "".join(secrets.choice(CODE_LETTERS) for _ in range(CODE_LENGTH))
    OwnCode.objects.create(
        person=person, trusted=trusted, code_hash=_hashed(code), expires_at=now + CODE_LASTS, recorded_by=by
    )
    note("own_code_given", person, by)
    return f"{code[:5]}-{code[5:]}"


@transaction.atomic
def use_own_code(*, typed: str, by: User) -> Person:
    """Tie the account of `by` to the record for which the code was given. Raises `Refused`."""
    audit.hold()
    if not may(by, Permission.SEE_OWN_CHOICES):
        raise PermissionDenied("Your roles do not include own choices")
    code = "".join(letter for letter in typed.upper() if letter.isalnum())
    found = (
        OwnCode.objects.select_for_update(of=("self",))
        .select_related("person__organisation", "trusted")
        .filter(code_hash=_hashed(code), used_at=None, expires_at__gt=timezone.now())
        .first()
    )
    if found is None:
        raise Refused(
            "This code does not work. Check each letter, or ask for a new one: a code works once, for 14 days"
        )
    person = found.person
    if found.trusted is not None:
        if found.trusted.ended_at is not None:
            raise Refused("This code does not work any more. Ask the person you help")
        found.trusted.user = by
        found.trusted.save(update_fields=("user",))
    else:
        if Person.objects.filter(user=by).exclude(pk=person.pk).exists():
            raise Refused("Your account already leads to another record. Ask the team that gave you the code")
        if person.user_id not in (None, by.pk):
            raise Refused("Another account leads to this record already. Ask the team that gave you the code")
        person.user = by
        person.save(update_fields=("user",))
    found.used_at = timezone.now()
    found.save(update_fields=("used_at",))
    note("own_code_used", person, by)
    return person


@transaction.atomic
def book_appointment(
    *, person: Person, starts_at: datetime, by: User, stage: Stage | None = None, option: Option | None = None
) -> Appointment:
    """When this person is seen next, and in which way."""
    audit.hold()
    require_work_with(by, person)
    if timezone.localdate(starts_at) < timezone.localdate():
        raise Refused("The appointment lies in the past. Enter today or a later day", field="on")
    if timezone.localdate(starts_at) > timezone.localdate() + LONGEST_AHEAD:
        raise Refused("The appointment must be within a year. Enter an earlier day", field="on")
    made = Appointment.objects.create(
        person=person,
        organisation=person.organisation,
        starts_at=starts_at,
        stage=stage,
        option=option,
        recorded_by=by,
    )
    note("appointment_booked", person, by, on=starts_at.date().isoformat())
    return made


@transaction.atomic
def cancel_appointment(*, appointment: Appointment, by: User) -> Appointment:
    """It does not take place. It stays in the record."""
    audit.hold()
    require_work_with(by, appointment.person)
    appointment.refresh_from_db(fields=("cancelled_at",))
    if appointment.cancelled_at is None:
        appointment.cancelled_at = timezone.now()
        appointment.save(update_fields=("cancelled_at",))
        note("appointment_cancelled", appointment.person, by, on=appointment.starts_at.date().isoformat())
    return appointment


def _set_details(
    person: Person, *, full_name: str, known_as: str, born_on: date | None, nhs_number: str, neighbourhood: str
) -> None:
    person.full_name = " ".join(full_name.split())
    if not plain(person.full_name):
        raise Refused("Enter a name with at least one letter or digit", field="full_name")
    # A name that nobody can see would leave a link without words.
    person.known_as = " ".join(known_as.split()) if plain(known_as) else person.full_name[:60]
    if born_on is not None and born_on > timezone.localdate():
        raise Refused("The date of birth lies in the future. Check the year", field="born_on")
    person.born_on = born_on
    digits = nhs_digits(nhs_number)
    if digits and not nhs.is_valid(digits):
        raise Refused(
            "This is not an NHS number. It has 10 digits, like 943 476 5919; check each one", field="nhs_number"
        )
    same = Person.objects.filter(organisation=person.organisation, nhs_number=digits).exclude(pk=person.pk)
    if digits and (other := same.first()):
        raise Refused(
            f"{other.known_as} has this NHS number already. Check it, or open their record instead", field="nhs_number"
        )
    person.nhs_number = digits
    person.neighbourhood = neighbourhood.strip().upper()
    person.sort_name = plain(person.full_name)[:150]


def _index_name(person: Person) -> None:
    words = {word[:60] for word in plain(f"{person.full_name} {person.known_as}").split()}
    NameWord.objects.filter(person=person).delete()
    NameWord.objects.bulk_create(
        NameWord(person=person, organisation=person.organisation, word=word) for word in sorted(words)
    )


def _hashed(code: str) -> str:
    # Keyed, so that nobody who sees the table can try out all codes.
    return salted_hmac("inroads.people.own_code", code, algorithm="sha256").hexdigest()

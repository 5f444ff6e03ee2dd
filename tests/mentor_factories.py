"""Mentors, pairings and drop-ins for tests, made by the actions that pages use."""

from datetime import time, timedelta

from django.utils import timezone

from inroads.accounts.models import User
from inroads.people.actions import drop_ins, mentors, pairings
from inroads.people.models import Mentor, Pairing, Person
from inroads.reference.models import Organisation


def make_mentor(organisation: Organisation, *, by: User, supervised: bool = True, **told) -> Mentor:
    """A mentor of the organisation, in supervision unless told otherwise."""
    words = {"name": "Amina Warsame", "known_as": "Amina", "capacity": 3} | told
    made = mentors.add_mentor(organisation=organisation, by=by, **words)
    if supervised:
        next_on = timezone.localdate() + timedelta(days=30)
        mentors.record_supervision(mentor=made, supervisor="Jo", next_on=next_on, by=by)
    return made


def make_pairing(person: Person, mentor: Mentor, *, by: User, **told) -> Pairing:
    """The person said yes."""
    words = {"how_agreed": "said yes", "channel": "in_person"} | told
    return pairings.pair(person=person, mentor=mentor, by=by, **words)


def add_to_record(person: Person, *, by: User) -> Pairing:
    """A mentor with an account of their own, one session and a drop-in, so that every page about them opens."""
    organisation = by.memberships.get().organisation
    mentor = make_mentor(organisation, by=by, account=by.email, languages="Somali, English")
    pairing = make_pairing(person, mentor, by=by, wants="Write to my sister")
    pairings.log_session(pairing=pairing, minutes=30, where="touchpoint", tasks={"message": "with_help"}, by=by)
    # Another one, so that there is somebody to begin with.
    make_mentor(organisation, by=by, name="Bo Lund", known_as="Bo")
    drop_ins.add_drop_in(
        organisation=organisation,
        kind="cafe",
        title="Tablets and tea",
        where="The library",
        weekday=1,
        starts=time(14),
        ends=time(16),
        by=by,
    )
    return pairing

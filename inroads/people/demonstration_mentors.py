"""Invented mentors, a champion and drop-ins for the demonstration; one works with somebody already."""

from datetime import time, timedelta

from django.db import transaction
from django.utils import timezone

from inroads.accounts.demonstration import TEAM, VOLUNTARY
from inroads.accounts.models import User
from inroads.people.actions import drop_ins, mentors, pairings
from inroads.people.models import Mentor, Pairing, Person
from inroads.reference.models import Kind, Organisation

BEGAN = timedelta(days=42)
# Name, what they like to be called, and what stands about them. The last one waits for a first supervision.
MENTORS = (
    (
        "Dele Martins",
        "Dele",
        {
            "account": "digital.mentor@demonstration.example",
            "languages": "English, Yoruba",
            "interests": "music, football",
            "where": "The Kitchen Table, or your library",
            "neighbourhood": "E01017347",
            "reach_km": 8,
            "by_phone": True,
            "hours": "Tuesdays and Thursdays",
            "capacity": 4,
        },
    ),
    (
        "Zofia Lis (invented)",
        "Zofia",
        {
            "languages": "Polish, English",
            "interests": "cooking, sewing",
            "communities": ["migrants", "older_people"],
            "for_words": "People who would rather write than ring",
            "neighbourhood": "E01017336",
            "reach_km": 3,
            "hours": "Mornings",
            "capacity": 2,
        },
    ),
    (
        "Amina Warsame (invented)",
        "Amina",
        {"languages": "Somali, Arabic, English", "communities": ["refugees"], "by_video": True, "capacity": 2},
    ),
)
# Days since they met, minutes, what was done, and how it went.
SESSIONS = (
    (35, 40, "Made the writing bigger. Found the messages.", {"start_device": "with_help", "message": "not_yet"}),
    (21, 30, "Wrote a first message to her daughter.", {"message": "with_help", "video_call": "not_wanted"}),
    (7, 30, "Three messages, on her own.", {"start_device": "alone", "message": "alone", "spot_scam": "with_help"}),
)


@transaction.atomic
def load_demonstration_mentors() -> None:
    """Put them in place where the invented charity has no mentor yet; doing it again changes nothing."""
    charity = Organisation.objects.get(name=VOLUNTARY, kind=Kind.VOLUNTARY)
    team = Organisation.objects.get(name=TEAM, kind=Kind.TEAM)
    if Mentor.objects.filter(organisation__in=(charity, team)).exists():
        return
    partner = User.objects.get(email="touchpoint.partner@demonstration.example")
    practitioner = User.objects.get(email="practitioner@demonstration.example")
    for number, (name, known_as, told) in enumerate(MENTORS, 1):
        made = mentors.add_mentor(organisation=charity, name=name, known_as=known_as, by=partner, **told)
        if number < len(MENTORS):
            _supervise(made, partner)
    champion = mentors.add_mentor(
        organisation=team,
        kind="champion",
        name="Priya Nair",
        known_as="Priya",
        account=practitioner.email,
        capacity=6,
        for_words="Colleagues who would like to try video with somebody beside them",
        hours="After the Monday meeting",
        by=practitioner,
    )
    _supervise(champion, practitioner)
    _drop_ins(charity, team, partner, practitioner)
    halina = Person.objects.filter(organisation=team, known_as="Halina").first()
    if halina is not None:
        _sessions(halina, Mentor.objects.get(organisation=charity, known_as="Zofia"), practitioner)


def _supervise(mentor: Mentor, by: User) -> None:
    today = timezone.localdate()
    mentors.record_supervision(
        mentor=mentor,
        supervisor="Tamsin Wheeler",
        met_on=today - timedelta(days=20),
        next_on=today + timedelta(days=40),
        by=by,
    )


def _drop_ins(charity: Organisation, team: Organisation, partner: User, practitioner: User) -> None:
    cafe = drop_ins.add_drop_in(
        organisation=charity,
        kind="cafe",
        title="Tablets and tea (invented)",
        where="The Kitchen Table, Ventnor",
        weekday=1,
        starts=time(14),
        ends=time(16),
        languages="English, Polish",
        words="Tea is free. There is a ramp.",
        by=partner,
    )
    today = timezone.localdate()
    last = today - timedelta(days=(today.weekday() - 1) % 7 or 7)
    for weeks, came in ((3, 5), (2, 8), (1, 7), (0, 9)):
        drop_ins.record_attendance(
            drop_in=cafe, held_on=last - timedelta(weeks=weeks), came=came, mentors=2, by=partner
        )
    drop_ins.add_drop_in(
        organisation=team,
        kind="sprint",
        for_whom="staff",
        title="Half an hour on video calls (invented)",
        where="The team room",
        weekday=0,
        starts=time(12),
        ends=time(12, 30),
        by=practitioner,
    )


def _sessions(person: Person, mentor: Mentor, by: User) -> None:
    pairing = pairings.pair(
        person=person,
        mentor=mentor,
        how_agreed="Said yes on the phone, with the interpreter",
        wants="Write to my daughter without asking anybody",
        channel="phone",
        by=by,
    )
    # As if it had been written down then.
    began = timezone.localdate() - BEGAN
    Pairing.objects.filter(pk=pairing.pk).update(began_on=began, said_on=began, recorded_at=pairing.recorded_at - BEGAN)
    for ago, minutes, done, tasks in SESSIONS:
        pairings.log_session(
            pairing=pairing,
            met_on=timezone.localdate() - timedelta(days=ago),
            minutes=minutes,
            where="touchpoint",
            done=done,
            tasks=tasks,
            by=by,
        )

"""People, teams and workers for tests, made by the actions that pages use."""

import itertools
from datetime import date, time, timedelta

from django.utils import timezone
from lending_factories import make_loans

from inroads.accounts.models import Membership, User
from inroads.directory.actions.services import Details, add_service
from inroads.directory.actions.touchpoints import own_touchpoint
from inroads.people.actions import (
    choices,
    conversations,
    drop_ins,
    mentors,
    pairings,
    paper,
    pathways,
    plans,
    records,
    referrals,
)
from inroads.people.actions.contacts import plan_contact
from inroads.people.models import Person
from inroads.reference.models import Kind, Organisation
from inroads.reference.organisations import add_organisation

_number = itertools.count(1)


def make_place(name: str = "Isle of Wight") -> Organisation:
    """A place with the tree above it, one tree for all."""
    england = Organisation.objects.filter(kind=Kind.ENGLAND).first() or add_organisation(
        kind=Kind.ENGLAND, name="England", parent=None
    )
    region = england.children.first() or add_organisation(kind=Kind.REGION, name="A region", parent=england)
    ics = region.children.first() or add_organisation(kind=Kind.ICS, name="An ICS", parent=region)
    return add_organisation(kind=Kind.PLACE, name=name, parent=ics, area_code="E06000046")


def make_team(name: str = "A team", place: Organisation | None = None) -> Organisation:
    """A team of a provider of its own."""
    provider = add_organisation(kind=Kind.PROVIDER, name=f"Provider of {name}", parent=place or make_place())
    return add_organisation(kind=Kind.TEAM, name=name, parent=provider)


def make_worker(organisation: Organisation, role: str = "practitioner") -> User:
    """Somebody with this role in the organisation."""
    number = next(_number)
    user = User.objects.create_user(f"worker{number}@tests.example", f"Worker {number}")
    Membership.objects.create(user=user, role=role, organisation=organisation, starts_on=date(2026, 1, 1))
    return user


def make_person(organisation: Organisation, *, by: User | None = None, **details) -> Person:
    """A person of the organisation."""
    number = next(_number)
    names = {"full_name": f"Person {number}", "known_as": f"P{number}"} | details
    return records.add_person(organisation=organisation, by=by or make_worker(organisation), **names)


def make_record(organisation: Organisation, *, by: User, lead: User, partner: User | None = None) -> Person:
    """A person with something in every part of the record, on a pathway that `lead` drew and published."""
    person = make_person(organisation, by=by, full_name="Whole Record", known_as="Whole")
    pathway = pathways.add_pathway(
        template="community_mental_health", organisation=organisation, title="A pathway", by=lead
    )
    pathways.publish(pathway=pathway, by=lead)
    stage = pathway.stages.first()
    option = stage.options.filter(digital=False).first()
    choices.come_to_stage(person=person, stage=stage, by=by)
    said = {"channel": "in_person", "by": by}
    choices.record_choice(person=person, stage=stage, option=option, explained_in="standard", **said)
    records.add_trusted_person(
        person=person,
        name="Ash",
        relation="friend",
        may_see=True,
        may_change=True,
        agreed_on=None,
        how_agreed="said so",
        by=by,
    )
    records.set_preferences(person=person, contact_way="letter", format="standard", **said)
    records.book_appointment(person=person, starts_at=timezone.now() + timedelta(hours=1), by=by)
    talk = conversations.begin_conversation(person=person, kind="triage", **said)
    conversations.record_answer(conversation=talk, topic="devices", answer="yes", words="Secret words", by=by)
    conversations.record_events(person=person, kinds=["pawned"], words="Secret words", **said)
    due = timezone.localdate() + timedelta(days=7)
    plans.add_step(person=person, what="Ask for a phone", owner="Team", due_on=due, barrier="devices", by=by)
    plans.add_help_at_time(person=person, part="night", what="Music", who="", digital=False, by=by)
    paper.print_paper(person=person, kind="triage", points=12, content=["devices"], by=by)
    make_loans(person, by=by)
    make_mentoring(person, by=by)
    if partner is not None:
        charity = own_touchpoint(organisation=partner.memberships.get().organisation, by=partner)
        phone = add_service(touchpoint=charity, details=Details(name="A phone", helps=("device_loan",)), by=partner)
        referral = referrals.draft_referral(
            person=person, service=phone, asked="A phone", consent=referrals.Consent(("name",), "said yes"), by=by
        )
        referrals.send_referral(referral=referral, by=by)
        plan_contact(person=person, key="a-contact", why="loan", words="Hello", due_on=timezone.localdate())
    return person


def make_mentoring(person: Person, *, by: User) -> None:
    """A mentor with supervision in date, the person paired with them, a session, and a drop-in."""
    organisation, today = person.organisation, timezone.localdate()
    mentor = mentors.add_mentor(
        organisation=organisation, name="Mo Mentor", known_as="Mo", capacity=3, account=by.email, by=by
    )
    mentors.record_supervision(mentor=mentor, supervisor="Lead", next_on=today + timedelta(days=30), by=by)
    pairing = pairings.pair(person=person, mentor=mentor, how_agreed="said yes", channel="in_person", by=by)
    pairings.log_session(pairing=pairing, minutes=30, where="here", done="A first e-mail", by=by)
    drop_ins.add_drop_in(
        organisation=organisation,
        kind="cafe",
        title="Digital café",
        where="The hall",
        weekday=1,
        starts=time(10),
        ends=time(12),
        by=by,
    )

"""Invented people for the demonstration: a team's list, a pathway, a touchpoint, and a few records."""

from datetime import datetime, time, timedelta

from django.db import transaction
from django.utils import timezone

from inroads.accounts.demonstration import PROVIDER, TEAM, VOLUNTARY
from inroads.accounts.models import User
from inroads.directory.actions import services, touchpoints
from inroads.directory.actions.services import Details, Hours
from inroads.directory.models import Service
from inroads.people.actions import choices, conversations, pathways, plans, records
from inroads.people.models import Appointment, Pathway, Person, Stage
from inroads.reference.models import Kind, Organisation

PATHWAY = "Community mental health, Sandown Bay (invented)"
# Name, what they like to be called, neighbourhood on the Isle of Wight, when they are seen today.
PEOPLE = (
    ("Robin Hale", "Robin", "E01017347", time(10, 30)),
    ("Halina Kowalska", "Halina", "E01017336", time(11, 15)),
    ("Samuel Okoye", "Sam", "E01017326", time(14, 0)),
    ("Gwen Pritchard", "Gwen", "", None),
)


@transaction.atomic
def load_demonstration_people() -> None:
    """Put them in place; doing it again adds nothing but appointments for a new day."""
    practitioner = User.objects.get(email="practitioner@demonstration.example")
    team = Organisation.objects.get(name=TEAM, kind=Kind.TEAM)
    stage = _pathway()
    _touchpoint()
    people = {person.full_name: person for person in Person.objects.filter(organisation=team)}
    # Only into a team without anybody: somebody may have been given another name since.
    for name, known_as, neighbourhood, _ in PEOPLE if not people else ():
        if name not in people:
            people[name] = records.add_person(
                organisation=team, full_name=name, known_as=known_as, neighbourhood=neighbourhood, by=practitioner
            )
            choices.come_to_stage(person=people[name], stage=stage, by=practitioner)
            if known_as == "Robin":
                _robin(people[name], stage, practitioner)
            elif known_as == "Halina":
                _halina(people[name], practitioner)
    _appointments(people, practitioner)


def _pathway() -> Stage:
    lead = User.objects.get(email="place.lead@demonstration.example")
    provider = Organisation.objects.get(name=PROVIDER, kind=Kind.PROVIDER)
    kept = Pathway.objects.filter(title=PATHWAY, organisation=provider).first()
    if kept is None:
        kept = pathways.add_pathway(template="community_mental_health", organisation=provider, title=PATHWAY, by=lead)
        pathways.publish(pathway=kept, by=lead)
    return kept.stages.get(title="Treatment")


def _touchpoint() -> None:
    partner = User.objects.get(email="touchpoint.partner@demonstration.example")
    charity = Organisation.objects.get(name=VOLUNTARY, kind=Kind.VOLUNTARY)
    if Service.objects.filter(touchpoint__organisation=charity).exists():
        return
    table = touchpoints.own_touchpoint(organisation=charity, by=partner)
    touchpoints.change_touchpoint(
        touchpoint=table,
        name=charity.name,
        plain="A kitchen with a long table. Come as you are.",
        website="",
        email="table@ventnor-kitchen.example",
        phone="01983 496 000",
        by=partner,
    )
    week = tuple(Hours(day, time(10), time(16)) for day in range(5))
    there = {
        "address": "The Kitchen Table, 4 High Street",
        "town": "Ventnor",
        "neighbourhood": "E01017363",
        "free": True,
    }
    for details, room in (
        (Details(name="A phone to borrow", helps=("device_loan",), hours=(week[1], week[3]), **there), 3),
        (
            Details(
                name="A mentor beside you, as slowly as you like",
                helps=("digital_mentor", "form_together"),
                languages="English, Polish",
                how_to_come="Any weekday, by arrangement",
                communities=("carers", "older_people"),
                **there,
            ),
            2,
        ),
        (Details(name="A quiet room to talk in", helps=("private_room",), hours=week, **there), 0),
    ):
        services.add_service(touchpoint=table, details=details, capacity=room, by=partner)
    if charity.parent is None:
        return
    lead = User.objects.get(email="place.lead@demonstration.example")
    house = touchpoints.add_touchpoint(
        area=charity.parent, name="A safe house (invented)", private=True, phone="01983 496 001", by=lead
    )
    services.add_service(
        touchpoint=house, details=Details(name="A safe place to stay", helps=("safe_contact",)), by=lead
    )


def _robin(person: Person, stage: Stage, by: User) -> None:
    """Somebody who has talked once, chosen, and has a plan; the account is that of the demonstration."""
    person.user = User.objects.get(email="person@demonstration.example")
    person.save(update_fields=("user",))
    records.set_preferences(
        person=person,
        channel="in_person",
        contact_way="phone",
        contact_times="After 11. No voicemail, please",
        format="standard",
        language="English",
        adjustments="The same person each time",
        by=by,
    )
    trusted = records.add_trusted_person(
        person=person,
        name="Kit Hale",
        relation="brother",
        may_see=True,
        may_change=True,
        agreed_on=None,
        how_agreed="Robin said so in the clinic, with Kit there",
        by=by,
    )
    trusted.user = User.objects.get(email="trusted.person@demonstration.example")
    trusted.save(update_fields=("user",))
    talk = conversations.begin_conversation(person=person, kind="full", channel="in_person", by=by)
    for topic, answer, words in (
        ("in_touch", "", "Messages with my brother. Music at night."),
        ("devices", "no", "An old phone, it works"),
        ("data", "a_bit", "Runs out before the end of the month"),
        ("private_space", "no", ""),
        ("confidence", "a_bit", "With someone beside me it goes"),
        ("trust", "prefer_not", ""),
    ):
        conversations.record_answer(conversation=talk, topic=topic, answer=answer, words=words, by=by)
    conversations.finish_conversation(conversation=talk, by=by)
    phone = stage.options.filter(way="phone").first()
    choices.record_choice(
        person=person,
        stage=stage,
        option=phone,
        explained_in="standard",
        channel="in_person",
        why="I can stay at home when it is a bad day",
        by=by,
    )
    plans.add_step(
        person=person,
        what="Ask the Kitchen Table about a data card",
        owner="Priya Nair",
        due_on=timezone.localdate() + timedelta(days=10),
        barrier="data",
        help="data_sim",
        because="You said that data runs out.",
        by=by,
    )
    plans.add_help_at_time(
        person=person, part="small", what="Music, then the night line", who="Night line", digital=False, by=by
    )


def _halina(person: Person, by: User) -> None:
    """Somebody who reads large print and is most at ease in Polish."""
    records.set_preferences(
        person=person,
        channel="phone",
        contact_way="letter",
        format="large_18",
        language="Polish",
        interpreter=True,
        by=by,
    )


def _appointments(people: dict[str, Person], by: User) -> None:
    today = timezone.localdate()
    for name, _, _, at in PEOPLE:
        person = people.get(name)
        if person is None or at is None or Appointment.objects.filter(person=person, starts_at__date=today).exists():
            continue
        chosen = person.choices.select_related("stage", "option").last()
        records.book_appointment(
            person=person,
            starts_at=timezone.make_aware(datetime.combine(today, at)),
            stage=chosen.stage if chosen else None,
            option=chosen.option if chosen else None,
            by=by,
        )

"""Mentors: who may keep them, supervision, pairing with a yes and never beyond the room, sessions and what changed."""

from datetime import date, time, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone
from mentor_factories import make_mentor, make_pairing
from people_factories import make_person, make_place, make_team, make_worker
from races import TOGETHER

from inroads.accounts.actions import Refused
from inroads.accounts.models import AuditEntry
from inroads.people.actions import conversations, drop_ins, mentors, pairings, records
from inroads.people.models import Attendance, Mentor, Pairing, Session, Supervision
from inroads.people.presenters.mentors import mentor_line, pairing_card, said_change, together, waiting
from inroads.people.queries import drop_ins as drop_in_queries
from inroads.people.queries.mentors import (
    Change,
    changes,
    last_tasks,
    matched,
    own_pairings,
    pairings_of,
    standing,
    standings_kept_by,
)
from inroads.reference.around import published
from inroads.reference.models import Kind
from inroads.reference.organisations import add_organisation

pytestmark = pytest.mark.django_db
RYDE, COWES = "E01017342", "E01017280"
DAY = timedelta(days=1)


def today():
    return timezone.localdate()


@pytest.fixture
def place(db):
    return make_place()


@pytest.fixture
def worker(place):
    return make_worker(make_team("A team", place))


@pytest.fixture
def person(worker):
    return make_person(worker.memberships.get().organisation, by=worker, neighbourhood=RYDE)


@pytest.fixture
def partner(place):
    charity = add_organisation(kind=Kind.VOLUNTARY, name="A charity", parent=place)
    return make_worker(charity, "touchpoint_partner")


@pytest.fixture
def mentor(partner):
    return make_mentor(partner.memberships.get().organisation, by=partner, languages="Somali, English")


def suggested(person):
    return [each.name for each, _ in matched(person, published()).suggestions]


def test_a_mentor_of_a_charity_around_is_suggested_to_a_person_of_a_team(person, worker, mentor):
    records.set_preferences(person=person, language="Somali", channel="in_person", by=worker)
    ((found, now),) = matched(person, published()).suggestions
    assert found.because == ("speaks Somali", "has room for 3 more")
    assert found.unknown == ("how far it is", "how far they go")
    assert now.mentor == mentor


def test_distance_is_measured_between_neighbourhoods(person, partner):
    make_mentor(partner.memberships.get().organisation, by=partner, neighbourhood=RYDE, reach_km=0)
    ((found, _),) = matched(person, published()).suggestions
    assert "goes up to 0 km; it is less than 0.1 km to you, in a straight line" in found.because


def test_interests_are_those_of_which_the_person_spoke(person, worker, partner):
    talk = conversations.begin_conversation(person=person, kind="full", channel="in_person", by=worker)
    conversations.record_answer(conversation=talk, topic="hope", answer="", words="Music. My brother.", by=worker)
    make_mentor(partner.memberships.get().organisation, by=partner, interests="football, music")
    ((found, _),) = matched(person, published()).suggestions
    assert "likes music, and you spoke of it" in found.because


def test_somebody_the_person_trusts_is_found_by_their_whole_name(person, worker, mentor):
    records.add_trusted_person(
        person=person,
        name="amina  WARSAME",
        relation="neighbour",
        may_see=False,
        may_change=False,
        agreed_on=None,
        how_agreed="said so",
        by=worker,
    )
    ((found, _),) = matched(person, published()).suggestions
    assert "you named them as somebody you trust" in found.because


def test_mentors_of_another_system_are_not_suggested_and_cannot_be_paired(place, person, worker):
    ics = add_organisation(kind=Kind.ICS, name="Far away", parent=place.parent.parent)
    far = make_worker(add_organisation(kind=Kind.VOLUNTARY, name="Far", parent=ics), "touchpoint_partner")
    elsewhere = make_mentor(far.memberships.get().organisation, by=far)
    assert suggested(person) == []
    with pytest.raises(Refused, match="works elsewhere"):
        make_pairing(person, elsewhere, by=worker)


def test_without_supervision_nobody_new_comes_and_it_is_said_kindly(person, worker, partner):
    waits = make_mentor(partner.memberships.get().organisation, by=partner, supervised=False)
    found = matched(person, published())
    assert (found.suggestions, found.waiting) == ([], 1)
    assert waiting(1) == "One more mentor meets their supervisor first, and can be asked after that."
    assert waiting(2).startswith("2 more mentors meet")
    assert waiting(0) == ""
    with pytest.raises(Refused, match="meets their supervisor first"):
        make_pairing(person, waits, by=worker)
    (line,) = [mentor_line(each) for each in standings_kept_by(partner)]
    assert "Set who supervises them" in line.care


def test_supervision_holds_to_the_end_of_its_day(mentor):
    next_on = Supervision.objects.get(mentor=mentor).next_on
    (kept,) = [standing(mentor, next_on)]
    assert kept.supervised
    late = standing(mentor, next_on + DAY)
    assert not late.supervised
    assert "go on with the people they have" in mentor_line(late).care


def test_the_latest_supervision_holds_and_earlier_ones_stay(mentor, partner):
    later = today() + timedelta(days=90)
    mentors.record_supervision(mentor=mentor, supervisor="Sam", met_on=today(), next_on=later, by=partner)
    assert standing(mentor).supervision.supervisor == "Sam"
    assert mentor.supervisions.count() == 2
    for wrong in (today(), today() + timedelta(days=400)):
        with pytest.raises(Refused) as refused:
            mentors.record_supervision(mentor=mentor, supervisor="Sam", next_on=wrong, by=partner)
        assert refused.value.field == "next_on"
    with pytest.raises(Refused, match="today or in the past"):
        mentors.record_supervision(mentor=mentor, supervisor="S", met_on=today() + DAY, next_on=later, by=partner)
    with pytest.raises(Refused, match="who supervises"):
        mentors.record_supervision(mentor=mentor, supervisor="  ", next_on=later, by=partner)


def test_only_those_who_keep_mentors_of_an_organisation_change_them(place, mentor, worker, partner):
    organisation = mentor.organisation
    with pytest.raises(PermissionDenied):
        make_mentor(organisation, by=worker)
    with pytest.raises(PermissionDenied):
        mentors.record_supervision(mentor=mentor, supervisor="S", next_on=today() + DAY, by=worker)
    lead = make_worker(place, "place_lead")
    assert [each.mentor for each in standings_kept_by(lead)] == [mentor]
    assert standings_kept_by(worker) == []
    assert make_mentor(organisation, by=lead, known_as="Bo").organisation == organisation


def test_two_who_change_a_mentor_at_once_both_read_what_the_other_wrote(mentor, partner):
    told = {
        "kind": "mentor", "name": "Amina Warsame", "known_as": "Amina", "account": "", "contact_words": "",
        "languages": "Somali", "interests": "", "communities": ["refugees", "no such"], "for_words": "", "where": "",
        "neighbourhood": "", "reach_km": 4, "by_phone": True, "by_video": False, "hours": "", "capacity": 5,
        "active_from": today(), "active_until": None,
    }  # fmt: skip
    changed = mentors.change_mentor(mentor=mentor, version=1, by=partner, **told)
    assert (changed.version, changed.capacity, changed.communities) == (2, 5, ["refugees"])
    with pytest.raises(mentors.MentorChanged):
        mentors.change_mentor(mentor=mentor, version=1, by=partner, **told)
    again = mentors.change_mentor(mentor=mentor, version=2, by=partner, **told)
    assert again.version == 2
    assert AuditEntry.objects.filter(action="mentor_changed").count() == 1


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"name": " "}, "name"),
        ({"known_as": ""}, "known_as"),
        ({"capacity": 51}, "capacity"),
        ({"capacity": -1}, "capacity"),
        ({"reach_km": 201}, "reach_km"),
        ({"active_from": date(2026, 3, 2), "active_until": date(2026, 3, 1)}, "active_until"),
        ({"active_until": date(2090, 3, 1)}, "active_until"),
        ({"account": "nobody@tests.example"}, "account"),
    ],
)
def test_what_cannot_be_is_refused_beside_its_field(partner, wrong, field):
    with pytest.raises(Refused) as refused:
        make_mentor(partner.memberships.get().organisation, by=partner, **wrong)
    assert refused.value.field == field


def test_an_account_is_tied_only_to_somebody_of_the_organisation(partner, worker):
    organisation = partner.memberships.get().organisation
    assert make_mentor(organisation, by=partner, account=partner.email.upper()).user == partner
    with pytest.raises(Refused, match="Nobody with a role in this organisation"):
        make_mentor(organisation, by=partner, account=worker.email)


def test_the_rest_can_be_changed_after_the_role_of_the_account_has_ended(place, partner):
    lead = make_worker(place, "place_lead")
    made = make_mentor(partner.memberships.get().organisation, by=partner, account=partner.email)
    partner.memberships.update(ends_on=today() - DAY)
    told = {name: getattr(made, name) for name in mentors.TOLD if name != "user_id"} | {"hours": "Mondays"}
    kept = mentors.change_mentor(mentor=made, version=1, by=lead, account=partner.email, **told)
    assert (kept.user, kept.hours) == (partner, "Mondays")
    assert mentors.change_mentor(mentor=made, version=2, by=lead, account="", **told).user is None
    with pytest.raises(Refused, match="Nobody with a role"):
        mentors.change_mentor(mentor=made, version=3, by=lead, account=partner.email, **told)


def test_a_pairing_says_how_the_person_agreed_and_counts_against_the_room(person, worker, mentor):
    made = make_pairing(person, mentor, by=worker, wants="Write to my sister", because="speaks Somali")
    assert (made.began_on, made.how_agreed, made.said_on) == (today(), "said yes", today())
    assert standing(mentor).room == 2
    assert suggested(person) == []
    with pytest.raises(Refused, match="work together already"):
        make_pairing(person, mentor, by=worker)
    with pytest.raises(Refused, match="how the person agreed"):
        make_pairing(make_person(person.organisation, by=worker), mentor, by=worker, how_agreed=" ")
    entry = AuditEntry.objects.get(action="mentor_paired")
    assert "sister" not in str(entry.details)


def test_room_that_is_taken_is_refused_and_comes_back_when_they_stop(person, worker, partner):
    mentor = make_mentor(partner.memberships.get().organisation, by=partner, capacity=1)
    made = make_pairing(person, mentor, by=worker)
    other = make_person(person.organisation, by=worker)
    with pytest.raises(Refused, match="no room now"):
        make_pairing(other, mentor, by=worker)
    ended = pairings.end_pairing(pairing=made, because="reached", words="I write to her every week", by=worker)
    assert (ended.ended_on, ended.ended_because, ended.ended_by) == (today(), "reached", worker)
    assert make_pairing(other, mentor, by=worker).mentor == mentor
    with pytest.raises(Refused, match="ended this while"):
        pairings.end_pairing(pairing=made, because="reached", by=worker)
    ((found, _),) = matched(person, published()).suggestions
    assert found.full
    assert "you have worked together before" in found.because


def test_a_champion_for_staff_or_somebody_who_has_stopped_is_not_paired(person, worker, partner):
    organisation = partner.memberships.get().organisation
    champion = make_mentor(organisation, by=partner, kind="champion")
    stopped = make_mentor(organisation, by=partner, active_from=today() - 9 * DAY, active_until=today() - DAY)
    begins = make_mentor(organisation, by=partner, active_from=today() + DAY)
    last_day = make_mentor(organisation, by=partner, known_as="Last", active_until=today())
    assert suggested(person) == ["Last"]
    for mentor in (champion, stopped, begins):
        with pytest.raises(Refused):
            make_pairing(person, mentor, by=worker)
    assert make_pairing(person, last_day, by=worker)


def test_only_those_who_work_with_the_person_pair_and_end(person, worker, partner, mentor):
    with pytest.raises(PermissionDenied):
        make_pairing(person, mentor, by=partner)
    made = make_pairing(person, mentor, by=worker)
    with pytest.raises(PermissionDenied):
        pairings.end_pairing(pairing=made, because="person", by=partner)
    with pytest.raises(PermissionDenied):
        pairings.log_session(pairing=made, minutes=30, where="home", by=partner)


def test_a_mentor_with_an_account_writes_sessions_while_they_work_together(person, worker, partner):
    mentor = make_mentor(partner.memberships.get().organisation, by=partner, account=partner.email)
    made = make_pairing(person, mentor, by=worker)
    assert list(own_pairings(partner)) == [made]
    assert list(own_pairings(worker)) == []
    assert pairings.log_session(pairing=made, minutes=30, where="phone", by=partner).recorded_by == partner
    pairings.end_pairing(pairing=made, because="moved", by=worker)
    assert list(own_pairings(partner)) == []
    with pytest.raises(PermissionDenied):
        pairings.log_session(pairing=made, minutes=30, where="phone", by=partner)


def log(pairing, by, ago=0, **told):
    Pairing.objects.filter(pk=pairing.pk).update(began_on=today() - timedelta(days=60))
    words = {"minutes": 30, "where": "touchpoint"} | told
    return pairings.log_session(pairing=pairing, met_on=today() - timedelta(days=ago), by=by, **words)


def test_what_changed_is_said_over_time(person, worker, mentor):
    made = make_pairing(person, mentor, by=worker)
    log(made, worker, 20, tasks={"message": "not_yet", "video_call": "not_wanted"})
    log(made, worker, 10, tasks={"message": "with_help"}, done="We wrote to her")
    log(made, worker, 5, tasks={"message": "alone"})
    log(made, worker, 1, tasks={"message": "alone"}, minutes=45)
    ((card),) = [pairing_card(each) for each in pairings_of(person)]
    assert card.together == "They met 4 times, for 2 hours and 15 minutes in all."
    message, video = card.changes
    assert message.startswith("Send and read a message: alone since")
    assert f"{(today() - timedelta(days=5)).day} " in message
    assert message.endswith("it was: not yet.")
    assert video.startswith("Make a video call: does not want to since")
    assert last_tasks(person) == {"message": "alone", "video_call": "not_wanted"}
    assert [session.done for session, _ in card.sessions] == ["", "", "We wrote to her", ""]


def test_a_session_written_down_late_stands_where_it_belongs():
    first = Session(pk=9, met_on=date(2026, 3, 1), tasks={"wifi": "not_yet"})
    later = Session(pk=8, met_on=date(2026, 3, 8), tasks={"wifi": "alone"})
    (found,) = changes([later, first])
    assert found == Change("wifi", "not_yet", date(2026, 3, 1), "alone", date(2026, 3, 8))
    assert said_change(found) == ("Go online: alone since 8 March 2026; on 1 March 2026 it was: not yet.")


def test_going_back_is_no_failure_and_a_task_that_is_no_longer_asked_still_stands():
    days = [date(2026, 3, day) for day in (1, 8, 15)]
    told = ["alone", "with_help", "alone"]
    held = [
        Session(pk=n, met_on=day, tasks={"gone_task": state})
        for n, (day, state) in enumerate(zip(days, told, strict=True))
    ]
    (found,) = changes(held)
    assert (found.now, found.now_on) == ("alone", date(2026, 3, 15))
    assert said_change(found) == "Gone task: alone since 15 March 2026."
    assert together([]) == "They have not met yet."
    assert together([Session(minutes=60)]) == "They met once, for 1 hour in all."


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"minutes": 0}, "minutes"),
        ({"minutes": 481}, "minutes"),
        ({"where": "moon"}, "where"),
        ({"ago": -1}, "met_on"),
        ({"ago": 61}, "met_on"),
        ({"tasks": {"message": "perfect"}}, None),
        ({"tasks": {"fly": "alone"}}, None),
    ],
)
def test_a_session_that_cannot_be_is_refused(person, worker, mentor, wrong, field):
    made = make_pairing(person, mentor, by=worker)
    with pytest.raises(Refused) as refused:
        log(made, worker, **wrong)
    assert refused.value.field == field
    assert not Session.objects.exists()


def test_after_the_end_a_session_from_before_can_still_be_written_down(person, worker, mentor):
    made = make_pairing(person, mentor, by=worker)
    pairings.end_pairing(pairing=made, because="paused", by=worker)
    Pairing.objects.filter(pk=made.pk).update(began_on=today() - 9 * DAY, ended_on=today() - 2 * DAY)
    assert pairings.log_session(pairing=made, met_on=today() - 2 * DAY, minutes=30, where="home", by=worker)
    with pytest.raises(Refused, match="They stopped on"):
        pairings.log_session(pairing=made, met_on=today() - DAY, minutes=30, where="home", by=worker)
    with pytest.raises(Refused, match="Choose why"):
        pairings.end_pairing(pairing=made, because="fed up", by=worker)


def test_a_session_written_down_by_mistake_counts_no_more_and_stays(person, worker, partner, mentor):
    made = make_pairing(person, mentor, by=worker)
    log(made, worker, 9, tasks={"message": "with_help"})
    wrong = log(made, worker, 1, tasks={"message": "alone"})
    with pytest.raises(PermissionDenied):
        pairings.take_back_session(session=wrong, by=partner)
    pairings.take_back_session(session=wrong, by=worker)
    taken = pairings.take_back_session(session=wrong, by=worker)
    assert taken.taken_back_by == worker
    (card,) = [pairing_card(each) for each in pairings_of(person)]
    assert card.together == "They met once, for 30 minutes in all."
    assert last_tasks(person) == {"message": "with_help"}
    assert len(card.sessions) == 2
    assert AuditEntry.objects.filter(action="mentor_session_taken_back").count() == 1


def test_where_the_mentor_has_stopped_the_page_says_to_talk_about_who_comes_next(person, worker, mentor):
    made = make_pairing(person, mentor, by=worker)
    Mentor.objects.update(active_from=today() - 9 * DAY, active_until=today())
    assert pairing_card(pairings_of(person)[0]).stopped == ""
    Mentor.objects.update(active_until=today() - DAY)
    assert "Talk about who comes next" in pairing_card(pairings_of(person)[0]).stopped
    pairings.end_pairing(pairing=made, because="mentor_stops", by=worker)
    assert pairing_card(pairings_of(person)[0]).stopped == ""


def cafe(by, **told):
    words = {"kind": "cafe", "title": "Tablets and tea", "where": "Library", "starts": time(14), "ends": time(16)}
    return drop_ins.add_drop_in(
        organisation=by.memberships.get().organisation, by=by, **(words | {"weekday": 1} | told)
    )


def test_the_next_drop_in_is_on_its_weekday_or_on_the_next_single_day(partner, person):
    weekly = cafe(partner)
    tuesday = date(2026, 11, 24)
    assert drop_in_queries.next_day(weekly, tuesday) == tuesday
    assert drop_in_queries.next_day(weekly, tuesday + DAY) == tuesday + 7 * DAY
    single = cafe(partner, weekday=None, days=[today() + 5 * DAY, today(), today() + 5 * DAY], title="Sprint")
    assert single.days == [today().isoformat(), (today() + 5 * DAY).isoformat()]
    assert drop_in_queries.next_day(single, today() + DAY) == today() + 5 * DAY
    assert drop_in_queries.next_day(single, today() + 6 * DAY) is None
    cafe(partner, for_whom="staff", title="For staff")
    around = drop_in_queries.upcoming_around(person.organisation)
    assert {each.drop_in for each in around} == {weekly, single}
    assert [each.next_on for each in around] == sorted(each.next_on for each in around)


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"title": " "}, "title"),
        ({"where": ""}, "where"),
        ({"ends": time(14)}, "ends"),
        ({"weekday": 7}, "weekday"),
        ({"weekday": None}, "weekday"),
        ({"days": [date(2026, 12, 1)]}, "days"),
        ({"weekday": None, "days": [date(2020, 1, 1)]}, "days"),
    ],
)
def test_a_drop_in_that_cannot_be_is_refused(partner, wrong, field):
    with pytest.raises(Refused) as refused:
        cafe(partner, **wrong)
    assert refused.value.field == field


def test_attendance_is_a_number_and_the_latest_of_a_day_holds(partner, worker):
    held = cafe(partner, weekday=today().weekday())
    count = {"drop_in": held, "held_on": today(), "mentors": 2, "by": partner}
    drop_ins.record_attendance(came=8, **count)
    drop_ins.record_attendance(came=9, **count)
    (shown,) = drop_in_queries.counted_by(partner)
    assert [(each.held_on, each.came) for each in shown.counts] == [(today(), 9)]
    assert Attendance.objects.count() == 2
    assert {field.name for field in Attendance._meta.fields} == {
        "id", "drop_in", "held_on", "came", "mentors", "recorded_at", "recorded_by",
    }  # fmt: skip
    for wrong in ({"held_on": today() + 7 * DAY}, {"held_on": today() - DAY}, {"held_on": today() - 364 * 2 * DAY}):
        with pytest.raises(Refused) as refused:
            drop_ins.record_attendance(came=1, **(count | wrong))
        assert refused.value.field == "held_on"
    with pytest.raises(Refused):
        drop_ins.record_attendance(came=2_001, **count)
    with pytest.raises(PermissionDenied):
        drop_ins.record_attendance(came=1, **(count | {"by": worker}))
    drop_ins.end_drop_in(drop_in=held, by=partner)
    with pytest.raises(Refused, match="ended this while"):
        drop_ins.end_drop_in(drop_in=held, by=partner)
    assert drop_in_queries.counted_by(partner) == []


SETTING_UP = """
import sys
sys.path.insert(0, "tests")
from mentor_factories import make_mentor
from people_factories import make_person, make_team, make_worker
worker = make_worker(make_team())
organisation = worker.memberships.get().organisation
mentor = make_mentor(organisation, by=worker, capacity=1)
print(worker.pk, mentor.pk, *(make_person(organisation, by=worker).pk for _ in range(4)))
"""
PAIRING = (
    TOGETHER
    + """
from inroads.people.actions import pairings
from inroads.people.models import Mentor, Person
worker, mentor, person = sys.argv[1].split(",")
try:
    pairings.pair(
        person=Person.objects.get(pk=person), mentor=Mentor.objects.get(pk=mentor), how_agreed="yes",
        channel="phone", by=User.objects.get(pk=worker),
    )
    print("paired")
except actions.Refused:
    print("refused")
"""
)
COUNTING = "from inroads.people.models import Pairing\nprint(Pairing.objects.filter(ended_on=None).count())\n"


def test_of_four_who_take_the_last_place_at_once_one_gets_it(race):
    ((worker, mentor, *people),) = race(SETTING_UP)
    said = race(PAIRING, [f"{worker},{mentor},{person}" for person in people])
    assert sorted(word for words in said for word in words) == ["paired", "refused", "refused", "refused"]
    assert race(COUNTING) == [["1"]]


def test_mentors_are_listed_with_those_who_wait_first_and_those_who_stopped_last(partner):
    organisation = partner.memberships.get().organisation
    make_mentor(organisation, by=partner, known_as="Ready")
    make_mentor(organisation, by=partner, known_as="Stopped", active_from=today() - DAY, active_until=today() - DAY)
    make_mentor(organisation, by=partner, known_as="Waits", supervised=False)
    assert [each.mentor.known_as for each in standings_kept_by(partner)] == ["Waits", "Ready", "Stopped"]
    assert Mentor.objects.count() == 3

"""What may help: the order in which it is suggested and why, on plain values and for a person of the Isle of Wight."""

import math
from dataclasses import replace
from datetime import timedelta

import pytest
from directory_factories import make_lead, make_service, make_touchpoint
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st
from people_factories import make_person, make_place, make_team, make_worker

from inroads.analytics.published import open_published
from inroads.directory.actions.services import end_service
from inroads.directory.models import Service
from inroads.people.actions import conversations, records
from inroads.people.presenters.plans import proposed, said_why
from inroads.people.queries.gathering import TALKED_ALONE, nearest_libraries, suggestions
from inroads.people.queries.matching import FIRST, NOTHING_YET, Candidate, Needs, by_barrier, rank
from inroads.people.queries.record import record_of
from inroads.reference.definitions.care import helps_for
from inroads.reference.definitions.conversation import barriers
from inroads.reference.models import Kind
from inroads.reference.organisations import add_organisation

RYDE = "E01017342"
TOPICS = ("devices", "data", "trust", "language")
LANGUAGES = ("", "English", "Polish", "Polish, English", "Urdu and Punjabi")

candidates = st.builds(
    Candidate,
    key=st.integers(0, 40).map("service-{}".format),
    help=st.sampled_from(("lend", "mentor", "room")),
    title=st.just("A place"),
    kind=st.sampled_from(("touchpoint", "device", "mentor")),
    barriers=st.lists(st.sampled_from((*TOPICS, "elsewhere")), min_size=1, max_size=3, unique=True).map(tuple),
    digital=st.booleans(),
    place=st.booleans(),
    distance_km=st.none() | st.floats(0, 200),
    languages=st.sampled_from(LANGUAGES),
    communities=st.lists(st.sampled_from(("carers", "older")), unique=True).map(tuple),
    open_when=st.sampled_from(("", "Tuesdays")),
    phone=st.sampled_from(("", "01983 000000")),
    capacity=st.none() | st.integers(0, 5),
    sure=st.booleans(),
    service=st.none() | st.uuids(version=4),
    stale=st.booleans(),
)
needs = st.builds(
    Needs,
    reasons=st.lists(st.sampled_from(TOPICS), unique=True).map(
        lambda topics: {topic: f"because you said this is hard: {topic}" for topic in topics}
    ),
    language=st.sampled_from(LANGUAGES),
    communities=st.dictionaries(st.sampled_from(("carers", "older")), st.just("Carers")),
    digital_is_hard=st.booleans(),
)
listed = st.lists(candidates, max_size=12, unique_by=lambda each: each.key)


@given(needs, listed)
def test_every_suggestion_has_a_reason_and_stands_once(wanted, there):
    found = rank(wanted, there)
    assert all(each.because for each in found)
    assert all(set(each.barriers) <= set(wanted.reasons) for each in found)
    assert len({each.key for each in found}) == len(found)
    expected = {each.key for each in there if set(each.barriers) & set(wanted.reasons)}
    assert {each.key for each in found if not each.is_nothing_yet} == expected


@given(needs, listed, st.randoms(use_true_random=False))
def test_the_order_does_not_depend_on_the_order_in_which_things_were_found(wanted, there, random):
    shuffled = list(there)
    random.shuffle(shuffled)
    assert rank(wanted, shuffled) == rank(wanted, there)


@given(needs, listed)
def test_no_barrier_is_left_without_an_entry_and_nothing_yet_is_its_last(wanted, there):
    grouped = by_barrier(rank(wanted, there))
    assert [each.barrier for each in grouped] == list(wanted.reasons)
    for each in grouped:
        assert each.nothing_yet.kind == NOTHING_YET
        assert len(each.first) <= FIRST
        assert len(each.first) == FIRST or not each.more
    shown = [found.key for each in grouped for found in (*each.first, *each.more)]
    assert len(shown) == len(set(shown))


@given(needs, listed)
def test_what_is_full_never_stands_before_what_is_not(wanted, there):
    for barrier in wanted.reasons:
        full = [each.full for each in rank(wanted, there) if each.barrier == barrier and not each.is_nothing_yet]
        assert full == sorted(full)


@given(needs, listed)
def test_where_digital_is_hard_nothing_that_needs_a_device_stands_first(wanted, there):
    for barrier in wanted.reasons:
        free = [
            each
            for each in rank(wanted, there)
            if each.barrier == barrier and not each.full and not each.is_nothing_yet
        ]
        if wanted.digital_is_hard and any(not each.digital for each in free):
            assert not free[0].digital


@given(needs, listed, st.data())
def test_speaking_the_language_never_lowers(wanted, there, data):
    if not there:
        return
    wanted = replace(wanted, language="Polish")
    chosen = data.draw(st.sampled_from(there))
    speaking = [replace(each, languages="Polish") if each.key == chosen.key else each for each in there]

    def place(candidates):
        return [each.key for each in rank(wanted, candidates)].index(chosen.key)

    if set(chosen.barriers) & set(wanted.reasons):
        assert place(speaking) <= place(there)


@given(needs, listed, st.data())
def test_having_room_never_lowers_and_being_known_to_be_full_never_raises(wanted, there, data):
    if not there:
        return
    chosen = data.draw(st.sampled_from(there))

    def place(capacity):
        changed = [replace(each, capacity=capacity) if each.key == chosen.key else each for each in there]
        return [each.key for each in rank(wanted, changed)].index(chosen.key)

    if set(chosen.barriers) & set(wanted.reasons):
        assert place(3) <= place(None) <= place(0)


def test_what_is_unknown_is_said_and_never_guessed():
    wanted = Needs(reasons={"devices": "because you said so"}, language="Polish")
    (found, _) = rank(
        wanted, [Candidate("service-1", "lend", "A table", "device", ("devices",), place=True, phone="1")]
    )
    assert found.because == ("because you said so",)
    assert found.unknown == (
        "opening hours: ring first",
        "how far it is",
        "whether they have room this month",
        "whether somebody speaks Polish",
    )


def test_every_reason_is_said():
    wanted = Needs(
        reasons={"devices": "because A", "data": "because B"},
        language="polish",
        communities={"carers": "Carers"},
        digital_is_hard=True,
    )
    place = Candidate(
        "service-1",
        "lend",
        "A table",
        "touchpoint",
        ("data", "devices"),
        place=True,
        distance_km=1.24,
        languages="English, Polish",
        communities=("carers", "older"),
        open_when="Tuesdays",
        capacity=3,
    )
    found = rank(wanted, [place])
    assert [each.barrier for each in found] == ["devices", "devices", "data"]
    assert found[0].because == (
        "because A",
        "because B",
        "speaks Polish",
        "is used to people like you: Carers",
        "has room for 3 this month",
        "about 1.2 km from where you live, in a straight line",
        "needs no device of your own",
    )
    assert found[0].unknown == ()


def test_a_device_to_borrow_stays_in_sight_behind_what_needs_none():
    wanted = Needs(reasons={"devices": "because A"}, digital_is_hard=True)
    there = [Candidate(f"help-{n}", f"help{n}", f"H{n}", "adjustment", ("devices",)) for n in range(5)]
    there.append(Candidate("help-loan", "loan", "A loan", "device", ("devices",), digital=True))
    (group,) = by_barrier(rank(wanted, there))
    assert [each.key for each in group.first] == ["help-0", "help-1", "help-loan"]
    assert [each.key for each in group.more] == ["help-2", "help-3", "help-4"]


@pytest.fixture
def published(embedded_store):
    return open_published(embedded_store)


@pytest.fixture
def world(db):
    place = make_place()
    team = make_team(place=place)
    worker = make_worker(team)
    return place, team, worker, make_person(team, by=worker, neighbourhood=RYDE)


KINDS = {"person": "full", "staff": "staff"}


def say(person, worker, **answers):
    said = {"person": person, "channel": "in_person", "by": worker}
    talks = {asked: conversations.begin_conversation(kind=kind, **said) for asked, kind in KINDS.items()}
    for topic, answer in answers.items():
        talk = talks[barriers()[topic].asked_of]
        conversations.record_answer(conversation=talk, topic=topic, answer=answer, words="", by=worker)


def offer(organisation, help, **more):
    touchpoint = make_touchpoint(organisation, name="Isle of Wight")
    return make_service(touchpoint, name="Tablet table", helps=(help,), **more)


def keys(person, published, **options):
    return [each.key for each in suggestions(record_of(person), published, **options)]


def test_every_barrier_that_is_there_has_help_and_others_have_none(world, published):
    *_, worker, person = world
    say(person, worker, **dict.fromkeys(barriers(), "yes"))
    grouped = by_barrier(suggestions(record_of(person), published))
    assert [each.barrier for each in grouped] == list(barriers())
    assert all(each.first or each.above for each in grouped)
    assert all(
        any(not found.digital for found in (*each.first, *each.more, *each.above))
        for each in grouped
        if barriers()[each.barrier].asked_of == "person"
    )


def test_no_not_asked_and_prefer_not_bring_no_suggestions(world, published):
    *_, worker, person = world
    say(person, worker, devices="no", data="prefer_not", trust="not_asked")
    assert suggestions(record_of(person), published) == []


def test_what_an_event_opened_again_is_suggested_for_as_well(world, published):
    *_, worker, person = world
    conversations.record_events(person=person, kinds=["pawned"], words="", channel="phone", by=worker)
    grouped = by_barrier(suggestions(record_of(person), published))
    assert {"devices", "device_loss"} <= {each.barrier for each in grouped}
    assert all(each.reason.startswith("because of what happened: ") for each in grouped)


def test_what_was_said_alone_is_never_named_in_a_reason(world, published):
    *_, worker, person = world
    say(person, worker, taken_advantage="yes", influence="a_bit")
    found = suggestions(record_of(person), published)
    assert {each.because[0] for each in found} == {TALKED_ALONE}
    titles = [barriers()[topic].title.lower() for topic in ("taken_advantage", "influence")]
    assert not any(title in said_why(each).lower() for each in found for title in titles)


def test_libraries_are_the_nearest_of_all_and_their_hours_are_unknown(world, published):
    *_, worker, person = world
    say(person, worker, private_space="yes")
    assets, places = published.assets, published.neighbourhoods
    row = places.row(RYDE)
    distances = sorted(
        (math.hypot(assets.easting[i] - places.easting[row], assets.northing[i] - places.northing[row]), i)
        for i in range(len(assets))
        if assets.kind[i] == "library" and assets.status[i] == "open" and math.isfinite(assets.easting[i])
    )
    expected = [(str(assets.name[i]), str(assets.postcode[i]), pytest.approx(metres)) for metres, i in distances[:3]]
    assert list(nearest_libraries(published, RYDE)) == expected
    libraries = [each for each in suggestions(record_of(person), published) if each.key.startswith("library-")]
    assert [each.distance_km * 1000 for each in libraries] == [metres for metres, _ in distances[:3]]
    assert all("opening hours: ask before going" in each.unknown for each in libraries)
    assert all("whether they can help with this: ask first" in each.unknown for each in libraries)


def test_without_a_neighbourhood_or_figures_no_library_is_guessed(world, published):
    _, team, worker, person = world
    say(person, worker, private_space="yes")
    elsewhere = make_person(team, by=worker)
    say(elsewhere, worker, private_space="yes")
    assert not [key for key in keys(elsewhere, published) if key.startswith("library-")]
    assert not [key for key in keys(person, None) if key.startswith("library-")]
    assert keys(person, None)


def test_offers_around_are_suggested_and_those_elsewhere_are_not(world, published):
    place, _, worker, person = world
    say(person, worker, devices="yes")
    help = next(each.id for each in helps_for("devices"))
    near = offer(place, help, capacity=2, neighbourhood=RYDE)
    kent = add_organisation(kind=Kind.ICS, name="Kent", parent=place.parent.parent)
    far = offer(add_organisation(kind=Kind.PLACE, name="Dover", parent=kent), help, capacity=9)
    ended = end_service(service=offer(place, help), by=make_lead(place))
    found = keys(person, published)
    assert f"service-{near.pk}-{help}" in found
    assert f"service-{far.pk}-{help}" not in found
    assert f"service-{ended.pk}-{help}" not in found
    # Somebody offers just this, so the general advice has done its work.
    assert f"help-{help}" not in found


def test_a_full_offer_stands_last_and_the_general_advice_comes_back(world, published):
    place, _, worker, person = world
    say(person, worker, devices="yes")
    help = next(each.id for each in helps_for("devices"))
    full = offer(place, help, capacity=0)
    found = suggestions(record_of(person), published)
    of_devices = [each for each in found if each.barrier == "devices" and not each.is_nothing_yet]
    assert of_devices[-1].service == full.pk
    assert of_devices[-1].full
    assert f"help-{help}" in [each.key for each in of_devices]


def test_room_said_last_month_is_not_known_this_month(world, published):
    place, _, worker, person = world
    say(person, worker, devices="yes")
    made = offer(place, next(each.id for each in helps_for("devices")), capacity=0)
    Service.objects.filter(pk=made.pk).update(capacity_on=timezone.localdate() - timedelta(days=40))
    (found,) = [each for each in suggestions(record_of(person), published) if each.service == made.pk]
    assert not found.full
    assert "whether they have room this month" in found.unknown


def test_language_and_community_come_from_what_the_person_said(world, published):
    place, _, worker, person = world
    say(person, worker, devices="yes")
    records.set_preferences(
        person=person, by=worker, channel="in_person", language="Polish", communities=["carers", "no_such"]
    )
    help = next(each.id for each in helps_for("devices"))
    plain = offer(place, help, languages="English", capacity=5)
    speaking = offer(place, help, languages="English, Polish", communities=["carers"])
    found = {each.service: each for each in suggestions(record_of(person), published)}
    order = [each.service for each in suggestions(record_of(person), published) if each.service]
    assert order == [speaking.pk, plain.pk]
    assert "speaks Polish" in found[speaking.pk].because
    assert any(reason.startswith("is used to people like you: ") for reason in found[speaking.pk].because)


def test_a_suggestion_says_what_could_be_done(world, published):
    place, _, worker, person = world
    say(person, worker, devices="yes")
    made = offer(
        place,
        next(each.id for each in helps_for("devices")),
        address="High Street",
        open_when="Tuesdays",
        phone="01983",
    )
    (found,) = [each for each in suggestions(record_of(person), published) if each.service == made.pk]
    assert proposed(found) == "Tablet table, Isle of Wight. High Street. Tuesdays. 01983"
    assert said_why(found).startswith("Because you said this is hard: ")

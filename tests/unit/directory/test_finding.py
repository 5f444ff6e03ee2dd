"""Finding help: what is known to fit stands first, what is not known says so, and what is private is not there."""

from datetime import date, time, timedelta
from io import BytesIO

import pytest
from directory_factories import make_charity, make_lead, make_service, make_touchpoint
from django.contrib.auth.models import AnonymousUser
from django.db.models import Q
from django.db.models.expressions import CombinedExpression
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st
from people_factories import make_place, make_team, make_worker
from pypdf import PdfReader

from inroads.directory.actions.services import Hours, end_service
from inroads.directory.actions.touchpoints import set_private
from inroads.directory.models import Location, Opening, Reach, Service, ServiceAtLocation, Status
from inroads.directory.queries.finding import MONDAY, Wanted, find, opens_on
from inroads.directory.queries.places import Near, near, point_of

NOBODY = AnonymousUser()
HERE = Near(450_000.0, 90_000.0, "here", frozenset({"E06000046"}))
SATURDAY = date(2026, 11, 28)


@pytest.fixture
def touchpoint(db):
    return make_touchpoint(name="Kitchen Table")


def names(wanted, user=NOBODY, **options):
    return [hit.service.name for hit in find(user, wanted, **options).hits]


def test_by_need_only_what_helps_with_it_is_found(touchpoint):
    make_service(touchpoint, name="Data", helps=("data_sim",))
    make_service(touchpoint, name="Room", helps=("private_room",))
    assert names(Wanted(need="data")) == ["Data"]
    assert names(Wanted(help="private_room")) == ["Room"]
    assert sorted(names(Wanted())) == ["Data", "Room"]


def test_near_ones_first_far_ones_not_and_those_without_a_place_last(touchpoint):
    make_service(touchpoint, name="Far", at=(450_000, 100_000))
    make_service(touchpoint, name="Near", at=(450_300, 90_400))
    make_service(touchpoint, name="Corner", at=(454_900, 94_900))
    make_service(touchpoint, name="Nowhere")
    make_service(make_touchpoint(make_place("Elsewhere")), name="Same code elsewhere")
    found = find(NOBODY, Wanted(near=HERE, within=5000))
    assert [hit.service.name for hit in found.hits][:2] == ["Near", "Nowhere"]
    assert found.hits[0].metres == pytest.approx(500)
    assert found.hits[1].metres is None
    # The corner of a square of 5 km is nearly 7 km away.
    assert "Corner" not in [hit.service.name for hit in found.hits]
    assert "Corner" in names(Wanted(near=HERE, within=7000))


def test_what_has_no_place_is_never_said_to_be_near(touchpoint, figures):
    make_service(touchpoint, name="Nowhere", languages="Somali")
    make_service(touchpoint, name="Ventnor table", neighbourhood="E01017363")
    found = find(NOBODY, Wanted(near=near("Ventnor"), language="Somali"))
    # Though more is known of it, it stands in a part of its own, behind.
    assert [hit.service.name for hit in found.hits] == ["Ventnor table", "Nowhere"]
    assert (found.total, found.near_by) == (2, 1)
    page = Client().get(reverse("directory:find"), {"near": "Ventnor", "language": "Somali"}).content.decode()
    assert "1 found near Ventnor" in page
    assert "1 more in the same directory" in page


def test_a_directory_can_be_named_where_its_place_is_not_known(touchpoint, figures):
    bristol = make_place("Bristol")
    make_service(make_touchpoint(bristol), name="Somali centre")
    make_service(make_touchpoint(bristol, private=True), name="Hidden House")
    page = Client().get(reverse("directory:find"), {"near": "Bristol"}).content.decode()
    assert "1 in the directory of Bristol" in page
    assert "Somali centre" in page
    assert "Hidden House" not in page
    hidden = make_place("Hidden Dale")
    make_service(make_touchpoint(hidden, private=True))
    page = Client().get(reverse("directory:find"), {"near": "Hidden Dale"}).content.decode()
    assert "We do not know where that is" in page


def test_of_several_places_the_nearest_counts(touchpoint):
    service = make_service(touchpoint, name="Two places", at=(454_000, 90_000))
    where = Location.objects.create(touchpoint=touchpoint, easting=451_000, northing=90_000)
    ServiceAtLocation.objects.create(service=service, location=where)
    assert [hit.metres for hit in find(NOBODY, Wanted(near=HERE, within=5000)).hits] == [1000]


def test_open_then_stands_before_not_known_and_closed_is_left_out(touchpoint):
    make_service(touchpoint, name="Closed", hours=(Hours(0, time(10), time(16)),))
    make_service(touchpoint, name="Not known")
    make_service(touchpoint, name="Open", hours=(Hours(5, time(10), time(16)),))
    assert names(Wanted(day=SATURDAY)) == ["Open", "Not known"]
    assert names(Wanted(day=SATURDAY, at=time(9, 59))) == ["Not known"]
    assert names(Wanted(day=SATURDAY, at=time(10))) == ["Open", "Not known"]
    assert names(Wanted(day=SATURDAY, at=time(16))) == ["Not known"]


def test_closed_for_now_is_not_open_on_any_day(touchpoint):
    kept = make_service(touchpoint, name="Paused", hours=(Hours(5, time(10), time(16)),))
    Service.objects.filter(pk=kept.pk).update(status=Status.PAUSED)
    assert names(Wanted(day=SATURDAY)) == []
    assert names(Wanted()) == ["Paused"]


def slow_twin(opening: Opening, day: date) -> bool:
    """The same rule by counting through the month."""
    if (opening.valid_from and day < opening.valid_from) or (opening.valid_to and day > opening.valid_to):
        return False
    if opening.weekday is None:
        return day.day == opening.day
    if day.weekday() != opening.weekday:
        return False
    first = day.replace(day=1)
    days = [first + timedelta(days=n) for n in range(31) if (first + timedelta(days=n)).month == day.month]
    same = [each for each in days if each.weekday() == day.weekday()]
    if opening.nth is not None:
        wanted = opening.nth - 1 if opening.nth > 0 else opening.nth
        if -len(same) <= wanted < len(same):
            return same[wanted] == day and opening_week(opening, day)
        return False
    return opening_week(opening, day)


def opening_week(opening: Opening, day: date) -> bool:
    week = 0
    at = MONDAY
    while at + timedelta(days=7) <= day:
        at += timedelta(days=7)
        week += 1
    return week % opening.every == opening.week


@given(
    day=st.dates(date(2026, 1, 1), date(2028, 12, 31)),
    weekday=st.integers(0, 6),
    nth=st.sampled_from([None, None, 1, 2, 3, 4, 5, -1]),
    every=st.sampled_from([1, 1, 2, 3, 4, 6, 26, 52]),
    week=st.integers(0, 51),
    month_day=st.none() | st.integers(1, 31),
)
def test_opening_days_beside_a_slow_twin(day, weekday, nth, every, week, month_day):
    kept = Opening(weekday=weekday, nth=nth, every=every, week=week % every)
    if month_day is not None:
        kept = Opening(weekday=None, day=month_day)
    assert holds(kept, opens_on(day, None)) == slow_twin(kept, day)


@pytest.mark.parametrize("every", [2, 6, 52])
def test_what_comes_round_rarely_is_found_on_its_day_and_on_no_other(touchpoint, every):
    kept = make_service(touchpoint, name="Rare")
    week = (SATURDAY - MONDAY).days // 7 % every
    Opening.objects.create(service=kept, weekday=SATURDAY.weekday(), every=every, week=week)
    assert names(Wanted(day=SATURDAY)) == ["Rare"]
    assert names(Wanted(day=SATURDAY + timedelta(days=7))) == []
    assert names(Wanted(day=SATURDAY + timedelta(days=7 * every))) == ["Rare"]


def holds(row, condition) -> bool:
    """Whether a condition holds for a row that is not in a database."""
    if isinstance(condition, Q):
        said = [holds(row, child) for child in condition.children]
        result = (all(said) if condition.connector == Q.AND else any(said)) if said else True
        return not result if condition.negated else result
    name, value = condition
    field, _, how = name.partition("__")
    if field == "pk":
        return False
    have = getattr(row, field)
    if isinstance(value, CombinedExpression):
        value = value.lhs.value % getattr(row, value.rhs.name)
    if how == "":
        return have == value
    return have is not None and {"lte": have <= value, "gte": have >= value, "gt": have > value}[how]


def test_language_and_community_move_to_the_front_and_leave_nobody_out(touchpoint):
    make_service(touchpoint, name="A")
    make_service(touchpoint, name="B", languages="English, Somali")
    make_service(touchpoint, name="C", languages="Somali", communities=("young_people",))
    assert names(Wanted(language="somali", community="young_people")) == ["C", "B", "A"]


def test_somebody_whose_description_speaks_of_a_language_stands_between_and_it_says_what_is_not_known(touchpoint):
    make_service(touchpoint, name="A")
    make_service(touchpoint, name="B", plain="A place for people of Somali origin")
    make_service(touchpoint, name="C", languages="Somali")
    assert names(Wanted(language="Somali")) == ["C", "B", "A"]
    page = Client().get(reverse("directory:find"), {"language": "Somali", "community": "refugees"}).content.decode()
    assert "its description speaks of Somali; ask which languages they speak" in page
    assert page.count("whether somebody speaks Somali") == 2
    assert page.count("whether they are used to") == 3


def test_whom_they_reach_is_what_people_told_us_as_much_as_their_own_word(touchpoint):
    make_service(touchpoint, name="Told")
    said = make_touchpoint(touchpoint.area, name="Only their word")
    make_service(said, name="Said", communities=("refugees",))
    make_service(make_touchpoint(touchpoint.area), name="Neither")
    Reach.objects.create(touchpoint=touchpoint, community="refugees", helped=25, state="value", until=SATURDAY)
    assert names(Wanted(community="refugees")) == ["Said", "Told", "Neither"]
    page = Client().get(reverse("directory:find"), {"community": "refugees"}).content.decode()
    assert "(about 25 people told us that it helped" in page
    assert "(they say so)" in page


def test_open_now_is_said_only_where_both_times_are_known(touchpoint):
    for name, opens, closes in (
        ("Day only", None, None), ("No end", time(22), None), ("Night", time(18), time(2)), ("Over", time(9), time(12)),
    ):  # fmt: skip
        kept = make_service(touchpoint, name=name)
        Opening.objects.create(service=kept, weekday=5, opens_at=opens, closes_at=closes)
    now = {hit.service.name: hit.opens for hit in find(NOBODY, Wanted(day=SATURDAY, at=time(23, 30))).hits}
    assert now == {"Night": True, "Day only": False, "No end": False}
    after = {hit.service.name: hit.opens for hit in find(NOBODY, Wanted(day=SATURDAY + timedelta(1), at=time(1))).hits}
    assert after == {"Night": True}
    assert names(Wanted(day=SATURDAY + timedelta(1), at=time(2))) == []


def test_a_double_of_a_private_service_does_not_name_it(touchpoint):
    refuge = make_service(make_touchpoint(touchpoint.area, name="Refuge", private=True), name="Hidden House")
    double = make_service(touchpoint, name="Double")
    Service.objects.filter(pk=double.pk).update(same_as=refuge)
    page = Client().get(reverse("directory:service", kwargs={"service": double.pk})).content.decode()
    assert "Hidden" not in page


def test_free_leaves_out_what_is_known_to_cost(touchpoint):
    make_service(touchpoint, name="Costs", free=False)
    make_service(touchpoint, name="Unknown")
    make_service(touchpoint, name="Free", free=True)
    assert names(Wanted(free=True)) == ["Free", "Unknown"]


def test_old_entries_stand_behind(touchpoint):
    old = make_service(touchpoint, name="A old")
    make_service(touchpoint, name="B new")
    Service.objects.filter(pk=old.pk).update(checked_on=timezone.localdate() - timedelta(days=400))
    assert names(Wanted()) == ["B new", "A old"]
    page = Client().get(reverse("directory:find"), {"need": "data"}).content.decode()
    assert "Ring or ask before going there" in page


def test_what_ended_or_is_the_same_as_another_is_not_found(touchpoint):
    ended = make_service(touchpoint, name="Ended")
    end_service(service=ended, by=make_lead(touchpoint.area))
    kept, double = make_service(touchpoint, name="Kept"), make_service(touchpoint, name="Double")
    Service.objects.filter(pk=double.pk).update(same_as=kept)
    assert names(Wanted()) == ["Kept"]


def test_private_ones_are_found_by_those_who_work_with_people_around_and_by_nobody_else(db):
    place = make_place()
    refuge = make_touchpoint(place, name="Refuge", private=True)
    service = make_service(refuge, name="A safe place", at=(450_000, 90_000))
    near_by, far = make_worker(make_team(place=place)), make_worker(make_team(place=None))
    assert names(Wanted()) == []
    assert names(Wanted(), user=near_by) == ["A safe place"]
    # The same ICS is around; another is not.
    assert far.memberships.get().organisation.parent.parent.parent == place.parent
    for user, status in ((None, 404), (near_by, 200), (make_worker(place, "analyst"), 404)):
        client = Client()
        if user:
            client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
        assert client.get(reverse("directory:service", kwargs={"service": service.pk})).status_code == status
    set_private(touchpoint=refuge, private=False, by=make_lead(place))
    assert names(Wanted()) == ["A safe place"]


def test_every_page_of_a_long_list_comes_once(touchpoint):
    by = make_lead(touchpoint.area)
    for number in range(55):
        make_service(touchpoint, name=f"Service {number:02}", by=by, at=(450_000 + number, 90_000))
    for wanted in (Wanted(), Wanted(near=HERE)):
        first = find(NOBODY, wanted)
        assert (first.total, first.pages) == (55, 3)
        seen = [name for page in (1, 2, 3) for name in names(wanted, page=page)]
        assert sorted(seen) == sorted(set(seen))
        assert len(seen) == 55
        assert names(wanted, page=99) == names(wanted, page=3)


def test_a_page_asks_a_steady_number_of_questions(touchpoint, django_assert_max_num_queries):
    by = make_lead(touchpoint.area)
    for number in range(30):
        make_service(
            touchpoint, name=f"S {number}", by=by, languages="Polish", communities=("carers",), at=(450_000, 90_000)
        )
    with django_assert_max_num_queries(12):
        Client().get(reverse("directory:find"), {"need": "data", "language": "Polish", "when": "now"})


def test_places_are_found_by_name_postcode_and_beginning_of_one(touchpoint, figures):
    make_service(touchpoint, at=None, postcode="PO38 1AA", neighbourhood="E01017363")
    assert point_of(postcode="", neighbourhood="E01017363") is not None
    exact, about = near("po38 1aa"), near("PO38")
    assert exact is not None
    assert about is not None
    assert not exact.about
    assert about.about
    assert "E06000046" in exact.areas
    assert near("Ventnor") is not None
    assert near("ZZ99 9ZZ") is None
    assert near("nowhere at all") is None


def test_a_private_place_does_not_even_help_to_find_where_a_postcode_is(db, figures):
    place = make_place()
    refuge = make_touchpoint(place, name="Refuge", private=True)
    make_service(refuge, postcode="QQ1 1QQ", neighbourhood="E01017363")
    assert near("QQ1 1QQ") is None


def test_the_printed_list_is_for_everybody_even_when_staff_print_it(db, figures):
    place = make_place()
    worker = make_worker(make_team(place=place))
    make_service(make_touchpoint(place, name="Refuge House", private=True), helps=("private_room",))
    make_service(make_touchpoint(place, name="Open House"), helps=("private_room",))
    client = Client()
    client.force_login(worker, backend="allauth.account.auth_backends.AuthenticationBackend")
    answer = client.get(reverse("directory:printed"), {"need": "private_space"})
    assert answer["Content-Type"] == "application/pdf"
    text = "".join(page.extract_text() for page in PdfReader(BytesIO(answer.content)).pages)
    assert "Open House" in text
    assert "Refuge" not in text


def test_a_wrong_place_is_said_beside_the_field_and_nothing_typed_is_lost(db):
    page = Client().get(reverse("directory:find"), {"near": "Xanadu", "language": "Somali"}).content.decode()
    assert "We do not know where that is" in page
    assert 'value="Xanadu"' in page
    assert 'value="Somali"' in page


def test_odd_numbers_in_the_address_are_never_an_error(touchpoint):
    make_service(touchpoint)
    for query in ({"page": "0"}, {"page": "-1"}, {"page": "9" * 40}, {"within": "x"}, {"when": "9"}, {"need": "\0"}):
        assert Client().get(reverse("directory:find"), query).status_code == 200


def test_charity_of_another_ics_is_private_to_staff_there(db):
    place = make_place()
    refuge = make_touchpoint(place, name="Refuge", private=True, organisation=make_charity(place))
    make_service(refuge, name="Hidden")
    partner = make_worker(refuge.organisation, "touchpoint_partner")
    assert names(Wanted(), user=partner) == ["Hidden"]

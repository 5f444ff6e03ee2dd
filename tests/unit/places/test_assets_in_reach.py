"""Help in reach: access by neighbourhood, what is counted and what never is, and what the page says of it."""

import csv
import html
import io
import re
from datetime import date, time

import numpy as np
import pytest
from directory_factories import make_lead, make_service, make_touchpoint
from django.utils import timezone
from hypothesis import given, settings
from hypothesis import strategies as st
from people_factories import make_place

from inroads.analytics.published import open_published
from inroads.directory.actions import touchpoints
from inroads.directory.models import Opening, Reach, Service, ServiceAtLocation, Status
from inroads.methods.access import two_step
from inroads.places.queries import access as queries
from inroads.places.queries.assets import Spot, hours_a_week, offered, offering
from inroads.places.queries.picture import picture
from inroads.reference.definitions import load
from inroads.reference.definitions.care import Help

PLACE = "E06000046"
PAGE = f"/places/{PLACE}/access/"
EQUAL = (1.0, 1.0, 1.0, 0.0, 0.0, 0.0, 0.0, 0.0)


@pytest.fixture
def published(embedded_store):
    return open_published(embedded_store)


@pytest.fixture
def island(db):
    """The organisation in whose directory the touchpoints of the embedded place stand."""
    return make_place()


def centre(published, number: int) -> tuple[float, float]:
    """Where the people of one neighbourhood live."""
    places = published.neighbourhoods
    row = places.rows(PLACE)[number]
    return float(places.easting[row]), float(places.northing[row])


def spot(number: int, at: tuple[float, float], **told) -> Spot:
    known = {"helps": frozenset(), "hours": None, "room": None, "service": "", "touchpoint": "", "here": True} | told
    return Spot(f"{number:03}", "touchpoint", f"Spot {number}", at[0], at[1], **known)


def plain_access(published, code: str, spots: list[Spot], catchment: float) -> tuple[list[float], list[float]]:
    """A slow twin: every neighbourhood that is loaded beside every spot, one by one; and metres to the nearest."""
    places = published.neighbourhoods
    ratios = []
    for each in spots:
        sharing = 0.0
        for x, y, people in zip(places.easting, places.northing, places.population, strict=True):
            if np.hypot(x - each.easting, y - each.northing) <= catchment:
                sharing += people
        ratios.append(1 / sharing if sharing else 0.0)
    values, metres = [], []
    for row in places.rows(code):
        away = [np.hypot(places.easting[row] - each.easting, places.northing[row] - each.northing) for each in spots]
        shares = [ratio for ratio, d in zip(ratios, away, strict=True) if d <= catchment]
        values.append(queries.FOR_EACH * sum(shares))
        metres.append(min(away) if away and min(away) <= queries.FARTHEST else np.inf)
    return values, metres


@settings(max_examples=15)
@given(data=st.data())
def test_access_is_that_of_a_slow_plain_twin(embedded_store, data):
    published = open_published(embedded_store)
    metres = st.floats(-4000, 4000)
    where = st.tuples(st.integers(0, 88), metres, metres)
    spots = []
    for number, (at, east, north) in enumerate(data.draw(st.lists(where, max_size=6))):
        x, y = centre(published, at)
        spots.append(spot(number, (x + east, y + north)))
    catchment = data.draw(st.sampled_from([1000.0, 2000.0, 5000.0]))
    found = queries.access(published, PLACE, tuple(spots), catchment)
    values, away = plain_access(published, PLACE, spots, catchment)
    np.testing.assert_allclose(found.value, values, rtol=1e-9, atol=1e-12)
    np.testing.assert_allclose(found.metres, away)
    assert (found.nothing == (np.array(values) == 0)).all()


def test_neighbours_beyond_the_edge_share_what_is_there(national_store):
    published = open_published(national_store)
    places, trafford = published.neighbourhoods, "E08000009"
    rows = places.rows(trafford)
    libraries = published.assets.offered("library")
    points = np.column_stack((published.assets.easting[libraries], published.assets.northing[libraries]))
    everywhere = np.column_stack((places.easting, places.northing))
    whole = two_step(everywhere, places.population, points, np.ones(len(points)), catchment=2000)
    spots = [spot(number, tuple(point)) for number, point in enumerate(points.tolist())]
    near = tuple(
        each
        for each in spots
        if (np.hypot(places.easting[rows] - each.easting, places.northing[rows] - each.northing) <= 10_000).any()
    )
    found = queries.access(published, trafford, near, 2000.0)
    np.testing.assert_allclose(found.value, queries.FOR_EACH * whole[rows], rtol=1e-9)
    assert found.edge
    alone = two_step(everywhere[rows], places.population[rows], points, np.ones(len(points)), catchment=2000)
    assert (whole[rows] < alone - 1e-12).any()


def test_worst_first_is_by_risk_then_least_in_reach_then_farthest(published):
    found = queries.access(published, PLACE, (spot(1, centre(published, 0)), spot(2, centre(published, 40))), 2000.0)
    fifth = picture(published, PLACE, EQUAL).fifth
    order = queries.worst_first(found, fifth)
    keys = [(-fifth[at], found.value[at], -found.metres[at]) for at in order]
    assert keys == sorted(keys)
    assert sorted(order.tolist()) == list(range(89))


def test_a_place_without_any_help_has_nothing_in_reach(published):
    found = queries.access(published, PLACE, (), 2000.0)
    assert found.nothing.all()
    assert np.isinf(found.metres).all()
    assert [each.neighbourhoods for each in queries.without(found)] == [89] * 4


def test_what_is_not_known_counts_as_the_typical_one(published):
    at = centre(published, 0)
    spots = (spot(1, at, hours=10.0), spot(2, at, hours=30.0), spot(3, at), spot(4, at, hours=50.0))
    supply, known, typical = queries.supplies(spots, queries.HOURS)
    assert supply.tolist() == [10, 30, 30, 50]
    assert (known, typical) == (3, 30)
    assert queries.supplies(spots, queries.ROOM)[0].tolist() == [1, 1, 1, 1]
    assert queries.supplies(spots, queries.EACH)[0].tolist() == [1, 1, 1, 1]


@pytest.mark.parametrize(
    ("opening", "hours"),
    [
        ({"weekday": 0, "opens_at": time(9), "closes_at": time(17)}, 8),
        ({"weekday": 0, "opens_at": time(9), "closes_at": time(17), "every": 2}, 4),
        ({"weekday": 5, "opens_at": time(22), "closes_at": time(2)}, 4),
        ({"weekday": 1, "nth": 1, "opens_at": time(10), "closes_at": time(12)}, 2 * 12 * 7 / 365.25),
        ({"day": 15, "opens_at": time(10), "closes_at": time(12)}, 2 * 12 * 7 / 365.25),
        ({"weekday": 0, "opens_at": time(9)}, float("nan")),
    ],
)
def test_hours_a_week_follow_from_one_opening(opening, hours):
    assert hours_a_week(Opening(**opening)) == pytest.approx(hours, nan_ok=True)


def test_a_touchpoint_is_counted_once_with_all_it_offers_there(island, published):
    here = make_touchpoint(island, name="The Hub")
    at = centre(published, 3)
    first = make_service(here, helps=("data_sim",), at=at, capacity=4)
    make_service(here, helps=("digital_cafe",), at=at, capacity=3)
    Opening.objects.create(service=first, weekday=0, opens_at=time(9), closes_at=time(12))
    found = offered(published, PLACE, margin=queries.FARTHEST, hours=True)
    (hub,) = [each for each in found.spots if each.touchpoint]
    assert hub.helps == {"data_sim", "digital_cafe"}
    assert (hub.hours, hub.room, hub.here) == (3.0, 7, True)
    assert found.helps == {"data_sim", "digital_cafe"}
    assert offering(found.spots, "digital_cafe") == (hub,)
    assert len(offering(found.spots, "library")) == len(found.spots) - 1 > 5


def test_room_said_in_an_earlier_month_is_not_known_any_more(island, published):
    service = make_service(make_touchpoint(island), at=centre(published, 3), capacity=4)
    Service.objects.filter(pk=service.pk).update(capacity_on=date(2020, 1, 1))
    (found,) = [each for each in offered(published, PLACE, margin=1000).spots if each.touchpoint]
    assert found.room is None


def test_doubles_closed_ones_and_listed_libraries_are_not_counted_again(island, published, client):
    kept = make_service(make_touchpoint(island), at=centre(published, 3))
    double = make_service(make_touchpoint(island), at=centre(published, 3))
    closed = make_service(make_touchpoint(island), at=centre(published, 4))
    Service.objects.filter(pk=double.pk).update(same_as=kept)
    Service.objects.filter(pk=closed.pk).update(status=Status.PAUSED)
    before = offered(published, PLACE, margin=queries.FARTHEST)
    library = next(each for each in before.spots if each.kind == "library")
    make_service(
        make_touchpoint(island, name=f"{library.name} Library"),
        helps=("public_computer",),
        at=(library.easting + 60, library.northing),
    )
    found = offered(published, PLACE, margin=queries.FARTHEST)
    assert [each.service for each in before.spots if each.touchpoint] == [str(kept.pk)]
    assert len(found.spots) == len(before.spots)
    assert (found.doubles, found.libraries_listed) == (1, 1)
    assert next(each for each in found.spots if each.key == library.key).helps == {"public_computer"}
    page = client.get(PAGE).content.decode()
    assert "1 listing here is the same as another, and not counted twice." in page
    assert "1 listing of the directory is a published library, and not counted twice." in page


def test_a_service_without_a_place_is_offered_but_never_in_reach(island, published):
    make_service(make_touchpoint(island), helps=("phone_instead",))
    found = offered(published, PLACE, margin=queries.FARTHEST)
    assert found.unplaced == 1
    assert "phone_instead" in found.helps
    assert not offering(found.spots, "phone_instead")


def test_help_that_nobody_lists_is_named_and_none_for_staff_alone(island, published):
    make_service(make_touchpoint(island), helps=("data_sim",), at=centre(published, 3))
    missing = {each.id for each in queries.not_listed(offered(published, PLACE, margin=1000).helps)}
    assert "data_sim" not in missing
    assert "digital_cafe" in missing
    assert not {each for each in missing if each.startswith("staff_")}
    assert missing < set(load(Help))


ADDRESSES = (
    PAGE,
    f"{PAGE}?count=room&metres=5000",
    f"{PAGE}?count=hours&help=digital_mentor",
    f"/places/{PLACE}/access.csv?metres=3000",
    f"/places/{PLACE}/siting/?candidates=community&help=&keep=none&metres=1000",
    f"/places/{PLACE}/siting/?help=digital_mentor&places=5",
)


def _bytes(client, address: str) -> bytes:
    answer = client.get(address)
    assert answer.status_code == 200
    body = b"".join(answer.streaming_content) if answer.streaming else answer.content
    # A form's token, and the number that lets a script run, are drawn anew for every page.
    return re.sub(rb'name="csrfmiddlewaretoken" value="[^"]+"|nonce="[^"]+"', b"", body)


@pytest.mark.parametrize("reader", ["nobody", "lead"])
def test_private_touchpoints_are_in_no_figure_byte_for_byte(island, published, client, reader):
    make_service(make_touchpoint(island, name="Open to all"), helps=("data_sim",), at=centre(published, 3))
    lead = make_lead(island)
    if reader == "lead":
        client.force_login(lead, backend="allauth.account.auth_backends.AuthenticationBackend")
    # The guest stays, so that what differs is the private touchpoint alone.
    guest = make_service(make_touchpoint(island, name="Guest"), helps=("money_advice",))
    before = [_bytes(client, address) for address in ADDRESSES]
    hidden = make_touchpoint(island, name="Refuge Nobody Names", private=True)
    at = centre(published, 10)
    first = make_service(hidden, helps=("digital_mentor",), at=at, capacity=50)
    make_service(hidden, helps=("interpreter",))
    double = make_service(hidden, at=at)
    Service.objects.filter(pk=double.pk).update(same_as=first)
    Opening.objects.create(service=first, weekday=0, opens_at=time(9), closes_at=time(20))
    Reach.objects.create(touchpoint=hidden, community="refugees", helped=40, state="value", until=date(2026, 1, 31))
    place = first.at_locations.get().location
    assert [_bytes(client, address) for address in ADDRESSES] == before
    touchpoints.set_private(touchpoint=hidden, private=False, by=lead)
    assert all(now != then for now, then in zip([_bytes(client, each) for each in ADDRESSES], before, strict=True))
    touchpoints.set_private(touchpoint=hidden, private=True, by=lead)
    assert [_bytes(client, address) for address in ADDRESSES] == before
    # A guest of a private touchpoint would give its place away.
    ServiceAtLocation.objects.create(service=guest, location=place)
    assert not [each for each in offered(published, PLACE, margin=1000).spots if "Guest" in each.name]


def test_whom_touchpoints_reach_stands_beside_who_lives_there(island, published, client):
    here = make_touchpoint(island, name="Tea at the Quay")
    make_service(here, at=centre(published, 3))
    told = {"touchpoint": here, "until": date(2026, 1, 31)}
    Reach.objects.create(community="older_people", helped=25, state="value", **told)
    page = html.unescape(client.get(f"{PAGE}?metres=1000").content.decode())
    places, (x, y) = published.neighbourhoods, centre(published, 3)
    near = np.hypot(places.easting - x, places.northing - y) <= 1000
    living = places.count("people_65_plus")[near].sum()
    part = page[page.index('id="reached"') : page.index('id="table"')]
    assert "about 25, counted up to January 2026" in part
    assert f"{living:,.0f} <span" in part
    assert "Carers; " in part[part.index("No number is shown yet") :]
    assert "Older people" not in part[part.index("No number is shown yet") :]


def test_the_page_says_what_is_in_reach_and_the_file_has_every_neighbourhood(client, published, db):
    page = client.get(PAGE).content.decode()
    spots = offered(published, PLACE, margin=queries.FARTHEST).spots
    found = queries.access(published, PLACE, spots, 2000.0)
    assert f"{int(found.nothing.sum())} of 89 neighbourhoods have nothing within 2 km." in page
    assert page.count('<tr><th scope="row"><a href="/places/E01') == 89
    assert page.count("<h1>") == 1
    answer = client.get(f"/places/{PLACE}/access.csv?metres=3000&help=library")
    text = b"".join(answer.streaming_content).decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text)))
    assert len(rows) == 89
    assert {row["kind_of_help"] for row in rows} == {"library"}
    assert [int(row["risk_fifth"]) for row in rows] == sorted((int(row["risk_fifth"]) for row in rows), reverse=True)
    assert {row["reach_metres"] for row in rows} == {"3000"}


def test_columns_sort_and_keep_what_was_asked(client, db):
    page = client.get(f"{PAGE}?metres=1000&w_broadband=0&sort=value&order=high").content.decode()
    body = page[page.index("<tbody>", page.index('id="table"')) :]
    values = [float(text) for text in re.findall(r'</td><td class="n">(\d+\.\d\d)</td>', body)]
    assert len(values) == 89
    assert values == sorted(values, reverse=True)
    assert 'aria-sort="descending"' in page
    assert "w_broadband=0&amp;metres=1000&amp;sort=metres" in page
    assert f"/places/{PLACE}/access.csv?w_broadband=0&amp;metres=1000" in page


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ({"metres": "abc"}, "Choose a distance from the list"),
        ({"help": "<script>"}, "Choose a kind of help from the list"),
        ({"count": "x"}, "Choose from the list how each place counts"),
        ({"metres": "-1", "help": "nothing"}, "Choose a distance from the list"),
    ],
)
def test_odd_questions_are_said_and_the_page_still_shows_figures(client, db, query, words):
    answer = client.get(PAGE, query)
    page = answer.content.decode()
    assert answer.status_code == 200
    assert "<title>Error: " in page
    assert page.count(words) >= 2
    assert "<script>&" not in page
    assert page.count('<tr><th scope="row"><a href="/places/E01') == 89


def test_the_link_to_doubles_is_only_for_those_who_keep_a_directory(client, island):
    assert "/directory/duplicates/" not in client.get(PAGE).content.decode()
    client.force_login(make_lead(island), backend="allauth.account.auth_backends.AuthenticationBackend")
    assert "/directory/duplicates/" in client.get(PAGE).content.decode()


def test_today_is_the_month_of_room(island, published):
    service = make_service(make_touchpoint(island), at=centre(published, 3), capacity=0)
    assert Service.objects.get(pk=service.pk).capacity_on == timezone.localdate()
    (found,) = [each for each in offered(published, PLACE, margin=1000).spots if each.touchpoint]
    assert found.room == 0

"""The pages on which a feed is loaded, and pairs are settled: what is wrong is said, and who may not sees nothing."""

import gzip
import json
from uuid import UUID

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from people_factories import make_place, make_worker

from inroads.directory.models import Feed, FeedRun, Pair, Service

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
TEXT = "<p>Learn to use a tablet or a phone over a cup of tea.</p><p>Volunteers sit with you every Saturday.</p>"


def listed(number, name, host, text=TEXT):
    return {
        "id": str(UUID(int=number)),
        "name": name,
        "description": text,
        "status": "active",
        "url": "www.tea.example",
        "organization": {"id": str(UUID(int=100 + number)), "name": host, "description": ""},
    }


FEED = [
    listed(1, "Tea &amp; tablets", "Easton Community Centre"),
    listed(2, "Tablets and tea", "Easton Comm Centre"),
    *(listed(10 + at, f"{what} for all", f"Host {what}", f"All about {what}") for at, what in enumerate("ABCDEFGH")),
    {"id": "x", "name": "", "status": "active"},
]


@pytest.fixture
def place(db):
    return make_place("A place")


@pytest.fixture
def lead(place):
    return make_worker(place, "place_lead")


@pytest.fixture
def desk(client, lead):
    """The client of somebody who keeps the directory."""
    client.force_login(lead, backend=BACKEND)
    return client


def file(content=FEED, name="feed.json.gz"):
    raw = json.dumps(content).encode() if not isinstance(content, bytes) else content
    return SimpleUploadedFile(name, gzip.compress(raw) if name.endswith(".gz") else raw)


def load(desk, place, **typed):
    return desk.post(
        reverse("feeds:load"), {"area": str(place.pk), "name": "A council", "file": file(), "licence": "", **typed}
    )


def test_a_feed_is_loaded_from_a_file_and_the_page_says_what_was_mended(desk, place):
    answer = load(desk, place)
    run = FeedRun.objects.get()
    assert answer.url == reverse("directory:feed", kwargs={"run": run.pk})
    assert Service.objects.count() == 10
    assert not Feed.objects.get().publish
    page = desk.get(answer.url).content.decode()
    assert "10 added" in page
    assert "Descriptions made for web pages, now plain text: 2" in page
    assert "Without a name, and offered by nobody with a name: 1" in page
    assert "Names with code in them, now plain: 1" in page
    listing = desk.get(reverse("directory:feeds")).content.decode()
    assert "A council" in listing
    assert "1 not taken in" in listing


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"file": ""}, "Choose a file"),
        ({"file": file(b"<html>", "feed.json")}, "this is a web page, not data"),
        ({"file": file(b"[1, 2]", "feed.json")}, "item 1 is &#39;1&#39;, not a service"),
        ({"file": file(b"\x1f\x8bbroken", "feed.json")}, "damaged or cut short"),
        ({"file": file(b"[" * 100_000, "feed.json")}, "not readable as JSON"),
        ({"file": file({"total_pages": 3, "contents": FEED}, "feed.json")}, "this is a page of 3"),
        ({"name": ""}, "Enter a name for the feed"),
        ({"area": str(UUID(int=1))}, "Select a valid choice"),
        ({"publish": "on"}, "Enter the licence that lets us pass it on"),
    ],
)
def test_what_is_wrong_is_said_beside_the_field_and_nothing_is_loaded(desk, place, typed, said):
    answer = load(desk, place, **typed)
    assert answer.status_code == 200
    assert said in answer.content.decode()
    assert not Service.objects.exists()
    assert not Feed.objects.exists()


def test_a_pair_is_found_settled_and_taken_back(desk, place):
    load(desk, place)
    desk.post(reverse("directory:look_for_duplicates"))
    pair = Pair.objects.get()
    page = desk.get(reverse("directory:duplicates")).content.decode()
    assert "Tea &amp; tablets" in page
    assert "the same description" in page
    settle = reverse("directory:settle_duplicates", kwargs={"pair": pair.pk})
    assert "Kept as one" in desk.post(settle, {"answer": "same"}, follow=True).content.decode()
    assert Service.objects.exclude(same_as=None).count() == 1
    assert "meanwhile" in desk.post(settle, {"answer": "different"}, follow=True).content.decode()
    assert "Take this back" in desk.get(reverse("directory:duplicates_settled")).content.decode()
    assert "Taken back" in desk.post(settle, {"answer": "open"}, follow=True).content.decode()
    assert not Service.objects.exclude(same_as=None).exists()
    assert "Choose whether" in desk.post(settle, {"answer": "perhaps"}, follow=True).content.decode()


def test_another_place_sees_and_settles_nothing_of_it(desk, place, client):
    load(desk, place)
    desk.post(reverse("directory:look_for_duplicates"))
    client.force_login(make_worker(make_place("Elsewhere"), "place_lead"), backend=BACKEND)
    assert "A council" not in client.get(reverse("directory:feeds")).content.decode()
    assert client.get(reverse("directory:feed", kwargs={"run": FeedRun.objects.get().pk})).status_code == 404
    settle = reverse("directory:settle_duplicates", kwargs={"pair": Pair.objects.get().pk})
    assert client.post(settle, {"answer": "same"}).status_code == 404
    client.force_login(make_worker(place, "practitioner"), backend=BACKEND)
    assert client.get(reverse("directory:feeds")).status_code == 403


def test_pages_ask_as_often_for_many_pairs_as_for_one(desk, place):
    load(desk, place)
    desk.post(reverse("directory:look_for_duplicates"))
    desk.get(reverse("directory:duplicates"))  # the page with the message
    asked = []
    for _ in range(2):
        with CaptureQueriesContext(connection) as captured:
            assert desk.get(reverse("directory:duplicates")).status_code == 200
        asked.append(len(captured))
        services = list(Service.objects.order_by("pk"))
        for one, other in zip(services[2:6], services[6:10], strict=True):
            Pair.objects.get_or_create(one=one, other=other, defaults={"likeness": 0.7})
    assert asked[0] == asked[1]

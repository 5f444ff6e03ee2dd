"""The pages of the library: open once shown, filters, reviews beside one another, files, and bad input."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from library_factories import TOLD, make_app, make_review, make_shown_app
from pages import client_of
from people_factories import make_place, make_team, make_worker

from inroads.learning.models import AppReview, TrustedApp


def text(answer):
    return " ".join(answer.content.decode().split())


def date_fields(name, day):
    return {f"{name}_day": day.day, f"{name}_month": day.month, f"{name}_year": day.year}


def address(name, app=None):
    return reverse(f"learning:{name}", kwargs={"app": app.slug} if app else {})


@pytest.fixture
def place(db):
    return make_place()


@pytest.fixture
def lead(place):
    return make_worker(place, "place_lead")


def test_an_app_is_added_reviewed_shown_and_read_by_anybody(lead, place, client):
    reviewer = client_of(lead)
    typed = TOLD | {"organisation": place.pk, "account": "no", "cost": "free", "evidence_strength": "said"}
    assert reviewer.post(address("add_app"), typed).status_code == 302
    app = TrustedApp.objects.get()
    assert (app.account, app.email, app.contexts) == (False, None, ["between"])
    assert client.get(address("app", app)).status_code == 404
    assert "Nobody has reviewed it yet" in text(reviewer.get(address("app", app)))
    assert "write a review first" in text(reviewer.post(address("show_app", app), follow=True))
    today = timezone.localdate()
    found = {"version": 1, "after": "", "organisation": place.pk, "looked_at": "A week of it", "result": "safe"}
    found |= date_fields("reviewed_on", today) | date_fields("again_on", today + timedelta(days=300))
    assert reviewer.post(address("review_app", app), found).status_code == 302
    assert client.get(address("app", app)).status_code == 404
    assert "Shown to everybody" in text(reviewer.post(address("show_app", app), follow=True))
    page = text(client.get(address("app", app)))
    assert "Safe for this. Isle of Wight looked at it on" in page
    assert "A crisis" in page
    assert "What helps as well, without a device" in page
    assert lead.full_name not in page
    assert "For those who review" not in page
    assert "Example Diary" in text(client.get(address("apps")))
    assert "Not shown any more" in text(reviewer.post(address("hide_app", app), follow=True))
    assert client.get(address("app", app)).status_code == 404


def test_filters_find_and_odd_ones_are_as_if_nothing_was_chosen(lead, place, client):
    make_shown_app(place, by=lead, account=False)
    make_shown_app(place, by=lead, name="Other", barriers=["devices"])

    def found(query):
        page = text(client.get(f"{address('apps')}?{query}"))
        return ["Example Diary" in page, "Other" in page]

    assert found("") == [True, True]
    assert found("helps_with=memory") == [True, False]
    assert found("no_account=on") == [True, False]
    assert found("free=on") == [False, False]
    assert found("when=ward") == [False, False]
    assert found("helps_with=nonsense&when=%00&free=") == [True, True]


def test_what_is_out_of_date_is_shown_as_to_be_looked_at_again(lead, place, client):
    app = make_shown_app(place, by=lead)
    AppReview.objects.update(
        reviewed_on=timezone.localdate() - timedelta(days=9), again_on=timezone.localdate() - timedelta(days=1)
    )
    page = text(client.get(address("apps")))
    assert page.index("To be looked at again") < page.index("Example Diary")
    assert "It is not suggested until somebody has looked again" in text(client.get(address("app", app)))
    ending = text(client_of(lead).get(address("apps")))
    assert "Review Example Diary" in ending
    assert "Review Example Diary" not in page


def test_of_two_reviewers_the_second_sees_the_first_and_keeps_what_they_typed(lead, place):
    app = make_app(place, by=lead)
    reviewer = client_of(lead)
    page = text(reviewer.get(address("review_app", app)))
    assert 'name="version" value="1"' in page
    make_review(app, by=lead, looked_at="First")
    today = timezone.localdate()
    found = {"version": 1, "after": "", "organisation": place.pk, "looked_at": "Second words", "result": "not"}
    found |= date_fields("reviewed_on", today) | date_fields("again_on", today + timedelta(days=30))
    answer = text(reviewer.post(address("review_app", app), found))
    assert "Somebody else reviewed this" in answer
    assert "safe for this, until" in answer
    assert "Second words" in answer
    first = AppReview.objects.get()
    assert f'name="after" value="{first.pk}"' in answer
    assert reviewer.post(address("review_app", app), found | {"after": first.pk}).status_code == 302
    assert AppReview.objects.count() == 2


def test_a_text_changed_by_somebody_else_shows_both(lead, place):
    app = make_app(place, by=lead)
    reviewer = client_of(lead)
    typed = TOLD | {"version": 1, "account": "", "evidence_strength": "none"}
    assert "Example Diary" in text(reviewer.get(address("change_app", app)))
    assert reviewer.post(address("change_app", app), typed | {"for_whom": "Everybody"}).status_code == 302
    answer = text(reviewer.post(address("change_app", app), typed | {"for_whom": "Young people"}))
    assert "Somebody else changed this" in answer
    assert "For whom: Everybody" in answer
    assert "Young people" in answer
    assert (
        reviewer.post(address("change_app", app), typed | {"version": 2, "for_whom": "Young people"}).status_code == 302
    )


@pytest.mark.parametrize(
    "wrong",
    [
        {"name": ""},
        {"alternatives": []},
        {"alternatives": ["device_loan"]},
        {"barriers": ["nonsense"]},
        {"account": "perhaps"},
        {"cost": "cheap"},
        {"data_mb_per_hour": "lots"},
        {"data_mb_per_hour": "9" * 40},
        {"link": "javascript:alert(1)"},
        {"evidence_strength": ""},
        {"organisation": "x"},
    ],
    ids=str,
)
def test_what_cannot_be_is_said_and_what_was_typed_stays(lead, place, wrong):
    typed = TOLD | {"organisation": place.pk, "evidence_strength": "none", "data_words": "Kept words"}
    answer = client_of(lead).post(address("add_app"), typed | wrong)
    assert answer.status_code == 200
    assert "There is a problem" in text(answer)
    assert "Kept words" in text(answer)
    assert not TrustedApp.objects.exists()


def test_a_table_is_loaded_or_every_error_is_listed(lead, place):
    reviewer = client_of(lead)
    head = "name,what,safe_for,for_whom,not_for,contexts,barriers,alternatives\n"
    good = SimpleUploadedFile("a.csv", f"{head}A,B,C,D,E,between,memory,written_summary".encode())
    assert "Added 1, changed 0, the same 0." in text(
        reviewer.post(address("load_apps"), {"organisation": place.pk, "file": good}, follow=True)
    )
    bad = SimpleUploadedFile("a.csv", f"{head}Z,B,C,D,E,now,memory,written_summary".encode())
    answer = text(reviewer.post(address("load_apps"), {"organisation": place.pk, "file": bad}))
    assert "Row 2, column &#39;contexts&#39;: “now” is not one of" in answer
    assert "Nothing was loaded" in answer
    for file in ({}, {"file": SimpleUploadedFile("a.csv", b"")}, {"file": "text"}):
        assert "There is a problem" in text(reviewer.post(address("load_apps"), {"organisation": place.pk} | file))
    assert TrustedApp.objects.count() == 1


def test_who_does_not_review_sees_no_more_than_anybody(lead, place):
    app = make_app(place, by=lead)
    worker = client_of(make_worker(make_team("A team", place)))
    assert worker.get(address("app", app)).status_code == 404
    for name in ("reviewing", "add_app", "load_apps"):
        assert worker.get(address(name)).status_code == 403
    for name in ("change_app", "review_app"):
        assert worker.get(address(name, app)).status_code == 403
    far = client_of(make_worker(make_place("Far"), "place_lead"))
    assert far.get(address("change_app", app)).status_code == 404
    assert far.post(address("show_app", app)).status_code == 404
    assert far.get(address("review_app", app)).status_code == 200
    assert "Change the text" not in text(far.get(address("app", app)))


def test_pages_ask_as_often_with_many_apps_as_with_few(lead, place, client):
    reviewer = client_of(lead)
    app = make_shown_app(place, by=lead)

    def asked():
        counts = []
        for reader, where in (
            (client, address("apps")),
            (client, address("app", app)),
            (reviewer, address("apps")),
            (reviewer, address("reviewing")),
            (reviewer, address("app", app)),
        ):
            reader.get(where)
            with CaptureQueriesContext(connection) as queries:
                assert reader.get(where).status_code == 200
            counts.append(len(queries))
        return counts

    few = asked()
    for number in range(12):
        made = make_shown_app(place, by=lead, name=f"App {number}")
        make_review(made, by=lead, days=5)
    assert asked() == few
    # Somebody who is not signed in costs two questions: the apps and their reviews.
    assert few[:2] == [2, 2]
    assert max(few) <= 30

"""What is answered to somebody who is signed in is kept nowhere; open pages ask nobody who they are."""

import pytest
from django.http import HttpResponse
from django.test import Client

from inroads.accounts.routes import ANYONE, page
from inroads.accounts.sign_in.kept_nowhere import KeptNowhereMiddleware

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
OPEN = "/accounts/joining/"


@pytest.fixture
def signed_in(client, places, somebody):
    client.force_login(somebody("practitioner", places.team), backend=BACKEND)
    return client


def is_kept(answer):
    return not {"private", "no-store"} <= set(answer.get("Cache-Control", "").split(", "))


def test_an_open_page_shown_to_somebody_who_is_signed_in_is_not_kept(signed_in):
    answer = signed_in.get(OPEN)
    assert answer.status_code == 200
    assert not is_kept(answer)


@pytest.mark.parametrize(("address", "status"), [("/accounts/audit/", 403), ("/accounts/people/", 403)])
def test_what_somebody_may_not_see_is_not_kept_either(signed_in, address, status):
    answer = signed_in.get(address)
    assert answer.status_code == status
    assert not is_kept(answer)


def test_a_page_that_is_not_found_behind_the_guard_is_not_kept(client, places, somebody):
    client.force_login(somebody("administrator", places.england), backend=BACKEND)
    answer = client.get("/accounts/people/00000000-0000-0000-0000-000000000000/")
    assert answer.status_code == 404
    assert not is_kept(answer)


def test_being_sent_to_sign_in_is_not_kept(client, db):
    answer = client.get("/accounts/")
    assert answer.status_code == 302
    assert not is_kept(answer)


@pytest.mark.parametrize("address", ["/nothing-here/", "/accounts/people"])
def test_an_address_that_is_not_there_is_not_kept(signed_in, address):
    answer = signed_in.get(address)
    assert answer.status_code in {301, 404}
    assert not is_kept(answer)


def test_a_form_without_our_token_is_not_kept(places, somebody):
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(somebody("practitioner", places.team), backend=BACKEND)
    answer = browser.post("/accounts/password/")
    assert answer.status_code == 403
    assert not is_kept(answer)


def test_being_sent_to_confirm_is_not_kept(signed_in):
    answer = signed_in.get("/accounts/second-step/app/add/")
    assert (answer.status_code, answer.url.split("?")[0]) == (302, "/accounts/confirm/")
    assert not is_kept(answer)


def test_what_is_not_there_is_kept_as_before_where_nobody_is_signed_in(client, db):
    assert is_kept(client.get("/nothing-here/"))
    client.cookies["sessionid"] = "x" * 32
    assert is_kept(client.get("/nothing-here/"))
    assert is_kept(client.get(OPEN))


def test_after_an_error_of_ours_the_reader_is_not_looked_up(rf):
    request = rf.get("/x/")
    request.COOKIES["sessionid"] = "x"
    request.user = Untouchable()
    assert not is_kept(KeptNowhereMiddleware(lambda request: HttpResponse(status=500))(request))


def test_an_open_page_asks_nobody_who_they_are(client, django_assert_num_queries, db):
    with django_assert_num_queries(0):
        answer = client.get(OPEN)
    assert is_kept(answer)


class Untouchable:
    def __getattr__(self, name):
        raise AssertionError("nobody is asked who they are")


def test_without_a_cookie_the_reader_is_not_looked_at(rf):
    request = rf.get("/x/")
    request.user = Untouchable()
    view = page("x/", lambda request: HttpResponse("open"), name="x", needs=ANYONE).callback
    answer = KeptNowhereMiddleware(view)(request)
    assert answer.content == b"open"
    assert is_kept(answer)

"""Whose address lock-out and flood limits count, behind none, one or two proxies of ours."""

import pytest
from django.test import Client

from inroads.accounts.sign_in.adapter import AccountAdapter
from inroads.accounts.sign_in.lockout import network_address

SIGN_IN = "/accounts/sign-in/"
READER, FORGED, OUTER, PROXY = "198.51.100.7", "203.0.113.99", "192.0.2.10", "10.0.0.1"


@pytest.mark.parametrize(
    ("proxies", "forwarded", "direct", "found"),
    [
        (0, None, READER, READER),
        (0, FORGED, READER, READER),
        (1, READER, PROXY, READER),
        (1, f"{FORGED}, {READER}", PROXY, READER),
        (1, f"{FORGED},{FORGED},{READER}", PROXY, READER),
        (1, None, PROXY, PROXY),
        (1, "", PROXY, PROXY),
        (1, "nonsense", PROXY, PROXY),
        (1, f"{FORGED}, unknown", PROXY, PROXY),
        (2, f"{READER}, {OUTER}", PROXY, READER),
        (2, f"{FORGED}, {READER}, {OUTER}", PROXY, READER),
        # Fewer than our proxies would have written: it did not come through them, so nothing in it is trusted.
        (2, FORGED, PROXY, PROXY),
        (1, f"{READER}:51234", PROXY, READER),
        (1, "[2001:db8:1:2:3:4:5:6]:51234", PROXY, "2001:db8:1:2::"),
        (0, None, "2001:db8:1:2:aaaa:bbbb:cccc:dddd", "2001:db8:1:2::"),
        (0, None, "::ffff:198.51.100.7", READER),
        (0, None, "fe80::1%eth0", "fe80::"),
        (0, None, "", None),
    ],
)
def test_the_readers_address_and_nothing_the_reader_wrote(rf, settings, proxies, forwarded, direct, found):
    settings.PROXY_COUNT = proxies
    headers = {} if forwarded is None else {"HTTP_X_FORWARDED_FOR": forwarded}
    request = rf.get("/", REMOTE_ADDR=direct, **headers)
    assert network_address(request) == found
    assert AccountAdapter().get_client_ip(request) == (found or "unknown")


def wrong_password(email, forwarded):
    return Client().post(
        SIGN_IN, {"login": email, "password": "wrong"}, REMOTE_ADDR=PROXY, headers={"X-Forwarded-For": forwarded}
    )


@pytest.fixture
def person(places, somebody):
    return somebody("place_lead", places.place, email="pat@example.org")


@pytest.mark.parametrize("proxies", [0, 1])
def test_a_new_forged_address_with_every_try_does_not_escape_the_lock_out(person, settings, proxies):
    settings.PROXY_COUNT = proxies
    answers = [wrong_password(person.email, f"203.0.113.{number}, {READER}").status_code for number in range(5)]
    assert answers == [200, 200, 200, 200, 429]


def test_behind_a_proxy_two_readers_are_counted_apart(person, settings, password):
    settings.PROXY_COUNT = 1
    for _ in range(5):
        wrong_password(person.email, READER)
    assert wrong_password(person.email, READER).status_code == 429
    elsewhere = Client().post(
        SIGN_IN,
        {"login": person.email, "password": password},
        REMOTE_ADDR=PROXY,
        headers={"X-Forwarded-For": "198.51.100.8"},
    )
    assert elsewhere.status_code == 302


@pytest.mark.parametrize("forged", [True, False])
def test_the_limit_on_floods_sees_the_same_address(db, settings, monkeypatch, forged):
    settings.PROXY_COUNT = 1
    settings.ACCOUNT_RATE_LIMITS = {"login_failed": None, "login": "3/m/ip"}
    answers = [
        wrong_password(f"x{number}@example.org", f"203.0.113.{number}, {READER}" if forged else f"198.51.100.{number}")
        for number in range(4)
    ]
    assert [each.status_code for each in answers] == ([200, 200, 200, 429] if forged else [200] * 4)

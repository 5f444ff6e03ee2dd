"""At an address that is a number no passkey can be made: the page says so and what to open instead."""

import pytest

from inroads.accounts.sign_in.passkey_address import passkey_address

ADD = "/accounts/second-step/passkeys/add/"


@pytest.mark.parametrize(
    ("host", "works", "instead"),
    [
        ("localhost:8000", True, ""),
        ("inroads.example", True, ""),
        ("127.0.0.1:8000", False, "http://localhost:8000/x/?a=1"),
        ("127.0.0.1", False, "http://localhost/x/?a=1"),
        ("[::1]:8000", False, "http://localhost:8000/x/?a=1"),
        ("192.0.2.7:8000", False, ""),
    ],
)
def test_which_addresses_can_have_passkeys(rf, settings, host, works, instead):
    settings.ALLOWED_HOSTS = ["*"]
    found = passkey_address(rf.get("/x/?a=1", headers={"host": host}))
    assert (found.works, found.instead) == (works, instead)


def test_the_page_says_what_to_open_instead(client, places, somebody, password):
    client.force_login(
        somebody("place_lead", places.place), backend="allauth.account.auth_backends.AuthenticationBackend"
    )
    client.post("/accounts/confirm/", {"password": password})
    page = client.get(ADD, headers={"host": "127.0.0.1:8000"}).content.decode()
    assert "They belong to a name, and this address is a number" in page
    assert f'href="http://localhost:8000{ADD}"' in page
    assert "data-passkey=" not in page
    assert "Add an authenticator app instead" in page


def test_a_page_for_an_unknown_host_is_still_a_page(client, db):
    answer = client.get("/accounts/sign-in/", headers={"host": "unknown.example"})
    assert answer.status_code == 400

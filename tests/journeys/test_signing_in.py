"""Journeys of people who are invited, sign in, secure their account, or cannot get in.

The tests of one process share a database, so every test makes its own people.
"""

import base64
import hashlib
import hmac
import struct
import time
import uuid
from dataclasses import dataclass

import pytest
from browser import axe_violations, becomes_true, sign_in

pytestmark = pytest.mark.browser
PASSWORD = "three unlikely words"
TEAM = "Sandown Bay Community Team (invented) (Team)"


@dataclass
class Newcomer:
    """Somebody whom the administrator has just added, with the link to set a password."""

    name: str
    email: str
    link: str
    password: str = PASSWORD


def words(page):
    return page.locator("main").inner_text()


def heading(page):
    return page.get_by_role("heading", level=1).inner_text()


def add_person(page, server, *, role="Practitioner", organisation=TEAM):
    """As the administrator does, on the page; `page` stays with the administrator."""
    sign_in(page, server, "administrator@demonstration.example")
    email = f"{uuid.uuid4().hex[:12]}@journey.example"
    page.get_by_role("link", name="People who sign in").first.click()
    page.get_by_role("button", name="Add a person").or_(page.get_by_role("link", name="Add a person")).click()
    page.get_by_label("Full name").fill(f"Journey {email[:6]}")
    page.get_by_label("Email address").fill(email)
    page.get_by_label("Role").select_option(label=role)
    page.get_by_label("Organisation").select_option(label=organisation)
    page.get_by_role("button", name="Add this person").click()
    assert heading(page) == f"A link for Journey {email[:6]}"
    return Newcomer(f"Journey {email[:6]}", email, page.locator("main code").inner_text())


def set_password(page, person):
    page.goto(person.link)
    page.get_by_label("New password", exact=True).fill(person.password)
    page.get_by_label("New password again").fill(person.password)
    page.get_by_role("button", name="Set password").click()
    assert heading(page) == "Your password is set"


def give_password(page, address, person, password=None):
    page.goto(f"{address}/accounts/sign-in/")
    page.get_by_label("Email address").fill(person.email)
    page.get_by_label("Password", exact=True).fill(password or person.password)
    page.get_by_role("button", name="Sign in", exact=True).click()


def confirm(page):
    """Give the password again, which the service asks for before it changes how somebody signs in."""
    assert heading(page) == "Confirm that it is you"
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Continue").click()


def sign_out(page):
    page.get_by_role("link", name="Sign out").first.click()
    page.locator("main").get_by_role("button", name="Sign out").click()
    page.get_by_role("link", name="Sign in").first.wait_for()


def code_of(secret):
    """The six numbers an authenticator app shows now (RFC 6238); waits where they are about to change."""
    if time.time() % 30 > 24:
        time.sleep(30.5 - time.time() % 30)
    digest = hmac.new(base64.b32decode(secret), struct.pack(">Q", int(time.time()) // 30), hashlib.sha1).digest()
    start = digest[-1] & 15
    return f"{(struct.unpack('>I', digest[start : start + 4])[0] & 0x7FFFFFFF) % 10**6:06}"


@pytest.fixture
def newcomer(server, open_page):
    """Somebody with a password and a role, as the administrator and they themselves made it."""
    person = add_person(open_page(), server)
    set_password(open_page(), person)
    return person


@pytest.fixture
def localhost(server):
    """The same server under a name, without which there are no passkeys."""
    return server.address.replace("127.0.0.1", "localhost")


@pytest.mark.parametrize("javascript", [True, False], ids=["with script", "without script"])
def test_an_administrator_adds_a_person_who_sets_a_password_and_sees_their_role_until_it_is_ended(
    server, open_page, javascript
):
    administrator, theirs = open_page(javascript=javascript), open_page(javascript=javascript)
    person = add_person(administrator, server)
    assert "This link is shown only now" in words(administrator)
    set_password(theirs, person)
    theirs.get_by_role("link", name="Sign in").or_(theirs.get_by_role("button", name="Sign in")).last.click()
    give_password(theirs, server.address, person)
    theirs.get_by_role("link", name=person.name).click()
    assert heading(theirs) == "Your account"
    assert "Sandown Bay Community Team" in words(theirs)
    assert "Practitioner: what this role may do" in words(theirs)

    theirs.goto(person.link)
    assert heading(theirs) == "This link does not work any more"

    administrator.get_by_role("link", name=f"Go to {person.name}").click()
    administrator.get_by_role("link", name="End the role Practitioner").click()
    administrator.get_by_role("button", name="End this role").click()
    assert f"The role of {person.name} has ended." in words(administrator)
    theirs.goto(f"{server.address}/accounts/")
    assert "Ended" in words(theirs)
    assert "what this role may do" not in words(theirs)


def test_somebody_adds_an_app_and_signs_in_with_its_code_and_with_a_recovery_code(server, open_page, newcomer):
    page = open_page()
    give_password(page, server.address, newcomer)
    page.goto(f"{server.address}/accounts/second-step/")
    page.get_by_role("button", name="Add an authenticator app").click()
    confirm(page)
    assert page.get_by_alt_text("QR code for your authenticator app").is_visible()
    secret = page.locator("main strong.inroads-break").inner_text()
    added_with = code_of(secret)
    page.get_by_label("Code from the app").fill(added_with)
    page.get_by_role("button", name="Add this app").click()
    assert heading(page) == "Your recovery codes"
    recovery_code = page.locator("main li code").first.inner_text()
    sign_out(page)

    give_password(page, server.address, newcomer)
    assert heading(page) == "Enter your code"
    page.goto(f"{server.address}/accounts/")
    assert heading(page) == "Enter your code", "the password alone opens nothing"
    page.get_by_label("Code").fill("000000")
    page.get_by_role("button", name="Continue").click()
    assert "The code is not right" in page.get_by_role("alert").first.inner_text()
    # The code that added the app is used up; within 30 seconds the app shows the next one.
    while code_of(secret) == added_with:
        page.wait_for_timeout(500)
    page.get_by_label("Code").fill(code_of(secret))
    page.get_by_role("button", name="Continue").click()
    page.get_by_role("link", name=newcomer.name).wait_for()
    sign_out(page)

    for works in (True, False):
        give_password(page, server.address, newcomer)
        page.get_by_label("Code").fill(recovery_code)
        page.get_by_role("button", name="Continue").click()
        if works:
            page.get_by_role("link", name=newcomer.name).wait_for()
            sign_out(page)
    assert heading(page) == "Enter your code", "a recovery code works once"


def test_an_administrator_removes_the_second_step_of_somebody_who_lost_it(server, open_page):
    administrator, page = open_page(), open_page()
    person = add_person(administrator, server)
    set_password(page, person)
    give_password(page, server.address, person)
    page.goto(f"{server.address}/accounts/second-step/app/add/")
    confirm(page)
    page.get_by_label("Code from the app").fill(code_of(page.locator("main strong.inroads-break").inner_text()))
    page.get_by_role("button", name="Add this app").click()
    sign_out(page)
    give_password(page, server.address, person)
    assert heading(page) == "Enter your code"

    administrator.get_by_role("link", name=f"Go to {person.name}").click()
    administrator.get_by_role("link", name="Remove a lost second step").click()
    assert "call back on a number you already know" in words(administrator)
    assert not axe_violations(administrator)
    administrator.get_by_role("button", name="Remove their second step").click()
    assert f"The second step of {person.name} is removed" in words(administrator)

    give_password(page, server.address, person)
    page.get_by_role("link", name=person.name).wait_for()


def test_somebody_adds_a_passkey_and_signs_in_with_it_alone(open_page, newcomer, localhost):
    page = open_page()
    device = page.context.new_cdp_session(page)
    device.send("WebAuthn.enable")
    device.send(
        "WebAuthn.addVirtualAuthenticator",
        {
            "options": {
                "protocol": "ctap2",
                "transport": "internal",
                "hasResidentKey": True,
                "hasUserVerification": True,
                "isUserVerified": True,
                "automaticPresenceSimulation": True,
            }
        },
    )
    give_password(page, localhost, newcomer)
    page.goto(f"{localhost}/accounts/second-step/passkeys/add/")
    confirm(page)
    page.get_by_label("Name of this passkey").fill("My phone")
    page.get_by_role("button", name="Add passkey").click()
    page.wait_for_url("**/recovery-codes/")
    page.goto(f"{localhost}/accounts/second-step/passkeys/")
    assert "My phone" in words(page)
    assert not axe_violations(page)
    sign_out(page)

    page.goto(f"{localhost}/accounts/")
    assert heading(page) == "Sign in"
    page.get_by_role("button", name="Sign in with a passkey").click()
    page.wait_for_url(f"{localhost}/accounts/")
    assert newcomer.email in words(page)


@pytest.mark.parametrize("javascript", [True, False], ids=["with script", "without script"])
def test_at_an_address_that_is_a_number_the_page_says_what_to_open_instead(
    server, open_page, newcomer, localhost, javascript
):
    page = open_page(javascript=javascript)
    give_password(page, server.address, newcomer)
    page.goto(f"{server.address}/accounts/second-step/passkeys/add/")
    confirm(page)
    assert "Passkeys do not work at this address" in words(page)
    assert page.get_by_role("button", name="Add passkey").count() == 0
    page.goto(page.get_by_role("link", name=localhost).get_attribute("href"))
    assert page.url.startswith(f"{localhost}/accounts/sign-in/?next=")


def test_without_javascript_the_passkey_page_says_what_to_do(open_page, newcomer, localhost):
    page = open_page(javascript=False)
    give_password(page, localhost, newcomer)
    page.goto(f"{localhost}/accounts/second-step/passkeys/add/")
    confirm(page)
    assert "Switch JavaScript on, or add an authenticator app instead" in words(page)
    assert not page.get_by_role("button", name="Add passkey").is_visible()
    page.get_by_role("link", name="Add an authenticator app instead").click()
    assert heading(page) == "Add an authenticator app"
    sign_out(page)
    page.goto(f"{localhost}/accounts/sign-in/")
    assert "Sign in with your email address and password above instead" in words(page)


def test_five_wrong_passwords_say_how_long_to_wait_and_whom_to_ask(server, open_page, newcomer):
    page = open_page()
    for _ in range(4):
        give_password(page, server.address, newcomer, "not the password")
        assert "The email address or the password is not right" in words(page)
    give_password(page, server.address, newcomer, "not the password")
    assert heading(page) == "Wait 15 minutes before you try again"
    assert "Ask the administrator of your organisation for a new link" in words(page)
    assert not axe_violations(page)
    give_password(page, server.address, newcomer)
    assert heading(page) == "Wait 15 minutes before you try again", "the right password does not work either"


@pytest.mark.parametrize("javascript", [True, False], ids=["with script", "without script"])
def test_an_auditor_reads_the_trail_and_checks_its_chain(server, open_page, newcomer, javascript):
    page = open_page(javascript=javascript)
    sign_in(page, server, "auditor@demonstration.example")
    page.get_by_role("link", name="Audit trail").click()
    entry = page.get_by_role("row").filter(has_text="Added a person").filter(has_text=newcomer.name)
    assert "Ada Brennan" in entry.inner_text()
    assert newcomer.email not in page.content()
    page.get_by_role("button", name="Check the chain").click()
    assert "The chain is whole." in page.get_by_role("status").inner_text()
    if javascript:
        assert not axe_violations(page)


def test_signing_in_by_keyboard_alone_with_a_slip_on_the_way(server, open_page, newcomer):
    page = open_page()
    page.goto(f"{server.address}/accounts/sign-in/")

    def tab_to(label):
        for _ in range(30):
            page.keyboard.press("Tab")
            focused = page.evaluate(
                "() => (document.activeElement.labels?.[0] ?? document.activeElement).textContent.trim()"
            )
            if focused == label:
                return
        pytest.fail(f"'{label}' is not reached with the Tab key")

    tab_to("Email address")
    page.keyboard.type(newcomer.email)
    tab_to("Password")
    page.keyboard.type("not the password")
    page.keyboard.press("Enter")
    summary = page.get_by_role("alert").filter(has_text="There is a problem")
    summary.wait_for()
    assert "The email address or the password is not right" in summary.inner_text()
    assert becomes_true(page, "!!document.activeElement.closest('.nhsuk-error-summary')")
    assert page.title().startswith("Error: ")
    assert page.get_by_label("Email address").input_value() == newcomer.email
    assert page.get_by_label("Password", exact=True).input_value() == ""

    tab_to("Password")
    page.keyboard.type(newcomer.password)
    tab_to("Sign in")
    page.keyboard.press("Enter")
    page.get_by_role("link", name=newcomer.name).wait_for()


def test_after_a_session_has_ended_signing_in_leads_back_to_the_page_that_was_open(server, open_page, newcomer):
    page = open_page()
    give_password(page, server.address, newcomer)
    page.get_by_role("link", name=newcomer.name).wait_for()
    page.goto(f"{server.address}/accounts/password/?from=menu")
    page.context.clear_cookies()
    page.reload()
    assert heading(page) == "Sign in"
    page.get_by_label("Email address").fill(newcomer.email)
    page.get_by_label("Password", exact=True).fill("not the password")
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.get_by_label("Password", exact=True).fill(newcomer.password)
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.wait_for_url(f"{server.address}/accounts/password/?from=menu")
    assert heading(page) == "Change your password"

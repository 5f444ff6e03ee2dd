"""A second step that is lost, and one that a role asks for."""

import re

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal import auth as totp
from django.core.exceptions import PermissionDenied
from django.test import Client

from inroads.accounts import actions
from inroads.accounts.models import AuditEntry, Membership

NEEDED = "/accounts/second-step/needed/"
ADD_APP = "/accounts/second-step/app/add/"
CODE = "/accounts/second-step/code/"
CONFIRM = "/accounts/second-step/confirm/"
SECRET = totp.generate_totp_secret()
# Pages with which somebody looks after their own account, none of which may be cut off.
OWN = ("/accounts/", "/accounts/password/", "/accounts/second-step/", "/accounts/confirm/", NEEDED)


@pytest.fixture
def administrator(places, somebody):
    return somebody("administrator", places.place, email="ada@example.org", name="Ada Example")


@pytest.fixture
def required(settings):
    settings.SECOND_STEP_REQUIRED = True


def give_app(user):
    totp.TOTP.activate(user, SECRET)
    RecoveryCodes.activate(user)


def by_password(user, password):
    """A browser in which this person has given their password."""
    browser = Client()
    browser.post("/accounts/sign-in/", {"login": user.email, "password": password})
    return browser


def words(answer):
    body = answer.content.decode().split("<main")[1].split("</main>")[0]
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", body))


# --- Lost -------------------------------------------------------------------------------------------------------------


def test_an_administrator_removes_a_lost_second_step_and_it_is_written(administrator, places, somebody):
    person = somebody("practitioner", places.team)
    give_app(person)
    actions.remove_second_step(person=person, by=administrator)
    assert not person.authenticator_set.exists()
    entry = AuditEntry.objects.get()
    assert (entry.action, entry.by, entry.about_id) == ("second_step_removed_for_them", administrator, str(person.pk))
    assert entry.details == {"kinds": "recovery_codes totp"}
    assert entry.organisation == places.team


def test_nothing_to_remove_is_said_and_not_written(administrator, places, somebody):
    with pytest.raises(actions.Refused, match="has no second step; nothing was changed"):
        actions.remove_second_step(person=somebody("practitioner", places.team), by=administrator)
    assert not AuditEntry.objects.exists()


def test_nobody_removes_their_own_this_way(administrator):
    give_app(administrator)
    with pytest.raises(actions.Refused, match="your own second step"):
        actions.remove_second_step(person=administrator, by=administrator)
    assert administrator.authenticator_set.count() == 2


@pytest.mark.parametrize("role", ["place_lead", "auditor", "national_lead", "practitioner"])
def test_other_roles_remove_nobodys(places, somebody, role):
    person = somebody("practitioner", places.team)
    give_app(person)
    with pytest.raises(PermissionDenied):
        actions.remove_second_step(person=person, by=somebody(role, places.england))
    assert person.authenticator_set.count() == 2


def test_the_same_right_as_for_stopping_an_account(administrator, places, somebody):
    wide = somebody("practitioner", places.team)
    Membership.objects.create(user=wide, role="analyst", organisation=places.ics, starts_on="2026-01-01")
    give_app(wide)
    for change in (actions.remove_second_step, actions.deactivate_person):
        with pytest.raises(PermissionDenied):
            change(person=wide, by=administrator)
    actions.remove_second_step(person=wide, by=somebody("administrator", places.ics))


def test_the_page_says_to_make_sure_who_asks(administrator, places, somebody, password):
    person = somebody("practitioner", places.team, name="Sam Example")
    browser = by_password(administrator, password)
    here = f"/accounts/people/{person.pk}/"
    assert "Remove a lost second step" not in words(browser.get(here))
    give_app(person)
    assert "Remove a lost second step" in words(browser.get(here))
    page = words(browser.get(here + "second-step/"))
    assert "really Sam Example who asks: call back on a number you already know" in page
    assert person.authenticator_set.count() == 2, "looking changes nothing"
    done = browser.post(here + "second-step/", follow=True)
    assert "The second step of Sam Example is removed" in words(done)
    assert "nothing was changed" in words(browser.post(here + "second-step/"))


def test_afterwards_the_password_alone_lets_them_in(administrator, places, somebody, password):
    person = somebody("practitioner", places.team)
    give_app(person)
    assert "_auth_user_id" not in by_password(person, password).session
    actions.remove_second_step(person=person, by=administrator)
    assert by_password(person, password).session["_auth_user_id"] == str(person.pk)


def test_somebody_who_waits_at_the_code_when_it_is_removed_starts_again(administrator, places, somebody, password):
    person = somebody("practitioner", places.team)
    give_app(person)
    browser = by_password(person, password)
    assert browser.get(CODE).status_code == 200
    actions.remove_second_step(person=person, by=administrator)
    answer = browser.get(CODE, follow=True)
    assert [each for each, _ in answer.redirect_chain] == ["/accounts/sign-in/"]
    assert "_auth_user_id" not in browser.session
    browser.post("/accounts/sign-in/", {"login": person.email, "password": password})
    assert browser.session["_auth_user_id"] == str(person.pk)


# --- Asked for by a role ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("role", "page", "asked"),
    [
        ("administrator", "/accounts/people/", True),
        ("auditor", "/accounts/audit/", True),
        ("place_lead", "/accounts/people/", False),
        ("national_lead", "/accounts/people/", False),
    ],
)
def test_roles_that_look_after_others_are_sent_to_set_one_up(places, somebody, password, required, role, page, asked):
    browser = by_password(somebody(role, places.place if role == "place_lead" else places.england), password)
    answer = browser.get(page)
    if not asked:
        assert answer.status_code == 200
        return
    assert (answer.status_code, answer.url) == (302, f"{NEEDED}?next=" + page.replace("/", "%2F"))
    shown = words(browser.get(answer.url))
    assert "this role also needs a second step" in shown
    assert "Add an authenticator app" in shown
    assert "Add a passkey" in shown


def test_where_it_is_not_required_nobody_is_sent(administrator, password):
    assert by_password(administrator, password).get("/accounts/people/").status_code == 200


def test_nothing_is_changed_on_the_way(administrator, places, somebody, password, required):
    person = somebody("practitioner", places.team)
    browser = by_password(administrator, password)
    answer = browser.post(f"/accounts/people/{person.pk}/stop/")
    assert answer.url.startswith(NEEDED)
    person.refresh_from_db()
    assert person.is_active


def test_ones_own_account_stays_open(administrator, password, required):
    browser = by_password(administrator, password)
    for page in OWN:
        assert browser.get(page).status_code == 200, page
    assert browser.get("/places/").status_code in {200, 503}
    assert browser.post("/accounts/sign-out/").url == "/"


def test_a_role_given_in_the_middle_of_a_session_asks_at_once(places, somebody, password, required):
    person = somebody("place_lead", places.place)
    browser = by_password(person, password)
    assert browser.get("/accounts/people/").status_code == 200
    Membership.objects.create(user=person, role="administrator", organisation=places.place, starts_on="2026-01-01")
    assert browser.get("/accounts/people/").url.startswith(NEEDED)


def test_adding_an_app_opens_the_pages_in_this_session_only(administrator, password, required, clock):
    here, elsewhere = by_password(administrator, password), by_password(administrator, password)
    confirm = here.get(ADD_APP)
    here.post(confirm.url, {"password": password})
    secret = re.search(r'inroads-break">([A-Z2-7]{32})<', here.get(ADD_APP).content.decode()).group(1)
    wrong = "000000" if clock.code(secret) != "000000" else "111111"
    here.post(ADD_APP, {"code": wrong})
    assert here.get("/accounts/people/").url.startswith(NEEDED), "a wrong code opens nothing"
    here.post(ADD_APP, {"code": clock.code(secret)})
    assert administrator.authenticator_set.filter(type=Authenticator.Type.TOTP).exists()
    assert here.get("/accounts/people/").status_code == 200

    answer = elsewhere.get("/accounts/people/")
    assert answer.url.startswith(NEEDED), "signed in elsewhere with the password alone, before the app was added"
    assert "You signed in here before your second step was set up" in words(elsewhere.get(answer.url))
    elsewhere.post(f"{CONFIRM}?next=/accounts/people/", {"code": clock.code(secret)})
    assert elsewhere.get("/accounts/people/").url.startswith(NEEDED), "the code that added the app is used up"
    codes = administrator.authenticator_set.get(type=Authenticator.Type.RECOVERY_CODES).wrap().get_unused_codes()
    elsewhere.post(f"{CONFIRM}?next=/accounts/people/", {"code": codes[0]})
    assert elsewhere.get("/accounts/people/").status_code == 200


@pytest.mark.parametrize("setting", [True, False])
@pytest.mark.parametrize(
    "page",
    [
        "password/",
        *(f"second-step/{each}" for each in ("recovery-codes/", "recovery-codes/download/")),
        *(f"second-step/{each}" for each in ("app/add/", "app/remove/", "passkeys/", "passkeys/add/")),
    ],
)
def test_a_session_with_the_password_alone_cannot_change_a_second_step_that_is_there(
    administrator, password, settings, setting, page
):
    settings.SECOND_STEP_REQUIRED = setting
    browser = by_password(administrator, password)
    give_app(administrator)
    browser.post("/accounts/confirm/", {"password": password})
    new = {"oldpassword": password, "password1": "four unlikely words here", "password2": "four unlikely words here"}
    assert browser.get(f"/accounts/{page}").url.startswith(NEEDED)
    assert browser.post(f"/accounts/{page}", new).url.startswith(NEEDED)
    assert administrator.authenticator_set.count() == 2
    administrator.refresh_from_db()
    assert administrator.check_password(password)


def test_after_the_second_step_is_shown_the_password_can_be_changed(administrator, password, clock):
    browser = by_password(administrator, password)
    give_app(administrator)
    shown = browser.post(f"{CONFIRM}?next=/accounts/password/", {"code": clock.code(SECRET)})
    assert shown.url == "/accounts/password/"
    new = {"oldpassword": password, "password1": "four unlikely words here", "password2": "four unlikely words here"}
    browser.post(shown.url, new)
    administrator.refresh_from_db()
    assert administrator.check_password("four unlikely words here")


def test_signing_in_with_the_second_step_opens_the_pages_and_keeps_where_one_was_going(
    administrator, password, required, clock
):
    give_app(administrator)
    browser = Client()
    asked = browser.post(
        "/accounts/sign-in/", {"login": administrator.email, "password": password, "next": "/accounts/people/"}
    )
    answer = browser.post(asked.url, {"code": clock.code(SECRET)})
    assert answer.url == "/accounts/people/"
    assert browser.get("/accounts/people/").status_code == 200


def test_recovery_codes_alone_are_no_second_step(administrator, password, required):
    browser = by_password(administrator, password)
    RecoveryCodes.activate(administrator)
    assert browser.get("/accounts/people/").url.startswith(NEEDED)


def test_after_it_is_removed_by_another_it_is_asked_for_again(
    administrator, places, somebody, password, required, clock
):
    give_app(administrator)
    browser = by_password(administrator, password)
    browser.post(CODE, {"code": clock.code(SECRET)})
    assert browser.get("/accounts/people/").status_code == 200
    actions.remove_second_step(person=administrator, by=somebody("administrator", places.england))
    assert browser.get("/accounts/people/").url.startswith(NEEDED)


@pytest.mark.parametrize(
    "elsewhere", ["https://evil.example/", "//evil.example/", "javascript:alert(1)", "/\\evil", ""]
)
def test_the_page_leads_on_only_within_the_service(administrator, password, elsewhere):
    answer = by_password(administrator, password).get(NEEDED, {"next": elsewhere})
    assert (answer.status_code, answer.url) == (302, "/accounts/")


def test_links_on_the_page_are_never_another_site(administrator, password, required):
    page = by_password(administrator, password).get(NEEDED, {"next": "https://evil.example/"}).content.decode()
    assert "evil.example" not in page
    kept = by_password(administrator, password).get(NEEDED, {"next": "/accounts/people/?a=1"}).content.decode()
    assert 'href="/accounts/people/?a=1"' in kept

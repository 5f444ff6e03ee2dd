"""Setting, changing and forgetting a password through the real pages, and what is written about it."""

from django.test import Client
from django.utils import timezone

from inroads.accounts import actions
from inroads.accounts.models import AuditEntry


def actions_written():
    return set(AuditEntry.objects.values_list("action", flat=True))


def test_a_password_is_set_with_the_link_once_and_signs_in(client, places, somebody, sign_in):
    invitation = actions.add_person(
        email="new@example.org",
        full_name="New Person",
        role="practitioner",
        organisation=places.team,
        starts_on=timezone.localdate(),
        by=somebody("administrator", places.england),
    )
    link = f"/accounts/password/set/{invitation.uid}-{invitation.key}/"
    form = client.get(link)
    assert invitation.key not in form.url, "the key does not stay in the address"
    for given, words in (
        ({"password1": "short", "password2": "short"}, "too short"),
        ({"password1": "three unlikely words", "password2": "other"}, "The two passwords differ"),
        ({"password1": "", "password2": ""}, "Enter a new password"),
    ):
        assert words in client.post(form.url, given).content.decode()
    done = client.post(form.url, {"password1": "four unlikely words here", "password2": "four unlikely words here"})
    assert done.url == "/accounts/password/set/done/"
    assert client.get(done.url).status_code == 200
    assert sign_in("new@example.org", "four unlikely words here").status_code == 302
    assert "This link does not work any more" in Client().get(link).content.decode()
    assert "password_set_with_link" in actions_written()


def test_a_link_that_is_too_old_or_invented_says_whom_to_ask(client, places, somebody, settings):
    person = somebody("practitioner", places.team)
    invitation = actions.give_new_link(person=person, by=somebody("administrator", places.england))
    settings.PASSWORD_RESET_TIMEOUT = -1
    for link in (f"{invitation.uid}-{invitation.key}", f"{invitation.uid}-abc-def", "zzz-abc"):
        page = client.get(f"/accounts/password/set/{link}/").content.decode()
        assert "ask the administrator who invited you" in page


def test_changing_the_password_needs_the_old_one_and_ends_other_sessions(client, person, sign_in, password):
    elsewhere = Client()
    sign_in()
    sign_in(using=elsewhere)
    new = {"password1": "four unlikely words here", "password2": "four unlikely words here"}
    wrong = client.post("/accounts/password/", {"oldpassword": "wrong", **new})
    assert "The current password is not right" in wrong.content.decode()
    assert client.post("/accounts/password/", {"oldpassword": password, **new}).status_code == 302
    assert client.get("/accounts/").status_code == 200
    assert elsewhere.get("/accounts/").status_code == 302
    assert "password_changed" in actions_written()


def test_a_forgotten_password_says_whom_to_ask_where_there_is_no_email(client, db):
    page = client.get("/accounts/password/forgotten/").content.decode()
    assert "Ask the administrator of your organisation" in page
    assert "<form" not in page.split("<main")[1].split("</main>")[0]


def test_with_email_configured_a_link_is_sent_and_nobody_learns_which_addresses_exist(
    client, person, settings, mailoutbox
):
    settings.INROADS_EMAIL = "inroads@example.org"
    known = client.post("/accounts/password/forgotten/", {"email": "pat@example.org"})
    unknown = client.post("/accounts/password/forgotten/", {"email": "nobody@example.org"})
    assert (known.status_code, known.url) == (unknown.status_code, unknown.url)
    assert known.url == "/accounts/password/forgotten/sent/"
    assert client.get(known.url).status_code == 200
    assert "/accounts/password/set/" in mailoutbox[0].body


class FailingMail:
    def __init__(self, *_, **__):
        pass

    def send_messages(self, _):
        raise ConnectionRefusedError("no mail server")


def test_a_failing_mail_server_is_no_error_page_and_tells_nobody_who_exists(client, person, settings, caplog):
    settings.INROADS_EMAIL = "inroads@example.org"
    settings.EMAIL_BACKEND = f"{__name__}.FailingMail"
    answers = [
        client.post("/accounts/password/forgotten/", {"email": email})
        for email in ("pat@example.org", "nobody@example.org")
    ]
    assert [(answer.status_code, answer.url) for answer in answers] == [(302, "/accounts/password/forgotten/sent/")] * 2
    assert "could not be sent" in caplog.text
    assert "pat@example.org" not in caplog.text


def test_the_mail_is_in_our_words_and_from_our_address(client, person, settings, mailoutbox):
    settings.INROADS_EMAIL = "inroads@example.org"
    client.post("/accounts/password/forgotten/", {"email": "pat@example.org"})
    (sent,) = mailoutbox
    assert (sent.subject, sent.from_email) == ("Set a new password for Inroads", "inroads@example.org")
    assert "works once, for 3 days" in sent.body
    assert "If it was not you, do nothing" in sent.body

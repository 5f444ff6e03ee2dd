"""Nothing typed is lost: an ended session, a token too old, a page left open; and nobody else reads or writes it."""

import re
from datetime import timedelta

import pytest
from django.core import signing
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from people_factories import make_person, make_team, make_worker

from inroads.accounts import drafts
from inroads.accounts.models import Draft, User
from inroads.people.models import Event

pytestmark = pytest.mark.django_db
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
WORDS = "Zażółć “gęślą” & <jaźń>\r\n\r\n  a second line \t🙂"
PASSWORD = "three unlikely words"


@pytest.fixture
def worker():
    return make_worker(make_team())


@pytest.fixture
def person(worker):
    return make_person(worker.memberships.get().organisation, by=worker)


@pytest.fixture
def address(person):
    return reverse("people:event", kwargs={"person": person.pk})


def signed_in(user, **options):
    client = Client(**options)
    client.force_login(user, backend=BACKEND)
    return client


def mark_on(client, address):
    return re.search(r'name="typed_by" value="([^"]+)"', client.get(address).content.decode()).group(1)


def fields(mark, **more):
    return {"typed_by": mark, "kinds": ["lost", "moved"], "words": WORDS, "channel": "phone"} | more


def shown_again(page):
    """Whether the page holds everything that `fields` typed, and says so."""
    text = page.content.decode()
    escaped = WORDS.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    kept = escaped in text or escaped.replace("\r\n", "\n") in text
    ticked = all(re.search(f'value="{each}" checked', text) for each in ("lost", "moved", "phone"))
    return kept and ticked and "It is still here" in text


def test_a_form_sent_after_the_session_ended_is_there_after_signing_in(worker, address):
    client = signed_in(worker)
    mark = mark_on(client, address)
    client.logout()
    answer = client.post(address, fields(mark))
    assert answer.url == f"{reverse('account_login')}?next={address}"
    assert not Event.objects.exists()
    client.force_login(worker, backend=BACKEND)
    assert shown_again(client.get(address))
    # Nothing is said to be wrong before it is sent.
    assert "There is a problem" not in client.get(address).content.decode()


def test_a_form_with_a_token_too_old_is_there_again(worker, address):
    client = signed_in(worker, enforce_csrf_checks=True)
    mark = mark_on(client, address)
    answer = client.post(address, fields(mark))
    assert (answer.status_code, answer.url) == (303, address)
    assert shown_again(client.get(address))


def test_what_is_typed_is_kept_while_it_is_typed_and_gone_when_saved(worker, person, address):
    client = signed_in(worker)
    mark = mark_on(client, address)
    assert client.post(reverse("accounts:keep_typed"), fields(mark)).status_code == 204
    assert shown_again(client.get(address))
    today = timezone.localdate()
    day = {"said_on_day": today.day, "said_on_month": today.month, "said_on_year": today.year}
    assert client.post(address, fields(mark, said_by="person", **day)).status_code == 302
    assert Event.objects.count() == 2
    assert not shown_again(client.get(address))
    # Late news from the page that was saved is no draft; a page opened since may write one.
    assert client.post(reverse("accounts:keep_typed"), fields(mark)).status_code == 400
    assert not shown_again(client.get(address))
    # Marks are told apart by their second.
    later = signing.TimestampSigner(salt=drafts.SALT)
    later.timestamp = lambda: signing.b62_encode(int(timezone.now().timestamp()) + 5)
    fresh = later.sign_object([str(worker.pk), address])
    assert client.post(reverse("accounts:keep_typed"), fields(fresh)).status_code == 204
    assert shown_again(client.get(address))


def test_it_can_be_thrown_away(worker, address):
    client = signed_in(worker)
    mark = mark_on(client, address)
    client.post(reverse("accounts:keep_typed"), fields(mark))
    assert client.post(reverse("accounts:throw_away_typed"), fields(mark)).url == address
    assert not shown_again(client.get(address))


def test_nobody_else_sees_it_or_throws_it_away(worker, person, address):
    colleague = make_worker(person.organisation)
    client, other = signed_in(worker), signed_in(colleague)
    mark = mark_on(client, address)
    client.post(reverse("accounts:keep_typed"), fields(mark))
    assert not shown_again(other.get(address))
    assert other.post(reverse("accounts:throw_away_typed"), fields(mark)).url == reverse("home")
    assert shown_again(client.get(address))


def forged(worker, address):
    stranger = User.objects.create_user("stranger@tests.example", "Stranger", PASSWORD)
    return {
        "none": "",
        "made up": "abc:def:ghi",
        "with another key": signing.dumps([str(worker.pk), address], salt=drafts.SALT, key="another"),
        "of another purpose": signing.dumps([str(worker.pk), address], salt="another"),
        "of another shape": signing.dumps({"user": str(worker.pk)}, salt=drafts.SALT),
        "for nobody": signing.dumps(["00000000-0000-0000-0000-000000000000", address], salt=drafts.SALT),
        "for somebody stopped": signing.dumps([str(_stopped(stranger)), address], salt=drafts.SALT),
        "too long": "x" * 100_000,
    }


def _stopped(user):
    User.objects.filter(pk=user.pk).update(is_active=False)
    return user.pk


def test_a_mark_that_is_not_ours_writes_nothing(worker, address):
    client = Client()
    for what, mark in forged(worker, address).items():
        assert client.post(reverse("accounts:keep_typed"), fields(mark)).status_code == 400, what
        assert client.post(address, fields(mark)).status_code == 302, what
    assert not Draft.objects.exists()


def test_a_mark_of_another_form_is_not_taken_on_arrival(worker, person, address):
    client = signed_in(worker)
    mark = mark_on(client, address)
    client.logout()
    client.post(reverse("people:trusted", kwargs={"person": person.pk}), fields(mark))
    assert not Draft.objects.exists()


def test_an_old_mark_writes_nothing(worker, address, monkeypatch):
    client = signed_in(worker)
    mark = mark_on(client, address)
    monkeypatch.setattr(drafts, "MARK_LASTS", timedelta(seconds=-1))
    assert client.post(reverse("accounts:keep_typed"), fields(mark)).status_code == 400


def test_secrets_are_never_kept(worker, address):
    client = signed_in(worker)
    sent = fields(mark_on(client, address), password="secret one", new_password2="secret two", csrfmiddlewaretoken="x")
    client.post(reverse("accounts:keep_typed"), sent)
    assert set(Draft.objects.get().fields) == {"kinds", "words", "channel"}


def test_more_than_anybody_types_is_not_kept(worker, address):
    client = signed_in(worker)
    mark = mark_on(client, address)
    assert client.post(reverse("accounts:keep_typed"), fields(mark, words="ä" * 600_000)).status_code == 400
    assert client.post(reverse("accounts:keep_typed"), fields(mark, words="ä" * 100_000)).status_code == 204


def test_there_are_never_more_drafts_than_somebody_can_look_through(worker):
    client = signed_in(worker)
    for number in range(drafts.MOST_DRAFTS + 5):
        mark = signing.dumps([str(worker.pk), f"/people/{number}/"], salt=drafts.SALT)
        client.post(reverse("accounts:keep_typed"), fields(mark))
    assert Draft.objects.count() == drafts.MOST_DRAFTS
    Draft.objects.update(at=timezone.now() - timedelta(days=31))
    client.post(reverse("accounts:keep_typed"), fields(signing.dumps([str(worker.pk), "/x/"], salt=drafts.SALT)))
    assert Draft.objects.count() == 1

"""What people decide about messages, and what they see of them: never what a message says, nor to whom."""

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse
from people_factories import make_person, make_team, make_worker

from inroads.accounts.actions import Refused
from inroads.accounts.models import AuditEntry
from inroads.jobs.models import WorkerSeen
from inroads.post.actions import settling
from inroads.post.actions.sending import deliver
from inroads.post.models import Message, State
from inroads.post.presenters import about_link
from inroads.reference.models import Kind
from inroads.reference.organisations import add_organisation, england

pytestmark = pytest.mark.django_db
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


@pytest.fixture
def team():
    return make_team()


@pytest.fixture
def sam(team):
    """Somebody who works with people in the team."""
    return make_worker(team)


@pytest.fixture
def stranger(team):
    """Somebody who works with people elsewhere."""
    place = add_organisation(kind=Kind.PROVIDER, name="Another provider", parent=team.parent.parent)
    return make_worker(add_organisation(kind=Kind.TEAM, name="Another team", parent=place))


@pytest.fixture
def failed(write, team):
    """A message that could not be sent."""
    message = write("email", organisation=team, about=make_person(team))
    Message.objects.update(state=State.FAILED, error="The mail server does not take email for this address (550)")
    return message


def test_sent_again_it_leaves(failed, sam, fresh):
    settling.send_again(message=failed, by=sam)
    assert (fresh(failed).state, fresh(failed).tries) == (State.WAITING, 0)
    assert deliver() == 1
    assert fresh(failed).state == State.SENT
    entry = AuditEntry.objects.get(action="message_sent_again")
    assert entry.details == {"channel": "email", "was": "failed"}
    assert (entry.by, entry.about_kind, entry.about_id) == (sam, "post.message", str(failed.pk))


@pytest.mark.parametrize(
    ("action", "state"), [(settling.it_arrived, State.SENT), (settling.told_otherwise, State.CANCELLED)]
)
def test_settled_it_does_not_leave(failed, sam, fresh, action, state):
    action(message=failed, by=sam)
    assert fresh(failed).state == state
    assert deliver() == 0


@pytest.mark.parametrize("action", [settling.send_again, settling.it_arrived, settling.told_otherwise])
def test_what_is_settled_is_settled_once_and_by_those_who_work_there(failed, sam, stranger, fresh, action):
    with pytest.raises(PermissionDenied):
        action(message=failed, by=stranger)
    action(message=failed, by=sam)
    # The page of somebody else still shows it.
    with pytest.raises(Refused, match="settled this meanwhile"):
        settling.send_again(message=failed, by=sam)


def test_the_list_says_why_and_leads_to_the_record_and_nothing_else(failed, sam, client):
    client.force_login(sam, backend=BACKEND)
    page = client.get(reverse("post:to_settle")).content.decode()
    assert "does not take email for this address (550)" in page
    assert f"/people/{failed.about_id}/" in page
    assert "It arrived" not in page
    assert page.count('name="csrfmiddlewaretoken"') >= 2
    for word in ("robin", "Robin", "Your phone"):
        assert word not in page
    Message.objects.update(state=State.UNSURE)
    assert "It arrived" in client.get(reverse("post:to_settle")).content.decode()


def test_those_who_work_elsewhere_see_and_settle_nothing(failed, stranger, client, fresh):
    client.force_login(stranger, backend=BACKEND)
    page = client.get(reverse("post:to_settle")).content.decode()
    assert "There is nothing to settle" in page
    for name in ("again", "arrived", "told_otherwise"):
        assert client.post(reverse(f"post:{name}", args=[failed.pk])).status_code == 404
    assert fresh(failed).state == State.FAILED


def test_the_buttons_of_the_list(failed, sam, client, fresh):
    client.force_login(sam, backend=BACKEND)
    answer = client.post(reverse("post:again", args=[failed.pk]), follow=True)
    assert "will be sent again" in answer.content.decode()
    answer = client.post(reverse("post:arrived", args=[failed.pk]), follow=True)
    assert "settled this meanwhile" in answer.content.decode()
    assert fresh(failed).state == State.WAITING


def test_how_the_background_work_stands_is_for_those_who_see_the_trail(client, sam):
    client.force_login(sam, backend=BACKEND)
    assert client.get(reverse("post:jobs")).status_code == 403
    client.force_login(make_worker(england(), "auditor"), backend=BACKEND)
    page = client.get(reverse("post:jobs")).content.decode()
    assert "No worker is at work" in page
    assert "Sends what is due: at once where a message was just written, else within a minute (post.deliver)" in page
    assert "every minute" in page
    from django.utils import timezone

    WorkerSeen.objects.create(name="one", started_at=timezone.now(), seen_at=timezone.now())
    assert "A worker is at work" in client.get(reverse("post:jobs")).content.decode()


@pytest.mark.parametrize(
    ("kind", "seen"), [("directory.touchpoint", True), ("learning.trustedapp", True), ("people.person", False)]
)
def test_what_is_about_the_directory_or_an_app_comes_back_to_those_who_keep_it(failed, team, client, kind, seen, fresh):
    Message.objects.update(about_kind=kind, about_id="1")
    lead = make_worker(team.parent.parent, "place_lead")
    client.force_login(lead, backend=BACKEND)
    page = client.get(reverse("post:to_settle")).content.decode()
    assert ("(550)" in page) is seen
    answer = client.post(reverse("post:told_otherwise", args=[failed.pk]))
    assert answer.status_code == (302 if seen else 404)
    assert (fresh(failed).state == State.CANCELLED) is seen


@pytest.mark.parametrize("kind", ["people.person", "directory.touchpoint", "learning.trustedapp"])
def test_what_a_message_is_about_has_a_page(settings, kind):
    name, argument = settings.POST_ABOUT[kind]
    number = "00000000-0000-0000-0000-000000000001"
    assert about_link(Message(about_kind=kind, about_id=number)) == reverse(
        name, kwargs={argument: number} if argument else None
    )
    assert about_link(Message(about_kind="people.unheard", about_id="1")) == ""
    assert about_link(Message(about_kind="people.person", about_id="no number")) == ""

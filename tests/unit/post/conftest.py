"""What tests of the post share."""

from datetime import timedelta

import fake_notify
import pytest
from django.utils import timezone
from fake_mail_server import FakeMailServer
from people_factories import make_team

from inroads.post.actions import send
from inroads.post.models import Message

WAY = {
    "text": ("07700 900 982", "Robin, your data ends on Friday."),
    "email": ("robin@example.com", "Dear Robin,\n\nhi."),
}
WAY["letter"] = ("Robin Quay\n1 High Street\nRyde\nPO33 2HH", "Dear Robin,\n\nyour data ends soon.\nCall us.\n\nSam")


@pytest.fixture
def write(db):
    """`write("text")` puts a message into the outbox; all else may be said too."""
    numbers = iter(range(1000))
    team = []

    def written(channel: str = "text", **details) -> Message:
        if "organisation" not in details:
            team[:] = team or [make_team()]
            details["organisation"] = team[0]
        to, body = WAY[channel]
        said = {"key": f"test:{next(numbers)}", "to": to, "subject": "Your phone", "body": body, **details}
        return send(channel=channel, **said)

    return written


@pytest.fixture
def fresh():
    """`fresh(message)` is the message as it is kept now."""
    return lambda message: Message.objects.get(pk=message.pk)


@pytest.fixture
def time_passes():
    """`time_passes(message)`: whatever the message waits for has come."""

    def passed(message: Message) -> None:
        long_ago = timezone.now() - timedelta(hours=2)
        Message.objects.filter(pk=message.pk).update(not_before=long_ago)
        Message.objects.filter(pk=message.pk, held_until__isnull=False).update(held_until=long_ago)

    return passed


@pytest.fixture
def notify(settings):
    """Notify, on this machine."""
    fake = fake_notify.FakeNotify()
    settings.POST_BACKENDS = {"text": "notify", "email": "notify"}
    settings.NOTIFY_URL, settings.NOTIFY_API_KEY = fake.address, fake_notify.API_KEY
    settings.NOTIFY_TEXT_TEMPLATE = fake_notify.TEXT_TEMPLATE
    settings.NOTIFY_EMAIL_TEMPLATE = fake_notify.EMAIL_TEMPLATE
    settings.POST_TIMEOUT_SECONDS = 2
    yield fake
    fake.close()


@pytest.fixture
def mail_server(settings):
    """A mail server on this machine."""
    fake = FakeMailServer()
    settings.POST_BACKENDS = {"email": "smtp"}
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_TIMEOUT = "127.0.0.1", fake.port, 5
    settings.INROADS_EMAIL = "inroads@service.example"
    yield fake
    fake.close()


@pytest.fixture(autouse=True)
def own_folder(settings, tmp_path):
    """Messages as files go into a folder of the test."""
    settings.POST_DIR = tmp_path / "post"

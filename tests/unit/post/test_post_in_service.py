"""In service: letters need nothing, and every other way names all that it needs or stops the start."""

import json
import os
import subprocess
import sys

import pytest
from fake_notify import API_KEY

GOOD = {
    "DJANGO_SETTINGS_MODULE": "inroads.config.settings.production",
    "DATABASE_URL": "postgres://inroads:secret@localhost/inroads",
    "SECRET_KEY": "k3Jd9sLq0ZxVbN7mPwErTyUiOpAsDfGhJkLzXcVbNm1234567890",
    "ALLOWED_HOSTS": "inroads.example",
    "PUBLIC_URL": "https://inroads.example",
    "INROADS_VAR": "/srv/inroads",
    "INROADS_CONTACT": "Digital inclusion team, 01983 000000",
    "MFA_KEYS": "3nQm1b7Fh0yQzVZ0m3c6v8t2s5w9x1A4d7G0j3M6p9E=",
}
NOTIFY = {"NOTIFY_API_KEY": API_KEY, "NOTIFY_TEXT_TEMPLATE": "a", "NOTIFY_EMAIL_TEMPLATE": "b"}
MAIL = {"INROADS_EMAIL": "inroads@inroads.example", "EMAIL_URL": "smtp://mail"}
SAY = "import json; from django.conf import settings; print(json.dumps([settings.POST_BACKENDS, settings.NOTIFY_URL]))"


def start(changed: dict) -> subprocess.CompletedProcess:
    environment = {"PATH": os.environ["PATH"], **GOOD, **changed}
    command = [sys.executable, "-c", SAY]
    return subprocess.run(command, env=environment, capture_output=True, text=True, timeout=60, check=False)


@pytest.mark.parametrize(
    ("changed", "ways"),
    [
        ({}, {}),
        ({"POST_TEXTS": "notify", **NOTIFY}, {"text": "notify"}),
        ({"POST_TEXTS": "notify", "POST_EMAILS": "smtp", **NOTIFY, **MAIL}, {"text": "notify", "email": "smtp"}),
        ({"POST_EMAILS": "notify", **NOTIFY}, {"email": "notify"}),
    ],
)
def test_what_is_named_is_set_up(changed, ways):
    done = start(changed)
    assert done.returncode == 0, done.stderr
    said, address = json.loads(done.stdout)
    assert said == ways
    assert address == ("https://api.notifications.service.gov.uk" if "notify" in ways.values() else "")


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"POST_TEXTS": "smtp"}, "POST_TEXTS is 'smtp'. Set it to notify"),
        ({"POST_TEXTS": "file"}, "POST_TEXTS is 'file'"),
        ({"POST_EMAILS": "smtp"}, "INROADS_EMAIL is not set"),
        ({"POST_TEXTS": "notify"}, "NOTIFY_API_KEY is not set"),
        ({"POST_TEXTS": "notify", "NOTIFY_API_KEY": "secret"}, "NOTIFY_API_KEY does not have the form"),
        ({"POST_TEXTS": "notify", "NOTIFY_API_KEY": API_KEY}, "NOTIFY_TEXT_TEMPLATE is not set"),
        ({"POST_EMAILS": "notify", "NOTIFY_API_KEY": API_KEY}, "NOTIFY_EMAIL_TEMPLATE is not set"),
        ({"POST_TEXTS": "notify", **NOTIFY, "NOTIFY_URL": "http://x"}, "NOTIFY_URL does not start with https"),
        ({"NOTIFY_API_KEY": API_KEY}, "neither POST_TEXTS nor POST_EMAILS is notify"),
    ],
)
def test_what_is_missing_stops_the_start(changed, said):
    done = start(changed)
    assert done.returncode != 0
    last = done.stderr.splitlines()[-1]
    assert said in last
    assert API_KEY not in last

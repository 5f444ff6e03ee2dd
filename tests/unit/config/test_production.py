"""Production settings: everything unsafe stops the start and says why."""

import os
import subprocess
import sys

import pytest

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


SAY = "settings.GALLERY, settings.DEBUG, settings.DEMONSTRATION"


def _start(say: str = SAY, **changed: str | None) -> subprocess.CompletedProcess:
    environment = {"PATH": os.environ["PATH"], **GOOD}
    for name, value in changed.items():
        environment.pop(name, None)
        if value is not None:
            environment[name] = value
    code = f"from django.conf import settings; print({say})"
    return subprocess.run(
        [sys.executable, "-c", code], env=environment, capture_output=True, text=True, timeout=60, check=False
    )


def test_safe_settings_start():
    done = _start()
    assert done.returncode == 0, done.stderr
    assert done.stdout.split() == ["False", "False", "False"]


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"SECRET_KEY": None}, "SECRET_KEY is not set"),
        ({"SECRET_KEY": "demonstration-key-never-for-service-0123456789-abcdefghijklmnop"}, "demonstration's"),
        ({"SECRET_KEY": "short"}, "too short"),
        ({"SECRET_KEY": "a" * 60}, "too plain"),
        ({"DATABASE_URL": None}, "DATABASE_URL is not set"),
        ({"DATABASE_URL": "sqlite:///x"}, "PostgreSQL"),
        ({"ALLOWED_HOSTS": None}, "ALLOWED_HOSTS is not set"),
        ({"ALLOWED_HOSTS": "*"}, "holds '*'"),
        ({"PUBLIC_URL": "http://inroads.example"}, "https"),
        ({"MFA_KEYS": None}, "MFA_KEYS is not set"),
        ({"DEBUG": "1"}, "DEBUG is on"),
        ({"DJANGO_DEBUG": "true"}, "DJANGO_DEBUG is on"),
        ({"DEMONSTRATION_PASSWORD": "x"}, "no demonstration people"),
        ({"SECRET_KEY": "django-insecure-" + GOOD["SECRET_KEY"]}, "django-insecure"),
        ({"DATABASE_URL": "postgres://inroads:secret@localhost"}, "does not name a database"),
        ({"DATABASE_URL": "postgres://inroads:secret@localhost:port/x"}, "DATABASE_URL cannot be read"),
        ({"DATABASE_URL": "nonsense"}, "DATABASE_URL"),
        ({"ALLOWED_HOSTS": "inroads.example,"}, "ALLOWED_HOSTS holds ''"),
        ({"ALLOWED_HOSTS": "inroads.example,."}, "ALLOWED_HOSTS holds '.'"),
        ({"ALLOWED_HOSTS": "inroads.example,*.example"}, "ALLOWED_HOSTS holds '*.example'"),
        ({"PUBLIC_URL": "https://"}, "PUBLIC_URL is more or less"),
        ({"PUBLIC_URL": "https://[inroads"}, "PUBLIC_URL cannot be read"),
        ({"PUBLIC_URL": "https://somebody@inroads.example"}, "no user"),
        ({"PUBLIC_URL": "https://inroads.example/path"}, "no path"),
        ({"PUBLIC_URL": "https://elsewhere.example"}, "'elsewhere.example', which is not in ALLOWED_HOSTS"),
        ({"BEHIND_PROXY": "true"}, "BEHIND_PROXY is 'true'. Set it to yes or no"),
        ({"INROADS_NHS_BRAND": "1"}, "INROADS_NHS_BRAND is '1'. Set it to yes or no"),
        ({"INROADS_VAR": None}, "INROADS_VAR is not set"),
        ({"INROADS_VAR": "relative"}, "INROADS_VAR is 'relative'. Set it to a whole path"),
        ({"INROADS_CONTACT": None}, "INROADS_CONTACT is not set"),
        ({"SECRET_KEY": "Demonstration-key-never-for-service-0123456789-abcdefghijklmnop"}, "demonstration's"),
        ({"SECRET_KEY": "abcdefghij" * 6}, "too plain"),
        ({"INROADS_EMAIL": "inroads@inroads.example", "EMAIL_URL": "smtp://mail:0"}, "EMAIL_URL is not a mail server"),
        ({"INROADS_EMAIL": "inroads@inroads.example"}, "EMAIL_URL is not set"),
        ({"INROADS_EMAIL": "inroads@inroads.example", "EMAIL_URL": "http://mail"}, "EMAIL_URL is not a mail server"),
        ({"INROADS_EMAIL": "inroads@inroads.example", "EMAIL_URL": "smtp://mail:x"}, "EMAIL_URL cannot be read"),
        ({"INROADS_EMAIL": "inroads", "EMAIL_URL": "smtp://mail"}, "INROADS_EMAIL is not an email address"),
    ],
)
def test_what_is_unsafe_stops_the_start(changed, said):
    done = _start(**changed)
    assert done.returncode != 0
    assert said in done.stderr.splitlines()[-1]
    assert "secret@" not in done.stderr.splitlines()[-1], "the database's password is never said"


def test_the_mail_server_comes_from_one_address():
    names = ("HOST", "PORT", "HOST_USER", "HOST_PASSWORD", "USE_TLS")
    done = _start(
        ", ".join(f"settings.EMAIL_{name}" for name in names) + ", settings.DEFAULT_FROM_EMAIL",
        INROADS_EMAIL="inroads@inroads.example",
        EMAIL_URL="smtp://post%40inroads:a%2Fb@mail.example:2525?tls=no",
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.split() == ["mail.example", "2525", "post@inroads", "a/b", "False", "inroads@inroads.example"]
    without = _start("settings.EMAIL_PORT, settings.EMAIL_USE_TLS", INROADS_EMAIL="a@b.example", EMAIL_URL="smtp://m")
    assert without.stdout.split() == ["587", "True"], without.stderr


def test_a_name_with_all_below_it_and_a_port_are_accepted():
    done = _start("settings.CSRF_TRUSTED_ORIGINS", ALLOWED_HOSTS=".example", PUBLIC_URL="https://inroads.example:8443/")
    assert done.stdout.strip() == "['https://inroads.example:8443']", done.stderr

"""What production asks for so that accounts are safe: keys, the second step, and how many proxies stand in front."""

import os
import subprocess
import sys

import pytest
from cryptography.fernet import Fernet

GOOD = {
    "DJANGO_SETTINGS_MODULE": "inroads.config.settings.production",
    "DATABASE_URL": "postgres://inroads:secret@localhost/inroads",
    "SECRET_KEY": "k3Jd9sLq0ZxVbN7mPwErTyUiOpAsDfGhJkLzXcVbNm1234567890",
    "MFA_KEYS": Fernet.generate_key().decode(),
    "ALLOWED_HOSTS": "inroads.example",
    "PUBLIC_URL": "https://inroads.example",
    "INROADS_VAR": "/srv/inroads",
    "INROADS_CONTACT": "Digital inclusion team, 01983 000000",
}
SAY = """
from django.conf import settings
print(settings.SECOND_STEP_REQUIRED, settings.PROXY_COUNT, len(settings.MFA_KEYS))
"""


def _start(changed: dict[str, str | None]) -> subprocess.CompletedProcess:
    environment = {name: value for name, value in {**GOOD, **changed}.items() if value is not None}
    return subprocess.run(
        [sys.executable, "-c", SAY],
        env={"PATH": os.environ["PATH"], **environment},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({}, "True 0 1"),
        ({"BEHIND_PROXY": "yes"}, "True 1 1"),
        ({"BEHIND_PROXY": "yes", "PROXY_COUNT": "2"}, "True 2 1"),
        ({"MFA_KEYS": f"{Fernet.generate_key().decode()}, {Fernet.generate_key().decode()}"}, "True 0 2"),
    ],
)
def test_safe_settings_start(changed, said):
    done = _start(changed)
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip() == said


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"MFA_KEYS": None}, "MFA_KEYS is not set. Set it to a key that encrypts second-step secrets; make one"),
        ({"MFA_KEYS": "short"}, "MFA_KEYS: key 1 of 1 is not a key"),
        ({"MFA_KEYS": f"{Fernet.generate_key().decode()},short"}, "MFA_KEYS: key 2 of 2 is not a key"),
        ({"MFA_KEYS": "demonstration-only-never-for-service-000000="}, "demonstration's or too plain"),
        ({"MFA_KEYS": "A" * 43 + "="}, "demonstration's or too plain"),
        ({"BEHIND_PROXY": "yes", "PROXY_COUNT": "0"}, "PROXY_COUNT is '0'"),
        ({"BEHIND_PROXY": "yes", "PROXY_COUNT": "two"}, "PROXY_COUNT is 'two'"),
        ({"PROXY_COUNT": "1"}, "BEHIND_PROXY is not 'yes'"),
    ],
)
def test_what_is_unsafe_stops_the_start(changed, said):
    done = _start(changed)
    assert done.returncode != 0
    assert said in done.stderr
    for name in ("MFA_KEYS", "SECRET_KEY"):
        for secret in (changed.get(name) or GOOD[name]).split(","):
            assert len(secret) < 40 or secret not in done.stderr.splitlines()[-1], "a secret is never said"

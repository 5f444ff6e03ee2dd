"""`make run`: the embedded database, invented people, only on this machine.

INROADS_DATABASE_URL   postgres://user:password@host/name, to keep everything there instead
"""

import os

import dj_database_url
from django.core.exceptions import ImproperlyConfigured

from inroads.config.settings.base import *

DEMONSTRATION = True
DEMONSTRATION_PASSWORD = "demonstration-only-1"  # noqa: S105 - printed at start; production refuses it
SECRET_KEY = "demonstration-key-never-for-service-0123456789-abcdefghijklmnop"  # noqa: S105
MFA_KEYS = ["demonstration-only-never-for-service-000000="]
ALLOWED_HOSTS = ["127.0.0.1", "localhost", "[::1]"]
DATABASES = {"default": sqlite(VAR_DIR / "inroads.sqlite3")}
if _url := os.environ.get("INROADS_DATABASE_URL", "").strip():
    try:
        # Each of the server's threads keeps one connection, and finds out when it has gone.
        _database = dj_database_url.parse(_url, conn_max_age=600, conn_health_checks=True)
    except ValueError:
        _database = {}
    if not _database.get("ENGINE", "").endswith(".postgresql") or not _database.get("NAME"):
        raise ImproperlyConfigured(
            "INROADS_DATABASE_URL (DATABASE= of make) cannot be read. Set it to postgres://user:password@host/name"
        )
    DATABASES = {"default": _database}
EMAIL_BACKEND = "django.core.mail.backends.console.EmailBackend"
# Nothing leaves this machine: what would be sent is put down as files in VAR/post.
POST_BACKENDS = {"text": "file", "email": "file"}
# Passkeys need https, except on the machine itself.
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = True

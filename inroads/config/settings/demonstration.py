"""`make run`: the embedded database, invented people, only on this machine."""

from inroads.config.settings.base import *

DEMONSTRATION = True
DEMONSTRATION_PASSWORD = "demonstration-only-1"  # noqa: S105 - printed at start; production refuses it
SECRET_KEY = "demonstration-key-never-for-service-0123456789-abcdefghijklmnop"  # noqa: S105
MFA_KEYS = ["demonstration-only-never-for-service-000000="]
ALLOWED_HOSTS = ["127.0.0.1", "localhost", "[::1]"]
DATABASES = {"default": sqlite(VAR_DIR / "inroads.sqlite3")}
EMAIL_BACKEND = "django.core.mail.backends.console.EmailBackend"
# Passkeys need https, except on the machine itself.
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = True

"""In service. Every secret comes from the environment; what is missing or unsafe stops the start and says so.

DATABASE_URL   postgres://user:password@host/name
SECRET_KEY     50 characters or more, random
MFA_KEYS       keys that encrypt second-step secrets, separated by commas, newest first
ALLOWED_HOSTS  names this service answers to, separated by commas
PUBLIC_URL     https address people use
INROADS_VAR    folder for published figures and built static files, as a whole path
INROADS_CONTACT  how people reach the organisation that runs this, in one line; shown on the pages
INROADS_EMAIL  sender address, only with EMAIL_URL, smtp://user:password@host:port?tls=yes
POST_TEXTS     notify, where text messages are sent; without it nobody is offered one
POST_EMAILS    notify or smtp, where messages are sent by email; letters are always printed by somebody
NOTIFY_API_KEY, NOTIFY_TEXT_TEMPLATE, NOTIFY_EMAIL_TEMPLATE   with notify; NOTIFY_URL where it is not GOV.UK Notify's
"""

import os
import re
from urllib.parse import parse_qs, unquote, urlsplit

import dj_database_url
from cryptography.fernet import Fernet
from django.core.exceptions import ImproperlyConfigured
from django.http.request import validate_host

from inroads.config.settings.base import *


def _required(name: str, what: str) -> str:
    value = os.environ.get(name, "").strip()
    if not value:
        raise ImproperlyConfigured(f"{name} is not set. Set it to {what}.")
    return value


for _switch in ("DEBUG", "DJANGO_DEBUG"):
    if os.environ.get(_switch, "").lower() in {"1", "true", "yes", "on"}:
        raise ImproperlyConfigured(f"{_switch} is on. Debug pages show what nobody should see: switch it off.")
if "DEMONSTRATION_PASSWORD" in os.environ:
    raise ImproperlyConfigured("DEMONSTRATION_PASSWORD is set. There are no demonstration people in service.")

for _switch in ("BEHIND_PROXY", "INROADS_NHS_BRAND"):
    if os.environ.get(_switch, "no") not in {"yes", "no", ""}:
        raise ImproperlyConfigured(f"{_switch} is '{os.environ[_switch]}'. Set it to yes or no.")

_var = _required("INROADS_VAR", "the folder for published figures and built static files")
if not Path(_var).is_absolute():
    raise ImproperlyConfigured(
        f"INROADS_VAR is '{_var}'. Set it to a whole path that starts with /: every command must mean the same folder."
    )
CONTACT = _required("INROADS_CONTACT", "how to reach the organisation that runs this: name, phone, email, address")
GALLERY = False

SECRET_KEY = _required("SECRET_KEY", "a random text of 50 characters or more")
if SECRET_KEY.startswith("django-insecure"):
    raise ImproperlyConfigured("SECRET_KEY starts with 'django-insecure': it was made for trying things out.")
if "demonstration" in SECRET_KEY.lower() or len(SECRET_KEY) < 50 or len(set(SECRET_KEY)) < 20:
    raise ImproperlyConfigured(
        "SECRET_KEY is the demonstration's, too short or too plain. Make one: "
        'python -c "import secrets; print(secrets.token_urlsafe(64))"'
    )

_MAKE_MFA_KEY = 'python -c "from cryptography.fernet import Fernet; print(Fernet.generate_key().decode())"'
MFA_KEYS = [
    key.strip()
    for key in _required("MFA_KEYS", f"a key that encrypts second-step secrets; make one: {_MAKE_MFA_KEY}").split(",")
]
for _place, _key in enumerate(MFA_KEYS, start=1):
    try:
        Fernet(_key)
    except ValueError:
        raise ImproperlyConfigured(
            f"MFA_KEYS: key {_place} of {len(MFA_KEYS)} is not a key. Make one: {_MAKE_MFA_KEY}"
        ) from None
    if "demonstration" in _key.lower() or len(set(_key)) < 10:
        raise ImproperlyConfigured(
            f"MFA_KEYS: key {_place} of {len(MFA_KEYS)} is the demonstration's or too plain. Make one: {_MAKE_MFA_KEY}"
        )
SECOND_STEP_REQUIRED = True

_DATABASE_FORM = "postgres://user:password@host/name"
try:
    # What it says is never repeated: it holds the password.
    DATABASES = {
        "default": dj_database_url.parse(
            _required("DATABASE_URL", _DATABASE_FORM), conn_max_age=60, conn_health_checks=True
        )
    }
except (ValueError, KeyError, TypeError):
    raise ImproperlyConfigured(f"DATABASE_URL cannot be read. Set it to {_DATABASE_FORM}") from None
if DATABASES["default"].get("ENGINE") != "django.db.backends.postgresql":
    raise ImproperlyConfigured("DATABASE_URL does not name a PostgreSQL database; SQLite is for one machine.")
if not DATABASES["default"].get("NAME"):
    raise ImproperlyConfigured(f"DATABASE_URL does not name a database. Set it to {_DATABASE_FORM}")

ALLOWED_HOSTS = [name.strip() for name in _required("ALLOWED_HOSTS", "the names it answers to").split(",")]
for _name in ALLOWED_HOSTS:
    if "*" in _name or not _name.strip("."):
        raise ImproperlyConfigured(f"ALLOWED_HOSTS holds '{_name}'. Name the hosts this service answers to.")
PUBLIC_URL = _required("PUBLIC_URL", "the https address people use").rstrip("/")
try:
    _public = urlsplit(PUBLIC_URL)
    _host, _port = _public.hostname or "", _public.port
except ValueError:
    raise ImproperlyConfigured("PUBLIC_URL cannot be read. Set it to https://host") from None
if _public.scheme != "https":
    raise ImproperlyConfigured("PUBLIC_URL does not start with https://")
if not _host or "@" in _public.netloc or _public.path or _public.query or _public.fragment:
    raise ImproperlyConfigured("PUBLIC_URL is more or less than https://host: no user, no path, nothing behind it.")
if not validate_host(_host, ALLOWED_HOSTS):
    raise ImproperlyConfigured(f"PUBLIC_URL names '{_host}', which is not in ALLOWED_HOSTS. Add it there.")
CSRF_TRUSTED_ORIGINS = [PUBLIC_URL]

if INROADS_EMAIL:
    _EMAIL_FORM = "smtp://user:password@host:port?tls=yes"
    try:
        _mail = urlsplit(_required("EMAIL_URL", f"{_EMAIL_FORM}, or leave out INROADS_EMAIL"))
        EMAIL_HOST, EMAIL_PORT = _mail.hostname or "", 587 if _mail.port is None else _mail.port
        _tls = parse_qs(_mail.query).get("tls", ["yes"])
    except ValueError:
        raise ImproperlyConfigured(f"EMAIL_URL cannot be read. Set it to {_EMAIL_FORM}") from None
    if _mail.scheme != "smtp" or not EMAIL_HOST or not EMAIL_PORT or _tls not in (["yes"], ["no"]):
        raise ImproperlyConfigured(f"EMAIL_URL is not a mail server's address. Set it to {_EMAIL_FORM}")
    if "@" not in INROADS_EMAIL or not INROADS_EMAIL.isprintable():
        raise ImproperlyConfigured("INROADS_EMAIL is not an email address, like inroads@example.org")
    EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = unquote(_mail.username or ""), unquote(_mail.password or "")
    EMAIL_USE_TLS = _tls == ["yes"]
    EMAIL_TIMEOUT = 10  # seconds
    DEFAULT_FROM_EMAIL = SERVER_EMAIL = INROADS_EMAIL

POST_BACKENDS = {}
for _channel, _name, _ways in (("text", "POST_TEXTS", ("notify",)), ("email", "POST_EMAILS", ("notify", "smtp"))):
    if _way := os.environ.get(_name, "").strip():
        if _way not in _ways:
            raise ImproperlyConfigured(f"{_name} is '{_way}'. Set it to {' or '.join(_ways)}, or leave it out.")
        POST_BACKENDS[_channel] = _way
if POST_BACKENDS.get("email") == "smtp" and not INROADS_EMAIL:
    raise ImproperlyConfigured("POST_EMAILS is smtp, but INROADS_EMAIL is not set. Set it and EMAIL_URL.")
if "notify" in POST_BACKENDS.values():
    # What it says is never repeated: it holds the secret.
    NOTIFY_API_KEY = _required("NOTIFY_API_KEY", "the API key of the service, as Notify showed it")
    if re.fullmatch(r".*-[0-9a-f-]{36}-[0-9a-f-]{36}", NOTIFY_API_KEY) is None:
        raise ImproperlyConfigured("NOTIFY_API_KEY does not have the form name-service-secret that Notify shows.")
    if "text" in POST_BACKENDS:
        NOTIFY_TEXT_TEMPLATE = _required("NOTIFY_TEXT_TEMPLATE", "the id of a text template that says ((body))")
    if POST_BACKENDS.get("email") == "notify":
        NOTIFY_EMAIL_TEMPLATE = _required(
            "NOTIFY_EMAIL_TEMPLATE", "the id of an email template that says ((subject)) and ((body))"
        )
    NOTIFY_URL = os.environ.get("NOTIFY_URL", "https://api.notifications.service.gov.uk").strip()
    if not NOTIFY_URL.startswith("https://"):
        raise ImproperlyConfigured("NOTIFY_URL does not start with https://")
elif any(os.environ.get(_name) for _name in ("NOTIFY_API_KEY", "NOTIFY_TEXT_TEMPLATE", "NOTIFY_EMAIL_TEMPLATE")):
    raise ImproperlyConfigured("NOTIFY_ settings are there, but neither POST_TEXTS nor POST_EMAILS is notify.")

SESSION_COOKIE_SECURE = True
CSRF_COOKIE_SECURE = True
SESSION_COOKIE_NAME = "__Host-inroads"
CSRF_COOKIE_NAME = "__Host-inroads-csrf"
SECURE_SSL_REDIRECT = True
# Health checks come from inside, without TLS.
SECURE_REDIRECT_EXEMPT = [r"^health/"]
SECURE_HSTS_SECONDS = 31_536_000
SECURE_HSTS_INCLUDE_SUBDOMAINS = True
SECURE_HSTS_PRELOAD = True
if os.environ.get("BEHIND_PROXY", "") == "yes":
    # Only where a proxy in front sets this header itself and strips what came from outside.
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    _count = os.environ.get("PROXY_COUNT", "1").strip()
    if not (_count.isascii() and _count.isdigit() and 1 <= int(_count) <= 9):
        raise ImproperlyConfigured(
            f"PROXY_COUNT is '{_count}'. Set it to how many proxies of yours stand in front: 1 to 9."
        )
    PROXY_COUNT = int(_count)
elif "PROXY_COUNT" in os.environ:
    raise ImproperlyConfigured("PROXY_COUNT is set, but BEHIND_PROXY is not 'yes'. Set both, or neither.")
CONTENT_SECURITY_POLICY["DIRECTIVES"]["upgrade-insecure-requests"] = True

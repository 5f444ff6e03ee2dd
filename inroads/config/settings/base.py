"""What holds in every way of running. Nothing here is a secret."""

import os
from pathlib import Path

from csp.constants import NONCE, NONE, SELF

BASE_DIR = Path(__file__).resolve().parents[3]
PACKAGE_DIR = BASE_DIR / "inroads"
VAR_DIR = Path(os.environ.get("INROADS_VAR", BASE_DIR / "var")).resolve()

# Where immutable generations of published figures lie (see inroads.analytics.published).
PUBLISHED_DIR = VAR_DIR / "published"
# Tables about people without names: only counting behind the one door reads them (see inroads.analytics.extract).
EXTRACT_DIR = VAR_DIR / "extract"

DEBUG = False
DEMONSTRATION = False
DEMONSTRATION_PASSWORD = ""

# Frutiger and the NHS logo are for NHS services: each deployment decides. Neither is fetched from outside by default.
NHS_BRAND = os.environ.get("INROADS_NHS_BRAND", "") == "yes"
# Pages for people who build (the component gallery). Production switches it off.
GALLERY = True
# How to reach the organisation that runs this, in one line. Production asks for it; a demonstration is run by nobody.
CONTACT = os.environ.get("INROADS_CONTACT", "")
# Where people reach this service, for links in messages. Production asks for it.
PUBLIC_URL = os.environ.get("INROADS_PUBLIC_URL", "http://127.0.0.1:8000")
# Set to a sender address when e-mail is configured; password reset by e-mail is offered only then.
INROADS_EMAIL = os.environ.get("INROADS_EMAIL", "")

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "axes",
    "csp",
    "django_tasks",
    "django_tasks_db",
    "inroads.design",
    "inroads.reference",
    "inroads.accounts",
    "inroads.jobs",
    "inroads.post",
    "inroads.released",
    "inroads.directory",
    "inroads.learning",
    "inroads.people",
    "inroads.places",
    "inroads.systems",
    "inroads.web",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.gzip.GZipMiddleware",
    "csp.middleware.CSPMiddleware",
    "inroads.web.middleware.PermissionsPolicyMiddleware",
    "inroads.web.middleware.OneAlphabetMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    # Outside of all that may answer instead of a page, inside of what reads the session.
    "inroads.accounts.sign_in.kept_nowhere.KeptNowhereMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    # Last, as its documentation asks: it turns a lock-out into the lock-out page.
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "inroads.config.urls"
WSGI_APPLICATION = "inroads.config.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
AUTH_USER_MODEL = "accounts.User"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.jinja2.Jinja2",
        "DIRS": sorted(PACKAGE_DIR.glob("*/templates")),
        "APP_DIRS": False,
        "OPTIONS": {
            "environment": "inroads.config.jinja.environment",
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.messages.context_processors.messages",
                "inroads.web.context.every_page",
                "inroads.accounts.sign_in.passkey_address.on_every_page",
            ],
        },
    },
    # Only for what the sign-in package renders without a page of ours in front of it (e-mail texts).
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ]
        },
    },
]

# --- Who signs in -----------------------------------------------------------------------------------------------------
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = "/"
ACCOUNT_ADAPTER = "inroads.accounts.sign_in.adapter.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_PASSWORD_RESET_TOKEN_GENERATOR = "inroads.accounts.sign_in.one_time_links.OneTimeLinks"  # noqa: S105
# One-time links with which people set a password.
PASSWORD_RESET_TIMEOUT = 3 * 24 * 60 * 60
# One clear lock-out: django-axes counts wrong passwords and inroads.accounts.sign_in.lockout wrong codes, so the
# sign-in package counts neither as well. What remains is a limit on floods: a whole hospital may share one address at
# nine in the morning.
ACCOUNT_RATE_LIMITS = {"login_failed": None, "login": "120/m/ip"}
ACCOUNT_FORMS = {
    "login": "inroads.accounts.sign_in.forms.SignInForm",
    "reauthenticate": "inroads.accounts.sign_in.forms.PasswordAgainForm",
    "change_password": "inroads.accounts.sign_in.forms.ChangePasswordForm",
    "reset_password_from_key": "inroads.accounts.sign_in.forms.SetPasswordForm",
}
MFA_FORMS = {
    "authenticate": "inroads.accounts.sign_in.forms.CodeForm",
    "reauthenticate": "inroads.accounts.sign_in.forms.CodeAgainForm",
    "activate_totp": "inroads.accounts.sign_in.forms.ActivateAppForm",
    "add_webauthn": "inroads.accounts.sign_in.forms.AddPasskeyForm",
    "edit_webauthn": "inroads.accounts.sign_in.forms.RenamePasskeyForm",
    "login_webauthn": "inroads.accounts.sign_in.forms.PasskeyAloneForm",
}
# Asking for a passkey and answering with it count one each.
MFA_RATE_LIMITS = {"webauthn_login": "120/m/ip"}
MFA_ADAPTER = "inroads.accounts.sign_in.adapter.MFAAdapter"
# Addresses are vouched for by the administrator who invites; there is no e-mail to verify them with.
MFA_ALLOW_UNVERIFIED_EMAIL = True
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes", "webauthn"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_ISSUER = "Inroads"
# Keys that encrypt the secrets of second steps, newest first (see inroads.accounts.sign_in.encryption).
MFA_KEYS: list[str] = []
# Whether those who manage memberships, check the audit trail or work with people must have a second step. Production
# says yes.
SECOND_STEP_REQUIRED = False
# How many proxies of our own stand in front, each adding the address it was called from to X-Forwarded-For.
PROXY_COUNT = 0
AXES_HANDLER = "inroads.accounts.sign_in.lockout_counting.CountsFirst"
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = 0.25  # hours
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_USERNAME_CALLABLE = "inroads.accounts.sign_in.lockout.name_for_lockout"
AXES_CLIENT_IP_CALLABLE = "inroads.accounts.sign_in.lockout.network_address"
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False
# The audit trail keeps sign-ins; axes keeps only what it counts.
AXES_DISABLE_ACCESS_LOG = True
AXES_SENSITIVE_PARAMETERS = ["login", "email", "username", "password", "ip_address"]
AXES_RESET_ON_SUCCESS = True
AXES_LOCKOUT_CALLABLE = "inroads.accounts.sign_in.lockout.locked_out"
AXES_VERBOSE = False
AXES_ENABLE_ADMIN = False

# --- Sessions and security --------------------------------------------------------------------------------------------
# Messages may name a person: they end with the session, and travel in no cookie.
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = 12 * 60 * 60
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "inroads.web.views.csrf_failure"
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF, NONCE],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
        "object-src": [NONE],
    }
}
if NHS_BRAND:
    CONTENT_SECURITY_POLICY["DIRECTIVES"]["font-src"].append("https://assets.nhs.uk")

# --- Background work and the post -------------------------------------------------------------------------------------
TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}
# A worker that was killed loses its task after this time, and another takes it up (see inroads.jobs.leases).
JOBS_LEASE_SECONDS = 30
JOBS_ATTEMPTS = 5
# How long a worker waits before it looks again, where there was nothing to do.
JOBS_WAIT_SECONDS = 1.0
JOBS_KEEP_DAYS = 1
JOBS_KEEP_FAILED_DAYS = 30
# How text messages and emails leave: console, file, smtp (only emails) or notify. What is not named is not offered.
POST_BACKENDS: dict[str, str] = {}
POST_DIR = VAR_DIR / "post"
# One worker holds a message for so long while it hands it over, which is longer than a service may take to answer.
POST_HELD_SECONDS = 120
POST_TIMEOUT_SECONDS = 20
POST_EVERY_SECONDS = 60  # how often what waits is looked for; what was just written leaves at once
NOTIFY_URL = NOTIFY_API_KEY = NOTIFY_TEXT_TEMPLATE = NOTIFY_EMAIL_TEMPLATE = ""
POST_KEEP_DAYS = 30  # then what a message said, and to whom, is emptied
# Which page leads to what a message speaks of: kind of thing, name of the address, its argument or "".
POST_ABOUT = {
    "people.person": ("people:record", "person"),
    "directory.touchpoint": ("directory:touchpoint", "touchpoint"),
    "learning.trustedapp": ("learning:reviewing", ""),
}

# --- Language, time, files --------------------------------------------------------------------------------------------
LANGUAGE_CODE = "en-gb"
TIME_ZONE = "Europe/London"
USE_TZ = True
STATIC_URL = "/static/"
STATIC_ROOT = VAR_DIR / "static"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}


def sqlite(path: Path) -> dict:
    """The embedded database. FULL: an acknowledged answer survives a power cut, at some cost in writes."""
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": path,
        "OPTIONS": {
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;",
        },
    }


# Used codes and floods are counted here, so every process has to see the same. With fewer entries than this nothing is
# thrown away before its time. Its table is made by `createcachetable`.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "short_memory",
        "OPTIONS": {"MAX_ENTRIES": 20_000},
    }
}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "handlers": {"console": {"class": "logging.StreamHandler"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
}

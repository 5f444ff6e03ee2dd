"""`make test`: as the demonstration, with quick passwords and files of its own."""

import os
import tempfile
from pathlib import Path

import dj_database_url

from inroads.config.settings.demonstration import *

# One folder a process: parallel tests never meet in one file.
VAR_DIR = Path(tempfile.mkdtemp(prefix="inroads-test-"))
PUBLISHED_DIR = VAR_DIR / "published"
EXTRACT_DIR = VAR_DIR / "extract"
POST_DIR = VAR_DIR / "post"
DATABASES = {"default": sqlite(VAR_DIR / "inroads.sqlite3")}
DATABASES["default"]["TEST"] = {"NAME": VAR_DIR / "test.sqlite3"}
if "INROADS_TEST_DATABASE_URL" in os.environ:
    # The same tests on PostgreSQL: INROADS_TEST_DATABASE_URL=postgres://user:password@host/name make test
    DATABASES = {"default": dj_database_url.parse(os.environ["INROADS_TEST_DATABASE_URL"])}
STATIC_ROOT = VAR_DIR / "static"
STORAGES = {
    **STORAGES,
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = True
ALLOWED_HOSTS = [*ALLOWED_HOSTS, "testserver"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"

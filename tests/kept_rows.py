"""Rows that all tests of a file begin with: made once, as making them takes longer than most tests."""

import copy

import pytest
from django.db import transaction
from django.test import override_settings


@pytest.fixture(scope="module")
def rows_for_all(django_db_setup, django_db_blocker, embedded_store):
    """What fixtures of a whole file keep in the database is there in each of its tests, and is taken back at the end.

    Every test has a transaction of its own inside this one: what it changes, the next does not see. Objects stay as a
    test leaves them, so hand out `afresh(objects)`.
    """
    around = transaction.atomic()
    # As Django's own tests do: what insists on being the outermost transaction may still be called.
    around._from_testcase = True
    with django_db_blocker.unblock(), override_settings(PUBLISHED_DIR=embedded_store), around:
        yield
        transaction.set_rollback(True)


def afresh(objects):
    """A copy of these objects, so that what a test sets on them is not there for the next."""
    return copy.deepcopy(objects)

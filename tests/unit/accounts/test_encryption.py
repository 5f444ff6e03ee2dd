"""Secrets of the second step in the database: encrypted, readable with older keys, and never in the clear."""

import json
from datetime import datetime

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from cryptography.fernet import Fernet
from django.contrib.sessions.models import Session
from django.core.exceptions import ImproperlyConfigured
from django.db import connection

from inroads.accounts.sign_in import encryption

ADD_APP = "/accounts/second-step/app/add/"


def everything_stored():
    """All that the database holds, as one text; what sessions pack is unpacked."""
    with connection.cursor() as cursor:
        found = [each.get_decoded() for each in Session.objects.all()]
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")
            found += cursor.fetchall()
    return json.dumps(found, default=lambda value: value.isoformat() if isinstance(value, datetime) else str(value))


def test_no_secret_of_an_app_or_of_recovery_codes_is_stored_in_the_clear(client, places, somebody, password, clock):
    person = somebody("place_lead", places.place)
    client.force_login(person, backend="allauth.account.auth_backends.AuthenticationBackend")
    client.post("/accounts/confirm/", {"password": password})
    client.get(ADD_APP)
    secret = client.session["mfa.totp.secret"]
    client.post(ADD_APP, {"code": clock.code(secret)})
    kept = {each.type: each for each in Authenticator.objects.filter(user=person)}
    assert set(kept) == {"totp", "recovery_codes"}

    stored = everything_stored()
    assert person.email in stored, "the whole database was read"
    seed = encryption.decrypt(kept["recovery_codes"].data["seed"])
    codes = kept["recovery_codes"].wrap().generate_codes()
    assert len(codes) == 10
    for plain in (secret, seed, *codes):
        assert plain not in stored
    assert encryption.decrypt(kept["totp"].data["secret"]) == secret


def test_the_same_text_is_encrypted_differently_each_time():
    first, second = encryption.encrypt("ABCDEF"), encryption.encrypt("ABCDEF")
    assert first != second
    assert (encryption.decrypt(first), encryption.decrypt(second)) == ("ABCDEF", "ABCDEF")


def test_a_new_key_in_front_still_reads_what_the_old_one_wrote(settings):
    old, new = Fernet.generate_key().decode(), Fernet.generate_key().decode()
    settings.MFA_KEYS = [old]
    written = encryption.encrypt("ABCDEF")
    settings.MFA_KEYS = [new, old]
    assert encryption.decrypt(written) == "ABCDEF"
    rewritten = encryption.encrypt("ABCDEF")
    settings.MFA_KEYS = [new]
    assert encryption.decrypt(rewritten) == "ABCDEF"
    with pytest.raises(ImproperlyConfigured, match="none of these keys opens"):
        encryption.decrypt(written)


@pytest.mark.parametrize("stored", ["ABCDEF", "", "gAAAAAB"])
def test_what_was_never_encrypted_or_was_changed_is_not_taken_for_a_secret(stored):
    with pytest.raises(ImproperlyConfigured, match="none of these keys opens"):
        encryption.decrypt(stored)


def test_no_key_at_all_is_said_with_what_to_do(settings):
    settings.MFA_KEYS = []
    with pytest.raises(ImproperlyConfigured, match=r"MFA_KEYS is empty. Make a key"):
        encryption.encrypt("ABCDEF")


def test_recovery_codes_work_through_the_encryption(places, somebody):
    person = somebody("place_lead", places.place)
    made = RecoveryCodes.activate(person)
    code = made.get_unused_codes()[0]
    assert made.validate_code(code)
    assert not made.validate_code(code)

"""Secrets of the second step are encrypted where they are kept: a copy of the database alone opens no account.

`settings.MFA_KEYS` lists Fernet keys. The first encrypts; all of them decrypt, so that a new key can be put in front of
the one it replaces.
"""

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

MAKE_ONE = 'python -c "from cryptography.fernet import Fernet; print(Fernet.generate_key().decode())"'


def encrypt(text: str) -> str:
    """The text as only a holder of the first key can read it."""
    return _keys().encrypt(text.encode()).decode()


def decrypt(encrypted_text: str) -> str:
    """What `encrypt` was given. Raises `ImproperlyConfigured` where no key fits: a key was lost, or was never ours."""
    try:
        return _keys().decrypt(encrypted_text.encode()).decode()
    except InvalidToken as error:
        raise ImproperlyConfigured(
            "MFA_KEYS: none of these keys opens a stored secret of somebody's second step. Add the key it was "
            "encrypted with after the newest one; if that key is lost, an administrator has to remove the second step"
        ) from error


def _keys() -> MultiFernet:
    if not settings.MFA_KEYS:
        raise ImproperlyConfigured(f"MFA_KEYS is empty. Make a key with: {MAKE_ONE}")
    return MultiFernet([Fernet(key) for key in settings.MFA_KEYS])

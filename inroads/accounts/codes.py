"""Codes that are read aloud and copied by hand, and open one thing without an account."""

import hmac
from hashlib import sha256

from django.conf import settings
from django.utils.crypto import salted_hmac

# Letters and digits that nobody confuses when they read them aloud or copy them by hand.
CODE_LETTERS = "ABCDEFGHJKMNPQRSTVWXYZ23456789"
OPENS = 16


def check_letter(body: str) -> str:
    """The letter that ends a code: with it, one wrong letter is always found and a swap of neighbours nearly always.

    Luhn's formula modulo the number of letters (ISO/IEC 7812-1 has it for digits).
    """
    size, total = len(CODE_LETTERS), 0
    for place, letter in enumerate(reversed(body)):
        value = CODE_LETTERS.index(letter) * (2 if place % 2 == 0 else 1)
        total += value // size + value % size
    return CODE_LETTERS[-total % size]


def opening_code(purpose: str, about: str) -> str:
    """The code that opens one thing: made from the secret key, so that it can be written again and is kept nowhere.

    Fifteen letters of 30 and a check letter: nobody guesses one. `about` is whatever it opens, such as an id.
    """
    key = f"{settings.SECRET_KEY}:{purpose}".encode()
    number = int.from_bytes(hmac.digest(key, about.encode(), sha256))
    letters = ""
    for _ in range(OPENS - 1):
        number, at = divmod(number, len(CODE_LETTERS))
        letters += CODE_LETTERS[at]
    return letters + check_letter(letters)


def hash_of(code: str) -> str:
    """What is kept of a code, by which it is found."""
    return salted_hmac("inroads.accounts.codes", code, algorithm="sha256").hexdigest()


def as_written(code: str) -> str:
    """In four groups, as it is read aloud and copied from a letter."""
    return "-".join(code[at : at + 4] for at in range(0, OPENS, 4))


def as_kept(typed: str) -> str:
    """A code without its dashes, in capitals; "" where it cannot be one."""
    code = "".join(letter for letter in typed.upper() if letter.isalnum())
    if len(code) != OPENS or any(letter not in CODE_LETTERS for letter in code):
        return ""
    return code if check_letter(code[:-1]) == code[-1] else ""

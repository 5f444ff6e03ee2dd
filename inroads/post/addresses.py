"""Whether something can be written to: phone numbers, email addresses, lines of an envelope, and how long a text is."""

import re
import textwrap

from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from inroads.accounts.actions import Refused
from inroads.post.models import Channel

PHONE_SIGNS = re.compile(r"[\s().‐‑–-]+")
# As many as the window of an envelope shows (design/styles/print_documents.css).
LONGEST_LINE, MOST_LINES = 40, 7
# Letters of a text message that need one place each, and those that need two (GSM 03.38).
ONE_PLACE = set(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿"
    "abcdefghijklmnopqrstuvwxyzäöñüà"
)
TWO_PLACES = set("^{}\\[~]|€\f")
JOINERS = "\u200c\u200d"
MOST_PARTS = 4
# Signs that a text message is dearer for, and those that say the same. GOV.UK Notify does this as well.
PLAINER = str.maketrans(
    {"“": '"', "”": '"', "„": '"', "‘": "'", "’": "'", "–": "-", "—": "-", "…": "...", "\u00a0": " ", "\u200b": ""}
)


def address_or_refuse(channel: str, to: str) -> str:
    """The address as it is kept. Raises `Refused` with what to enter instead."""
    check = {Channel.TEXT: _phone, Channel.EMAIL: _email, Channel.LETTER: _envelope}[Channel(channel)]
    return check(to)


def _phone(to: str) -> str:
    digits = PHONE_SIGNS.sub("", to.strip())
    if digits.startswith("00"):
        digits = "+" + digits[2:]
    if re.fullmatch(r"07[1-9][0-9]{8}", digits):
        return "+44" + digits[1:]
    if re.fullmatch(r"\+447[1-9][0-9]{8}", digits):
        return digits
    if digits.startswith(("0", "+44")) or not re.fullmatch(r"\+[1-9][0-9]{7,14}", digits):
        raise Refused(
            "Enter a mobile number, like 07700 900 982. Outside the UK it starts with + and the code of the country",
            field="to",
        )
    return digits


def _email(to: str) -> str:
    kept = to.strip()
    try:
        validate_email(kept)
    except ValidationError:
        raise Refused("Enter an email address in the form name@example.com", field="to") from None
    return kept


def _envelope(to: str) -> str:
    lines = [" ".join(line.split()) for line in to.replace("\r\n", "\n").replace("\r", "\n").split("\n")]
    # What no printer prints is left out, but for the joiners that names in Persian or Hindi are written with.
    lines = ["".join(each for each in line if each.isprintable() or each in JOINERS).strip() for line in lines]
    lines = [line for line in lines if line]
    if not lines or not any(letter.isalpha() for letter in lines[0]):
        raise Refused("Enter the name of the person on the first line, and the address below it", field="to")
    if any(len(word) > LONGEST_LINE for line in lines for word in line.split()):
        raise Refused(f"A line on an envelope has at most {LONGEST_LINE} letters. Go on in the next line", field="to")
    lines = [part for line in lines for part in textwrap.wrap(line, LONGEST_LINE, break_on_hyphens=False)]
    if len(lines) > MOST_LINES:
        raise Refused(
            f"An envelope shows {MOST_LINES} lines of {LONGEST_LINE} letters. Take some out, or say it shorter",
            field="to",
        )
    return "\n".join(lines)


def plainer(body: str) -> str:
    """A text message in signs that phones have room for: straight quotes, plain dashes."""
    return body.translate(PLAINER)


def parts(body: str) -> int:
    """As how many text messages this is paid for: 160 or 153 plain letters in each, 70 or 67 of any others."""
    if all(letter in ONE_PLACE or letter in TWO_PLACES for letter in body):
        places, alone, joined = sum(1 + (letter in TWO_PLACES) for letter in body), 160, 153
    else:
        places, alone, joined = len(body.encode("utf-16-le")) // 2, 70, 67
    return 1 if places <= alone else -(-places // joined)

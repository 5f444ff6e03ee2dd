"""Single values of a feed, put into a form that the directory can hold; what cannot be read is None or ""."""

import math
import re
from collections.abc import Iterator
from datetime import date, datetime, time
from functools import cache
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import EmailValidator, URLValidator
from pyproj import Transformer

from inroads.interop.open_referral.text import one_line, plain

POSTCODE = re.compile(r"([A-Z]{1,2}\d[A-Z\d]?) ?(\d[A-Z]{2})")
GREAT_BRITAIN = (-8.7, 49.8, 1.8, 60.9)  # west, south, east, north in degrees
CLOCK = re.compile(r"([01]?\d|2[0-4])(?:[:.]?([0-5]\d))?(?:[:.]\d\d(?:\.\d+)?)?\s*(am|pm)?(?:z|[+-]\d\d:?\d\d)?", re.I)
OLDEST_DAY, LATEST_YEAR = date(1900, 1, 1), 2200
LONGEST_AGE = 130
_is_web = URLValidator(schemes=["http", "https"])
_is_email = EmailValidator()


def text_of(value: Any) -> str:
    """Text as it stands; numbers as text; anything else is nothing."""
    if isinstance(value, str):
        return value
    return str(value) if isinstance(value, int | float) and not isinstance(value, bool) else ""


def line_of(value: Any) -> str:
    """One line of plain text."""
    return one_line(text_of(value))


def words_of(value: Any) -> str:
    """Plain text in paragraphs."""
    return plain(text_of(value))


def cut(text: str, most: int) -> str:
    """Not longer than a column holds, ended at a word where one ends near."""
    if len(text) <= most:
        return text
    short = text[: most - 1]
    space = short.rfind(" ")
    return f"{short[:space] if space > most * 0.8 else short}…"


def things(value: Any) -> Iterator[dict[str, Any]]:
    """The objects of a list, or one object that stands where a list was expected."""
    if isinstance(value, dict):
        yield value
    elif isinstance(value, list):
        yield from (each for each in value[:1000] if isinstance(each, dict))


def thing(value: Any) -> dict[str, Any]:
    """An object, or the first one of a list; empty where there is none."""
    return next(things(value), {})


def web(value: Any) -> str:
    """A web address that can be opened, or ""."""
    written = "".join(line_of(value).split())
    if not written or len(written) > 490:
        return ""
    if not re.match(r"https?://", written, re.I):
        written = "https://" + re.sub(r"^(https?)?:?/*(?=\S)", "", written, flags=re.I)
    scheme, rest = written.split("://", 1)
    written = f"{scheme.lower()}://{rest}"
    try:
        _is_web(written)
    except (ValidationError, ValueError):
        return ""
    return written


def email(value: Any) -> str:
    """An e-mail address, or ""."""
    written = line_of(value).removeprefix("mailto:").strip()
    try:
        if written and len(written) <= 254:
            _is_email(written)
            return written
    except ValidationError:
        pass
    return ""


def phone(value: Any) -> str:
    """A phone number with what is said about it, or "" where there are no digits."""
    written = line_of(value)
    return written[:60] if sum(char.isdigit() for char in written) >= 3 else ""


def day(value: Any) -> date | None:
    """A day, from a date or a date with a time, as 2024-12-31 or 31/12/2024."""
    written = line_of(value)
    for form, length in (("%Y-%m-%d", 10), ("%d/%m/%Y", 10), ("%Y%m%d", 8)):
        try:
            found = datetime.strptime(written[:length], form).date()
        except ValueError:
            continue
        return found if found >= OLDEST_DAY and found.year <= LATEST_YEAR else None
    return None


def clock(value: Any) -> time | None:
    """A time of day; midnight at the end of a day is its last minute."""
    found = CLOCK.fullmatch(line_of(value).replace("T", "", 1) if text_of(value).startswith("T") else line_of(value))
    if found is None:
        return None
    hour, minute, half = int(found[1]), int(found[2] or 0), (found[3] or "").lower()
    if half:
        if not 1 <= hour <= 12:
            return None
        hour = hour % 12 + (12 if half == "pm" else 0)
    if hour == 24:
        return time(23, 59) if minute == 0 else None
    return time(hour, minute)


def whole(value: Any, most: int) -> int | None:
    """A whole number from 0 to `most`."""
    if isinstance(value, bool):
        return None
    try:
        number = float(value)
    except (TypeError, ValueError, OverflowError):
        return None
    return int(number) if math.isfinite(number) and 0 <= number <= most else None


def postcode(value: Any) -> str:
    """A postcode in capitals with its space, or ""."""
    found = POSTCODE.fullmatch(line_of(value).upper())
    return f"{found[1]} {found[2]}" if found else ""


def on_grid(latitude: Any, longitude: Any) -> tuple[float, float] | None:
    """Easting and northing of degrees within Great Britain, else None."""
    try:
        south, east = float(latitude), float(longitude)
    except (TypeError, ValueError, OverflowError):
        return None
    low_east, low_south, high_east, high_south = GREAT_BRITAIN
    if isinstance(latitude, bool) or not (low_east <= east <= high_east and low_south <= south <= high_south):
        return None
    easting, northing = _grid().transform(east, south)
    return (round(easting, 1), round(northing, 1)) if math.isfinite(easting) and math.isfinite(northing) else None


@cache
def _grid() -> Transformer:
    return Transformer.from_crs(4326, 27700, always_xy=True)

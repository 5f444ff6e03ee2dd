"""What is asked for in the address. What cannot be understood is answered with a sentence, never guessed."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime, time
from uuid import UUID

from django.http import QueryDict
from django.utils.dateparse import parse_date, parse_datetime

MOST_A_PAGE, USUAL_PAGE, LAST_PAGE = 500, 50, 1_000_000
MOST_WORDS, LONGEST = 8, 200
FARTHEST = 200_000.0
YES, NO = {"true", "1", "yes", ""}, {"false", "0", "no"}
FORMATS = ("json", "ndjson")


class Wrong(ValueError):  # noqa: N818 - said as it is raised
    """A parameter that cannot be understood: the sentence says what was expected."""


@dataclass(frozen=True)
class Asked:
    """Reads one request's parameters; each raises `Wrong`."""

    given: QueryDict

    def text(self, name: str) -> str:
        """As it stands, without what no database takes."""
        value = self.given.get(name, "")
        if len(value) > LONGEST or any(ord(char) < 32 or 0xD800 <= ord(char) < 0xE000 for char in value):
            raise Wrong(f"{name}: expected at most {LONGEST} printable characters.")
        return value.strip()

    def words(self) -> list[str]:
        """The words of `search`."""
        words = self.text("search").split()
        if len(words) > MOST_WORDS:
            raise Wrong(f"search: expected at most {MOST_WORDS} words.")
        return words

    def number(self, name: str, usual: int, most: int) -> int:
        """A whole number from 1 on."""
        written = self.text(name)
        if not written:
            return usual
        if not re.fullmatch(r"\d{1,9}", written, re.ASCII) or not 1 <= int(written) <= most:
            raise Wrong(f"{name}: expected a whole number from 1 to {most:,}.")
        return int(written)

    def page(self) -> int:
        """Which page, from 1."""
        return self.number("page", 1, LAST_PAGE)

    def per_page(self, usual: int = USUAL_PAGE) -> int:
        """How many on a page."""
        return self.number("per_page", usual, MOST_A_PAGE)

    def yes(self, name: str) -> bool:
        """Whether this was asked for."""
        if name not in self.given:
            return False
        written = self.text(name).lower()
        if written not in YES | NO:
            raise Wrong(f"{name}: expected true or false.")
        return written in YES

    def id(self, name: str) -> UUID | None:
        """A UUID, or None where none is asked for."""
        written = self.text(name)
        if not written:
            return None
        try:
            return UUID(written)
        except ValueError:
            raise Wrong(f"{name}: expected a UUID.") from None

    def moment(self, name: str) -> datetime | None:
        """A moment, or the beginning of a day; in UTC where no zone is named."""
        # A plus sign in an address is read as a space.
        written = re.sub(r" (?=\d\d:?\d\d$)", "+", self.text(name))
        if not written:
            return None
        try:
            found = parse_datetime(written)
            if found is None and (day := parse_date(written)) is not None:
                found = datetime.combine(day, time.min)
            if found is not None:
                return (found.replace(tzinfo=UTC) if found.tzinfo is None else found).astimezone(UTC)
        except (ValueError, OverflowError):
            pass
        raise Wrong(f"{name}: expected a date and time, like 2026-11-25T09:30:00Z.")

    def metres(self, name: str) -> float | None:
        """A distance."""
        written = self.text(name)
        if not written:
            return None
        if not re.fullmatch(r"\d{1,7}(\.\d{1,6})?", written, re.ASCII) or not 0 < float(written) <= FARTHEST:
            raise Wrong(f"{name}: expected metres, more than 0 and at most {FARTHEST:,.0f}.")
        return float(written)

    def lines(self) -> bool:
        """Whether one object a line was asked for, without pages."""
        written = self.text("format").lower() or "json"
        if written not in FORMATS:
            raise Wrong("format: expected json or ndjson.")
        return written == "ndjson"

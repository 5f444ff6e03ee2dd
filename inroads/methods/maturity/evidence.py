"""What is laid beside a criterion: evidence, and claims."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal, get_args

from inroads.methods.maturity.criteria import Criterion, Element

Voice = Literal["organisation", "record", "people"]
"""Who speaks: the organisation about itself, a record of what was done, or people about what happened to them."""

NEARNESS: dict[Voice, int] = {"organisation": 0, "record": 1, "people": 2}
"""How near a voice is to what people experience. What one voice denies, only itself or a nearer one can set right."""


@dataclass(frozen=True)
class Evidence:
    """One piece of evidence about one element.

    element
        The code of the element it is about.
    kind
        What it is; it can show the element only if it is one of the element's kinds. Any kind can contradict.
    dated
        The day it speaks of; None where it is not known. Undated evidence counts for nothing, either way.
    expires
        The first day on which it no longer shows anything, or for how many days from its date it does.
    voice
        Whose voice it is: `"organisation"`, `"record"` or `"people"`.
    supports
        False where it says that the element is not so.
    reference
        Where it is kept, for those who follow it; of no other use here.
    """

    element: str
    kind: str
    dated: date | None
    expires: date | int
    voice: Voice
    supports: bool = True
    reference: str = ""

    def __post_init__(self) -> None:
        """Raises `ValueError` naming the field."""
        if self.voice not in get_args(Voice):
            raise ValueError(f"voice: expected one of {', '.join(get_args(Voice))}, found {self.voice!r}")
        if not (self.dated is None or _is_day(self.dated)):
            raise ValueError(f"dated: expected a date, or None where it is not known, found {self.dated!r}")
        days = isinstance(self.expires, int) and not isinstance(self.expires, bool) and self.expires >= 0
        if not (days or _is_day(self.expires)):
            raise ValueError(f"expires: expected a date or a number of days, 0 or more, found {self.expires!r}")

    def said_by(self, on: date) -> bool:
        """Whether it had been said by that day."""
        return self.dated is not None and self.dated <= on

    def fresh(self, on: date) -> bool:
        """Whether it had been said by that day and has not expired."""
        return self.said_by(on) and self._counts_until(on)

    def shows(self, element: Element, on: date) -> bool:
        """Whether it shows this element on that day."""
        if not self.supports or self.element != element.code or self.kind not in element.kinds:
            return False
        return self.fresh(on) and (self.voice == "people" or not element.from_people)

    def _counts_until(self, on: date) -> bool:
        if isinstance(self.expires, date):
            return on < self.expires
        return self.dated is not None and on - self.dated < timedelta(days=self.expires)


@dataclass(frozen=True)
class Claim:
    """Somebody says that a level is reached.

    `level` from 0, `by` who says so, `dated` when (None where it is not known, which comes before any date).
    """

    level: int
    by: str
    dated: date | None = None

    def __post_init__(self) -> None:
        """Raises `ValueError` naming the field."""
        if isinstance(self.level, bool) or not isinstance(self.level, int) or self.level < 0:
            raise ValueError(f"level: expected a whole number of 0 or more, found {self.level!r}")
        if not (self.dated is None or _is_day(self.dated)):
            raise ValueError(f"dated: expected a date, or None where it is not known, found {self.dated!r}")


def parted(given: Iterable[Evidence | Claim], criterion: Criterion) -> tuple[list[Evidence], list[Claim]]:
    """Evidence and claims apart. Raises `ValueError` naming the row that does not belong to the criterion."""
    codes = criterion.elements()
    pieces: list[Evidence] = []
    claims: list[Claim] = []
    for row, piece in enumerate(given):
        if isinstance(piece, Claim):
            if piece.level > criterion.top:
                raise ValueError(
                    f"evidence: row {row} (counting from 0) claims level {piece.level}; "
                    f"{criterion.code!r} goes up to {criterion.top}"
                )
            claims.append(piece)
        elif not isinstance(piece, Evidence):
            raise ValueError(f"evidence: row {row} (counting from 0) is {piece!r}; give Evidence or a Claim")
        elif piece.element not in codes:
            raise ValueError(
                f"evidence: row {row} (counting from 0) is about {piece.element!r}, which is no element of "
                f"{criterion.code!r}"
            )
        else:
            pieces.append(piece)
    return pieces, claims


def _is_day(given: object) -> bool:
    return type(given) is date

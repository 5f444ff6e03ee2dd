"""Shapes of the definitions about published figures: sources, indicators, groups and embedded tables."""

import re
from dataclasses import dataclass, field
from typing import ClassVar, Literal

Geography = Literal["", "lsoa11", "lsoa21", "msoa11", "icb22", "icb24", "ltla24", "sicbl22"]


@dataclass(frozen=True)
class Numbers:
    """Columns that hold numbers from `low` to `high`, both included."""

    columns: tuple[str, ...]
    low: float | None = None
    high: float | None = None
    whole: bool = False
    gaps: bool = False  # empty cells and suppression marks are allowed and stay unknown


@dataclass(frozen=True)
class Total:
    """A column that is the sum of others, give or take `tolerance`."""

    column: str
    parts: tuple[str, ...]
    tolerance: float = 0.0


@dataclass(frozen=True)
class Source:
    """One published file: who made it, how it is recognised and what must hold in it.

    `columns` must all be present (under their own name or an alias) for a file to be recognised; those of `optional`
    are read as text where a file has them. In a `table` any further columns are left out; in a `long` table they are
    joined into one column `category`. `several` says that files for different places may lie side by side.
    `inputs` are the first and last year of what went into the figures, where that is not the `year` itself.
    `codes` says of further columns that hold codes what kind they are (`interop/open_data/codes.py` has the kinds), and
    `nations` which nations the codes of a file are of, by their first letters.
    """

    KIND: ClassVar[str] = "sources"

    id: str
    title: str
    publisher: str
    year: str
    vintage: str
    licence: str
    attribution: str
    origin: str
    columns: tuple[str, ...]
    optional: tuple[str, ...] = ()
    format: Literal["table", "long", "boundaries"] = "table"
    key: tuple[str, ...] = ()
    geography: Geography = ""
    rows: int | None = None
    several: bool = False
    numbers: tuple[Numbers, ...] = ()
    totals: tuple[Total, ...] = ()
    aliases: dict[str, str] = field(default_factory=dict)
    caveat: str = ""
    inputs: tuple[int, ...] = ()
    codes: dict[str, str] = field(default_factory=dict)
    nations: tuple[str, ...] = ("E",)

    @property
    def years(self) -> tuple[int, int]:
        """First and last year that the figures speak of. Raises `ValueError` where no year is given."""
        found = self.inputs or tuple(int(each) for each in re.findall(r"\b(?:19|20)\d\d\b", self.year))
        return min(found), max(found)

    def __post_init__(self) -> None:
        known = set(self.columns)
        named = [*self.key, *(name for numbers in self.numbers for name in numbers.columns)]
        named += [name for total in self.totals for name in (total.column, *total.parts)]
        named += [*self.aliases.values(), *self.codes]
        for name in named:
            if name not in known and not (self.format == "long" and name == "category"):
                raise ValueError(f"column '{name}' is used but not listed in 'columns'")


@dataclass(frozen=True)
class Indicator:
    """One figure per neighbourhood: a column as published, or the share of `numerator` in `denominator`."""

    KIND: ClassVar[str] = "indicators"

    id: str
    title: str
    plain: str
    unit: Literal["score", "score 0 to 10", "percent", "decile", "rank"]
    direction: int
    decimals: int
    source: str
    caveat: str
    column: str = ""
    multiply: float = 1.0
    numerator: tuple[str, ...] = ()
    denominator: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if self.direction not in (-1, 1):
            raise ValueError("field 'direction' is 1 (high means more risk) or -1 (high means less risk)")
        if bool(self.column) == bool(self.numerator and self.denominator):
            raise ValueError("give either 'column', or both 'numerator' and 'denominator'")


@dataclass(frozen=True)
class Group:
    """A group of people or households counted in every neighbourhood: sum of `columns`, out of the sum of `base`."""

    KIND: ClassVar[str] = "groups"

    id: str
    title: str
    plain: str
    counts: Literal["people", "households"]
    source: str
    columns: tuple[str, ...]
    base: tuple[str, ...]


@dataclass(frozen=True)
class TableColumn:
    """Where one column of an embedded table comes from."""

    source: str
    derived: str


@dataclass(frozen=True)
class FigureTable:
    """A small embedded table of published figures, kept as a CSV file beside its definition."""

    KIND: ClassVar[str] = "figures"

    id: str
    title: str
    columns: dict[str, TableColumn]
    note: str = ""


@dataclass(frozen=True)
class OrganisationTable(FigureTable):
    """An embedded table of organisations, in the same form as a table of figures."""

    KIND: ClassVar[str] = "organisations"

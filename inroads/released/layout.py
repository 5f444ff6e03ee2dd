"""How cells of people stand in released tables: neighbourhoods and groups, each split into four kinds of people.

`digital`: all that they said came through a digital channel; `met`: somebody met or rang them, or they wrote on paper.
`found`: counted by the measure; `other`: asked, and not counted by it.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from inroads.analytics.published import Published

MEASURE = "left_out"
"""What is counted: a file of `definitions/measures/`."""

CELLS = ("digital_found", "digital_other", "met_found", "met_other")
GROUP_CELLS = ("in_found", "in_other")
STATES = ("hard", "not_hard", "not_known")
"""What somebody says of a barrier, in tables of two barriers."""
ELSEWHERE = ""
"""The code under which people stand whose neighbourhood is not known, or lies outside the system."""


@dataclass(frozen=True, eq=False)
class Layout:
    """The neighbourhoods of a system by local authority, people from elsewhere last.

    `codes`, `authority` (Z + 1,) of each; `authorities` (L + 1,) once each; `row`, `column` (Z + 1,): where each stands
    in a table of authorities by neighbourhoods; `width`: how many neighbourhoods the largest authority has.
    """

    codes: NDArray[np.str_]
    authority: NDArray[np.str_]
    authorities: NDArray[np.str_]
    row: NDArray[np.int64]
    column: NDArray[np.int64]
    width: int

    def ragged(self, values: NDArray) -> NDArray:
        """(Z + 1, k) as (L + 1, width × k), with zeros where an authority has fewer neighbourhoods."""
        spread = np.zeros((len(self.authorities), self.width, values.shape[1]), dtype=values.dtype)
        spread[self.row, self.column] = values
        return spread.reshape(len(self.authorities), -1)

    def unragged(self, values: NDArray, k: int) -> NDArray:
        """The way back: (L + 1, width × k) as (Z + 1, k)."""
        return values.reshape(len(self.authorities), self.width, k)[self.row, self.column]


def layout_of(published: Published, area_code: str) -> Layout:
    """The layout of the system that covers an area; one place, "elsewhere", where the area is not held."""
    places = published.neighbourhoods
    rows = places.rows(area_code)
    authority = places.local_authority[rows]
    order = np.lexsort((places.code[rows], authority))
    codes = np.append(places.code[rows][order], ELSEWHERE)
    held = np.append(authority[order], ELSEWHERE)
    names = np.append(np.unique(authority), ELSEWHERE)
    where = {name: number for number, name in enumerate(names.tolist())}
    row = np.array([where[name] for name in held.tolist()], dtype=np.int64)
    column = np.zeros(len(codes), dtype=np.int64)
    for number in range(len(names)):
        inside = row == number
        column[inside] = np.arange(inside.sum())
    return Layout(codes, held, names, row, column, int(column.max()) + 1)

"""An index: which published figures go into it, and how much each counts unless the reader says otherwise."""

from dataclasses import dataclass
from typing import ClassVar


@dataclass(frozen=True)
class Part:
    """One figure in an index. `weight` 0: offered to the reader, not in the index as published."""

    indicator: str
    weight: float

    def __post_init__(self) -> None:
        if not 0 <= self.weight <= 10:
            raise ValueError(f"weight {self.weight:g} of '{self.indicator}' is not between 0 and 10")


@dataclass(frozen=True)
class Index:
    """`parts` in the order in which a reader meets them.

    `source` is whose index it is, and `score` the indicator that holds it as published.
    """

    KIND: ClassVar[str] = "indices"

    id: str
    title: str
    plain: str
    source: str
    score: str
    why: str
    parts: tuple[Part, ...]

    def __post_init__(self) -> None:
        if not any(part.weight > 0 for part in self.parts):
            raise ValueError("no part has any weight")

    @property
    def weights(self) -> tuple[float, ...]:
        """The weights as published, in the order of the parts."""
        return tuple(part.weight for part in self.parts)

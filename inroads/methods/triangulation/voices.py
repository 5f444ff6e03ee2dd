"""One voice: how many of those who answered say that something is so."""

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Voice:
    """A share of those who answered.

    name
        Who speaks, such as "returns" or "staff survey".
    share
        The share, 0 to 1, who say that it is so. All voices of one comparison answer the same question: where a source
        gives the share who say it is *not* so or do not know, take 1 less that.
    n
        How many answered, above 0; need not be whole. For a weighted or clustered survey the effective number
        (`weighting.estimate(...).effective_n`).
    """

    name: str
    share: float
    n: float

    def __post_init__(self) -> None:
        """Raises `ValueError` naming the voice and the field."""
        if not _is_number(self.share) or not 0 <= self.share <= 1:
            raise ValueError(f"share: voice {self.name!r} has {self.share!r}; give a share from 0 to 1")
        if not _is_number(self.n) or not 0 < self.n < np.inf:
            raise ValueError(f"n: voice {self.name!r} has {self.n!r}; give how many answered, more than 0")

    @classmethod
    def counted(cls, name: str, count: float, n: float) -> "Voice":
        """The voice of `count` out of `n` who answered. Raises `ValueError` naming the voice and the field."""
        if not _is_number(n) or not 0 < n < np.inf:
            raise ValueError(f"n: voice {name!r} has {n!r}; give how many answered, more than 0")
        if not _is_number(count) or not 0 <= count <= n:
            raise ValueError(f"count: voice {name!r} has {count!r}; give a number from 0 to {n:g}")
        return cls(name, count / n, n)


def voice_of(given: object, name: str) -> Voice:
    """`given`, if it is a voice. Raises `ValueError` naming the argument."""
    if not isinstance(given, Voice):
        raise ValueError(f"{name}: expected a Voice, found {given!r}")
    return given


def _is_number(given: object) -> bool:
    return isinstance(given, int | float | np.number) and not isinstance(given, bool)

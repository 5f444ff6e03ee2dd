"""Published figures of several voices on one statement, to be set side by side."""

from dataclasses import dataclass
from typing import ClassVar, Literal


@dataclass(frozen=True)
class PublishedVoice:
    """A published share: `percent` of `n` who were asked say that the statement is so.

    `n_assumed`: how many were asked is not published, and `n` is the most it can be. `asked` says what was asked, how,
    and what is not known of it.
    """

    speaks: Literal["leaders", "staff", "people", "voluntary", "records"]
    name: str
    percent: float
    n: int
    asked: str
    source: str
    claim: bool = False
    n_assumed: bool = False

    def __post_init__(self) -> None:
        if not 0 <= self.percent <= 100:
            raise ValueError(f"field 'percent': {self.percent}: expected 0 to 100")
        if self.n < 1:
            raise ValueError(f"field 'n': {self.n}: expected 1 or more")


@dataclass(frozen=True)
class PublishedComparison:
    """A statement with what was published about it. `words` say what a reader has to know of all voices together."""

    KIND: ClassVar[str] = "comparisons"

    id: str
    title: str
    statement: str
    words: str
    source: str
    voices: tuple[PublishedVoice, ...]
    criterion: str = ""

    def __post_init__(self) -> None:
        if len(self.voices) < 2:
            raise ValueError("field 'voices': expected two or more")
        if sum(voice.claim for voice in self.voices) != 1:
            raise ValueError("field 'voices': expected one claim")

"""The three rival explanations, and what each leads one to see."""

from dataclasses import dataclass
from typing import Literal, get_args

from inroads.methods.triangulation.voices import Voice, voice_of

Cause = Literal["local knowledge not spread", "the power of the return", "a different meaning of the word"]

CAUSES: tuple[Cause, ...] = get_args(Cause)
"""The report's explanations of a claim that others do not bear out (section 4.4), in its order."""

TELLS: dict[Cause, str] = {
    "local knowledge not spread": (
        "Ask staff who are close to the work and staff who are far from it the same question, in the same anonymous "
        "survey."
    ),
    "the power of the return": (
        "Ask those who write returns, or people like them, the same question once by name for somebody who pays and "
        "once anonymously; let chance decide who is asked which way."
    ),
    "a different meaning of the word": (
        "Ask people of the same sort the same question once with the word alone and once with its meaning written out; "
        "let chance decide who is asked which way."
    ),
}


@dataclass(frozen=True)
class Contrast:
    """Two groups asked the same question alike in all but one thing: the evidence that speaks for one explanation.

    cause
        Which of `CAUSES` it is about.
    more
        Those who say "it is so" more often if that is the cause: staff close to the work; people who answer by name for
        somebody who pays; people given the word alone, where they take it widely (those who claim).
    less
        Those who say it less often then: staff far from it; people like the first who answer anonymously; people like
        the first given what the word means.

    Where those who doubt take the word more narrowly than it is meant, they say "it is so" more often once its meaning
    is given: then `more` is the group with the meaning.
    """

    cause: Cause
    more: Voice
    less: Voice

    def __post_init__(self) -> None:
        """Raises `ValueError` naming the field."""
        if self.cause not in CAUSES:
            raise ValueError(f"cause: expected one of {'; '.join(CAUSES)}, found {self.cause!r}")
        voice_of(self.more, "more")
        voice_of(self.less, "less")

"""What is wrong with a file, said in one sentence that names the place and the remedy."""

from collections.abc import Sequence

LONGEST = 400  # characters of one sentence; the middle of a longer one is left out, so place and remedy stay
NO_KNOWN_SOURCE = "no known source has these columns"


class FileError(ValueError):
    """One file cannot be taken in; the message says where and why."""


class NotRecognisedError(FileError):
    """No known source has the columns of this file."""


class IntakeError(ValueError):
    """A load was refused and nothing was changed; `problems` has one sentence per file."""

    def __init__(self, problems: Sequence[str]) -> None:
        self.problems = tuple(map(printable, problems))
        super().__init__("\n".join(self.problems))


def printable(text: str) -> str:
    """A sentence without characters that move a cursor or cannot be written, and not longer than a screen can hold."""
    clean = "".join(char if char.isprintable() else "\N{REPLACEMENT CHARACTER}" for char in text)
    return clean if len(clean) <= LONGEST else f"{clean[:220]} … {clean[-(LONGEST - 223) :]}"


def shown(value: object) -> str:
    """A value from a file, short enough for a sentence."""
    text = printable(str(value))
    return f"'{text[:57]}…'" if len(text) > 60 else f"'{text}'"


class EmbedError(ValueError):
    """The embedded tables cannot be made from this store; the message says what is missing. Nothing was written."""

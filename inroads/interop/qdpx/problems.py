"""What is wrong with a file of the REFI-QDA standard, and what of it could not be taken as it stood."""

from collections.abc import Iterator

from inroads.interop.open_data.problems import FileError, printable, shown

__all__ = ["QdaError", "Remarks", "printable", "shown"]


_MOST = 200  # different sentences; a made-up file would fill the memory with its own


class QdaError(FileError):
    """A codebook or project cannot be read or written; one sentence says where, and what to do."""

    def __init__(self, sentence: str) -> None:
        super().__init__(printable(sentence))


class Remarks:
    """What was put right or left out while reading: each sentence once, with the first line and how often."""

    def __init__(self) -> None:
        self._found: dict[str, list[int]] = {}

    def add(self, sentence: str, line: int = 0) -> None:
        """Note a sentence; `line` is counted from 1, and 0 where there is none."""
        if sentence not in self._found and len(self._found) >= _MOST:
            sentence, line = "further things were put right or left out; export the project again if they matter", 0
        kept = self._found.setdefault(sentence, [line, 0])
        kept[1] += 1

    def __iter__(self) -> Iterator[str]:
        for sentence, (line, times) in self._found.items():
            where = f"line {line}" if line else ""
            more = f"{times - 1:,} more" if times > 1 else ""
            before = " and ".join(filter(None, (where, more)))
            yield printable(f"{before}: {sentence}" if before else sentence)

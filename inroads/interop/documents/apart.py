"""Reads one document in a process of its own, which may not take long, grow large, or write anywhere.

A file from somebody else may be made to hold a server, and the libraries that read it know no clock: here the system
ends them. Started by `inroads.interop.documents.reader`: the document comes in, what was read goes out as JSON.
"""

import json
import sys
from contextlib import suppress

from inroads.interop.documents.model import MIB, PDF, Document, DocumentError

MOST_SECONDS = 30
MOST_MEMORY = 1_536 * MIB


def main() -> None:
    """Reads from standard input a document of the kind that is named first, called as is named second."""
    kind, said = sys.argv[1:3]
    _hold_down()
    try:
        found = _read(kind, said, sys.stdin.buffer.read())
        answer = {"text": found.text, "pages": found.pages, "notes": found.notes}
    except DocumentError as error:
        answer = {"wrong": str(error)}
    except (MemoryError, RecursionError):
        answer = {"burst": True}
    except Exception as error:
        # Whatever a library trips over in a broken file is the file's fault, not ours, and is said as such.
        answer = {"broken": type(error).__name__}
    sys.stdout.write(json.dumps(answer))


def _read(kind: str, said: str, content: bytes) -> Document:
    if kind == PDF:
        from inroads.interop.documents.pdf import read_pdf

        return read_pdf(said, content)
    from inroads.interop.documents.word import read_word

    return read_word(said, content)


def _hold_down() -> None:
    """Limits that the system enforces, where it knows them."""
    with suppress(ImportError):
        import resource

        for what, most in (
            (resource.RLIMIT_CPU, MOST_SECONDS),
            (resource.RLIMIT_AS, MOST_MEMORY),
            (resource.RLIMIT_FSIZE, 0),
            (resource.RLIMIT_CORE, 0),
        ):
            with suppress(ValueError, OSError):
                resource.setrlimit(what, (most, most))


if __name__ == "__main__":
    main()

"""REFI-QDA, the exchange format of programs that code texts: codebooks (.qdc) and projects (.qdpx), in and out.

What is carried: users, codes as a tree, texts with passages and codings, notes, sets, the text and place of PDFs,
pictures, sounds and films. What is kept as it came, to go out again: variables and their values, cases, links, graphs,
what is marked in PDFs, pictures, sounds and films, transcripts, attached files. Not carried, and named in `remarks`:
what is not in the standard (elements and attributes of a program's own), sets of a bare codebook, files that lie
outside the folder of sources.
"""

from inroads.interop.qdpx.model import (
    INTERNAL,
    Code,
    Codebook,
    Coding,
    Group,
    Kept,
    MediaSource,
    Passage,
    Project,
    Stamp,
    TextSource,
    User,
    moment,
)
from inroads.interop.qdpx.package import Limits
from inroads.interop.qdpx.positions import Counting
from inroads.interop.qdpx.problems import QdaError
from inroads.interop.qdpx.reader import read_codebook, read_file, read_project
from inroads.interop.qdpx.writer import save_project, write_codebook, write_project

__all__ = [
    "INTERNAL",
    "Code",
    "Codebook",
    "Coding",
    "Counting",
    "Group",
    "Kept",
    "Limits",
    "MediaSource",
    "Passage",
    "Project",
    "QdaError",
    "Stamp",
    "TextSource",
    "User",
    "moment",
    "read_codebook",
    "read_file",
    "read_project",
    "save_project",
    "write_codebook",
    "write_project",
]

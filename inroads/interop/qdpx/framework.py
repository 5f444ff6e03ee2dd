"""The framework as codes of the standard: a GUID for everything of ours, the same every time it is written.

Dimensions are headings, criteria are codes. The standard has no place beside a coding for what else a reader says of a
passage, so that is said with codes too, given to the same selection: about whom it speaks, and that it is not so.
Programs show such codes to whoever codes there, who can give them as well; words of a reader are a note on the coding.
"""

import re
from collections.abc import Iterable
from functools import cache
from hashlib import sha1
from itertools import groupby
from uuid import UUID

from inroads.interop.qdpx.model import Code, Codebook
from inroads.interop.qdpx.values import NOT_XML
from inroads.reference.definitions import load
from inroads.reference.definitions.framework import Criterion, Dimension, Framework, criteria_of
from inroads.systems.models import About
from inroads.systems.queries.return_scores import in_order

ORIGIN = "Inroads"
# Never changed: what was written with it is known again by it.
_OURS = UUID("2347a5ca-c04d-4794-a959-7f25fe1422ba")
AGAINST = "against"
# Codes that say how a passage speaks, by what they mean to us.
HOW = {
    About.MENTAL_HEALTH.value: "About: people who need mental health services",
    About.EVERYBODY.value: "About: everybody who lives here",
    AGAINST: "Says that it is not so",
}
_HOW_TITLE = "How a passage speaks"
_HOW_WORDS = (
    "Give these to the same selection as a criterion. A selection without them speaks for it, and of no one group."
)
_WORDS = re.compile(r"\w+")


def guid(kind: str, own: object) -> str:
    """The GUID of something of ours: of which kind, and its id among them."""
    # As `uuid5` makes it, of which a large project needs a million.
    made = bytearray(sha1(_OURS.bytes + f"{kind}:{own}".encode(), usedforsecurity=False).digest()[:16])
    made[6], made[8] = made[6] & 0x0F | 0x50, made[8] & 0x3F | 0x80
    found = made.hex()
    return f"{found[:8]}-{found[8:12]}-{found[12:16]}-{found[16:20]}-{found[20:]}"


@cache
def guid_of_criterion(criterion: str) -> str:
    """The GUID of the code of a criterion."""
    return guid("criterion", criterion)


@cache
def guid_of_how(how: str) -> str:
    """The GUID of a code that says how a passage speaks."""
    return guid("how", how)


def codebook_of(framework: Framework) -> Codebook:
    """An edition of the framework as a codebook."""
    return Codebook(codes_of(criteria_of(framework)), ORIGIN)


def codes_of_criteria(names: Iterable[str]) -> tuple[Code, ...]:
    """The same for ids of criteria, in the order of the framework; one whose file is gone keeps its id as name."""
    known, ordered = load(Criterion), in_order(set(names))
    gone = tuple(Code(guid_of_criterion(name), name) for name in ordered if name not in known)
    return codes_of(known[name] for name in ordered if name in known) + gone


def codes_of(criteria: Iterable[Criterion]) -> tuple[Code, ...]:
    """Criteria under the headings of their dimensions, and how a passage speaks."""
    dimensions = load(Dimension)
    headings = [
        Code(
            guid("dimension", name),
            dimensions[name].title,
            is_codable=False,
            description=dimensions[name].words,
            children=tuple(Code(guid_of_criterion(each.id), each.title, description=_said(each)) for each in found),
        )
        for name, found in groupby(criteria, key=lambda each: each.dimension)
    ]
    how = tuple(Code(guid_of_how(name), title) for name, title in HOW.items())
    return (*headings, Code(guid("heading", "how"), _HOW_TITLE, False, description=_HOW_WORDS, children=how))


def name_of(words: str) -> str:
    """A name as it is compared: its words alone, in small letters."""
    return " ".join(_WORDS.findall(words.casefold()))


def for_xml(words: str) -> str:
    """Words as XML can hold them; what it cannot is replaced one for one."""
    return NOT_XML.sub("\N{REPLACEMENT CHARACTER}", words)


def _said(criterion: Criterion) -> str:
    lines = [criterion.asks]
    for number, level in enumerate(criterion.levels, 1):
        lines += ["", f"Level {number}, {level.title}: {level.words}"]
        lines += [f"- {element.title}" for element in level.elements]
    return "\n".join(lines)

"""Values of the standard: read strictly where a mistake would lose something, and written as the schema asks."""

import re
from functools import lru_cache

from inroads.interop.qdpx.problems import QdaError, shown
from inroads.interop.qdpx.schema import POINTERS, WORDS

_GUID = re.compile(r"\{?([0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12})\}?")
_COLOUR = re.compile(r"#(?:[0-9A-Fa-f]{6}|[0-9A-Fa-f]{3})")
_WHOLE = re.compile(r"[+-]?[0-9]{1,15}")
_DECIMAL = re.compile(r"[+-]?(?:[0-9]{1,40}(?:\.[0-9]{0,40})?|\.[0-9]{1,40})")
_ZONE = r"(?:Z|[+-](?:(?:0\d|1[0-3]):[0-5]\d|14:00))?"
_DATE = r"-?(?:[1-9]\d{4,8}|\d{4})-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])"
_DAY = re.compile(_DATE + _ZONE)
_TIME = re.compile(rf"{_DATE}T(?:(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:\.\d{{1,20}})?|24:00:00(?:\.0{{1,20}})?){_ZONE}")
_BOOL = {"true": "true", "1": "true", "false": "false", "0": "false"}
WORDY = frozenset({"text", "path"})
_OFTEN = frozenset({"user", "code", "time"})
_PATTERNS = {"colour": _COLOUR, "whole": _WHOLE, "decimal": _DECIMAL, "day": _DAY, "time": _TIME}
_MEANT = {
    "guid": "a GUID (8-4-4-4-12 digits 0-9 and A-F)",
    "colour": "a colour (#RGB or #RRGGBB)",
    "whole": "a whole number",
    "decimal": "a number",
    "day": "a day (2026-03-18)",
    "time": "a time (2026-03-18T09:30:00Z)",
    "bool": "true or false",
}
# Programs write these in ways of their own; a passage is not refused for its colour or its time.
LENIENT = frozenset({"colour", "time"})
# What XML 1.0 has no way to write.
NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def normal(kind: str, written: str) -> str | None:
    """A value as the product keeps it: GUIDs in lower case without braces, true and false in words. None if wrong."""
    if kind in WORDY:
        return written
    return _seen(kind, written) if kind in _OFTEN and len(written) < 64 else _normal(kind, written)


def _normal(kind: str, written: str) -> str | None:
    plain = written.strip(" \t\r\n")
    if kind == "guid" or kind in POINTERS:
        found = _GUID.fullmatch(plain)
        # A brace on one side only is not in the standard.
        return found[1].lower() if found and plain.startswith("{") == plain.endswith("}") else None
    if kind == "bool":
        return _BOOL.get(plain)
    if kind in WORDS:
        return plain if plain in WORDS[kind] else None
    return plain if _PATTERNS[kind].fullmatch(plain) else None


@lru_cache(maxsize=1 << 14)
def _seen(kind: str, written: str) -> str | None:
    """The same, for values that a project repeats thousands of times."""
    return _normal(kind, written)


def meant(kind: str) -> str:
    """What a value of a kind should look like, in words."""
    return _MEANT["guid"] if kind in POINTERS else _MEANT.get(kind) or f"one of {', '.join(WORDS[kind])}"


def written(kind: str, value: str, key: str, element: str, guid: str = "") -> str:
    """A value for the file, of an attribute of an element. Raises `QdaError` where the standard does not allow it."""
    found = normal(kind, value)
    if found is None:
        raise QdaError(
            f"{key} of <{element}> {guid} is {shown(value)}, not {meant(kind)}; set it right and write again."
        )
    if kind in WORDY and NOT_XML.search(found):
        xml_text(found, f"{key} of <{element}> {guid}")
    return found


def xml_text(text: str, where: str) -> str:
    """A text that XML can hold. Raises `QdaError` naming the character that it cannot."""
    if bad := NOT_XML.search(text):
        raise QdaError(
            f"{where} has the character U+{ord(bad[0]):04X} at position {bad.start():,}, which XML cannot hold; take "
            "it out and write again."
        )
    return text

"""The elements of a REFI-QDA project (QDA-XML 1.0, 18 March 2019) and of a codebook, as tables.

Reader and writer go by these tables alone. A test lays them beside the published schema, element by element.

Kinds of value: `guid` is the element's own name; `user`, `code`, `note`, `source`, `selection`, `variable` and `thing`
point at the GUID of another element; `path` is where a file is; `text`, `time`, `colour`, `bool`, `whole`, `decimal`
and `day` are what they say; the rest name one of the word lists of `WORDS`.
"""

from dataclasses import dataclass, field
from functools import cached_property

PROJECT_SPACE = "urn:QDA-XML:project:1.0"
CODEBOOK_SPACE = "urn:QDA-XML:codebook:1.0"
# Some programs write the first with a colon; all of these hold the same elements.
CODEBOOK_SPACES = (CODEBOOK_SPACE, "urn:QDA-XML:codebook:1:0", PROJECT_SPACE)

WORDS = {
    "direction": ("Associative", "OneWay", "Bidirectional"),
    "type": ("Text", "Boolean", "Integer", "Float", "Date", "DateTime"),
    "shape": (
        "Person",
        "Oval",
        "Rectangle",
        "RoundedRectangle",
        "Star",
        "LeftTriangle",
        "RightTriangle",
        "UpTriangle",
        "DownTriangle",
        "Note",
    ),
    "line": ("dotted", "dashed", "solid"),
}
POINTERS = frozenset({"user", "code", "note", "source", "selection", "variable", "thing"})


@dataclass(frozen=True)
class Attribute:
    """An attribute: the kind of its value, and whether the standard asks for it."""

    kind: str
    needed: bool


@dataclass(frozen=True)
class Child:
    """A child: its place among its siblings, whether one must be there, whether there may be many."""

    place: int
    needed: bool
    many: bool


@dataclass(frozen=True)
class Element:
    """What an element may hold. `text` is the kind of its own text, "" where it has none."""

    attributes: dict[str, Attribute]
    children: dict[str, Child]
    text: str = ""
    any_order: bool = False
    only_one_of: frozenset[str] = field(default_factory=frozenset)

    @cached_property
    def asked(self) -> tuple[str, ...]:
        """The attributes that must be there."""
        return tuple(name for name, each in self.attributes.items() if each.needed)

    @cached_property
    def must(self) -> tuple[str, ...]:
        """The children that must be there."""
        return tuple(name for name, each in self.children.items() if each.needed)


def _of(attributes: str = "", children: str = "", *, text: str = "", any_order: bool = False, one: str = "") -> Element:
    """`guid!:guid` is a needed attribute; `Code*` any number of children, `Code+` at least one, `Code?` at most one."""
    said = {}
    for each in attributes.split():
        name, kind = each.split(":")
        said[name.rstrip("!")] = Attribute(kind, name.endswith("!"))
    held = {}
    for place, each in enumerate(children.split()):
        held[each.rstrip("*+?")] = Child(place, each[-1] not in "*?", each[-1] in "*+")
    return Element(said, held, text, any_order, frozenset(one.split()))


_STAMP = "creatingUser:user creationDateTime:time modifyingUser:user modifiedDateTime:time"
_TEXT = _of(
    f"guid!:guid name:text richTextPath:path plainTextPath:path {_STAMP}",
    "Description? PlainTextContent? PlainTextSelection* Coding* NoteRef* VariableValue*",
)
_MEDIA = f"guid!:guid name:text path:path currentPath:path {_STAMP}"
_CORNERS = "firstX!:whole firstY!:whole secondX!:whole secondY!:whole"
_SAID = "Description? Coding* NoteRef*"
_VALUES = "TextValue BooleanValue IntegerValue FloatValue DateValue DateTimeValue"

ELEMENTS = {
    "Project": _of(
        "name!:text origin:text creatingUserGUID:user creationDateTime:time modifyingUserGUID:user "
        "modifiedDateTime:time basePath:text",
        "Users? CodeBook? Variables? Cases? Sources? Notes? Links? Sets? Graphs? Description? NoteRef*",
    ),
    "Users": _of("", "User+"),
    "User": _of("guid!:guid name:text id:text"),
    "CodeBook": _of("", "Codes"),
    "Codes": _of("", "Code+"),
    "Code": _of("guid!:guid name!:text isCodable!:bool color:colour", "Description? NoteRef* Code*"),
    "Cases": _of("", "Case+"),
    "Case": _of("guid!:guid name:text", "Description? CodeRef* VariableValue* SourceRef* SelectionRef*"),
    "Variables": _of("", "Variable+"),
    "Variable": _of("guid!:guid name!:text typeOfVariable!:type", "Description?"),
    "VariableValue": _of("", "VariableRef " + " ".join(f"{each}?" for each in _VALUES.split()), one=_VALUES),
    "TextValue": _of(text="text"),
    "BooleanValue": _of(text="bool"),
    "IntegerValue": _of(text="whole"),
    "FloatValue": _of(text="decimal"),
    "DateValue": _of(text="day"),
    "DateTimeValue": _of(text="time"),
    "Sets": _of("", "Set+"),
    "Set": _of("guid!:guid name!:text", "Description? MemberCode* MemberSource* MemberNote*"),
    "Sources": _of("", "TextSource* PictureSource* PDFSource* AudioSource* VideoSource*", any_order=True),
    "TextSource": _TEXT,
    "PlainTextSelection": _of(f"guid!:guid name:text startPosition!:whole endPosition!:whole {_STAMP}", _SAID),
    "PictureSource": _of(_MEDIA, "Description? TextDescription? PictureSelection* Coding* NoteRef* VariableValue*"),
    "TextDescription": _TEXT,
    "PictureSelection": _of(f"guid!:guid name:text {_CORNERS} {_STAMP}", _SAID),
    "PDFSource": _of(_MEDIA, "Description? PDFSelection* Representation? Coding* NoteRef* VariableValue*"),
    "PDFSelection": _of(
        f"guid!:guid name:text page!:whole {_CORNERS} {_STAMP}", "Description? Representation? Coding* NoteRef*"
    ),
    "Representation": _TEXT,
    "AudioSource": _of(_MEDIA, "Description? Transcript* AudioSelection* Coding* NoteRef* VariableValue*"),
    "AudioSelection": _of(f"guid!:guid name:text begin!:whole end!:whole {_STAMP}", _SAID),
    "VideoSource": _of(_MEDIA, "Description? Transcript* VideoSelection* Coding* NoteRef* VariableValue*"),
    "VideoSelection": _of(f"guid!:guid name:text begin!:whole end!:whole {_STAMP}", _SAID),
    "Transcript": _of(
        f"guid!:guid name:text richTextPath:path plainTextPath:path {_STAMP}",
        "Description? PlainTextContent? SyncPoint* TranscriptSelection* NoteRef*",
    ),
    "TranscriptSelection": _of(f"guid!:guid name:text fromSyncPoint:thing toSyncPoint:thing {_STAMP}", _SAID),
    "SyncPoint": _of("guid!:guid timeStamp:whole position:whole"),
    "Coding": _of("guid!:guid creatingUser:user creationDateTime:time", "CodeRef NoteRef*"),
    "Graphs": _of("", "Graph+"),
    "Graph": _of("guid!:guid name:text", "Vertex* Edge*"),
    "Vertex": _of(
        "guid!:guid representedGUID:thing name:text firstX!:whole firstY!:whole secondX:whole secondY:whole "
        "shape:shape color:colour"
    ),
    "Edge": _of(
        "guid!:guid representedGUID:thing name:text sourceVertex!:thing targetVertex!:thing color:colour "
        "direction:direction lineStyle:line"
    ),
    "Notes": _of("", "Note+"),
    "Note": _TEXT,
    "Links": _of("", "Link+"),
    "Link": _of("guid!:guid name:text direction:direction color:colour originGUID:thing targetGUID:thing", "NoteRef*"),
    "NoteRef": _of("targetGUID!:note"),
    "CodeRef": _of("targetGUID!:code"),
    "SourceRef": _of("targetGUID!:source"),
    "SelectionRef": _of("targetGUID!:selection"),
    "VariableRef": _of("targetGUID!:variable"),
    "MemberCode": _of("targetGUID!:code"),
    "MemberSource": _of("targetGUID!:source"),
    "MemberNote": _of("targetGUID!:note"),
    "Description": _of(text="text"),
    "PlainTextContent": _of(text="text"),
}

# A codebook by itself (.qdc): the same codes, without notes, under a root that names the program.
CODEBOOK = {
    "CodeBook": _of("origin:text", "Codes"),
    "Codes": ELEMENTS["Codes"],
    "Code": _of("guid!:guid name!:text isCodable!:bool color:colour", "Description? Code*"),
    "Description": ELEMENTS["Description"],
}

SOURCES = frozenset(ELEMENTS["Sources"].children)
SELECTIONS = frozenset(name for name in ELEMENTS if name.endswith("Selection"))
# Kept as they are, so that a project goes out again with all that came in.
KEPT = (SELECTIONS - {"PlainTextSelection"}) | {"Variable", "Case", "Link", "Graph", "Transcript", "VariableValue"}

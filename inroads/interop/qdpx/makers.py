"""From the elements of a project to its values, each as soon as its element ends."""

from collections.abc import Callable
from dataclasses import replace

from inroads.interop.qdpx.elements import Frame, Maker
from inroads.interop.qdpx.model import Code, Coding, Group, MediaSource, Passage, Project, Stamp, TextSource, User
from inroads.interop.qdpx.positions import Counting, Ruler, better
from inroads.interop.qdpx.problems import QdaError, Remarks
from inroads.interop.qdpx.schema import SELECTIONS

# The bytes of a file of the package by its path, None where it is not in it; given back decoded.
TextOf = Callable[[str], str | None]
_NOBODY = Stamp()


def code_makers() -> dict[str, Maker]:
    """What a codebook is made of."""
    return {
        "Description": lambda frame: "".join(frame.text),
        "Codes": lambda frame: frame.all("Code"),
        "CodeBook": lambda frame: (frame.get("origin"), frame.one("Codes", ())),
        "Code": _code,
    }


def project_makers(text_of: TextOf, *, said: str, counting: Counting, remarks: Remarks) -> dict[str, Maker]:
    """What a project is made of. Texts come through `text_of`; positions are turned into code points."""
    texts = _Texts(text_of, said, counting, remarks)
    lists = {"Users": "User", "Variables": "Variable", "Cases": "Case", "Notes": "Note", "Links": "Link"}
    lists |= {"Sets": "Set", "Graphs": "Graph"}
    pointers = ("NoteRef", "CodeRef", "MemberCode", "MemberSource", "MemberNote")
    return {
        **code_makers(),
        **{name: _list_of(child) for name, child in lists.items()},
        **dict.fromkeys(pointers, _target),
        **{f"{kind}Source": _media for kind in ("PDF", "Picture", "Audio", "Video")},
        **dict.fromkeys(("TextSource", "Note", "Representation", "TextDescription"), texts.make),
        "PlainTextContent": lambda frame: "".join(frame.text),
        "PlainTextSelection": _passage,
        "Coding": _coding,
        "User": lambda frame: User(frame.get("guid"), frame.get("name"), frame.get("id")),
        "Set": _group,
        "Sources": lambda frame: tuple(frame.ordered),
        "Project": _project,
    }


def _target(frame: Frame) -> str:
    return frame.attributes["targetGUID"]


def _list_of(child: str) -> Maker:
    return lambda frame: frame.all(child)


def _stamp(frame: Frame) -> Stamp:
    get = frame.get
    who = get("creatingUser") or get("creatingUserGUID"), get("modifyingUser") or get("modifyingUserGUID")
    stamp = Stamp(who[0], get("creationDateTime"), who[1], get("modifiedDateTime"))
    return _NOBODY if stamp == _NOBODY else stamp


def _code(frame: Frame) -> Code:
    return Code(
        guid=frame.get("guid"),
        name=frame.get("name"),
        is_codable=frame.get("isCodable") == "true",
        colour=frame.get("color"),
        description=frame.one("Description"),
        children=frame.all("Code"),
        notes=frame.all("NoteRef"),
    )


def _coding(frame: Frame) -> Coding:
    return Coding(
        guid=frame.get("guid"),
        code=frame.one("CodeRef"),
        created_by=frame.get("creatingUser"),
        created=frame.get("creationDateTime"),
        notes=frame.all("NoteRef"),
    )


def _passage(frame: Frame) -> Passage:
    return Passage(
        guid=frame.get("guid"),
        start=int(frame.get("startPosition")),
        end=int(frame.get("endPosition")),
        codings=frame.all("Coding"),
        name=frame.get("name"),
        description=frame.one("Description"),
        notes=frame.all("NoteRef"),
        stamp=_stamp(frame),
    )


def _group(frame: Frame) -> Group:
    return Group(
        guid=frame.get("guid"),
        name=frame.get("name"),
        description=frame.one("Description"),
        codes=frame.all("MemberCode"),
        sources=frame.all("MemberSource"),
        notes=frame.all("MemberNote"),
    )


def _media(frame: Frame) -> MediaSource:
    kept = [name for name in frame.spec.children if name in SELECTIONS or name == "Transcript"]
    return MediaSource(
        kind=frame.name,
        guid=frame.get("guid"),
        name=frame.get("name"),
        path=frame.get("path"),
        current_path=frame.get("currentPath"),
        description=frame.one("Description"),
        text=frame.one("Representation", None) or frame.one("TextDescription", None),
        codings=frame.all("Coding"),
        notes=frame.all("NoteRef"),
        values=frame.all("VariableValue"),
        kept=tuple(each for name in kept for each in frame.all(name)),
        stamp=_stamp(frame),
    )


def _project(frame: Frame) -> Project:
    return Project(
        name=frame.get("name"),
        codes=frame.one("CodeBook", ("", ()))[1],
        users=frame.one("Users", ()),
        sources=frame.one("Sources", ()),
        notes=frame.one("Notes", ()),
        groups=frame.one("Sets", ()),
        variables=frame.one("Variables", ()),
        cases=frame.one("Cases", ()),
        links=frame.one("Links", ()),
        graphs=frame.one("Graphs", ()),
        description=frame.one("Description"),
        about=frame.all("NoteRef"),
        origin=frame.get("origin"),
        base_path=frame.get("basePath"),
        stamp=_stamp(frame),
    )


class _Texts:
    """Gives texts their words, and their passages positions in code points."""

    def __init__(self, text_of: TextOf, said: str, counting: Counting, remarks: Remarks) -> None:
        self._text_of, self._said, self._counting, self._remarks = text_of, said, counting, remarks

    def make(self, frame: Frame) -> TextSource:
        """A text, note, representation or description."""
        path, inside = frame.get("plainTextPath"), frame.one("PlainTextContent", None)
        text = self._text_of(path) if path else None
        if text is None and inside is not None:
            if path:
                self._remarks.add(
                    "a text stands in the project and its file is missing; its path is left out", frame.line
                )
            text, path = inside, ""
        elif inside is not None:
            self._remarks.add("a text stands both in a file and in the project; the file is taken", frame.line)
        elif text is None and path:
            self._remarks.add("the file of a text is not in the package; its passages are without words", frame.line)
        passages: tuple[Passage, ...] = frame.all("PlainTextSelection")
        return TextSource(
            guid=frame.get("guid"),
            name=frame.get("name"),
            text=text,
            path=path,
            rich_path=frame.get("richTextPath"),
            description=frame.one("Description"),
            passages=passages if text is None else self._measured(frame, text, passages),
            codings=frame.all("Coding"),
            notes=frame.all("NoteRef"),
            values=frame.all("VariableValue"),
            stamp=_stamp(frame),
        )

    def _measured(self, frame: Frame, text: str, passages: tuple[Passage, ...]) -> tuple[Passage, ...]:
        ruler = Ruler(text, self._counting)
        if found := better(text, passages, self._counting):
            other, there, here = found
            self._remarks.add(
                f"counted in {self._counting.value}, {here} passages stand on the words they are named after; in "
                f"{other.value}, {there}: read again with Counting.{other.name}",
                frame.line,
            )
        out = []
        for passage in passages:
            ends = _ends(ruler, passage)
            if ends is None:
                raise QdaError(self._misplaced(frame, passage, ruler, text))
            moved = ends != (passage.start, passage.end)
            out.append(replace(passage, start=ends[0], end=ends[1]) if moved else passage)
        return tuple(out)

    def _misplaced(self, frame: Frame, passage: Passage, ruler: Ruler, text: str) -> str:
        others = [each for each in Counting if each is not self._counting]
        able = [each for each in others if _ends(Ruler(text, each), passage)]
        remedy = f"it would fit in {able[0].value}: read with Counting.{able[0].name}" if able else "export it again"
        return (
            f"{self._said}, line {frame.line}: the passage {passage.guid} of '{frame.get('name')[:60]}' goes from "
            f"{passage.start:,} to {passage.end:,}, which is no part of a text of {ruler.length:,} "
            f"{self._counting.value}; {remedy}."
        )


def _ends(ruler: Ruler, passage: Passage) -> tuple[int, int] | None:
    """Where a passage begins and ends in code points; None where it is no part of the text."""
    start, end = ruler.point(passage.start), ruler.point(passage.end)
    return None if start is None or end is None or start > end else (start, end)

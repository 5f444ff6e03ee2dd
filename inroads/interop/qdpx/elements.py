"""XML of the standard, read element by element against its tables; no document type, so no entities to burst.

Each element becomes a value as soon as it ends, so a large project is never held twice.
"""

from collections.abc import Callable
from typing import Any
from xml.parsers import expat

from inroads.interop.qdpx.model import Kept
from inroads.interop.qdpx.package import file_of
from inroads.interop.qdpx.problems import QdaError, Remarks, shown
from inroads.interop.qdpx.schema import KEPT, POINTERS, SELECTIONS, SOURCES, Attribute, Element
from inroads.interop.qdpx.values import LENIENT, meant, normal

MOST_DEEP = 100  # codes within codes and the like; a person loses the thread long before
_XSI = "http://www.w3.org/2001/XMLSchema-instance"
# Others point at these, so two of a name could not be told apart.
_ONCE = frozenset({"User", "Code", "Note", "source", "Variable", "Case", "Set", "PlainTextSelection"})
_TARGETS = {
    "user": ("User",),
    "code": ("Code",),
    "note": ("Note",),
    "source": ("source",),
    "variable": ("Variable",),
    "selection": tuple(sorted(SELECTIONS)),
}


class Frame:
    """An element while it is read: checked attributes, and what its children have become, by name."""

    __slots__ = ("attributes", "children", "kept", "last", "line", "name", "ordered", "spec", "text")

    def __init__(self, name: str, spec: Element, line: int, kept: bool) -> None:
        self.name, self.spec, self.line, self.kept = name, spec, line, kept
        self.attributes: dict[str, str] = {}
        self.children: dict[str, list[Any]] = {}
        self.ordered: list[Any] = []
        self.text: list[str] = []
        self.last = 0

    def get(self, name: str) -> str:
        """An attribute, "" where it is not there."""
        return self.attributes.get(name, "")

    def all(self, name: str) -> tuple[Any, ...]:
        """What the children of a name have become, in order."""
        return tuple(self.children.get(name, ()))

    def one(self, name: str, otherwise: Any = "") -> Any:
        """What the only child of a name has become."""
        found = self.children.get(name)
        return found[0] if found else otherwise


Maker = Callable[[Frame], Any]


class Elements:
    """Reads one document. `said` names it in sentences; `makers` turn ended elements into values, by name."""

    def __init__(
        self,
        said: str,
        *,
        root: str,
        spaces: tuple[str, ...],
        table: dict[str, Element],
        makers: dict[str, Maker],
        remarks: Remarks,
    ) -> None:
        self.said, self._root, self._spaces, self._table, self._makers = said, root, spaces, table, makers
        self.remarks = remarks
        self._own: dict[str, dict[str, int]] = {}
        self._points: dict[str, dict[str, int]] = {kind: {} for kind in POINTERS}
        self._stack: list[Frame] = []
        self._skipped = 0
        self._space = spaces[0]
        self._made: Any = None
        self._parser = expat.ParserCreate(namespace_separator=" ")

    def read(self, raw: bytes) -> Any:
        """What the root has become. Raises `QdaError` with the line."""
        parser = self._parser
        parser.buffer_text = True
        parser.StartDoctypeDeclHandler = self._doctype
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._words
        try:
            # All at once: a value that reaches over many pieces would be looked through again with each.
            parser.Parse(raw, True)
        except expat.ExpatError as error:
            raise QdaError(
                f"{self.said}, line {error.lineno}: is not whole XML ({expat.ErrorString(error.code)}); export again."
            ) from error
        except (LookupError, UnicodeError, ValueError) as error:
            if isinstance(error, QdaError):
                raise
            raise QdaError(f"{self.said}: its encoding cannot be read ({error}); save it as UTF-8.") from error
        self._see_that_all_is_there()
        return self._made

    def wrong(self, sentence: str, line: int = 0) -> QdaError:
        """An error at a line, by default where the reading stands."""
        return QdaError(f"{self.said}, line {line or self._parser.CurrentLineNumber}: {sentence}")

    def _doctype(self, *_: Any) -> None:
        raise self.wrong("has a document type (<!DOCTYPE>), which no project needs and none may bring; take it out.")

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        if self._skipped:
            self._skipped += 1
            return
        space, _, local = name.rpartition(" ")
        line = self._parser.CurrentLineNumber
        if not self._stack:
            if local != self._root or space not in self._spaces:
                raise self.wrong(
                    f"begins with <{shown(local)[1:-1]}> of {shown(space)}, not with <{self._root}> of "
                    f"'{self._spaces[0]}'; export it as REFI-QDA."
                )
            self._space = space
            frame = Frame(local, self._table[local], line, False)
        else:
            parent = self._stack[-1]
            if not self._belongs(parent, space, local, line):
                self._skipped = 1
                return
            if len(self._stack) >= MOST_DEEP:
                raise self.wrong(f"elements stand more than {MOST_DEEP} deep within one another; flatten the codes.")
            frame = Frame(local, self._table[local], line, parent.kept or local in KEPT)
        self._take(frame, attributes)
        self._stack.append(frame)

    def _belongs(self, parent: Frame, space: str, local: str, line: int) -> bool:
        child = parent.spec.children.get(local) if space == self._space else None
        if child is None:
            self.remarks.add(f"<{shown(local)[1:-1]}> in <{parent.name}> is not in the standard; left out", line)
            return False
        if not child.many and local in parent.children:
            raise self.wrong(f"<{parent.name}> has a second <{local}>; there may be one.")
        if child.place < parent.last and not parent.spec.any_order:
            self.remarks.add(f"<{local}> stands too late in <{parent.name}>; put in its place", line)
        parent.last = max(parent.last, child.place)
        return True

    def _take(self, frame: Frame, attributes: dict[str, str]) -> None:
        known, taken = frame.spec.attributes, frame.attributes
        for name, written in attributes.items():
            attribute = known.get(name)
            if attribute is None:
                if not name.startswith(_XSI):
                    self.remarks.add(f"{shown(name)} of <{frame.name}> is not in the standard; left out", frame.line)
                continue
            kind = attribute.kind
            value = written if kind == "text" else normal(kind, written)
            if value is None:
                self._refuse(frame, name, attribute, written)
                continue
            taken[name] = value
            if kind == "guid":
                self._owns(frame, value)
            elif kind in POINTERS:
                points = self._points[kind]
                if value not in points:
                    points[value] = frame.line
            elif kind == "path":
                file_of(value, f"{self.said}, line {frame.line}")
        for name in frame.spec.asked:
            if name in frame.attributes:
                continue
            if name != "isCodable":
                raise self.wrong(f"<{frame.name}> has no {name}; the standard asks for it: export it again.")
            self.remarks.add("<Code> has no isCodable; taken as a code that can be given", frame.line)
            frame.attributes[name] = "true"

    def _refuse(self, frame: Frame, name: str, attribute: Attribute, written: str) -> None:
        """A value that is none is left out where nothing hangs on it, and refused elsewhere."""
        said = f"{name} of <{frame.name}> is {shown(written)}, not {meant(attribute.kind)}"
        if attribute.kind in LENIENT or (not written.strip() and not attribute.needed):
            self.remarks.add(f"{said}; left out", frame.line)
            return
        raise self.wrong(f"{said}; set it right.")

    def _owns(self, frame: Frame, guid: str) -> None:
        kind = "source" if frame.name in SOURCES else frame.name
        own = self._own.setdefault(kind, {})
        before = own.get(guid)
        if before is None:
            own[guid] = frame.line
            return
        if kind in _ONCE:
            raise self.wrong(f"<{frame.name}> has the guid {guid} that another has on line {before}; give it its own.")
        self.remarks.add(f"<{frame.name}> has the guid of another <{frame.name}>; both kept", frame.line)

    def _words(self, data: str) -> None:
        if self._skipped:
            return
        frame = self._stack[-1]
        if frame.spec.text:
            frame.text.append(data)
        elif data.strip():
            self.remarks.add(f"words stand loose in <{frame.name}>; left out", self._parser.CurrentLineNumber)

    def _end(self, _: str) -> None:
        if self._skipped:
            self._skipped -= 1
            return
        frame = self._stack.pop()
        for name in frame.spec.must:
            if name in frame.children:
                continue
            if not frame.spec.children[name].many:
                raise self.wrong(f"<{frame.name}> holds no <{name}>; the standard asks for it: export it again.")
            self.remarks.add(f"<{frame.name}> is empty; left out", frame.line)
        if frame.spec.only_one_of and len(frame.spec.only_one_of & frame.children.keys()) > 1:
            raise self.wrong(f"<{frame.name}> holds more than one value; there may be one.", frame.line)
        if frame.spec.text:
            self._check_words(frame)
        made = self._keep(frame) if frame.kept else self._makers[frame.name](frame)
        if self._stack:
            parent = self._stack[-1]
            parent.children.setdefault(frame.name, []).append(made)
            if parent.spec.any_order:
                parent.ordered.append(made)
        else:
            self._made = made

    def _check_words(self, frame: Frame) -> None:
        kind, whole = frame.spec.text, "".join(frame.text)
        found = normal(kind, whole)
        if found is None:
            raise self.wrong(f"<{frame.name}> is {shown(whole)}, not {meant(kind)}; set it right.", frame.line)
        frame.text = [found] if found else []

    def _keep(self, frame: Frame) -> Kept:
        known = frame.spec.attributes.items()
        attributes = tuple((name, frame.get(name)) for name, said in known if said.needed or frame.get(name))
        children = tuple(each for name in frame.spec.children for each in frame.children.get(name, ()))
        return Kept(frame.name, attributes, "".join(frame.text), children)

    def _see_that_all_is_there(self) -> None:
        everything = {guid for own in self._own.values() for guid in own}
        for kind, points in self._points.items():
            targets = _TARGETS.get(kind)
            there = everything if targets is None else {guid for name in targets for guid in self._own.get(name, ())}
            for guid, line in points.items():
                if guid in there:
                    continue
                if kind == "code":
                    raise self.wrong(
                        f"points at the code {guid}, which the codebook does not hold; export it again.", line
                    )
                self.remarks.add(f"points at a {kind} that is not in the project; kept as it is", line)

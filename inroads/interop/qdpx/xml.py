"""Elements as XML text, each checked against the tables of the standard as it is written."""

from collections.abc import Iterable

from inroads.interop.qdpx.elements import MOST_DEEP
from inroads.interop.qdpx.model import Kept
from inroads.interop.qdpx.problems import QdaError, shown
from inroads.interop.qdpx.schema import ELEMENTS, Element
from inroads.interop.qdpx.values import WORDY, written, xml_text

HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n'
# A reader of XML turns bare line ends and tabs of an attribute into spaces, and CR of a text into LF.
_IN_TEXT = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;", "\r": "&#13;"})
_IN_ATTRIBUTE = str.maketrans(
    {"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "\r": "&#13;", "\n": "&#10;", "\t": "&#9;"}
)


def start(name: str, attributes: dict[str, str], *, space: str = "", spec: Element | None = None) -> str:
    """The inside of a start tag, its attributes in the order of the standard; empty ones only where it asks."""
    spec = spec or ELEMENTS[name]
    own = attributes.get("guid", "")
    said = [name, f'xmlns="{space}"'] if space else [name]
    for key, attribute in spec.attributes.items():
        value = attributes.get(key, "")
        if value or attribute.needed:
            value = written(attribute.kind, value, key, name, own)
            # Only words can hold what XML has a meaning for.
            said.append(f'{key}="{value.translate(_IN_ATTRIBUTE) if attribute.kind in WORDY else value}"')
    return " ".join(said)


def element(name: str, attributes: dict[str, str], inside: Iterable[str] = (), *, spec: Element | None = None) -> str:
    """An element with others inside, each on a line of its own. Raises `QdaError`."""
    held = "".join(inside)
    tag = start(name, attributes, spec=spec)
    return f"<{tag}>\n{held}</{name}>\n" if held else f"<{tag}/>\n"


def words(name: str, text: str, where: str, *, always: bool = False) -> str:
    """An element with text inside; "" where there is none, unless `always`. Raises `QdaError`."""
    if not text and not always:
        return ""
    return f"<{name}>{xml_text(text, f'<{name}> of {where}').translate(_IN_TEXT)}</{name}>\n"


def pointers(name: str, guids: Iterable[str]) -> Iterable[str]:
    """Elements that point at others."""
    return (element(name, {"targetGUID": guid}) for guid in guids)


def kept(node: Kept, deep: int = 0) -> str:
    """An element that was kept as it came. Raises `QdaError` where it is not of the standard."""
    spec = ELEMENTS.get(node.name)
    if spec is None or deep > MOST_DEEP:
        raise QdaError(f"<{shown(node.name)[1:-1]}> is not in the standard, or too deep; leave it out.")
    attributes = dict(node.attributes)
    strange = [
        *(attributes.keys() - spec.attributes.keys()),
        *({each.name for each in node.children} - spec.children.keys()),
    ]
    if strange:
        raise QdaError(f"<{node.name}> holds {shown(sorted(strange)[0])}, which is not in the standard; leave it out.")
    if spec.text:
        value = written(spec.text, node.text, "the text", node.name)
        return f"<{node.name}>{value.translate(_IN_TEXT)}</{node.name}>\n"
    held = sorted(node.children, key=lambda each: spec.children[each.name].place)
    return element(node.name, attributes, (kept(each, deep + 1) for each in held))

"""What stands before the items of lists in a Word file: a bullet, or a number, counted as Word counts it."""

from collections import defaultdict
from typing import Any

SPACE = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_MOST_STYLES_DEEP = 20


def value_of(node: Any, name: str = "val") -> str:
    """An attribute of an element, "" where it has none."""
    return "" if node is None else node.get(f"{SPACE}{name}", "")


class Lists:
    """Marks of list items, in the order in which they are asked for, from the numbering and the styles of a file."""

    def __init__(self, numbering: Any, styles: Any) -> None:
        self._counted: dict[str, dict[str, int]] = defaultdict(dict)
        self._kinds = _kinds(numbering) if numbering is not None else {}
        self._styles: dict[str, Any] = {}
        if styles is not None:
            self._styles = {value_of(each, "styleId"): each for each in styles.iter(f"{SPACE}style")}

    def mark(self, paragraph: Any) -> str:
        """What stands before this paragraph, with a space behind; "" where it is no item of a list."""
        own, level = self._place(paragraph)
        kind = self._kinds.get(own, {}).get(level)
        if not own or own == "0" or kind is None or kind == "none":
            return ""
        if kind == "bullet":
            return "• "
        counted = self._counted[own]
        for deeper in [each for each in counted if each > level]:
            del counted[deeper]
        counted[level] = counted.get(level, 0) + 1
        return f"{counted[level]}. "

    def _place(self, paragraph: Any) -> tuple[str, str]:
        """The list and the level in it, of the paragraph itself or of its style."""
        properties = paragraph.find(f"{SPACE}pPr")
        style = ""
        for _ in range(_MOST_STYLES_DEEP):
            if properties is not None:
                numbered = properties.find(f"{SPACE}numPr")
                if numbered is not None:
                    level = value_of(numbered.find(f"{SPACE}ilvl")) or "0"
                    return value_of(numbered.find(f"{SPACE}numId")), level
                style = style or value_of(properties.find(f"{SPACE}pStyle"))
            found = self._styles.get(style)
            if found is None:
                break
            properties, style = found.find(f"{SPACE}pPr"), value_of(found.find(f"{SPACE}basedOn"))
        return "", ""


def _kinds(numbering: Any) -> dict[str, dict[str, str]]:
    """By list and level, how it is marked: bullet, decimal and others."""
    abstract = {
        value_of(each, "abstractNumId"): {
            value_of(level, "ilvl"): value_of(level.find(f"{SPACE}numFmt")) for level in each.iter(f"{SPACE}lvl")
        }
        for each in numbering.iter(f"{SPACE}abstractNum")
    }
    return {
        value_of(each, "numId"): abstract.get(value_of(each.find(f"{SPACE}abstractNumId")), {})
        for each in numbering.iter(f"{SPACE}num")
    }

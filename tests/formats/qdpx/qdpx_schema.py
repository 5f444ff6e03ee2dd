"""A small validator for the published schema: names, order, how often, attributes, and the patterns of their values.

It knows of XML Schema what this schema uses (sequences, choices, extensions of nothing) and fails on anything else.
"""

import re
from functools import cache
from xml.etree import ElementTree

from qdpx_samples import SPACE, published

XSD = "{http://www.w3.org/2001/XMLSchema}"
WHOLE, DATE = r"[+-]?\d+", r"-?\d{4,}-\d\d-\d\d"
ZONE = r"(Z|[+-]\d\d:\d\d)?"
BUILT_IN = {
    "xsd:string": r"(?s:.*)",
    "xsd:integer": WHOLE,
    "xsd:boolean": "true|false|0|1",
    "xsd:decimal": r"[+-]?(\d+(\.\d*)?|\.\d+)",
    "xsd:date": DATE + ZONE,
    "xsd:dateTime": DATE + r"T\d\d:\d\d:\d\d(\.\d+)?" + ZONE,
}


@cache
def schema() -> tuple[dict, dict]:
    """Complex types by name as (children as expression, {child: type}, {attribute: (type, needed)}); value patterns."""
    root = ElementTree.parse(published("Project.xsd")).getroot()
    patterns = dict(BUILT_IN)
    for simple in root.findall(f"{XSD}simpleType"):
        kind = simple.find(f"{XSD}restriction")
        words = [re.escape(each.get("value")) for each in kind.findall(f"{XSD}enumeration")]
        patterns[simple.get("name")] = "|".join(words) or kind.find(f"{XSD}pattern").get("value")
    types = {}
    for complex_type in root.findall(f"{XSD}complexType"):
        children: dict[str, str] = {}
        groups = [each for each in complex_type if each.tag in (f"{XSD}sequence", f"{XSD}choice")]
        expression = "".join(_particle(each, children) for each in groups)
        attributes = {
            each.get("name"): (each.get("type"), each.get("use") == "required")
            for each in complex_type.findall(f"{XSD}attribute")
        }
        types[complex_type.get("name")] = (expression, children, attributes)
    return types, patterns


def _particle(node: ElementTree.Element, children: dict[str, str]) -> str:
    if node.tag == f"{XSD}element":
        children[node.get("name")] = node.get("type")
        inner = f"{node.get('name')} "
    else:
        assert node.tag in (f"{XSD}sequence", f"{XSD}choice"), node.tag
        parts = [_particle(each, children) for each in node]
        inner = ("|" if node.tag == f"{XSD}choice" else "").join(parts)
    low, high = node.get("minOccurs", "1"), node.get("maxOccurs", "1")
    return f"({inner}){{{low},{'' if high == 'unbounded' else high}}}"


def problems(document: bytes) -> list[str]:
    """What the published schema finds wrong with a project."""
    root = ElementTree.fromstring(document)
    if root.tag != f"{{{SPACE}}}Project":
        return [f"root is {root.tag}"]
    found: list[str] = []
    _check(root, "ProjectType", found)
    return found


def _check(node: ElementTree.Element, kind: str, found: list[str]) -> None:
    types, patterns = schema()
    name = node.tag.removeprefix(f"{{{SPACE}}}")
    if kind in patterns:
        if len(node) or node.attrib or not re.fullmatch(patterns[kind], node.text or ""):
            found.append(f"<{name}> is no {kind}: {node.text!r}")
        return
    expression, children, attributes = types[kind]
    held = [each.tag.removeprefix(f"{{{SPACE}}}") for each in node]
    if not re.fullmatch(expression, "".join(f"{each} " for each in held)):
        found.append(f"<{name}> holds {held[:20]}")
        return
    if (node.text or "").strip():
        found.append(f"<{name}> has loose words")
    for key, value in node.attrib.items():
        if key not in attributes or not re.fullmatch(patterns[attributes[key][0]], value):
            found.append(f"<{name}> has {key}={value!r}")
    found += [f"<{name}> lacks {key}" for key, (_, needed) in attributes.items() if needed and key not in node.attrib]
    for each, child in zip(node, held, strict=True):
        _check(each, children[child], found)

"""The published standard: our tables say what its schema says, its samples go in and out whole."""

import zipfile
from dataclasses import replace
from io import BytesIO
from xml.etree import ElementTree

import pytest
from qdpx_samples import package, published
from qdpx_schema import problems, schema

from inroads.interop.qdpx import MediaSource, TextSource, read_project, write_project
from inroads.interop.qdpx.schema import ELEMENTS, POINTERS, WORDS

SAMPLES = ["Project.qde", "TestProject.qdpx"]
KINDS = {"text": "xsd:string", "path": "xsd:string", "time": "xsd:dateTime", "whole": "xsd:integer"}
KINDS |= {"bool": "xsd:boolean", "decimal": "xsd:decimal", "day": "xsd:date", "guid": "GUIDType", "colour": "RGBType"}
KINDS |= {"direction": "directionType", "type": "typeOfVariableType", "shape": "ShapeType", "line": "LineStyleType"}
KINDS |= dict.fromkeys(POINTERS, "GUIDType")


def elements_of_the_schema():
    """Every element that can be reached from the root, with its type."""
    types, _ = schema()
    found, waiting = {}, {"Project": "ProjectType"}
    while waiting:
        name, kind = waiting.popitem()
        assert found.setdefault(name, kind) == kind, "one name, one type: the tables go by names"
        children = types[kind][1] if kind in types else {}
        waiting |= {child: of for child, of in children.items() if child not in found}
    return found


def test_our_tables_name_every_element_and_attribute_of_the_schema_and_no_other():
    types, patterns = schema()
    reached = elements_of_the_schema()
    assert set(reached) == set(ELEMENTS)
    for name, kind in reached.items():
        spec = ELEMENTS[name]
        if kind in patterns:
            assert (KINDS[spec.text], spec.attributes, spec.children) == (kind, {}, {}), name
            continue
        _, children, attributes = types[kind]
        ours = {key: (KINDS[each.kind], each.needed) for key, each in spec.attributes.items()}
        assert ours == attributes, name
        assert set(spec.children) == set(children), name
        assert not spec.text, name


def test_our_tables_have_the_order_and_the_numbers_of_the_schema():
    """Made to say its children in the notation of the schema's expressions."""
    types, _ = schema()
    for name, kind in elements_of_the_schema().items():
        if kind not in types:
            continue
        spec, expression = ELEMENTS[name], types[kind][0]
        if spec.any_order:
            inner = "|".join(f"({child} ){{1,1}}" for child in spec.children)
            assert expression == f"({inner}){{1,}}", name
            continue
        parts = []
        for child, said in spec.children.items():
            text = f"({child} ){{{int(said.needed)},{'' if said.many else 1}}}"
            parts.append((text, child in spec.only_one_of))
        alone = "".join(text for text, one in parts if not one)
        choice = "|".join(text for text, one in parts if one)
        inner = alone + (f"({choice}){{1,1}}" if choice else "")
        assert expression == (f"({inner}){{1,1}}" if inner else ""), name


def test_our_words_are_the_words_of_the_schema():
    _, patterns = schema()
    for kind, words in WORDS.items():
        assert patterns[KINDS[kind]].split("|") == list(words)


@pytest.mark.parametrize("name", SAMPLES)
def test_a_published_sample_goes_in_and_out_whole(name):
    project = read_project(published(name))
    assert len(project.sources) == 12
    assert len(project.codes) == 14
    assert [type(source) for source in project.sources].count(TextSource) == 6
    assert sum(len(passage.codings) for text in project.texts() for passage in text.passages) == 9
    assert sum(len(group.sources) + len(group.codes) for group in project.groups) == 42
    assert len(project.links) == len(project.graphs) == 1
    media = {source.name: source for source in project.sources if isinstance(source, MediaSource)}
    assert len(media["1994 Diet Coke-Diet Coke Break.mp4"].kept) == 3
    written = write_project(project)
    again = read_project(written)
    assert again == project
    assert write_project(again) == written


@pytest.mark.parametrize("name", SAMPLES)
def test_nothing_of_a_published_sample_is_lost_on_the_way(name):
    """Told without our own reader: every element, attribute and word, as often as before."""

    def told(raw):
        out = []
        for node in ElementTree.fromstring(raw).iter():
            values = {
                key: value.lower() if "-" in value and len(value) == 36 else value for key, value in node.attrib.items()
            }
            out.append((node.tag, sorted(item for item in values.items() if "XMLSchema-instance" not in item[0])))
            out.append((node.tag, (node.text or "").strip()))
        return sorted(map(str, out))

    path = published(name)
    before = zipfile.ZipFile(path).read("Project.qde") if name.endswith("qdpx") else path.read_bytes()
    after = zipfile.ZipFile(BytesIO(write_project(read_project(path)))).read("project.qde")
    assert told(after) == told(before)


@pytest.mark.parametrize("name", SAMPLES)
def test_what_we_write_of_a_published_sample_fits_the_schema(name):
    written = write_project(read_project(published(name)))
    assert problems(zipfile.ZipFile(BytesIO(written)).read("project.qde")) == []
    assert problems(published("Project.qde").read_bytes().replace(b' xsi:schemaLocation="', b' origin2="')) != []


def test_positions_of_the_published_sample_count_from_nought_and_leave_the_end_out():
    """Passages are named after the words they stand on; where the name is whole, its length says how ends are meant."""
    project = read_project(published("Project.qde"))
    named = {p.name: p for text in project.texts() for p in text.passages if not p.name.endswith("…")}
    for words in ("granola", "Oh, that was great. See you tomorrow? Eleven thirty. Mm."):
        assert named[words].end - named[words].start == len(words)
    assert any(passage.start == 0 for text in project.texts() for passage in text.passages)


def test_the_published_sample_reads_with_texts_beside_it():
    raw = published("Project.qde").read_bytes()
    words = "x" * 139 + "Oh, that was great. See you tomorrow? Eleven thirty. Mm." + "y" * 800
    bare = read_project(raw)
    names = [text.path.removeprefix("internal://") for text in bare.texts()]
    project = read_project(package(raw, {f"Sources/{name}": words.encode() for name in names}))
    coded = [(text, passage) for text in project.texts() for passage in text.passages if passage.start == 139]
    assert [text.words(passage) for text, passage in coded] == [
        "Oh, that was great. See you tomorrow? Eleven thirty. Mm."
    ]
    assert replace(project, sources=()) == replace(bare, sources=())
    assert read_project(write_project(project)) == project

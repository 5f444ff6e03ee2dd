"""Codebooks and projects as other programs write them: taken where nothing is lost, refused elsewhere."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from qdpx_samples import ADA, CODES, FINE, NOW, ROUGH, guid, package, passage, text_source, xml

from inroads.interop.qdpx import (
    Counting,
    MediaSource,
    QdaError,
    TextSource,
    read_codebook,
    read_file,
    read_project,
    write_codebook,
    write_project,
)
from inroads.interop.qdpx.positions import Ruler


def codebook(codes: str, *, space: str = "urn:QDA-XML:codebook:1.0", head: str = "") -> bytes:
    return f'{head}<CodeBook xmlns="{space}" origin="A program"><Codes>{codes}</Codes></CodeBook>'.encode()


CODE = f'<Code guid="{ROUGH}" name="Rough" isCodable="true"/>'


@pytest.mark.parametrize("space", ["urn:QDA-XML:codebook:1.0", "urn:QDA-XML:codebook:1:0", "urn:QDA-XML:project:1.0"])
def test_a_codebook_is_read_under_each_name_that_programs_give_the_standard(space):
    found = read_codebook(codebook(CODE, space=space))
    assert (found.origin, [code.name for code in found.codes], found.remarks) == ("A program", ["Rough"], ())


def test_codes_keep_place_colour_words_and_whether_they_can_be_given():
    inside = (
        f'<Code guid="{{{FINE.upper()}}}" name=" a &amp; &#9;b " isCodable="0" color="#0fA">'
        f"<Description>one\r\ntwo &#13;&lt;</Description>{CODE}</Code>"
    )
    (code,) = read_codebook(codebook(inside)).codes
    assert (code.guid, code.name, code.is_codable, code.colour) == (FINE, " a & \tb ", False, "#0fA")
    assert code.description == "one\ntwo \r<"
    assert [child.guid for child in code.children] == [ROUGH]


def test_what_can_be_put_right_is_and_is_said():
    inside = (
        f'<Code guid="{ROUGH}" name="a" color="red"><Icon><Code/></Icon>loose</Code>'
        f'<Code guid="{FINE}" name="b" color="blue" isCodable="true" rank="3">'
        f'<Code guid="{guid(9)}" name="c" isCodable="1"/>'
        "<Description>late</Description></Code>"
    )
    found = read_codebook(codebook(inside))
    assert [(code.name, code.colour, code.is_codable) for code in found.codes] == [("a", "", True), ("b", "", True)]
    assert found.codes[1].description == "late"
    assert [remark.partition(": ")[2] for remark in found.remarks] == [
        "color of <Code> is 'red', not a colour (#RGB or #RRGGBB); left out",
        "<Code> has no isCodable; taken as a code that can be given",
        "<Icon> in <Code> is not in the standard; left out",
        "words stand loose in <Code>; left out",
        "color of <Code> is 'blue', not a colour (#RGB or #RRGGBB); left out",
        "'rank' of <Code> is not in the standard; left out",
        "<Description> stands too late in <Code>; put in its place",
    ]
    assert all(remark.startswith("line 1") for remark in found.remarks)
    assert read_codebook(write_codebook(found)) == found
    assert read_codebook(write_codebook(found)).remarks == ()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "iso-8859-1", "windows-1252"])
def test_the_encoding_is_the_one_the_file_names(encoding):
    head = f'<?xml version="1.0" encoding="{encoding.removesuffix("-sig")}"?>'
    raw = codebook(CODE.replace("Rough", "Café"), head=head).decode().encode(encoding)
    assert read_codebook(raw).codes[0].name == "Café"


@pytest.mark.parametrize(
    ("raw", "words"),
    [
        (b"", "line 1: is not whole XML"),
        (b"guid;name", "line 1: is not whole XML"),
        (codebook(CODE)[:-9], "is not whole XML"),
        (
            b"<html/>",
            "begins with <html> of '', not with <CodeBook> of 'urn:QDA-XML:codebook:1.0'; export it as REFI-QDA",
        ),
        (package(xml("")), "is a package, so a project and not a codebook; read it as a project"),
        (codebook('<Code name="x" isCodable="true"/>'), "line 1: <Code> has no guid; the standard asks for it"),
        (codebook(f'<Code guid="{ROUGH}" isCodable="true"/>'), "line 1: <Code> has no name"),
        (codebook('<Code guid="1" name="x" isCodable="true"/>'), "guid of <Code> is '1', not a GUID"),
        (codebook(f'<Code guid="{{{ROUGH}" name="x" isCodable="true"/>'), "not a GUID"),
        (
            codebook(f'<Code guid="{ROUGH}" name="x" isCodable="yes"/>'),
            "isCodable of <Code> is 'yes', not true or false",
        ),
        (codebook(CODE + "\n" + CODE), "line 2: <Code> has the guid .* that another has on line 1; give it its own"),
        (b'<CodeBook xmlns="urn:QDA-XML:codebook:1.0"/>', "<CodeBook> holds no <Codes>"),
        (codebook(CODE).replace(b"</Codes>", b"</Codes><Codes/>"), "has a second <Codes>; there may be one"),
        (b'<?xml version="1.0" encoding="klingon"?><a/>', "encoding"),
    ],
)
def test_broken_codebooks_are_refused_with_place_and_remedy(raw, words):
    with pytest.raises(QdaError, match=words) as error:
        read_codebook(raw)
    assert str(error.value).startswith("codebook.qdc")


def test_an_empty_codebook_is_one():
    found = read_codebook(codebook(""))
    assert found.codes == ()
    assert found.remarks == ("line 1: <Codes> is empty; left out",)


def test_a_file_that_is_not_there_is_named(tmp_path: Path):
    for read in (read_codebook, read_project):
        with pytest.raises(QdaError, match=r"none\.qd: cannot be read \(No such file or directory\)"):
            read(tmp_path / "none.qd")


TEXT = "Café 👍🏽 up\r\nand down"


def test_a_passage_is_the_words_between_its_positions():
    source = text_source(passage(5, 10) + passage(12, 15, number=2), path="internal://A b.TXT")
    (found,) = read_project(package(xml(source), {"sources/a B.txt": TEXT.encode()})).sources
    assert isinstance(found, TextSource)
    assert found.text == TEXT, "line ends stay as they stand"
    assert [found.words(each) for each in found.passages] == ["👍🏽 up", "and"]
    assert found.passages[0].codings[0].code == ROUGH


@pytest.mark.parametrize(
    ("counting", "start", "end"),
    [(Counting.CODE_POINTS, 12, 15), (Counting.UTF_16, 14, 17), (Counting.LINE_ENDS_AS_ONE, 11, 14)],
)
def test_positions_counted_in_other_ways_are_turned_into_code_points(counting, start, end):
    whole = package(
        xml(text_source(passage(start, end, name="and"), path="internal://a.txt")), {"Sources/a.txt": TEXT.encode()}
    )
    (found,) = read_project(whole, counting=counting).sources
    assert found.words(found.passages[0]) == "and"
    remarks = read_project(whole).remarks
    assert bool(remarks) == (counting is not Counting.CODE_POINTS)
    if remarks:
        assert f"in {counting.value}, 1: read again with Counting.{counting.name}" in remarks[0]


@given(st.text(st.sampled_from("a\r\né👍"), max_size=30), st.integers(0, 30), st.integers(0, 30))
def test_a_ruler_agrees_with_cutting_the_text(text, one, other):
    start, end = sorted((min(one, len(text)), min(other, len(text))))
    before, within = text[:start], text[start:end]
    units = Ruler(text, Counting.UTF_16)
    assert units.length == len(text.encode("utf-16-le")) // 2
    assert units.point(len(before.encode("utf-16-le")) // 2) == start
    if not (before.endswith("\r") and text[start : start + 1] == "\n") and not (
        within.endswith("\r") and text[end : end + 1] == "\n"
    ):
        ruler = Ruler(text, Counting.LINE_ENDS_AS_ONE)
        assert ruler.length == len(text.replace("\r\n", "\n"))
        assert ruler.point(len(text[:end].replace("\r\n", "\n"))) == end


@pytest.mark.parametrize(
    ("start", "end", "words"),
    [
        (
            0,
            21,
            r"goes from 0 to 21, which is no part of a text of 20 Unicode code points; it would fit in UTF-16 units",
        ),
        (0, 23, "which is no part of a text of 20 Unicode code points; export it again"),
        (-1, 3, "goes from -1 to 3"),
        (3, 2, "goes from 3 to 2"),
        ("x", 2, "startPosition of <PlainTextSelection> is 'x', not a whole number"),
        ("9" * 30, 2, "not a whole number"),
    ],
)
def test_passages_beyond_their_text_are_refused(start, end, words):
    whole = package(xml(text_source(passage(start, end), path="internal://a.txt")), {"Sources/a.txt": TEXT.encode()})
    with pytest.raises(QdaError, match=words):
        read_project(whole)


def test_a_position_inside_a_character_is_refused():
    with pytest.raises(QdaError, match="is no part of a text of 3 UTF-16 units; it would fit in Unicode code points"):
        read_project(xml(text_source(passage(1, 2), content="👍a")).encode(), counting=Counting.UTF_16)


@pytest.mark.parametrize(
    ("raw", "text", "remark"),
    [
        (b"\xef\xbb\xbfCaf\xc3\xa9", "Café", ""),
        ("Café".encode("utf-16"), "Café", "a text is saved in UTF-16; read as such"),
        (b"Caf\xe9", "Café", "the text 'a.txt' is not UTF-8; read as Windows Western European text"),
        (b"", "", ""),
        (b"a\x00b\rc", "a\x00b\rc", ""),
    ],
)
def test_texts_are_read_as_they_were_saved(raw, text, remark):
    found = read_project(package(xml(text_source("", path="internal://a.txt")), {"Sources/a.txt": raw}))
    assert found.sources[0].text == text
    assert found.remarks == ((remark,) if remark else ())
    assert read_project(write_project(found)) == found
    with pytest.raises(QdaError, match="cannot be decoded at byte 0; save it as UTF-8"):
        read_project(package(xml(text_source("", path="internal://a.txt")), {"Sources/a.txt": b"\x81"}))


def test_a_text_in_two_places_and_a_text_in_none():
    both = text_source("", path="internal://a.txt").replace(
        "</TextSource>", "<PlainTextContent>in</PlainTextContent></TextSource>"
    )
    found = read_project(package(xml(both), {"Sources/a.txt": b"out"}))
    assert (found.sources[0].text, found.remarks) == (
        "out",
        ("line 1: a text stands both in a file and in the project; the file is taken",),
    )
    found = read_project(package(xml(both)))
    assert (found.sources[0].text, found.sources[0].path) == ("in", "")
    found = read_project(package(xml(text_source(passage(5, 900), path="internal://a.txt"))))
    assert (found.sources[0].text, found.sources[0].path) == (None, "internal://a.txt")
    assert read_project(write_project(found)) == found


def test_sources_stay_in_order_and_media_stay_whole():
    inside = (
        f'<AudioSource guid="{guid(1)}" path="internal://a.mp3"><AudioSelection guid="{guid(2)}" begin="1" end="2"/>'
        "</AudioSource>"
        f'<TextSource guid="{guid(3)}"/><PictureSource guid="{guid(4)}" path="absolute:///home/x.png">'
        f'<TextDescription guid="{guid(5)}"><PlainTextContent>A bus</PlainTextContent></TextDescription>'
        f'<PictureSelection guid="{guid(6)}" firstX="0" firstY="0" secondX="9" secondY="9"/></PictureSource>'
    )
    whole = package(xml(f"<Sources>{inside}</Sources>"), {"Sources/a.mp3": b"sound", "read me.txt": b""})
    found = read_project(whole)
    assert [source.guid for source in found.sources] == [guid(1), guid(3), guid(4)]
    picture = found.sources[2]
    assert isinstance(picture, MediaSource)
    assert [text.text for text in found.texts()] == [None, "A bus"]
    assert found.attached == ("a.mp3",)
    assert found.remarks == ("the package holds 'read me.txt' outside its folder 'sources'; left out",)
    assert read_file(whole, "a.mp3") == b"sound"
    assert read_project(write_project(found, carry_from=whole)) == found
    with pytest.raises(QdaError, match=r"there is no file 'b\.mp3'"):
        read_file(whole, "b.mp3")


def test_the_project_may_have_another_name_and_stand_alone():
    assert read_project(package(xml("", name="x"), name="Study.QDE")).name == "x"
    assert read_project(xml("", name="y").encode()).name == "y"
    assert read_project(xml("", name="z").encode("utf-16")).name == "z"


@pytest.mark.parametrize(
    ("inside", "words"),
    [
        (
            text_source(passage(0, 1, code=FINE), content="abc"),
            "points at the code .*2, which the codebook does not hold",
        ),
        (text_source(passage(0, 1) + passage(1, 2), content="abc"), "<PlainTextSelection> has the guid"),
        (f'<Users><User guid="{ADA}"/><User guid="{ADA.upper()}"/></Users>', "<User> has the guid"),
        (f'<Sources><TextSource guid="{ADA}"/><PDFSource guid="{ADA}"/></Sources>', "<PDFSource> has the guid"),
        (text_source(passage(0, 1).replace("<CodeRef", "<NoteRef"), content="a"), "<Coding> holds no <CodeRef>"),
        (
            f'<Cases><Case guid="{ADA}"><VariableValue><VariableRef targetGUID="{ADA}"/><TextValue>a</TextValue>'
            "<BooleanValue>true</BooleanValue></VariableValue></Case></Cases>",
            "<VariableValue> holds more than one value",
        ),
        (
            f'<Cases><Case guid="{ADA}"><VariableValue><VariableRef targetGUID="{ADA}"/>'
            "<IntegerValue>many</IntegerValue></VariableValue></Case></Cases>",
            "<IntegerValue> is 'many', not a whole number",
        ),
    ],
)
def test_projects_that_would_mean_something_else_are_refused(inside, words):
    with pytest.raises(QdaError, match=words):
        read_project(xml(inside).encode())


def test_pointers_to_nowhere_are_kept_and_said():
    inside = (
        f'{CODES}<Sources><TextSource guid="{guid(1)}" creatingUser="{ADA}" creationDateTime="18/03/2019">'
        f"<PlainTextContent>abc</PlainTextContent>"
        f'<Coding guid="{guid(2)}" creationDateTime="{NOW}"><CodeRef targetGUID="{ROUGH}"/></Coding>'
        f'<Coding guid="{guid(2)}"><CodeRef targetGUID="{ROUGH}"/></Coding>'
        f'<NoteRef targetGUID="{guid(4)}"/></TextSource></Sources>'
        f'<Links><Link guid="{guid(3)}" originGUID="{guid(1)}" targetGUID="{guid(99)}"/></Links>'
    )
    found = read_project(xml(inside).encode())
    assert sorted(remark.partition(": ")[2] for remark in found.remarks) == [
        "<Coding> has the guid of another <Coding>; both kept",
        "creationDateTime of <TextSource> is '18/03/2019', not a time (2026-03-18T09:30:00Z); left out",
        "points at a note that is not in the project; kept as it is",
        "points at a thing that is not in the project; kept as it is",
        "points at a user that is not in the project; kept as it is",
    ]
    assert [coding.created for coding in found.sources[0].codings] == [NOW, ""]
    assert read_project(write_project(found)) == found

"""Codebooks and projects made for these tests, and the folder of the published standard."""

import io
import uuid
import zipfile
from pathlib import Path

import pytest

from inroads.interop.qdpx import (
    INTERNAL,
    Code,
    Coding,
    Group,
    Kept,
    MediaSource,
    Passage,
    Project,
    Stamp,
    TextSource,
    User,
)

FOLDER = Path(__file__).resolve().parents[4] / "shared" / "standards" / "refi-qda"
SPACE = "urn:QDA-XML:project:1.0"


def published(name: str) -> Path:
    """A file of the published standard; skips where it is absent."""
    path = FOLDER / name
    if not path.is_file():
        pytest.skip(f"needs the published standard in {FOLDER}")
    return path


def guid(number: int, kind: int = 0) -> str:
    """The same GUID for the same number."""
    return str(uuid.UUID(int=(kind << 64) + number))


ADA, ROUGH, FINE, HEADING = guid(1, 1), guid(1, 2), guid(2, 2), guid(3, 2)
NOW = "2026-03-18T09:30:00Z"
WORDS = "Nobody asked us 👩🏽‍💻.\r\nThe café\u0301 was 5 miles away; & <then>\n\nno bus."


def small() -> Project:
    """A project with one of everything."""
    codes = (
        Code(
            HEADING,
            "Access",
            is_codable=False,
            description="How people get in\r\nand out",
            children=(Code(ROUGH, 'Not "asked"', colour="#F00082", notes=(guid(1, 5),)), Code(FINE, "No bus <yet>")),
        ),
    )
    stamp = Stamp(ADA, NOW, ADA, "2026-03-19T09:30:00.1234567+01:00")
    passages = (
        Passage(
            guid(1, 4), 0, 15, (Coding(guid(1, 3), ROUGH, ADA, NOW, (guid(1, 5),)),), "Nobody asked us", stamp=stamp
        ),
        Passage(guid(2, 4), 16, 20, (Coding(guid(2, 3), ROUGH), Coding(guid(3, 3), FINE)), description="the emoji"),
        Passage(guid(3, 4), len(WORDS), len(WORDS)),
    )
    value = Kept(
        "VariableValue",
        children=(
            Kept("VariableRef", (("targetGUID", guid(1, 7)),)),
            Kept("IntegerValue", text="42"),
        ),
    )
    box = Kept(
        "PDFSelection",
        (("guid", guid(5, 4)), ("page", "0"), ("firstX", "1"), ("firstY", "2"), ("secondX", "3"), ("secondY", "-4")),
        children=(
            Kept(
                "Coding",
                (("guid", guid(9, 3)), ("creatingUser", ADA)),
                children=(Kept("CodeRef", (("targetGUID", FINE),)),),
            ),
        ),
    )
    return Project(
        name="Return of one\nsystem",
        codes=codes,
        users=(User(ADA, "Ada", "ada"), User(guid(2, 1))),
        sources=(
            TextSource(
                guid(1, 6),
                "Return",
                WORDS,
                f"{INTERNAL}return.txt",
                rich_path=f"{INTERNAL}Return é.docx",
                description="sent in March",
                passages=passages,
                codings=(Coding(guid(4, 3), FINE),),
                notes=(guid(1, 5),),
                values=(value,),
                stamp=stamp,
            ),
            MediaSource(
                "PDFSource",
                guid(2, 6),
                "Plan.pdf",
                f"{INTERNAL}plan.pdf",
                text=TextSource(
                    guid(3, 6), "", "Plan for 2026", f"{INTERNAL}plan.txt", passages=(Passage(guid(7, 4), 0, 4),)
                ),
                codings=(Coding(guid(5, 3), FINE),),
                kept=(box,),
            ),
            TextSource(guid(4, 6), "Inline", ""),
            MediaSource("AudioSource", guid(5, 6), "Talk", "relative:///talk.m4a", notes=(guid(1, 5),)),
            TextSource(guid(6, 6), "Elsewhere", None, "relative://far.txt", passages=(Passage(guid(8, 4), 3, 400),)),
        ),
        notes=(TextSource(guid(1, 5), "Why", " spaces \r and lines\n "),),
        groups=(Group(guid(1, 8), "Both", "of them", (ROUGH,), (guid(1, 6),), (guid(1, 5),)),),
        variables=(Kept("Variable", (("guid", guid(1, 7)), ("name", "Age"), ("typeOfVariable", "Integer"))),),
        cases=(Kept("Case", (("guid", guid(2, 7)),), children=(Kept("CodeRef", (("targetGUID", ROUGH),)), value)),),
        links=(Kept("Link", (("guid", guid(3, 7)), ("originGUID", guid(1, 5)), ("targetGUID", guid(1, 4)))),),
        graphs=(Kept("Graph", (("guid", guid(4, 7)), ("name", "Net"))),),
        description="Two sources",
        about=(guid(1, 5),),
        origin="Inroads",
        stamp=stamp,
        attached=("Return é.docx", "plan.pdf"),
    )


FILES = {"Return é.docx": b"PK word", "plan.pdf": b"%PDF-1.7 \x00\xff"}


def xml(inside: str, *, space: str = SPACE, head: str = "", name: str = "P") -> str:
    """A project around some elements."""
    return f'{head}<Project xmlns="{space}" name="{name}">{inside}</Project>'


CODES = f'<CodeBook><Codes><Code guid="{ROUGH}" name="Rough" isCodable="true"/></Codes></CodeBook>'


def package(project: str | bytes, files: dict[str, bytes] | None = None, *, name: str = "project.qde") -> bytes:
    """A package around a project; the same bytes whenever it is made, as names of tests are made of them."""
    whole = io.BytesIO()
    with zipfile.ZipFile(whole, "w") as archive:
        for each, content in ((name, project), *(files or {}).items()):
            archive.writestr(zipfile.ZipInfo(each), content, zipfile.ZIP_DEFLATED)
    return whole.getvalue()


def text_source(passages: str, *, content: str = "", path: str = "") -> str:
    """A text source around some passages, its text inside or in a file."""
    where = f'plainTextPath="{path}"' if path else ""
    inside = "" if path else f"<PlainTextContent>{content}</PlainTextContent>"
    return f'{CODES}<Sources><TextSource guid="{guid(1, 6)}" name="T" {where}>{inside}{passages}</TextSource></Sources>'


def passage(start: object, end: object, *, name: str = "", number: int = 1, code: str = ROUGH) -> str:
    """A passage with one coding."""
    return (
        f'<PlainTextSelection guid="{guid(number, 4)}" startPosition="{start}" endPosition="{end}" name="{name}">'
        f'<Coding guid="{guid(number, 3)}"><CodeRef targetGUID="{code}"/></Coding></PlainTextSelection>'
    )

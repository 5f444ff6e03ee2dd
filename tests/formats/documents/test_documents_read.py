"""Documents of systems read in: what a PDF, a Word file or a text says, and what is said of those that say nothing."""

import io
import os
import time
import unicodedata
import zipfile
from contextlib import suppress

import pytest
from document_samples import (
    MAIN,
    WITH_MACROS,
    W,
    bare_pdf,
    bare_word,
    packed,
    paragraph,
    pdf,
    word,
)
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from pypdf import PdfReader, PdfWriter

from inroads.interop.documents import PDF, TEXT, WORD, DocumentError, read_document, reader
from inroads.interop.documents.paragraphs import EMPTY_PAGE, Gathering
from inroads.systems.actions.returns import passages_of

LOREM = "People who need services were asked before it was decided and heard what came of it. "
DOCUMENT = f"""<style>@page {{ size: A4; @bottom-center {{ content: "Foot " counter(page) }} }}</style>
<h1>How we work</h1><p>First: {LOREM * 4}</p><p>Second: {LOREM * 3}</p>
<ul><li>One thing</li><li>Another thing: {LOREM * 2}</li></ul>
<table><tr><td>Left</td><td>Right</td></tr><tr><td>Under</td><td>Beside</td></tr></table>
<p style="break-before: page">The second page.</p>"""


def paragraphs(found):
    return found.text.split("\n\n")


# PDF


@pytest.fixture(scope="module")
def of_pdf():
    return read_document("return.pdf", pdf(DOCUMENT))


def test_a_pdf_becomes_paragraphs_with_lists_rows_and_pages(of_pdf):
    found = paragraphs(of_pdf)
    assert found[:3] == ["How we work", f"First: {LOREM * 4}".strip(), f"Second: {LOREM * 3}".strip()]
    assert found[3] == "• One thing"
    assert found[4].startswith("• Another thing: People")
    assert found[5:7] == ["Left Right", "Under Beside"]
    assert (of_pdf.kind, len(of_pdf.pages), of_pdf.notes) == (PDF, 2, ())
    assert of_pdf.text[of_pdf.pages[1] :].startswith("The second page.")
    assert "Foot 1" in found


def test_words_broken_at_the_end_of_a_line_are_put_together_with_care():
    lines = [
        "An assess-",
        "ment of well-",
        "being with well-being in it, and co-",
        "design by hand. Every",
        "design is",
    ]
    stream = b"BT /F1 12 Tf 14 TL 50 700 Td " + b"".join(b"(%s) Tj T* " % each.encode() for each in lines) + b"ET"
    stream = stream.replace(b"(design is)", b"(design is their co, the co and the design's.)")
    found = read_document("a.pdf", bare_pdf(stream)).text
    assert found.startswith("An assessment of well-being with well-being in it, and co-design by hand.")


def test_ligatures_and_letters_in_two_parts_become_plain_ones():
    found = read_document("a.txt", "The o\ufb03ce in the cafe\u0301".encode())
    assert found.text == "The office in the café"


def test_a_scan_is_a_picture_of_text_and_the_error_says_what_to_do():
    for content in (bare_pdf(b"q 10 0 0 10 0 0 cm Q", pages=3), b"\x89PNG\r\n\x1a\nxxxx", b"\xff\xd8\xff\xe0xxxx"):
        with pytest.raises(
            DocumentError, match=r"'scan\.pdf': this is a picture of text; type it or have it recognised"
        ):
            read_document("scan.pdf", content)


def test_a_page_without_words_keeps_the_numbers_of_those_behind_it():
    found = read_document("a.pdf", pdf("<p>One</p><p style='break-before:page'></p><p style='break-before:page'>Three"))
    assert paragraphs(found) == ["One", EMPTY_PAGE, "Three"]
    assert [found.text[page:][:3] for page in found.pages] == ["One", "[No", "Thr"]
    assert found.notes == (
        "No words were found on page 2. If there are words in pictures there, they are missing here.",
    )


def test_a_pdf_with_a_password_is_refused_and_one_that_only_forbids_changes_is_read():
    for password, opens in (("secret", False), ("", True)):
        writer = PdfWriter(clone_from=PdfReader(io.BytesIO(pdf("<p>Words"))))
        writer.encrypt(password, owner_password="owner", algorithm="AES-256")
        out = io.BytesIO()
        writer.write(out)
        if opens:
            assert read_document("a.pdf", out.getvalue()).text == "Words"
        else:
            with pytest.raises(DocumentError, match="protected with a password; save it without one"):
                read_document("a.pdf", out.getvalue())


# Word


def test_a_word_file_is_read_in_its_own_order_with_lists_and_tables():
    def make(made):
        made.add_heading("How we work", 1)
        made.add_paragraph("Before the table.")
        table = made.add_table(2, 2)
        table.cell(0, 0).text, table.cell(0, 1).text = "Left", "Right"
        table.cell(1, 0).merge(table.cell(1, 1)).text = "Across"
        made.add_paragraph("A point", style="List Bullet")
        made.add_paragraph("First", style="List Number")
        made.add_paragraph("Second", style="List Number")
        made.add_paragraph("Behind\tit.")

    found = read_document("return.docx", word(make=make))
    expected = ["How we work", "Before the table.", "Left | Right", "Across", "• A point", "1. First", "2. Second"]
    assert paragraphs(found) == [*expected, "Behind it."]
    assert (found.kind, found.pages, found.notes) == (WORD, (), ())


def test_changes_are_read_as_accepted_and_what_is_left_out_is_said():
    tracked = (
        '<w:p><w:r><w:t xml:space="preserve">We </w:t></w:r>'
        '<w:ins w:id="1" w:author="A"><w:r><w:t xml:space="preserve">now </w:t></w:r></w:ins>'
        '<w:del w:id="2" w:author="A"><w:r><w:delText>never </w:delText></w:r></w:del>'
        "<w:sdt><w:sdtContent><w:r><w:t>ask</w:t></w:r></w:sdtContent></w:sdt>"
        "<w:r><w:instrText>PAGE</w:instrText></w:r><w:r><w:noBreakHyphen/></w:r><w:hyperlink><w:r><w:t>back</w:t></w:r>"
        "</w:hyperlink><w:r><w:br/><w:t>A new line.</w:t></w:r><w:r><w:drawing/></w:r></w:p>"
        "<w:sdt><w:sdtContent><w:p><w:r><w:t>In a box.</w:t></w:r></w:p></w:sdtContent></w:sdt>"
        f"<w:p><w:r><w:pict><w:txbxContent>{paragraph('In a text box.')}</w:txbxContent></w:pict></w:r></w:p>"
    )
    found = read_document("return.docx", word(tracked))
    assert paragraphs(found) == ["We now ask-back\nA new line.", "In a box.", "In a text box."]
    assert [note.split(" ")[0] for note in found.notes] == ["Words", "Pictures"]


def test_footnotes_stand_behind_the_text_with_their_number_in_it():
    document = (
        f'<w:document {W}><w:body><w:p><w:r><w:t>Said</w:t></w:r><w:r><w:footnoteReference w:id="7"/></w:r></w:p>'
        f"{paragraph('Then.')}</w:body></w:document>"
    )
    notes = f'<w:footnotes {W}><w:footnote w:id="7">{paragraph("By whom.")}</w:footnote></w:footnotes>'
    rels = (
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" '
        'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/footnotes" Target="footnotes.xml"/>'
        "</Relationships>"
    )
    parts = [("word/footnotes.xml", notes.encode()), ("word/_rels/document.xml.rels", rels.encode())]
    found = read_document("a.docx", bare_word(document, more=parts))
    assert paragraphs(found) == ["Said[1]", "Then.", "[1] By whom."]


def test_a_word_file_with_macros_is_read_and_they_are_not_looked_at():
    document = f"<w:document {W}><w:body>{paragraph('Words.')}</w:body></w:document>"
    macros = [("word/vbaProject.bin", b"\xd0\xcf\x11\xe0")]
    assert read_document("a.docm", bare_word(document, kind=WITH_MACROS, more=macros)).text == "Words."


# Text


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252"])
def test_a_text_is_read_as_people_save_it(encoding):
    words = "“Café” – first.\r\nSame paragraph.\r\n\r\n\r\n  \r\nSecond.\r\n"
    found = read_document("a.txt", words.encode(encoding))
    assert (found.text, found.kind, found.pages) == ("“Café” – first.\nSame paragraph.\n\nSecond.", TEXT, ())
    assert bool(found.notes) == (encoding == "cp1252")


def test_a_text_in_long_lines_has_a_paragraph_a_line_and_form_feeds_are_pages():
    found = read_document("a.txt", f"{LOREM * 3}\nShort.\f\fThird page\0\x07.".encode())
    assert paragraphs(found) == [(LOREM * 3).strip(), "Short.", EMPTY_PAGE, "Third page."]
    assert len(found.pages) == 3


# What cannot be read


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "the file is empty; choose the file that has the words"),
        (b" \r\n\0\0 ", "the file is empty"),
        (
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"x" * 600,
            r"is an old Word file \(\.doc\), or one with a password; save",
        ),
        (b"{\\rtf1 words}", r"is a rich text file \(\.rtf\); open it in Word and save it as \.docx"),
        (b"<!DOCTYPE html><p>words", "is a web page; print it to a PDF"),
        (b"PK\x03\x04" + b"x" * 100, r"is broken, or no Word file \(\.docx\)"),
        (b"%PDF-1.7\nnothing", "is broken, or no PDF"),
        (bytes(range(256)) * 20, "is neither a PDF"),
        (b"\x01\x02\x03\x04words" * 40, "is neither a PDF"),
        (b"x" * ((20 << 20) + 1), "is larger than 20 MB"),
    ],
)
def test_what_cannot_be_read_is_said_in_one_sentence_that_says_what_to_do(content, sentence):
    with pytest.raises(DocumentError, match=sentence) as caught:
        read_document("../../folder/return.any", content)
    assert str(caught.value).startswith("'return.any': ")
    assert "\n" not in str(caught.value)


def test_other_packages_are_no_word_files():
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as package:
        package.writestr("mimetype", "application/vnd.oasis.opendocument.text")
    with pytest.raises(DocumentError, match=r"is an OpenDocument file; save it as \.docx or PDF"):
        read_document("a.odt", out.getvalue())
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as package:
        package.writestr("../../etc/passwd", "x")
    with pytest.raises(DocumentError, match="is a package, but not a Word file"):
        read_document("a.docx", out.getvalue())


# Files made to do harm


def test_a_package_that_unpacks_to_much_is_refused_before_it_is_unpacked():
    began = time.monotonic()
    bomb = bare_word("<x/>", more=[(f"word/media/{number}.bin", bytes(30 << 20)) for number in range(7)])
    assert len(bomb) < 400_000
    made = time.monotonic()
    with pytest.raises(DocumentError, match="unpacks to more than 5,000 files or 200 MB"):
        read_document("a.docx", bomb)
    assert time.monotonic() - made < 5, made - began


@pytest.mark.parametrize(
    "head",
    [
        '<!DOCTYPE a [<!ENTITY e SYSTEM "file:///etc/passwd">]>',
        '<!DOCTYPE a [<!ENTITY e "ha"><!ENTITY f "&e;&e;&e;&e;&e;&e;">]>',
        '<!DOCTYPE a SYSTEM "http://127.0.0.1:9/a.dtd" [<!ENTITY e "ha">]>',
    ],
)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_entities_are_never_opened(head, encoding):
    document = f"{head}<w:document {W}><w:body>{paragraph('&e;')}</w:body></w:document>"
    for kind in (MAIN, WITH_MACROS):
        with pytest.raises(DocumentError, match="has a document type inside, as no Word file does"):
            read_document("a.docx", bare_word(document.encode(encoding), kind=kind))


def test_a_pdf_that_never_ends_is_ended(monkeypatch):
    """Drawings within drawings, each ten times the one before: a reader without a clock follows them for days."""
    monkeypatch.setattr(reader, "MOST_SECONDS", 3)
    deep = b"".join(b"/X%d Do " % (number % 4) for number in range(40))
    nasty = bare_pdf(b"BT /F1 12 Tf (x) Tj ET " * 3_000 + deep, pages=2_000)
    began = time.monotonic()
    with pytest.raises(DocumentError, match="takes longer than 3 seconds or too much memory to read"):
        read_document("a.pdf", nasty)
    assert time.monotonic() - began < 10


def test_a_pdf_that_unpacks_to_much_does_not_take_the_memory():
    nasty = bare_pdf(packed(bytes(150 << 20)), filters="/Filter /FlateDecode")
    assert len(nasty) < 1 << 20
    began = time.monotonic()
    with pytest.raises(DocumentError):
        read_document("a.pdf", nasty)
    assert time.monotonic() - began < 30


def test_too_many_pages_and_characters_are_refused():
    with pytest.raises(DocumentError, match=r"has 2,001 pages, more than 2,000; load it in parts"):
        read_document("a.pdf", bare_pdf(b"BT /F1 12 Tf (x) Tj ET", pages=2_001))
    with pytest.raises(DocumentError, match=r"has more than 5,000,000 characters; load it in parts"):
        read_document("a.txt", b"word " * 1_100_000)


def test_nothing_that_we_keep_secret_goes_to_the_reader(monkeypatch):
    seen = {}

    def run(command, **options):
        seen.update(options["env"])
        raise reader.subprocess.TimeoutExpired(command, 1)

    monkeypatch.setenv("INROADS_SECRET", "x")
    monkeypatch.setattr(reader.subprocess, "run", run)
    with pytest.raises(DocumentError):
        read_document("a.pdf", b"%PDF-1.4")
    assert set(seen) == {"PYTHONPATH", "PYTHONIOENCODING", "PYTHONDONTWRITEBYTECODE"}
    assert "INROADS_SECRET" in os.environ


# Whatever it is


PIECES = st.one_of(
    st.text(), st.sampled_from(["\n\n", "\f", "\r\n", "\0", "\u2029", "e\u0301", "👩🏽‍💻", " ", "\ufb01"])
)


@given(st.lists(st.one_of(st.none(), PIECES), max_size=30))
@hypothesis_settings(deadline=None)
def test_pages_ascend_within_the_text_and_nothing_unseen_is_in_it(pieces):
    gathering = Gathering("it")
    for piece in pieces:
        if piece is None:
            gathering.page()
        else:
            gathering.add(piece)
    text, pages = gathering.text(), gathering.pages()
    assert list(pages) == sorted(set(pages))
    assert all(0 <= page < len(text) for page in pages)
    assert text == text.strip() == unicodedata.normalize("NFC", text)
    assert not any(unicodedata.category(char) in ("Cc", "Cs") and char not in "\n\t" for char in text)
    assert "\n\n\n" not in text
    # Paragraphs become passages, and each page begins with one.
    starts = {start for start, _ in passages_of(text)}
    assert set(pages) <= starts


@given(st.binary(max_size=300))
@hypothesis_settings(deadline=None, max_examples=200)
def test_any_bytes_are_a_text_or_a_sentence(content):
    if content[:2] == b"PK" or b"%PDF-" in content:
        return
    said = ""
    with suppress(DocumentError):
        said = read_document("a", content).text
    assert said == said.strip()

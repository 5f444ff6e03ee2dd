"""Documents made for these tests: PDFs and Word files, whole, odd and made to do harm."""

import io
import zipfile
import zlib
from collections.abc import Iterable

import docx
from docx.oxml.parser import parse_xml
from weasyprint import HTML

W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
TYPES = """<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">
<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>
<Default Extension="xml" ContentType="application/xml"/>
<Override PartName="/word/document.xml" ContentType="%s"/></Types>"""
MAIN = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
WITH_MACROS = "application/vnd.ms-word.document.macroEnabled.main+xml"
RELS = """<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1"
Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="word/document.xml"/>
</Relationships>"""


def pdf(html: str) -> bytes:
    """A PDF of a page of HTML."""
    return HTML(string=html).write_pdf()


def word(body: str = "", *, make=None) -> bytes:
    """A Word file: made with python-docx by `make`, with `body` as raw XML behind it."""
    made = docx.Document()
    if make:
        make(made)
    for node in parse_xml(f"<w:body {W}>{body}</w:body>") if body else ():
        made.element.body.append(node)
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def bare_word(document: str | bytes, *, kind: str = MAIN, more: Iterable[tuple[str, bytes]] = ()) -> bytes:
    """The smallest package that is a Word file, with this as its document."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("[Content_Types].xml", TYPES % kind)
        package.writestr("_rels/.rels", RELS)
        package.writestr("word/document.xml", document)
        for name, content in more:
            package.writestr(name, content)
    return out.getvalue()


def paragraph(words: str) -> str:
    """A paragraph of Word's XML."""
    return f'<w:p><w:r><w:t xml:space="preserve">{words}</w:t></w:r></w:p>'


def bare_pdf(stream: bytes, *, pages: int = 1, filters: str = "", resources: str = "") -> bytes:
    """The smallest PDF with this as the content of each page."""
    kids = " ".join(f"{number + 10} 0 R" for number in range(pages))
    font = "/Font << /F1 << /Type /Font /Subtype /Type1 /BaseFont /Helvetica >> >>"
    objects = {
        1: b"<< /Type /Catalog /Pages 2 0 R >>",
        2: f"<< /Type /Pages /Kids [{kids}] /Count {pages} >>".encode(),
        3: f"<< /Length {len(stream)} {filters} >>\nstream\n".encode() + stream + b"\nendstream",
    }
    for number in range(pages):
        objects[number + 10] = (
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 600 800] /Contents 3 0 R "
            f"/Resources << {font} {resources} >> >>"
        ).encode()
    out = b"%PDF-1.4\n"
    places = {}
    for number, content in objects.items():
        places[number] = len(out)
        out += b"%d 0 obj\n" % number + content + b"\nendobj\n"
    start = len(out)
    size = max(objects) + 1
    out += b"xref\n0 %d\n0000000000 65535 f \n" % size
    for number in range(1, size):
        out += b"%010d 00000 %s \n" % (places.get(number, 0), b"n" if number in places else b"f")
    return out + b"trailer << /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF" % (size, start)


def packed(content: bytes, times: int = 1) -> bytes:
    """Packed so many times over."""
    for _ in range(times):
        content = zlib.compress(content, 9)
    return content

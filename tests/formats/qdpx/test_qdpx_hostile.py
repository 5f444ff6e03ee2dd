"""Files made to do harm: refused in one sentence, quickly, and with nothing written anywhere."""

import io
import struct
import time
import tracemalloc
import zipfile
from contextlib import suppress
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from qdpx_samples import CODES, FILES, guid, package, passage, small, text_source, xml

from inroads.interop.qdpx import Limits, QdaError, read_codebook, read_project, write_project

BURSTING = (
    '<!DOCTYPE Project [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;">]>'
)
REACHING = '<!DOCTYPE Project [<!ENTITY a SYSTEM "file:///etc/passwd">]>'
FETCHING = '<!DOCTYPE Project SYSTEM "http://127.0.0.1:9/a.dtd">'


@pytest.mark.parametrize("head", [BURSTING, REACHING, FETCHING, "<!DOCTYPE Project>"])
def test_document_types_are_refused_before_anything_of_them_is_read(head):
    raw = xml("<Description>&c;&a;</Description>", head=head)
    for whole in (package(raw), raw.encode(), package(raw.encode("utf-16"))):
        with pytest.raises(QdaError, match=r"has a document type \(<!DOCTYPE>\)"):
            read_project(whole)
    with pytest.raises(QdaError, match="has a document type"):
        read_codebook(raw.encode())


def test_entities_without_a_document_type_are_not_whole_xml():
    with pytest.raises(QdaError, match="line 1: is not whole XML"):
        read_project(xml("<Description>&c;</Description>").encode())


@pytest.mark.parametrize(
    "name", ["../../etc/cron.d/x", "/etc/passwd", "Sources/../../x", "C:\\x", "Sources\\..\\..\\x", "a\nb"]
)
def test_names_that_lead_out_of_the_package_are_refused(name):
    with pytest.raises(QdaError, match="leads out of the package"):
        read_project(package(xml(""), {name: b"x"}))


@pytest.mark.parametrize(
    "path",
    [
        "internal://../secret",
        "internal:///../x",
        "internal://a/../../b",
        "INTERNAL://..\\x",
        "internal://",
        "internal:////etc/x",
    ],
)
@pytest.mark.parametrize("attribute", ["plainTextPath", "richTextPath"])
def test_paths_that_lead_out_of_the_package_are_refused(path, attribute):
    inside = f'<Sources><TextSource guid="{guid(1)}" {attribute}="{path}"/></Sources>'
    with pytest.raises(QdaError, match=r"line 1: the file name .* leads out of the package"):
        read_project(package(xml(inside)))


@pytest.mark.parametrize(
    "path", ["relative://../../etc/passwd", "absolute:///etc/passwd", "/etc/passwd", "file:///etc/passwd"]
)
def test_files_outside_the_package_are_never_opened(path):
    found = read_project(package(xml(text_source(passage(0, 5), path=path))))
    assert (found.sources[0].text, found.sources[0].path) == (None, path)


def test_small_packages_that_unpack_to_much_are_refused():
    began = time.process_time()
    bomb = package(xml(text_source("", path="internal://a.txt")), {"Sources/a.txt": b"0" * (40 << 20)})
    assert len(bomb) < 100_000
    tracemalloc.start()
    with pytest.raises(QdaError, match=r"unpacks to 1,0\d\d times its size, as nothing that was written does"):
        read_project(bomb)
    assert tracemalloc.get_traced_memory()[1] < 5 << 20
    tracemalloc.stop()
    with pytest.raises(QdaError, match="times its size"):
        read_project(package(xml(" " * (8 << 20))))
    assert time.process_time() - began < 10


@pytest.mark.parametrize(
    ("limits", "words"),
    [
        ({"files": 3}, "holds 4 files, more than 3"),
        ({"project": 1_000}, "'project.qde' unpacks to more than 0 MiB"),
        ({"text": 50}, r"'Sources/return\.txt' unpacks to more than"),
        ({"texts": 70}, "its texts are larger than"),
        ({"whole": 4_000}, "unpacks to more than"),
    ],
)
def test_a_package_keeps_within_its_limits(limits, words):
    whole = write_project(small(), files=FILES)
    if "files" in limits:
        limits = {"files": len(zipfile.ZipFile(io.BytesIO(whole)).namelist()) - 1}
        words = f"more than {limits['files']}"
    with pytest.raises(QdaError, match=words):
        read_project(whole, limits=replace(Limits(), **limits))
    assert read_project(whole).sources


def test_a_package_that_lies_about_its_sizes_is_refused():
    whole = bytearray(package(xml(text_source("", path="internal://a.txt")), {"Sources/a.txt": b"abc" * 1_000}))
    entry = whole.rindex(b"PK\x01\x02")
    whole[entry + 24 : entry + 28] = struct.pack("<I", 10)
    with pytest.raises(QdaError, match=r"'Sources/a\.txt': is damaged, or not packed as a \.qdpx is"):
        read_project(bytes(whole))


def test_files_that_lie_over_one_another_are_refused():
    whole = bytearray(package(xml(""), {"Sources/a.txt": b"a" * 50, "Sources/b.txt": b"b" * 50}))
    entry = whole.rindex(b"PK\x01\x02")
    whole[entry + 42 : entry + 46] = struct.pack("<I", 0)
    with pytest.raises(QdaError, match="files lie over one another"):
        read_project(bytes(whole))


def test_encrypted_files_and_links_are_refused():
    whole = bytearray(package(xml(""), {"Sources/a.txt": b"a"}))
    entry = whole.rindex(b"PK\x01\x02")
    whole[entry + 8] |= 1
    with pytest.raises(QdaError, match="is encrypted; export the project without a password"):
        read_project(bytes(whole))
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("project.qde", xml(""))
        link = zipfile.ZipInfo("Sources/a.txt")
        link.create_system, link.external_attr = 3, 0o120777 << 16
        archive.writestr(link, "/etc/passwd")
    with pytest.raises(QdaError, match="is a link to another file"):
        read_project(out.getvalue())


def test_two_files_of_one_name_and_two_projects_are_refused():
    with pytest.raises(QdaError, match=r"holds two files called 'A\.txt'"):
        read_project(package(xml(""), {"Sources/a.txt": b"", "sources/A.txt": b""}))
    with pytest.raises(QdaError, match="holds 2 project files"):
        read_project(package(xml(""), {"b.qde": b""}, name="a.qde"))
    with pytest.raises(QdaError, match="holds 0 project files"):
        read_project(package(xml(""), name="a.xml"))


@pytest.mark.parametrize("raw", [b"", b"  \n", b"PK\x03\x04", b"PK\x05\x06" + bytes(18), b"%PDF-1.7", b"\x00" * 100])
def test_what_is_no_package_is_said_to_be_none(raw):
    with pytest.raises(QdaError, match=r"is empty|is damaged, or not packed|holds 0 project files"):
        read_project(raw)


def test_elements_within_elements_without_end_are_refused_in_time():
    began = time.process_time()
    deep = "".join(f'<Code guid="{guid(k, 2)}" name="x" isCodable="true">' for k in range(50_000))
    with pytest.raises(QdaError, match="stand more than 100 deep within one another; flatten the codes"):
        read_project(xml(f"<CodeBook><Codes>{deep}").encode())
    unknown = read_project(xml("<X>" * 50_000 + "</X>" * 50_000).encode())
    assert len(unknown.remarks) == 1
    assert time.process_time() - began < 10


def test_a_file_full_of_made_up_names_does_not_fill_the_remarks():
    found = read_project(xml("".join(f"<X{k}/>" for k in range(5_000))).encode())
    assert len(found.remarks) == 201
    assert found.remarks[-1].startswith("4,799 more: further things were put right or left out")
    long = read_project(xml(f"<{'x' * 100_000}/>").encode())
    assert max(map(len, long.remarks)) < 400


def test_sentences_cannot_move_the_cursor_of_a_screen():
    with pytest.raises(QdaError) as error:
        read_project(xml(f'{CODES}<Sources><TextSource guid="&#10;\x85\u202e[2J"/></Sources>').encode())
    assert str(error.value).isprintable()


@given(st.data())
@hypothesis_settings(max_examples=150)
def test_a_damaged_package_is_read_or_refused_and_nothing_else(data):
    whole = bytearray(write_project(small(), files=FILES))
    for _ in range(data.draw(st.integers(1, 4))):
        whole[data.draw(st.integers(0, len(whole) - 1))] = data.draw(st.integers(0, 255))
    cut = data.draw(st.integers(0, len(whole))) if data.draw(st.booleans()) else len(whole)
    with suppress(QdaError):
        read_project(bytes(whole[:cut]))


@given(st.data())
@hypothesis_settings(max_examples=150)
def test_a_damaged_project_is_read_or_refused_and_nothing_else(data):
    raw = bytearray(zipfile.ZipFile(io.BytesIO(write_project(small(), files=FILES))).read("project.qde"))
    for _ in range(data.draw(st.integers(1, 4))):
        raw[data.draw(st.integers(0, len(raw) - 1))] = data.draw(st.sampled_from(b'<>&"0 a/=\x00\xff'))
    found = None
    with suppress(QdaError):
        found = read_project(bytes(raw))
    if found is not None:
        assert read_project(write_project(found)) == found

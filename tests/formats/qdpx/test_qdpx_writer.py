"""Codebooks and projects written: valid, the same each time, read back as they were."""

import io
import time
import tracemalloc
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from qdpx_samples import ADA, FILES, FINE, HEADING, NOW, ROUGH, WORDS, guid, small
from qdpx_schema import problems

from inroads.interop.qdpx import (
    INTERNAL,
    Code,
    Codebook,
    Coding,
    Kept,
    MediaSource,
    Passage,
    Project,
    QdaError,
    TextSource,
    User,
    moment,
    read_codebook,
    read_file,
    read_project,
    save_project,
    write_codebook,
    write_project,
)


def project_xml(written: bytes) -> bytes:
    return zipfile.ZipFile(io.BytesIO(written)).read("project.qde")


def test_a_project_with_one_of_everything_comes_back_as_it_was():
    project = small()
    written = write_project(project, files=FILES)
    again = read_project(written)
    assert again == project
    assert again.remarks[0] == "a text lies outside the package (relative:// or absolute://); not opened"
    assert again.remarks[1].endswith("the file of a text is not in the package; its passages are without words")
    text = again.sources[0]
    assert [text.words(passage) for passage in text.passages] == ["Nobody asked us", "👩🏽‍💻", ""]
    assert read_file(written, "PLAN.pdf") == FILES["plan.pdf"]


def test_what_is_written_fits_the_published_schema():
    assert problems(project_xml(write_project(small(), files=FILES))) == []
    assert problems(project_xml(write_project(Project("Nothing yet")))) == []


def test_the_same_project_makes_the_same_bytes_and_names_no_day():
    one, other = write_project(small(), files=FILES), write_project(small(), files=dict(reversed(FILES.items())))
    assert one == other
    entries = zipfile.ZipFile(io.BytesIO(one)).infolist()
    assert {entry.date_time for entry in entries} == {(1980, 1, 1, 0, 0, 0)}
    names = [entry.filename for entry in entries]
    assert names == ["project.qde", *sorted(names[1:])]
    assert names[1:] == ["Sources/Return é.docx", "Sources/plan.pdf", "Sources/plan.txt", "Sources/return.txt"]


def test_nothing_goes_out_that_was_not_given():
    written = project_xml(write_project(Project("Bare", (Code(ROUGH, "Rough"),))))
    assert written.decode() == (
        '<?xml version="1.0" encoding="UTF-8"?>\n<Project xmlns="urn:QDA-XML:project:1.0" name="Bare">\n'
        f'<CodeBook>\n<Codes>\n<Code guid="{ROUGH}" name="Rough" isCodable="true"/>\n</Codes>\n</CodeBook>\n'
        "</Project>\n"
    )


def test_attached_files_come_from_the_package_that_was_read(tmp_path: Path):
    first, second = tmp_path / "a.qdpx", tmp_path / "b.qdpx"
    save_project(small(), first, files=FILES)
    save_project(read_project(first), second, carry_from=first)
    assert second.read_bytes() == first.read_bytes()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.qdpx", "b.qdpx"]
    with pytest.raises(QdaError, match=r"'Return é.docx' is not given; give its bytes in `files`"):
        write_project(read_project(first))


def test_a_write_that_fails_leaves_the_old_file(tmp_path: Path):
    path = tmp_path / "a.qdpx"
    path.write_bytes(b"old")
    with pytest.raises(QdaError):
        save_project(small(), path)
    assert path.read_bytes() == b"old"
    assert [each.name for each in tmp_path.iterdir()] == ["a.qdpx"]


def test_a_codebook_comes_back_as_it_was():
    codebook = Codebook(
        (Code(HEADING, "Top", False, "#FFF", "a\r\nb", (Code(ROUGH, "In\tside"),)), Code(FINE, "👍")), "Inroads"
    )
    written = write_codebook(codebook)
    assert read_codebook(written) == codebook
    assert write_codebook(codebook) == written
    assert written.startswith(
        b'<?xml version="1.0" encoding="UTF-8"?>\n<CodeBook xmlns="urn:QDA-XML:codebook:1.0" origin='
    )
    assert [(code.name, above) for code, above in codebook.every()] == [("Top", ""), ("In\tside", HEADING), ("👍", "")]


def test_a_codebook_of_a_project_goes_out_without_notes():
    again = read_codebook(write_codebook(small().codebook()))
    assert [code.name for code, _ in again.every()] == ["Access", 'Not "asked"', "No bus <yet>"]
    assert not any(code.notes for code, _ in again.every())


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"codes": ()}, "points at the code 00000000-0000-0002-0000-000000000001, which is not among the codes"),
        ({"codes": (Code(ROUGH, "a"), Code(FINE, "b"), Code(ROUGH.upper(), "c"))}, "two codes have the guid"),
        ({"codes": (Code(ROUGH, "a"), Code(FINE, "b", colour="red"))}, "color of <Code> .* is 'red', not a colour"),
        ({"codes": (Code(ROUGH, "a"), Code("7", "b")), "sources": ()}, "not among the codes|not a GUID"),
        ({"name": "a\x00b"}, r"name of <Project>  has the character U\+0000 at position 1, which XML cannot hold"),
        ({"description": "\ud83d"}, r"<Description> of the project has the character U\+D83D"),
        ({"users": (User(ADA), User(ADA))}, "two users have the guid"),
        (
            {"sources": (TextSource(guid(9), text="abc", passages=(Passage(guid(8), 1, 4),)),)},
            "from 1 to 4, which is no part",
        ),
        (
            {"sources": (TextSource(guid(9), text="abc", passages=(Passage(guid(8), 3, 2),)),)},
            "from 3 to 2, which is no part",
        ),
        ({"sources": (TextSource(guid(9), text="a", path="relative://a"),)}, "use internal://name.txt"),
        ({"sources": (TextSource(guid(9), text="a", path=f"{INTERNAL}../a"),)}, "leads out of the package"),
        ({"sources": (TextSource(guid(9), text="\ud83d", path=f"{INTERNAL}a"),)}, "half a character at position 0"),
        (
            {
                "sources": (
                    TextSource(guid(9), text="a", path=f"{INTERNAL}a"),
                    TextSource(guid(8), text="b", path=f"{INTERNAL}A"),
                )
            },
            "two texts are to stand in the file 'A'",
        ),
        ({"sources": (MediaSource("Picture", guid(9)),)}, "say PDFSource, PictureSource"),
        ({"sources": (MediaSource("AudioSource", guid(9), text=TextSource(guid(8))),)}, "has no text of its own"),
        ({"links": (Kept("Script"),)}, "<Script> is not in the standard"),
        (
            {"links": (Kept("Link", (("guid", guid(9)), ("onload", "x"))),)},
            "holds 'onload', which is not in the standard",
        ),
        ({"links": (Kept("Link"),)}, "guid of <Link>  is '', not a GUID"),
        ({"attached": ("../x",)}, "leads out of the package"),
        ({"attached": ("return.TXT",)}, "needs a plain name that no other file has"),
    ],
)
def test_what_does_not_hold_together_is_not_written(change, words):
    with pytest.raises(QdaError, match=words):
        write_project(replace(small(), **change), files={} if "attached" in change else FILES)


def test_files_that_nobody_named_are_not_written():
    with pytest.raises(QdaError, match=r"'more.txt' is given but is not among `attached`"):
        write_project(small(), files=FILES | {"more.txt": b""})
    with pytest.raises(QdaError, match="has no codes; the standard asks for one at least"):
        write_codebook(Codebook(()))


def test_times_are_read_where_they_are_times():
    assert moment(NOW).isoformat() == "2026-03-18T09:30:00+00:00"
    assert moment("2026-03-19T09:30:00.1234567+01:00").microsecond == 123456
    assert moment("") is None
    assert moment("yesterday") is None


def nest(deep: int) -> Code:
    code = Code(guid(deep, 9), f"level {deep}")
    for level in reversed(range(deep)):
        code = Code(guid(level, 9), f"level {level}", children=(code,))
    return code


def test_codes_may_be_nested_deep_and_not_deeper():
    project = Project("Deep", (nest(90),))
    assert read_project(write_project(project)) == project
    assert read_codebook(write_codebook(project.codebook())) == project.codebook()
    with pytest.raises(QdaError, match="more than 96 deep within one another"):
        write_project(Project("Too deep", (nest(5_000),)))
    with pytest.raises(QdaError, match="more than 97 deep"):
        write_codebook(Codebook((nest(97),)))


ANY = st.text(st.characters(exclude_categories=("Cs",)), max_size=40)
LETTERS = st.one_of(
    st.characters(exclude_categories=("Cs", "Cc"), exclude_characters="\ufffe\uffff"),
    st.sampled_from(list("\t\n\r&<>\"'é\u0301\u200d👩🏽\ufeff]")),
)
PLAIN = st.lists(st.one_of(LETTERS, st.sampled_from(["\r\n", "]]>", "👩‍👩‍👧", "  "])), max_size=30).map("".join)


@st.composite
def projects(draw):
    number = iter(range(1, 1_000_000))
    codes, every = [], []
    for _ in range(draw(st.integers(0, 4))):
        code = Code(
            guid(next(number)),
            draw(PLAIN),
            draw(st.booleans()),
            draw(st.sampled_from(["", "#abc", "#A0b1C2"])),
            draw(PLAIN),
        )
        every.append(code.guid)
        if codes and draw(st.booleans()):
            code = replace(code, children=(codes.pop(),))
        codes.append(code)
    sources = []
    for place in range(draw(st.integers(0, 3))):
        inside = draw(st.booleans())
        text = draw(PLAIN if inside else ANY)
        passages = []
        for _ in range(draw(st.integers(0, 5))):
            start = draw(st.integers(0, len(text)))
            given_to = draw(st.lists(st.sampled_from(every), max_size=3)) if every else []
            codings = tuple(Coding(guid(next(number)), code, draw(st.sampled_from(["", ADA]))) for code in given_to)
            end = draw(st.integers(start, len(text)))
            passages.append(Passage(guid(next(number)), start, end, codings, draw(PLAIN), draw(PLAIN)))
        path = "" if inside else f"{INTERNAL}{place}.txt"
        sources.append(TextSource(guid(next(number)), draw(PLAIN), text, path, passages=tuple(passages)))
    return Project(draw(PLAIN), tuple(codes), (User(ADA, draw(PLAIN)),), tuple(sources), description=draw(PLAIN))


@given(projects())
@hypothesis_settings(max_examples=60)
def test_any_project_comes_back_as_it_was(project):
    written = write_project(project)
    assert problems(project_xml(written)) == []
    again = read_project(written)
    assert again == project
    assert write_project(again) == written


@given(projects())
@hypothesis_settings(max_examples=30)
def test_any_codebook_comes_back_as_it_was(project):
    if project.codes:
        assert read_codebook(write_codebook(project.codebook())) == project.codebook()


def many(count: int) -> Project:
    """Codings spread over 400 texts and 40 codes, two to a passage."""
    codes = tuple(Code(guid(k, 2), f"Criterion {k}") for k in range(40))
    text = WORDS * 60
    sources, made = [], 0
    for place in range(400):
        passages = []
        for k in range(count // 800):
            start = (k * 37) % (len(text) - 60)
            codings = tuple(Coding(guid(made + j, 3), codes[(made + j) % 40].guid, ADA, NOW) for j in range(2))
            passages.append(Passage(guid(made, 4), start, start + 50, codings, name=text[start : start + 50]))
            made += 2
        path = f"{INTERNAL}{place}.txt"
        sources.append(TextSource(guid(place, 6), f"Return {place}", text, path, passages=tuple(passages)))
    return Project("Many", codes, (User(ADA, "Ada"),), tuple(sources))


def test_two_hundred_thousand_codings_are_written_and_read_in_time():
    project = many(200_000)
    began = time.process_time()
    written = write_project(project)
    wrote = time.process_time()
    again = read_project(written)
    read = time.process_time()
    print(f"written in {wrote - began:.1f} s, read in {read - wrote:.1f} s, {len(written) / 2**20:.1f} MiB")
    assert again == project
    assert sum(len(passage.codings) for text in again.texts() for passage in text.passages) == 200_000
    # Measured 17 to 19 s beside others who were busy.
    assert read - began < 40


def test_memory_stays_within_what_the_project_itself_needs():
    """At a tenth of the size, as following every allocation is slow: peak while reading against what remains."""
    project = many(20_000)
    written = write_project(project)
    tracemalloc.start()
    write_project(project)
    peak_of_writing = tracemalloc.get_traced_memory()[1]
    tracemalloc.reset_peak()
    before = tracemalloc.get_traced_memory()[0]
    again = read_project(written)
    kept, peak = (value - before for value in tracemalloc.get_traced_memory())
    tracemalloc.stop()
    xml = len(project_xml(written))
    print(f"bytes kept {kept:,}, at most {peak:,}; writing at most {peak_of_writing:,}; XML {xml:,}")
    assert again == project
    assert peak < 2 * kept + 2 * xml
    assert peak_of_writing < 2 * xml + 16 * 2**20

"""Printed documents, read back from the PDF: tags, the code on every page, real sizes, black on white, odd text."""

import re
import socket
import subprocess
import unicodedata
from collections import Counter
from datetime import date
from functools import cache
from io import BytesIO

import pytest
from django.template.loader import get_template
from jinja2 import ChoiceLoader, DictLoader
from pypdf import PdfReader
from pypdf.generic import ContentStream

from inroads.design.documents import direction, pdf, pdf_response

CODE = "K7QF-2M9T"
SIZES = (12, 18, 24)
A4 = (595.3, 841.9)
TICKS = [
    {"value": "yes", "label": "Yes"},
    {"value": "a_bit", "label": "A bit"},
    {"value": "no", "label": "No"},
    {"value": "prefer_not", "label": "Prefer not to say"},
]
GROUPS = ("Getting online", "Skills", "Confidence", "Wanting to", "Trust", "A private place", "Health", "Money")
PROMPTS = (
    "Is there a phone, tablet or computer that you can use when you need it?",
    "Does the internet at home work well enough for a video call?",
    "Do you have somewhere to talk where nobody else can hear you?",
    "Do you worry about who can see what you type?",
    "Would you like somebody to show you how, at your own pace?",
)
ODD = {
    "markup": "<script>alert(1)</script> & co",
    "Arabic": "أفضل المكالمة الهاتفية",
    "Urdu": "مجھے فون پسند ہے",
    "Polish": "Wolę rozmawiać po południu, źdźbło",
    "emoji": "Good days 🙂 and 🧠",
    "Chinese": "我喜欢打电话",
    "long": "a" * 300,
}


def _document(title: str, **more) -> dict:
    return {
        "title": title,
        "code": CODE,
        "printed_on": date(2026, 11, 25),
        "known_as": "Sam",
        "organisation": "Seaview Community Mental Health Team",
        "contact": "Phone 01632 960 001, weekdays 9am to 5pm",
        "points": 12,
    } | more


def _conversation() -> dict:
    numbers = iter(range(1, 100))
    return {
        "document": _document("Full conversation"),
        "intro": ["You can stop at any time.", "If you leave a question empty, we know that you were not asked."],
        "strengths": [{"number": next(numbers), "id": "s1", "prompt": "What do you like doing online, or offline?"}],
        "groups": [
            {
                "title": title,
                "plain": "What helps, and what gets in the way.",
                "questions": [
                    {"number": next(numbers), "id": f"q{at}", "prompt": prompt, "alone": False}
                    for at, prompt in enumerate(PROMPTS)
                ],
            }
            for title in GROUPS
        ],
        "answers": TICKS,
    }


def _choices() -> dict:
    stages, number = [], 0
    for at, title in enumerate(("First meeting", "Talking therapy", "Staying in touch", "If things get hard")):
        others = []
        for way in ("By phone", "In person at the library", "With somebody I trust"):
            number += 1
            others.append({"number": number, "title": way, "plain": "Forty minutes, with a break when you like. Free."})
        chosen = {
            "title": "By video",
            "plain": "You see each other on a screen. We can lend you a tablet.",
            "where": "At home. Tuesdays from 10am",
            "why": "The bus makes me anxious",
        }
        stages.append(
            {
                "title": title,
                "question": "How would you like to meet?",
                "chosen": chosen if at != 3 else None,
                "maybe_later": "In person at the library" if at == 1 else None,
                "look_again_on": date(2027, 1, 20) if at != 3 else None,
                "others": others,
            }
        )
    change = ["You can change any of this at any time.", "Tell anybody who works with you, in person or by phone."]
    return {"document": _document("Choice card"), "stages": stages, "not_yet": ["Going home"], "how_to_change": change}


def _plan() -> dict:
    what = (
        "Borrow a tablet with data for three months",
        "Meet the digital mentor at the library, twice",
        "Try one video call with Jo beside me",
        "Ask the landlord about the internet in the house",
        "Find out which calls are free",
    )
    return {
        "document": _document("Plan"),
        "review_on": date(2027, 1, 20),
        "steps": [
            {
                "number": number,
                "what": each,
                "because": "You said that data runs out before the month does" if number != 2 else "",
                "owner": "Amira, digital mentor",
                "due_on": date(2026, 12, 9) if number != 3 else None,
                "status": "To do",
            }
            for number, each in enumerate(what, 1)
        ],
        "times": [
            {"when": "Morning, 8 to 12", "what": "A walk to the harbour before the post", "who": "Jo"},
            {"when": "The small hours, 2 to 5", "what": "The night line. It is free and answers in minutes", "who": ""},
        ],
        "nothing_yet": ["A quiet room near the bus station"],
    }


def _script() -> dict:
    return {
        "document": _document("Script for a phone call"),
        "opening": [
            "Ask for Sam. Do not say to anybody else what the call is about.",
            "Is this a good time? Can you talk where you are?",
            "I would like to ask how your plan is going. You can skip any question, or stop.",
        ],
        "questions": [
            {"number": number, "prompt": f"Has it helped: {each['what']}?"}
            for number, each in enumerate(_plan()["steps"], 1)
        ],
        "answers": [*TICKS, {"value": "not_asked", "label": "Not asked"}],
    }


CONTENT = {"conversation": _conversation, "choices": _choices, "plan": _plan, "script": _script}
EVERY = [(kind, points) for kind in CONTENT for points in SIZES]


@cache
def _printed(kind: str, points: int) -> bytes:
    return pdf(f"people/print/{kind}.html", CONTENT[kind](), points=points)


def _reader(content: bytes) -> PdfReader:
    return PdfReader(BytesIO(content))


def _words(reader: PdfReader) -> str:
    """All text with single spaces."""
    return _squeezed(" ".join(page.extract_text() for page in reader.pages))


def _squeezed(text: str) -> str:
    return " ".join(text.split())


def _runs(page) -> list[tuple[float, float, float, str]]:
    """Each piece of text on a page: left, bottom, size in points, text."""
    found = []

    def visit(text, around, matrix, font, size):
        if text.strip():
            across, up = _at(matrix, around)
            found.append((across, up, abs(size * matrix[3] * around[3]), text))

    page.extract_text(visitor_text=visit)
    return found


def _at(matrix, around) -> tuple[float, float]:
    a, b, c, d, e, f = around
    return matrix[4] * a + matrix[5] * c + e, matrix[4] * b + matrix[5] * d + f


def _structure(reader: PdfReader) -> list[str]:
    """The kinds of every tag, in the order in which they are read."""
    kinds = []

    def walk(node):
        node = node.get_object()
        if isinstance(node, list):
            for each in node:
                walk(each)
        elif isinstance(node, dict):
            if "/S" in node:
                kinds.append(str(node["/S"]))
            if "/K" in node:
                walk(node["/K"])

    walk(reader.trailer["/Root"]["/StructTreeRoot"])
    return kinds


@pytest.mark.parametrize(("kind", "points"), EVERY)
def test_a_screen_reader_finds_language_title_and_headings(kind, points):
    reader = _reader(_printed(kind, points))
    root = reader.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"]
    assert root["/Lang"] == "en-GB"
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]
    title = CONTENT[kind]()["document"]["title"]
    assert reader.metadata.title == title
    assert b"pdfuaid" in root["/Metadata"].get_data()
    kinds = _structure(reader)
    assert kinds.count("/H1") == 1
    assert kinds.index("/H1") < kinds.index("/H2") < kinds.index("/H3")
    assert "/LI" in kinds
    assert ("/TH" in kinds) == (kind == "plan")


@pytest.mark.parametrize(("kind", "points"), EVERY)
def test_the_code_is_in_the_corner_of_every_page_and_the_name_on_the_first_only(kind, points):
    pages = _reader(_printed(kind, points)).pages
    for number, page in enumerate(pages, 1):
        corner = [run for run in _runs(page) if run[0] > A4[0] / 2 and run[1] > A4[1] * 0.9]
        assert f"Code {CODE}" in _squeezed(" ".join(run[3] for run in corner))
        foot = _squeezed(" ".join(run[3] for run in _runs(page) if run[1] < A4[1] * 0.16))
        assert f"Page {number} of {len(pages)}" in foot
        assert "01632 960 001" in foot
        assert number == 1 or "Sam" not in page.extract_text()
    assert "Sam" in pages[0].extract_text()


@pytest.mark.parametrize(("kind", "points"), EVERY)
def test_no_text_is_smaller_than_was_asked_for_and_none_leaves_the_page(kind, points):
    sizes = []
    for page in _reader(_printed(kind, points)).pages:
        _within(page)
        sizes += [round(size, 1) for _, _, size, _ in _runs(page)]
    assert min(sizes) == points
    assert max(set(sizes), key=sizes.count) == points


@pytest.mark.parametrize(("kind", "points"), EVERY)
def test_every_question_is_there_whole_with_its_boxes_on_one_page(kind, points):
    content = CONTENT[kind]()
    asked = {
        "conversation": lambda: [each for group in content["groups"] for each in group["questions"]],
        "choices": lambda: [each for stage in content["stages"] for each in stage["others"]],
        "plan": lambda: content["steps"],
        "script": lambda: content["questions"],
    }[kind]()
    last = {"conversation": "In my own words", "plan": "In my own words", "script": "In their own words"}.get(kind)
    pages = [_squeezed(page.extract_text()) for page in _reader(_printed(kind, points)).pages]
    for each in asked:
        words = f"{each['number']}. {each.get('prompt') or each.get('what') or each['title']}"
        found = [re.search(rf"(?<!\d){re.escape(words)}", page) for page in pages]
        on = [each.string[each.end() :] for each in found if each]
        assert len(on) == 1, words
        following = on[0]
        if last is None:
            assert following.strip().startswith(each["plain"])
        else:
            answer = following[: following.index(last)]
            assert all(tick["label"] in answer for tick in TICKS)
            # Nothing of the next question stands before the place to write.
            assert f" {each['number'] + 1}. " not in answer


@pytest.mark.parametrize("kind", CONTENT)
def test_boxes_and_lines_are_drawn_for_each_answer(kind):
    boxes = {"conversation": 40 * 4, "choices": 12, "plan": 5 * 4, "script": 5 * 5}[kind]
    plain = get_template("design/print/parts.html").template.environment.get_template(f"people/print/{kind}.html")
    written = plain.render(CONTENT[kind]())
    assert written.count('class="box"') == boxes
    # Each box is a path that is filled or stroked, besides frames and lines.
    drawn = sum(
        operator in {b"f", b"f*", b"S", b"B"}
        for page in _reader(_printed(kind, 12)).pages
        for _, operator in ContentStream(page.get_contents(), page.pdf).operations
    )
    assert drawn >= boxes


@pytest.mark.parametrize(("kind", "points"), EVERY)
def test_everything_is_black_on_white(kind, points):
    reader = _reader(_printed(kind, points))
    for page in reader.pages:
        assert not page.get("/Resources", {}).get("/Shading")
        assert not page.images
        for operands, operator in ContentStream(page.get_contents(), reader).operations:
            if operator in {b"rg", b"RG"}:
                assert set(operands) == {0}
            elif operator in {b"g", b"G"}:
                assert operands == [0]
            elif operator in {b"sc", b"SC", b"scn", b"SCN"}:
                assert not any(operands), operands
            else:
                assert operator not in {b"k", b"K", b"sh"}


def _has_fonts() -> bool:
    found = subprocess.run(["fc-list", ":", "family"], capture_output=True, text=True, check=False).stdout
    return all(family in found for family in ("Noto Naskh Arabic", "Droid Sans Fallback", "Symbola"))


@pytest.mark.skipif(not _has_fonts(), reason="needs the fonts that `make documents` installs where it can")
@pytest.mark.parametrize("points", SIZES)
@pytest.mark.parametrize("kind", ODD)
def test_odd_words_are_printed_whole_and_stay_on_the_page(kind, points):
    content = _plan()
    content["steps"][0] |= {"what": ODD[kind], "because": ODD[kind], "owner": ODD[kind]}
    content["times"][0]["what"] = ODD[kind]
    content["document"]["known_as"] = ODD[kind]
    reader = _reader(pdf("people/print/plan.html", content, points=points))
    for page in reader.pages:
        _within(page)
    letters = Counter(unicodedata.normalize("NFKC", "".join(page.extract_text() for page in reader.pages)))
    for letter, times in Counter(ODD[kind]).items():
        assert letter.isspace() or letters[letter] >= 5 * times, f"{letter} U+{ord(letter):04X}"


@pytest.mark.parametrize("points", SIZES)
def test_a_long_contact_has_room_in_the_footer(points):
    contact = (
        "Seaview Community Mental Health Team, 1 Harbour Street, Seaview, phone 01632 960 001, hello@seaview.example"
    )
    content = _script() | {"document": _document("Script for a phone call", contact=contact)}
    for page in _reader(pdf("people/print/script.html", content, points=points)).pages:
        _within(page)
        assert "".join(contact.split()) in "".join(page.extract_text().split())


def test_the_card_says_first_what_was_chosen_and_what_was_not_talked_about():
    for points in SIZES:
        first, *others = _reader(_printed("choices", points)).pages
        words = _squeezed(first.extract_text())
        assert "You can change this at any time. Nothing is lost by trying." in words
        assert "What I chose First meeting By video" in words
        assert any("I would like something else" in page.extract_text() for page in others)
    assert "We have not talked about these yet: Going home." in _words(_reader(_printed("choices", 12)))


def test_without_a_contact_the_footer_says_the_organisation():
    content = _plan() | {"document": _document("Plan", contact="")}
    for page in _reader(pdf("people/print/plan.html", content)).pages:
        assert "Seaview Community Mental Health Team" in page.extract_text()


def test_a_question_for_somebody_alone_and_an_empty_record_are_no_trouble():
    content = _conversation()
    content["groups"][0]["questions"][1]["alone"] = True
    words = _words(_reader(pdf("people/print/conversation.html", content)))
    assert f" 2. {PROMPTS[0]}" in words
    assert f" 3. {PROMPTS[1]}" not in words
    assert words.count("You can skip anything.") == 1
    nothing = {
        "choices": {"stages": [], "how_to_change": []},
        "plan": {"review_on": date(2027, 1, 20), "steps": [], "times": [], "nothing_yet": []},
        "script": {"opening": [], "questions": [], "answers": TICKS},
    }
    for kind, empty in nothing.items():
        assert CODE in _words(_reader(pdf(f"people/print/{kind}.html", {"document": _document("Empty")} | empty)))


@pytest.mark.parametrize("points", [0, 11, 13, 16, 36])
def test_another_size_is_refused_in_a_sentence(points):
    with pytest.raises(ValueError, match="12, 18 or 24 points"):
        pdf("people/print/plan.html", _plan(), points=points)


@pytest.mark.parametrize(
    "asking",
    [
        '<img src="http://127.0.0.1:9/a.png" alt="">',
        '<img src="file:///etc/hostname" alt="">',
        '<img src="data:image/svg+xml,<svg/>" alt="">',
        '<link rel="stylesheet" href="https://example.org/a.css">',
        "<style>@import url(http://127.0.0.1:9/a.css);</style>",
        "<style>@font-face { font-family: x; src: url(http://127.0.0.1:9/a.woff) } p { font-family: x }</style>",
        '<p style="background: url(http://127.0.0.1:9/a.png)">Words</p>',
    ],
)
def test_nothing_is_fetched(asking, monkeypatch):
    def connect(*args, **kwargs):
        raise AssertionError("a document opened a connection")

    monkeypatch.setattr(socket.socket, "connect", connect)
    environment = get_template("design/print/document.html").template.environment
    page = DictLoader({"asking.html": f"<html lang=en-GB><title>Asking</title><p>Words</p>{asking}"})
    monkeypatch.setattr(environment, "loader", ChoiceLoader([environment.loader, page]))
    with pytest.raises(ValueError, match=r"asking\.html asks for .*fetches nothing"):
        pdf("asking.html", {})


def test_the_response_is_shown_here_and_kept_nowhere():
    response = pdf_response(b"%PDF-1.7", "plan-K7QF2M9T.pdf")
    assert response.content == b"%PDF-1.7"
    assert response["Content-Type"] == "application/pdf"
    assert response["Content-Disposition"] == 'inline; filename="plan-K7QF2M9T.pdf"'
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Cache-Control"] == "no-store"
    assert "\n" not in pdf_response(b"", 'a"\n.pdf')["Content-Disposition"]


@pytest.mark.parametrize(
    ("words", "expected"),
    [("1. مجھے فون", "rtl"), ("שלום", "rtl"), ("Sam مجھے", "ltr"), ("12 – 🙂", "ltr"), ("", "ltr")],
)
def test_words_run_in_the_direction_of_their_script(words, expected):
    assert direction(words) == expected


def _within(page) -> None:
    """No piece of text begins or ends outside the page: narrow letters, narrower ones in Arabic."""
    for left, bottom, size, text in _runs(page):
        assert 0 < left < A4[0], text
        narrow = 0.45 if text.isascii() else 0.3
        assert left + narrow * size * len(text.strip()) < A4[0], text
        assert 0.1 * size < bottom < A4[1] - 0.7 * size, text

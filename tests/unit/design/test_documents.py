"""Printed documents, read back from the PDF: tags, the code on every page, real sizes, black on white, odd text."""

from datetime import date
from functools import cache
from io import BytesIO

from pypdf import PdfReader

from inroads.design.documents import pdf

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
    return {"document": _document("Choice card"), "stages": stages, "how_to_change": change}


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

"""A board report on paper: what it says, laid out as a tagged PDF."""

from datetime import date, datetime
from typing import Any

from django.conf import settings

from inroads.design import documents
from inroads.systems.presenters.board_page import page_facts


def paper(facts: dict[str, Any], *, points: int = 12) -> bytes:
    """The facts of a report as a tagged PDF; the same facts give the same bytes. 12, 18 or 24 points."""
    context = {
        "document": {
            "title": facts["title"],
            "code": "",
            # The day of the figures, not of the printing: printed again it is the same.
            "printed_on": datetime.fromisoformat(facts["as_of"]).date(),
            "known_as": "",
            "organisation": facts["system"],
            "contact": "",
            "points": points,
        },
        "root": settings.PUBLIC_URL.rstrip("/"),
        "meeting_on": date.fromisoformat(facts["meeting_on"]),
        "as_of": datetime.fromisoformat(facts["as_of"]),
        **page_facts(facts),
    }
    return documents.pdf("systems/print/board.html", context, points=points)

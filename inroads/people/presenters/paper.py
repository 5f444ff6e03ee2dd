"""What stands on each printed paper, from the record as it was when it was printed."""

from typing import Any

from django.conf import settings

from inroads.people.models import PaperForm, PaperKind
from inroads.people.presenters.choices import choice_card
from inroads.people.presenters.conversations import prompt_of
from inroads.people.presenters.plans import plan_paper, script_paper
from inroads.people.queries.conversations import kind_of, questions
from inroads.people.queries.paper import code_as_printed
from inroads.people.queries.record import Record, record_of
from inroads.reference.definitions.conversation import barriers, groups

CARDS = (PaperKind.CHOICES, PaperKind.STAGES)
TICKS = [
    {"value": "yes", "label": "Yes"},
    {"value": "a_bit", "label": "A bit"},
    {"value": "no", "label": "No"},
    {"value": "prefer_not", "label": "Prefer not to say"},
]
INTRO = [
    "You can skip anything. You can stop at any time.",
    "If you leave a question empty, we know that you were not asked. It does not mean no.",
    "Somebody can help you fill this in. Give it back to anybody in the team, or post it.",
    "We use it to find help with you. You can change any answer later.",
]


def content_of(kind: str, record: Record) -> list[Any]:
    """What the numbers on a new paper stand for: ids of questions, of stages with their options, or of steps."""
    if kind in (PaperKind.TRIAGE, PaperKind.FULL):
        # Others may read a paper, so what is asked only of somebody who is alone is never on one.
        asked = questions("triage" if kind == PaperKind.TRIAGE else "full", record, others_present=True)
        # Papers go by groups, and the numbers with them.
        return [*(topic for topic in asked if topic not in barriers()), *(each for each in barriers() if each in asked)]
    if kind in CARDS:
        card = choice_card(record, every=kind == PaperKind.STAGES)["stages"]
        return [{"stage": each["stage"], "options": [other["option"] for other in each["others"]]} for each in card]
    paper = plan_paper(record) if kind == PaperKind.PLAN else script_paper(record)
    return [each["step"] for each in paper["steps" if kind == PaperKind.PLAN else "questions"]]


def paper(form: PaperForm) -> tuple[str, dict[str, Any]]:
    """The template and context of a paper, the same whenever it is opened again."""
    record = record_of(form.person, form.recorded_at)
    context: dict[str, Any] = {
        "document": {
            "title": form.get_kind_display(),
            "code": code_as_printed(form.code),
            "printed_on": form.recorded_at.date(),
            "known_as": form.person.known_as,
            "organisation": form.person.organisation.name,
            "contact": settings.CONTACT,
            "points": form.points,
        }
    }
    if form.kind in (PaperKind.TRIAGE, PaperKind.FULL):
        return "people/print/conversation.html", context | _conversation(form)
    if form.kind in CARDS:
        return "people/print/choices.html", context | choice_card(record, printed=form.content)
    if form.kind == PaperKind.PLAN:
        return "people/print/plan.html", context | plan_paper(record)
    return "people/print/script.html", context | script_paper(record)


def _conversation(form: PaperForm) -> dict[str, Any]:
    numbered = list(enumerate(form.content, 1))
    strengths = [
        {"number": number, "id": topic, "prompt": prompt_of(topic)}
        for number, topic in numbered
        if kind_of(topic) == "strength"
    ]
    grouped = []
    for group in groups():
        asked = [
            {"number": number, "id": topic, "prompt": prompt_of(topic), "alone": False}
            for number, topic in numbered
            if topic in barriers() and barriers()[topic].group == group.id
        ]
        if asked:
            grouped.append({"title": group.title, "plain": group.plain, "questions": asked})
    return {"intro": INTRO, "strengths": strengths, "groups": grouped, "answers": TICKS}

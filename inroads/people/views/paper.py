"""Papers of a record: printing them, opening them again, and keying in what came back."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_safe

from inroads.accounts import drafts
from inroads.accounts.actions import Refused
from inroads.accounts.saving import saved
from inroads.design.documents import pdf, pdf_response
from inroads.people.actions import paper as actions
from inroads.people.forms.paper import ANSWER_BOXES, CodeForm, KeyForm, PrintForm
from inroads.people.models import Channel, Option, PaperForm, PaperKind, Person, PlanStep, Stage
from inroads.people.permissions import may_work_with
from inroads.people.presenters.conversations import prompt_of
from inroads.people.presenters.paper import CARDS, content_of
from inroads.people.presenters.paper import paper as paper_words
from inroads.people.queries.conversations import kind_of
from inroads.people.queries.paper import code_as_printed, paper_by_code
from inroads.people.queries.record import record_of
from inroads.people.queries.referrals import referral_by_code
from inroads.people.views.access import note_reading, person_or_404
from inroads.reference.definitions.care import formats


def papers(request: HttpRequest, person: UUID) -> HttpResponse:
    """What was printed for this person, and printing something."""
    found = person_or_404(request, person)
    record = record_of(found)
    liked = formats().get(record.preferences.format) if record.preferences else None
    form = PrintForm(
        request.POST or None,
        initial={"kind": PaperKind.TRIAGE, "points": liked.points if liked and liked.points else 12},
    )
    if request.method == "POST" and form.is_valid():
        kind = form.cleaned_data["kind"]
        try:
            made = actions.print_paper(
                person=found,
                kind=kind,
                points=form.cleaned_data["points"],
                content=content_of(kind, record),
                by=request.user,
            )
        except Refused as refusal:
            form.add_error("kind", str(refusal))
        else:
            return redirect("people:paper_file", person=found.pk, paper=made.pk)
    if request.method != "POST":
        note_reading(request, found, "papers")
    listed = [
        (each, code_as_printed(each.code)) for each in found.papers.order_by("-pk").select_related("keyed_by")[:50]
    ]
    return render(request, "people/papers.html", {"person": found, "tab": "paper", "form": form, "papers": listed})


@require_safe
def paper_file(request: HttpRequest, person: UUID, paper: int) -> HttpResponse:
    """The paper as PDF, as it was when it was printed."""
    found = person_or_404(request, person)
    form = _paper_or_404(found, paper)
    note_reading(request, found, "paper")
    template, context = paper_words(form)
    return pdf_response(pdf(template, context, points=form.points), f"{form.kind}-{form.code}.pdf")


@sensitive_post_parameters()
def key_paper(request: HttpRequest) -> HttpResponse:
    """From the code in the corner to the right record."""
    form = CodeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        found = paper_by_code(request.user, form.cleaned_data["code"])
        if found is not None:
            return redirect("people:key", person=found.person_id, paper=found.pk)
        referral = referral_by_code(form.cleaned_data["code"], "receiver")
        if referral is not None and may_work_with(request.user, referral.person):
            return redirect("people:heard", person=referral.person_id, referral=referral.pk)
        told = referral_by_code(form.cleaned_data["code"], "person")
        if told is not None and may_work_with(request.user, told.person):
            return redirect("people:told_back", person=told.person_id, referral=told.pk)
        form.add_error("code", "No paper of the people you work with has this code. Check each letter")
    return render(request, "people/key_paper.html", {"form": form})


@sensitive_post_parameters()
def key(request: HttpRequest, person: UUID, paper: int) -> HttpResponse:
    """What stands on the paper, question by question in its order."""
    found = person_or_404(request, person)
    printed = _paper_or_404(found, paper)
    form = drafts.form(
        request,
        KeyForm,
        questions=_questions(printed),
        choices=printed.kind in CARDS,
        channel=Channel.PHONE if printed.kind == PaperKind.SCRIPT else Channel.PAPER,
    )
    said = saved(request, form, lambda: _save(printed, form, by=request.user))
    if said:
        messages.success(request, said)
        return redirect("people:record", person=found.pk)
    context = {
        "person": found,
        "tab": "paper",
        "form": form,
        "paper": printed,
        "code": code_as_printed(printed.code),
        "keys": [(f"tick_{each}" if f"tick_{each}" in form.fields else None, f"words_{each}") for each in form.keys],
    }
    return render(request, "people/key.html", context)


def _paper_or_404(person: Person, number: int) -> PaperForm:
    found = person.papers.filter(pk=number).select_related("person__organisation", "keyed_by").first()
    if found is None:
        raise Http404("There is no such paper in this record.")
    return found


def _questions(printed: PaperForm) -> list[tuple[str, str, list | None]]:
    """Key, words and boxes of each question, in the order in which they were printed."""
    if printed.kind in actions.CONVERSATIONS:
        return [
            (topic, prompt_of(topic), None if kind_of(topic) == "strength" else ANSWER_BOXES)
            for topic in printed.content
        ]
    if printed.kind in CARDS:
        stages = Stage.objects.in_bulk([each["stage"] for each in printed.content])
        options = Option.objects.in_bulk([option for each in printed.content for option in each["options"]])
        return [
            (
                str(each["stage"]),
                stages[each["stage"]].title,
                [(str(option), options[option].title) for option in each["options"]],
            )
            for each in printed.content
        ]
    steps = PlanStep.objects.filter(person=printed.person, pk__in=printed.content).prefetch_related("versions")
    what = {step.pk: list(step.versions.all())[-1].what for step in steps}
    return [
        (str(number), f"Has it helped: {what[number]}?", ANSWER_BOXES) for number in printed.content if number in what
    ]


def _save(printed: PaperForm, form: KeyForm, *, by: Any) -> str:
    said = form.cleaned_data
    written = {key: actions.Written(said.get(f"tick_{key}", ""), said[f"words_{key}"]) for key in form.keys}
    filled = actions.Filled(said["said_on"], said["said_by"], said["channel"], said["present_words"])
    if printed.kind in actions.CONVERSATIONS:
        actions.key_conversation(paper=printed, written=written, filled=filled, by=by)
        return "Keyed in. The answers are in the record."
    numbered = {int(key): each for key, each in written.items()}
    if printed.kind in CARDS:
        liked = f"large_{printed.points}" if printed.points > 12 else "standard"
        changed = actions.key_choices(paper=printed, written=numbered, filled=filled, explained_in=liked, by=by)
        return f"Keyed in. {changed} {'choice' if changed == 1 else 'choices'} changed."
    answered = actions.key_helped(paper=printed, written=numbered, filled=filled, by=by)
    return f"Keyed in. {answered} {'answer' if answered == 1 else 'answers'} kept."

"""A conversation, one idea at a time; what has happened; and what staff expect before they ask."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST, require_safe

from inroads.accounts import drafts, handed_over
from inroads.accounts.saving import saved
from inroads.people.actions import conversations as actions
from inroads.people.forms.conversations import THE_REST, AnswerForm, BeginForm, EventForm, ExpectationForm, StrengthForm
from inroads.people.models import AnswerKind, AnswerValue, Conversation, Person
from inroads.people.presenters import conversations as presenters
from inroads.people.queries.conversations import (
    answers_in,
    is_of_earlier_day,
    kind_of,
    left_to_ask,
    may_ask,
    own_expectations,
)
from inroads.people.queries.record import record_of
from inroads.people.views.access import note_reading, person_or_404
from inroads.reference.definitions.conversation import barriers, triage


@require_safe
def conversations(request: HttpRequest, person: UUID) -> HttpResponse:
    """What is known, in groups, and every conversation there was."""
    found = person_or_404(request, person)
    note_reading(request, found, "conversations")
    record = record_of(found)
    own = own_expectations(request.user, found)
    context = {
        "person": found,
        "tab": "conversations",
        "record": record,
        "groups": presenters.by_group(record),
        "strengths": [
            {"title": presenters.topic_title(topic), "answer": each} for topic, each in record.strengths.items()
        ],
        "conversations": [(each, each.who_was_there()) for each in reversed(record.conversations)],
        "expected": [
            {
                "title": presenters.topic_title(topic),
                "expected": presenters.TOLD[AnswerValue(each.expected)],
                "said": presenters.said(record.answers[topic]) if topic in record.answers else "Not asked yet",
            }
            for topic, each in own.items()
        ],
    }
    return render(request, "people/conversations.html", context)


@sensitive_post_parameters()
def begin(request: HttpRequest, person: UUID) -> HttpResponse:
    """Which conversation, who is there, how it is held."""
    found = person_or_404(request, person)
    record = record_of(found)
    paused = record.unfinished
    rest = left_to_ask(paused) if paused and is_of_earlier_day(paused) else []
    form = drafts.form(request, BeginForm, reopened=len(record.reopened), rest=len(rest))

    def begin_or_go_on() -> Conversation:
        said = form.begun()
        if said["kind"] == THE_REST:
            del said["kind"]
            return actions.go_on(conversation=paused, **said, by=request.user)
        return actions.begin_conversation(person=found, **said, by=request.user)

    begun = saved(request, form, begin_or_go_on)
    if begun:
        where = {"person": found.pk, "conversation": begun.pk}
        first = reverse("people:ask", kwargs={**where, "topic": begun.asked[0]})
        if form.cleaned_data["hand_over"]:
            questions = first.removesuffix(f"{begun.asked[0]}/")
            handed_over.begin(request, within=questions, back_to=reverse("people:conversation", kwargs=where))
        return redirect(first)
    context = {"person": found, "tab": "conversations", "form": form, "unfinished": None if rest else paused}
    return render(request, "people/begin.html", context)


@sensitive_post_parameters()
def ask(request: HttpRequest, person: UUID, conversation: UUID, topic: str) -> HttpResponse:
    """One question. Saved before the next one shows; skipped and paused at any time."""
    found, talk = _conversation_or_404(request, person, conversation)
    kind = kind_of(topic)
    held_by_person = handed_over.is_now(request)
    if kind is None or not may_ask(talk, topic) or (held_by_person and topic not in talk.asked):
        raise Http404("This question is not part of this conversation.")
    skipping = request.POST.get("go") in ("skip", "pause")
    given = answers_in(talk)
    kept = given.get(topic)
    form = drafts.form(
        request,
        StrengthForm if kind == AnswerKind.STRENGTH else AnswerForm,
        initial={"answer": kept.answer, "words": kept.words} if kept else None,
        prompt=presenters.prompt_of(topic),
        hint=presenters.hint_of(topic),
        skipping=skipping,
    )
    if request.method == "POST" and form.is_valid():
        _keep(talk, topic, kind, form.cleaned_data, skipping=skipping, by=request.user)
        drafts.forget(request)
        if request.POST.get("go") == "pause":
            messages.success(request, "Paused. Everything is kept; go on whenever you like.")
            return redirect("people:record", person=found.pk)
        following = _neighbour(talk, topic, 1)
        if following is None:
            return redirect("people:conversation", person=found.pk, conversation=talk.pk)
        return redirect("people:ask", person=found.pk, conversation=talk.pk, topic=following)
    barrier = barriers().get(topic)
    if request.method != "POST":
        note_reading(request, found, "conversation")
    # What was said another time is nothing for whoever sits beside the person.
    earlier = None if held_by_person else record_of(found).answers.get(topic)
    context = {
        "person": found,
        "tab": "conversations",
        "conversation": talk,
        "form": form,
        "barrier": barrier,
        "earlier": earlier if earlier and earlier.conversation_id != talk.pk else None,
        "earlier_said": presenters.said(earlier) if earlier else "",
        "number": talk.asked.index(topic) + 1 if topic in talk.asked else None,
        "before": _neighbour(talk, topic, -1),
        # For whoever asks, before they ask; never on a screen that was handed over.
        "careful": "" if held_by_person or barrier is None else barrier.careful,
    }
    return render(request, "people/ask.html", context)


def _keep(talk: Conversation, topic: str, kind: AnswerKind, said: dict[str, Any], *, skipping: bool, by: Any) -> None:
    """Keep what was said. Skipping a question whose answer is there already leaves that answer."""
    answer = said.get("answer", "")
    if skipping and not answer:
        kept = answers_in(talk).get(topic)
        if kept is not None and not said["words"].strip():
            return
        answer = AnswerValue.NOT_ASKED
        if kind == AnswerKind.STRENGTH and said["words"].strip():
            answer = ""
    actions.record_answer(conversation=talk, topic=topic, answer=answer, words=said["words"], by=by)


def _neighbour(talk: Conversation, topic: str, step: int) -> str | None:
    """The question before or after this one, None at either end or where it is not in this conversation."""
    if topic not in talk.asked:
        return None
    at = talk.asked.index(topic) + step
    return talk.asked[at] if 0 <= at < len(talk.asked) else None


@require_safe
def conversation(request: HttpRequest, person: UUID, conversation: UUID) -> HttpResponse:
    """What was said in one conversation, and how to put it right."""
    found, talk = _conversation_or_404(request, person, conversation)
    note_reading(request, found, "conversation")
    given = answers_in(talk)
    lines = list(presenters.lines(talk, given))
    waiting = next((each["topic"] for each in lines if each["answer"] is None), None)
    own = own_expectations(request.user, found)
    context = {
        "person": found,
        "tab": "conversations",
        "conversation": talk,
        "present": talk.who_was_there(),
        "lines": lines,
        "waiting": waiting,
        "later_day": is_of_earlier_day(talk),
        "careful": [
            barriers()[topic]
            for topic, each in given.items()
            if each.answer in (AnswerValue.YES, AnswerValue.A_BIT) and topic in barriers() and barriers()[topic].careful
        ],
        "expected": [
            {"title": presenters.topic_title(topic), "expected": presenters.TOLD[AnswerValue(own[topic].expected)],
             "said": presenters.said(each)}
            for topic, each in given.items()
            if topic in own
        ],
    }  # fmt: skip
    return render(request, "people/conversation.html", context)


@require_POST
def finish(request: HttpRequest, person: UUID, conversation: UUID) -> HttpResponse:
    """The conversation is over for now; the plan is next."""
    found, talk = _conversation_or_404(request, person, conversation)
    actions.finish_conversation(conversation=talk, by=request.user)
    messages.success(request, "Finished. Now look at what may help.")
    return redirect("people:plan", person=found.pk)


@sensitive_post_parameters()
def event(request: HttpRequest, person: UUID) -> HttpResponse:
    """Something happened; then only what it touches is asked again."""
    found = person_or_404(request, person)
    form = drafts.form(request, EventForm)
    if saved(request, form, lambda: actions.record_events(person=found, **form.cleaned_data, by=request.user)):
        messages.success(request, "Saved. Only what this touches is asked again.")
        return redirect("people:begin", person=found.pk)
    return render(request, "people/event.html", {"person": found, "tab": "conversations", "form": form})


@sensitive_post_parameters()
def expect(request: HttpRequest, person: UUID) -> HttpResponse:
    """What the reader expects, before asking. Nobody else ever sees it."""
    found = person_or_404(request, person)
    topics = [each for each in triage() if each.id not in record_of(found).answers]
    own = own_expectations(request.user, found)
    initial = {topic: each.expected for topic, each in own.items()}
    form = drafts.form(request, ExpectationForm, initial=initial, topics=topics)
    if saved(request, form, lambda: actions.note_expectations(person=found, expected=form.noted(), by=request.user)):
        messages.success(request, "Kept for you alone. Now ask.")
        return redirect("people:begin", person=found.pk)
    return render(request, "people/expect.html", {"person": found, "tab": "conversations", "form": form})


def _conversation_or_404(request: HttpRequest, person: UUID, conversation: UUID) -> tuple[Person, Conversation]:
    found = person_or_404(request, person)
    talk = found.conversations.filter(pk=conversation).first()
    if talk is None:
        raise Http404("There is no such conversation in this record.")
    talk.person = found
    return found, talk

"""Pages of a reader: passages with what they speak of, a score for each criterion, and finishing."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_safe

from inroads.accounts import drafts
from inroads.accounts.actions import Refused
from inroads.accounts.saving import saved
from inroads.reference.definitions import load
from inroads.reference.definitions.framework import Criterion
from inroads.systems.actions import coding as actions
from inroads.systems.forms.coding import CodingForm, FinishForm, ScoreForm
from inroads.systems.models import Coding, Reading
from inroads.systems.presenters import returns as presenters
from inroads.systems.queries import coding as queries
from inroads.systems.queries.returns import page_at, reading_of

TYPED = ("criterion_", "words_", "part_")


@require_safe
def last(request: HttpRequest, return_id: UUID) -> HttpResponse:
    """To the page on which the reader marked something last."""
    reading = reading_or_404(request, return_id)
    return redirect("systems:coding_page", return_id=return_id, number=queries.last_marked(reading))


@sensitive_post_parameters()
def passages(request: HttpRequest, return_id: UUID, number: int) -> HttpResponse:
    """Some passages of a return, each with what the reader marked and a way to mark it."""
    reading = reading_or_404(request, return_id)
    found = queries.passages_on(reading.of, number)
    if not found:
        raise Http404("The return has no such page.")
    if request.method == "POST" and "take_back" in request.POST:
        return _take_back(request, reading, number)
    form = drafts.form(request, CodingForm, passages=found, groups=queries.criteria_by_dimension(reading.of))
    made = saved(request, form, lambda: actions.code_all(reading=reading, marks=form.marks(), by=request.user))
    if made is not None:
        messages.success(request, _counted(made) if made else "Nothing was chosen, so nothing was marked.")
        return redirect(_at(return_id, number, request.POST.get("passage", "")))
    own = queries.own_codings(reading, found)
    pages = queries.pages_of(reading.of)
    context = {
        "form": form,
        "reading": reading,
        "return": reading.of,
        "number": number,
        "pages": pages,
        "rows": [
            {
                "passage": passage,
                "fields": fields,
                "page": page_at(reading.of, passage.start),
                "codings": [(each, presenters.title_of(each.criterion)) for each in own.get(passage.pk, [])],
            }
            for passage, fields in form.rows()
        ],
        "before": _at(return_id, number - 1) if number > 1 else "",
        "after": _at(return_id, number + 1) if number < pages else "",
    }
    shut = reading.finished_at is not None and request.method != "POST"
    return render(request, "systems/coding_finished.html" if shut else "systems/coding.html", context)


@require_safe
def scores(request: HttpRequest, return_id: UUID) -> HttpResponse:
    """Every criterion with what the reader marked and scored."""
    reading = reading_or_404(request, return_id)
    criteria = queries.own_criteria(reading)
    context = {
        "reading": reading,
        "return": reading.of,
        "criteria": [
            (each, presenters.level_words(each.criterion.id, each.score.level) if each.score else "Not yet")
            for each in criteria
        ],
    }
    return render(request, "systems/coding_scores.html", context)


@sensitive_post_parameters()
def score(request: HttpRequest, return_id: UUID, criterion: str) -> HttpResponse:
    """What the reader marked for one criterion, beside its levels, and which level the return shows."""
    reading = reading_or_404(request, return_id)
    if criterion not in reading.of.criteria or criterion not in load(Criterion):
        raise Http404("The return is not read against this criterion.")
    known = load(Criterion)[criterion]
    before = reading.scores.filter(criterion=criterion).order_by("pk").last()
    initial = {"level": str(before.level), "words": before.words} if before else {}
    form = drafts.form(request, ScoreForm, criterion=known, initial=initial)
    made = saved(
        request,
        form,
        lambda: actions.score(
            reading=reading,
            criterion=criterion,
            level=int(form.cleaned_data["level"]),
            words=form.cleaned_data["words"],
            by=request.user,
        ),
    )
    if made:
        messages.success(request, f"Saved: {known.title}.")
        return redirect(f"{reverse('systems:coding_scores', kwargs={'return_id': return_id})}#{criterion}")
    context = {
        "form": form,
        "reading": reading,
        "return": reading.of,
        "criterion": known,
        "codings": list(queries.own_codings_of(reading, criterion)),
        "before": before,
        "level": presenters.level_words(criterion, before.level) if before else "",
    }
    shut = reading.finished_at is not None and request.method != "POST"
    return render(request, "systems/coding_score_finished.html" if shut else "systems/coding_score.html", context)


def finish(request: HttpRequest, return_id: UUID) -> HttpResponse:
    """Say that the reading is done."""
    reading = reading_or_404(request, return_id)
    if reading.finished_at is not None and request.method != "POST":
        return redirect("systems:coding_scores", return_id=return_id)
    form = drafts.form(request, FinishForm)
    if saved(request, form, lambda: actions.finish_reading(reading=reading, by=request.user)):
        messages.success(request, "Finished. What you said stays as it is.")
        return redirect("systems:return", return_id=return_id)
    criteria = queries.own_criteria(reading)
    context = {
        "form": form,
        "reading": reading,
        "return": reading.of,
        "marks": sum(each.speak_for + each.against for each in criteria),
        "scored": sum(1 for each in criteria if each.score),
        "without_score": [each for each in criteria if not each.score and each.speak_for + each.against],
        "without_marks": [each for each in criteria if each.score and not each.speak_for + each.against],
    }
    return render(request, "systems/coding_finish.html", context)


def reading_or_404(request: HttpRequest, return_id: UUID) -> Reading:
    """The reader's own reading of a return. Anybody else learns nothing."""
    found = reading_of(request.user, return_id)
    if found is None:
        raise Http404("There is no such return among those given to you.")
    return found


def _take_back(request: HttpRequest, reading: Reading, number: int) -> HttpResponse:
    """Take one mark back; what stands typed beside other passages is kept."""
    if any(text.strip() for name, text in request.POST.items() if name.startswith(TYPED)):
        drafts.keep_on_arrival(request)
    try:
        coding = reading.codings.select_related("passage").get(pk=UUID(request.POST["take_back"]))
    except (ValueError, Coding.DoesNotExist) as error:
        raise Http404("There is no such mark among yours.") from error
    try:
        actions.take_code_back(coding=coding, by=request.user)
        messages.success(request, f"Taken back: {presenters.title_of(coding.criterion)}.")
    except Refused as refusal:
        messages.error(request, str(refusal))
    return redirect(_at(reading.of_id, number, str(coding.passage.number)))


def _at(return_id: UUID, number: int, passage: str = "") -> str:
    address = reverse("systems:coding_page", kwargs={"return_id": return_id, "number": number})
    return f"{address}#passage-{passage}" if passage.isascii() and passage.isdigit() else address


def _counted(made: list[Coding]) -> str:
    return "Saved: 1 mark." if len(made) == 1 else f"Saved: {len(made)} marks."

"""Pages of a reviewer: what they are asked to review, one assessment, one criterion with its evidence, their word."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_safe

from inroads.accounts import drafts
from inroads.accounts.saving import saved
from inroads.systems.actions import reviewing as actions
from inroads.systems.forms.reviewing import RemarkForm, VerdictForm, WholeForm
from inroads.systems.models import Assessment, Remark, State
from inroads.systems.permissions import is_peer
from inroads.systems.presenters import reviewing as presenters
from inroads.systems.queries import reviewing as queries
from inroads.systems.queries.assessments import criterion_in, framework_of, remarks_of
from inroads.systems.queries.needles import Standing, standings_of

NOT_FOUND = "There is no such review among those you are asked for."


@require_safe
def listed(request: HttpRequest) -> HttpResponse:
    """What I am asked to review: what can be read, what is not handed in yet, and what is closed."""
    asked = queries.asked_of(request.user)
    states = [State(each.assessment.state) for each in asked]
    context = {
        "now": [each for each, state in zip(asked, states, strict=True) if state in queries.UNDER_REVIEW],
        "waiting": [each for each, state in zip(asked, states, strict=True) if state == State.OPEN],
        "closed": [each for each, state in zip(asked, states, strict=True) if state == State.LOCKED],
    }
    return render(request, "systems/review_list.html", context)


@require_safe
def review(request: HttpRequest, assessment: UUID) -> HttpResponse:
    """An assessment by dimension: its needles, what is read and what is not yet."""
    found = reviewed_or_404(request, assessment)
    dimensions = presenters.by_dimension(standings_of(found), queries.verdicts_in(found), request.user.pk)
    lines = [line for _, each in dimensions for line in each]
    moves = queries.moves_of(found)
    context = {
        "assessment": found,
        "edition": framework_of(found),
        "dimensions": dimensions,
        "read": sum(line.read for line in lines),
        "of": sum(line.of for line in lines),
        "words": [each for each in moves if each.words and each.state == State.SUBMITTED][-1:],
        "whole": [each for each in moves if each.state == State.REVIEWED],
        "may_say": may_say(request, found),
        "finished": queries.has_finished(request.user, found),
    }
    return render(request, "systems/review.html", context)


@sensitive_post_parameters()
def criterion(request: HttpRequest, assessment: UUID, criterion: str) -> HttpResponse:
    """One criterion as a reviewer reads it: levels, elements, each piece of evidence, and what was said."""
    found = reviewed_or_404(request, assessment)
    wanted = criterion_in(found, criterion)
    if wanted is None:
        raise Http404(NOT_FOUND)
    form, made = remark_form(request, found, criterion)
    if made:
        messages.success(request, "Saved. The system can read it and answer.")
        return redirect("systems:review_criterion", assessment=found.pk, criterion=criterion)
    (standing,) = standings_of(found, only=criterion)
    context = {
        "assessment": found,
        "criterion": wanted,
        "standing": standing,
        "needles": presenters.needles(standing),
        "levels": presenters.elements(wanted, pieces_of(request, found, standing)),
        "remarks": remarks_of(found, criterion),
        "form": form,
        "may_say": may_say(request, found),
        "following": following(found, criterion),
    }
    return render(request, "systems/review_criterion.html", context)


@sensitive_post_parameters()
def verdict(request: HttpRequest, assessment: UUID, evidence: UUID) -> HttpResponse:
    """What a reviewer sees in one piece of evidence."""
    found = reviewed_or_404(request, assessment)
    here = queries.piece_here(found, evidence)
    if here is None:
        raise Http404(NOT_FOUND)
    standing, piece = here
    wanted = standing.criterion
    back = reverse("systems:review_criterion", kwargs={"assessment": found.pk, "criterion": wanted.id})
    if not may_say(request, found):
        return redirect(back)
    shown = next(each for each in pieces_of(request, found, standing)[piece.element] if each.evidence.pk == piece.pk)
    initial = {"verdict": shown.mine.verdict, "words": shown.mine.words} if shown.mine else {}
    form = drafts.form(request, VerdictForm, initial=initial)
    made = saved(
        request,
        form,
        lambda: actions.review_evidence(assessment=found, evidence=piece, by=request.user, **form.cleaned_data),
    )
    if made:
        messages.success(request, "Saved.")
        return redirect(f"{back}#evidence-{piece.pk}")
    context = {
        "assessment": found,
        "criterion": wanted,
        "element": wanted.elements()[piece.element],
        "number": wanted.level_of(piece.element),
        "piece": shown,
        "form": form,
        "back": back,
    }
    return render(request, "systems/review_evidence.html", context)


@sensitive_post_parameters()
def finish(request: HttpRequest, assessment: UUID) -> HttpResponse:
    """A reviewer's word on the whole, with what is not read yet."""
    found = reviewed_or_404(request, assessment)
    if not may_say(request, found) or (request.method == "GET" and queries.has_finished(request.user, found)):
        return redirect("systems:review", assessment=found.pk)
    form = drafts.form(request, WholeForm)
    if saved(request, form, lambda: actions.finish_review(assessment=found, by=request.user, **form.cleaned_data)):
        messages.success(request, "Thank you. The system reads what you saw.")
        return redirect("systems:review", assessment=found.pk)
    dimensions = presenters.by_dimension(standings_of(found), queries.verdicts_in(found), request.user.pk)
    unread = [line for _, lines in dimensions for line in lines if line.read < line.of]
    return render(request, "systems/review_finish.html", {"assessment": found, "form": form, "unread": unread})


def remark_form(request: HttpRequest, assessment: Assessment, criterion: str) -> tuple[RemarkForm, Remark | None]:
    """The form for a word on a criterion, and what was saved with it: from a reviewer, or from the system in answer."""
    form = drafts.form(request, RemarkForm)

    def said() -> Remark:
        return actions.remark(assessment=assessment, criterion=criterion, by=request.user, **form.cleaned_data)

    return form, saved(request, form, said)


def reviewed_or_404(request: HttpRequest, assessment: UUID) -> Assessment:
    """An assessment the reader is asked to review, once it was handed in. Anybody else learns nothing."""
    found = queries.assessment_reviewed(request.user, assessment)
    if found is None:
        raise Http404(NOT_FOUND)
    return found


def may_say(request: HttpRequest, assessment: Assessment) -> bool:
    """Whether this reviewer may still say something about an assessment."""
    return assessment.state in queries.UNDER_REVIEW and is_peer(request.user, assessment.organisation)


def pieces_of(
    request: HttpRequest, assessment: Assessment, standing: Standing, *, reads: bool = True
) -> dict[str, list[presenters.Piece]]:
    """The evidence beside a criterion as the reader sees it, by element. `reads`: they read as a reviewer."""
    return presenters.pieces(
        standing,
        timezone.localdate(assessment.locked_at) if assessment.locked_at else timezone.localdate(),
        request.user.pk if reads else None,
        files=queries.files_of(standing.evidence),
        passages=queries.passages_of(standing.evidence),
        quotes=queries.quotes_behind(request.user, assessment, standing.evidence),
        said=queries.verdicts_in(assessment),
    )


def following(assessment: Assessment, criterion: str) -> str:
    """The criterion after this one in the order of the framework; "" after the last."""
    order = [each.id for each in queries.criteria_in(assessment)]
    place = order.index(criterion) + 1
    return order[place] if place < len(order) else ""

"""Pages of a system about its review: who reviews, handing in, opening again, closing, what was said, what moved."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_safe

from inroads.accounts import drafts
from inroads.accounts.models import User
from inroads.accounts.saving import saved
from inroads.systems.actions import reviewing as actions
from inroads.systems.forms.reviewing import (
    CloseForm,
    HandInForm,
    InviteForm,
    ReopenForm,
    SearchForm,
    SureForm,
)
from inroads.systems.models import Assessment, State, Verdict
from inroads.systems.permissions import is_inside, is_reviewer, may_assess, may_lead, may_see_assessment
from inroads.systems.presenters import reviewing as presenters
from inroads.systems.queries import movement
from inroads.systems.queries import reviewing as queries
from inroads.systems.queries.assessments import assessment_of, criterion_in, framework_of, remarks_of
from inroads.systems.queries.needles import standings_of
from inroads.systems.views.reviews import pieces_of, remark_form

NOT_FOUND = "There is no such assessment among those you may see."
# As many as fit on a page; more are found by name.
MOST_PEERS = 40


@sensitive_post_parameters()
def invite(request: HttpRequest, assessment: UUID) -> HttpResponse:
    """Who reviews an assessment, and who can be asked, those from another region first."""
    found = led_or_404(request, assessment)
    search = SearchForm(request.GET)
    words = search.cleaned_data["words"] if search.is_valid() else ""
    asked = list(queries.invitations(found))
    there = {each.reviewer_id for each in asked if each.ended_at is None}
    peers = [each for each in queries.peers_for(found.organisation, words) if each.user.pk not in there]
    form = drafts.form(request, InviteForm, choices=presenters.peer_choices(peers[:MOST_PEERS]))

    def ask() -> object:
        chosen = User.objects.filter(pk=form.reviewer(), is_active=True).first()
        return actions.invite_reviewer(assessment=found, reviewer=chosen, by=request.user)

    if saved(request, form, ask):
        messages.success(request, "Asked. They can read the assessment from when it is handed in.")
        return redirect("systems:review_invite", assessment=found.pk)
    context = {
        "assessment": found,
        "asked": [each for each in asked if each.ended_at is None],
        "ended": [each for each in asked if each.ended_at is not None],
        "peers": peers[:MOST_PEERS],
        "more": len(peers) - MOST_PEERS,
        "words": words,
        "search": search,
        "form": form,
        "closed": found.state == State.LOCKED,
        "back": back_to(request, found),
    }
    return render(request, "systems/review_invite.html", context)


def end_invitation(request: HttpRequest, assessment: UUID, invitation: int) -> HttpResponse:
    """A reviewer is no longer asked."""
    found = led_or_404(request, assessment)
    kept = queries.invitations(found).filter(pk=invitation, ended_at=None).first()
    if kept is None:
        raise Http404(NOT_FOUND)
    form = drafts.form(request, SureForm)
    if saved(request, form, lambda: actions.end_invitation(invitation=kept, by=request.user)):
        messages.success(request, "Ended. What they said stays.")
        return redirect("systems:review_invite", assessment=found.pk)
    return render(request, "systems/review_end.html", {"assessment": found, "invitation": kept, "form": form})


@require_safe
def said(request: HttpRequest, assessment: UUID) -> HttpResponse:
    """What reviewers said: of the whole, of each criterion, and of evidence that is unclear or does not show it."""
    found = seen_or_404(request, assessment)
    verdicts, remarks, standings = queries.verdicts_in(found), list(found.remarks.all()), standings_of(found)
    lines = []
    for each in standings:
        given = [row for piece in each.evidence for row in verdicts.get(piece.pk, {}).values()]
        own = [row for row in remarks if row.criterion == each.criterion.id]
        if given or own:
            counted = {verdict: sum(row.verdict == verdict for row in given) for verdict in Verdict}
            waits = bool(own) and own[-1].from_reviewer
            lines.append((each.criterion, counted, len(own), waits))
    context = {
        "assessment": found,
        "lines": lines,
        "whole": [each for each in queries.moves_of(found) if each.state == State.REVIEWED],
        "reviewers": [each for each in queries.invitations(found) if each.ended_at is None],
        "back": back_to(request, found),
    }
    return render(request, "systems/review_said.html", context)


@sensitive_post_parameters()
def answer(request: HttpRequest, assessment: UUID, criterion: str) -> HttpResponse:
    """What reviewers said about one criterion, and what the system says in answer."""
    found = seen_or_404(request, assessment)
    wanted = criterion_in(found, criterion)
    if wanted is None:
        raise Http404(NOT_FOUND)
    organisation = found.organisation
    may_answer = (
        found.state != State.LOCKED and may_assess(request.user, organisation) and is_inside(request.user, organisation)
    )
    if request.method == "POST" and not may_answer:
        raise Http404(NOT_FOUND)
    form, made = remark_form(request, found, criterion)
    if made:
        messages.success(request, "Saved. Whoever reviews can read it.")
        return redirect("systems:review_answer", assessment=found.pk, criterion=criterion)
    (standing,) = standings_of(found, only=criterion)
    shown = [each for group in pieces_of(request, found, standing, reads=False).values() for each in group]
    context = {
        "assessment": found,
        "criterion": wanted,
        "pieces": [each for each in shown if each.others],
        "remarks": remarks_of(found, criterion),
        "form": form,
        "may_answer": may_answer,
        "back": back_to(request, found),
    }
    return render(request, "systems/review_answer.html", context)


@sensitive_post_parameters()
def hand_in(request: HttpRequest, assessment: UUID) -> HttpResponse:
    """What is open before an assessment is handed in, and handing it in."""
    found = led_or_404(request, assessment)
    if request.method == "GET" and found.state != State.OPEN:
        return redirect("systems:assessment_moves", assessment=found.pk)
    form = drafts.form(request, HandInForm)
    if saved(request, form, lambda: actions.hand_in(assessment=found, by=request.user, **form.cleaned_data)):
        messages.success(request, "Handed in. Reviewers can read it now.")
        return redirect("systems:assessment_moves", assessment=found.pk)
    standings = standings_of(found)
    context = {
        "assessment": found,
        "open": queries.unready(found, standings),
        "reviewers": [each for each in queries.invitations(found) if each.ended_at is None],
        "form": form,
        "back": back_to(request, found),
    }
    return render(request, "systems/moves_hand_in.html", context)


@sensitive_post_parameters()
def reopen(request: HttpRequest, assessment: UUID) -> HttpResponse:
    """Open an assessment again, with a reason."""
    found = led_or_404(request, assessment)
    if request.method == "GET" and found.state not in queries.UNDER_REVIEW:
        return redirect("systems:assessment_moves", assessment=found.pk)
    form = drafts.form(request, ReopenForm)
    if saved(request, form, lambda: actions.reopen(assessment=found, by=request.user, **form.cleaned_data)):
        messages.success(request, "Open again. Reviewers can read on once it is handed in.")
        return redirect("systems:assessment_moves", assessment=found.pk)
    context = {"assessment": found, "form": form, "back": back_to(request, found)}
    return render(request, "systems/moves_reopen.html", context)


@sensitive_post_parameters()
def close(request: HttpRequest, assessment: UUID) -> HttpResponse:
    """Close an assessment for ever, with where its needles stand."""
    found = led_or_404(request, assessment)
    if request.method == "GET" and found.state not in queries.UNDER_REVIEW:
        return redirect("systems:assessment_moves", assessment=found.pk)
    reviewed = found.state == State.REVIEWED
    form = drafts.form(request, CloseForm, reviewed=reviewed)
    if saved(request, form, lambda: actions.close(assessment=found, by=request.user, **form.cleaned_data)):
        messages.success(request, "Closed. It stays as it is.")
        return redirect("systems:assessment_moves", assessment=found.pk)
    standings = standings_of(found)
    context = {
        "assessment": found,
        "reviewed": reviewed,
        "rows": [(each.criterion, presenters.needles(each)) for each in standings],
        "unanswered": queries.unanswered(found),
        "late": queries.laid_down_late(found, standings),
        "form": form,
        "back": back_to(request, found),
    }
    return render(request, "systems/moves_close.html", context)


@require_safe
def moves(request: HttpRequest, assessment: UUID) -> HttpResponse:
    """How far an assessment is, how it came there, and what can be done next."""
    found = seen_or_404(request, assessment)
    rows = queries.moves_of(found)
    context = {
        "assessment": found,
        "edition": framework_of(found),
        "rows": [(presenters.MOVED[State(each.state)], each) for each in rows],
        "leads": may_lead(request.user, found.organisation),
        "has_before": comparable_with(request, found) is not None,
        "back": back_to(request, found),
    }
    return render(request, "systems/moves.html", context)


@require_safe
def compare(request: HttpRequest, assessment: UUID) -> HttpResponse:
    """An assessment beside the one before, criterion by criterion."""
    found = seen_or_404(request, assessment)
    then = comparable_with(request, found)
    if then is None:
        raise Http404("There is no assessment before this one among those you may see.")
    beside = movement.beside(found, then)
    changed = [piece for pair in beside.pairs for _, piece in pair.changed]
    quotes = queries.quotes_behind(request.user, found, changed)
    context = {
        "assessment": found,
        "then": then,
        "beside": beside,
        "summary": presenters.summary(beside),
        "rows": presenters.rows(beside, quotes),
        "alone": presenters.on_its_own,
        "editions": (framework_of(found), framework_of(then)),
        "back": back_to(request, found),
    }
    return render(request, "systems/compare.html", context)


def seen_or_404(request: HttpRequest, assessment: UUID) -> Assessment:
    """An assessment the reader may read. Anybody else learns nothing, not even that there is one."""
    found = assessment_of(request.user, assessment)
    if found is None:
        raise Http404(NOT_FOUND)
    return found


def led_or_404(request: HttpRequest, assessment: UUID) -> Assessment:
    """An assessment the reader leads."""
    found = queries.assessment_led(request.user, assessment)
    if found is None:
        raise Http404(NOT_FOUND)
    return found


def comparable_with(request: HttpRequest, assessment: Assessment) -> Assessment | None:
    """The assessment before, where the reader may read that as well."""
    then = movement.before(assessment)
    return then if then is not None and may_see_assessment(request.user, then) else None


def back_to(request: HttpRequest, assessment: Assessment) -> dict[str, str]:
    """The page of the assessment for those of the system and above it; for a reviewer, their review."""
    reviews = not is_inside(request.user, assessment.organisation) and is_reviewer(request.user, assessment)
    name = "systems:review" if reviews else "systems:assessment"
    return {"href": reverse(name, kwargs={"assessment": assessment.pk}), "text": assessment.title}

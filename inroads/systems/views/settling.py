"""Pages on which two readings of a return stand side by side: settling where they differ, and the trace of a score."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_safe

from inroads.accounts import drafts
from inroads.accounts.saving import saved_or_theirs
from inroads.reference.definitions import load
from inroads.reference.definitions.framework import Criterion
from inroads.systems.actions.returns import has_read
from inroads.systems.actions.settling import settle as settle_action
from inroads.systems.forms.returns import NO_LEVEL, SettleForm
from inroads.systems.models import Coding, Return
from inroads.systems.permissions import may_keep_returns
from inroads.systems.presenters import returns as presenters
from inroads.systems.queries import return_scores
from inroads.systems.queries.coding import both_finished, sees_both
from inroads.systems.queries.returns import how_far
from inroads.systems.views.returns import kept_or_404, seen_or_404, side_line

SHOWN = 160


@require_safe
def differences(request: HttpRequest, return_id: UUID) -> HttpResponse:
    """On which criteria two readers differ, those that have to be settled first."""
    found = settled_by_or_404(request, return_id)
    alone = return_scores.one_sided(found)
    lines = [side_line(each, alone) for each in return_scores.sides_of(found)]
    context = {
        "return": found,
        "kept": how_far([found])[0],
        "must": [each for each in lines if each["must"]],
        "may": [each for each in lines if not each["must"] and each["may_be_settled"]],
        "agreed": sum(1 for each in lines if not each["may_be_settled"]),
    }
    return render(request, "systems/settle.html", context)


@sensitive_post_parameters()
def settle(request: HttpRequest, return_id: UUID, criterion: str) -> HttpResponse:
    """Both readings of one criterion side by side, and what stands."""
    found = settled_by_or_404(request, return_id)
    trace = trace_or_404(found, criterion)
    if not trace.side.scores_differ and not trace.marks.alone:
        return redirect("systems:return_trace", return_id=return_id, criterion=criterion)
    known = load(Criterion)[criterion]
    last = trace.side.settlement
    initial = {
        "seen": len(trace.settlements),
        "kept": [str(each.pk) for each in trace.standing] if last else [str(each.pk) for each in first_of_both(trace)],
        **({"level": NO_LEVEL if last.level is None else str(last.level), "words": last.words} if last else {}),
    }
    form = drafts.form(request, SettleForm, criterion=known, kept=choices(trace), initial=initial)
    made, theirs = saved_or_theirs(
        request,
        form,
        lambda: settle_action(
            of=found,
            criterion=criterion,
            level=None if form.cleaned_data["level"] == NO_LEVEL else int(form.cleaned_data["level"]),
            words=form.cleaned_data["words"],
            kept=form.cleaned_data["kept"],
            seen=form.cleaned_data["seen"],
            by=request.user,
        ),
        lambda meanwhile: len(meanwhile.settlements),
    )
    if made:
        messages.success(request, f"Settled: {known.title}.")
        return redirect("systems:settle", return_id=return_id)
    context = {"form": form, "meanwhile": theirs is not None, **_both(found, theirs or trace)}
    return render(request, "systems/settle_criterion.html", context)


@require_safe
def trace(request: HttpRequest, return_id: UUID, criterion: str) -> HttpResponse:
    """How a score came about: both readings, the passages they marked, and what was settled."""
    found = seen_or_404(request, return_id)
    if not sees_both(request.user, found):
        raise Http404("Both readers have to finish before their readings stand side by side.")
    shown = trace_or_404(found, criterion)
    may_settle = (shown.side.scores_differ or bool(shown.marks.alone)) and may_settle_it(request, found)
    return render(request, "systems/return_trace.html", {"may_settle": may_settle, **_both(found, shown)})


def settled_by_or_404(request: HttpRequest, return_id: UUID) -> Return:
    """A return on which both have finished, and which this user keeps and has not read."""
    found = kept_or_404(request, return_id)
    if not may_settle_it(request, found):
        raise Http404("It cannot be settled yet, or by you: who has read a return does not settle it.")
    return found


def may_settle_it(request: HttpRequest, found: Return) -> bool:
    """Whether this user may settle a return now."""
    keeps = may_keep_returns(request.user, found.organisation)
    return keeps and both_finished(found) and request.user.pk not in has_read(found)


def trace_or_404(found: Return, criterion: str) -> return_scores.Trace:
    """The trace of one criterion of a return."""
    if criterion not in found.criteria or criterion not in load(Criterion):
        raise Http404("The return is not read against this criterion.")
    return return_scores.trace_of(found, criterion)


def choices(trace: return_scores.Trace) -> list[tuple[str, str]]:
    """The marks that may stand, as choices."""
    return [
        (str(each.pk), f"Passage {each.passage.number}, {each.reading.reader.full_name}: {_short(each.marked)}")
        for each in trace.marks.all
    ]


def first_of_both(trace: return_scores.Trace) -> list[Coding]:
    """The first reader's marks of passages on which both agree."""
    return [each for each in trace.marks.both if each.reading.place == 1]


def _both(found: Return, trace: return_scores.Trace) -> dict[str, object]:
    criterion = trace.side.criterion
    readings = how_far([found])[0].readings
    stand = {each.pk for each in trace.standing}
    passages: dict[int, list[Coding]] = {}
    for each in trace.marks.all:
        passages.setdefault(each.passage.number, []).append(each)
    return {
        "return": found,
        "criterion": load(Criterion)[criterion],
        "trace": trace,
        "stands": "Nothing yet" if trace.side.must_be_settled else presenters.level_words(criterion, trace.side.level),
        "readings": [
            (reading, given, presenters.level_words(criterion, given.level if given else None))
            for reading, given in zip(readings, (trace.side.first, trace.side.second), strict=True)
        ],
        "passages": [
            (number, [(each, each.pk in stand) for each in codings]) for number, codings in sorted(passages.items())
        ],
        "settlements": [
            (
                each,
                presenters.level_words(criterion, each.level),
                presenters.level_words(criterion, each.first),
                presenters.level_words(criterion, each.second),
            )
            for each in reversed(trace.settlements)
        ],
    }


def _short(words: str) -> str:
    flat = " ".join(words.split())
    return flat if len(flat) <= SHOWN else f"{flat[:SHOWN].rsplit(' ', 1)[0]} …"

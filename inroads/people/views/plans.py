"""A person's plan, what may help, help by hour, whether steps helped; and plans that are due for a look."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST, require_safe

from inroads.accounts import audit, drafts
from inroads.accounts.actions import Refused
from inroads.accounts.permissions import Permission
from inroads.accounts.queries import highest_where
from inroads.accounts.saving import saved
from inroads.people.actions import plans as actions
from inroads.people.forms.plans import ChangeStepForm, HelpAtTimeForm, HelpedForm, ReviewForm, StepForm
from inroads.people.models import Person, PlanStep, StepStatus
from inroads.people.presenters import plans as presenters
from inroads.people.presenters.conversations import source, topic_title
from inroads.people.queries import plans as queries
from inroads.people.queries.gathering import out_of_date, suggestions
from inroads.people.queries.matching import Suggestion
from inroads.people.queries.record import record_of
from inroads.people.views.access import note_reading, person_or_404
from inroads.reference.around import published
from inroads.reference.definitions.conversation import barriers

NOT_FOUND = "There is no such step in this plan."


@require_safe
def plan(request: HttpRequest, person: UUID) -> HttpResponse:
    """The review first, then the steps, what may help, and what helps at which hour."""
    found = person_or_404(request, person)
    note_reading(request, found, "plan")
    record = record_of(found)
    shown = presenters.plan_page(record, suggestions(record, published()), at=timezone.now())
    return render(
        request,
        "people/plan.html",
        {"person": found, "tab": "plan", "plan": shown, "doors": presenters.DOORS, "out_of_date": out_of_date(record)},
    )


@sensitive_post_parameters()
def add_step(request: HttpRequest, person: UUID, barrier: str = "", suggested: str = "") -> HttpResponse:
    """A new step, filled in from a suggestion where the address names one by its codes; never by words."""
    found = person_or_404(request, person)
    known = barriers().get(barrier)
    if barrier and known is None:
        raise Http404("There is nothing like this in a conversation.")
    chosen = _suggestion(found, barrier, suggested) if suggested else None
    nothing = chosen is not None and chosen.is_nothing_yet
    initial = {"status": StepStatus.NOTHING_YET if nothing else StepStatus.PLANNED}
    if chosen is not None:
        initial["what"] = presenters.proposed(chosen)
    form = drafts.form(request, StepForm, initial=initial)
    if saved(
        request,
        form,
        lambda: actions.add_step(
            person=found,
            **form.cleaned_data,
            barrier=barrier,
            help=chosen.help if chosen else "",
            because=presenters.said_why(chosen) if chosen else "",
            private=bool(chosen and chosen.private),
            app=chosen.app if chosen else "",
            by=request.user,
        ),
    ):
        messages.success(request, "Added to the plan.")
        return redirect("people:plan", person=found.pk)
    if request.method != "POST":
        note_reading(request, found, "plan")
    context = {
        "person": found,
        "tab": "plan",
        "form": form,
        "chosen": chosen,
        "gone": bool(suggested) and chosen is None,
        "barrier": known.title if known else "",
        "private": known is not None and known.alone,
    }
    return render(request, "people/step_add.html", context)


def _suggestion(person: Person, barrier: str, key: str) -> Suggestion | None:
    """What is suggested for this barrier under this key, or None where it is not suggested any more."""
    found = suggestions(record_of(person), published())
    return next((each for each in found if each.key == key and barrier in each.barriers), None)


@sensitive_post_parameters()
def change_step(request: HttpRequest, person: UUID, step: int) -> HttpResponse:
    """A step as it stands. Where somebody else changed it meanwhile, their words stand above and yours in the form."""
    found, kept = _step_or_404(request, person, step)
    history = queries.versions_of(kept)
    latest = history[0]
    initial = {name: getattr(latest, name) for name in ("version", "status", "what", "owner", "due_on", "words")}
    form = drafts.form(request, ChangeStepForm, initial=initial)
    theirs = None
    if request.method == "POST" and form.is_valid():
        try:
            actions.change_step(step=kept, **form.cleaned_data, by=request.user)
        except actions.ChangedMeanwhile as changed:
            theirs = changed.theirs
            form.add_error(None, str(changed))
            form.read_again(theirs.version)
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            drafts.forget(request)
            messages.success(request, "Saved.")
            return redirect("people:plan", person=found.pk)
    if request.method != "POST":
        note_reading(request, found, "plan")
    context = {
        "person": found,
        "tab": "plan",
        "form": form,
        "step": kept,
        "theirs": theirs,
        "history": history[1:],
        "barrier": topic_title(kept.barrier) if kept.barrier else "",
    }
    return render(request, "people/step_change.html", context)


@sensitive_post_parameters()
def helped(request: HttpRequest, person: UUID, step: int) -> HttpResponse:
    """Has it helped? One answer, and words if there are any."""
    found, kept = _step_or_404(request, person, step)
    form = drafts.form(request, HelpedForm)
    if saved(request, form, lambda: actions.record_helped(step=kept, **form.cleaned_data, by=request.user)):
        messages.success(request, "Saved.")
        return redirect("people:plan", person=found.pk)
    if request.method != "POST":
        note_reading(request, found, "plan")
    earlier = queries.helped_answers(kept)
    context = {
        "person": found,
        "tab": "plan",
        "form": form,
        "now": queries.versions_of(kept)[0],
        "earlier": [(each, presenters.helped(each), source(each)) for each in earlier],
    }
    return render(request, "people/helped.html", context)


def review(request: HttpRequest, person: UUID) -> HttpResponse:
    """When the plan is looked at again."""
    found = person_or_404(request, person)
    form = drafts.form(request, ReviewForm)
    if saved(
        request,
        form,
        lambda: actions.set_review(person=found, review_on=form.cleaned_data["review_on"], by=request.user),
    ):
        messages.success(request, "Saved.")
        return redirect("people:plan", person=found.pk)
    if request.method != "POST":
        note_reading(request, found, "plan")
    context = {"person": found, "tab": "plan", "form": form, "review_on": presenters.review_day(record_of(found))}
    return render(request, "people/review.html", context)


@sensitive_post_parameters()
def add_help_at_time(request: HttpRequest, person: UUID) -> HttpResponse:
    """What helps at an hour of the day or night."""
    found = person_or_404(request, person)
    form = drafts.form(request, HelpAtTimeForm)
    if saved(request, form, lambda: actions.add_help_at_time(person=found, **form.cleaned_data, by=request.user)):
        messages.success(request, "Saved.")
        return redirect("people:plan", person=found.pk)
    return render(request, "people/help_at_time.html", {"person": found, "tab": "plan", "form": form})


@require_POST
def end_help_at_time(request: HttpRequest, person: UUID, time: int) -> HttpResponse:
    """This helps no more."""
    found = person_or_404(request, person)
    kept = queries.help_at_time_of(found, time)
    if kept is None:
        raise Http404("There is no such line in this plan.")
    actions.end_help_at_time(help_at_time=kept, by=request.user)
    messages.success(request, "Taken out. It stays in the timeline.")
    return redirect("people:plan", person=found.pk)


@require_safe
def due(request: HttpRequest) -> HttpResponse:
    """Plans that are to be looked at again, the longest overdue first."""
    after = _person_id(request.GET.get("after", ""))
    shown = queries.due_plans(request.user, after=after)
    audit.record_list_read(
        action="plans_due_listed",
        by=request.user,
        organisations=highest_where(request.user, Permission.WORK_WITH_PEOPLE),
        details={"people": len(shown.plans)},
    )
    context = {"plans": shown.plans, "more": shown.more, "first": after is None}
    return render(request, "people/due.html", context)


def _person_id(written: str) -> UUID | None:
    try:
        return UUID(written)
    except ValueError:
        return None


def _step_or_404(request: HttpRequest, person: UUID, step: int) -> tuple[Person, PlanStep]:
    found = person_or_404(request, person)
    kept = queries.step_of(found, step)
    if kept is None:
        raise Http404(NOT_FOUND)
    return found, kept

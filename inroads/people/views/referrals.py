"""Passing somebody on: finding who could help, asking with consent, hearing back, and what waits for us."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST, require_safe

from inroads.accounts import audit, drafts
from inroads.accounts.actions import Refused
from inroads.accounts.codes import as_written
from inroads.accounts.permissions import Permission
from inroads.accounts.queries import highest_where
from inroads.accounts.saving import saved
from inroads.design.documents import POINTS, pdf, pdf_response
from inroads.directory.forms.finding import FindHelpForm
from inroads.directory.presenters.services import line
from inroads.directory.queries import finding
from inroads.people.actions import referrals as actions
from inroads.people.forms.referrals import HeardForm, ReferForm, ToldBackForm
from inroads.people.models import Person, PlanStep, Referral, ReferralState
from inroads.people.presenters import referrals as presenters
from inroads.people.presenters.referral_paper import letter_context
from inroads.people.queries import referrals as queries
from inroads.people.queries.plans import step_of
from inroads.people.queries.record import record_of
from inroads.people.queries.referring import asked_of, first_look, need_of
from inroads.people.views.access import note_reading, person_or_404


@require_safe
def who_could_help(request: HttpRequest, person: UUID) -> HttpResponse:
    """The directory, looked through for this person: around where they live, in their language."""
    found = person_or_404(request, person)
    note_reading(request, found, "referrals")
    record = record_of(found)
    asked = request.GET.copy() if request.GET else first_look(record)
    form = FindHelpForm(asked)
    context = {"person": found, "tab": "referrals", "form": form, "found": None}
    if form.is_valid():
        wanted = form.wanted()
        hits = finding.find(request.user, wanted, page=_number(request.GET.get("page", "")))
        said = {"language": wanted.language, "community": wanted.community}
        context |= {
            "found": hits,
            "first": (hits.page - 1) * finding.PAGE,
            "lines": [line(each.service, each, **said) for each in hits.hits],
            "query": _without_page(asked),
            "need": wanted.need,
        }
    return render(request, "people/refer_find.html", context)


@sensitive_post_parameters()
def refer(request: HttpRequest, person: UUID, service: UUID) -> HttpResponse:
    """What to ask for, what may be passed on, and how they agreed. Saving it sends nothing yet."""
    found = person_or_404(request, person)
    chosen = finding.services_visible_to(request.user).filter(pk=service).first()
    if chosen is None:
        raise Http404("There is no such service in the directory that you see, or it has ended.")
    record = record_of(found)
    barrier = need_of(record, request.GET.get("need", ""))
    step = _step(found, request.GET.get("step", ""))
    help = asked_of(chosen, barrier)
    form = drafts.form(request, ReferForm, initial={"asked": help.title if help else ""})
    made = saved(
        request,
        form,
        lambda: actions.draft_referral(
            person=found,
            service=chosen,
            asked=form.cleaned_data["asked"],
            consent=form.consent(),
            help=help.id if help else "",
            barrier=barrier,
            step=step,
            by=request.user,
        ),
    )
    if made:
        messages.success(request, "Written down. Nothing is passed on before you send it.")
        return redirect("people:referral", person=found.pk, referral=made.pk)
    if request.method != "POST":
        note_reading(request, found, "referrals")
    context = {"person": found, "tab": "referrals", "form": form, "service": chosen, "line": line(chosen)}
    return render(request, "people/refer.html", context)


@require_safe
def referrals(request: HttpRequest, person: UUID) -> HttpResponse:
    """All of this person's referrals, the latest first."""
    found = person_or_404(request, person)
    note_reading(request, found, "referrals")
    listed = [presenters.standing(each) for each in queries.referrals_of(found)]
    return render(request, "people/referrals.html", {"person": found, "tab": "referrals", "listed": listed})


@require_safe
def referral(request: HttpRequest, person: UUID, referral: UUID) -> HttpResponse:
    """One referral: where it stands, what happened, and what can be done now."""
    found, kept = _referral_or_404(request, person, referral)
    note_reading(request, found, "referrals")
    context = {
        "person": found,
        "tab": "referrals",
        "standing": presenters.standing(kept),
        "referral": kept,
        "before": presenters.before_yes(kept),
        "after": presenters.after_yes(kept),
        "how": presenters.how_sent(kept),
        "events": [(each, presenters.event_line(each)) for each in queries.events_of(kept)],
        "follows": presenters.can_follow(kept),
        "states": ReferralState,
        "code": as_written(queries.code_of(kept, "receiver")),
    }
    return render(request, "people/referral.html", context)


@require_POST
def send(request: HttpRequest, person: UUID, referral: UUID) -> HttpResponse:
    """Ask them now."""
    found, kept = _referral_or_404(request, person, referral)
    try:
        actions.send_referral(referral=kept, by=request.user)
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        kept.refresh_from_db()
        asked = f"Asked by {presenters.how_sent(kept)}."
        ring = "Nothing can be sent to them. Ring them, and write down what they say."
        messages.success(request, ring if kept.waits_for == "sender" else asked)
    return redirect("people:referral", person=found.pk, referral=kept.pk)


@require_POST
def withdraw(request: HttpRequest, person: UUID, referral: UUID) -> HttpResponse:
    """Not wanted any more."""
    found, kept = _referral_or_404(request, person, referral)
    try:
        actions.withdraw_referral(referral=kept, by=request.user)
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, "Taken back. Their link shows nothing about the person any more.")
    return redirect("people:referral", person=found.pk, referral=kept.pk)


@sensitive_post_parameters()
def heard(request: HttpRequest, person: UUID, referral: UUID) -> HttpResponse:
    """What they said on the phone or on paper."""
    found, kept = _referral_or_404(request, person, referral)
    form = drafts.form(request, HeardForm, follows=presenters.can_follow(kept))
    if saved(request, form, lambda: actions.answer_referral(referral=kept, **form.cleaned_data, by=request.user)):
        messages.success(request, "Saved.")
        return redirect("people:referral", person=found.pk, referral=kept.pk)
    context = {"person": found, "tab": "referrals", "form": form, "referral": kept}
    return render(request, "people/referral_heard.html", context)


@sensitive_post_parameters()
def told_back(request: HttpRequest, person: UUID, referral: UUID) -> HttpResponse:
    """Whether it helped, as the person says."""
    found, kept = _referral_or_404(request, person, referral)
    form = drafts.form(request, ToldBackForm)
    if saved(
        request,
        form,
        lambda: actions.tell_back(referral=kept, **form.cleaned_data, through=_through(form), by=request.user),
    ):
        messages.success(request, "Saved. Thank them for telling us.")
        return redirect("people:referral", person=found.pk, referral=kept.pk)
    context = {"person": found, "tab": "referrals", "form": form, "referral": kept}
    return render(request, "people/referral_told.html", context)


@require_safe
def letter(request: HttpRequest, person: UUID, referral: UUID) -> HttpResponse:
    """A letter to the touchpoint with its code, or the script for ringing them: without a name."""
    found, kept = _referral_or_404(request, person, referral)
    note_reading(request, found, "referrals")
    points = _number(request.GET.get("points", "12"))
    points = points if points in POINTS else 12
    made = pdf("people/print/referral.html", letter_context(kept, points), points=points)
    return pdf_response(made, f"question-{points}-point.pdf")


@require_safe
def waiting(request: HttpRequest) -> HttpResponse:
    """Referrals that need us, and those that wait for somebody else."""
    mine, others = queries.waiting_for_us(request.user), queries.under_way(request.user)
    audit.record_list_read(
        action="referrals_listed",
        by=request.user,
        organisations=highest_where(request.user, Permission.WORK_WITH_PEOPLE),
        details={"people": len({each.person_id for each in [*mine, *others]})},
    )
    context = {
        "ours": [presenters.standing(each) for each in mine],
        "others": [presenters.standing(each) for each in others],
    }
    return render(request, "people/referrals_waiting.html", context)


@require_safe
def received(request: HttpRequest) -> HttpResponse:
    """What our touchpoints are asked, for those of them who have an account."""
    found = queries.referrals_received_by(request.user)
    lines = [(presenters.standing(each), queries.code_of(each, "receiver")) for each in found]
    return render(request, "people/referrals_received.html", {"lines": lines})


def _through(form: ToldBackForm) -> str:
    return {"paper": "paper", "phone": "phone", "video": "phone"}.get(form.cleaned_data["channel"], "screen")


def _referral_or_404(request: HttpRequest, person: UUID, referral: UUID) -> tuple[Person, Referral]:
    found = person_or_404(request, person)
    kept = found.referrals.filter(pk=referral)
    kept = kept.select_related("person__organisation", "service__touchpoint", "step", "organisation").first()
    if kept is None:
        raise Http404("There is no such referral in this record.")
    return found, kept


def _step(person: Person, number: str) -> PlanStep | None:
    return step_of(person, int(number)) if number.isascii() and number.isdecimal() and len(number) < 18 else None


def _without_page(asked) -> str:
    query = asked.copy()
    query.pop("page", None)
    return query.urlencode()


def _number(typed: str) -> int:
    return int(typed) if typed.isascii() and typed.isdecimal() and len(typed) < 7 else 1

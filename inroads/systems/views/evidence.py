"""Evidence of a system: the list, what it can show, a new piece, one piece with its file, and withdrawing it."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.http import content_disposition_header, urlencode
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_safe

from inroads.accounts import drafts
from inroads.accounts.saving import saved
from inroads.reference.definitions.framework import Criterion, Element
from inroads.reference.models import Organisation
from inroads.systems.actions import evidence as actions
from inroads.systems.forms.evidence import NOT_SO, SO, EvidenceForm, WithdrawForm
from inroads.systems.models import Assessment, Coding, Evidence, Quote, Return, ReviewedEvidence, Voice
from inroads.systems.permissions import is_inside, may_assess, may_see_system
from inroads.systems.presenters import evidence as presenters
from inroads.systems.presenters.needles import kinds_in_words
from inroads.systems.queries import evidence as queries
from inroads.systems.queries.assessments import going_on, verdicts_on
from inroads.systems.queries.coding import codings_visible_to
from inroads.systems.queries.interviews import may_show_quote, quotes_visible_to
from inroads.systems.queries.reviewing import passages_of
from inroads.systems.views.opening import of_a_system, page_of

NOT_FOUND = "There is no such evidence among what you may see."
PAGE = 50
# What an address may bring along besides what is shown: on what the evidence stands, and the voice.
CARRIED = ("voice", "passage", "quote")


@require_safe
@of_a_system()
def evidence_list(request: HttpRequest, system: Organisation) -> HttpResponse:
    """All evidence of a system that the reader may see; of one criterion, or what runs out soon."""
    criteria = queries.criteria_now(system)
    chosen, soon = request.GET.get("criterion", ""), request.GET.get("soon") == "yes"
    chosen = chosen if any(each.id == chosen for each in criteria) else ""
    found = queries.about(queries.evidence_of(request.user, system), criterion=chosen, soon=soon)
    order = ("expires_on", "pk") if soon else ("-recorded_at", "pk")
    page = Paginator(found.select_related("recorded_by").order_by(*order), PAGE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "lines": [presenters.line(each, timezone.localdate()) for each in page],
        "criteria": criteria,
        "chosen": chosen,
        "soon": soon,
        "inside": is_inside(request.user, system),
        "query": urlencode({"criterion": chosen, **({"soon": "yes"} if soon else {})}),
    }
    return page_of(request, "systems/evidence_list.html", system, **context)


@require_safe
@of_a_system(inside=True)
def new(request: HttpRequest, system: Organisation) -> HttpResponse:
    """What the new evidence is about; where the address says so already, on to the form."""
    criteria = queries.criteria_now(system)
    carried = {name: request.GET[name] for name in CARRIED if request.GET.get(name)}
    criterion = next((each for each in criteria if each.id == request.GET.get("criterion")), None)
    if criterion and request.GET.get("element") in criterion.elements():
        return redirect(_form_address(system, criterion.id, request.GET["element"], carried))
    context = {
        "criteria": criteria,
        "criterion": criterion,
        "levels": [
            (number, level, [(_form_address(system, criterion.id, each.id, carried), each, kinds_in_words(each))
                             for each in level.elements])
            for number, level in enumerate(criterion.levels, 1)
        ] if criterion else [],
        "carried": urlencode(carried),
    }  # fmt: skip
    return page_of(request, "systems/evidence_choose.html", system, **context)


@sensitive_post_parameters()
@of_a_system(inside=True)
def add(request: HttpRequest, system: Organisation, criterion: str, element: str) -> HttpResponse:
    """New evidence about one element."""
    asked, wanted = _asked_or_404(system, criterion, element)
    may_support = may_assess(request.user, system)
    passage, quote = _passage(request, system), _quote(request, system)
    initial = {"supports": SO if may_support and not request.GET.get("against") else NOT_SO}
    if request.GET.get("voice") in Voice.values:
        initial["voice"] = request.GET["voice"]
    files = request.FILES if request.method == "POST" else None
    form = drafts.form(request, EvidenceForm, files, element=wanted, may_support=may_support, initial=initial)
    made = saved(
        request,
        form,
        lambda: actions.lay_down(
            organisation=system,
            criterion=criterion,
            element=element,
            passage=passage,
            quote=quote,
            by=request.user,
            **form.typed(),
        ),
    )
    if made:
        messages.success(request, presenters.laid_down(made, wanted))
        going = going_on(system)
        if going and any(each.id == criterion for each in queries.criteria_now(system)):
            return redirect("systems:assessment_criterion", assessment=going.pk, criterion=criterion)
        return redirect("systems:evidence", evidence=made.pk)
    context = {
        "form": form,
        "criterion": asked,
        "element": wanted,
        "level": asked.level_of(element),
        "kinds": kinds_in_words(wanted),
        "may_support": may_support,
        "passage": passage,
        "quote": quote,
        "file_again": request.method == "POST" and bool(request.FILES),
    }
    return page_of(request, "systems/evidence_new.html", system, **context)


@require_safe
def evidence(request: HttpRequest, evidence: UUID) -> HttpResponse:
    """One piece: what it shows and until when, where it is used, on what it stands, and what reviewers say."""
    found = evidence_or_404(request, evidence)
    used = queries.used_in(request.user, found)
    shown = quotes_visible_to(request.user, found.organisation, only=[found.quote_id]) if found.quote_id else []
    context = {
        "evidence": found,
        "line": presenters.line(found, timezone.localdate()),
        "files": [(each, presenters.size(each.size)) for each in found.files.defer("content")],
        "passage": passages_of([found]).get(found.passage_id),
        "quote": shown[0] if shown else None,
        "verdicts": _verdicts(request, found, [assessment for assessment, _ in used]),
        "used": used,
        "may_withdraw": found.withdrawn_at is None and actions.may_withdraw(request.user, found),
        "inside": is_inside(request.user, found.organisation),
    }
    return _page(request, "systems/evidence.html", found, **context)


def _verdicts(request: HttpRequest, found: Evidence, read: Sequence[Assessment]) -> list[ReviewedEvidence]:
    """What reviewers say of a piece: all of it for those inside, else of assessments that the reader may read."""
    if is_inside(request.user, found.organisation):
        return verdicts_on([found.pk]).get(found.pk, [])
    closed = {assessment.pk: assessment.locked_at for assessment in read}
    rows = found.reviews.filter(assessment__in=list(closed)).select_related("recorded_by").order_by("pk")
    until = [row for row in rows if not closed[row.assessment_id] or row.recorded_at <= closed[row.assessment_id]]
    return list({row.recorded_by_id: row for row in until}.values())


@require_safe
def file(request: HttpRequest, file: int) -> HttpResponse:
    """A file beside evidence, always to be saved and never shown by the browser as a page of ours."""
    found = queries.file_of(request.user, file)
    if found is None:
        raise Http404(NOT_FOUND)
    return HttpResponse(
        bytes(found.content),
        content_type=found.kind,
        headers={
            "Content-Disposition": content_disposition_header(as_attachment=True, filename=found.name),
            "X-Content-Type-Options": "nosniff",
            "Content-Security-Policy": "sandbox; default-src 'none'",
            "Cache-Control": "no-store",
        },
    )


@sensitive_post_parameters()
def withdraw(request: HttpRequest, evidence: UUID) -> HttpResponse:
    """Evidence counts no more; it stays to be read, with the reason."""
    found = evidence_or_404(request, evidence)
    if not actions.may_withdraw(request.user, found):
        raise Http404(NOT_FOUND)
    form = drafts.form(request, WithdrawForm)
    if saved(request, form, lambda: actions.withdraw(evidence=found, **form.cleaned_data, by=request.user)):
        messages.success(request, "Withdrawn. It counts no more, and stays to be read.")
        return redirect("systems:evidence", evidence=evidence)
    return _page(request, "systems/evidence_withdraw.html", found, form=form, evidence=found)


def evidence_or_404(request: HttpRequest, evidence: UUID) -> Evidence:
    """Evidence the reader may see. Anybody else learns nothing."""
    found = queries.one_of(request.user, evidence)
    if found is None:
        raise Http404(NOT_FOUND)
    return found


def _form_address(system: Organisation, criterion: str, element: str, carried: dict[str, str]) -> str:
    address = reverse("systems:evidence_add", kwargs={"system": system.pk, "criterion": criterion, "element": element})
    return f"{address}?{urlencode(carried)}" if carried else address


def _asked_or_404(system: Organisation, criterion: str, element: str) -> tuple[Criterion, Element]:
    for each in queries.criteria_now(system):
        if each.id == criterion and element in each.elements():
            return each, each.elements()[element]
    raise Http404("The framework asks for no such thing.")


def _passage(request: HttpRequest, system: Organisation) -> Coding | None:
    """The passage of a return that the address names; 404 where the reader may not see it here."""
    named = _id(request, "passage")
    if named is None:
        return None
    of = Return.objects.filter(organisation=system, readings__codings=named).select_related("organisation").first()
    rows = codings_visible_to(request.user, of) if of else Coding.objects.none()
    found = rows.select_related("reading__of", "passage").defer("reading__of__text").filter(pk=named).first()
    if found is None:
        raise Http404("There is no such passage among what this system returned.")
    return found


def _quote(request: HttpRequest, system: Organisation) -> Quote | None:
    """The quote that the address names; 404 where the reader may not see its words."""
    named = _id(request, "quote")
    if named is None:
        return None
    found = Quote.objects.select_related("interview__organisation").filter(pk=named).first()
    if found is None or found.interview.organisation_id != system.pk or not may_show_quote(found, request.user):
        raise Http404("There is no such quote among those that may be used here.")
    return found


def _id(request: HttpRequest, name: str) -> UUID | None:
    given = request.GET.get(name, "")
    try:
        return UUID(given) if given else None
    except ValueError:
        raise Http404("There is nothing of that name.") from None


def _page(request: HttpRequest, template: str, found: Evidence, **context: Any) -> HttpResponse:
    """A page about evidence. A reviewer from elsewhere has no other pages of the system around it."""
    is_guest = not may_see_system(request.user, found.organisation)
    around = {"is_guest": is_guest, **({"tabs": []} if is_guest else {})}
    return page_of(request, template, found.organisation, **{**around, **context})

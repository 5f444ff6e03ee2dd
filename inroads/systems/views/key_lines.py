"""Pages of the key lines of enquiry: what share of systems agrees, and what one of them says."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_safe

from inroads.accounts import drafts
from inroads.accounts.permissions import Permission
from inroads.accounts.saving import saved_or_theirs
from inroads.reference.definitions import load
from inroads.reference.definitions.framework import KeyLine
from inroads.reference.models import Organisation
from inroads.systems.actions.key_lines import answer_key_line
from inroads.systems.forms.key_lines import KeyLineForm
from inroads.systems.models import Wave
from inroads.systems.permissions import SYSTEMS
from inroads.systems.presenters import returns as presenters
from inroads.systems.queries import key_lines as queries


@require_safe
def key_lines(request: HttpRequest, wave: UUID) -> HttpResponse:
    """What share of systems agrees with each key line, beside what was published; keepers see each answer."""
    found = wave_or_404(wave)
    systems = list(queries.systems_counted(request.user))
    kept = set(queries.systems_kept(request.user)) if Permission.KEEP_RETURNS in request.permissions else set()
    answered = queries.answered(found, systems)
    context = {
        "wave": found,
        "systems": len(systems),
        "keeps": bool(kept),
        "lines": [
            {
                "answered": each,
                "shares": [
                    (share, presenters.whole_percents(share.share, share.low, share.high)) for share in each.shares
                ],
                "rows": queries.rows_of(each, [system for system in systems if system.pk in kept]),
            }
            for each in answered
        ],
    }
    return render(request, "systems/key_lines.html", context)


@sensitive_post_parameters()
def answer(request: HttpRequest, wave: UUID, key_line: str, system: UUID) -> HttpResponse:
    """What one system answers to one key line."""
    found = wave_or_404(wave)
    of = Organisation.objects.filter(pk=system, kind__in=SYSTEMS).first()
    if of is None or key_line not in load(KeyLine) or not queries.may_answer(request.user, found, of):
        raise Http404("There is no such answer among those you may write down.")
    before = queries.answers_of(found, of, key_line)
    now = before[-1] if before else None
    initial = {"seen": len(before)}
    if now is not None:
        initial |= {"answer": now.answer, "about": now.about, "text": now.text, "of": str(now.of_id or "")}
    form = drafts.form(request, KeyLineForm, returns=queries.returns_of(found, of), initial=initial)
    made, theirs = saved_or_theirs(
        request,
        form,
        lambda: answer_key_line(wave=found, organisation=of, key_line=key_line, by=request.user, **form.answered()),
        len,
    )
    if made:
        messages.success(request, "Saved.")
        if Permission.KEEP_RETURNS in request.permissions:
            return redirect("systems:key_lines", wave=wave)
        return redirect("systems:returns")
    context = {
        "form": form,
        "wave": found,
        "system": of,
        "key_line": load(KeyLine)[key_line],
        "theirs": theirs[-1] if theirs else None,
        "earlier": list(reversed(theirs or before)),
    }
    return render(request, "systems/key_line_answer.html", context)


def wave_or_404(wave: UUID) -> Wave:
    """A wave. That there is one is no secret among those who may open these pages; whose answers they see is asked."""
    found = Wave.objects.filter(pk=wave).first()
    if found is None:
        raise Http404("There is no such wave.")
    return found

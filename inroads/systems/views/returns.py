"""Pages of returns: all of a wave, one of them, its readers, how far they agree, and what a system sees of its own."""

from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import NoReverseMatch, reverse
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_safe

from inroads.accounts import drafts
from inroads.accounts.permissions import Permission
from inroads.accounts.saving import saved
from inroads.reference.models import Organisation
from inroads.systems.actions import returns as actions
from inroads.systems.forms.returns import GiveForm, GiveOnForm
from inroads.systems.models import Coding, Return, Wave
from inroads.systems.presenters import returns as presenters
from inroads.systems.queries import agreeing, coding, key_lines, return_scores
from inroads.systems.queries import returns as queries
from inroads.systems.views.opening import of_a_system, page_of

NOT_FOUND = "There is no such return among those you may see."
ON_A_PAGE = 20


@require_safe
def returns(request: HttpRequest) -> HttpResponse:
    """All returns that the reader keeps, wave by wave, and those they were given to read."""
    waves = queries.waves_with_returns(request.user)
    wave = next((each for each in waves if str(each.pk) == request.GET.get("wave")), waves[0] if waves else None)
    kept = queries.how_far(queries.returns_kept_by(request.user).filter(wave=wave)) if wave else []
    agreed = agreeing.marks_agreement_of(each.of for each in kept if each.both_finished)
    context = {
        "keeps": Permission.KEEP_RETURNS in request.permissions,
        "reads": Permission.READ_RETURNS in request.permissions,
        "waves": waves,
        "wave": wave,
        "kept": [(each, presenters.figure(agreed[each.of.pk]) if each.of.pk in agreed else "Not yet") for each in kept],
        "stages": [(stage, sum(each.stage == stage for each in kept)) for stage in queries.Stage],
        "readings": list(queries.readings_given_to(request.user)),
        "load_address": _address("returns_intake:new"),
    }
    return render(request, "systems/returns.html", context)


@require_safe
def one(request: HttpRequest, return_id: UUID) -> HttpResponse:
    """One return: its readers and how far they are; once both have finished, how far they agree and what stands."""
    found = seen_or_404(request, return_id)
    kept = queries.how_far([found])[0]
    both = coding.sees_both(request.user, found)
    may_answer = key_lines.may_answer(request.user, found.wave, found.organisation)
    context = {
        "return": found,
        "kept": kept,
        "keeps": queries.return_kept_by(request.user, return_id) is not None,
        "own": queries.reading_of(request.user, return_id),
        "may_settle": both and request.user.pk not in actions.has_read(found),
        "has_file": bool(found.sha256),
        "both": both,
        "key_lines": key_lines.key_lines() if may_answer else [],
    }
    if both:
        agreed = agreeing.agreement_of([found])[found.pk]
        alone = return_scores.one_sided(found)
        context |= {
            "agreement": presenters.agreement_lines(agreed),
            "about": presenters.about_lines(agreeing.about_shares([found]).get(found.pk, {})),
            "sides": [side_line(each, alone) for each in return_scores.sides_of(found)],
        }
    return render(request, "systems/return.html", context)


def side_line(side: return_scores.Side, alone: dict[str, int]) -> dict[str, object]:
    """A criterion with what both readers say and what stands, as a row."""
    first, second = (each.level if each else None for each in (side.first, side.second))
    return {
        "criterion": side.criterion,
        "title": presenters.title_of(side.criterion),
        "first": presenters.level_words(side.criterion, first),
        "second": presenters.level_words(side.criterion, second),
        "alone": alone.get(side.criterion, 0),
        "stands": "To settle" if side.must_be_settled else presenters.level_words(side.criterion, side.level),
        "settled": side.settlement is not None,
        "may_be_settled": side.scores_differ or bool(alone.get(side.criterion)),
        "must": side.must_be_settled,
        # Somebody gave it a level, marked words for it, or settled it.
        "said": first is not None or second is not None or bool(alone.get(side.criterion)) or bool(side.settlement),
    }


def give(request: HttpRequest, return_id: UUID) -> HttpResponse:
    """Choose the two people who read a return."""
    found = kept_or_404(request, return_id)
    form = drafts.form(request, GiveForm, readers=queries.readers_for(found.organisation))
    made = saved(request, form, lambda: actions.give_to_readers(of=found, readers=form.chosen(), by=request.user))
    if made:
        messages.success(request, "Given to two readers. Neither sees what the other says until both have finished.")
        return redirect("systems:return", return_id=return_id)
    return render(request, "systems/return_give.html", {"form": form, "return": found})


def give_on(request: HttpRequest, return_id: UUID, number: int) -> HttpResponse:
    """Somebody else goes on with one of the two readings."""
    found = kept_or_404(request, return_id)
    reading = found.readings.select_related("reader").filter(place=number, finished_at=None).first()
    if reading is None:
        raise Http404("There is no such reading that goes on.")
    already = actions.has_read(found)
    readers = [each for each in queries.readers_for(found.organisation) if each.pk not in already]
    form = drafts.form(request, GiveOnForm, readers=readers)
    if saved(request, form, lambda: actions.give_to_another(reading=reading, reader=form.chosen(), by=request.user)):
        messages.success(request, "Saved. They go on where the reader before stopped.")
        return redirect("systems:return", return_id=return_id)
    context = {"form": form, "return": found, "reading": reading, "nobody": not readers}
    return render(request, "systems/return_give_on.html", context)


@require_safe
def file(request: HttpRequest, return_id: UUID) -> HttpResponse:
    """The file of a return as it came."""
    found = seen_or_404(request, return_id)
    content = queries.file_of(found)
    if content is None:
        raise Http404("There is no file: the text was typed or pasted.")
    return HttpResponse(
        content,
        # Never shown by the browser as something of ours, whatever it says it is.
        content_type="application/octet-stream",
        headers={
            "Content-Disposition": content_disposition_header(as_attachment=True, filename=found.file_name or "return"),
            "X-Content-Type-Options": "nosniff",
        },
    )


@require_safe
def agreement(request: HttpRequest, wave: UUID) -> HttpResponse:
    """How far readers agree in a wave, in all and on each criterion."""
    found = wave_or_404(request, wave)
    kept = list(queries.returns_kept_by(request.user).filter(wave=found))
    agreed = agreeing.agreement_in(found, kept)
    shares = agreeing.about_shares(kept)
    context = {
        "wave": found,
        "returns": len(kept),
        "finished": agreed.returns,
        "in_all": presenters.agreement_lines(agreed.in_all),
        "criteria": [
            (presenters.title_of(name), [presenters.line("", each) for each in (of.marks, of.scores, of.about)])
            for name, of in agreed.by_criterion.items()
        ],
        "about": presenters.about_lines(presenters.all_together(shares)),
        "source": presenters.SOURCE,
    }
    return render(request, "systems/return_agreement.html", context)


@require_safe
@of_a_system(Permission.ASSESS, inside=True)
def of_system(request: HttpRequest, system: Organisation) -> HttpResponse:
    """What stands of the settled returns of a system, for those who assess it: passages that can become evidence."""
    settled = queries.settled_returns_of(system)
    sides = return_scores.sides_of_many(settled)
    marks = [each for found in settled for each in return_scores.standing_codings(found, sides[found.pk])]
    # Both readers marked it: one passage, not two.
    standing = list({(each.passage_id, each.criterion, each.start, each.end): each for each in marks}.values())
    names = return_scores.in_order({each.criterion for each in standing})
    wanted = request.GET.get("criterion", "")
    chosen = [each for each in standing if each.criterion == wanted] if wanted in names else standing
    page = Paginator(chosen, ON_A_PAGE).get_page(request.GET.get("page"))
    shown = {each.pk: each for each in coding.with_details(each.pk for each in page.object_list)}
    context = {
        "settled": [(each, levels_that_stand(sides[each.pk])) for each in settled],
        "criteria": [(name, presenters.title_of(name)) for name in names],
        "wanted": wanted if wanted in names else "",
        "page": page,
        "passages": [
            (shown[each.pk], presenters.title_of(each.criterion), evidence_address(system, shown[each.pk]))
            for each in page.object_list
        ],
    }
    return page_of(request, "systems/returns_of_system.html", system, **context)


def levels_that_stand(sides: list[return_scores.Side]) -> list[tuple[str, str]]:
    """Criteria of a return for which a level stands, with that level."""
    return [
        (presenters.title_of(each.criterion), presenters.level_words(each.criterion, each.level))
        for each in sides
        if each.level is not None
    ]


def evidence_address(system: Organisation, found: Coding) -> str:
    """Where a passage becomes evidence; "" where evidence cannot be added."""
    return _address("systems:evidence_new", {"passage": str(found.pk), "criterion": found.criterion}, system=system.pk)


def _address(name: str, query: dict[str, str] | None = None, **arguments: object) -> str:
    try:
        return reverse(name, kwargs=arguments or None, query=query)
    except NoReverseMatch:
        return ""


def kept_or_404(request: HttpRequest, return_id: UUID) -> Return:
    """A return that the reader keeps. Anybody else learns nothing, not even that there is one."""
    found = queries.return_kept_by(request.user, return_id)
    if found is None:
        raise Http404(NOT_FOUND)
    return found


def seen_or_404(request: HttpRequest, return_id: UUID) -> Return:
    """A return that the reader keeps or was given to read."""
    found = queries.return_seen_by(request.user, return_id)
    if found is None:
        raise Http404(NOT_FOUND)
    return found


def wave_or_404(request: HttpRequest, wave: UUID) -> Wave:
    """A wave in which the reader keeps a return."""
    found = queries.wave_kept_by(request.user, wave)
    if found is None:
        raise Http404("There is no such wave among those whose returns you keep.")
    return found

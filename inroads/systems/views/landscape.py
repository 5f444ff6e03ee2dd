"""The landscape: where systems stand, for those who look after all of them, for one system, and for everybody."""

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from inroads.methods import adoption
from inroads.reference.models import Organisation
from inroads.systems.models import Basis, Wave
from inroads.systems.permissions import may_keep_waves
from inroads.systems.presenters import landscape as presenters
from inroads.systems.presenters.landscape_file import file_lines
from inroads.systems.queries import landscape as queries
from inroads.systems.queries.published_waves import counts_published, published_wave, published_waves
from inroads.systems.views.opening import of_a_system, page_of

NOT_FOUND = "There is no such wave of the landscape."


@require_safe
def landscape(request: HttpRequest) -> HttpResponse:
    """The latest wave."""
    wave = queries.wave_with_places() or queries.waves_taken().first()
    if wave is None:
        context = {"may_keep": may_keep_waves(request.user)}
        return render(request, "systems/landscape_none.html", context)
    return _page(request, wave)


@require_safe
def landscape_of(request: HttpRequest, wave: UUID) -> HttpResponse:
    """One wave, such as an earlier one."""
    return _page(request, _taken_or_404(wave))


@require_safe
def needles(request: HttpRequest, wave: UUID) -> HttpResponse:
    """A wave of self-assessments by each of the three needles: where claims put systems, and where evidence does."""
    seen = _seen_or_404(request, wave)
    if seen.wave.basis != Basis.ASSESSMENTS:
        raise Http404(NOT_FOUND)
    found = queries.by_needle(seen.wave)
    context = {
        "wave": seen.wave,
        "needles": [each.needle.label for each in found],
        "counts": [
            (presenters.group_title(name), [list(each.groups.values()).count(name) for each in found])
            for name in adoption.GROUPS
        ],
        "unsure": [len(each.between) for each in found],
        "rows": presenters.needle_rows(seen, found),
    }
    return render(request, "systems/landscape_needles.html", context)


@require_safe
def file(request: HttpRequest, wave: UUID) -> HttpResponse:
    """The systems whose names the reader may see, as CSV."""
    seen = _seen_or_404(request, wave)
    name = f"landscape-{seen.wave.on.isoformat()}.csv"
    return HttpResponse(
        "".join(file_lines(seen)),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


@require_safe
@of_a_system()
def own(request: HttpRequest, system: Organisation) -> HttpResponse:
    """Where one system stands among all: its own dot has a name, the others have none."""
    wave = queries.wave_with_places()
    seen = queries.own(system, wave) if wave else None
    place = seen.own if seen else None
    context = {
        "wave": wave,
        "published": published_waves(),
        "groups": presenters.groups_in_words(queries.counts_of(seen.places)) if seen else [],
        "chart": presenters.own_bell(seen) if seen else None,
        "place": place,
    }
    if place:
        context |= {
            "stands": presenters.stands(place),
            "ranks": presenters.ranks(place),
            "chances": list(zip(map(presenters.group_title, adoption.GROUPS), presenters.chances(place), strict=True)),
            "shift": place.shift,
            "moved": presenters.moved(place.shift),
            "further": seen.further,
        }
    return page_of(request, "systems/landscape_own.html", system, **context)


@require_safe
def published(request: HttpRequest, wave: UUID) -> HttpResponse:
    """Counts that somebody published, for everybody. Any other wave is not found here."""
    found = published_wave(wave)
    if found is None:
        raise Http404(NOT_FOUND)
    return _published(request, found)


def _page(request: HttpRequest, wave: Wave) -> HttpResponse:
    if wave.basis == Basis.PUBLISHED:
        return _published(request, wave, waves=list(queries.waves_taken()))
    seen = queries.landscape(request.user, wave)
    if seen is None:
        raise Http404(NOT_FOUND)
    order = request.GET.get("order", "")
    total = len(seen.places)
    context = {
        "wave": wave,
        "rests_on": presenters.wave_words(wave),
        "seen": seen,
        "chart": presenters.landscape_bell(seen),
        "groups": presenters.groups_in_words(seen.counts),
        "rows": presenters.rows(seen, order),
        "group_names": [presenters.group_title(name) for name in adoption.GROUPS],
        "order": order if order in presenters.ORDERS else "name",
        "orders": presenters.ORDERS,
        "hidden": total - len(seen.seen),
        "unsure": sum(each.between for each in seen.places),
        "total": total,
        "before": seen.before,
        "regions": presenters.by_region(seen),
        "region_words": presenters.region_words(seen.pattern, total),
        "rogers_words": presenters.rogers_words(adoption.against_rogers(seen.counts), total),
        "has_needles": wave.basis == Basis.ASSESSMENTS,
        "waves": list(queries.waves_taken()),
        "may_keep": may_keep_waves(request.user),
    }
    return render(request, "systems/landscape.html", context)


def _published(request: HttpRequest, wave: Wave, waves: list[Wave] | None = None) -> HttpResponse:
    found = counts_published(wave)
    counts, regions = found.counts, wave.regions
    reached = found.reached
    context = {
        "wave": wave,
        "found": found,
        "groups": presenters.groups_in_words(counts),
        "middle": f"{100 * (counts[1] + counts[2]) / found.systems:.0f}%",
        "chart": presenters.published_bell(counts, f"Where systems stood: {wave.title}"),
        "rogers_words": presenters.rogers_words(found.rogers, found.systems),
        "reached_words": presenters.reached_words(counts[0], wave.regions_in_first, regions, reached)
        if reached
        else [],
        "waves": waves,
        "may_keep": may_keep_waves(request.user),
    }
    return render(request, "systems/landscape_published.html", context)


def _taken_or_404(wave: UUID) -> Wave:
    found = queries.waves_taken().filter(pk=wave).first()
    if found is None:
        raise Http404(NOT_FOUND)
    return found


def _seen_or_404(request: HttpRequest, wave: UUID) -> queries.Landscape:
    """A wave with places, as this reader may see it."""
    found = _taken_or_404(wave)
    seen = queries.landscape(request.user, found) if found.basis != Basis.PUBLISHED else None
    if seen is None:
        raise Http404(NOT_FOUND)
    return seen

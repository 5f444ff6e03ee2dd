"""Case studies: those of a system, writing one, publishing it, and the open pages."""

from collections.abc import Sequence
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.cache import add_never_cache_headers
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_safe

from inroads.accounts import drafts
from inroads.accounts.actions import Refused
from inroads.accounts.saving import saved, saved_or_theirs
from inroads.reference.models import Organisation
from inroads.systems.actions import stories as actions
from inroads.systems.forms.interviews import short
from inroads.systems.forms.stories import StoryForm, initial_of
from inroads.systems.models import Use
from inroads.systems.presenters.interviews import titles_of
from inroads.systems.queries import stories as queries
from inroads.systems.queries.interviews import quotes_visible_to
from inroads.systems.views.interviews import keeps
from inroads.systems.views.opening import page_of

NOT_FOUND = "There is no such story, or it is not open."
NEWEST = 60
MOST_CHOSEN = 200


@require_safe
@keeps
def stories(request: HttpRequest, system: Organisation) -> HttpResponse:
    """Case studies of a system, with those that somebody has to look at again."""
    return page_of(request, "systems/stories.html", system, stories=queries.stories_of(system), most=queries.MOST)


@sensitive_post_parameters()
@keeps
def new(request: HttpRequest, system: Organisation) -> HttpResponse:
    """Begin a case study, from what people said."""
    chosen = [each for each in request.GET.getlist("quote") if each]
    form = drafts.form(request, StoryForm, quotes=_choices(request, system), initial={"version": 0, "quotes": chosen})
    made = saved(
        request, form, lambda: actions.begin_story(organisation=system, details=form.details(), by=request.user)
    )
    if made:
        messages.success(request, "Saved. Only those who keep stories here see it until it is published.")
        return redirect("systems:story", case=made.pk)
    return render(request, "systems/story_new.html", {"form": form, "system": system})


@require_safe
def story(request: HttpRequest, case: UUID) -> HttpResponse:
    """A case study: open to everybody once published, before that to those who keep it."""
    found = queries.story_of(request.user, case)
    if found is None:
        raise Http404(NOT_FOUND)
    keeper = queries.keeps(request.user, found.case.organisation)
    context = {
        "story": found,
        "now": found.now,
        "system": found.case.organisation,
        "keeper": keeper,
        "hidden": found.closed and not keeper,
        "criteria": titles_of(found.now.criteria),
        "missing": queries.missing_to_publish(found) if keeper else [],
        "earlier": list(found.case.versions.select_related("recorded_by").order_by("-version"))[1:] if keeper else [],
    }
    response = render(request, "systems/story.html", context)
    # What somebody takes back is gone at once, from every copy on the way as well.
    add_never_cache_headers(response)
    return response


@sensitive_post_parameters()
def change(request: HttpRequest, case: UUID) -> HttpResponse:
    """A case study as it stands. Where somebody else changed it meanwhile, theirs stands above yours."""
    found = _kept_or_404(request, case)
    system = found.case.organisation
    form = drafts.form(
        request,
        StoryForm,
        quotes=_choices(request, system, before=found.now.quotes),
        initial=initial_of(found.now),
    )
    made, theirs = saved_or_theirs(
        request,
        form,
        lambda: actions.change_story(
            case=found.case, version=form.cleaned_data["version"], details=form.details(), by=request.user
        ),
        lambda now: now.version,
    )
    if made:
        messages.success(request, "Saved.")
        return redirect("systems:story", case=case)
    context = {"form": form, "story": found, "now": found.now, "system": system, "theirs": theirs}
    return render(request, "systems/story_change.html", context)


def publish(request: HttpRequest, case: UUID) -> HttpResponse:
    """Open it to everybody, or take it out of the open."""
    found = _kept_or_404(request, case)
    if request.method == "POST":
        opens = request.POST.get("open") == "yes"
        act = actions.publish_story if opens else actions.unpublish_story
        try:
            act(case=found.case, by=request.user)
        except Refused as refusal:
            messages.error(request, f"{refusal}.")
            return redirect("systems:story_publish", case=case)
        messages.success(request, "Everybody may read it now." if opens else "It is open no more.")
        return redirect("systems:story", case=case)
    context = {
        "story": found,
        "now": found.now,
        "system": found.case.organisation,
        "missing": queries.missing_to_publish(found),
        "unseen": [each for each in found.quotes if each.quote.checked_on is None],
    }
    return render(request, "systems/story_publish.html", context)


@require_safe
def open_stories(request: HttpRequest) -> HttpResponse:
    """What systems tell everybody, the newest first."""
    response = render(request, "systems/stories_open.html", {"stories": queries.open_stories()})
    add_never_cache_headers(response)
    return response


def _kept_or_404(request: HttpRequest, case: UUID) -> queries.Told:
    """A case study that the reader keeps. Anybody else learns nothing."""
    found = queries.story_of(request.user, case)
    if found is None or not queries.keeps(request.user, found.case.organisation):
        raise Http404(NOT_FOUND)
    return found


def _choices(request: HttpRequest, system: Organisation, before: Sequence[str] = ()) -> list[tuple[str, str]]:
    """Quotes that may be put into a story, with whether they may be published: those chosen already, and the newest.

    Those that are in it may stay.
    """
    chosen = [_id(each) for each in (*request.GET.getlist("quote"), *request.POST.getlist("quotes"))]
    wanted = {each for each in chosen if each}
    shown = quotes_visible_to(request.user, system, only=wanted, most=MOST_CHOSEN) if wanted else []
    found = {}
    for each in [*shown, *quotes_visible_to(request.user, system, most=NEWEST)]:
        how = "may be published" if f'"{Use.PUBLISHED}"' in each.quote.agreed else "only inside"
        found[str(each.quote.pk)] = f"{short(each.quote.words)} ({each.speaker}; {how})"
    newest = queries.newest_of(UUID(name) for name in before)
    kept = {}
    for name in before:
        if name not in found and UUID(name) in newest:
            now = str(newest[UUID(name)].pk)
            # What was put right is chosen as what it is now; it stands in the list under its old name only.
            kept[name] = found.pop(now, "Words that may not be used as they are any more")
    return [*kept.items(), *found.items()]


def _id(typed: str) -> UUID | None:
    try:
        return UUID(typed)
    except ValueError:
        return None

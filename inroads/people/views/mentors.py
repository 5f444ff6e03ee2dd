"""Mentors and champions: who they are and their supervision; and those of one person, with what changed."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from inroads.accounts import drafts
from inroads.accounts.actions import Refused
from inroads.accounts.permissions import Permission
from inroads.accounts.queries import highest_where
from inroads.accounts.saving import saved
from inroads.people.actions import mentors as actions
from inroads.people.forms.mentors import ChangeMentorForm, NewMentorForm, SupervisionForm
from inroads.people.models import Mentor
from inroads.people.presenters import mentors as presenters
from inroads.people.queries import mentors as queries
from inroads.people.queries.drop_ins import upcoming_around, upcoming_for_staff
from inroads.people.views.access import note_reading, person_or_404
from inroads.reference.around import neighbourhoods, published

FIELDS = (
    "kind", "name", "known_as", "contact_words", "capacity", "languages", "interests", "communities", "for_words",
    "where", "neighbourhood", "reach_km", "by_phone", "by_video", "hours", "active_from", "active_until", "version",
)  # fmt: skip


def neighbourhoods_kept(request: HttpRequest) -> list[tuple[str, str]]:
    """The neighbourhoods around the organisations whose mentors this reader keeps."""
    places = highest_where(request.user, Permission.KEEP_MENTORS)
    return sorted({each for place in places for each in neighbourhoods(place)}, key=lambda each: each[1])


@require_safe
def mentors(request: HttpRequest) -> HttpResponse:
    """Everybody this reader keeps, those who wait for supervision first."""
    lines = [presenters.mentor_line(each) for each in queries.standings_kept_by(request.user)]
    return render(request, "people/mentors.html", {"lines": lines})


def add_mentor(request: HttpRequest) -> HttpResponse:
    """Somebody new."""
    form = drafts.form(request, NewMentorForm, by=request.user, neighbourhoods=neighbourhoods_kept(request))
    made = saved(request, form, lambda: actions.add_mentor(**form.cleaned_data, by=request.user))
    if made:
        messages.success(request, "Saved. Now set their supervision: then they are suggested to people.")
        return redirect("people:supervise_mentor", mentor=made.pk)
    return render(request, "people/mentor_add.html", {"form": form})


def change_mentor(request: HttpRequest, mentor: int) -> HttpResponse:
    """A mentor as they are kept. Where somebody else saved first, their words stand above and yours in the form."""
    kept = _mentor_or_404(request, mentor)
    initial = {name: getattr(kept, name) for name in FIELDS} | {"account": kept.user.email if kept.user else ""}
    form = drafts.form(request, ChangeMentorForm, initial=initial, neighbourhoods=neighbourhoods_kept(request))
    theirs = None
    if request.method == "POST" and form.is_valid():
        try:
            actions.change_mentor(mentor=kept, **form.cleaned_data, by=request.user)
        except actions.MentorChanged as changed:
            theirs = presenters.mentor_line(queries.standing(kept))
            form.add_error(None, str(changed))
            form.read_again(changed.theirs.version)
        except Refused as refusal:
            form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal))
        else:
            drafts.forget(request)
            messages.success(request, "Saved.")
            return redirect("people:mentors")
    return render(request, "people/mentor_change.html", {"form": form, "mentor": kept, "theirs": theirs})


def supervise_mentor(request: HttpRequest, mentor: int) -> HttpResponse:
    """Who supervises them, and when they meet next."""
    kept = _mentor_or_404(request, mentor)
    earlier = list(kept.supervisions.order_by("-pk"))
    initial = {"supervisor": earlier[0].supervisor} if earlier else {}
    form = drafts.form(request, SupervisionForm, initial=initial)
    if saved(request, form, lambda: actions.record_supervision(mentor=kept, **form.cleaned_data, by=request.user)):
        messages.success(request, f"Saved. {kept.known_as} can be suggested to people until then.")
        return redirect("people:mentors")
    return render(request, "people/mentor_supervision.html", {"form": form, "mentor": kept, "earlier": earlier})


@require_safe
def champions(request: HttpRequest) -> HttpResponse:
    """Who helps colleagues with digital, and where to come without asking first."""
    context = {
        "lines": [presenters.mentor_line(each) for each in queries.champions_for(request.user)],
        "drop_ins": [presenters.drop_in_line(each) for each in upcoming_for_staff(request.user)],
    }
    return render(request, "people/mentor_champions.html", context)


@require_safe
def person_mentors(request: HttpRequest, person: UUID) -> HttpResponse:
    """Whom a person works with and what changed; who else may fit; and drop-ins around."""
    found = person_or_404(request, person)
    note_reading(request, found, "mentors")
    cards = [presenters.pairing_card(each) for each in queries.pairings_of(found)]
    matched = queries.matched(found, published())
    context = {
        "person": found,
        "tab": "mentors",
        "now": [each for each in cards if each.open],
        "earlier": [each for each in cards if not each.open],
        "suggested": presenters.suggested_lines(matched, queries.MOST_SUGGESTED),
        "waiting": presenters.waiting(matched.waiting),
        "drop_ins": [presenters.drop_in_line(each) for each in upcoming_around(found.organisation)],
    }
    return render(request, "people/mentors_of_person.html", context)


def _mentor_or_404(request: HttpRequest, mentor: int) -> Mentor:
    found = queries.mentors_kept_by(request.user).filter(pk=mentor).first()
    if found is None:
        raise Http404("There is no such mentor among those you keep.")
    return found

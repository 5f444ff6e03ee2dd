"""Today, finding people, one person's record at a glance, and what is kept about who they are."""

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
from inroads.people.actions import records as actions
from inroads.people.forms.records import (
    AddPersonForm,
    AppointmentForm,
    DetailsForm,
    FindForm,
    PreferencesForm,
    TrustedPersonForm,
)
from inroads.people.models import Appointment, Option, Person, TrustedPerson
from inroads.people.presenters.records import glance
from inroads.people.queries import records as queries
from inroads.people.queries.choices import available
from inroads.people.queries.record import record_of
from inroads.people.views.access import note_reading, person_or_404
from inroads.reference.around import neighbourhoods
from inroads.reference.models import Organisation


@require_safe
def people(request: HttpRequest) -> HttpResponse:
    """Whom we see today, whose plan is due, and everybody by name."""
    after = _place_in_list(request)
    page = queries.list_people(request.user, after=after)
    _note_list(request, "people_we_work_with_listed", len(page.people))
    context = {
        "today": queries.today(request.user, most=5) if after is None else None,
        "page": page,
        "first": after is None,
        "form": FindForm(),
        "day": timezone.localdate(),
    }
    return render(request, "people/people.html", context)


def _place_in_list(request: HttpRequest) -> tuple[str, UUID] | None:
    """Behind whom the list goes on: an id, so that no name stands in a web address."""
    try:
        last = UUID(request.GET.get("after", ""))
    except ValueError:
        return None
    found = queries.people_visible_to(request.user).filter(pk=last).first()
    return (found.sort_name, found.pk) if found else None


@sensitive_post_parameters()
def find(request: HttpRequest) -> HttpResponse:
    """People by name or NHS number. What was typed travels in the body, never in the address."""
    form = FindForm(request.POST or None)
    found: list[Person] | None = None
    if request.method == "POST" and form.is_valid():
        found = queries.find_people(request.user, form.cleaned_data["typed"])
        _note_list(request, "people_looked_for", len(found))
    return render(request, "people/find.html", {"form": form, "found": found, "most": queries.PAGE})


def _note_list(request: HttpRequest, action: str, count: int) -> None:
    audit.record_list_read(
        action=action,
        by=request.user,
        organisations=highest_where(request.user, Permission.WORK_WITH_PEOPLE),
        details={"people": count},
    )


@sensitive_post_parameters()
def add_person(request: HttpRequest) -> HttpResponse:
    """Somebody new."""
    places = highest_where(request.user, Permission.WORK_WITH_PEOPLE)
    form = drafts.form(request, AddPersonForm, by=request.user, neighbourhoods=_neighbourhoods(places))
    person = saved(request, form, lambda: actions.add_person(**form.cleaned_data, by=request.user))
    if person:
        return redirect("people:record", person=person.pk)
    return render(request, "people/add_person.html", {"form": form})


def _neighbourhoods(places: list[Organisation]) -> list[tuple[str, str]]:
    return sorted({each for place in places for each in neighbourhoods(place)}, key=lambda each: each[1])


@require_safe
def record(request: HttpRequest, person: UUID) -> HttpResponse:
    """At a glance: how to reach them, what they chose, what is open, what is overdue, and the next step."""
    found = person_or_404(request, person)
    note_reading(request, found, "now")
    context = {"person": found, "tab": "now", "glance": glance(record_of(found)), "day": timezone.localdate()}
    return render(request, "people/record.html", context)


@sensitive_post_parameters()
def details(request: HttpRequest, person: UUID) -> HttpResponse:
    """Name, date of birth, NHS number, neighbourhood; two people who change them at once both see both."""
    found = person_or_404(request, person)
    kept = {name: getattr(found, name) for name in actions.DETAILS}
    form = drafts.form(
        request, DetailsForm, initial=kept, neighbourhoods=_with(neighbourhoods(found.organisation), found)
    )
    version, theirs = _version(request, form.held, found), None
    if request.method == "POST" and form.is_valid():
        try:
            actions.change_details(person=found, version=version, **form.cleaned_data, by=request.user)
        except actions.ChangedMeanwhile as changed:
            theirs, version = changed.theirs, changed.theirs.version
            form.add_error(None, str(changed))
        except Refused as refusal:
            form.add_error(refusal.field, str(refusal))
        else:
            drafts.forget(request)
            messages.success(request, "Saved.")
            return redirect("people:record", person=found.pk)
    if request.method != "POST":
        note_reading(request, found, "details")
    context = {"person": found, "tab": "now", "form": form, "version": version, "theirs": theirs}
    return render(request, "people/details.html", context)


def _version(request: HttpRequest, typed: drafts.Held | None, person: Person) -> int:
    """The version that was read before typing: what was typed long ago is not to hide what others saved since."""
    sent = request.POST.get("version", "") or (typed.fields.get("version", [""])[0] if typed else "")
    return int(sent) if sent.isdecimal() and len(sent) < 10 else person.version


def _with(listed: list[tuple[str, str]], person: Person) -> list[tuple[str, str]]:
    """The neighbourhoods to choose from, with the one that is kept even where the list does not have it."""
    kept = person.neighbourhood
    return listed if not kept or kept in dict(listed) else [(kept, kept), *listed]


@sensitive_post_parameters()
def preferences(request: HttpRequest, person: UUID) -> HttpResponse:
    """How they like to be contacted and told things."""
    found = person_or_404(request, person)
    kept = found.preferences.last()
    names = ("contact_way", "contact_detail", "contact_times", "format", "language", "interpreter", "communities")
    initial = {name: getattr(kept, name) for name in (*names, "adjustments")} if kept else {}
    form = drafts.form(request, PreferencesForm, initial=initial)
    if saved(request, form, lambda: actions.set_preferences(person=found, by=request.user, **form.cleaned_data)):
        messages.success(request, "Saved.")
        return redirect("people:record", person=found.pk)
    if request.method != "POST":
        note_reading(request, found, "preferences")
    return render(request, "people/preferences.html", {"person": found, "tab": "now", "form": form})


@sensitive_post_parameters()
def trusted(request: HttpRequest, person: UUID) -> HttpResponse:
    """Whom the person trusts, and what they agreed to."""
    found = person_or_404(request, person)
    form = drafts.form(request, TrustedPersonForm)
    if saved(
        request, form, lambda: actions.add_trusted_person(person=found, **form.what_was_agreed(), by=request.user)
    ):
        messages.success(request, "Saved. This can be ended at any time.")
        return redirect("people:trusted", person=found.pk)
    if request.method != "POST":
        note_reading(request, found, "trusted people")
    context = {"person": found, "tab": "now", "form": form, "trusted": found.trusted_people.all()}
    return render(request, "people/trusted.html", context)


@require_POST
def end_trust(request: HttpRequest, person: UUID, trusted: int) -> HttpResponse:
    """What was agreed ends now."""
    found = person_or_404(request, person)
    actions.end_trust(trusted=_trusted_or_404(found, trusted), by=request.user)
    messages.success(request, "Ended. They can see and change nothing any more.")
    return redirect("people:trusted", person=found.pk)


@require_POST
def give_code(request: HttpRequest, person: UUID, trusted: int | None = None) -> HttpResponse:
    """A code for the person's own page, or for somebody they trust: shown once."""
    found = person_or_404(request, person)
    helper = _trusted_or_404(found, trusted) if trusted is not None else None
    try:
        code = actions.give_own_code(person=found, trusted=helper, by=request.user)
    except Refused as refusal:
        messages.error(request, str(refusal))
        return redirect("people:trusted", person=found.pk)
    return render(request, "people/own_code_given.html", {"person": found, "tab": "now", "code": code, "for": helper})


def _trusted_or_404(person: Person, number: int) -> TrustedPerson:
    found = person.trusted_people.filter(pk=number).first()
    if found is None:
        raise Http404("There is nobody with this number among the people they trust.")
    return found


def book(request: HttpRequest, person: UUID) -> HttpResponse:
    """When they are seen next, in the way they chose or another that is offered."""
    found = person_or_404(request, person)
    ways = _ways(found)
    form = drafts.form(request, AppointmentForm, ways=[(key, text) for key, text, _, _ in ways])
    options = {key: option for key, _, option, _ in ways}

    def booked() -> Appointment:
        chosen = options.get(form.cleaned_data["stage_and_way"])
        stage = chosen.stage if chosen else None
        return actions.book_appointment(
            person=found, starts_at=form.starts_at(), stage=stage, option=chosen, by=request.user
        )

    if saved(request, form, booked):
        messages.success(request, "Saved.")
        return redirect("people:record", person=found.pk)
    return render(request, "people/book.html", {"person": found, "tab": "now", "form": form})


def _ways(person: Person) -> list[tuple[str, str, Option, bool]]:
    """What can be booked: what the person chose stands before the other ways, stage by stage."""
    kept = record_of(person)
    found: list[tuple[str, str, Option, bool]] = []
    for involvement in kept.stages.values():
        stage = involvement.stage
        choice = kept.choices.get(stage.pk)
        for option in available(person, stage, kept):
            chosen = choice is not None and choice.option_id == option.pk
            text = f"{stage.title}: {option.title}{' (what they chose)' if chosen else ''}"
            found.append((str(option.pk), text, option, chosen))
    return sorted(found, key=lambda each: not each[3])


@require_POST
def cancel(request: HttpRequest, person: UUID, appointment: UUID) -> HttpResponse:
    """This appointment does not take place."""
    found = person_or_404(request, person)
    booked = Appointment.objects.filter(person=found, pk=appointment).select_related("person__organisation").first()
    if booked is None:
        raise Http404("There is no such appointment.")
    actions.cancel_appointment(appointment=booked, by=request.user)
    messages.success(request, "Cancelled.")
    return redirect("people:record", person=found.pk)

"""Everything that was written down about a person, and the record as it stood at the end of any day."""

from datetime import date
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from inroads.people.presenters.conversations import by_group, event_title, topic_title
from inroads.people.presenters.plans import parts, review_day, step_line
from inroads.people.presenters.records import contact, told
from inroads.people.presenters.timeline import days
from inroads.people.queries import timeline as queries
from inroads.people.queries.record import end_of, record_of
from inroads.people.views.access import note_reading, person_or_404


@require_safe
def timeline(request: HttpRequest, person: UUID) -> HttpResponse:
    """One list, newest first, by day."""
    found = person_or_404(request, person)
    note_reading(request, found, "timeline")
    before = _day(request.GET.get("before", ""))
    shown = queries.timeline(found, before=before)
    context = {"person": found, "tab": "timeline", "days": days(shown), "earlier": shown.earlier, "before": before}
    return render(request, "people/timeline.html", context)


@require_safe
def on_day(request: HttpRequest, person: UUID, day: str) -> HttpResponse:
    """The whole record as it stood at the end of a day."""
    found = person_or_404(request, person)
    chosen = _day(day)
    if chosen is None or not timezone.localdate(found.created_at) <= chosen <= timezone.localdate():
        raise Http404("Nothing was written down on this day. The record begins later, or the day is still to come.")
    note_reading(request, found, "a past day")
    record = record_of(found, end_of(chosen))
    review_on = review_day(record)
    context = {
        "person": found,
        "tab": "timeline",
        "day": chosen,
        "record": record,
        "contact": contact(record),
        "told": told(record),
        "strengths": [(topic_title(topic), each) for topic, each in record.strengths.items()],
        "groups": by_group(record),
        "choices": sorted(record.choices.values(), key=lambda each: each.stage.position),
        "stages": list(record.stages.values()),
        "steps": [step_line(step, chosen) for step in record.steps],
        "review_on": review_on,
        "review_late": review_on < chosen,
        "parts": [part for part in parts(record, at=record.moment) if part.helps],
        "events": [(each, event_title(each)) for each in reversed(record.events)],
        "conversations": [(each, each.who_was_there()) for each in reversed(record.conversations)],
        "appointments": queries.appointments_at(found, record.moment),
    }
    return render(request, "people/on_day.html", context)


def _day(written: str) -> date | None:
    """A day as 2027-03-27; None for anything else."""
    try:
        return date.fromisoformat(written) if len(written) == 10 else None
    except ValueError:
        return None

"""The one way from an address to a person's record."""

from uuid import UUID

from django.http import Http404, HttpRequest

from inroads.accounts import audit
from inroads.people.models import Person
from inroads.people.queries.records import people_visible_to


def person_or_404(request: HttpRequest, person: UUID) -> Person:
    """The person, where the reader works with them. Anybody else learns nothing, not even that there is a record."""
    found = people_visible_to(request.user).filter(pk=person).first()
    if found is None:
        raise Http404("There is no such record among the people you work with.")
    return found


def note_reading(request: HttpRequest, person: Person, part: str) -> None:
    """Write to the audit trail that this part of the record was read."""
    audit.record_read(by=request.user, about=person, organisation=person.organisation, details={"part": part})

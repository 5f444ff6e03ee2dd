"""Where a search for somebody who could help begins: with what the person said, and where they live."""

from django.http import QueryDict

from inroads.directory.models import Service, TagKind
from inroads.people.queries.record import Record
from inroads.reference.around import area_name, neighbourhood_ward
from inroads.reference.definitions import load
from inroads.reference.definitions.care import Help, helps_for
from inroads.reference.definitions.conversation import barriers


def first_look(record: Record) -> QueryDict:
    """The first thing that is hard, around where they live, in their language and for those they belong to."""
    kept = record.preferences
    asked = QueryDict(mutable=True)
    asked["need"] = next((each for each in record.hard if helps_for(each) and not barriers()[each].alone), "")
    where = neighbourhood_ward(record.person.neighbourhood) or area_name(record.person.organisation)
    asked["near"], asked["within"] = where, "10000"
    if kept is not None:
        asked["language"] = kept.language if kept.language.casefold() != "english" else ""
        asked["community"] = kept.communities[0] if kept.communities else ""
    return asked


def need_of(record: Record, barrier: str) -> str:
    """The barrier, where the person said that it is hard; else ""."""
    return barrier if barrier in record.hard or barrier in record.reopened else ""


def asked_of(service: Service, barrier: str) -> Help | None:
    """What this service is asked for: what helps with the barrier, or else the first thing it helps with."""
    known = load(Help)
    offered = [each.value for each in service.tags.filter(kind=TagKind.HELP) if each.value in known]
    fitting = [each for each in offered if not barrier or barrier in known[each].barriers]
    return known[(fitting or offered)[0]] if offered else None

"""Through the one door: the extract is made, each system is counted, and what may leave is kept."""

from collections.abc import Callable
from datetime import date, timedelta

from django.conf import settings
from django.utils import timezone

from inroads.accounts import audit
from inroads.analytics.extract import open_extract
from inroads.directory.models import Touchpoint
from inroads.people.queries.extract import write_extract
from inroads.reference.around import published
from inroads.released.making import make_releases
from inroads.released.models import Release


def last_month_end(on: date) -> date:
    """The last day of the month before."""
    return on.replace(day=1) - timedelta(days=1)


def count_month(*, on: date) -> list[Release]:
    """All that is counted once a month: each system in which enough was said.

    The extract is made once for a month. Done again, it counts again only what was not kept.
    """
    until = last_month_end(on)
    if _made_up_to() != until:
        _extract(until)
    return _count(at_once=False)


def count_figures(
    *, until: date, at_once: bool = False, say: Callable[[str], None] = lambda text: None
) -> list[Release]:
    """Counts systems in which enough was said since their last release, up to a day that is over; all where `at_once`.

    Raises `ValueError` for a day that is not over: what is said on it is still to come.
    """
    if until >= timezone.localdate():
        raise ValueError(f"until: {until} is not over; give yesterday, or a day before it")
    _extract(until)
    return _count(at_once=at_once, say=say)


def _extract(until: date) -> None:
    """Makes the extract, and writes into the trail that facts about so many people went out of their records."""
    write_extract(until=until, store=settings.EXTRACT_DIR)
    extract = open_extract(settings.EXTRACT_DIR)
    if extract is None:
        raise RuntimeError(f"{settings.EXTRACT_DIR}: the extract that was just made is gone")
    with extract:
        people = extract.rows["people"]
    audit.record(action="people_extracted", by=None, details={"until": until.isoformat(), "people": people})


def _count(*, at_once: bool, say: Callable[[str], None] = lambda text: None) -> list[Release]:
    figures = published()
    if figures is None:
        say("No published figures are loaded, so there are no neighbourhoods to count by.")
        return []
    extract = open_extract(settings.EXTRACT_DIR)
    if extract is None:
        return []
    private = {str(each) for each in Touchpoint.objects.filter(private=True).values_list("pk", flat=True)}
    with extract:
        return make_releases(extract=extract, published=figures, at_once=at_once, private=private, say=say)


def _made_up_to() -> date | None:
    extract = open_extract(settings.EXTRACT_DIR)
    if extract is None:
        return None
    with extract:
        return extract.until

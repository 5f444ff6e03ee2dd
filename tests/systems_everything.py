"""A system with a row of everything that pages of the systems loop show, for walks over all addresses."""

from collections.abc import Sequence

from django.utils import timezone
from systems_comparing_factories import make_comparing, make_comparison
from systems_factories import make_assessments
from systems_interview_factories import make_interviews
from systems_landscape_factories import DAY, make_closed, make_landscape
from systems_leading_factories import make_leading
from systems_return_factories import make_readings, make_return, make_returns
from systems_review_factories import make_review

from inroads.accounts.models import User
from inroads.reference.models import Kind, Organisation
from inroads.systems.actions import board
from inroads.systems.actions.comparing_drawn import load_published
from inroads.systems.actions.waves import add_wave, take_wave
from inroads.systems.models import Basis, Needle
from inroads.systems.tasks import make_report


def make_everything(
    system: Organisation, place: Organisation, *, lead: User, national: User, readers: Sequence[User], reviewer: User
) -> None:
    """Assessments closed, reviewed and open, returns, interviews, voices, leadership, the landscape, a board report.

    `place` lies within the system; its assessment is reviewed and not closed yet.
    """
    make_review(system, by=lead, reviewer=reviewer)
    make_review(place, by=lead, reviewer=reviewer, closed=False)
    make_assessments(system, by=lead)
    make_interviews(system, by=lead)
    make_leading(system, by=lead)
    make_comparing(system, by=lead)
    make_comparison(None, by=national)
    load_published(definition="codesign_2022", by=national)
    found = make_returns(system, by=national, readers=readers)
    make_readings(
        make_return(system, wave=found.wave, by=national, text="Being read (invented)."), readers, by=national
    )
    _landscape(system, national)
    report = board.ask_for_report(
        organisation=system,
        title="To the board (invented)",
        for_meeting_on=timezone.localdate(),
        asks=["decide who answers for it"],
        words="",
        by=lead,
    )
    make_report.func(str(report.pk))


def _landscape(system: Organisation, national: User) -> None:
    """Waves of every kind; the one of assessments last in time of all but those from a file."""
    make_landscape(system, by=national)
    others = Organisation.objects.filter(kind=Kind.ICS, parent=system.parent).exclude(pk=system.pk)
    for number, other in enumerate(others.order_by("name")):
        levels = {"codesign": (3, number % 4, 1), "board": (2, (number + 1) % 4, 0), "assets": (1, number % 3, 1)}
        make_closed(other, levels, by=national, on=DAY)
    told = {"title": "Of assessments", "on": DAY, "basis": Basis.ASSESSMENTS, "source": "Made up for a test"}
    take_wave(wave=add_wave(**told, needle=Needle.EVIDENCED, by=national), by=national)

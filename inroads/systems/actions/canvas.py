"""What is written into a cell of the canvas. What stood there before is kept."""

from django.db import transaction

from inroads.accounts import audit
from inroads.accounts.actions import Refused
from inroads.accounts.checks import ChangedMeanwhile, note
from inroads.accounts.models import User
from inroads.accounts.words import tidy
from inroads.reference.definitions import load
from inroads.reference.definitions.framework import Dimension
from inroads.reference.models import Organisation
from inroads.systems.actions.leading import require_assessing
from inroads.systems.models import CanvasCell


@transaction.atomic
def write_cell(
    *,
    organisation: Organisation,
    dimension: str,
    version: int,
    strengths: str,
    gaps: str,
    next: str,
    said_by: str,
    by: User,
) -> CanvasCell:
    """One cell of the canvas as it stands from now on; every earlier version stays.

    version
        The one that was read before typing, 0 where nothing stood there.

    Saving the same again changes nothing. Raises `ChangedMeanwhile` where `version` is not the latest, and `Refused`
    where nothing was written at all.
    """
    audit.hold()
    require_assessing(by, organisation)
    if dimension not in load(Dimension):
        raise Refused("The canvas has no such cell")
    before = CanvasCell.objects.filter(organisation=organisation, dimension=dimension).order_by("-version").first()
    if version != (before.version if before else 0):
        raise ChangedMeanwhile(before)
    kept = {"strengths": tidy(strengths), "gaps": tidy(gaps), "next": tidy(next), "said_by": tidy(said_by)}
    if before is None and not (kept["strengths"] or kept["gaps"] or kept["next"]):
        raise Refused("Write something in one of the three fields", field="strengths")
    if before is not None and all(getattr(before, field) == value for field, value in kept.items()):
        return before
    made = CanvasCell.objects.create(
        organisation=organisation, dimension=dimension, version=version + 1, recorded_by=by, **kept
    )
    note("canvas_cell_written", made, organisation, by, dimension=dimension, version=made.version)
    return made

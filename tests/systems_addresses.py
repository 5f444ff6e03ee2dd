"""Arguments for the addresses of the systems loop: each name means the same wherever it occurs."""

from typing import Any
from uuid import UUID

from inroads.accounts.models import User
from inroads.reference.models import Kind, Organisation
from inroads.systems import models
from inroads.systems.queries.interviews import code_of


def of_a_system(names: tuple[str, ...], somebody: User) -> dict[str, Any]:
    """Arguments for addresses about a system: the one with an assessment, else any."""
    assessment = models.Assessment.objects.order_by("recorded_at", "pk").first()
    system = assessment.organisation if assessment else Organisation.objects.filter(kind=Kind.ICS).first()
    known = {
        "system": system.pk if system else UUID(int=1),
        "edition": "2026",
        "criterion": "codesign",
        "dimension": "partnership",
        "key_line": "collaboration",
        "assessment": assessment.pk if assessment else UUID(int=1),
        "evidence": _first(models.Evidence),
        "file": _first(models.EvidenceFile),
        "element": "before",
        "return_id": _first(models.Return),
        "coding": _first(models.Coding),
        "number": 1,
        "interview": _first(models.Interview),
        "quote": _first(models.Quote),
        "correction": _first(models.Correction),
        "case": _first(models.CaseStudy),
        "code": _own_code(),
        "wave": _first(models.Wave),
        "comparison": _first(models.Comparison),
        "definition": "codesign_2022",
        "voice": _first(models.Counted),
        "contrast": _first(models.Contrasted),
        "role": _first(models.RoleHeld),
        "item": _first(models.AgendaItem),
        "post": "ccio",
        "invitation": _first(models.Invited),
        "report": _first(models.BoardReport),
    }
    return {name: known[name] for name in names if name in known}


def _own_code() -> str:
    """The code with which somebody who was heard opens their own page."""
    found = models.Interview.objects.order_by("pk").first()
    return code_of(found.pk) if found else "none"


def _first(model: type) -> Any:
    """The id of one that there is, or of none."""
    found = model.objects.order_by("pk").first()
    return found.pk if found else (UUID(int=1) if model._meta.pk.get_internal_type() == "UUIDField" else 1)

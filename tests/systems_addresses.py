"""Arguments for the addresses of the systems loop: each name means the same wherever it occurs."""

from typing import Any
from uuid import UUID

from inroads.reference.models import Kind, Organisation
from inroads.systems import models
from inroads.systems.queries.interviews import code_of

# Pages of an assessment that is being filled in, and of one that is reviewed and not closed; the others show any.
AFTER_ANOTHER = ("assessment_compare",)
WHILE_OPEN = ("assessment_submit", "assessment_parts", "assessment_finished", "review_invite")
WHILE_REVIEWED = ("review", "assessment_close", "assessment_reopen")


def of_a_system(route: str, names: tuple[str, ...]) -> dict[str, Any]:
    """Arguments for addresses about a system, an integrated care system with an assessment where there is one."""
    name = route.removeprefix("systems:")
    assessment = _assessment(name)
    system = assessment.organisation if assessment else Organisation.objects.filter(kind=Kind.ICS).first()
    if "assessment" not in names:
        known = Organisation.objects.filter(kind=Kind.ICS)
        system = known.filter(pk__in=models.Assessment.objects.values("organisation")).first() or known.first()
    of = assessment.organisation if assessment and "assessment" in names else system
    standing = models.Evidence.objects.filter(organisation=of, withdrawn_at=None, supports=True, quote=None)
    evidence = standing.order_by("recorded_at").first()
    known = {
        "system": system.pk if system else UUID(int=1),
        "edition": "2026",
        "criterion": "codesign",
        "dimension": "partnership",
        "key_line": "collaboration",
        "assessment": assessment.pk if assessment else UUID(int=1),
        "evidence": evidence.pk if evidence else UUID(int=1),
        "file": _first(models.EvidenceFile),
        "element": "before",
        "return_id": _return(name),
        "coding": _first(models.Coding),
        "number": 1,
        "interview": _first(models.Interview),
        "quote": _first(models.Quote),
        "correction": _first(models.Correction),
        "case": _first(models.CaseStudy),
        "code": _own_code(),
        "wave": _wave(name),
        "comparison": _comparison(name),
        "definition": "codesign_2022",
        "voice": _first(models.Counted),
        "contrast": _first(models.Contrasted),
        "role": _first(models.RoleHeld),
        "item": _first(models.AgendaItem),
        "post": "ccio",
        "invitation": getattr(models.Invited.objects.filter(assessment=assessment).first(), "pk", 1),
        "report": _first(models.BoardReport),
    }
    return {name: known[name] for name in names if name in known}


def _assessment(name: str) -> models.Assessment | None:
    """One in the state that a page is for, else any: the one begun first."""
    found = models.Assessment.objects.select_related("organisation").order_by("recorded_at", "pk")
    state = "open" if name in WHILE_OPEN else "reviewed" if name.startswith(WHILE_REVIEWED) else ""
    if name in AFTER_ANOTHER:
        found = found.filter(after__isnull=False)
    return found.filter(state=state).first() or found.first()


def _return(name: str) -> Any:
    """One that both have read, or one that is being read."""
    found = models.Return.objects.order_by("recorded_at", "pk")
    if name in ("return_give_on", "coding_finish"):
        found = found.filter(readings__finished_at=None, readings__isnull=False)
    return getattr(found.first(), "pk", UUID(int=1))


def _wave(name: str) -> Any:
    """One whose figures were published, one from a file that waits for its scores, or one with places."""
    found = models.Wave.objects.order_by("recorded_at", "pk")
    if name == "landscape_published":
        found = found.filter(basis="published")
    elif name == "wave_scores":
        found = found.filter(basis="file", taken_at=None)
    elif name == "landscape_needles":
        found = found.filter(basis="assessments")
    elif name.startswith("landscape"):
        found = found.filter(places__isnull=False)
    elif name.startswith("key_line"):
        found = found.filter(basis="returns")
    return getattr(found.first(), "pk", UUID(int=1))


def _comparison(name: str) -> Any:
    """One that was published, one of England, or one of a system."""
    found = models.Comparison.objects.order_by("recorded_at", "pk")
    if name.startswith("comparison_published"):
        found = found.exclude(definition="")
    elif name.endswith("key_line"):
        found = found.filter(organisation=None, definition="")
    else:
        found = found.exclude(organisation=None)
    return getattr(found.first(), "pk", UUID(int=1))


def _own_code() -> str:
    """The code with which somebody who was heard opens their own page."""
    found = models.Interview.objects.order_by("pk").first()
    return code_of(found.pk) if found else "none"


def _first(model: type) -> Any:
    """The id of one that there is, or of none."""
    found = model.objects.order_by("pk").first()
    return found.pk if found else (UUID(int=1) if model._meta.pk.get_internal_type() == "UUIDField" else 1)

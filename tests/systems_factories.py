"""Systems for tests, with people who assess, lead, review and read; made by the actions that pages use."""

from datetime import date, timedelta
from typing import Any

from django.utils import timezone

from inroads.accounts.models import Membership, User
from inroads.reference.definitions import load
from inroads.reference.definitions.framework import Criterion, EvidenceKind
from inroads.reference.models import Kind, Organisation
from inroads.reference.organisations import add_organisation
from inroads.systems.actions import assessments as assessing
from inroads.systems.actions.evidence import fitting_kinds, lay_down, withdraw
from inroads.systems.actions.evidence_files import NewFile
from inroads.systems.models import Assessment, Claimed, Evidence, ReviewedEvidence

BEGAN = date(2026, 1, 1)
PASSWORD = "three unlikely words"


def make_tree(regions: int = 2, systems: int = 2) -> list[Organisation]:
    """England with regions, and systems in each; the systems, region by region."""
    england = Organisation.objects.filter(kind=Kind.ENGLAND).first()
    england = england or add_organisation(kind=Kind.ENGLAND, name="England", parent=None)
    made = []
    for number in range(1, regions + 1):
        region = add_organisation(kind=Kind.REGION, name=f"Region {number}", parent=england)
        made += [
            add_organisation(kind=Kind.ICS, name=f"System {number}.{each}", parent=region)
            for each in range(1, systems + 1)
        ]
    return made


def make_member(organisation: Organisation, role: str, name: str = "") -> User:
    """Somebody with a role in an organisation."""
    name = name or f"{role.replace('_', ' ').title()} of {organisation.name}"
    email = f"{name.lower().replace(' ', '.')}@systems.example"
    user = User.objects.filter(email=email).first() or User.objects.create_user(email, name, PASSWORD)
    Membership.objects.create(user=user, role=role, organisation=organisation, starts_on=BEGAN)
    return user


def make_assessment(system: Organisation, *, by: User, title: str = "Spring", **more: Any) -> Assessment:
    """An assessment of a system, begun by somebody who leads there."""
    due_on = timezone.localdate() + timedelta(weeks=6)
    return assessing.begin_assessment(
        organisation=system, title=title, by=by, due_on=more.pop("due_on", due_on), **more
    )


def make_claim(assessment: Assessment, criterion: str, level: int, *, by: User, words: str = "It is so.") -> Claimed:
    """A claim after the one that holds."""
    before = assessment.claims.filter(criterion=criterion).count()
    return assessing.claim(assessment=assessment, criterion=criterion, version=before, level=level, words=words, by=by)


def make_evidence(system: Organisation, *, by: User, criterion: str = "codesign", **more: Any) -> Evidence:
    """Evidence of an element: what it may be unless told otherwise, of a month ago."""
    asked = load(Criterion)[criterion].elements()
    element = more.pop("element", next(iter(asked)))
    kind = more.pop("kind", fitting_kinds(asked[element])[0].id)
    voices = load(EvidenceKind)[kind].voices
    given = {
        "voice": "people" if asked[element].from_people else voices[0],
        "supports": True,
        "dated": timezone.localdate() - timedelta(days=30),
        "title": f"Paper about {element}",
        "words": "It says so on page 3 (invented).",
        "link": "",
        "file": None,
        "passage": None,
        "quote": None,
    }
    return lay_down(organisation=system, criterion=criterion, element=element, kind=kind, by=by, **{**given, **more})


def make_assessments(system: Organisation, *, by: User) -> Assessment:
    """An assessment with a row of everything that its pages show; `by` leads there."""
    assessment = make_assessment(system, by=by)
    assessing.give_part(assessment=assessment, criterion="codesign", holder=by, by=by)
    make_claim(assessment, "codesign", 2, by=by)
    make_claim(assessment, "codesign", 3, by=by, words="All changes (invented).")
    assessing.finish_part(assessment=assessment, criterion="codesign", by=by)
    kept = make_evidence(
        system,
        by=by,
        link="https://example.org/paper",
        file=NewFile("paper.txt", b"Minutes of the board (invented)."),
    )
    make_evidence(system, by=by, dated=None, title="Of an unknown day")
    make_evidence(system, by=by, element="felt", title="Stories")
    make_evidence(system, by=by, element="felt", kind="story", supports=False, title="They did not listen")
    withdrawn = make_evidence(system, by=by, element="paid", title="Wrong ledger")
    withdraw(evidence=withdrawn, words="It was of another year.", by=by)
    ReviewedEvidence.objects.create(
        assessment=assessment, evidence=kept, verdict="unclear", words="Which page?", recorded_by=by
    )
    assessment.remarks.create(criterion="codesign", from_reviewer=True, words="Who was missing?", recorded_by=by)
    return assessment

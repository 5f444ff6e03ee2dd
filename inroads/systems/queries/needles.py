"""The three needles of every criterion of a system, at any moment: what is claimed, evidenced and experienced."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache
from uuid import UUID

from django.db.models import Exists, F, OuterRef, Q
from django.utils import timezone

from inroads.accounts.models import User
from inroads.methods import maturity
from inroads.reference.definitions import load
from inroads.reference.definitions.framework import Criterion, Framework, criteria_of, line_of
from inroads.reference.models import Organisation
from inroads.systems.models import Assessment, Claimed, Evidence, EvidenceFile, Result, ReviewedEvidence, Verdict, Voice

# What ran out longer ago is not told of any more beside a criterion; the list of evidence keeps it.
REMEMBERED = timedelta(days=366)


@dataclass(frozen=True)
class Standing:
    """One criterion of a system at a moment.

    claim
        The claim that holds, None where nothing is claimed.
    evidence
        All that is laid beside it and not withdrawn, the latest first.
    not_shown
        Ids of evidence of which a reviewer says that it does not show this; it counts for nothing.
    level
        The three needles, what is missing for the next level, and the evidence to the contrary.
    """

    criterion: Criterion
    claim: Claimed | None
    evidence: tuple[Evidence, ...]
    not_shown: frozenset[UUID]
    level: maturity.Level

    def piece(self, given: maturity.Evidence) -> Evidence | None:
        """The kept row behind a piece of evidence that the method names."""
        return next((each for each in self.evidence if str(each.pk) == given.reference), None)


def rests_on_words_alone(piece: Evidence) -> bool:
    """Whether people are said to speak in it, and nothing stands behind it but what those who laid it down wrote.

    For pieces of a `Standing`.
    """
    behind = piece.link or piece.passage_id or piece.quote_id or getattr(piece, "has_file", False)
    return piece.voice == Voice.PEOPLE and not behind


def as_method(criterion: Criterion) -> maturity.Criterion:
    """A criterion as the method takes it."""
    return maturity.Criterion(
        criterion.id,
        tuple(
            tuple(maturity.Element(each.id, each.shown_by, each.from_people) for each in level.elements)
            for level in criterion.levels
        ),
    )


def standings(
    organisation: Organisation,
    framework: Framework,
    *,
    assessment: Assessment | None = None,
    at: datetime | None = None,
    only: str = "",
) -> list[Standing]:
    """Every criterion of an edition as this system stood at a moment, in the order of the framework.

    organisation, framework
        Whose evidence, against which edition. Evidence laid down under an edition before counts where its criterion was
        replaced by one that may be compared, and its element is still there.
    assessment
        Whose claims; without one nothing is claimed.
    at
        The moment: rows written down later, and what was withdrawn or reviewed later, are not there yet. Now, without.
    only
        The id of the one criterion that is wanted; "" is all.

    Asks the database four times, however many criteria there are.
    """
    moment = at or timezone.now()
    on = timezone.localdate(moment)
    chosen = [each for each in criteria_of(framework) if not only or each.id == only]
    # Of one criterion that became two, both stand in the same line.
    lines: defaultdict[str, list[Criterion]] = defaultdict(list)
    for each in chosen:
        for name in line_of(each.id):
            lines[name].append(each)
    pieces = _evidence(organisation, lines, moment)
    refused = _not_shown(organisation, lines, moment)
    claims = _claims(assessment, moment) if assessment else {}
    _say_by_whom([*(piece for found in pieces.values() for piece in found), *claims.values()])
    return [_standing(each, claims.get(each.id), pieces[each.id], refused, on) for each in chosen]


def standings_of(assessment: Assessment, *, at: datetime | None = None, only: str = "") -> list[Standing]:
    """Every criterion of an assessment, now; where it is closed, as it was when it was closed."""
    moment = at or assessment.locked_at
    if assessment.locked_at is not None and moment == assessment.locked_at and not only:
        return list(_closed(assessment.pk, assessment.locked_at))
    framework = load(Framework)[assessment.framework]
    return standings(assessment.organisation, framework, assessment=assessment, at=moment, only=only)


# What was closed stays as it is, so each process works it out once and keeps some.
@lru_cache(maxsize=12)
def _closed(assessment: UUID, locked_at: datetime) -> tuple[Standing, ...]:
    found = Assessment.objects.select_related("organisation").get(pk=assessment)
    edition = load(Framework)[found.framework]
    return tuple(standings(found.organisation, edition, assessment=found, at=locked_at))


def as_result(assessment: Assessment, standing: Standing) -> Result:
    """What is kept of a criterion when an assessment is closed; not saved yet."""
    level = standing.level
    return Result(
        assessment=assessment,
        criterion=standing.criterion.id,
        claimed=level.claimed,
        evidenced=level.evidenced,
        experienced=level.experienced,
        missing=len(level.missing),
        contrary=len(level.contrary),
        heard=level.heard,
    )


def _evidence(
    organisation: Organisation, lines: Mapping[str, list[Criterion]], moment: datetime
) -> defaultdict[str, list[Evidence]]:
    rows = (
        Evidence.objects.filter(organisation=organisation, criterion__in=list(lines), recorded_at__lte=moment)
        .filter(Q(withdrawn_at=None) | Q(withdrawn_at__gt=moment))
        .exclude(supports=True, expires_on__lte=timezone.localdate(moment) - REMEMBERED)
        .defer("withdrawn_words")
        .annotate(has_file=Exists(EvidenceFile.objects.filter(evidence=OuterRef("pk"))))
        .order_by(F("dated").desc(nulls_last=True), "recorded_at", "pk")
    )
    found: defaultdict[str, list[Evidence]] = defaultdict(list)
    asked = {each.id: each.elements() for chosen in lines.values() for each in chosen}
    for row in rows:
        for criterion in lines[row.criterion]:
            if row.element in asked[criterion.id]:
                found[criterion.id].append(row)
    return found


def _not_shown(organisation: Organisation, lines: Mapping[str, list[Criterion]], moment: datetime) -> frozenset[UUID]:
    """Evidence of which the last word of some reviewer is that it does not show this."""
    last: dict[tuple[UUID, UUID], str] = {}
    rows = ReviewedEvidence.objects.filter(
        evidence__organisation=organisation, evidence__criterion__in=list(lines), recorded_at__lte=moment
    ).order_by("pk")
    for evidence, by, verdict in rows.values_list("evidence_id", "recorded_by_id", "verdict"):
        last[evidence, by] = verdict
    return frozenset(evidence for (evidence, _), verdict in last.items() if verdict == Verdict.NOT_SHOWN)


def _claims(assessment: Assessment, moment: datetime) -> dict[str, Claimed]:
    rows = assessment.claims.filter(recorded_at__lte=moment).order_by("version")
    return {row.criterion: row for row in rows}


def _say_by_whom(rows: Iterable[Evidence | Claimed]) -> None:
    """Few people write down much: each is read once, and not beside each row."""
    listed = list(rows)
    people = User.objects.in_bulk({row.recorded_by_id for row in listed})
    for row in listed:
        row.recorded_by = people[row.recorded_by_id]


def _standing(
    criterion: Criterion, claim: Claimed | None, pieces: list[Evidence], refused: frozenset[UUID], on: date
) -> Standing:
    given: list[maturity.Evidence | maturity.Claim] = [
        maturity.Evidence(
            element=piece.element,
            kind=piece.kind,
            dated=piece.dated,
            expires=piece.expires_on or on,
            voice=piece.voice,
            supports=piece.supports,
            reference=str(piece.pk),
        )
        for piece in pieces
        if piece.pk not in refused
    ]
    if claim is not None:
        given.append(maturity.Claim(claim.level, str(claim.recorded_by_id), claim.dated))
    ours = frozenset(piece.pk for piece in pieces if piece.pk in refused)
    return Standing(criterion, claim, tuple(pieces), ours, maturity.level(as_method(criterion), given, on))

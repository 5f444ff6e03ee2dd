"""The three needles of a criterion."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from inroads.methods.maturity.criteria import Criterion
from inroads.methods.maturity.evidence import NEARNESS, Claim, Evidence, parted
from inroads.methods.maturity.missing import Missing, unmet


@dataclass(frozen=True)
class Level:
    """How far a criterion is met on one day.

    claimed
        The level last claimed; of several on the same day the highest. None where nobody claims anything.
    evidenced
        The highest level up to which every level has evidence that counts for each of its elements, people's
        experience for at least one of them, and no denial by the organisation or a record that was not set right.
    experienced
        The highest level up to which people's experience bears every level out and denies none of its elements. It
        may lie above `evidenced`, where people know what nobody has written down.
    missing
        What has to be added for the evidenced level to rise by one: exactly the conditions that do not hold. Empty at
        the top.
    contrary
        Evidence that says an element is not so, by whomever, and was not set right; the latest first.
    heard
        Pieces of evidence from people that are fresh on that day, for or against. With 0, `experienced` is 0 because
        nobody was heard, not because people said so.
    """

    claimed: int | None
    evidenced: int
    experienced: int
    missing: tuple[Missing, ...]
    contrary: tuple[Evidence, ...]
    heard: int


def level(criterion: Criterion, evidence: Iterable[Evidence | Claim], on: date) -> Level:
    """The claimed, evidenced and experienced level of a criterion on a day, and what is missing for the next.

    criterion
        Its levels with their elements.
    evidence
        Evidence and claims, in any order.
    on
        The day. Evidence dated later is not there yet. Evidence shows something from its date until it expires.

    A denial does not expire: silence heals nothing. It stands until the same voice, or one nearer to what people
    experience (organisation, record, people, in this order), shows the element again: on the same day or later for
    the evidenced level; for the experienced level, where only people can answer people, later.
    So as days pass and nothing is added, no needle ever rises (but for evidence dated ahead, whose day comes).

    What people deny lowers `experienced` only. Otherwise the two needles could not disagree, and those who ask people
    would lose what those who do not ask may keep.

    Raises `ValueError` naming the row of evidence that does not belong to the criterion, or the argument.
    Source: gating of all elements as in maturity models of digital care (every element of a level and of those below);
    evidence, expiry and the three needles are this project's own.
    """
    if type(on) is not date:
        raise ValueError(f"on: expected a date, found {on!r}")
    pieces, claims = parted(evidence, criterion)
    evidenced = 0
    missing: tuple[Missing, ...] = ()
    for number in range(1, criterion.top + 1):
        missing = unmet(criterion, number, pieces, on)
        if missing:
            break
        evidenced = number
    standing = [piece for piece in pieces if _stands(piece, pieces, criterion, on)]
    return Level(
        claimed=_claimed([claim for claim in claims if claim.dated is None or claim.dated <= on]),
        evidenced=evidenced,
        experienced=_experienced(criterion, pieces, standing, on),
        missing=missing,
        contrary=tuple(sorted(standing, key=_latest_first)),
        heard=sum(piece.voice == "people" and piece.fresh(on) for piece in pieces),
    )


def _claimed(claims: list[Claim]) -> int | None:
    if not claims:
        return None
    return max(claims, key=lambda claim: (claim.dated or date.min, claim.level)).level


def _stands(denial: Evidence, evidence: list[Evidence], criterion: Criterion, on: date) -> bool:
    """Whether this is a denial that nobody has set right."""
    if denial.supports or not denial.said_by(on) or denial.dated is None:
        return False
    element = criterion.elements()[denial.element]
    for piece in evidence:
        if piece.dated is None or NEARNESS[piece.voice] < NEARNESS[denial.voice] or not piece.shows(element, on):
            continue
        if piece.dated > denial.dated or (denial.voice != "people" and piece.dated == denial.dated):
            return False
    return True


def _experienced(criterion: Criterion, evidence: list[Evidence], standing: list[Evidence], on: date) -> int:
    """Of each level, people show what only they can show, or one element where there is no such, and deny none."""
    denied = {piece.element for piece in standing if piece.voice == "people"}
    people = [piece for piece in evidence if piece.voice == "people"]
    reached = 0
    for elements in criterion.levels:
        shown = [any(piece.shows(element, on) for piece in people) for element in elements]
        theirs = [seen for element, seen in zip(elements, shown, strict=True) if element.from_people]
        if denied & {element.code for element in elements} or not (all(theirs) if theirs else any(shown)):
            break
        reached += 1
    return reached


def _latest_first(piece: Evidence) -> tuple[int, str, str, str, str]:
    days = piece.dated.toordinal() if piece.dated is not None else 0
    return (-days, piece.element, piece.kind, piece.voice, piece.reference)

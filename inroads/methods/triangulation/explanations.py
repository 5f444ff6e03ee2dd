"""A claim that others do not bear out, and which explanation the evidence supports."""

from collections.abc import Iterable
from dataclasses import dataclass
from math import ceil
from typing import Literal

from inroads.methods.arguments import share
from inroads.methods.quantiles import normal
from inroads.methods.triangulation.differences import Difference, combined, difference
from inroads.methods.triangulation.rivals import CAUSES, TELLS, Cause, Contrast
from inroads.methods.triangulation.voices import Voice, voice_of

State = Literal["supported", "a small part", "ruled out", "open", "not asked"]

HALF = 0.5
"""An explanation that surely makes less than this part of the gap does not explain it."""

NOTHING = "nothing to explain"
UNDECIDED = "cannot be told apart"
NONE = "none of the three"
SEVERAL = "more than one"


@dataclass(frozen=True)
class Explanation:
    """One of the three rival explanations beside the evidence.

    cause
        Its name.
    state
        `"supported"`: those whom it makes say more do say more, beyond chance, and it may make half of the gap or
        more; `"a small part"`: they do, but it surely makes less than half; `"ruled out"`: no such difference was
        seen, and it surely makes less than half; `"open"`: too few answers to say; `"not asked"`.
    difference, low, high
        How much more they say it, with an interval corrected for the explanations tested. NaN where not asked.
    would_tell
        What to ask, of whom.
    needed
        How many to ask in each of the two groups, so that the difference is seen in 4 of 5 surveys if this alone makes
        the gap. 0 where there is no gap, or it is answered.
    """

    cause: Cause
    state: State
    difference: float
    low: float
    high: float
    would_tell: str
    needed: int


@dataclass(frozen=True)
class Explained:
    """What stands behind a gap between a claim and other voices.

    verdict
        One of the three causes; `"more than one"` (see `causes`); `"none of the three"` where each is ruled out or a
        small part; `"cannot be told apart"`; `"nothing to explain"`.
    causes
        Those the evidence supports, the largest difference first.
    gap
        The smallest of the flagged differences between the claim and another voice: the least that has to be
        explained. Where none is flagged, the one nearest to it.
    gaps
        All of them.
    explanations
        All three, in the report's order.
    note
        What a reader has to know, in words; empty where there is nothing.
    """

    verdict: str
    causes: tuple[Cause, ...]
    gap: Difference
    gaps: tuple[Difference, ...]
    explanations: tuple[Explanation, ...]
    note: str


def explain(
    claim: Voice,
    others: Voice | Iterable[Voice],
    *,
    contrasts: Iterable[Contrast] = (),
    confidence: float = 0.95,
) -> Explained:
    """The report's three rival explanations of a claim that others do not bear out, set against the evidence.

    claim
        What those who answer for the organisation say.
    others
        One or more voices on the same question: staff, people, records.
    contrasts
        Pairs of groups that differ in one thing only (see `Contrast`), any number for each cause; several for the same
        cause (areas, professions) are taken together. What they predict is in `docs/methods/triangulation.md`.
    confidence
        1 less the share of comparisons with nothing to find in which something may be found: of all gaps together, and
        of all causes tested together.

    A gap is flagged where the claim lies above another voice by Newcombe's interval, two-sided, with Bonferroni's
    correction for the number of `others`. Without one there is nothing to explain, whatever the contrasts. A cause is
    supported where the interval of its contrast, corrected for the causes tested, lies above 0 and reaches half of
    `gap`. One supported cause is the verdict; causes that were not asked about stay open, and `note` says so.

    The contrasts have to be alike in all but one thing; nothing here can see whether they are.
    Raises `ValueError` naming the argument.
    Source: Thrive by Design (2022), Adopting inclusive digital transformation in mental health, section 4.4, for the
    explanations; Newcombe (1998) for the intervals; the rule is this project's own.
    """
    share(confidence, "confidence")
    voice_of(claim, "claim")
    voices = [others] if isinstance(others, Voice) else [voice_of(voice, "others") for voice in others]
    if not voices:
        raise ValueError("others: there is no voice beside the claim; give at least one")
    tests = list(contrasts)
    for row, test in enumerate(tests):
        if not isinstance(test, Contrast):
            raise ValueError(f"contrasts: row {row} (counting from 0) is {test!r}; give a Contrast")
    gaps = [difference(claim, voice, confidence=confidence, together=len(voices)) for voice in voices]
    flagged = [gap for gap in gaps if gap.apart and gap.value > 0]
    gap = min(flagged, key=lambda each: each.value) if flagged else max(gaps, key=lambda each: each.low)
    tested = len({test.cause for test in tests})
    quantile = normal(1 - (1 - confidence) / max(1, tested))
    asked = normal(1 - (1 - confidence) / len(CAUSES))
    found = tuple(
        _explanation(
            cause,
            [(test.more, test.less) for test in tests if test.cause == cause],
            gap,
            quantile=quantile,
            needed=_needed(claim.share, gap.value, asked) if flagged else 0,
        )
        for cause in CAUSES
    )
    supported = sorted((each for each in found if each.state == "supported"), key=lambda each: -each.difference)
    causes = tuple(each.cause for each in supported) if flagged else ()
    verdict = _verdict(found, causes) if flagged else NOTHING
    return Explained(verdict, causes, gap, tuple(gaps), found, _note(found, causes, gaps, bool(flagged)))


def _explanation(
    cause: Cause, pairs: list[tuple[Voice, Voice]], gap: Difference, *, quantile: float, needed: int
) -> Explanation:
    value, low, high = combined(pairs, quantile) if pairs else (float("nan"),) * 3
    state: State = "open"
    if not pairs:
        state = "not asked"
    elif low > 0:
        state = "supported" if high >= HALF * gap.value else "a small part"
    elif high < HALF * gap.value:
        state = "ruled out"
    return Explanation(cause, state, value, low, high, TELLS[cause], needed if state in ("open", "not asked") else 0)


def _needed(claim: float, gap: float, quantile: float) -> int:
    """Answers in each of two groups, so that a difference as large as the gap is seen in 4 of 5 surveys.

    (z + z[0.8])² (p1 (1 - p1) + p2 (1 - p2)) / (p1 - p2)²: Fleiss, Levin & Paik (2003), Statistical Methods for Rates
    and Proportions, section 4.2, without correction for continuity.
    """
    other = claim - gap
    spread = claim * (1 - claim) + other * (1 - other)
    # Shares of exactly 0 and 1 would ask for nobody.
    return max(10, ceil((quantile + normal(0.6)) ** 2 * spread / gap**2))


def _verdict(found: tuple[Explanation, ...], causes: tuple[Cause, ...]) -> str:
    if len(causes) == 1:
        return causes[0]
    if causes:
        return SEVERAL
    return NONE if all(each.state in ("ruled out", "a small part") for each in found) else UNDECIDED


def _note(found: tuple[Explanation, ...], causes: tuple[Cause, ...], gaps: list[Difference], flagged: bool) -> str:
    said = []
    if not flagged and any(gap.apart for gap in gaps):
        said.append("Less is claimed than others say. The three explanations are about claims that go too far.")
    unknown = [each.cause for each in found if each.state in ("open", "not asked")]
    if causes and unknown:
        said.append(f"Not told yet, and may be at work as well: {', '.join(unknown)}.")
    return " ".join(said)

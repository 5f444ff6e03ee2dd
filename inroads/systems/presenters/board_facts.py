"""All that a board report says, worked out of rows as they stood at its moment, each figure with its source.

What comes out holds text, numbers and addresses only, and is kept: page and paper are both made of it, so they say the
same, and say it for ever. Worked out again from the same rows it is the same.
"""

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

from django.urls import reverse
from django.utils import timezone

from inroads.design.wording import day
from inroads.reference.definitions import load
from inroads.reference.definitions.framework import EvidenceKind, line_of
from inroads.reference.definitions.wordings import words_to_change
from inroads.systems.models import BoardReport, State, Voice
from inroads.systems.presenters.board_voices import hanging_facts, place_facts, voice_facts
from inroads.systems.presenters.needles import to_do
from inroads.systems.queries.board import Basis, basis, before
from inroads.systems.queries.needles import Standing, rests_on_words_alone
from inroads.systems.queries.overview import means

STEPS = ("Reading the evidence", "Looking at what changed", "Setting voices side by side", "Writing it up")
NEEDLES = ("claimed", "evidenced", "experienced")
# What fits a board's attention; the rest is counted, and stands on the pages the sources lead to.
MOST_AGAINST, MOST_MISSING = 12, 8
LONG_AGO = "nobody was heard"

Facts = dict[str, Any]


class Sources:
    """The numbered list at the end: every figure names a number of it."""

    def __init__(self) -> None:
        self._numbers: dict[tuple[str, str], int] = {}

    def number(self, text: str, name: str, **arguments: object) -> int:
        """The number of a source, given to it where it is named first."""
        address = reverse(f"systems:{name}", kwargs=arguments)
        return self._numbers.setdefault((text, address), len(self._numbers) + 1)

    def listed(self) -> list[dict[str, Any]]:
        """All sources in the order of their numbers."""
        return [{"number": number, "text": text, "href": href} for (text, href), number in self._numbers.items()]


def facts_of(report: BoardReport, say: Callable[[int, str], None] = lambda done, said: None) -> Facts:
    """What a report says. `say` is told how many of `STEPS` are done, and which begins."""
    say(0, STEPS[0])
    sources = Sources()
    now = basis(report.organisation, report.as_of)
    criteria = [_criterion(each, now, report, sources) for each in now.standings]
    needles = _by_dimension(now.standings, sources, report)
    say(1, STEPS[1])
    earlier = before(report, now)
    changed = _changed(now, earlier[1], report, sources) if earlier else []
    say(2, STEPS[2])
    voices = voice_facts(report, sources)
    hanging = hanging_facts(report, sources)
    place = place_facts(report, sources)
    say(3, STEPS[3])
    against, contrary = _against(now, sources)
    missing, unfinished = _missing(now, report, sources)
    facts: Facts = {
        "system": report.organisation.name,
        "title": report.title,
        "meeting_on": report.for_meeting_on.isoformat(),
        "as_of": timezone.localtime(report.as_of).isoformat(timespec="minutes"),
        "framework": now.framework.title,
        "assessment": _assessment(now),
        "short": _in_short(now.standings, contrary),
        "needles": needles,
        "criteria": criteria,
        "since": day(timezone.localdate(earlier[0])) if earlier else "",
        "changed": changed,
        "against": against,
        "against_more": contrary - len(against),
        "voices": voices,
        "hanging": hanging,
        "place": place,
        "missing": missing,
        "missing_more": unfinished - len(missing),
        "asks": list(report.asks),
        "words": report.words,
        "sources": sources.listed(),
    }
    return {**facts, "wordings": _wordings(facts)}


def _source_of(standing: Standing, now: Basis, report: BoardReport, sources: Sources) -> int:
    title = standing.criterion.title
    if now.assessment is None:
        edition = now.framework.id
        return sources.number(title, "framework_criterion", edition=edition, criterion=standing.criterion.id)
    return sources.number(title, "assessment_criterion", assessment=now.assessment.pk, criterion=standing.criterion.id)


def _criterion(standing: Standing, now: Basis, report: BoardReport, sources: Sources) -> Facts:
    level = standing.level
    return {
        "title": standing.criterion.title,
        "dimension": standing.criterion.dimension,
        "claimed": level.claimed,
        "evidenced": level.evidenced,
        "experienced": level.experienced,
        "heard": level.heard,
        "source": _source_of(standing, now, report, sources),
    }


def _by_dimension(found: list[Standing], sources: Sources, report: BoardReport) -> list[Facts]:
    """The mean of each needle over the criteria of each dimension."""
    rows = []
    for mean in means(found):
        told = {"system": report.organisation_id, "dimension": mean.dimension.id}
        source = sources.number(f"Canvas: {mean.dimension.title}", "canvas_cell", **told)
        rows.append({**mean.row(), "source": source})
    return rows


def _assessment(now: Basis) -> Facts | None:
    if now.assessment is None:
        return None
    return {"title": now.assessment.title, "state": State(now.state).label.lower()}


def _in_short(found: Sequence[Standing], contrary: int) -> list[str]:
    """The few sentences that a board member reads in the lift."""
    levels = [each.level for each in found]
    claims = [level for level in levels if level.claimed is not None]
    above = sum(level.claimed > level.evidenced for level in claims if level.claimed is not None)
    worse = sum(level.heard > 0 and level.experienced < level.evidenced for level in levels)
    silent = sum(level.heard == 0 for level in levels)
    spoken = [piece for each in found for piece in each.evidence if piece.voice == Voice.PEOPLE]
    alone = sum(rests_on_words_alone(piece) for piece in spoken)
    denied = sum(any(piece.voice == "people" for piece in level.contrary) for level in levels)
    return [
        f"We claim a level for {len(claims)} of {len(levels)} criteria. "
        f"For {above} of them, what we can show is less than what we claim.",
        *(
            [
                f"For {denied} {_criteria(denied)}, people say that something is not so. "
                f"For {worse}, what they experience is less than what we can show."
            ]
            if denied or worse
            else []
        ),
        f"For {silent} {_criteria(silent)}, {LONG_AGO} within the time that evidence holds. "
        "There the third needle says nothing.",
        *(
            [
                f"Of {len(spoken)} pieces of evidence in which people speak, {alone} "
                f"{'rests' if alone == 1 else 'rest'} on nothing but what we wrote."
            ]
            if alone
            else []
        ),
        f"{_pieces(contrary)} to what we say, and {'stands' if contrary == 1 else 'stand'} unanswered."
        if contrary
        else "Nothing that is laid down speaks against what we say. That may mean that nobody was asked.",
    ]


def _criteria(count: int) -> str:
    return "criterion" if count == 1 else "criteria"


def _pieces(count: int) -> str:
    return "One piece of evidence is contrary" if count == 1 else f"{count} pieces of evidence are contrary"


def _changed(now: Basis, earlier: Sequence[Standing], report: BoardReport, sources: Sources) -> list[Facts]:
    """Criteria of which a needle moved, with the evidence that came, expired or was withdrawn meanwhile."""
    known = {each.criterion.id: each for each in earlier}
    rows = []
    for standing in now.standings:
        was = next((known[name] for name in line_of(standing.criterion.id) if name in known), None)
        if was is None:
            continue
        moves = [
            f"{needle} from {_level(getattr(was.level, needle))} to {_level(getattr(standing.level, needle))}"
            for needle in NEEDLES
            if getattr(was.level, needle) != getattr(standing.level, needle)
        ]
        if moves:
            seen = {piece.pk for piece in was.evidence}
            came = [piece for piece in standing.evidence if piece.pk not in seen]
            rows.append(
                {
                    "title": standing.criterion.title,
                    "moves": moves,
                    "because": [_piece(piece, sources) for piece in came[:3]],
                    "source": _source_of(standing, now, report, sources),
                }
            )
    return rows


def _level(level: int | None) -> str:
    return "nothing said" if level is None else str(level)


def _piece(piece: Any, sources: Sources) -> Facts:
    kind = load(EvidenceKind).get(piece.kind)
    return {
        "title": piece.title,
        "kind": kind.title if kind else piece.kind,
        "voice": Voice(piece.voice).label,
        "dated": day(piece.dated) if piece.dated else "",
        "supports": piece.supports,
        "source": sources.number(f"Evidence: {piece.title}", "evidence", evidence=piece.pk),
    }


def _against(now: Basis, sources: Sources) -> tuple[list[Facts], int]:
    """What says that an element is not so, not set right: the latest, as many as fit; and how many in all."""
    found = [
        (standing.criterion, piece)
        for standing in now.standings
        for piece in map(standing.piece, standing.level.contrary)
        if piece is not None
    ]
    found.sort(key=lambda each: each[1].dated or date.min, reverse=True)
    rows = [
        {
            **_piece(piece, sources),
            "criterion": criterion.title,
            "not_so": criterion.elements()[piece.element].title,
        }
        for criterion, piece in found[:MOST_AGAINST]
    ]
    return rows, len(found)


def _missing(now: Basis, report: BoardReport, sources: Sources) -> tuple[list[Facts], int]:
    """What the next level of each criterion still asks for, the nearest first, as many as fit; and how many in all."""
    found = [(standing, to_do(standing)) for standing in now.standings if standing.level.missing]
    found.sort(key=lambda each: len(each[1]))
    rows = [
        {
            "title": standing.criterion.title,
            "to": standing.level.evidenced + 1,
            "to_do": [f"{each.words} {each.how}" for each in tasks],
            "source": _source_of(standing, now, report, sources),
        }
        for standing, tasks in found[:MOST_MISSING]
    ]
    return rows, len(found)


def _wordings(facts: Facts) -> list[str]:
    """Words that the glossary asks to leave, in what the report quotes of others: they are not changed, but said."""
    quoted = [row["title"] for row in facts["against"]]
    quoted += [piece["title"] for row in facts["changed"] for piece in row["because"]]
    found = [each for text in quoted for each in words_to_change(text)]
    return sorted({f"{each.words.lower()}: we say {each.wording.say}" for each in found})

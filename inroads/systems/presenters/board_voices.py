"""What a board report says of other voices, of leadership and of the landscape."""

from typing import TYPE_CHECKING, Any

from django.utils import timezone

from inroads.systems.models import BoardReport
from inroads.systems.presenters import comparing, landscape
from inroads.systems.queries.board import comparisons_at
from inroads.systems.queries.landscape import place_of
from inroads.systems.queries.leading import hanging

if TYPE_CHECKING:
    from inroads.systems.presenters.board_facts import Sources


def voice_facts(report: BoardReport, sources: "Sources") -> list[dict[str, Any]]:
    """Comparisons of this system, each with its voices, the differences from the claim, and what explains them."""
    rows = []
    for found in comparisons_at(report.organisation, report.as_of):
        if not found.apart:
            continue
        claim = found.claim
        apart = [each for each in found.apart if claim is None or claim in (each.one, each.other)]
        shares = [
            f"{each.row.name}: {comparing.share(each.share)} ({comparing.between(each.low, each.high)}), "
            f"of {comparing.asked(each.row)}"
            for each in found.voices
        ]
        rows.append(
            {
                "statement": found.comparison.statement,
                "words": f"{'; '.join(shares)}.",
                "differences": [
                    f"{row['one']} and {row['other']}: {row['points']}. {row['reading']}."
                    for row in comparing.differences(tuple(apart))
                ],
                "verdict": comparing.verdict(found),
                "source": sources.number(
                    f"Voices side by side: {found.comparison.title}", "comparison", comparison=found.comparison.pk
                ),
            }
        )
    return rows


def hanging_facts(report: BoardReport, sources: "Sources") -> list[dict[str, Any]]:
    """What hangs on a single person, and what would help."""
    found = hanging(report.organisation, timezone.localdate(report.as_of), at=report.as_of)
    source = sources.number("Leadership", "leadership", system=report.organisation_id) if found else 0
    return [
        {
            "words": f"{each.what}{f', {each.on_whom}' if each.on_whom else ''}. {each.why} {each.helps}",
            "source": source,
        }
        for each in found
    ]


def place_facts(report: BoardReport, sources: "Sources") -> dict[str, Any] | None:
    """Where the latest wave puts the system, with its uncertainty and what became of it since the wave before."""
    place = place_of(report.organisation, at=report.as_of)
    if place is None:
        return None
    words = (
        f"Among all systems, in {place.wave.title}: {landscape.stands(place)}. "
        f"Its place is between {landscape.ranks(place)}. Since the wave before: {landscape.moved(place.shift)}."
    )
    source = sources.number("The landscape, as this system sees it", "landscape_own", system=report.organisation_id)
    return {"words": words, "source": source}

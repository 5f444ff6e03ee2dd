"""A board report on a page: what it says, with its chart."""

from collections.abc import Sequence
from typing import Any

from inroads.design.charts import Chart, Dot, Line, dots

NEEDLES = ("Claimed", "Evidenced", "Experienced")
TOP = 3.0


def page_facts(facts: dict[str, Any]) -> dict[str, Any]:
    """What page and paper need: the facts, and the chart of the three needles by dimension."""
    return {"facts": facts, "chart": needles_chart(facts["needles"])}


def needles_chart(rows: Sequence[dict[str, Any]]) -> Chart:
    """Mean levels by dimension: `title`, `claimed`, `evidenced` and `experienced`, None where there is none."""
    return dots(
        [
            Line(
                row["title"],
                tuple(None if row[name.lower()] is None else Dot(float(row[name.lower()])) for name in NEEDLES),
            )
            for row in rows
        ],
        series=NEEDLES,
        title="What is claimed, what can be shown, and what people experience",
        description="For each dimension the mean level of its criteria, from 0 to 3, on three needles.",
        high=TOP,
        unit="",
        heading="Dimension",
    )

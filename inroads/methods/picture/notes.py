"""What a picture cannot tell, in sentences."""

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from inroads.methods.arguments import Array
from inroads.methods.picture.conversations import Conversations

if TYPE_CHECKING:
    from inroads.methods.picture.revision import Picture


FEW = 5
"""Neighbourhoods with two conversations or more, below which their spread says next to nothing."""


def notes(
    picture: "Picture",
    *,
    index: Array,
    heard: Conversations,
    ratios: Array | None,
    group: NDArray[np.int64],
    names: list[str],
) -> tuple[str, ...]:
    """Sentences on what is missing, on what digital channels hide, and on an index that was moved."""
    said = []
    asked = heard.asked.sum(axis=1)
    known = ~np.isnan(index)
    total = float(asked.sum())
    if silent := int(((asked > 0) & ~known).sum()):
        said.append(f"People were asked in {silent} neighbourhoods that have no risk figure: these have no estimate.")
    if not total:
        return (*said, "Nobody was asked: this is the risk picture.")
    telling = np.bincount(group[known & (asked > 1)], minlength=len(names))
    few = [name for name, count in zip(names, telling, strict=True) if count < FEW]
    if telling.sum() < FEW:
        said.append("Too few neighbourhoods with two conversations or more to tell how far the index can be trusted.")
    elif few:
        listed = ", ".join(few[:5]) + (f" and {len(few) - 5} more" if len(few) > 5 else "")
        said.append(
            f"Too few conversations to tell how far the index can be trusted in: {listed}. That of all is used."
        )
    moved = np.abs(picture.prior[known] - index[known]) > 0.0015
    if moved.any():
        change = 100 * float((picture.prior[known] - index[known])[moved].mean())
        said.append(
            f"Conversations contradict the index as a whole: it was moved by {change:+.0f} points on average "
            f"in {int(moved.sum())} neighbourhoods."
        )
    if heard.digital is None:
        said.append("It is not known which conversations were digital: no picture is called real.")
    else:
        said.extend(_on_digital(heard, total, ratios))
    return tuple(said)


def _on_digital(heard: Conversations, total: float, ratios: Array | None) -> list[str]:
    digital = heard.digital
    assert digital is not None
    online, others = float(heard.asked[:, digital].sum()), float(heard.asked[:, ~digital].sum())
    if not online:
        return []
    if not others:
        return [
            "All conversations were digital: people who are excluded had no way to answer, "
            "so this is the risk picture whatever was found."
        ]
    said = []
    if ratios is None:
        here = 100 * float(heard.found[:, digital].sum()) / online
        there = 100 * float(heard.found[:, ~digital].sum()) / others
        said.append(
            f"{100 * online / total:.0f}% of conversations were digital and found {here:.0f}% excluded; the others "
            f"found {there:.0f}%. Without reach both count alike, which hides people who cannot answer digitally: "
            "hidden says how far the estimates could rise."
        )
    elif not np.isfinite(ratios[~digital]).any():
        said.append("No channel that is not digital reaches both kinds of people: there is nothing to correct with.")
    return said

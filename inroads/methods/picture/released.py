"""The picture from released figures, where numbers of people are known only as ranges."""

from collections.abc import Hashable, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import ArrayLike, NDArray

from inroads.methods.arguments import Array, generator, length, numbers, share, where, whole
from inroads.methods.picture.conversations import Conversations, Reach, against_reach, conversations, log_odds_ratios
from inroads.methods.picture.imputation import Ints, Place, View, draw
from inroads.methods.picture.notes import notes
from inroads.methods.picture.revision import (
    NEVER,
    Names,
    Picture,
    group_codes,
    interval_of,
    labels_of,
    mostly_digital,
)

LABELS = ("risk", "mixed", "real")

WIDEST = 100_000
"""A range wider than this says nothing, and would take long to draw from."""


def revise_released(
    risk: ArrayLike,
    found_low: ArrayLike,
    found_high: ArrayLike,
    other_low: ArrayLike,
    other_high: ArrayLike,
    *,
    groups: Sequence[Hashable] | NDArray[np.generic] | None = None,
    channels: Sequence[Hashable] | str | None = None,
    digital: Sequence[Hashable] | str | None = None,
    reach: Reach | None = None,
    calibrate: bool = True,
    interval: float = 0.9,
    least_non_digital: float = 0.25,
    draws: int = 20,
    rng: np.random.Generator | int,
) -> Picture:
    """The share of people who are digitally excluded, where released figures say only between what and what counts lie.

    risk
        (Z,) shares from 0 to 1, as in `revise`.
    found_low, found_high, other_low, other_high
        Whole numbers of people, (Z,) or (Z, C) by channel: the least and the most that were found excluded, and the
        least and the most that were asked and are not excluded. A suppressed cell is 1 to 7, a 15 rounded to 5 is 13 to
        17, a known number has itself as both ends. NaN in any of the four: nothing was recorded.
    groups, channels, digital, reach, calibrate, interval, least_non_digital
        As in `revise`.
    draws
        How many times the counts are drawn, 2 or more.
    rng
        A NumPy `Generator` or a seed.

    Counts are drawn from their ranges by what the picture makes likely, and the picture from the counts, in turn (data
    augmentation). Each of `draws` sets of counts gives the estimate that `revise` would, and they are combined:

        mean = average of means          variance = average of variances + (1 + 1 / draws) × variance of the means

    The interval is that of a beta distribution with this mean and variance; `evidence`, `concentration`, `prior` and
    `hidden` are averages. The label is the highest that more than half of the sets reach, so the more cautious where
    they are split evenly. Without `reach` each channel's counts are drawn at that channel's own level. The prior is
    fitted to every few sets, not to each.

    Raises `ValueError` naming the argument with its row, counted from 0.
    Sources: Tanner & Wong (1987), JASA 82, 528-540 (data augmentation); Rubin (1987), Multiple imputation for
    nonresponse in surveys, chapter 3; Heitjan & Rubin (1990), JASA 85, 304-314 (rounded counts).
    """
    index = numbers(risk, "risk", what="a share of people", least=0, most=1, missing=True)
    share(interval, "interval", example=0.9)
    share(least_non_digital, "least_non_digital", example=0.25)
    sets, random = whole(draws, "draws", least=2), generator(rng)
    ends = _ends((found_low, found_high, other_low, other_high), index.size)
    middle = np.where(ends < 0, np.nan, ends)
    found = (middle[0] + middle[1]) / 2
    heard = conversations(found + (middle[2] + middle[3]) / 2, found, index.size, channels, digital)
    ratios = None
    if reach is not None:
        ratios = log_odds_ratios(reach, channels, heard.asked.shape[1])
        surely = np.maximum(ends, 0).astype(np.float64)
        against_reach(Conversations(surely[0] + surely[2], surely[0], None), ratios, np.ndim(found_low))
    codes, names = group_codes(groups, index.size)
    known = ~np.isnan(index)
    views = _views(heard, ratios, calibrate=calibrate, least_non_digital=least_non_digital)
    place = Place(
        np.clip(index[known], NEVER, 1.0 - NEVER),
        codes[known],
        len(names),
        np.ascontiguousarray(ends[:, known]),
        heard.digital,
    )
    drawn = draw(views, place, sets=sets, random=random)
    pictures = [_combined(view, drawn, known, interval, least_non_digital) for view in views]
    whole_picture, other, hidden = pictures[0], None, np.full(index.size, np.nan)
    if ratios is not None:
        hidden = whole_picture.mean - pictures[1].mean
    elif len(views) > 1:
        other = pictures[1]
        spoken = heard.asked[:, views[1].columns].any(axis=1)
        hidden = np.where(spoken, other.mean - whole_picture.mean, np.nan)
    elif heard.digital is not None:
        hidden = np.where(known, 0.0, np.nan)
    heard.asked[known] = np.mean([each.asked for each in drawn], axis=0)
    heard.found[known] = np.mean([each.found for each in drawn], axis=0)
    said = notes(whole_picture, index=index, heard=heard, ratios=ratios, group=codes, names=names)
    return replace(whole_picture, hidden=hidden, other_channels=other, notes=(*said, *_on_ranges(ends)))


def _views(heard: Conversations, ratios: Array | None, *, calibrate: bool, least_non_digital: float) -> list[View]:
    """All channels together; and what that is compared with: the same without reach, or the other channels alone."""
    every = np.ones(heard.asked.shape[1], dtype=np.bool_)
    alike = View(every, None, calibrate and not mostly_digital(heard, least_non_digital))
    if ratios is not None:
        return [View(every, ratios, calibrate), alike]
    if heard.digital is not None and heard.digital.any():
        return [alike, View(~heard.digital, None, calibrate)]
    return [alike]


def _combined(
    view: View, drawn: list[Conversations], known: NDArray[np.bool_], interval: float, least_non_digital: float
) -> Picture:
    """One picture from the sets of counts, by Rubin's rules."""
    moments = np.array(view.moments)
    mean, within, evidence, concentration, prior = moments.mean(axis=0)
    variance = within + (1.0 + 1.0 / len(moments)) * moments[:, 0].var(axis=0, ddof=1)
    low, high = interval_of(mean, variance, interval)
    reached = np.zeros((len(LABELS), mean.size))
    for heard, each in zip(drawn, moments[:, 3], strict=True):
        digital = None if heard.digital is None else heard.digital[view.columns]
        seen = Conversations(heard.asked[:, view.columns], heard.found[:, view.columns], digital)
        label = labels_of(seen, each, least_non_digital)
        reached += [(label == "mixed") | (label == "real") if name == "mixed" else label == name for name in LABELS]
    labels = np.where(reached[1] > len(drawn) / 2, "mixed", "risk")
    labels = np.where(reached[2] > len(drawn) / 2, "real", labels)

    def over_all(part: Array) -> Array:
        result = np.full(known.size, np.nan)
        result[known] = part
        return result

    label_of_all: Names = np.full(known.size, "missing")
    label_of_all[known] = labels
    return Picture(
        mean=over_all(mean),
        low=over_all(low),
        high=over_all(high),
        evidence=over_all(evidence),
        concentration=over_all(concentration),
        label=label_of_all,
        prior=over_all(prior),
        sd=over_all(np.sqrt(variance)),
        hidden=np.full(known.size, np.nan),
        other_channels=None,
        notes=(),
    )


def _ends(given: tuple[ArrayLike, ...], neighbourhoods: int) -> Ints:
    """(4, Z, C) whole numbers, -1 where nothing was recorded."""
    names = ("found_low", "found_high", "other_low", "other_high")
    tables: list[Array] = []
    for entries, name in zip(given, names, strict=True):
        table = numbers(entries, name, ndim=(1, 2), what="a number of people", least=0, missing=True)
        length(table, name, neighbourhoods, "neighbourhoods in risk")
        broken = np.argwhere(table != np.floor(table))
        broken = broken[~np.isnan(table[tuple(broken.T)])]
        if broken.size:
            at = tuple(int(p) for p in broken[0])
            raise ValueError(f"{name}: {where(at)} is {table[at]:g}; give whole numbers of people, or NaN")
        if tables and table.shape != tables[0].shape:
            raise ValueError(f"{name}: has shape {table.shape} where found_low has {tables[0].shape}; give all alike")
        tables.append(table)
    for low, high, name in ((tables[0], tables[1], names[1]), (tables[2], tables[3], names[3])):
        for wrong, words in ((high < low, "is below the least"), (high - low > WIDEST, "leaves more than it says")):
            if wrong.any():
                at = tuple(int(p) for p in np.argwhere(wrong)[0])
                raise ValueError(
                    f"{name}: {where(at)} is {high[at]:g} where {name.replace('high', 'low')} has {low[at]:g}: it "
                    f"{words}; give the two ends of a range, or NaN where nothing was recorded"
                )
    ends = np.array(tables).reshape(4, neighbourhoods, tables[0].shape[1] if tables[0].ndim > 1 else 1)
    recorded = ~np.isnan(ends).any(axis=0)
    return np.where(recorded, ends, -1.0).astype(np.int64)


def _on_ranges(ends: Ints) -> list[str]:
    recorded = ends[0] >= 0
    ranges = ((ends[1] > ends[0]) | (ends[3] > ends[2]))[recorded]
    if not ranges.any():
        return []
    share_of_all = 100 * ranges.mean()
    return [f"{share_of_all:.0f}% of the numbers of people are ranges; what that leaves open is in the intervals."]

"""The risk picture, revised by what conversations found."""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import ArrayLike, NDArray

from inroads.methods.arguments import Array, length, numbers, share
from inroads.methods.picture.conversations import (
    Conversations,
    Reach,
    against_reach,
    conversations,
    log_odds_ratios,
)
from inroads.methods.picture.fitting import fitted
from inroads.methods.picture.likelihoods import Alike, Reached
from inroads.methods.picture.notes import notes
from inroads.methods.picture.posterior import revised

Names = NDArray[np.str_]

NEVER = 0.001
"""A risk of 0 or 1 could not be revised by any conversation; it is taken as this far from the end."""


@dataclass(frozen=True, eq=False)
class Picture:
    """The share of people who are digitally excluded in Z neighbourhoods, as far as is known; each (Z,).

    `mean`, `low`, `high`: the estimate and its interval. `evidence`: how much of the estimate comes from conversations,
    0 (it is the prior) to 1. `concentration`: for how many conversations the risk index counts. `label`: `"risk"`,
    `"mixed"` or `"real"`, and `"missing"` where there is no risk figure. NaN where there is no risk figure.

    `prior`: what the risk index says, moved as a whole where conversations contradict it as a whole. `sd`: the standard
    deviation of what is not known.

    `hidden`: what taking all channels alike hides. With `reach`, it is this estimate minus the one that does so.
    Without, it is how far this estimate could rise: the one from the other channels alone (`other_channels`) minus
    this. That is an upper end, as those who can answer digitally may be missing there. NaN where nobody was asked
    otherwise, or where it is not known which channels are digital.

    `notes`: sentences on what this picture cannot tell.
    """

    mean: Array
    low: Array
    high: Array
    evidence: Array
    concentration: Array
    label: Names
    prior: Array
    sd: Array
    hidden: Array
    other_channels: "Picture | None"
    notes: tuple[str, ...]


def revise(
    risk: ArrayLike,
    asked: ArrayLike,
    found: ArrayLike,
    *,
    groups: Sequence[Hashable] | NDArray[np.generic] | None = None,
    channels: Sequence[Hashable] | str | None = None,
    digital: Sequence[Hashable] | str | None = None,
    reach: Reach | None = None,
    calibrate: bool = True,
    interval: float = 0.9,
    least_non_digital: float = 0.25,
) -> Picture:
    """The share of people who are digitally excluded: risk as the prior, conversations as the data.

    risk
        (Z,) shares from 0 to 1: what the risk index expects. NaN where there is none.
    asked, found
        Numbers of people, (Z,) or (Z, C) by channel: how many were asked, and how many of them are excluded. NaN in
        either means that nothing was recorded and counts as not asked; 0 found is an answer.
    groups
        (Z,) names or codes. How far the index can be trusted is then estimated for each group, drawn towards that of
        all; a group with few conversations keeps that of all.
    channels, digital
        The names of the C columns, and those of them that are digital (`()` for none).
    reach
        By name of channel, or (C, 2): the share of people who are excluded, and the share of everybody else, that the
        channel can reach. Only their ratio matters. Gives the corrected estimate; without it all channels count
        alike, and `hidden` and `notes` say what that may hide.
    calibrate
        Whether the index as a whole may be moved where conversations contradict it (99 % level). Without `reach`, it
        is not moved where less than `least_non_digital` of all conversations were not digital.
    interval
        Probability that the interval is to hold.
    least_non_digital
        The threshold of the label: below this share of non-digital conversations a picture is of risk only.

    Formula: share ~ Beta(c p, c (1 - p)), found ~ Binomial(asked, share), so

        mean = (c p + found) / (c + asked),  evidence = asked / (c + asked)

    with logit p = a + b logit risk, a = 0 and b = 1 unless contradicted, and the concentration c from the marginal
    likelihood. The interval is that of a beta distribution with the mean and the variance of the posterior, what is
    not known of a, b and c included. With `reach`, odds among those who answer through a channel are those of everybody
    times the ratio of the two shares, and the posterior is added up numerically.

    Label: `"risk"` where nobody was asked, or less than `least_non_digital` of the conversations were not digital;
    `"real"` where the non-digital ones alone would make half of the estimate or more; `"mixed"` otherwise, and at most
    `"mixed"` where it is not known which channels are digital.

    Raises `ValueError` naming the argument with its row, counted from 0.
    Sources: Griffiths (1973), Biometrics 29(4), 637-648, and Tarone (1982), Biometrics 38(1), 215-220 (beta-binomial
    prior from data); Christiansen & Morris (1997), JASA 92, 618-632 (uniform shrinkage); Williams (1982), Applied
    Statistics 31(2), 144-148 (logistic regression with extra variation).
    """
    index = numbers(risk, "risk", what="a share of people", least=0, most=1, missing=True)
    share(interval, "interval", example=0.9)
    share(least_non_digital, "least_non_digital", example=0.25)
    heard = conversations(asked, found, index.size, channels, digital)
    ratios = None
    if reach is not None:
        ratios = log_odds_ratios(reach, channels, heard.asked.shape[1])
        against_reach(heard, ratios, np.ndim(asked))
    codes, names = group_codes(groups, index.size)
    known = ~np.isnan(index)

    def estimate(heard: Conversations, ratios: Array | None) -> Picture:
        movable = calibrate and (ratios is not None or not mostly_digital(heard, least_non_digital))
        return _estimate(
            index,
            heard,
            ratios,
            group=codes,
            groups=len(names),
            calibrate=movable,
            interval=interval,
            least_non_digital=least_non_digital,
        )

    whole = estimate(heard, ratios)
    other, hidden = None, np.full(index.size, np.nan)
    if ratios is not None:
        hidden = whole.mean - estimate(heard, None).mean
    elif heard.digital is not None and heard.digital.any():
        kept = heard.without_digital()
        other = estimate(kept, None)
        hidden = np.where(kept.asked.any(axis=1), other.mean - whole.mean, np.nan)
    elif heard.digital is not None:
        hidden = np.where(known, 0.0, np.nan)
    said = notes(whole, index=index, heard=heard, ratios=ratios, group=codes, names=names)
    return replace(whole, hidden=hidden, other_channels=other, notes=said)


def _estimate(
    index: Array,
    heard: Conversations,
    ratios: Array | None,
    *,
    group: NDArray[np.int64],
    groups: int,
    calibrate: bool,
    interval: float,
    least_non_digital: float,
) -> Picture:
    known = ~np.isnan(index)
    kept = Conversations(heard.asked[known], heard.found[known], heard.digital)
    likelihood, rows = likelihood_of(kept, ratios)
    risk = np.clip(index[known], NEVER, 1.0 - NEVER)
    fit = fitted(likelihood, risk, rows=rows, group=group[known], groups=groups, calibrate=calibrate)
    mean, variance, evidence, concentration = revised(likelihood, fit, group[known])
    low, high = interval_of(mean, variance, interval)
    label = labels_of(kept, concentration, least_non_digital)

    def over_all(part: Array) -> Array:
        result = np.full(index.size, np.nan)
        result[known] = part
        return result

    labels = np.full(index.size, "missing")
    labels[known] = label
    return Picture(
        mean=over_all(mean),
        low=over_all(low),
        high=over_all(high),
        evidence=over_all(evidence),
        concentration=over_all(concentration),
        label=labels,
        prior=over_all(fit.mean),
        sd=over_all(np.sqrt(variance)),
        hidden=np.full(index.size, np.nan),
        other_channels=None,
        notes=(),
    )


def likelihood_of(heard: Conversations, ratios: Array | None) -> tuple[Alike | Reached, tuple[Array, Array, Array]]:
    """The likelihood, and the same conversations in columns for the calibration: asked, found and offsets."""
    told = np.ones(heard.asked.shape[1], dtype=np.bool_) if ratios is None else np.isfinite(ratios)
    asked, found = heard.asked[:, told], heard.found[:, told]
    offsets = np.zeros(asked.shape[1]) if ratios is None else ratios[told]
    if offsets.any():
        return Reached(asked, found, offsets), (asked, found, offsets)
    together = asked.sum(axis=1), found.sum(axis=1)
    return Alike(*together), (together[0][:, np.newaxis], together[1][:, np.newaxis], np.zeros(1))


def interval_of(mean: Array, variance: Array, interval: float) -> tuple[Array, Array]:
    """The middle of the beta distribution with this mean and variance."""
    from scipy.special import betaincinv

    strength = np.maximum(mean * (1.0 - mean) / variance - 1.0, 0.01)
    tail = (1.0 - interval) / 2.0
    low = betaincinv(strength * mean, strength * (1.0 - mean), tail)
    high = betaincinv(strength * mean, strength * (1.0 - mean), 1.0 - tail)
    # Where nearly nothing is known of a share near 0 or 1, the mean can lie outside the middle of a lopsided curve.
    return np.minimum(low, mean), np.maximum(high, mean)


def mostly_digital(heard: Conversations, least_non_digital: float) -> bool:
    """Whether less than that share of all conversations were held otherwise."""
    total = float(heard.asked.sum())
    return (
        heard.digital is not None
        and float(heard.asked[:, ~heard.digital].sum()) < least_non_digital * total
        and total > 0
    )


def labels_of(heard: Conversations, concentration: Array, least_non_digital: float) -> Names:
    """`"risk"`, `"mixed"` or `"real"` (Z,), by how many people were asked, how, and what the index counts for."""
    asked = heard.asked.sum(axis=1)
    labels = np.where(asked > 0, "mixed", "risk").astype("<U7")
    if heard.digital is not None:
        other = heard.asked[:, ~heard.digital].sum(axis=1)
        labels[(other >= concentration) & (other > 0)] = "real"
        labels[(other == 0) | (other < least_non_digital * asked)] = "risk"
    return labels


def group_codes(
    groups: Sequence[Hashable] | NDArray[np.generic] | None, count: int
) -> tuple[NDArray[np.int64], list[str]]:
    """Codes (Z,) of the groups in order of first appearance, and their names."""
    if groups is None:
        return np.zeros(count, dtype=np.int64), ["all"]
    given = groups.tolist() if isinstance(groups, np.ndarray) else list(groups)
    length(np.empty(len(given)), "groups", count, "neighbourhoods in risk")
    places: dict[Hashable, int] = {}
    codes = np.empty(count, dtype=np.int64)
    for row, name in enumerate(given):
        if isinstance(name, list) or name is None or (isinstance(name, float) and np.isnan(name)):
            raise ValueError(f"groups: row {row} (counting from 0) has no group ({name!r}); give each row one name")
        codes[row] = places.setdefault(name, len(places))
    return codes, [str(name) for name in places] or ["all"]

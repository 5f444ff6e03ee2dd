"""Which areas moved between two waves, and how sure that is."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from inroads.methods.adoption.grouping import checked, grouped, named
from inroads.methods.adoption.resampling import BLOCK, drawn_scores, resampled, scored_of
from inroads.methods.arguments import Array, generator, numbers, share, whole
from inroads.methods.quantiles import student


@dataclass(frozen=True, eq=False)
class Movement:
    """What became of A areas from one wave to the next; arrays are (A,).

    before, after
        Their groups in each wave, among the areas scored in both; `"not scored"` for the others.
    change, low, high
        How much the mean score changed over criteria scored in both waves, and its interval. NaN where unknown.
    p
        How often a change as large would be seen where there was none; NaN where fewer than two criteria tell.
    moved
        `"up"` or `"down"` for those that changed beyond chance, of which no more than 5 % are expected to be wrong;
        `"no sign"`; `"not known"`.
    higher, lower
        The share of draws in which the area stood in a higher, or a lower, group than before. An area can move up in
        score and down a group: groups are relative to the others.
    """

    before: NDArray[np.str_]
    after: NDArray[np.str_]
    change: Array
    low: Array
    high: Array
    p: Array
    moved: NDArray[np.str_]
    higher: Array
    lower: Array


def movement(
    before: ArrayLike,
    after: ArrayLike,
    *,
    method: str = "breaks",
    draws: int = 2000,
    false_share: float = 0.05,
    confidence: float = 0.95,
    rng: np.random.Generator | int,
) -> Movement:
    """What became of A areas scored twice on the same K criteria, in two tables (A, K), NaN where not scored.

    Score: the mean of the differences by criterion, Student's interval and p over criteria. `moved` holds those the
    procedure of Benjamini & Hochberg keeps at `false_share`, so that 42 areas of which none moved do not show two.
    Groups: in each draw the same criteria count in both waves, and both are grouped anew by `method` (see `classify`).
    A change of who scores, or how strictly, is not told apart from a change of what is scored.

    Raises `ValueError` naming the argument and the entry.
    Source: Benjamini & Hochberg (1995), Journal of the Royal Statistical Society B 57(1), 289-300.
    """
    rule, count, source = checked(method), whole(draws, "draws"), generator(rng)
    share(false_share, "false_share", example=0.05)
    share(confidence, "confidence")
    old = numbers(before, "before", ndim=2, what="a score", missing=True)
    new = numbers(after, "after", ndim=2, what="a score", missing=True)
    if old.shape != new.shape:
        raise ValueError(
            f"after: has the shape {new.shape} where before has {old.shape}; give the same areas, criteria"
        )
    both = ~(np.isnan(old) | np.isnan(new))
    held = both.sum(axis=1)
    with np.errstate(invalid="ignore", divide="ignore"):
        different = np.where(both, new - old, 0.0)
        change = different.sum(axis=1) / held
        squares = (np.where(both, different - change[:, np.newaxis], 0.0) ** 2).sum(axis=1)
        error = np.where(held > 1, np.sqrt(squares / (held - 1) / held), np.nan)
    half = student(confidence, (held - 1).astype(np.float64)) * error
    p = _two_sided(change, error, held)
    scored: NDArray[np.bool_] = np.asarray(both.any(axis=1))
    one, other, higher, lower = _groups(old, new, scored, rule, draws=count, rng=source)
    return Movement(one, other, change, change - half, change + half, p, _moved(change, p, false_share), higher, lower)


def _two_sided(change: Array, error: Array, held: NDArray[np.int_]) -> Array:
    from scipy.special import stdtr

    with np.errstate(invalid="ignore", divide="ignore"):
        t = np.where(change == 0, 0.0, np.abs(change) / error)
    found: Array = np.where(held > 1, 2 * stdtr(np.maximum(held - 1, 1), -t), np.nan)
    return found


def _moved(change: Array, p: Array, false_share: float) -> NDArray[np.str_]:
    known = ~np.isnan(p)
    words = np.where(known, "no sign", "not known")
    ordered = np.sort(p[known])
    passed = np.flatnonzero(ordered <= false_share * np.arange(1, ordered.size + 1) / max(1, ordered.size))
    if passed.size:
        kept = known & (p <= ordered[passed[-1]])
        words[kept] = np.where(change[kept] > 0, "up", "down")
    return words


def _groups(
    old: Array, new: Array, scored: NDArray[np.bool_], rule: str, *, draws: int, rng: np.random.Generator
) -> tuple[NDArray[np.str_], NDArray[np.str_], Array, Array]:
    higher, lower = np.full(scored.size, np.nan), np.full(scored.size, np.nan)
    if not scored.any():
        nothing = named(np.zeros(0, dtype=np.int64), scored)
        return nothing, nothing, higher, lower
    kept = scored[:, np.newaxis] & ~(np.isnan(old) | np.isnan(new))
    known = kept.any(axis=0)
    one, other = (scored_of(np.where(kept, wave, np.nan)[scored][:, known], "scores") for wave in (old, new))
    names = [named(grouped(wave.score[np.newaxis], checked(rule))[0][0], scored) for wave in (one, other)]
    if known.sum() > 1:
        up, down = np.zeros(scored.sum()), np.zeros(scored.sum())
        height = max(1, BLOCK // int(scored.sum()))
        for start in range(0, draws, height):
            weights = resampled(int(known.sum()), min(height, draws - start), rng)
            first, then = (grouped(drawn_scores(wave, weights), checked(rule))[0] for wave in (one, other))
            up += (then < first).sum(axis=0)
            down += (then > first).sum(axis=0)
        higher[scored], lower[scored] = up / draws, down / draws
    return names[0], names[1], higher, lower

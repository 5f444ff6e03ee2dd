"""A watch over a change: has the gap between two groups widened, looked at as often as one likes."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from inroads.methods.arguments import Array, numbers, share, where, whole
from inroads.methods.inequality.guard_boundary import boundary

CARRY_ON = "carry on"
WIDENED = "stop: the gap has widened"
NOTHING_FOUND = "planned sample reached: no widening found"
TOO_FEW = "too few to say"


@dataclass(frozen=True, eq=False)
class Guard:
    """What each look showed; `estimate`, `low`, `high` are (looks,), NaN where there were too few to say.

    `estimate` is how much the gap has widened (negative: narrowed). `low` and `high` are bounds that hold at all looks
    at once, each with probability 1 - error. `decisions` has one of four texts for each look; from the look at which
    the rule stopped, `stopped` (counted from 0, None while it has not), they repeat. `decision` is the last of them.
    `before` is the gap before the change.
    """

    before: float
    estimate: Array
    low: Array
    high: Array
    decisions: tuple[str, ...]
    decision: str
    stopped: int | None


@dataclass(frozen=True, eq=False)
class PlannedSample:
    """How many people to ask in each group after a change: (2,), or None where no number is enough (see `note`)."""

    asked: NDArray[np.int64] | None
    note: str


def guard(
    before: ArrayLike,
    after: ArrayLike,
    *,
    planned: int | ArrayLike,
    favourable: bool = True,
    cumulative: bool = False,
    margin: float = 0.0,
    error: float = 0.05,
    least: int = 5,
) -> Guard:
    """An always-valid test that a change has not widened the gap between two groups, with its stop rule set before.

    before
        (2, 2): for each group (events, people asked) before the change. The first row is the group at risk of being
        left behind, the second the group it is compared with.
    after
        (looks, 2, 2): the same since the change, for each look what is new since the look before it; with
        `cumulative=True`, all since the change. A look may follow every single answer.
    planned
        How many people are to be asked in each group after the change: one number, or (2,). Fixed before the first
        look, as `planned_sample` works it out; it ends the watch and tunes the boundary. Looks after it are not
        judged.
    favourable
        True where an event is good (could get through), so the gap is the second group's share minus the first's;
        False where it is bad (gave up), so it is the first's minus the second's.
    margin
        A widening up to here is accepted: 0.02 for two points.
    error
        The probability of stopping although the gap has widened by no more than `margin`, however often one looks.
    least
        Events, and people without an event, that each group needs before and after; with fewer a look says
        "too few to say".

    Formula: D is the gap after minus the gap before, V its variance: the sum of p (1 - p) / n over both groups, before
    and after, with p = (x + 1/2) / (n + 1) so that no share counts as certain. The gap before is one draw that all
    looks share; D / V then still moves like a Brownian motion with drift in the information 1 / V, so the noise of
    `before` is in the test, and information never exceeds what `before` allows. The rule stops where D / V crosses
    one of two boundaries that share the error. Four fifths: the constant z sqrt(T), with T a tenth more than the
    information foreseen at the planned sample, which a Brownian motion reaches before T with probability
    2 (1 - Phi(z)). One fifth: a mixture of likelihood ratios over widenings |N(0, 1 / rho)|, which by Ville's
    inequality holds at any time, also where information outruns the plan; it finds large widenings early.

    Raises `ValueError` naming the argument and the entry where shapes do not fit, counts are missing, negative or not
    whole, events exceed people asked, or cumulative counts fall.
    Source: Robbins (1970), Annals of Mathematical Statistics 41, 1397-1409; Howard, Ramdas, McAuliffe and Sekhon
    (2021), Annals of Statistics 49, 1055-1080; Johari, Koomen, Pekelis and Walsh (2022), Operations Research 70,
    1806-1821; for the information scale and the constant boundary, Jennison and Turnbull (1999), Group sequential
    methods; for the 1/2, Price and Bonett (2004), Computational Statistics & Data Analysis 45, 449-456.
    """
    first = _counts(before, "before", 2)
    looks = _counts(after, "after", 3)
    totals = looks if cumulative else np.cumsum(looks, axis=0)
    if cumulative:
        steps = np.diff(looks, axis=0, prepend=0)
        wrong = (steps < 0) | (steps[..., :1] > steps[..., 1:])
        if wrong.any():
            row = int(np.argwhere(wrong)[0][0])
            raise ValueError(
                f"after: row {row} (counting from 0) does not contain the look before it; give growing totals, or what "
                "is new at each look with cumulative=False"
            )
    target = _planned(planned)
    level, shift = share(error, "error", example=0.05), float(numbers(margin, "margin", ndim=0, least=0, most=1))
    needed = whole(least, "least", least=1)

    gap, noise, enough_before = _gap(first, favourable, needed)
    gaps, noises, enough = _gap(totals, favourable, needed)
    known = enough & enough_before
    estimate = np.where(known, gaps - gap, np.nan)
    information = 1 / (noises + noise)
    reach = boundary(information, _information_planned(first, target, noise), level) / information
    low, high = estimate - reach, estimate + reach
    reached = np.asarray((totals[..., 1] >= target).all(axis=-1))
    decisions, stopped = _judge(known, low > shift, reached)
    return Guard(float(gap), estimate, low, high, decisions, decisions[-1] if decisions else TOO_FEW, stopped)


def planned_sample(
    widening: float,
    before: ArrayLike,
    *,
    power: float = 0.8,
    ratio: float = 1.0,
    favourable: bool = True,
    margin: float = 0.0,
    error: float = 0.05,
) -> PlannedSample:
    """How many people to ask in each group after a change, to find a widening with probability `power`.

    widening
        The widening of the gap that must not be missed, from 0 to 1 (0.1 for ten points), above `margin`. It is taken
        to come from the first group's share; the second's stays as it was.
    before
        (2, 2), as in `guard`: its noise is part of the test, so too small a `before` cannot be made up for later.
    ratio
        People asked in the second group for each one in the first.

    The number is such that the rule stops at the planned end itself with probability `power`; looks before it can
    only add to that. Formula: (widening - margin) sqrt(I) = u(I) / sqrt(I) + z, with I the information at the planned
    end, u the boundary of `guard` and z the normal quantile of `power`. However many are asked after, I stays below
    1 / V of the gap before; where that is too little, `asked` is None and `note` says so.
    Raises `ValueError` naming the argument.
    """
    from scipy.special import ndtri

    first = _counts(before, "before", 2)
    wanted = float(numbers(widening, "widening", ndim=0, least=0, most=1))
    shift = float(numbers(margin, "margin", ndim=0, least=0, most=1))
    level, found, second = share(error, "error", example=0.05), share(power, "power", example=0.8), float(ratio)
    if wanted <= shift:
        raise ValueError(f"widening: expected more than the margin of {shift:g}, found {wanted:g}")
    if not (np.isfinite(second) and second > 0):
        raise ValueError(f"ratio: expected a finite number above 0, found {ratio}")
    if (first[:, 1] == 0).any():
        return PlannedSample(None, "nobody was asked before in one of the groups")
    noise = float(_gap(first, favourable, 1)[1])
    p = (first[:, 0] + 0.5) / (first[:, 1] + 1)
    p[0] = np.clip(p[0] + (-wanted if favourable else wanted), 0.0, 1.0)
    # What a widened share makes of the variance is not known beforehand: the larger of both is planned for.
    spread = np.maximum(p * (1 - p), _spread(first))
    z = float(ndtri(found))

    def enough(n: float) -> bool:
        asked = np.array([n, second * n])
        information = 1 / (noise + (spread / asked).sum())
        u = float(boundary(np.array(information), _information_planned(first, asked, noise), level))
        return bool((wanted - shift) * np.sqrt(information) >= u / np.sqrt(information) + z)

    most = 1e9
    if not enough(most):
        return PlannedSample(
            None, "the gap before is known too roughly: no number asked after it is enough; ask more people before"
        )
    low, high = 0.5, most
    while high - low > 0.25:
        middle = np.sqrt(low * high)
        low, high = (low, middle) if enough(middle) else (middle, high)
    each = np.ceil(high)
    return PlannedSample(np.array([each, np.ceil(second * each)], dtype=np.int64), "")


def _spread(counts: Array) -> Array:
    """p (1 - p) of each group, with p = (x + 1/2) / (n + 1)."""
    p = (counts[..., 0] + 0.5) / (counts[..., 1] + 1)
    return np.asarray(p * (1 - p))


def _gap(counts: Array, favourable: bool, least: int) -> tuple[Array, Array, NDArray[np.bool_]]:
    """The gap, its variance, and whether both groups have enough; over the last two axes (groups, counts)."""
    events, asked = counts[..., 0], counts[..., 1]
    rate = events / np.where(asked > 0, asked, np.nan)
    gap = rate[..., 1] - rate[..., 0] if favourable else rate[..., 0] - rate[..., 1]
    variance = (_spread(counts) / np.maximum(asked, 0.5)).sum(axis=-1)
    enough = np.asarray((np.minimum(events, asked - events) >= least).all(axis=-1))
    return np.asarray(gap), np.asarray(variance), enough


def _information_planned(before: Array, target: Array, noise: Array | float) -> float:
    """The information at the planned sample, as foreseen from the shares before."""
    return float(1 / (noise + (_spread(before) / target).sum()))


def _judge(
    known: NDArray[np.bool_], crossed: NDArray[np.bool_], reached: NDArray[np.bool_]
) -> tuple[tuple[str, ...], int | None]:
    """One text for each look, and the look at which the rule stopped."""
    decisions: list[str] = []
    stopped: int | None = None
    for look in range(known.size):
        if stopped is not None:
            decisions.append(decisions[-1])
            continue
        if not known[look]:
            decisions.append(TOO_FEW)
        elif crossed[look]:
            decisions.append(WIDENED)
        else:
            decisions.append(NOTHING_FOUND if reached[look] else CARRY_ON)
        if decisions[-1] in (WIDENED, NOTHING_FOUND) or reached[look]:
            stopped = look
    return tuple(decisions), stopped


def _counts(given: ArrayLike, name: str, ndim: int) -> Array:
    """(…, 2, 2) whole counts: groups, then events and people asked."""
    table = numbers(given, name, ndim=(2, ndim), what="a count", least=0)
    if table.shape[-2:] != (2, 2):
        expected = "(2, 2)" if ndim == 2 else "(looks, 2, 2)"
        raise ValueError(f"{name}: expected {expected}, two groups of (events, asked), found shape {table.shape}")
    if (table != np.floor(table)).any():
        place = tuple(int(p) for p in np.argwhere(table != np.floor(table))[0])
        raise ValueError(f"{name}: {where(place)} is {table[place]:g}; give whole numbers of people")
    over = table[..., 0] > table[..., 1]
    if over.any():
        place = tuple(int(p) for p in np.argwhere(over)[0])
        raise ValueError(
            f"{name}: {where(place)} has more events than people asked; give (events, asked) in that order"
        )
    return table.reshape(-1, 2, 2) if ndim == 3 else table


def _planned(planned: int | ArrayLike) -> Array:
    target = numbers(planned, "planned", ndim=(0, 1), what="a number of people", least=1)
    if target.shape not in ((), (2,)):
        raise ValueError(f"planned: expected one number or one for each of two groups, found shape {target.shape}")
    return np.broadcast_to(target, (2,))

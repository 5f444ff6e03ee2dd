"""What was asked and found, and through which channels."""

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from inroads.methods.arguments import Array, length, numbers, where

Reach = Mapping[Hashable, Sequence[float]] | ArrayLike


@dataclass(frozen=True, eq=False)
class Conversations:
    """Numbers of people asked and found, (Z, C), 0 where nobody was asked or nothing was recorded.

    `digital` (C,) says which channels are digital; `None` where that is not known.
    """

    asked: Array
    found: Array
    digital: NDArray[np.bool_] | None

    def without_digital(self) -> "Conversations":
        """Only those through other channels."""
        assert self.digital is not None
        kept = ~self.digital
        return Conversations(self.asked[:, kept], self.found[:, kept], self.digital[kept])


def conversations(
    asked: ArrayLike,
    found: ArrayLike,
    neighbourhoods: int,
    channels: Sequence[Hashable] | str | None,
    digital: Sequence[Hashable] | str | None,
) -> Conversations:
    """`asked` and `found`, each (Z,) or (Z, C), checked against each other and against the names of the channels."""
    tables = []
    for given, name in ((asked, "asked"), (found, "found")):
        table = numbers(given, name, ndim=(1, 2), what="a number of people", least=0, missing=True)
        length(table, name, neighbourhoods, "neighbourhoods in risk")
        tables.append(table.reshape(neighbourhoods, -1) if table.size else table.reshape(neighbourhoods, _width(table)))
    people, yes = tables
    if people.shape != yes.shape:
        raise ValueError(f"found: has shape {yes.shape} where asked has {people.shape}; give both by the same channels")
    unheard = np.isnan(people) & (yes > 0)
    if unheard.any():
        place = _place(unheard, np.ndim(asked))
        raise ValueError(f"found: {place} counts people where asked is NaN; give how many were asked, or NaN in both")
    more = yes > people
    if more.any():
        place, at = _place(more, np.ndim(asked)), tuple(np.argwhere(more)[0])
        raise ValueError(
            f"found: {place} is {yes[at]:g} where {people[at]:g} were asked; give at most as many as were asked"
        )
    unknown = np.isnan(people) | np.isnan(yes)
    return Conversations(
        np.where(unknown, 0.0, people), np.where(unknown, 0.0, yes), _which(channels, digital, people.shape[1])
    )


def log_odds_ratios(reach: Reach, channels: Sequence[Hashable] | str | None, count: int) -> Array:
    """log(share of excluded people reached / share of others reached) for each of `count` channels.

    -inf for a channel that reaches none who are excluded, +inf for one that reaches nobody else.
    """
    if isinstance(reach, Mapping):
        names = _names(channels)
        if names is None:
            raise ValueError("reach: is by name of channel, but channels has no names; give channels too")
        for name in reach:
            if name not in names:
                raise ValueError(f"reach: {name!r} is not one of channels; give each channel under its own name")
        for name in names:
            if name not in reach:
                raise ValueError(f"reach: has nothing for channel {name!r}; give the two shares it can reach")
        reach = [reach[name] for name in names]
    table = numbers(reach, "reach", ndim=2, what="a share of people", least=0, most=1)
    if table.shape != (count, 2):
        raise ValueError(
            f"reach: expected two shares for each of {count} channels (of people who are excluded, of everybody else), "
            f"found an array of shape {table.shape}"
        )
    nobody = ~table.any(axis=1)
    if nobody.any():
        raise ValueError(
            f"reach: {where((int(np.argmax(nobody)),))} reaches nobody; leave the channel out, or give a share above 0"
        )
    with np.errstate(divide="ignore"):
        ratios: Array = np.log(table[:, 0]) - np.log(table[:, 1])
    return ratios


def against_reach(heard: Conversations, ratios: Array, columns_given: int) -> None:
    """Refuses answers that the stated reach makes impossible."""
    for impossible, words in (
        ((ratios == -np.inf) & (heard.found > 0), "people who are excluded"),
        ((ratios == np.inf) & (heard.found < heard.asked), "people who are not excluded"),
    ):
        if impossible.any():
            raise ValueError(
                f"reach: a share of 0 says that a channel reaches no {words}, but "
                f"{_place(impossible, columns_given)} of found has some; give a share above 0"
            )


def _which(
    channels: Sequence[Hashable] | str | None, digital: Sequence[Hashable] | str | None, count: int
) -> NDArray[np.bool_] | None:
    names = _names(channels)
    if names is None:
        if digital is not None:
            raise ValueError("digital: names channels, but channels has no names; give channels too")
        return None
    if len(names) != count:
        raise ValueError(f"channels: has {len(names)} names where asked has {count} columns; give one for each column")
    if len(set(names)) != count:
        raise ValueError("channels: a name occurs twice; give each column its own name")
    if digital is None:
        return None
    chosen = [digital] if isinstance(digital, str) else list(digital)
    for name in chosen:
        if name not in names:
            raise ValueError(f"digital: {name!r} is not one of channels; give names from channels, or () for none")
    return np.array([name in chosen for name in names], dtype=np.bool_)


def _names(channels: Sequence[Hashable] | str | None) -> list[Hashable] | None:
    if channels is None:
        return None
    return [channels] if isinstance(channels, str) else list(channels)


def _width(table: Array) -> int:
    return table.shape[1] if table.ndim == 2 else 1


def _place(wrong: NDArray[np.bool_], ndim: int) -> str:
    return where(tuple(int(p) for p in np.argwhere(wrong)[0][:ndim]))

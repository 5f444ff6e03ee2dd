"""Somebody who has two releases of a system and a linear programme, and puts together all that splits the same people.

Each release counts those who spoke since the one before, so a person is in both only by saying something new. The
attacker knows that whoever spoke again was counted the other way before, how many were not counted before at all, and
that everybody's age stands in the records: so the age bands of an authority add up to all who spoke there.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from inroads.methods.disclosure.programme import Programme
from worlds.ics import World
from worlds.month import Month
from worlds.people import CHANNELS, COMMUNITIES, DIGITAL, Flags

Table = Mapping[str, NDArray]
Release = Mapping[str, Table]
Key = tuple[str, str]
Cell = tuple[str, float, float]
Part = dict[Key, Cell]
LIMIT = 7
WORDS = ("found", "other")
BANDS = {"0_15": 0, "16_24": 16, "25_44": 25, "45_64": 45, "65_74": 65, "75_plus": 75}


@dataclass(frozen=True)
class Tried:
    """How many small hidden counts were attacked, and those of which something within 1 to 7 was ruled out."""

    cells: int
    pinned: tuple[str, ...]


def true_cells(world: World, spoke: Flags) -> dict[Key, int]:
    """True counts of those who spoke, by row ("code", or "authority group") and cell, named as in released tables."""
    people = world.people
    counted = people.asked & people.here & spoke
    code = np.append(world.code, "")[people.neighbourhood]
    authority = np.append(world.authority, "")[people.neighbourhood]
    way = np.where(np.isin(CHANNELS, DIGITAL)[people.channel], "digital", "met")
    word = np.where(people.left_out, "found", "other")
    truth: dict[Key, int] = {}

    def add(names: NDArray, cells: NDArray) -> None:
        for name, cell in zip(names.tolist(), cells.tolist(), strict=True):
            truth[name, cell] = truth.get((name, cell), 0) + 1

    add(code[counted], np.char.add(np.char.add(way, "_"), word)[counted])
    youngest = list(BANDS.values())
    band = np.array(list(BANDS))[np.searchsorted(youngest, people.age, side="right") - 1]
    sides = {name: band == name for name in BANDS}
    sides |= {name: people.said_communities & people.communities[:, at] for at, name in enumerate(COMMUNITIES)}
    for group, inside in sides.items():
        chosen = counted & inside
        add(np.char.add(authority, f" {group}")[chosen], np.char.add("in_", word)[chosen])
    return truth


def attack(first: Release, second: Release, before: World, month: Month) -> Tried:
    """Attacks every small hidden count of both releases. Raises `ValueError` where they contradict each other."""
    everybody = np.ones(len(before.people), dtype=bool)
    truth = true_cells(before, everybody), true_cells(month.world, month.spoke)
    new = month.spoke.copy()
    new[month.changed] = False
    where = np.append(month.world.authority, "")[month.world.people.neighbourhood]
    tried, pinned = 0, []
    for authority in sorted({*before.authority.tolist(), ""}):
        programme, variables = _joined((first, second), authority, int((new & (where == authority)).sum()))
        for (at, key), (variable, state) in variables.items():
            if state == "suppressed" and 1 <= truth[at].get(key, 0) <= LIMIT:
                low, high = programme.ends(np.array([variable]))
                tried += 1
                if low > 1 + 1e-6 or high < LIMIT - 1e-6:
                    pinned.append(f"{key} of release {at + 1}: {low:.1f} to {high:.1f}, truly {truth[at][key]}")
    return Tried(tried, tuple(pinned))


def _parts(release: Release, authority: str, word: str) -> tuple[list[Part], list[Part]]:
    """What splits the people of a local authority of whom `word` holds, and what says of some of them only.

    By neighbourhood and way, and by age, are splits of everybody; of a community those in it are told, not the others.
    """
    own, groups = release["neighbourhoods"], release["groups"]
    rows = np.flatnonzero(own["authority"] == authority)
    parts = [
        {
            (str(own["code"][row]), f"{way}_{word}"): _cell(own, f"{way}_{word}", row)
            for row in rows
            for way in ("digital", "met")
        }
    ]
    ages: Part = {}
    some = []
    for row in np.flatnonzero(groups["authority"] == authority):
        group, name = str(groups["group"][row]), f"in_{word}"
        part = {(f"{authority} {group}", name): _cell(groups, name, row)}
        if group in BANDS:
            ages |= part
        else:
            some.append(part)
    return [*parts, ages], some


def _total(release: Release, authority: str, word: str) -> tuple[float, float]:
    totals = release["totals"]
    row = int(np.flatnonzero(totals["authority"] == authority)[0])
    return float(totals[f"{word}_low"][row]), float(totals[f"{word}_high"][row])


def _cell(table: Table, name: str, row: int) -> Cell:
    return str(table[f"{name}_state"][row]), float(table[f"{name}_low"][row]), float(table[f"{name}_high"][row])


def _joined(
    releases: tuple[Release, Release], authority: str, new: int
) -> tuple[Programme, dict[tuple[int, Key], tuple[int, str]]]:
    """Counts of both releases as variables with their states: what each says of them, and how they hang together."""
    programme, variables = Programme(), {}
    for at, release in enumerate(releases):
        for word in WORDS:
            total = programme.variables(1)
            programme.bound(int(total[0]), *_total(release, authority, word))
            whole, some = _parts(release, authority, word)
            for part in (*whole, *some):
                names = programme.variables(len(part))
                for name, (key, (state, low, high)) in zip(names.tolist(), part.items(), strict=True):
                    programme.bound(name, low, high)
                    variables[at, key] = name, state
                # People who are in no community that is told of are so many as they like.
                least = 0.0 if part in whole else -np.inf
                programme.row(np.append(names, total), np.append(np.ones(len(part)), -1.0), least, 0.0)
    # Whoever is counted in the second release was counted in the first under the other word, or is new.
    places: dict[tuple[str, str, str], list[tuple[int, int]]] = {}
    for (at, (row, cell)), (name, _) in variables.items():
        side, _, word = cell.rpartition("_")
        whose = side if " " in row else ""
        place = row, whose, word if at else WORDS[1 - WORDS.index(word)]
        places.setdefault(place, []).append((at, name))
    came = programme.variables(len(places))
    for more, cells in zip(came.tolist(), places.values(), strict=True):
        programme.bound(more, 0, new)
        names = np.array([name for _, name in cells] + [more])
        programme.row(names, np.array([1.0 if at else -1.0 for at, _ in cells] + [-1.0]), -np.inf, 0.0)
    return programme, variables

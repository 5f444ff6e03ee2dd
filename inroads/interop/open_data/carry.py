"""Figures of the neighbourhoods of 2011 carried to those of 2021, weighted by population where areas were merged."""

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

FLAGS = {"U": "unchanged", "S": "split", "M": "merged", "X": "complex"}


@dataclass(frozen=True)
class Links:
    """The published lookup as rows: link l joins `codes11[row11[l]]` to the neighbourhood of 2021 in `row21[l]`.

    `change` (L,) is U (unchanged), S (a part of a split one), M (made by merging) or X (complex).
    """

    codes11: np.ndarray
    row11: np.ndarray
    row21: np.ndarray
    change: np.ndarray
    size: int

    def flags(self) -> list[str]:
        """How figures came to each neighbourhood of 2021: one of `FLAGS`, or "" where nothing leads to it."""
        found = np.full(self.size, "", dtype="<U9")
        for letter, word in FLAGS.items():
            found[self.row21[self.change == letter]] = word
        return found.tolist()

    def align(self, codes: np.ndarray, values: np.ndarray) -> np.ndarray:
        """(P,) values in the order of `codes11` from values in the order of `codes`; NaN where a code is missing."""
        order = np.argsort(codes)
        at = np.searchsorted(codes[order], self.codes11).clip(max=len(codes) - 1)
        rows = order[at]
        return np.where(codes[rows] == self.codes11, values[rows], np.nan)


def links(lookup: pa.Table, codes21: np.ndarray) -> Links:
    """Links from the lookup's columns lsoa11_code, lsoa21_code, change_code to sorted codes of 2021 (N,)."""
    old, new = (np.array(lookup[name].to_pylist(), dtype="<U9") for name in ("lsoa11_code", "lsoa21_code"))
    change = np.array(lookup["change_code"].to_pylist(), dtype="<U1")
    at = np.searchsorted(codes21, new).clip(max=len(codes21) - 1)
    held = codes21[at] == new
    codes11, row11 = np.unique(old[held], return_inverse=True)
    return Links(codes11, row11, at[held], change[held], len(codes21))


def rates(values: np.ndarray, through: Links, population11: np.ndarray | None) -> np.ndarray:
    """(N,) rates, scores or shares of 2021 from (P,) of 2011.

    Unchanged neighbourhoods keep their value and parts of split ones take their parent's. Merged and complex ones
    take the mean of the areas linked to them weighted by `population11` (P,); without it they stay unknown (NaN),
    as does every mean that an unknown value enters.
    """
    linked = np.bincount(through.row21, minlength=through.size)
    single = linked[through.row21] == 1
    carried = np.full(through.size, np.nan)
    carried[through.row21[single]] = values[through.row11[single]]
    if population11 is not None and not single.all():
        to, come = through.row21[~single], through.row11[~single]
        weight = np.bincount(to, weights=population11[come], minlength=through.size)
        total = np.bincount(to, weights=population11[come] * values[come], minlength=through.size)
        with np.errstate(invalid="ignore", divide="ignore"):
            carried[linked > 1] = (total / weight)[linked > 1]
    return carried


def counts(values: np.ndarray, through: Links, population21: np.ndarray) -> np.ndarray:
    """(N,) counts of 2021 from (P,) of 2011: each count is shared among its parts by their population (N,) of 2021.

    The sum over all areas stays what it was.
    """
    weight = population21[through.row21]
    whole = np.bincount(through.row11, weights=weight, minlength=len(through.codes11))
    with np.errstate(invalid="ignore", divide="ignore"):
        share = weight / whole[through.row11]
    carried = np.bincount(through.row21, weights=share * values[through.row11], minlength=through.size)
    carried[np.bincount(through.row21, minlength=through.size) == 0] = np.nan
    return carried


def said(through: Links, *, weighted: bool) -> str:
    """What the carrying did, in one sentence."""
    flags = np.array(through.flags())
    number = {word: int((flags == word).sum()) for word in FLAGS.values()}
    mean = (
        "take the mean weighted by population in the middle of 2020"
        if weighted
        else "stay unknown, because the population of 2020 is not loaded"
    )
    return (
        f"Figures of neighbourhoods of 2011 were carried to those of 2021: {number['unchanged']:,} unchanged, "
        f"{number['split']:,} parts of split ones take their parent's value, {number['merged']:,} merged and "
        f"{number['complex']:,} complex ones {mean}."
    )

"""Codes of areas in a file: their form and kind, and whether the other files that list the same areas list them too."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from inroads.interop.open_data.problems import FileError, shown
from inroads.interop.open_data.recognise import place
from inroads.reference.definitions.figures import Source

# How codes of the statistics offices begin, after which six digits follow, and what to call what they stand for.
_STATISTICAL = {
    "lsoa11": ("E01 W01 S01", "neighbourhoods of 2011 (LSOA 2011)"),
    "lsoa21": ("E01 W01", "neighbourhoods of 2021 (LSOA 2021)"),
    "msoa11": ("E02 W02 S02", "middle layer areas of 2011"),
    "msoa21": ("E02 W02", "middle layer areas of 2021"),
    "ward24": ("E05 W05", "wards of 2024"),
    "icb22": ("E54", "integrated care boards of 2022"),
    "icb24": ("E54", "integrated care boards of 2024"),
    "sicbl22": ("E38", "sub-ICB locations of 2022"),
    "sicbl24": ("E38", "sub-ICB locations of 2024"),
    "ltla": ("E06 E07 E08 E09 W06", "local authorities"),
    "ltla22": ("E06 E07 E08 E09 W06", "local authorities of 2022"),
    "ltla24": ("E06 E07 E08 E09 W06 S12 N09", "local authorities of 2024"),
    "utla23": ("E06 E08 E09 E10 W06", "counties and other upper-tier authorities of 2023"),
    "region": ("E12 W92", "regions"),
    "nhs_region": ("E40", "NHS regions"),
}
# Other codes by their whole form, how that is said, and what they stand for.
_OTHER = {
    "icb_ods": (r"Q[0-9A-Z]{2}", "Q and two characters", "integrated care boards (codes of the NHS)"),
    "sicbl_ods": (r"[0-9A-Z]{3}|[0-9A-Z]{5}", "three or five characters", "sub-ICB locations (codes of the NHS)"),
    "nhs_region_ods": (r"[WY][0-9]{2}", "Y and two digits", "NHS regions (codes of the NHS)"),
    "nhs_region_if_any": (r"(E40[0-9]{6})?", "E40 and six digits, or nothing", "NHS regions"),
    "trust": (r"[A-Z][0-9A-Z]{2}", "three characters", "NHS trusts"),
    "change": (r"[USMX]", "U, S, M or X", "marks of a change"),
}
# Kinds of one edition: every whole file has the same codes of them, so that files can be compared.
_COMPARED = (
    "lsoa11", "lsoa21", "msoa11", "msoa21", "icb22", "icb24", "sicbl22", "sicbl24", "ltla22", "ltla24", "icb_ods",
    "sicbl_ods", "ward24",
)  # fmt: skip
_NATIONS = {"E": "England", "W": "Wales", "S": "Scotland", "N": "Northern Ireland"}
KINDS = frozenset((*_STATISTICAL, *_OTHER))
_FOUND_TOO, _ALONE = "Codes are in other loaded files too: ", "Of these codes only the form was checked: "
COMPARED_BY = (_FOUND_TOO, _ALONE)  # how sentences begin that depend on what else is loaded


class File(NamedTuple):
    """A file as it was read, for a sentence about it."""

    source: Source
    table: pa.Table
    path: Path

    def at(self, row: int, column: str) -> str:
        return f"{self.path}: {place(self.source, self.table, row)}, column '{column}'"


def called(kind: str) -> str:
    """What the codes of a kind stand for, in words."""
    return _STATISTICAL[kind][1] if kind in _STATISTICAL else _OTHER[kind][2]


def coded(source: Source) -> dict[str, str]:
    """The columns of a source that hold codes, each with its kind."""
    return ({source.key[0]: source.geography} if source.geography else {}) | source.codes


def look_right(file: File) -> list[str]:
    """Every code has the form of its kind and the nation of its row, said in words. Raises `FileError`."""
    table, columns = file.table, coded(file.source)
    for name, kind in columns.items():
        form, words = _form(kind, file.source.nations)
        wrong = pc.invert(pc.match_substring_regex(table[name], f"^({form})$"))
        _refuse(wrong, file, name, f"a code of {called(kind)}, {words}")
    statistical = [name for name, kind in columns.items() if kind in _STATISTICAL]
    for name in statistical[1:]:
        own, first = (pc.utf8_slice_codeunits(table[each], 0, 1) for each in (name, statistical[0]))
        _refuse(pc.not_equal(own, first), file, name, f"one of the nation of '{statistical[0]}'")
    if not columns:
        return []
    return [f"Codes in {len(columns)} column{'s' if len(columns) > 1 else ''} have the form of their kind."]


def _form(kind: str, nations: Sequence[str]) -> tuple[str, str]:
    """A regular expression for the codes of a kind in some nations, and the same in words."""
    if kind in _OTHER:
        return _OTHER[kind][:2]
    starts = [start for start in _STATISTICAL[kind][0].split() if start[0] in nations]
    return f"({'|'.join(starts)})[0-9]{{6}}", f"{' or '.join(starts)} and six digits"


def _refuse(wrong: pa.ChunkedArray, file: File, name: str, expected: str) -> None:
    if not pc.any(wrong).as_py():
        return
    at = int(np.flatnonzero(wrong.to_numpy())[0])
    value = file.table[name][at].as_py()
    raise FileError(
        f"{file.at(at, name)}: found {shown(value) if value else 'an empty cell'}, "
        f"expected {expected}: check that the columns have not been shifted, or download the file again."
    )


@dataclass(frozen=True)
class Listing:
    """The codes of one kind that a file lists in a column; `table` names the file apart, `held` says it was there."""

    table: str
    file: str
    column: str
    kind: str
    codes: Mapping[str, frozenset[str]]  # by nation; those of the NHS are of England
    whole: bool
    held: bool


def listings(source: Source, table: pa.Table, *, name: str, file: str, held: bool) -> list[Listing]:
    """What a file lists of kinds that can be compared. A file with all rows that were published lists all there are."""
    found = []
    for column, kind in coded(source).items():
        if kind in _COMPARED:
            distinct = pc.unique(table[column]).to_pylist()
            nations = source.nations if kind in _STATISTICAL else ("E",)
            codes = {
                nation: frozenset(code for code in distinct if kind in _OTHER or code.startswith(nation))
                for nation in nations
            }
            codes = {nation: some for nation, some in codes.items() if some}
            found.append(Listing(name, file, column, kind, codes, table.num_rows == source.rows, held))
    return found


class Register:
    """What all files together list, by kind and nation: a code is known where more than half of whole files list it.

    Where just half of them do, those that were loaded before decide; if none was, nobody can say which files are right
    and each is told that it differs.
    """

    def __init__(self, listed: Iterable[Listing]) -> None:
        self._whole: dict[tuple[str, str], list[Listing]] = {}
        for listing in listed:
            for nation in listing.codes if listing.whole else ():
                self._whole.setdefault((listing.kind, nation), []).append(listing)
        self._known = {(kind, nation): _agreed(found, nation) for (kind, nation), found in self._whole.items()}

    def compare(self, own: Sequence[Listing], file: File) -> list[str]:
        """The codes of a file (`own`) against those of the others, said in words. Raises `FileError`."""
        also, alone = [], []
        for listing in own:
            for nation in listing.codes:
                others = [each for each in self._whole.get((listing.kind, nation), []) if each.table != listing.table]
                several = len(file.source.nations) > 1 and listing.kind in _STATISTICAL
                words = f"{called(listing.kind)}{f' in {_NATIONS[nation]}' if several else ''}"
                if others:
                    self._check(listing, nation, others, file)
                    also.append(f"{words} in {len(others)}")
                else:
                    alone.append(words)
        compared = {listing.kind for listing in own}
        alone += [called(kind) for kind in coded(file.source).values() if kind not in compared]
        said = [f"{_FOUND_TOO}{'; '.join(also)}."] if also else []
        return said + ([f"{_ALONE}{'; '.join(dict.fromkeys(alone))}."] if alone else [])

    def _check(self, own: Listing, nation: str, others: list[Listing], file: File) -> None:
        known = self._known[own.kind, nation]
        strange = own.codes[nation] - known
        missing = known - own.codes[nation] if own.whole else frozenset[str]()
        lost = f"'{min(missing)}'{_more(missing)} is missing" if missing else ""
        if lost and not strange:
            raise FileError(
                f"{file.path}: column '{own.column}': {lost}, expected all {called(own.kind)} as in {_files(others)}: "
                "compare with the publisher's file, or download it again."
            )
        if strange:
            at = int(np.flatnonzero(pc.is_in(file.table[own.column], value_set=pa.array(strange)).to_numpy())[0])
            found = file.table[own.column][at].as_py()
            raise FileError(
                f"{file.at(at, own.column)}: found {shown(found)}{_more(strange)}, "
                f"expected codes of {called(own.kind)}; {self._why(own.kind, found, others, lost)}."
            )

    def _why(self, kind: str, found: str, others: list[Listing], lost: str) -> str:
        other = next((name for (name, _), codes in self._known.items() if name != kind and found in codes), None)
        if other:
            return (
                f"it belongs to {called(other)}, so this may be a file of another vintage: choose the file for this "
                "geography"
            )
        beside = f", and {lost}" if lost else ""
        again = "one of the two is wrong: download both again" if len(others) == 1 else "download this file again"
        return f"it is not in {_files(others)}{beside}: {again}"


def _agreed(found: list[Listing], nation: str) -> frozenset[str]:
    first, *others = (listing.codes[nation] for listing in found)
    if all(codes == first for codes in others):
        return first
    counted = Counter(code for listing in found for code in listing.codes[nation])
    before = [listing.codes[nation] for listing in found if listing.held]
    half = len(found) / 2
    return frozenset(
        code
        for code, number in counted.items()
        if number > half or (number == half and 2 * sum(code in codes for codes in before) > len(before))
    )


def _more(codes: frozenset[str]) -> str:
    return f" (and {len(codes) - 1:,} more)" if len(codes) > 1 else ""


def _files(others: list[Listing]) -> str:
    """The files that were compared with: one by name, several by their number and one name."""
    return others[0].file if len(others) == 1 else f"{len(others)} other files (such as {others[0].file})"

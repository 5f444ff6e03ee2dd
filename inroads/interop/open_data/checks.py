"""What must hold in a file that has been read: keys once, totals that agree, rows as published, one vintage."""

from collections.abc import Mapping, Set
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from inroads.interop.open_data.problems import FileError, shown
from inroads.interop.open_data.recognise import LINE
from inroads.reference.definitions.figures import Source

# Where the codes of a geography are listed, how they look, and what to call them.
LISTED_IN: dict[str, tuple[tuple[str, str], ...]] = {
    "lsoa11": (("lsoa11_lsoa21", "lsoa11_code"),),
    "lsoa21": (("lsoa11_lsoa21", "lsoa21_code"), ("lsoa21_ltla24", "lsoa21_code"), ("lsoa21_icb24", "lsoa21_code")),
    "msoa11": (("lsoa11_msoa11", "msoa11_code"),),
    "icb22": (("icb22_icb24", "icb22_code"),),
    "icb24": (("lsoa21_icb24", "icb24_code"),),
    "ltla24": (("lsoa21_ltla24", "ltla24_code"),),
    "sicbl22": (("lsoa11_icb22", "sicbl22_code"),),
}
LOOKS = {
    "lsoa11": r"^[EW]01\d{6}$",
    "lsoa21": r"^[EW]01\d{6}$",
    "msoa11": r"^[EW]02\d{6}$",
    "icb22": r"^E54\d{6}$",
    "icb24": r"^E54\d{6}$",
    "ltla24": r"^([EW]0[6-9]|S12|N09)\d{6}$",
    "sicbl22": r"^E38\d{6}$",
}
CALLED = {
    "lsoa11": "neighbourhoods of 2011 (LSOA 2011)",
    "lsoa21": "neighbourhoods of 2021 (LSOA 2021)",
    "msoa11": "middle layer areas of 2011",
    "icb22": "integrated care boards of 2022",
    "icb24": "integrated care boards of 2024",
    "ltla24": "local authorities of 2024",
    "sicbl22": "sub-ICB locations of 2022",
}


def within(source: Source, table: pa.Table, path: Path) -> list[str]:
    """Checks of a file by itself, said in words as they pass. Raises `FileError`."""
    passed = [f"All {len(source.columns)} columns are there." if len(source.columns) > 1 else "Its column is there."]
    if source.numbers:
        count = sum(len(numbers.columns) for numbers in source.numbers)
        passed.append(f"Numbers in {count} column{'s' if count > 1 else ''} are within their limits.")
    if source.geography:
        _codes_look_right(source, table, path)
    if source.key:
        passed.append(_no_duplicates(source, table, path))
    for total in source.totals:
        parts = sum(table[name].to_numpy() for name in total.parts)
        wrong = np.abs(table[total.column].to_numpy() - parts) > total.tolerance
        if wrong.any():
            at = int(np.flatnonzero(wrong)[0])
            found = table[total.column][at].as_py()
            raise FileError(
                f"{path}: {_at(source, table, at)}, column '{total.column}': found {found:,.10g}, expected "
                f"{parts[at]:,.10g}, the sum of its {len(total.parts)} parts: compare with the publisher's file."
            )
        passed.append(f"'{total.column}' is the sum of its {len(total.parts)} parts in every row.")
    return passed


def rows_as_published(source: Source, table_rows: int, path: Path) -> list[str]:
    """The row count against the published one. Raises `FileError`."""
    if source.rows is None:
        return []
    if table_rows != source.rows:
        raise FileError(
            f"{path}: {table_rows:,} rows, expected {source.rows:,} as published for '{source.title}': "
            "the file may be cut short, filtered or of another year; download the whole file again."
        )
    return [f"{table_rows:,} rows, as published."]


def codes_exist(source: Source, table: pa.Table, known: Mapping[str, Set[str]], path: Path) -> list[str]:
    """Every code is listed for the geography of its source. Raises `FileError`.

    `known` holds the listed codes by geography; only codes of nations that the list covers are compared.
    """
    listed = known.get(source.geography)
    if not source.geography:
        return []
    if not listed:
        return ["Codes look right; they were not compared with a lookup, because none is loaded."]
    nations = {code[0] for code in listed}
    values = table[source.key[0]].to_pylist()
    wrong = [at for at, code in enumerate(values) if code not in listed and code[0] in nations]
    if wrong:
        at = wrong[0]
        other = next(
            (CALLED[name] for name, found in known.items() if name != source.geography and values[at] in found), ""
        )
        hint = (
            f"it belongs to {other}, so this may be a file of another vintage" if other else "it is not in the lookup"
        )
        more = f" ({len(wrong) - 1:,} more like it)" if len(wrong) > 1 else ""
        raise FileError(
            f"{path}: {_at(source, table, at)}, column '{source.key[0]}': found {shown(values[at])}{more}, expected "
            f"codes of {CALLED[source.geography]}; {hint}: choose the file for this geography."
        )
    return [f"Every code is one of the {CALLED[source.geography]}."]


def _codes_look_right(source: Source, table: pa.Table, path: Path) -> None:
    column = table[source.key[0]]
    wrong = pc.invert(pc.match_substring_regex(column, LOOKS[source.geography])).to_numpy()
    if wrong.any():
        at = int(np.flatnonzero(wrong)[0])
        found = shown(column[at].as_py())
        raise FileError(
            f"{path}: {_at(source, table, at)}, column '{source.key[0]}': found {found}, expected a code of "
            f"{CALLED[source.geography]}: check that the columns have not been shifted."
        )


def _no_duplicates(source: Source, table: pa.Table, path: Path) -> str:
    keys = table.select(source.key).append_column("row", pa.array(np.arange(table.num_rows)))
    counted = keys.group_by(list(source.key)).aggregate([("row", "count"), ("row", "max"), ("row", "min")])
    twice = counted.filter(pc.greater(counted["row_count"], 1))
    if twice.num_rows:
        first = twice.sort_by("row_max").slice(0, 1).to_pylist()[0]
        value = ", ".join(str(first[name]) for name in source.key)
        here, before = (_at(source, table, first[name]) for name in ("row_max", "row_min"))
        raise FileError(
            f"{path}: {here}, column '{source.key[0]}': {shown(value)} stands already in "
            f"{before}, expected each once: remove the duplicate or download the file again."
        )
    return "No row stands twice."


def _at(source: Source, table: pa.Table, row: int) -> str:
    """A row as a reader of the file finds it, counted from 1; tables kept from before lines were noted have none."""
    boundaries = source.format == "boundaries"
    found = table[LINE][row].as_py() if LINE in table.column_names else row + (1 if boundaries else 2)
    return f"{'feature' if boundaries else 'row'} {found}"

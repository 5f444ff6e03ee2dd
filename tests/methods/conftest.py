"""What tests of methods share: tables of the publishers' own files."""

import csv
import gzip
import os
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest


@pytest.fixture(scope="session")
def published_columns() -> Callable[[str], dict[str, list[str]]]:
    """A published table by column name; skips where the publishers' files are not at hand."""
    repository = Path(__file__).resolve().parents[2]
    folder = Path(os.environ.get("INROADS_PUBLISHED_DATA") or repository.parent / "shared" / "data")

    def read(name: str) -> dict[str, list[str]]:
        path = folder / name
        if not path.is_file():
            pytest.skip(f"needs the published file {name}; set INROADS_PUBLISHED_DATA to the folder that holds it")
        with gzip.open(path, "rt", encoding="utf-8-sig", newline="") as lines:
            heading, *rows = csv.reader(lines)
        return dict(zip(heading, map(list, zip(*rows, strict=True)), strict=True))

    return read


@pytest.fixture(scope="session")
def deri(published_columns) -> dict[str, np.ndarray]:
    """The Digital Exclusion Risk Index v1.6: codes, three components and the score of 32,844 neighbourhoods."""
    table = published_columns("deri/deri_v1_6_england_lsoa11_nation_level.csv.gz")
    components = ("broadband", "demography", "deprivation")
    return {
        "code": np.array(table["lsoa11_code"]),
        "components": np.column_stack([np.array(table[f"{c}_comp_national"], dtype=float) for c in components]),
        "score": np.array(table["deri_score_national"], dtype=float),
    }

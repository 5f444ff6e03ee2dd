"""Small files in the publishers' shapes, and the publishers' own files where they are at hand."""

from collections.abc import Callable
from pathlib import Path

import pytest

from inroads.analytics.published import Published, open_published

CODES = [f"E01{number:06d}" for number in range(1, 33_756)]
DISABILITY = "lsoa21_code,total_residents,Disabled under the Equality Act,Not disabled under the Equality Act"


def disability_rows() -> list[str]:
    return [DISABILITY, *(f"{code},1000,{at % 300 + 100},{900 - at % 300}" for at, code in enumerate(CODES))]


@pytest.fixture
def write(tmp_path: Path) -> Callable[..., Path]:
    """Write lines to a file under the test's folder."""

    def _write(name: str, lines: list[str], encoding: str = "utf-8") -> Path:
        path = tmp_path / name
        path.write_text("\n".join(lines) + "\n", encoding=encoding)
        return path

    return _write


@pytest.fixture(scope="session")
def centroids(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Every neighbourhood: without a file that names them no load is taken."""
    lines = ["LSOA21CD,easting,northing", *(f"{code},{400000 + at}.5,{300000 + at}" for at, code in enumerate(CODES))]
    path = tmp_path_factory.mktemp("centroids") / "centroids.csv"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


@pytest.fixture(scope="session")
def loaded(national_store: Path) -> Published:
    published = open_published(national_store)
    assert published is not None
    return published

"""The examples in docs/methods run as written."""

import doctest
import re
from pathlib import Path

import pytest

import inroads.methods

ROOT = Path(__file__).resolve().parents[2]
PAGES = sorted((ROOT / "docs" / "methods").glob("*.md"))


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_examples_run_as_written(page):
    failed, attempted = doctest.testfile(str(page), module_relative=False, optionflags=doctest.NORMALIZE_WHITESPACE)
    assert attempted > 0, f"{page.name} shows no example"
    assert failed == 0


def test_every_module_has_its_page():
    modules = {path.name for path in (ROOT / "inroads" / "methods").iterdir() if (path / "__init__.py").is_file()}
    assert modules == set(inroads.methods.__all__)
    assert {f"{module}.md" for module in modules} <= {page.name for page in PAGES}


def test_the_example_of_the_readme_runs_as_written():
    text = (ROOT / "README.md").read_text()
    (example,) = re.findall(r"```python\n(.*?)```", text, flags=re.S)
    names: dict = {}
    exec(example, names)
    ranks = names["ranks"]
    assert (ranks.low <= ranks.high).all()
    assert ranks.low.min() == 1
    assert (names["seen"].low < names["seen"].mean).all()
    assert names["gap"].low < names["gap"].value < names["gap"].high

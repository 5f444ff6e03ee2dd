"""The house as it is meant to be: every room says what it is for, versions stand in pairs, licences fit."""

import ast
import json
import re
from importlib import metadata
from pathlib import Path

import pytest

from inroads.reference.definitions.wordings import words_to_change

ROOT = Path(__file__).resolve().parents[2]
ROOMS = sorted(path for path in (ROOT / "inroads").iterdir() if (path / "__init__.py").is_file())
# nhsuk-frontend-jinja: the nhsuk-frontend it was made for (the package's own compatibility table).
PAIR = {"0.10.2": "10.6.1"}


@pytest.mark.parametrize("room", ROOMS, ids=lambda room: room.name)
def test_every_room_says_what_it_is_for(room):
    for path in [room / "__init__.py", *room.rglob("*.py")]:
        if "migrations" in path.parts:
            continue
        assert ast.get_docstring(ast.parse(path.read_text())), f"{path.relative_to(ROOT)} has no docstring"


@pytest.mark.parametrize("room", ROOMS, ids=lambda room: room.name)
def test_public_functions_say_what_they_do(room):
    silent = []
    for path in room.rglob("*.py"):
        if "migrations" in path.parts:
            continue
        for node in ast.parse(path.read_text()).body:
            public = isinstance(node, ast.FunctionDef | ast.ClassDef) and not node.name.startswith("_")
            if public and not ast.get_docstring(node) and not _says_itself(node):
                silent.append(f"{path.relative_to(ROOT)}:{node.lineno} {node.name}")
    assert not silent, "\n".join(silent)


def _says_itself(node: ast.AST) -> bool:
    """Django's own classes (application configurations) need no words."""
    return isinstance(node, ast.ClassDef) and node.name.endswith("Config")


def test_no_room_is_called_utils():
    names = {path.stem for path in (ROOT / "inroads").rglob("*.py")} | {room.name for room in ROOMS}
    assert not names & {"utils", "util", "helpers", "helper", "common", "core", "misc"}


def test_the_nhs_components_and_their_templates_are_a_pair():
    package = json.loads((ROOT / "package.json").read_text())
    templates = metadata.version("nhsuk-frontend-jinja")
    assert package["dependencies"]["nhsuk-frontend"] == PAIR[templates]
    assert PAIR[templates] in (ROOT / "scripts" / "build_static.mjs").read_text()


def test_every_dependency_says_why_it_is_there():
    text = (ROOT / "pyproject.toml").read_text()
    listed = re.findall(r'^    "[A-Za-z][\w.\-\[\],]*[<>=!~][^"]*",(.*)$', text, flags=re.M)
    assert len(listed) >= 20
    assert all(re.match(r"\s*# \w.{3,}", why) for why in listed)
    package = json.loads((ROOT / "package.json").read_text())
    assert set(package["dependencies"]) | set(package["devDependencies"]) == set(package["whyDependencies"])


def test_nothing_that_the_product_needs_is_under_the_gpl():
    lock = (ROOT / "requirements" / "runtime.lock").read_text()
    bad = []
    for name in re.findall(r"^([a-z0-9][\w.\-]*)(?:\[[^\]]*\])?==", lock, flags=re.M):
        about = metadata.metadata(name)
        said = " ".join([about.get("License-Expression") or "", *(about.get_all("Classifier") or [])])
        # psycopg is LGPL: used as a library, unchanged, which its licence allows. What is offered under one of several
        # licences is taken under the one that allows as much.
        allows = re.search(r"Mozilla Public License|Lesser General Public", said)
        if not allows and re.search(r"(?<!L)(?<!Lesser )\bA?GPL|GNU (Affero )?General Public", said):
            bad.append(name)
    assert not bad


def test_lock_files_name_no_address():
    for path in [*ROOT.glob("requirements/*.lock"), *ROOT.glob("benchmarks/peers/*.lock"), ROOT / "package-lock.json"]:
        text = path.read_text()
        assert "--index" not in text
        assert '"resolved"' not in text


def test_every_word_of_the_glossary_stands_once():
    words = re.findall(r"^\| ([^|]+?) \|", (ROOT / "GLOSSARY.md").read_text(), flags=re.M)
    words = [word for word in words if word not in {"word", "---"}]
    assert len(words) == len(set(words)) > 30


def test_pages_speak_of_people_as_the_report_asks():
    found = []
    room = ROOT / "inroads"
    definitions = [each for each in (ROOT / "definitions").rglob("*.toml") if each.parent.name != "wordings"]
    for path in [*(each for kind in ("html", "py", "txt") for each in room.rglob(f"*.{kind}")), *definitions]:
        text = path.read_text()
        for each in words_to_change(text):
            line = text.count("\n", 0, each.start) + 1
            found.append(f"{path.relative_to(ROOT)}:{line}: {each.words}: say {each.wording.say}")
    assert not found, "\n".join(found)


def test_no_two_files_of_tests_share_a_name():
    names = [path.name for path in (ROOT / "tests").rglob("test_*.py")]
    assert sorted(names) == sorted(set(names))

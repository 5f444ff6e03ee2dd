"""`inroads directory load`: what it says, and that nothing changes where something is wrong."""

import json
from uuid import UUID

import pytest
from click.testing import CliRunner
from people_factories import make_place

from inroads.config import command_line, directory_commands
from inroads.directory.models import Feed, Pair, Service

pytestmark = pytest.mark.django_db
SERVICE = {"name": "Tea", "status": "active", "description": "<p>Tea for all who come along</p>"}


@pytest.fixture
def run(monkeypatch):
    """Runs a command in this process, on the database of the test."""
    monkeypatch.setattr(command_line, "_django", lambda: None)
    make_place("A place")
    return lambda *words: CliRunner().invoke(directory_commands.directory, [str(word) for word in words])


def listed(number, **more):
    return {**SERVICE, "id": str(UUID(int=number)), "organization": {"id": str(UUID(int=9)), "name": "Hub"}, **more}


def test_pages_in_a_folder_are_loaded_as_one_feed(run, tmp_path):
    for page in (1, 2):
        envelope = {"total_pages": 2, "page_number": page, "contents": [listed(page), listed(page + 2, name="")]}
        (tmp_path / f"page{page}.json").write_text(json.dumps(envelope))
    said = run("load", tmp_path, "--area", "e06000046", "--name", "A council", "--licence", "OGL", "--publish")
    assert said.exit_code == 0, said.output
    assert "4 read, 4 taken." in said.output
    assert "4 Descriptions made for web pages, now plain text" in said.output
    assert Service.objects.count() == 4
    assert Feed.objects.get().publish
    assert run("duplicates", "--area", "E06000046").exit_code == 0
    assert Pair.objects.exists()


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--area", "E06000046", "--name", "A", "--publish"), "Enter the licence"),
        (("--area", "E99", "--name", "A"), "no place or integrated care system has this code. Places: E06000046."),
        (("--area", "E06000046", "--name", " "), "Enter a name for the feed"),
    ],
)
def test_what_is_wrong_is_one_sentence_and_nothing_changes(run, tmp_path, options, said):
    (tmp_path / "feed.json").write_text(json.dumps([listed(1)]))
    ended = run("load", tmp_path / "feed.json", *options)
    assert ended.exit_code == 1
    assert said in ended.output
    assert not Service.objects.exists()
    missing = run("load", tmp_path / "nothing.json", *options)
    assert missing.exit_code == 1
    assert "cannot be read" in missing.output

"""Where a demonstration keeps everything: in its own file, or in the PostgreSQL that the environment names."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]
TELL = (
    "from inroads.config.settings import demonstration as d; found = d.DATABASES['default']; "
    "print(found['ENGINE'].split('.')[-1], found['NAME'], found.get('CONN_MAX_AGE'), found.get('CONN_HEALTH_CHECKS'))"
)


def _settings(address: str, folder: Path) -> subprocess.CompletedProcess:
    named = {"INROADS_DATABASE_URL": address, "INROADS_VAR": str(folder)}
    return subprocess.run(
        [sys.executable, "-c", TELL], cwd=ROOT, env={**os.environ, **named}, capture_output=True, text=True, check=False
    )


def test_without_a_word_it_is_the_embedded_one(tmp_path):
    assert _settings("", tmp_path).stdout.split()[:2] == ["sqlite3", str(tmp_path / "inroads.sqlite3")]


def test_a_named_postgresql_is_used_and_connections_are_kept(tmp_path):
    said = _settings("postgres://inroads:secret@127.0.0.1:54320/inroads", tmp_path).stdout.split()
    assert said == ["postgresql", "inroads", "600", "True"]


@pytest.mark.parametrize("address", ["mysql://a@b/c", "nonsense", "postgres://a@b", "postgres://a@b:port/c"])
def test_another_address_is_refused_in_words_and_its_password_is_not_said(address, tmp_path):
    done = _settings(address.replace("a@", "a:hidden@"), tmp_path)
    assert done.returncode != 0
    assert "Set it to postgres://user:password@host/name" in done.stderr.splitlines()[-1]
    assert "hidden" not in done.stderr.splitlines()[-1]


def test_the_server_says_in_one_sentence_that_it_cannot_reach_it(tmp_path):
    done = subprocess.run(
        [sys.executable, "-m", "inroads", "serve", "--var", str(tmp_path)],
        cwd=ROOT,
        env={**os.environ, "INROADS_DATABASE_URL": "postgres://inroads:hidden@127.0.0.1:1/inroads"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert "the database inroads on 127.0.0.1 cannot be opened" in done.stderr
    assert "make postgres" in done.stderr
    assert "hidden" not in done.stderr
    assert "Traceback" not in done.stderr

"""`inroads work`: says what it read and did, and says in words when there is nothing to read."""

import os
import subprocess
import sys


def run(folder, *arguments):
    environment = {key: value for key, value in os.environ.items() if not key.startswith(("DJANGO_", "INROADS_"))}
    environment.pop("DATABASE_URL", None)
    return subprocess.run(
        [sys.executable, "-m", "inroads", "--var", str(folder), *arguments],
        env=environment,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def test_where_there_is_no_database_it_says_so(tmp_path):
    done = run(tmp_path, "work", "--once")
    assert done.returncode == 1
    assert "there is no database here" in done.stderr
    assert "Traceback" not in done.stderr


def test_where_the_tables_are_missing_it_says_so(tmp_path):
    (tmp_path / "inroads.sqlite3").touch()
    done = run(tmp_path, "work", "--once")
    assert done.returncode == 1
    assert "what this needs cannot be read here" in done.stderr
    assert "Traceback" not in done.stderr


def test_once_it_does_what_is_due_and_ends(tmp_path):
    assert run(tmp_path, "manage", "migrate", "--verbosity", "0").returncode == 0
    done = run(tmp_path, "work", "--once")
    assert done.returncode == 0, done.stderr
    assert "tasks done. Read from SQLite database" in done.stdout
    assert run(tmp_path, "work", "--once").stdout.startswith("0 tasks done")

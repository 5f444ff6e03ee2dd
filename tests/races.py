"""`race`: several processes acting in the same moment on a real database, because threads would share one lock."""

import itertools
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings as django_settings
from taking_turns import one_at_a_time

START = """
import sys, django
django.setup()
from datetime import date
from django.utils import timezone
from inroads.accounts import actions, audit
from inroads.accounts.models import Membership, User
from inroads.reference.models import Organisation
from inroads.reference.organisations import add_organisation
"""
# Each says that it is ready and waits for the others, so that they really meet; one that waits in vain fails.
TOGETHER = """
import os, pathlib, time
from django.db import connection
connection.ensure_connection()
meeting, expected = pathlib.Path(os.environ["RACE_MEETING"]), int(os.environ["RACE_EXPECTED"])
(meeting / str(os.getpid())).touch()
latest = time.monotonic() + 90
while len(os.listdir(meeting)) < expected:
    assert time.monotonic() < latest, "the others never came"
    time.sleep(0.001)
"""
MIGRATE = "from django.core.management import call_command\ncall_command('migrate', verbosity=0, skip_checks=True)\n"
MIGRATE += "call_command('createcachetable', verbosity=0)\n"


@pytest.fixture
def race(tmp_path, shared_folder):
    """`race(code, [arguments, …])` runs the code once for each argument, all at once, on a database of its own."""
    database = dict(django_settings.DATABASES["default"])
    if database["ENGINE"].endswith("sqlite3"):
        database["NAME"] = str(tmp_path / "race.sqlite3")
    else:
        database["NAME"] = f"race_{os.getpid()}"
        _new_database(database)
    (tmp_path / "race_settings.py").write_text(
        f"from {os.environ['DJANGO_SETTINGS_MODULE']} import *\nDATABASES = {{'default': {_plain(database)!r}}}\n",
        encoding="utf-8",
    )
    places = [str(tmp_path), str(Path.cwd()), *filter(None, [os.environ.get("PYTHONPATH")])]
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "race_settings", "PYTHONPATH": os.pathsep.join(places)}

    runs = itertools.count()

    def run(code, arguments=("",)):
        meeting = tmp_path / f"meeting_{next(runs)}"
        meeting.mkdir()
        asked = {"RACE_MEETING": str(meeting), "RACE_EXPECTED": str(len(arguments))}
        processes = [
            subprocess.Popen(
                [sys.executable, "-c", START + code, argument],
                env={**environment, **asked},
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                text=True,
            )
            for argument in arguments
        ]
        try:
            ended = [process.communicate(timeout=150) for process in processes]
        finally:
            for process in processes:
                process.kill()
        for process, (_, errors) in zip(processes, ended, strict=True):
            assert process.returncode == 0, errors
        if TOGETHER in code:
            assert len(list(meeting.iterdir())) == len(arguments), "they did not meet"
        return [output.split() for output, _ in ended]

    if database["ENGINE"].endswith("sqlite3"):
        # Made once for all races: making the tables takes longer than any of them.
        made = shared_folder / "tables.sqlite3"
        with one_at_a_time(shared_folder / "tables.lock"):
            if not made.exists():
                run(MIGRATE)
                shutil.copy(database["NAME"], made)
        shutil.copy(made, database["NAME"])
    else:
        run(MIGRATE)
    return run


def _plain(database):
    wanted = ("ENGINE", "NAME", "USER", "PASSWORD", "HOST", "PORT", "OPTIONS")
    return {key: str(value) if key == "NAME" else value for key, value in database.items() if key in wanted}


def _new_database(database):
    import psycopg

    parameters = {"user": database["USER"], "password": database.get("PASSWORD") or None, "dbname": "postgres"}
    with psycopg.connect(host=database["HOST"], port=database["PORT"] or 5432, autocommit=True, **parameters) as link:
        link.execute(f'DROP DATABASE IF EXISTS "{database["NAME"]}"')
        link.execute(f'CREATE DATABASE "{database["NAME"]}"')

"""kill -9 in the middle of a conversation: no answer that was acknowledged is lost, and none is there twice.

On the embedded database always; on PostgreSQL where INROADS_TEST_DATABASE_URL names a server on which databases may be
made.
"""

import os
import random
import subprocess
import sys
import threading
from urllib.parse import urlsplit, urlunsplit
from uuid import uuid4

import browser as tools
import pytest

from benchmarks.signed_in import Session

pytestmark = pytest.mark.browser
ROUNDS = 5
SERVER = os.environ.get("INROADS_TEST_DATABASE_URL", "")
# Run on the same files after the server is dead: what is kept, and whether the trail is whole.
WHAT_IS_KEPT = """
import django; django.setup()
from inroads.accounts import audit
from inroads.people.models import Answer
print("whole" if audit.inspect().ok else "broken")
for answer in Answer.objects.exclude(words="").order_by("pk"): print(answer.words)
"""


def kept(var, database):
    """The words of all answers on the server's database, once its trail was found whole."""
    environment = tools.environment() | {
        "INROADS_VAR": str(var),
        "DJANGO_SETTINGS_MODULE": "inroads.config.settings.demonstration",
        **({"INROADS_DATABASE_URL": database} if database else {}),
    }
    ran = subprocess.run(
        [sys.executable, "-c", WHAT_IS_KEPT],
        cwd=tools.ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    )
    whole, *words = ran.stdout.splitlines()
    assert whole == "whole", "the audit trail does not fit what is kept"
    return words


def talk(address, said):
    """Answer the same questions over and over, each time in other words, until the server is gone."""
    session = Session(address, timeout=20).sign_in("practitioner@demonstration.example", tools.PASSWORD)
    person = next(
        part for part in session.get("/people/").text.split('"') if part.startswith("/people/") and len(part) > 40
    )
    day = dict(zip(("said_on_day", "said_on_month", "said_on_year"), ("1", "11", "2026"), strict=True))
    begun = {"kind": "triage", "channel": "in_person", "said_by": "person", **day}
    first = session.post(f"{person}conversations/begin/", begun)
    place = first.location
    assert "/ask/" in place
    while True:
        words = uuid4().hex
        fields = {"words": words, "go": "next"} | ({} if "/in_touch/" in place else {"answer": "a_bit"})
        try:
            answer = session.post(place, fields)
        except OSError:
            return
        except Exception:
            return
        assert answer.status == 302
        said.append(words)
        place = answer.location if "/ask/" in answer.location else first.location


def check(tmp_path, database=""):
    chance, said = random.Random(9), []
    for number in range(ROUNDS):
        server = tools.start(tmp_path / "var", extra_environment={"INROADS_DATABASE_URL": database} if database else {})
        before = len(said)
        talking = threading.Thread(target=talk, args=(server.address, said))
        talking.start()
        # After a few answers, at any moment of one.
        while talking.is_alive() and len(said) < before + 3:
            talking.join(0.01)
        talking.join(chance.uniform(0, 0.4))
        server.kill()
        talking.join(30)
        assert len(said) >= before + 3, f"round {number}: nothing was acknowledged"
        words = kept(server.var, database)
        assert set(said) <= set(words), "an acknowledged answer is lost"
        assert len(words) == len(set(words)), "an answer is there twice"
        # What was on its way when the power went may be there: one in each round at most.
        assert len(set(words) - set(said) - demonstration_words(words, said)) <= number + 1


def demonstration_words(words, said):
    """Words that the demonstration itself put there: those of people, with a space in them."""
    return {each for each in words if " " in each}


def test_on_the_embedded_database(tmp_path):
    check(tmp_path)


@pytest.mark.skipif(not SERVER.startswith("postgres"), reason="needs PostgreSQL: INROADS_TEST_DATABASE_URL")
def test_on_postgresql(tmp_path):
    import psycopg

    name = f"killed_{uuid4().hex[:8]}"
    parts = urlsplit(SERVER)
    with psycopg.connect(SERVER, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
    try:
        check(tmp_path, urlunsplit(parts._replace(path=f"/{name}")))
    finally:
        with psycopg.connect(SERVER, autocommit=True) as connection:
            connection.execute(f"DROP DATABASE {name} WITH (FORCE)")

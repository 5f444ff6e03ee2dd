"""The server is killed in the middle of a conversation, again and again: what was acknowledged is there, and once."""

import http.client
import os
import random
import re
import signal
import sqlite3
import subprocess
import sys
import threading
from collections import Counter
from contextlib import suppress
from datetime import date
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import browser as tools
import psycopg
import pytest

from benchmarks.people_pages import Reader

ROUNDS = 6
MARK = re.compile(r'name="typed_by" value="([^"]+)"')


def _postgresql() -> str | None:
    """The address of a PostgreSQL to try this on: the one of the tests, or the one that `make postgres` made."""
    named = os.environ.get("INROADS_TEST_DATABASE_URL")
    folder = tools.ROOT / "var" / "postgres"
    if named is None:
        with suppress(OSError):
            password, port = ((folder / name).read_text().strip() for name in ("password", "port"))
            named = f"postgres://inroads:{password}@127.0.0.1:{port}/inroads"
    if named is not None:
        with suppress(psycopg.OperationalError), psycopg.connect(named, connect_timeout=5):
            return named
    return None


@pytest.fixture(params=["sqlite", "postgresql"])
def ask_database(request, started_var, monkeypatch):
    """Answers a question in SQL from an empty database in which the server is to keep everything."""
    if request.param == "sqlite":
        monkeypatch.delenv("INROADS_DATABASE_URL", raising=False)

        def ask(question: str) -> list[tuple]:
            with sqlite3.connect(f"file:{started_var / 'inroads.sqlite3'}?mode=ro", uri=True, timeout=20) as database:
                return database.execute(question).fetchall()

        yield ask
        return
    server = _postgresql()
    if server is None:
        pytest.skip("needs PostgreSQL: `make postgres`, or INROADS_TEST_DATABASE_URL")
    name = f"killed_{os.getpid()}"
    address = urlunsplit(urlsplit(server)._replace(path=f"/{name}"))
    with psycopg.connect(server, autocommit=True) as maker:
        maker.execute(f"CREATE DATABASE {name}")
        try:
            monkeypatch.setenv("INROADS_DATABASE_URL", address)

            def ask(question: str) -> list[tuple]:
                with psycopg.connect(address) as database:
                    return database.execute(question).fetchall()

            yield ask
        finally:
            maker.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")


def _kill(server: tools.Server) -> None:
    """Everything the server consists of ends at once, without a chance to finish anything."""
    master = server.process.pid
    workers = Path(f"/proc/{master}/task/{master}/children").read_text().split()
    for each in (master, *map(int, workers)):
        os.kill(each, signal.SIGKILL)
    server.process.wait(10)


def _begin(reader: Reader) -> tuple[str, list[str]]:
    """A new person and a full conversation with them: its address, and its questions."""
    team = re.search(r'name="organisation"[^>]*value="([^"]+)"', reader.get("/people/add/")[2])[1]
    sent = {"full_name": "Sam Quay", "known_as": "Sam", "organisation": team, "neighbourhood": ""}
    assert reader.post("/people/add/", sent)[1] == 302
    person, today = reader.sent_to, date.today()
    sent = {"kind": "full", "present_words": "", "channel": "in_person", "said_by": "person"}
    sent |= {"said_on_day": str(today.day), "said_on_month": str(today.month), "said_on_year": str(today.year)}
    assert reader.post(f"{person}conversations/begin/", sent)[1] == 302
    address = reader.sent_to.partition("ask/")[0]
    topics = list(dict.fromkeys(re.findall(rf"{address}ask/([a-z_0-9]+)/", reader.get(address)[2])))
    return address, topics


def _say(reader: Reader, address: str, topic: str, words: str) -> bool:
    """Whether the server acknowledged this answer."""
    page = f"{address}ask/{topic}/"
    mark = MARK.search(reader.get(page)[2])[1]
    status = reader.post(page, {"typed_by": mark, "answer": "a_bit", "words": words, "go": "next"})[1]
    assert status == 302, status
    return True


def test_no_answer_that_was_acknowledged_is_lost_when_the_server_is_killed(ask_database, started_var):
    server = tools.start(started_var)
    try:
        reader = Reader(server.address, "practitioner@demonstration.example")
        address, topics = _begin(reader)
        assert topics
        chance = random.Random(20)
        acknowledged: list[str] = []
        under_way, number = "", 0
        for _ in range(ROUNDS):
            killer = threading.Timer(chance.uniform(0.1, 1.5), _kill, (server,))
            with suppress(OSError, http.client.HTTPException):
                while True:
                    if not under_way:
                        number += 1
                        under_way = f"Answer {number}, in my own words"
                    # What nobody acknowledged is sent once more after the restart, as a person would.
                    if _say(reader, address, topics[number % len(topics)], under_way):
                        acknowledged.append(under_way)
                        under_way = ""
                        if killer.ident is None:
                            killer.start()
            killer.join()
            server = tools.start(started_var, port=urlsplit(server.address).port)
            reader.connection.close()
            kept = Counter(
                words for (words,) in ask_database("SELECT words FROM people_answer WHERE words LIKE 'Answer %'")
            )
            assert not set(acknowledged) - set(kept)
            assert max(kept.values()) == 1
            # Beside them, at most the one that was on its way.
            assert set(kept) - set(acknowledged) <= {under_way}
        assert len(acknowledged) > ROUNDS
    finally:
        server.stop()
    told = subprocess.run(
        [sys.executable, "-m", "inroads", "--var", str(started_var), "audit", "verify"],
        cwd=tools.ROOT,
        env=tools.environment(),
        capture_output=True,
        text=True,
        check=False,
    )
    assert "The audit trail is whole" in told.stdout, told.stderr

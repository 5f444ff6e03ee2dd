"""Workers are killed in the middle of sending, again and again: in the end every message arrived exactly once."""

import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from contextlib import suppress
from pathlib import Path

import browser as tools
import fake_notify
import pytest

MESSAGES = 30
KILLS = 8
LEASE = 2.0
SETTINGS = """
from race_settings import *
JOBS_LEASE_SECONDS, JOBS_WAIT_SECONDS, JOBS_ATTEMPTS = {lease}, 0.1, 50
POST_HELD_SECONDS, POST_TIMEOUT_SECONDS, POST_EVERY_SECONDS = 4, 1, 1
POST_BACKENDS = {{"text": "{way}", "email": "{way}"}}
POST_DIR = {folder!r}
NOTIFY_URL, NOTIFY_API_KEY = "{address}", "{key}"
NOTIFY_TEXT_TEMPLATE, NOTIFY_EMAIL_TEMPLATE = "{text}", "{email}"
"""
WRITE = """
from inroads.jobs import schedule
from inroads.post.actions import send
from inroads.reference.models import Kind
from inroads.reference.organisations import england
team = Organisation.objects.filter(kind=Kind.ENGLAND).first()
team = team or add_organisation(kind=Kind.ENGLAND, name="England", parent=None)
for number in range(int(sys.argv[1])):
    way = ("text", "07700900982") if number % 2 else ("email", "robin@example.com")
    said = {"subject": "Hello", "body": f"Message {number}", "organisation": team}
    send(key=f"killed:{number}", channel=way[0], to=way[1], **said)
"""
READ = """
from inroads.post.models import Message
for each in Message.objects.order_by("key"):
    print(each.pk, each.state, each.tries)
"""
HOLDER = """
from inroads.jobs.models import Lease
for each in Lease.objects.all():
    print(each.worker.split(":")[1])
"""


class _Office:
    """Workers on one database, what has arrived so far, and what the outbox says."""

    def __init__(self, race, folder: Path, way: str) -> None:
        self.race, self.folder, self.way = race, folder, way
        self.notify = fake_notify.FakeNotify()
        self.notify.wait = 0.05
        self.workers: list[subprocess.Popen] = []
        self.log = (folder / "workers.txt").open("w")
        (folder / "killed_settings.py").write_text(
            SETTINGS.format(
                lease=LEASE,
                way=way,
                folder=str(folder / "post"),
                address=self.notify.address,
                key=fake_notify.API_KEY,
                text=fake_notify.TEXT_TEMPLATE,
                email=fake_notify.EMAIL_TEMPLATE,
            ),
            encoding="utf-8",
        )

    def start(self) -> subprocess.Popen:
        places = [str(self.folder), str(Path.cwd()), *filter(None, [os.environ.get("PYTHONPATH")])]
        environment = {
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "killed_settings",
            "PYTHONPATH": os.pathsep.join(places),
            "INROADS_VAR": str(self.folder),
        }
        environment.pop("DATABASE_URL", None)
        command = [sys.executable, "-m", "inroads", "work"]
        worker = subprocess.Popen(command, env=environment, stdout=self.log, stderr=subprocess.STDOUT)
        self.workers.append(worker)
        return worker

    def arrived(self) -> Counter:
        if self.way == "notify":
            return self.notify.times
        return Counter(path.stem for path in (self.folder / "post").glob("*.txt"))

    def wait_for(self, count: int, *, patience: float = 60) -> float:
        """Until so many have arrived; gives back how long that took."""
        began = time.monotonic()
        while len(self.arrived()) < count:
            assert time.monotonic() - began < patience, f"{len(self.arrived())} of {count} arrived: {self.said()}"
            assert any(worker.poll() is None for worker in self.workers), self.said()
            time.sleep(0.0005)
        return time.monotonic() - began

    def said(self) -> str:
        return (self.folder / "workers.txt").read_text()[-3000:]

    def kept(self) -> list[tuple[str, str, int]]:
        (words,) = self.race(READ)
        return [(words[each], words[each + 1], int(words[each + 2])) for each in range(0, len(words), 3)]

    def close(self) -> None:
        for worker in self.workers:
            worker.kill()
            worker.wait()
        self.log.close()
        self.notify.close()


@pytest.fixture(params=["file", "notify"])
def office(request, race, tmp_path):
    """An office with one way of sending, on the database of the tests."""
    opened = _Office(race, tmp_path, request.param)
    yield opened
    opened.close()


def test_whenever_workers_are_killed_every_message_arrives_exactly_once(office, record_property):
    office.race(WRITE, [str(MESSAGES)])
    chance = random.Random(11)
    kills = 0
    for number in range(KILLS):
        worker = office.start()
        goal = min(MESSAGES, len(office.arrived()) + chance.randint(1, 4))
        office.wait_for(goal)
        # Now and then a little later: between handing over and noting, while noting, or on the way to the next.
        time.sleep(chance.choice((0, 0, 0.001, 0.003, 0.01, 0.03)))
        worker.send_signal(signal.SIGKILL)
        worker.wait()
        kills += 1
        assert max(office.arrived().values()) == 1, f"sent twice after kill {number + 1}"
    office.start()
    office.wait_for(MESSAGES)
    until = time.monotonic() + 60
    while {state for _, state, _ in office.kept()} != {"sent"}:
        assert time.monotonic() < until, (office.kept(), office.said())
        time.sleep(0.5)
    kept = office.kept()
    assert office.arrived() == Counter(message for message, _, _ in kept)
    assert len(kept) == MESSAGES
    tried_again = sum(tries > 1 for _, _, tries in kept)
    record_property("kills", kills)
    record_property("tried again", tried_again)
    print(f"{office.way}: {kills} kills, {MESSAGES} messages, {tried_again} tried again, 0 duplicates")


def test_what_a_killed_worker_left_is_taken_up_by_the_other_when_its_lease_has_run_out(office):
    first, second = office.start(), office.start()
    office.race(WRITE, [str(MESSAGES)])
    office.wait_for(3)
    first.send_signal(signal.SIGSTOP)
    second.send_signal(signal.SIGSTOP)
    (held,) = office.race(HOLDER)
    workers = {str(worker.pid): worker for worker in (first, second)}
    if not held:
        pytest.skip("it was done before it could be killed")
    workers.pop(held[0]).send_signal(signal.SIGKILL)
    (other,) = workers.values()
    had = len(office.arrived())
    other.send_signal(signal.SIGCONT)
    began = time.monotonic()
    if had < MESSAGES:
        office.wait_for(had + 1)
        took = time.monotonic() - began
        assert took < 2 * LEASE + 3
        print(f"{office.way}: taken up {took:.1f} s after the kill, with a lease of {LEASE:.0f} s")
    office.wait_for(MESSAGES)
    assert set(office.arrived().values()) == {1}


def test_a_worker_that_is_asked_to_stop_ends_by_itself(office):
    worker = office.start()
    office.race(WRITE, ["4"])
    office.wait_for(1)
    worker.send_signal(signal.SIGTERM)
    assert worker.wait(10) == 0
    with suppress(AssertionError):
        office.wait_for(4, patience=0.1)
    assert {state for _, state, _ in office.kept()} <= {"sent", "waiting"}


def _ended(pid: int) -> bool:
    """Whether this process is gone, or waits only for somebody to notice."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "Z"
    except OSError:
        return True


@pytest.mark.parametrize("ending", [signal.SIGINT, signal.SIGKILL])
def test_the_worker_beside_the_server_ends_with_it_however_that_ends(started_var, ending):
    server = tools.start(started_var)
    try:
        found = subprocess.run(
            ["pgrep", "-f", f"inroads work --ends-with {server.process.pid}$"],
            capture_output=True,
            text=True,
            check=True,
        )
        (worker,) = map(int, found.stdout.split())
        assert not _ended(worker)
        server.process.send_signal(ending)
        until = time.monotonic() + 15
        while not _ended(worker):
            assert time.monotonic() < until, "it works on without a server"
            time.sleep(0.1)
    finally:
        server.stop()

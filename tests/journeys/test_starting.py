"""Starting the application: quickly the second time, beside another one, and after it was killed."""

import os
import resource
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import browser as tools
import pytest

pytestmark = pytest.mark.browser


def _get(address: str) -> str:
    with urllib.request.urlopen(address, timeout=10) as answer:
        return answer.read().decode()


@pytest.fixture(scope="module")
def var(started, tmp_path_factory):
    """A folder in which the application was started once and stopped."""
    return Path(shutil.copytree(started, tmp_path_factory.mktemp("starting") / "var"))


def test_it_prints_the_address_and_whom_to_sign_in_as(var):
    said = (var / "output.txt").read_text()
    assert "http://127.0.0.1:" in said
    assert "Place lead" in said
    assert tools.PASSWORD in said


def test_the_second_start_is_quick(var):
    def used() -> float:
        """Seconds of a processor that the programs started here, and those they started, have used."""
        children = resource.getrusage(resource.RUSAGE_CHILDREN)
        return children.ru_utime + children.ru_stime

    before, began = used(), time.monotonic()
    server = tools.start(var)
    taken = time.monotonic() - began
    server.stop()
    # On a busy machine the clock on the wall says more about the others.
    assert min(taken, used() - before) < 5, f"{taken:.1f} s"


def test_a_taken_port_is_said_and_another_one_used(var):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        output = var / "taken.txt"
        with output.open("w") as file:
            process = subprocess.Popen(
                [sys.executable, "-m", "inroads", "serve", "--port", str(port), "--var", str(var)],
                cwd=tools.ROOT,
                stdout=file,
                stderr=subprocess.STDOUT,
            )
        try:
            until = time.monotonic() + 120
            while "Stop with" not in output.read_text() and time.monotonic() < until:
                time.sleep(0.1)
            said = output.read_text()
            assert f"Port {port} is taken" in said
            address = next(word for word in said.split() if word.startswith("http://127.0.0.1:"))
            assert "Inroads" in _get(address)
        finally:
            process.send_signal(signal.SIGINT)
            process.wait(15)


def test_killed_it_starts_again_with_everything_that_was_there(var):
    server = tools.start(var)
    master = server.process.pid
    for worker in Path(f"/proc/{master}/task/{master}/children").read_text().split():
        os.kill(int(worker), signal.SIGKILL)
    os.kill(server.process.pid, signal.SIGKILL)
    server.process.wait(10)
    again = tools.start(var)
    try:
        assert "Isle of Wight" in _get(f"{again.address}/places/")
    finally:
        again.stop()


def test_two_run_side_by_side_in_their_own_folders(var, tmp_path):
    other = tmp_path / "other"
    shutil.copytree(var, other)
    one, two = tools.start(var), tools.start(other)
    try:
        assert one.address != two.address
        assert '"ready": true' in _get(f"{one.address}/health/ready")
        assert '"ready": true' in _get(f"{two.address}/health/ready")
    finally:
        one.stop()
        two.stop()


def test_two_first_starts_in_one_folder_wait_for_each_other(tmp_path):
    folder = tmp_path / "a folder"
    folder.mkdir()
    line = [sys.executable, "-m", "inroads", "serve", "--var", str(folder), "--port"]
    outputs = [tmp_path / name for name in ("one.txt", "two.txt")]
    processes = []
    try:
        for output in outputs:
            with output.open("w") as file:
                command = [*line, str(tools.free_port())]
                processes.append(subprocess.Popen(command, cwd=tools.ROOT, stdout=file, stderr=subprocess.STDOUT))
        until = time.monotonic() + 120
        while time.monotonic() < until and not all("Stop with" in each.read_text() for each in outputs):
            time.sleep(0.1)
        assert all("Stop with" in each.read_text() for each in outputs), [each.read_text() for each in outputs]
    finally:
        for process in processes:
            process.send_signal(signal.SIGINT)
            process.wait(15)


def test_a_password_that_was_changed_stays_changed(started_var):
    def tell(code: str) -> str:
        line = [sys.executable, "-m", "inroads", "--var", str(started_var), "manage", "shell", "-c", code]
        done = subprocess.run(
            line, cwd=tools.ROOT, env=tools.environment(), capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    ada = "from inroads.accounts.models import User; ada = User.objects.get(full_name='Ada Brennan'); "
    tell(ada + "ada.set_password('four unlikely words here'); ada.save()")
    tools.start(started_var).stop()
    assert "administrator@demonstration.example  (has changed the password)" in (started_var / "output.txt").read_text()
    assert "True" in tell(ada + "print(ada.check_password('four unlikely words here'))")


def test_no_port_left_is_said_in_one_sentence(var):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 65535))
        taken.listen()
        line = [sys.executable, "-m", "inroads", "serve", "--port", "65535", "--var", str(var)]
        done = subprocess.run(line, cwd=tools.ROOT, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 1
    assert done.stderr.strip() == "Port 65535 and those after it are taken. Choose another with PORT=."


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--data", "/nowhere/at/all"], "there is no such folder"),
        (["--var", "/proc/nothing"], "cannot be made"),
        (["--port", "99999"], "99999"),
        (["--var", "/dev/full"], "cannot be made"),
    ],
)
def test_what_cannot_work_is_said_in_one_sentence(var, arguments, said):
    line = [sys.executable, "-m", "inroads", "serve", "--port", "8000", "--var", str(var), *arguments]
    done = subprocess.run(line, cwd=tools.ROOT, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode != 0
    assert said in done.stderr
    assert "Traceback" not in done.stderr

"""A real server and a real browser for walks and journeys: the same `inroads serve` that people start."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
AXE = ROOT / "node_modules" / "axe-core" / "axe.min.js"
PASSWORD = "demonstration-only-1"
# WCAG 2.2 at level AA, all of it, and nothing switched off.
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
BROWSER_ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"]


def chromium() -> str:
    """Debian's browser, without its windows where that is installed. Raises with what to do when it is missing."""
    found = shutil.which("chromium-headless-shell") or shutil.which("chromium")
    if found is None:
        raise RuntimeError("Chromium is missing. `make browser` installs it, or says which command does.")
    return found


@dataclass
class Server:
    """A running application; `output` is the file with everything it printed."""

    address: str
    var: Path
    output: Path
    process: subprocess.Popen

    def stop(self) -> None:
        """As Ctrl+C does."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGINT)
            try:
                self.process.wait(15)
            except subprocess.TimeoutExpired:
                self.process.kill()

    def kill(self) -> None:
        """As a power cut does: the parent first, then its workers, none of whom gets to tidy up."""
        listed = subprocess.run(["pgrep", "-P", str(self.process.pid)], capture_output=True, text=True, check=False)
        self.process.kill()
        for worker in listed.stdout.split():
            with suppress(ProcessLookupError):
                os.kill(int(worker), signal.SIGKILL)
        self.process.wait()


def free_port() -> int:
    """A port nobody listens on at this moment."""
    with socket.socket() as trial:
        trial.bind(("127.0.0.1", 0))
        return trial.getsockname()[1]


def environment() -> dict[str, str]:
    """As somebody's shell has it, without what the tests set for themselves."""
    return {key: value for key, value in os.environ.items() if not key.startswith(("DJANGO_", "INROADS_VAR"))}


def start(
    var: Path,
    *,
    patience: float = 180,
    port: int | None = None,
    extra: tuple[str, ...] = (),
    extra_environment: dict[str, str] | None = None,
) -> Server:
    """Starts `inroads serve` with its files in `var` and waits until it is ready."""
    var.mkdir(parents=True, exist_ok=True)
    port = port or free_port()
    output = var / "output.txt"
    with output.open("w") as file:
        process = subprocess.Popen(
            [sys.executable, "-m", "inroads", "serve", "--port", str(port), "--var", str(var), *extra],
            cwd=ROOT,
            stdout=file,
            stderr=subprocess.STDOUT,
            env=environment() | (extra_environment or {}),
        )
    server = Server(f"http://127.0.0.1:{port}", var, output, process)
    until = time.monotonic() + patience
    while time.monotonic() < until:
        if process.poll() is not None:
            break
        try:
            with urllib.request.urlopen(f"{server.address}/health/ready", timeout=10) as answer:
                if answer.status == 200:
                    return server
        except (urllib.error.URLError, OSError):
            time.sleep(0.1)
    server.stop()
    raise RuntimeError(f"the server was not ready in {patience:.0f} s:\n{output.read_text()}")


def becomes_true(page, expression: str, *, patience: float = 5) -> bool:
    """Whether a JavaScript expression comes true on the page within `patience` seconds.

    Playwright's own wait looks again from inside the page, where the content security policy forbids evaluating text.
    """
    until = time.monotonic() + patience
    while not page.evaluate(expression):
        if time.monotonic() > until:
            return False
        page.wait_for_timeout(50)
    return True


def axe_violations(page) -> list[str]:
    """What axe finds on the page as it is now, one line a finding: rule, what is wrong, where.

    Only on pages with JavaScript: without it, axe never comes back.
    """
    if not page.evaluate("'axe' in window"):
        # Evaluated by the browser itself: the content security policy stays on for the page.
        page.evaluate(AXE.read_text())
    found = page.evaluate("rules => axe.run(document, {runOnly: rules, resultTypes: ['violations']})", RULES)
    return [
        f"{each['id']}: {each['help']}: {node['target']} {node['html'][:160]}"
        for each in found["violations"]
        for node in each["nodes"][:3]
    ]


def sign_in(page, server: Server, email: str) -> None:
    """As a person would, on the page."""
    page.goto(f"{server.address}/accounts/sign-in/")
    page.get_by_label("Email address").fill(email)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.wait_for_url(lambda url: "sign-in" not in url)

"""Fixtures for walks and journeys: a running server and a browser, once for each process that runs tests."""

import shutil
from pathlib import Path

import browser as tools
import pytest
from taking_turns import one_at_a_time


@pytest.fixture(scope="session")
def started(shared_folder) -> Path:
    """The files of an application that was started once: making its tables takes longer than most tests."""
    var = shared_folder / "started"
    with one_at_a_time(shared_folder / "started.lock"):
        if not (var / "done").exists():
            tools.start(var).stop()
            (var / "done").touch()
    return var


@pytest.fixture
def started_var(started, tmp_path) -> Path:
    """A copy of these files, for a test alone."""
    return Path(shutil.copytree(started, tmp_path / "var"))


@pytest.fixture(scope="session")
def server(started, tmp_path_factory):
    """The application as `make run` starts it, with the embedded figures."""
    running = tools.start(Path(shutil.copytree(started, tmp_path_factory.mktemp("server") / "var")))
    yield running
    running.stop()


@pytest.fixture(scope="session")
def national_server(started, tmp_path_factory, national_store):
    """The same with all of England."""
    var = tmp_path_factory.mktemp("national-server") / "var"
    shutil.copytree(started, var, ignore=shutil.ignore_patterns("published"))
    (var / "published").symlink_to(national_store)
    running = tools.start(var)
    yield running
    running.stop()


@pytest.fixture(scope="session")
def chrome():
    """Debian's Chromium."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=tools.chromium(), args=tools.BROWSER_ARGUMENTS)
        yield opened
        opened.close()


@pytest.fixture
def open_page(chrome):
    """Opens pages in contexts of their own: `open_page(width=320, javascript=False)`."""
    contexts = []

    def opened(*, width: int = 1200, height: int = 900, javascript: bool = True):
        context = chrome.new_context(
            viewport={"width": width, "height": height}, java_script_enabled=javascript, accept_downloads=True
        )
        context.set_default_timeout(10_000)
        contexts.append(context)
        return context.new_page()

    yield opened
    for context in contexts:
        context.close()

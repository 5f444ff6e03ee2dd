"""Fixtures for walks and journeys: a running server and a browser, once for each process that runs tests."""

import browser as tools
import pytest


@pytest.fixture(scope="session")
def server(tmp_path_factory):
    """The application as `make run` starts it, with the embedded figures."""
    running = tools.start(tmp_path_factory.mktemp("server"))
    yield running
    running.stop()


@pytest.fixture(scope="session")
def national_server(tmp_path_factory, national_store):
    """The same with all of England."""
    var = tmp_path_factory.mktemp("national-server")
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

"""What all tests share: embedded and national figures, built once and shared by the processes that run tests."""

import gc
import os
from pathlib import Path

import pytest
from hypothesis import settings as hypothesis_settings
from taking_turns import one_at_a_time

# How long an example takes depends on what else the machine does; speed has tests of its own.
# In the build the same examples are tried every time; by hand, new ones.
hypothesis_settings.register_profile("inroads", deadline=None, derandomize=bool(os.environ.get("CI")))
hypothesis_settings.load_profile("inroads")
pytest_plugins = ["browser_fixtures", "kept_rows", "races"]
ROOT = Path(__file__).resolve().parents[1]


def published_folder() -> Path | None:
    """Where the publishers' own files are, or None where they are not at hand."""
    named = os.environ.get("INROADS_PUBLISHED_DATA")
    folder = Path(named or ROOT.parent / "shared" / "data")
    if named and not folder.is_dir():
        raise pytest.UsageError(f"INROADS_PUBLISHED_DATA names {folder}, which is not there")
    return folder if (folder / "SOURCES.md").is_file() or any(folder.glob("*/*.csv*")) else None


@pytest.hookimpl(tryfirst=True)
def pytest_make_parametrize_id(config, val, argname):
    """Bytes are named by how many they are: those of a file made now would differ from process to process."""
    return f"{len(val)} bytes" if isinstance(val, bytes) else None


def pytest_collection_modifyitems(items):
    """A file of tests stays in one process, unless it says otherwise: what it builds once is built once.

    pytest-django lets tests that empty the database come after those that do not, and those without one last. It has
    to stay so: once a process has opened a browser, Django takes it for one that must not ask a database.
    """
    for item in items:
        if not item.get_closest_marker("xdist_group"):
            item.add_marker(pytest.mark.xdist_group(f"{item.path.stem}{_apart(item)}"))


def _apart(item) -> str:
    if "chrome" in item.fixturenames:
        return " in a browser"
    database = item.get_closest_marker("django_db")
    empties = bool(database and database.kwargs.get("transaction")) or "transactional_db" in item.fixturenames
    return " alone" if empties else ""


@pytest.fixture(scope="session")
def shared_folder(tmp_path_factory, worker_id) -> Path:
    """One folder for all processes of this run."""
    base = tmp_path_factory.getbasetemp()
    return base if worker_id == "master" else base.parent


@pytest.fixture(scope="session")
def embedded_store(shared_folder) -> Path:
    """A store with the embedded figures of one place."""
    from inroads.interop.open_data import embedded

    store = shared_folder / "embedded"
    with one_at_a_time(shared_folder / "embedded.lock"):
        if not (store / "current").exists():
            embedded.add_embedded(store)
    return store


@pytest.fixture(scope="session")
def published_data() -> Path:
    """The folder of publishers' own files; skips where it is not at hand."""
    folder = published_folder()
    if folder is None:
        pytest.skip("needs the publishers' own files; set INROADS_PUBLISHED_DATA to the folder that holds them")
    return folder


@pytest.fixture(scope="session")
def national_store(shared_folder, published_data) -> Path:
    """A store with all of England."""
    from inroads.interop.open_data import intake

    store = shared_folder / "national"
    with one_at_a_time(shared_folder / "national.lock"):
        if not (store / "current").exists():
            intake.add([published_data], store=store)
    return store


@pytest.fixture(autouse=True)
def figures(request, settings):
    """Pages see the embedded figures, and all of England in tests that ask for `national_store`."""
    if "national_store" in request.fixturenames:
        settings.PUBLISHED_DIR = request.getfixturevalue("national_store")
    elif {"db", "transactional_db", "client"} & set(request.fixturenames):
        settings.PUBLISHED_DIR = request.getfixturevalue("embedded_store")


@pytest.fixture(autouse=True, scope="module")
def what_stays():
    """What is in memory before a file of tests is not looked through for rubbish in it: some of them measure time."""
    gc.collect()
    gc.freeze()

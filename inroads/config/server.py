"""`make run`: put everything in place, say what is happening, and serve on this machine only."""

import gc
import hashlib
import os
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from inroads.analytics.store import StoreError, one_at_a_time

Say = Callable[[str], None]
ADDRESS = "127.0.0.1"
TRIES = 50
SOON = 2.0
"""Seconds after which a process that serves pages loads what only some of them need."""


class CannotStartError(Exception):
    """Why the application cannot start, in words for the person who typed the command."""


def prepare(var: Path, *, data: Path | None, say: Say) -> list:
    """Database, organisations, demonstration people, figures and static files: each only where something is missing.

    Gives back the people to sign in as. Raises `CannotStartError`.
    """
    try:
        var.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise CannotStartError(f"VAR={var}: this folder cannot be made ({error.strerror}). Choose another.") from error
    if data is not None and not data.exists():
        raise CannotStartError(f"DATA={data}: there is no such folder or file.")
    os.environ["DJANGO_SETTINGS_MODULE"] = "inroads.config.settings.demonstration"
    import django
    from django.core.exceptions import ImproperlyConfigured

    try:
        django.setup()
    except ImproperlyConfigured as error:
        raise CannotStartError(str(error)) from error
    try:
        with one_at_a_time(var / ".starting", say=say, waiting="Another start is under way here: waiting for it ..."):
            _migrate(say)
            _figures(var / "published", data, say)
            _static(say)
            return _people()
    except OSError as error:
        raise CannotStartError(
            f"VAR={var}: this folder cannot be written to ({error.strerror or error}). Make room, or choose another."
        ) from error


def _migrate(say: Say) -> None:
    from django.core.management import call_command
    from django.db import DatabaseError, connection
    from django.db.migrations.executor import MigrationExecutor

    named = connection.settings_dict
    if connection.vendor == "postgresql":
        where = f"the database {named['NAME']} on {named['HOST'] or 'this machine'}"
        remedy = "Is it running (`make postgres`), and is DATABASE right?"
    else:
        where, remedy = "the embedded database", "Choose another VAR."
    try:
        executor = MigrationExecutor(connection)
        if executor.migration_plan(executor.loader.graph.leaf_nodes()):
            say(f"Preparing {where} ...")
            call_command("migrate", verbosity=0, interactive=False)
        call_command("createcachetable", verbosity=0)
    except DatabaseError as error:
        shown = where if connection.vendor == "postgresql" else f"{named['NAME']}: {where}"
        why = (str(error).splitlines() or [type(error).__name__])[0]
        raise CannotStartError(f"{shown} cannot be opened ({why}). {remedy}") from error


def _figures(store: Path, data: Path | None, say: Say) -> None:
    from inroads.analytics.published import open_published

    try:
        if data is not None or open_published(store) is None:
            _load_figures(store, data, say)
    except StoreError as error:
        raise CannotStartError(str(error)) from error


def _load_figures(store: Path, data: Path | None, say: Say) -> None:
    # Read in only where something is to be loaded: a second start is ready sooner.
    from inroads.interop.open_data import embedded, intake

    try:
        if data is None:
            say("Loading the embedded figures of one place ...")
            embedded.add_embedded(store)
        else:
            say(f"Loading published figures from {data} ...")
            intake.add([data], store=store, say=say)
    except intake.IntakeError as error:
        raise CannotStartError(str(error)) from error


def _static(say: Say) -> None:
    """Collects static files where they changed since the last time, told by names, sizes and times."""
    from django.conf import settings
    from django.contrib.staticfiles.finders import get_finders
    from django.core.management import call_command

    mark = hashlib.sha256()
    for finder in get_finders():
        for name, storage in finder.list([]):
            found = Path(storage.path(name)).stat()
            mark.update(f"{name} {found.st_size} {found.st_mtime_ns}\n".encode())
    stamp = Path(settings.STATIC_ROOT) / ".collected"
    if stamp.exists() and stamp.read_text() == mark.hexdigest():
        return
    say("Preparing style sheets and images ...")
    call_command("collectstatic", verbosity=0, interactive=False, clear=True)
    stamp.write_text(mark.hexdigest())


def free_port(wanted: int) -> int:
    """The port asked for, or the next one that is free. Raises `CannotStartError` when none of the next few is."""
    for port in range(wanted, min(wanted + TRIES, 65536)):
        with socket.socket() as trial:
            trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                trial.bind((ADDRESS, port))
            except OSError:
                continue
            return port
    raise CannotStartError(f"Port {wanted} and those after it are taken. Choose another with PORT=.")


def run(people: list, *, port: int, say: Say) -> None:
    """Serves until stopped, and says as whom (`people`) to sign in. Raises `CannotStartError`."""
    from django.conf import settings
    from gunicorn.app.base import BaseApplication

    found = free_port(port)
    if found != port:
        say(f"Port {port} is taken, so this takes {found}.")

    # Links in messages lead here; the worker beside the server reads it as well.
    os.environ["INROADS_PUBLIC_URL"] = settings.PUBLIC_URL = f"http://{ADDRESS}:{found}"

    def tell(server) -> None:
        say("")
        say(f"Inroads is at  http://{ADDRESS}:{found}/")
        say(f"Passkeys work only at http://localhost:{found}/ (the same application).")
        say("")
        say("The people of this demonstration are invented. Sign in as one of them:")
        for person in people:
            say(f"  {person.title:<28}{person.email}{'' if person.usual_password else '  (has changed the password)'}")
        say(f"  password for all: {_password()}")
        say("")
        say("Stop with Ctrl+C.")
        begin()

    class Server(BaseApplication):
        def load_config(self) -> None:
            for name, value in {
                "bind": f"{ADDRESS}:{found}",
                "workers": 2,
                "worker_class": "gthread",
                # More at once would only take turns on the same processor, and each would take longer.
                "threads": 2,
                "preload_app": True,
                "loglevel": "warning",
                "when_ready": tell,
                "post_worker_init": _warm_soon,
                "timeout": 60,
                # Browsers hold connections open; stopping does not wait for them longer than this.
                "graceful_timeout": 3,
            }.items():
                self.cfg.set(name, value)

        def load(self):
            from inroads.config.wsgi import application

            warm()
            if not _compiled_before():
                say("Compiling the methods ...")
                warm_methods()
            return application

    with _worker() as begin:
        Server().run()


@contextmanager
def _worker() -> Iterator[Callable[[], None]]:
    """`begin()` starts one process beside the server, for background work. It ends with this one, however that ends.

    Begun when pages are served: loading both at once would keep the first reader waiting.
    """
    this, processes = os.getpid(), []
    command = [sys.executable, "-m", "inroads", "work", "--ends-with", str(this)]

    def begin() -> None:
        # Out of reach of Ctrl+C, which would stop it twice: once itself, once from here.
        processes.append(subprocess.Popen(command, stdin=subprocess.DEVNULL, start_new_session=True))

    try:
        yield begin
    finally:
        # The server's own processes are copies of this one, and come by here when they end.
        if os.getpid() == this:
            for process in processes:
                process.terminate()
                try:
                    process.wait(5)
                except subprocess.TimeoutExpired:
                    process.kill()


def warm() -> None:
    """Loads, before the processes part ways, what every process reads: once in memory, and no slow first page."""
    from django.conf import settings
    from django.db import connections
    from django.urls import get_resolver

    from inroads.analytics.published import ENGLAND, open_published

    _ = get_resolver().url_patterns  # every view, and all that it needs
    # What is damaged is said on the pages that need it; the others are served all the same.
    with suppress(StoreError):
        published = open_published(settings.PUBLISHED_DIR)
        if published is not None:
            published.outline(ENGLAND)  # reads all boundaries
    connections.close_all()
    # All of this stays. Looked through for rubbish, it would cost every page, and the processes would share no memory.
    gc.collect()
    gc.freeze()


def _warm_soon(worker: Any) -> None:
    """Loads the compiled methods beside the first pages: it takes seconds, and few pages wait for them."""
    soon = threading.Timer(SOON, warm_methods)
    soon.daemon = True
    soon.start()


def _compiled_before() -> bool:
    """Whether loading the methods takes seconds. The first time it takes most of a minute, and no page is to wait."""
    from inroads import methods

    return any(Path(methods.__file__).parent.rglob("*.nbi"))


def warm_methods() -> None:
    """Loads the compiled methods, so that the first page that needs them is no slower than the next."""
    from inroads.methods.access import nearest
    from inroads.methods.needs import fit

    nearest([[0.0, 0.0]], [[0.0, 0.0]])
    fit([[0, 0]], [1.0], [[[1.0]], [[1.0]]]).expected([1.0])


def _people() -> list:
    from inroads.accounts.demonstration import load_demonstration
    from inroads.learning.demonstration import load_demonstration_library
    from inroads.people.demonstration import load_demonstration_people
    from inroads.people.demonstration_lending import load_demonstration_lending
    from inroads.people.demonstration_mentors import load_demonstration_mentors
    from inroads.places.demonstration import load_demonstration_plans
    from inroads.systems.demonstration import load_demonstration_systems, make_demonstration_reports

    people = load_demonstration()
    load_demonstration_people()
    load_demonstration_lending()
    load_demonstration_mentors()
    load_demonstration_library()
    load_demonstration_plans()
    load_demonstration_systems()
    make_demonstration_reports()
    return people


def _password() -> str:
    from django.conf import settings

    return settings.DEMONSTRATION_PASSWORD

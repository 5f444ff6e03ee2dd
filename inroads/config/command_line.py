"""`inroads`: the command line. Each command imports what it needs when it runs, so that help comes at once."""

import os
import re
import sys
from pathlib import Path
from typing import NoReturn

import click
from click.core import ParameterSource

from inroads.config import counting_command, directory_commands, figures, respondents_command

ROOT = Path(__file__).resolve().parents[2]


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.option(
    "--var",
    type=click.Path(file_okay=False, path_type=Path),
    envvar="INROADS_VAR",
    default=ROOT / "var",
    show_default=True,
    help="Folder of the embedded files: database, published figures, built static files.",
)
@click.pass_context
def main(context: click.Context, var: Path) -> None:
    """Inroads: inclusive digital transformation in mental health."""
    _use(context, var)
    if _in_service() and context.get_parameter_source("var") is ParameterSource.DEFAULT:
        # In service the folder is always named, so that every command and the server mean the same one.
        del os.environ["INROADS_VAR"]
        context.obj = None


def _use(context: click.Context, var: Path) -> None:
    context.obj = var.resolve()
    os.environ["INROADS_VAR"] = str(context.obj)


PRODUCTION = "inroads.config.settings.production"


def _in_service() -> bool:
    """Whether the environment speaks of a service rather than of the demonstration."""
    return bool(os.environ.get("DATABASE_URL")) or os.environ.get("DJANGO_SETTINGS_MODULE") == PRODUCTION


def _django() -> None:
    if not os.environ.get("DJANGO_SETTINGS_MODULE"):
        demonstration = "inroads.config.settings.demonstration"
        os.environ["DJANGO_SETTINGS_MODULE"] = PRODUCTION if _in_service() else demonstration
    import django
    from django.core.exceptions import ImproperlyConfigured

    try:
        django.setup()
    except ImproperlyConfigured as error:
        _fail(error)
    except ModuleNotFoundError as error:
        if error.name and os.environ["DJANGO_SETTINGS_MODULE"].startswith(error.name):
            _fail(CannotReadError(f"DJANGO_SETTINGS_MODULE names {error.name}, which is not there."))
        raise


def _store(var: Path | None) -> Path:
    """Where published figures are. In service nothing is read from or written to a folder that nobody named."""
    if var is None:
        _fail(CannotReadError("INROADS_VAR is not set. Set it to the folder for published figures, or name it: --var."))
    return var / "published"


class CannotReadError(Exception):
    """Why a command cannot do its work, in words."""


def _fail(error: Exception) -> NoReturn:
    for line in str(error).splitlines() or [type(error).__name__]:
        click.echo(line, err=True)
    sys.exit(1)


@main.command()
@click.option("--port", type=click.IntRange(1, 65535), default=8000, show_default=True)
@click.option("--var", type=click.Path(file_okay=False, path_type=Path), help="As for inroads itself.")
@click.option("--data", type=click.Path(path_type=Path), help="Folder of published files to load first.")
@click.pass_context
def serve(context: click.Context, port: int, var: Path | None, data: Path | None) -> None:
    """Start the application on this machine with its embedded database."""
    if var is not None:
        _use(context, var)
    if _in_service():
        _fail(CannotReadError("serve is for the demonstration; in service start gunicorn (docs/guides/deploying.md)."))
    from inroads.config.server import CannotStartError, prepare, run

    try:
        people = prepare(context.obj, data=data, say=click.echo)
        run(people, port=port, say=click.echo)
    except CannotStartError as error:
        _fail(error)


@main.command()
@click.option("--once", is_flag=True, help="Do what is due now, then end.")
@click.option("--ends-with", type=int, hidden=True, help="The process that started this one: end when it is gone.")
def work(once: bool, ends_with: int | None) -> None:
    """Do the background work: reminders, checks, sending the post. Several may run at once, here and elsewhere."""
    _django()
    from django.db import DatabaseError

    from inroads.jobs.worker import Worker

    where = _database()
    worker = Worker(ends_with=ends_with)
    worker.listen_for_the_end()
    if not once and ends_with is None:
        click.echo(f"At work on {where}. Stop with Ctrl+C.")
    try:
        done = worker.work(once=once)
    except DatabaseError as error:
        _fail(_unreadable(where, error))
    if once:
        click.echo(f"{done} {'task' if done == 1 else 'tasks'} done. Read from {where}.")


@main.group()
def data() -> None:
    """Published data: add files, see what is loaded."""


@data.command("add")
@click.argument("paths", nargs=-1, required=True, type=click.Path(readable=False, path_type=Path))
@click.pass_obj
def data_add(var: Path | None, paths: tuple[Path, ...]) -> None:
    """Load publishers' own files; a folder is searched. Either all of it is loaded or nothing changes."""
    from inroads.interop.open_data import intake

    try:
        intake.add(paths, store=_store(var), say=click.echo)
    except intake.IntakeError as error:
        _fail(error)


@data.command("list")
@click.pass_obj
def data_list(var: Path | None) -> None:
    """Every data set that is loaded, with its checks and what it feeds."""
    from inroads.analytics.published import open_published
    from inroads.analytics.store import StoreError

    try:
        published = open_published(_store(var))
    except StoreError as error:
        _fail(error)
    if published is None:
        click.echo(
            f"Nothing is loaded in {var}. Load files with: inroads data add PATH, or name another folder with --var."
        )
        return
    for number, each in enumerate(sorted(published.datasets, key=lambda each: each.title)):
        if number:
            click.echo()
        click.echo(click.style(each.title, bold=True))
        for name, value in (
            ("publisher", each.publisher),
            ("year", each.year),
            ("areas", each.vintage),
            ("licence", each.licence),
            ("rows", f"{each.rows:,}"),
            ("loaded", each.loaded_at),
            ("file", each.file_name),
            ("checked", "; ".join(each.checks)),
            ("feeds", ", ".join(each.feeds)),
            ("notes", " ".join(each.notes)),
        ):
            if value:
                click.echo(f"  {name:<10}{value}")
    places = published.neighbourhoods
    click.echo(f"\n{len(published.datasets)} data sets, {len(places.code):,} neighbourhoods.")


@data.command("embed")
@click.option("--place", default="E06000046", show_default=True, help="Code of the local authority to embed.")
@click.pass_obj
def data_embed(var: Path | None, place: str) -> None:
    """Write the embedded demonstration's tables again from loaded published files."""
    from inroads.analytics.store import StoreError
    from inroads.interop.open_data.embed import embed
    from inroads.interop.open_data.problems import EmbedError
    from inroads.reference.definitions import folder

    try:
        for path in embed(_store(var), place=place, folder=folder() / "figures"):
            click.echo(f"Wrote {path}")
    except (EmbedError, StoreError) as error:
        _fail(error)


@main.group()
def audit() -> None:
    """The audit trail."""


NOTE = re.compile(r"(\d{1,18}):([0-9a-f]{64})")


def _noted(context: click.Context, parameter: click.Parameter, value: str | None) -> tuple[int, str] | None:
    if value is None:
        return None
    if (found := NOTE.fullmatch(value.strip())) is None:
        raise click.BadParameter("expected COUNT:HASH as an earlier check printed it, such as 120:3f…(64 characters)")
    return int(found[1]), found[2]


@audit.command("verify")
@click.option("--noted", metavar="COUNT:HASH", callback=_noted, help="What an earlier check printed: must still fit.")
def audit_verify(noted: tuple[int, str] | None) -> None:
    """Check that no entry of the audit trail was changed, removed or put in afterwards."""
    _django()
    from django.db import DatabaseError

    from inroads.accounts.audit import inspect

    noted_count, noted_hash = noted or (None, None)
    where = _database()
    try:
        result = inspect(noted_count=noted_count, noted_hash=noted_hash)
    except DatabaseError as error:
        _fail(_unreadable(where, error))
    click.echo(f"Read from {where}.")
    if not result.ok:
        place = "not to be trusted" if result.first_bad is None else f"broken at entry {result.first_bad}"
        click.echo(f"The audit trail is {place}: {result.reason}", err=True)
        sys.exit(1)
    click.echo(f"The audit trail is whole: {result.count:,} entries checked.")
    click.echo(f"Note for --noted: {result.count}:{result.last_hash}")


NAME_IT = "Name the folder of the demonstration with --var, or the database of the service with DATABASE_URL."


def _unreadable(where: str, error: Exception) -> CannotReadError:
    why = (str(error).splitlines() or [type(error).__name__])[0]
    return CannotReadError(f"{where}: what this needs cannot be read here ({why}). {NAME_IT}")


def _database() -> str:
    """The database in words, without its password. A file that is not there is not made by looking for it."""
    from django.db import connection

    named = connection.settings_dict
    if connection.vendor != "sqlite":
        return f"{connection.display_name} database {named['NAME']} on {named['HOST'] or 'this machine'}"
    if not connection.is_in_memory_db() and not Path(named["NAME"]).is_file():
        _fail(CannotReadError(f"{named['NAME']}: there is no database here. {NAME_IT}"))
    return f"{connection.display_name} database {named['NAME']}"


@main.command()
def organisations() -> None:
    """Put England, its NHS regions and its integrated care systems in place. Doing it again changes nothing."""
    _django()
    from django.db import DatabaseError

    from inroads.reference.models import Organisation
    from inroads.reference.organisations import load_organisations

    where = _database()
    try:
        load_organisations()
        click.echo(f"{Organisation.objects.count()} organisations are in place.")
    except DatabaseError as error:
        _fail(_unreadable(where, error))


@main.command()
@click.argument("email")
@click.argument("full_name")
def administrator(email: str, full_name: str) -> None:
    """Add the first administrator, and print the one-time link with which they set a password."""
    _django()
    from django.conf import settings
    from django.db import DatabaseError
    from django.urls import reverse

    from inroads.accounts.actions import Refused, add_first_administrator

    where = _database()
    try:
        invitation = add_first_administrator(email=email, full_name=full_name)
    except Refused as error:
        _fail(error)
    except DatabaseError as error:
        _fail(_unreadable(where, error))
    link = reverse("account_reset_password_from_key", kwargs={"uidb36": invitation.uid, "key": invitation.key})
    click.echo(f"Give this link to {full_name}; it works once: {getattr(settings, 'PUBLIC_URL', '').rstrip('/')}{link}")


@main.command(context_settings={"ignore_unknown_options": True})
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
def manage(arguments: tuple[str, ...]) -> None:
    """Django's own commands, for example: inroads manage migrate."""
    _django()
    from django.core.management import execute_from_command_line

    execute_from_command_line(["inroads manage", *arguments])


main.add_command(figures.needs)
main.add_command(figures.equity)
main.add_command(directory_commands.directory)
main.add_command(counting_command.count)
data.add_command(respondents_command.respondents)

if __name__ == "__main__":
    main()

"""`inroads directory …`: loading feeds and looking for what is listed twice, from the command line."""

import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import click

if TYPE_CHECKING:
    from inroads.reference.models import Organisation


def _fail(words: object) -> NoReturn:
    for line in str(words).splitlines():
        click.echo(line, err=True)
    sys.exit(1)


@click.group()
@click.pass_context
def directory(context: click.Context) -> None:
    """The directory of trusted touchpoints: load feeds, look for duplicates."""
    # Django starts as for every other command; settings are chosen in one place.
    from inroads.config.command_line import _django

    _django()


@directory.command("load")
@click.argument("paths", nargs=-1, required=True, type=click.Path(readable=False, path_type=Path))
@click.option("--area", required=True, metavar="CODE", help="Code of the place or integrated care system: E06000046.")
@click.option("--name", required=True, help="Who publishes the feed; the same name loads it again.")
@click.option("--licence", default="", help="As its publisher states it.")
@click.option("--publish", is_flag=True, help="The licence lets us pass it on in our own open directory.")
def load(paths: tuple[Path, ...], area: str, name: str, licence: str, publish: bool) -> None:
    """Load an Open Referral UK feed: files, or a folder of pages. Either all of it is loaded or nothing changes."""
    from django.db import DatabaseError

    from inroads.accounts.actions import Refused
    from inroads.directory.actions.feeds import load_feed
    from inroads.interop.open_data.problems import FileError
    from inroads.interop.open_referral import reader

    try:
        reading = reader.read_paths(paths)
        run = load_feed(
            area=_area(area),
            name=name,
            entries=reading.entries,
            filename=paths[0].name,
            report=reading.report,
            licence=licence,
            publish=publish,
            by=None,
        )
    except (FileError, Refused, DatabaseError) as error:
        _fail(error)
    _say(run.report)


@directory.command("duplicates")
@click.option("--area", required=True, metavar="CODE", help="Code of the place or integrated care system.")
def duplicates(area: str) -> None:
    """Look for services that may be listed twice; who keeps the directory settles them on a page."""
    from django.db import DatabaseError

    from inroads.directory.actions.pairs import find_pairs
    from inroads.directory.queries.pairs import open_in

    try:
        here = _area(area)
        new, waiting = find_pairs(area=here, by=None), open_in(here).count()
    except DatabaseError as error:
        _fail(error)
    click.echo(f"{new:,} new pairs; {waiting:,} wait to be looked at.")


def _area(code: str) -> "Organisation":
    """The place or system with this code."""
    from django.db.models import Q

    from inroads.reference.models import Kind, Organisation

    written = code.strip().upper()
    wanted = Organisation.objects.filter(kind__in=(Kind.PLACE, Kind.ICS), active=True)
    found = wanted.filter(Q(area_code=written) | Q(ons_code=written) | Q(ods_code=written)).order_by("path").first()
    if found is None:
        known = sorted({each.area_code or each.ons_code for each in wanted.filter(kind=Kind.PLACE)} - {""})
        _fail(
            f"{code}: no place or integrated care system has this code. Places: {', '.join(known[:10]) or 'none yet'}."
        )
    return found


def _say(report: dict, say: Callable[[str], None] = click.echo) -> None:
    from inroads.directory.presenters.feeds import DONE, MENDED, REFUSED

    say(f"{report['read']:,} read, {report['kept']:,} taken.")
    for key, words in DONE:
        if report.get(key):
            say(f"  {report[key]:,} {words}")
    for title, counts, words in (("Put right", report["mended"], MENDED), ("Not taken in", report["refused"], REFUSED)):
        if counts:
            say(f"{title}:")
        for kind, count in sorted(counts.items(), key=lambda pair: -pair[1]):
            say(f"  {count:,} {words.get(kind, kind)}")

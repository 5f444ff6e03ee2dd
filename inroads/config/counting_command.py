"""`inroads count`: what people said is counted now, rather than in the night after a month has ended."""

import sys
from datetime import datetime

import click


@click.command("count")
@click.option(
    "--until",
    type=click.DateTime(formats=["%Y-%m-%d"]),
    help="The last day that is counted, such as 2026-10-31; the last day of last month unless told otherwise.",
)
@click.option("--at-once", is_flag=True, help="Also where so little was said that most of it will be hidden.")
def count(until: datetime | None, at_once: bool) -> None:
    """Count what people said since the last release, by system, and keep what may leave."""
    from inroads.config.command_line import _django

    _django()
    from django.db import DatabaseError
    from django.utils import timezone

    from inroads.analytics.store import StoreError
    from inroads.people.actions.figures import count_figures, last_month_end

    last = until.date() if until else last_month_end(timezone.localdate())
    try:
        made = count_figures(until=last, at_once=at_once, say=click.echo)
    except (ValueError, DatabaseError, StoreError) as error:
        click.echo(str(error), err=True)
        sys.exit(1)
    click.echo(f"{len(made)} {'release' if len(made) == 1 else 'releases'} kept, counted up to {last}.")

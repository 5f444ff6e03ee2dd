"""`inroads data respondents …`: a survey's people for the estimates of who would be left out."""

from pathlib import Path

import click


@click.command("respondents")
@click.argument("path", required=False, type=click.Path(readable=False, path_type=Path))
@click.option("--survey", default="", help="What pages call the survey.")
@click.option("--year", default="", help="When people were asked, as pages say it.")
@click.option("--forget", is_flag=True, help="Take the survey away; published rates are used again.")
@click.pass_obj
def respondents(var: Path | None, path: Path | None, survey: str, year: str, forget: bool) -> None:
    """Load a survey's people, one row each, to estimate who would be left out. A wrong file changes nothing."""
    from inroads.config.command_line import CannotReadError, _fail, _store

    store = _store(var).parent / "respondents"
    if forget and path is None:
        from inroads.analytics.respondents import forget as take_away

        there = take_away(store)
        click.echo("The survey is taken away; published rates are used again." if there else "No survey was loaded.")
        return
    if forget or path is None:
        _fail(CannotReadError("Name a file to load, with --survey and --year, or give --forget, not both."))
    from inroads.interop.open_data.problems import IntakeError
    from inroads.interop.open_data.respondents import add_respondents

    try:
        found = add_respondents(path, survey=survey, year=year, store=store)
    except IntakeError as error:
        _fail(error)
    click.echo(f"{len(found):,} people of {found.survey}, {found.year}, loaded: {', '.join(found.columns)}.")

"""Waves, returns and readings for tests of what comes in and goes out, made by the actions that pages use."""

from datetime import date

from systems_factories import make_member

from inroads.accounts.models import User
from inroads.reference.models import Kind, Organisation
from inroads.systems.actions.returns import add_return, give_to_readers
from inroads.systems.models import Basis, Reading, Return, Wave

TEXT = (
    "People with lived experience sat on the board 👩🏽‍💻.\n\n"
    "We asked everybody who lives here.\nThe café\u0301 was too far.\n\n"
    "Nothing was decided & <nothing> was paid."
)


def make_wave(by: User, title: str = "Wave of returns") -> Wave:
    """A wave that rests on returns."""
    source = "Returns (invented)"
    return Wave.objects.create(title=title, on=date(2026, 5, 1), basis=Basis.RETURNS, source=source, recorded_by=by)


def make_readers(england: Organisation) -> tuple[User, User]:
    """Two people who may read."""
    return make_member(england, "reader", "Ada Reader"), make_member(england, "reader", "Ben Reader")


def make_return(system: Organisation, *, by: User, wave: Wave | None = None, text: str = TEXT, **more) -> Return:
    """A return of a system."""
    title = more.pop("title", "What we do (invented)")
    return add_return(wave=wave or make_wave(by), organisation=system, title=title, text=text, by=by, **more)


def make_readings(of: Return, *, by: User) -> tuple[Reading, Reading]:
    """Its two readings."""
    return give_to_readers(of=of, readers=make_readers(Organisation.objects.get(kind=Kind.ENGLAND)), by=by)

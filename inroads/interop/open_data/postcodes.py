"""Postcodes through an optional package: whichever is installed and offers to locate them is asked."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib.metadata import EntryPoint, entry_points

import numpy as np

from inroads.interop.open_data.problems import shown
from inroads.interop.open_data.read_geojson import to_metres

GROUP = "inroads.postcodes"
GREAT_BRITAIN = (-8.7, 49.8, 1.8, 60.9)  # west, south, east, north in degrees
Position = tuple[float, float]


@dataclass(frozen=True)
class Locator:
    """A package that offers to locate postcodes, under the name and version it is installed as."""

    package: str
    version: str
    load: Callable[[], Callable[[list[str]], Sequence[Position | None]]]

    def ask(self, postcodes: list[str]) -> dict[str, Position]:
        """Easting and northing in metres of the postcodes it knows. Raises `ValueError` saying what it did wrong."""
        try:
            answers = list(self.load()(list(postcodes)))
        except Exception as error:  # whatever another's package raises, the load of published files goes on
            raise ValueError(f"it failed with {type(error).__name__} ({shown(error)})") from error
        if len(answers) != len(postcodes):
            raise ValueError(f"it gave {len(answers):,} answers to {len(postcodes):,} postcodes")
        known = {
            postcode: _degrees(postcode, answer)
            for postcode, answer in zip(postcodes, answers, strict=True)
            if answer is not None
        }
        east, north = to_metres(*np.array(list(known.values()), dtype=np.float64).reshape(-1, 2).T)
        return dict(zip(known, zip(east.tolist(), north.tolist(), strict=True), strict=True))


def installed() -> list[Locator]:
    """Every installed package with an entry point in the group `inroads.postcodes`, in order of name."""
    found = sorted(entry_points(group=GROUP), key=lambda point: (_name(point), point.name))
    return [Locator(_name(point), point.dist.version if point.dist else "", point.load) for point in found]


def located(postcodes: list[str], locators: Sequence[Locator]) -> tuple[dict[str, tuple[float, float, str]], list[str]]:
    """Where postcodes are and by which package, and one sentence for each package: what it located, or why not used.

    The first package that knows a postcode locates it; the next are asked for what is left.
    """
    found: dict[str, tuple[float, float, str]] = {}
    notes = []
    for locator in locators:
        wanted = [postcode for postcode in postcodes if postcode not in found]
        if not wanted:
            break
        who = f"{locator.package} {locator.version}".strip()
        try:
            places = locator.ask(wanted)
        except ValueError as problem:
            notes.append(f"The package {who} was asked for postcodes and not used, because {problem}.")
            continue
        found |= {postcode: (*place, f"postcode, by {locator.package}") for postcode, place in places.items()}
        notes.append(f"The package {who} was asked for {len(wanted):,} postcodes and located {len(places):,}.")
    return found, notes


def _name(point: EntryPoint) -> str:
    return point.dist.name if point.dist else point.module


def _degrees(postcode: str, answer: Position) -> Position:
    try:
        longitude, latitude = map(float, answer)
    except (TypeError, ValueError) as error:
        raise ValueError(f"its answer for {postcode} is not a longitude and a latitude ({shown(answer)})") from error
    west, south, east, north = GREAT_BRITAIN
    if not (west <= longitude <= east and south <= latitude <= north):
        raise ValueError(
            f"it put {postcode} outside Great Britain (longitude {longitude:.6g}, latitude {latitude:.6g})"
        )
    return longitude, latitude

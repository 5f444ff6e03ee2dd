"""The landscape as a file: systems with how sure their places are, and no rank."""

import csv
from collections.abc import Iterator

from inroads.design.charts.words import figure
from inroads.design.spreadsheet import no_formula
from inroads.methods import adoption
from inroads.systems.presenters.landscape import region_of
from inroads.systems.queries.landscape import Landscape, Shift

HEAD = (
    "system",
    "ods_code",
    "region",
    "group",
    "between_groups",
    *(f"chance_{name.replace(' ', '_')}" for name in adoption.GROUPS),
    "rank_low_95",
    "rank_high_95",
    "systems",
    "moved",
    "change_in_levels",
    "change_low_95",
    "change_high_95",
    "wave",
    "day",
)


class _Echo:
    """Gives back each line instead of storing it."""

    def write(self, text: str) -> str:
        return text


def file_lines(seen: Landscape) -> Iterator[str]:
    """The systems that the reader may see, by name, as CSV. There is no column with a rank."""
    writer = csv.writer(_Echo())
    yield writer.writerow(HEAD)
    for each in seen.seen:
        shift = each.shift
        cells = [
            each.organisation.name,
            each.organisation.ods_code,
            region_of(each),
            each.group,
            "yes" if each.between else "no",
            *each.chances,
            figure(each.rank_low),
            figure(each.rank_high),
            each.of,
            shift.moved if shift else "not known",
            *((f"{number:.3f}" if number is not None else "") for number in _change(shift)),
            seen.wave.title,
            seen.wave.on.isoformat(),
        ]
        yield writer.writerow([no_formula(cell) for cell in cells])


def _change(shift: Shift | None) -> tuple[float | None, float | None, float | None]:
    return (shift.change, shift.low, shift.high) if shift else (None, None, None)

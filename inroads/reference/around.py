"""Where an organisation is: the neighbourhoods one can live in there."""

from functools import lru_cache

from django.conf import settings

from inroads.analytics.published import Published, open_published
from inroads.reference.models import Organisation
from inroads.reference.organisations import line_of

# A longer list than this helps nobody to choose.
MOST = 400


def published() -> Published | None:
    """The published figures that are loaded, or None."""
    return open_published(settings.PUBLISHED_DIR)


def area_code(organisation: Organisation) -> str:
    """The code of the area that the organisation, or the nearest one above it, covers; "" where none says."""
    return next((each.area_code for each in reversed(line_of(organisation)) if each.area_code), "")


def neighbourhoods(organisation: Organisation) -> list[tuple[str, str]]:
    """Code and name, ward first, of each neighbourhood around the organisation; empty where they are too many."""
    figures = published()
    return list(_named(figures, area_code(organisation))) if figures is not None else []


def neighbourhood_name(code: str) -> str:
    """The name of a neighbourhood with its ward; its code where it is not loaded."""
    figures = published()
    row = figures.neighbourhoods.row(code) if figures is not None and code else None
    if figures is None or row is None:
        return code
    places = figures.neighbourhoods
    ward = str(places.ward[row])
    return f"{ward}: {places.name[row]}" if ward else str(places.name[row])


@lru_cache(maxsize=64)
def _named(figures: Published, area: str) -> tuple[tuple[str, str], ...]:
    places = figures.neighbourhoods
    rows = places.rows(area)
    if not 0 < len(rows) <= MOST:
        return ()
    named = [(str(places.code[at]), f"{places.ward[at]}: {places.name[at]}".removeprefix(": ")) for at in rows]
    return tuple(sorted(named, key=lambda each: each[1]))


def neighbourhood_ward(code: str) -> str:
    """The ward a neighbourhood lies in; "" where that is not known."""
    figures = published()
    return figures.neighbourhoods.ward_of(code) if figures is not None and code else ""


def area_name(organisation: Organisation) -> str:
    """The name of the area the organisation, or the nearest one above it, covers; "" where none says."""
    figures = published()
    area = figures.areas.get(area_code(organisation)) if figures is not None else None
    return area.name if area is not None else ""

"""What the canvas is made of: the three needles and the words of each cell, and what stood there before."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Max, QuerySet

from inroads.accounts.queries import Somebody
from inroads.reference.definitions import load
from inroads.reference.definitions.framework import Dimension, Framework, current
from inroads.reference.models import Organisation
from inroads.systems.models import Assessment, CanvasCell
from inroads.systems.permissions import is_inside
from inroads.systems.queries.interviews import Shown, quotes_visible_to
from inroads.systems.queries.needles import Standing, standings, standings_of
from inroads.systems.queries.overview import Mean, last_assessment, means

# People's words in a cell: more would make it a list.
MOST_QUOTES = 2


@dataclass(frozen=True)
class Cell:
    """One cell of the canvas.

    standings, mean
        The criteria of its dimension, and the three needles over them; none and None where nothing is handed in.
    words
        What those inside wrote, None where nobody has, or the reader looks from above.
    quotes
        What people said about its criteria, as far as this reader may see it.
    """

    dimension: Dimension
    standings: tuple[Standing, ...]
    mean: Mean | None
    words: CanvasCell | None
    quotes: tuple[Shown, ...]


@dataclass(frozen=True)
class Canvas:
    """All cells in order. `assessment` is whose needles they are, None where there is none; `framework` its edition.

    `inside`: the reader belongs to the system, and so sees its words.
    """

    assessment: Assessment | None
    framework: Framework
    cells: tuple[Cell, ...]
    inside: bool


def dimensions() -> list[Dimension]:
    """The cells of a canvas, in order."""
    return sorted(load(Dimension).values(), key=lambda each: (each.order, each.id))


def canvas_of(user: Somebody, organisation: Organisation, *, use: str | None = None) -> Canvas:
    """The canvas of a system as this reader may see it.

    Inside the system stand the words of every cell, and the needles of the assessment begun last; without any, what the
    evidence shows. From above stand the needles of the last assessment that was handed in, and nothing that is written
    for those inside. `use`: only words of people who agreed to this, as `quotes_visible_to` has it.

    Asks the database the same number of times however much there is.
    """
    inside = is_inside(user, organisation)
    assessment = last_assessment(user, organisation)
    framework = load(Framework)[assessment.framework] if assessment else current()
    found: list[Standing] = []
    if assessment is not None:
        found = standings_of(assessment)
    elif inside:
        found = standings(organisation, framework)
    mean = {each.dimension.id: each for each in means(found)}
    words = latest_cells(organisation) if inside else {}
    quotes = quotes_visible_to(user, organisation, use=use)
    cells = []
    for dimension in dimensions():
        ours = tuple(each for each in found if each.criterion.dimension == dimension.id)
        cells.append(
            Cell(dimension, ours, mean.get(dimension.id), words.get(dimension.id), _quotes_about(ours, quotes))
        )
    return Canvas(assessment, framework, tuple(cells), inside)


def latest_cells(organisation: Organisation) -> dict[str, CanvasCell]:
    """What holds in each cell, by id of its dimension."""
    rows = CanvasCell.objects.filter(organisation=organisation)
    newest = rows.order_by().values("dimension").annotate(newest=Max("version")).values_list("dimension", "newest")
    versions = dict(newest)
    # Eight cells, so this names eight versions at most.
    found = rows.filter(version__in=set(versions.values())).select_related("recorded_by")
    return {row.dimension: row for row in found if row.version == versions[row.dimension]}


def history_of(organisation: Organisation, dimension: str) -> QuerySet[CanvasCell]:
    """Everything that stood in a cell, the latest first."""
    rows = CanvasCell.objects.filter(organisation=organisation, dimension=dimension)
    return rows.select_related("recorded_by").order_by("-version")


def _quotes_about(ours: Sequence[Standing], quotes: Sequence[Shown]) -> tuple[Shown, ...]:
    """One or two quotes about these criteria: the newest, and where there is one, the newest that says otherwise."""
    criteria = {each.criterion.id for each in ours}
    about = [each for each in quotes if criteria & set(each.quote.themes)]
    first = about[:1]
    other = [each for each in about[1:] if first and each.quote.supports != first[0].quote.supports]
    return tuple([*first, *(other or about[1:])][:MOST_QUOTES])

"""What people spoke of: how many people, not how many quotes, and nobody named."""

from collections import defaultdict
from dataclasses import dataclass

from inroads.reference.definitions import load
from inroads.reference.definitions.framework import Criterion, Dimension, criteria_of, current
from inroads.reference.models import Organisation
from inroads.systems.models import Quote, Use
from inroads.systems.queries.interviews import TELLS_A_LIFE, standing


@dataclass(frozen=True)
class Theme:
    """How many people said something about a criterion. One person may speak for it and against it.

    `lived` are those who need services, or are trusted by somebody who does.
    """

    criterion: Criterion
    people: int
    lived: int
    speak_for: int
    speak_against: int


def themes_of(organisation: Organisation) -> list[tuple[Dimension, list[Theme]]]:
    """What people of a system spoke of, by dimension, of those who agree today that it is counted."""
    people: dict[str, set] = defaultdict(set)
    lived: dict[str, set] = defaultdict(set)
    spoken: dict[tuple[str, bool | None], set] = defaultdict(set)
    counted = standing(Quote.objects.filter(interview__organisation=organisation), (Use.THEMES,))
    for person, speaker, themes, supports in counted.values_list(
        "interview_id", "interview__speaker", "themes", "supports"
    ):
        for name in themes:
            people[name].add(person)
            spoken[name, supports].add(person)
            if speaker in TELLS_A_LIFE:
                lived[name].add(person)
    dimensions, found = load(Dimension), defaultdict(list)
    for each in criteria_of(current()):
        said = (people[each.id], lived[each.id], spoken[each.id, True], spoken[each.id, False])
        found[each.dimension].append(Theme(each, *map(len, said)))
    return [(dimensions[name], themes) for name, themes in found.items()]

"""What stands between the evidenced level and the next one."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Literal

from inroads.methods.maturity.criteria import Criterion, Element
from inroads.methods.maturity.evidence import NEARNESS, Evidence, Voice

Why = Literal["nothing", "undated", "not yet", "other kind", "expired", "not from people", "contradicted"]

ALL: tuple[Voice, ...] = ("organisation", "record", "people")
PEOPLE: tuple[Voice, ...] = ("people",)


@dataclass(frozen=True)
class Missing:
    """One condition of the next level that does not hold: evidence that has to be there and is not.

    level
        The level it belongs to.
    elements
        The elements one of which the evidence has to show; more than one only where any of them will do.
    voices
        Whose voice it may be.
    since
        The earliest date it may bear, where something contradicts the element; None where any date will do that has
        not expired.
    why
        What is there instead: `"nothing"`, something `"undated"`, `"not yet"` so on that day, of an `"other kind"`,
        `"expired"`, `"not from people"`, or evidence that is `"contradicted"`.
    """

    level: int
    elements: tuple[Element, ...]
    voices: tuple[Voice, ...]
    since: date | None
    why: Why

    def met_by(self, evidence: Iterable[Evidence], on: date) -> bool:
        """Whether some piece of this evidence does what is asked."""
        return any(self._met(piece, on) for piece in evidence)

    def _met(self, piece: Evidence, on: date) -> bool:
        if piece.voice not in self.voices or not any(piece.shows(element, on) for element in self.elements):
            return False
        return self.since is None or (piece.dated is not None and piece.dated >= self.since)

    def follows_from(self, other: "Missing") -> bool:
        """Whether whatever meets `other` meets this as well."""
        late = self.since is None or (other.since is not None and other.since >= self.since)
        return late and set(other.elements) <= set(self.elements) and set(other.voices) <= set(self.voices)


def unmet(criterion: Criterion, number: int, evidence: list[Evidence], on: date) -> tuple[Missing, ...]:
    """The conditions of level `number`, those of levels below aside, that do not hold; none that follows from another.

    Every element is shown; no element is denied by the organisation or a record later than it is shown by the same
    voice or a nearer one; one element is shown by people.
    """
    elements = criterion.levels[number - 1]
    conditions = [
        Missing(number, (element,), PEOPLE if element.from_people else ALL, None, "nothing") for element in elements
    ]
    conditions.append(Missing(number, elements, PEOPLE, None, "nothing"))
    for element in elements:
        for piece in evidence:
            if piece.element == element.code and not piece.supports and piece.voice != "people" and piece.said_by(on):
                nearer = PEOPLE if element.from_people else ALL[NEARNESS[piece.voice] :]
                conditions.append(Missing(number, (element,), nearer, piece.dated, "contradicted"))
    open_ones = [each for each in dict.fromkeys(conditions) if not each.met_by(evidence, on)]
    kept: list[Missing] = []
    for place, each in enumerate(open_ones):
        others = open_ones[:place] + open_ones[place + 1 :]
        # Of two that say the same, the first stays.
        implied = any(
            each.follows_from(other) and (not other.follows_from(each) or other in open_ones[:place])
            for other in others
        )
        if not implied:
            kept.append(Missing(each.level, each.elements, each.voices, each.since, _why(each, evidence, on)))
    order = [element.code for element in elements]
    kept.sort(key=lambda each: (order.index(each.elements[0].code), len(each.elements), str(each.since), each.voices))
    return tuple(kept)


def _why(condition: Missing, evidence: list[Evidence], on: date) -> Why:
    """The nearest thing to what is asked that there is."""
    if condition.since is not None:
        return "contradicted"
    kinds = {element.code: element.kinds for element in condition.elements}
    about = [piece for piece in evidence if piece.supports and piece.element in kinds]
    fitting = [piece for piece in about if piece.kind in kinds[piece.element]]
    if not fitting:
        return "other kind" if about else "nothing"
    spoken = [piece for piece in fitting if piece.voice in condition.voices]
    if not spoken:
        return "not from people"
    if any(piece.dated is not None and not piece.fresh(on) and piece.said_by(on) for piece in spoken):
        return "expired"
    return "undated" if all(piece.dated is None for piece in spoken) else "not yet"

"""What a criterion asks for, level by level."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Element:
    """One thing that has to be so before a level is reached.

    code
        Its name, used once in a criterion.
    kinds
        The kinds of evidence that can show it: at least one ("board minutes", "survey", "story" …).
    from_people
        Whether only people's experience can show it.
    """

    code: str
    kinds: tuple[str, ...]
    from_people: bool = False

    def __post_init__(self) -> None:
        """Raises `ValueError` where the code or the kinds are missing."""
        if not isinstance(self.code, str) or not self.code:
            raise ValueError(f"code: expected the name of an element, found {self.code!r}")
        given: object = self.kinds
        kinds = () if isinstance(given, str) else tuple(self.kinds)
        if not kinds or not all(isinstance(kind, str) for kind in kinds):
            raise ValueError(f"kinds: element {self.code!r} needs a list of kinds of evidence, at least one")
        object.__setattr__(self, "kinds", kinds)


@dataclass(frozen=True)
class Criterion:
    """A criterion with its levels.

    code
        Its name.
    levels
        The elements of level 1, of level 2, and so on up to the top; each level has at least one. Level 0 asks for
        nothing: everybody begins there.
    """

    code: str
    levels: tuple[tuple[Element, ...], ...]

    def __post_init__(self) -> None:
        """Raises `ValueError` naming the level that has no element, or the element that is there twice."""
        object.__setattr__(self, "levels", tuple(tuple(elements) for elements in self.levels))
        seen: set[str] = set()
        for number, elements in enumerate(self.levels, 1):
            if not elements:
                raise ValueError(f"levels: level {number} of {self.code!r} has no element; give at least one")
            for element in elements:
                if element.code in seen:
                    raise ValueError(
                        f"levels: element {element.code!r} of {self.code!r} is there twice; name each once"
                    )
                seen.add(element.code)

    @property
    def top(self) -> int:
        """The highest level."""
        return len(self.levels)

    def elements(self) -> dict[str, Element]:
        """All elements by code."""
        return {element.code: element for elements in self.levels for element in elements}

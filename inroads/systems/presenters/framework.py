"""The framework as open pages show it: by dimension, with what it answers elsewhere and what is new in an edition."""

from dataclasses import dataclass

from inroads.reference.definitions import load
from inroads.reference.definitions.framework import (
    Criterion,
    Crosswalk,
    Dimension,
    Framework,
    Recommendation,
    criteria_of,
)


@dataclass(frozen=True)
class Changes:
    """What is new in an edition against the one before: criteria that are new, replaced, and gone."""

    before: Framework
    new: tuple[Criterion, ...]
    replaced: tuple[tuple[Criterion, Criterion], ...]
    gone: tuple[Criterion, ...]


def editions() -> list[Framework]:
    """All editions, the newest first."""
    return sorted(load(Framework).values(), key=lambda each: (each.published_on, each.id), reverse=True)


def by_dimension(framework: Framework) -> list[tuple[Dimension, list[Criterion]]]:
    """The criteria of an edition under their dimensions, in the order of both."""
    dimensions = load(Dimension)
    found: dict[str, list[Criterion]] = {}
    for each in criteria_of(framework):
        found.setdefault(each.dimension, []).append(each)
    return [(dimensions[name], criteria) for name, criteria in found.items()]


def recommendations(criterion: Criterion) -> list[Recommendation]:
    """The recommendations of the report that a criterion answers, in the order of their numbers."""
    return sorted(
        (each for each in load(Recommendation).values() if each.number in criterion.recommendations),
        key=lambda each: each.number,
    )


def answers(criterion: Criterion) -> list[tuple[Crosswalk, tuple[str, ...]]]:
    """The other frameworks that a criterion answers, each with its parts."""
    known = load(Crosswalk)
    return [(known[name], parts) for name, parts in criterion.answers.items()]


def changes(framework: Framework) -> Changes | None:
    """What is new against the edition before; None for the first."""
    known = load(Criterion)
    older = [each for each in editions() if (each.published_on, each.id) < (framework.published_on, framework.id)]
    if not older:
        return None
    before = older[0]
    added = [name for name in framework.criteria if name not in before.criteria]
    replaced = [(known[known[name].replaces], known[name]) for name in added if known[name].replaces in before.criteria]
    taken = {old.id for old, _ in replaced}
    return Changes(
        before=before,
        new=tuple(known[name] for name in added if known[name].replaces not in before.criteria),
        replaced=tuple(replaced),
        gone=tuple(known[name] for name in before.criteria if name not in framework.criteria and name not in taken),
    )


def replaced(criterion: Criterion) -> Criterion | None:
    """The criterion that this one replaces, None where it is new."""
    return load(Criterion).get(criterion.replaces)

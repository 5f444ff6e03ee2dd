"""A codebook of somebody else beside the framework: which of its codes are called as one of ours. Nothing is kept."""

from collections import defaultdict
from dataclasses import dataclass

from inroads.interop.qdpx.framework import guid_of_criterion, name_of
from inroads.interop.qdpx.model import Code, Codebook, every_code
from inroads.reference.definitions import load
from inroads.reference.definitions.framework import Criterion, Dimension, Framework, criteria_of


@dataclass(frozen=True)
class Pair:
    """A criterion of ours and the codes of theirs that are the same by GUID or name; mostly one, often none."""

    criterion: Criterion
    dimension: str
    theirs: tuple[Code, ...]


@dataclass(frozen=True)
class Beside:
    """Two codebooks side by side. `others` are codes of theirs that match none of ours, with the one above each."""

    pairs: tuple[Pair, ...]
    others: tuple[tuple[Code, str], ...]

    @property
    def matched(self) -> int:
        """How many criteria have a code of theirs."""
        return sum(bool(each.theirs) for each in self.pairs)


def beside(theirs: Codebook, framework: Framework) -> Beside:
    """Their codes beside the criteria of an edition."""
    ours, dimensions = criteria_of(framework), load(Dimension)
    by_name: dict[str, list[str]] = defaultdict(list)
    for each in ours:
        by_name[name_of(each.title)].append(each.id)
    by_guid = {guid_of_criterion(each.id): [each.id] for each in ours}
    names = {code.guid: code.name for code, _ in every_code(theirs.codes)}
    matched: dict[str, list[Code]] = defaultdict(list)
    others = []
    for code, above in theirs.every():
        found = by_guid.get(code.guid) or by_name.get(name_of(code.name), [])
        for own in found:
            matched[own].append(code)
        if not found and code.is_codable:
            others.append((code, names.get(above, "")))
    pairs = [Pair(each, dimensions[each.dimension].title, tuple(matched[each.id])) for each in ours]
    return Beside(tuple(pairs), tuple(others))

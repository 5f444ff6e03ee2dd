"""What is lent: kinds of kit, and bundles of what goes together."""

from dataclasses import dataclass
from functools import cache
from typing import ClassVar, Literal

from inroads.reference.definitions import DefinitionError, load
from inroads.reference.definitions.care import Help

KitGroup = Literal["device", "accessory", "sim", "data"]


@dataclass(frozen=True)
class Kit:
    """A kind of thing that is lent. `many` is its title for several, `plain` is read to the person.

    `holds_data`: somebody's own things can be on it, so it is wiped before anybody else has it. `has_data`: it comes
    with data that ends on a day. `helps` are ids of what it does for people, from `definitions/helps/`.
    """

    KIND: ClassVar[str] = "kit"

    id: str
    title: str
    many: str
    plain: str
    kind: KitGroup
    holds_data: bool
    has_data: bool
    helps: tuple[str, ...]
    order: int
    source: str


@dataclass(frozen=True)
class Bundle:
    """Things that are lent together, with people beside them. `items` says how many of each kind of kit."""

    KIND: ClassVar[str] = "bundles"

    id: str
    title: str
    plain: str
    items: dict[str, int]
    mentors: int
    order: int
    source: str

    def __post_init__(self) -> None:
        if not self.items or min(self.items.values()) < 1 or self.mentors < 0:
            raise ValueError("field 'items': a bundle has at least one of each thing in it, and no less than 0 mentors")


@cache
def kit() -> dict[str, Kit]:
    """Kinds of kit by id, in the order in which they are offered. Raises `DefinitionError`."""
    found = load(Kit)
    helps = load(Help)
    for each in found.values():
        for name in each.helps:
            if name not in helps:
                raise DefinitionError(f"definitions/kit/{each.id}.toml: field 'helps': there is no help '{name}'")
    return {each.id: each for each in sorted(found.values(), key=lambda each: (each.order, each.id))}


@cache
def bundles() -> dict[str, Bundle]:
    """Bundles by id, in the order in which they are offered. Raises `DefinitionError`."""
    found = load(Bundle)
    for each in found.values():
        for name in each.items:
            if name not in kit():
                raise DefinitionError(f"definitions/bundles/{each.id}.toml: field 'items': there is no kit '{name}'")
    return {each.id: each for each in sorted(found.values(), key=lambda each: (each.order, each.id))}

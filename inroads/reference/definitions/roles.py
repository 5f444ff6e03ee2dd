"""What a role is, in the words of `definitions/roles/`."""

from dataclasses import dataclass
from typing import ClassVar

from inroads.reference.models import Kind


@dataclass(frozen=True)
class Role:
    """A role somebody can have in an organisation.

    `may` and `may_not` are sentences read by the people who hold the role. `permissions` are names from
    `inroads.accounts.permissions.Permission`. `held_in` are the kinds of organisation where the role makes sense.
    Who holds a `private` role is seen only by those who manage roles, not by everyone who may see who signs in.
    """

    KIND: ClassVar[str] = "roles"

    id: str
    title: str
    description: str
    may: tuple[str, ...]
    may_not: tuple[str, ...]
    permissions: tuple[str, ...]
    held_in: tuple[str, ...]
    private: bool = False

    def __post_init__(self) -> None:
        for kind in self.held_in:
            if kind not in Kind.values:
                raise ValueError(f"field 'held_in': '{kind}' is not one of {', '.join(Kind.values)}")
        if not self.held_in:
            raise ValueError("field 'held_in': a role needs at least one kind of organisation to be held in")

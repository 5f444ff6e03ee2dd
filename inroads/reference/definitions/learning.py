"""What people practise with a mentor, contexts of treatment in which an app is safe, and how strong evidence is."""

from dataclasses import dataclass
from functools import cache
from typing import ClassVar

from inroads.reference.definitions import load


@dataclass(frozen=True)
class DigitalTask:
    """Something that somebody can do alone, with help, not yet, or does not want to. `group` is a heading."""

    KIND: ClassVar[str] = "digital_tasks"

    id: str
    title: str
    group: str
    order: int
    source: str


@dataclass(frozen=True)
class TreatmentContext:
    """A time in somebody's care at which an app may be used, or may not."""

    KIND: ClassVar[str] = "treatment_contexts"

    id: str
    title: str
    plain: str
    order: int
    source: str


@dataclass(frozen=True)
class EvidenceStrength:
    """How sure it is that something helps. The higher `order`, the stronger; 0 is none."""

    KIND: ClassVar[str] = "evidence_strengths"

    id: str
    title: str
    plain: str
    order: int
    source: str


@cache
def digital_tasks() -> dict[str, DigitalTask]:
    """Tasks by id, in the order in which they are shown."""
    return {each.id: each for each in sorted(load(DigitalTask).values(), key=lambda each: each.order)}


@cache
def treatment_contexts() -> dict[str, TreatmentContext]:
    """Contexts by id, in the order in which they are shown."""
    return {each.id: each for each in sorted(load(TreatmentContext).values(), key=lambda each: each.order)}


@cache
def evidence_strengths() -> dict[str, EvidenceStrength]:
    """Strengths by id, the weakest first."""
    return {each.id: each for each in sorted(load(EvidenceStrength).values(), key=lambda each: each.order)}

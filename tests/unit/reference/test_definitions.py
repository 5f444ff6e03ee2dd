"""Every definition loads, and one that does not fit is refused with file and field."""

from dataclasses import dataclass
from datetime import date
from typing import ClassVar, Literal

import pytest

from inroads.accounts.permissions import roles
from inroads.reference.definitions import (
    DefinitionError,
    care,
    comparisons,
    conversation,
    figures,
    folder,
    framework,
    indices,
    learning,
    lending,
    load,
    measures,
    rates,
    read,
    waves,
    wordings,
)
from inroads.reference.definitions import roles as role_definitions

SHAPES = [
    *(figures.Source, figures.Indicator, figures.Group, figures.FigureTable, indices.Index, role_definitions.Role),
    *(conversation.BarrierGroup, conversation.Barrier, conversation.Strength, conversation.LifeEvent),
    *(care.Way, care.PathwayTemplate, care.Help, care.Community, care.Language, care.Format),
    *(lending.Kit, lending.Bundle),
    *(measures.Measure, rates.RateTable, rates.Population),
    wordings.Wording,
    waves.PublishedWave,
    *(learning.DigitalTask, learning.TreatmentContext, learning.EvidenceStrength),
    *(framework.Dimension, framework.Recommendation, framework.EvidenceKind, framework.Crosswalk),
    *(framework.Criterion, framework.Framework, framework.KeyLine, framework.LeadershipRole),
    comparisons.PublishedComparison,
]


@dataclass(frozen=True)
class Inner:
    part: str
    weight: float = 1


@dataclass(frozen=True)
class Example:
    KIND: ClassVar[str] = "examples"

    id: str
    title: str
    count: int = 0
    kind: Literal["a", "b"] = "a"
    parts: tuple[Inner, ...] = ()
    since: date | None = None


@pytest.mark.parametrize("shape", SHAPES, ids=lambda shape: shape.__name__)
def test_every_definition_of_a_kind_loads(shape):
    found = load(shape)
    assert found
    assert all(key == each.id for key, each in found.items())


def test_no_folder_of_definitions_is_left_unread():
    kinds = {shape.KIND for shape in SHAPES} | {"organisations"}
    assert {each.name for each in folder().iterdir() if each.is_dir()} == kinds


def test_indicators_groups_and_indices_name_what_exists():
    sources, indicators = load(figures.Source), load(figures.Indicator)
    for each in [*indicators.values(), *load(figures.Group).values(), *load(indices.Index).values()]:
        assert each.source in sources, each.id
    for index in load(indices.Index).values():
        for part in index.parts:
            assert part.indicator in indicators, part.indicator


def test_roles_name_permissions_that_exist():
    assert len(roles()) == 14


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("title = 3", "field 'title': expected text, found 3"),
        ("", "field 'title' is missing"),
        ('title = "x"\ncolour = "red"', "unknown field 'colour'"),
        ('title = "x"\ncount = "many"', "field 'count': expected a whole number"),
        ('title = "x"\ncount = true', "field 'count': expected a whole number"),
        ('title = "x"\nkind = "c"', "'c' is not one of a, b"),
        ('title = "x"\nparts = 4', "field 'parts': expected a list"),
        ('title = "x"\n[[parts]]\nweight = 1', "field 'parts', item 1: field 'part' is missing"),
        ('title = "x"\nsince = "May"', "field 'since': expected a date"),
        ("title = ", "not readable as TOML"),
    ],
)
def test_what_does_not_fit_is_refused_with_file_and_field(tmp_path, text, said):
    path = tmp_path / "one.toml"
    path.write_text(text)
    with pytest.raises(DefinitionError, match=r"one\.toml") as refused:
        read(path, Example)
    assert said in str(refused.value)


def test_what_fits_is_read(tmp_path):
    path = tmp_path / "one.toml"
    path.write_text('title = " x "\ncount = 2\nsince = 2026-03-27\n[[parts]]\npart = "p"\nweight = 2')
    found = read(path, Example)
    assert found == Example("one", "x", 2, "a", (Inner("p", 2.0),), date(2026, 3, 27))

"""The framework is whole: every level can be reached, every name is known, every recommendation is answered."""

from collections import Counter
from datetime import date

import pytest

from inroads.reference.definitions import DefinitionError, load
from inroads.reference.definitions.framework import (
    Criterion,
    Crosswalk,
    Dimension,
    EvidenceKind,
    Framework,
    KeyLine,
    Recommendation,
    criteria_of,
    current,
    line_of,
)

CRITERIA = list(load(Criterion).values())
SECTIONS = ("4.2", "4.3", "4.4", "4.5", "4.6", "4.7", "4.8", "4.9")


def by_id(found):
    return [pytest.param(each, id=each.id) for each in found]


@pytest.mark.parametrize("criterion", by_id(CRITERIA))
def test_people_speak_on_every_level_and_every_kind_of_evidence_is_known(criterion):
    kinds = load(EvidenceKind)
    for number, level in enumerate(criterion.levels, 1):
        assert all(set(element.shown_by) <= set(kinds) for element in level.elements)
        people = [e for e in level.elements if any("people" in kinds[kind].voices for kind in e.shown_by)]
        assert people, f"level {number}: no element can be shown by people, so it could never be reached"
        for element in level.elements:
            assert not element.from_people or all("people" in kinds[kind].voices for kind in element.shown_by)
            assert 1 <= element.months <= 60
            assert criterion.level_of(element.id) == number
    assert len(criterion.elements()) == sum(len(level.elements) for level in criterion.levels), "an id is there twice"


@pytest.mark.parametrize("criterion", by_id(CRITERIA))
def test_what_a_criterion_answers_elsewhere_is_called_as_it_is_called_there(criterion):
    known = load(Crosswalk)
    assert criterion.dimension in load(Dimension)
    assert set(criterion.answers) <= set(known)
    for name, parts in criterion.answers.items():
        assert set(parts) <= set(known[name].parts), name


def test_the_eight_themes_and_the_twelve_recommendations_are_all_there():
    assert [each.section for each in sorted(load(Dimension).values(), key=lambda each: each.order)] == list(SECTIONS)
    numbers = {each.number for each in load(Recommendation).values()}
    assert numbers == set(range(1, 13))
    assert {number for each in CRITERIA for number in each.recommendations} == numbers
    assert set(Counter(each.dimension for each in CRITERIA)) == set(load(Dimension))


def test_every_framework_of_the_field_is_answered_somewhere():
    named = {(name, part) for each in CRITERIA for name, parts in each.answers.items() for part in parts}
    for framework in ("wgll", "nhse_2023"):
        missing = [part for part in load(Crosswalk)[framework].parts if (framework, part) not in named]
        assert not missing, f"{framework}: {missing}"
    assert {name for name, _ in named} == set(load(Crosswalk))


def test_the_edition_names_each_criterion_once_by_theme():
    found = criteria_of(current())
    assert len(found) == len(set(current().criteria)) == 20
    orders = [load(Dimension)[each.dimension].order for each in found]
    assert orders == sorted(orders)


def test_key_lines_speak_of_criteria_that_there_are():
    for each in load(KeyLine).values():
        assert set(each.criteria) <= set(load(Criterion)), each.id


def test_an_edition_that_names_an_unknown_criterion_is_refused_with_its_file():
    edition = Framework("x", "X", date(2026, 1, 1), "words", ("codesign", "nothing_of_the_kind"))
    with pytest.raises(DefinitionError, match=r"frameworks/x\.toml.*'nothing_of_the_kind'"):
        criteria_of(edition)


def test_before_the_first_edition_there_is_none():
    assert current(date(2026, 4, 1)).id == "2026"
    with pytest.raises(DefinitionError, match="no edition"):
        current(date(2020, 1, 1))


def test_a_criterion_that_replaces_nothing_stands_alone():
    assert line_of("codesign") == ("codesign",)
    assert line_of("nothing_of_the_kind") == ("nothing_of_the_kind",)

"""Finding by several words: the same people as by looking at everybody, however common the words are."""

import itertools

import people_factories as make
import pytest
from kept_rows import afresh

from inroads.people.queries import records

FIRST = ("John", "Joan", "Jo", "Sam", "Smilla")
FAMILY = ("Smith", "Smythe", "Jones", "Samson-Jordan", "Ó Sé")
TYPED = (
    "jo sm",
    "sm jo",
    "john smith",
    "sam sam",
    "jo jo",
    "j sm",
    "sm s",
    "jo xq",
    "samson jordan",
    "o se",
    "jo sm x",
)


@pytest.fixture(scope="module")
def made(rows_for_all):
    team, other = make.make_team("One"), make.make_team("Two")
    by, elsewhere = make.make_worker(team), make.make_worker(other)
    names = [f"{first} {family}" for first, family in itertools.product(FIRST, FAMILY)]
    people = [make.make_person(team, by=by, full_name=name, known_as=name.split()[0]) for name in [*names, *names[:7]]]
    for name in names[:5]:
        make.make_person(other, by=elsewhere, full_name=name, known_as="Jo")
    return by, people


@pytest.fixture
def everybody(made, db):
    return afresh(made)


def _looked_at(people, typed):
    wanted = records.plain(typed).split()
    return {
        person.pk
        for person in people
        if all(
            any(word.startswith(each) for word in records.plain(f"{person.full_name} {person.known_as}").split())
            for each in wanted
        )
    }


@pytest.mark.parametrize("typed", TYPED)
@pytest.mark.parametrize("first_look", [2, 5, 2000])
@pytest.mark.parametrize("page", [3, 25])
def test_the_same_people_are_found_however_few_are_looked_at_first(everybody, monkeypatch, typed, first_look, page):
    by, people = everybody
    monkeypatch.setattr(records, "FIRST_LOOK", first_look)
    monkeypatch.setattr(records, "PAGE", page)
    expected = _looked_at(people, typed)
    found = [person.pk for person in records.find_people(by, typed)]
    assert len(found) == len(set(found)) == min(len(expected), page + 1)
    assert set(found) <= expected
    assert found == [person.pk for person in records.find_people(by, typed)]

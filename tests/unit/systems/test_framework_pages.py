"""Open pages of the framework: what is asked, what can show it, and what it answers elsewhere."""

import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from reading import reading_age

from inroads.reference.definitions import load
from inroads.reference.definitions.framework import (
    Criterion,
    Crosswalk,
    Dimension,
    EvidenceKind,
    Framework,
    Recommendation,
    criteria_of,
)
from inroads.systems.presenters.framework import changes

pytestmark = pytest.mark.django_db
EDITION = "2026"


def text_of(answer):
    found = answer.content.decode()
    main = found[found.index('<main class="nhsuk-main-wrapper"') : found.index("</main>")]
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", main)).replace("&#39;", "'").replace("&amp;", "&")


def page(name, **arguments):
    with CaptureQueriesContext(connection) as asked:
        answer = Client().get(reverse(f"systems:{name}", kwargs=arguments))
    assert not asked.captured_queries, "open pages ask the database nothing"
    return answer


def test_anybody_reads_the_current_edition_by_dimension():
    shown = text_of(page("framework"))
    assert shown == text_of(page("framework_edition", edition=EDITION))
    dimensions = sorted(load(Dimension).values(), key=lambda each: each.order)
    places = [shown.index(each.title) for each in dimensions]
    assert places == sorted(places)
    assert all(each.asks in shown for each in criteria_of(load(Framework)[EDITION]))


@pytest.mark.parametrize("criterion", load(Framework)[EDITION].criteria)
def test_a_criterion_says_all_there_is_to_it(criterion):
    known = load(Criterion)[criterion]
    answer = page("framework_criterion", edition=EDITION, criterion=criterion)
    shown, kinds = text_of(answer), load(EvidenceKind)
    assert known.asks in shown
    for number, level in enumerate(known.levels, 1):
        assert f"Level {number}: {level.title}" in shown
        for element in level.elements:
            told = shown[shown.index(element.title) :][: len(element.title) + 400]
            assert f"It holds {element.months} months" in told
            able = [name for name in element.shown_by if not element.from_people or "people" in kinds[name].voices]
            assert all(kinds[name].title.lower() in told.lower() for name in able)
            assert ("Only people themselves can." in told.split(" It holds")[0]) == element.from_people
    for each in load(Recommendation).values():
        assert (f"{each.section}: {each.title}" in shown) == (each.number in known.recommendations)
    for each in load(Crosswalk).values():
        if each.id in known.answers:
            parts = "; ".join(known.answers[each.id])
            assert f"{each.title} ({each.publisher}, {each.year}): {parts}" in shown
            assert f'href="{each.address}"' in answer.content.decode()
        else:
            assert each.title not in shown


def test_what_is_not_in_the_framework_is_not_found():
    assert page("framework_edition", edition="1066").status_code == 404
    assert page("framework_criterion", edition="1066", criterion="codesign").status_code == 404
    assert page("framework_criterion", edition=EDITION, criterion="nothing").status_code == 404


def test_the_first_edition_has_nothing_before_it():
    assert changes(load(Framework)[EDITION]) is None
    assert "What is new" not in text_of(page("framework"))


def test_the_pages_are_easy_to_read():
    around = [text_of(page("framework_criterion", edition=EDITION, criterion=each)) for each in ("codesign", "board")]
    assert all(reading_age(each.split("Where it answers other")[0]) < 16 for each in around)

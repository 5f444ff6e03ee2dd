"""What a reader is told about a level: why something is missing, what contradicts, and what was given wrongly."""

from dataclasses import replace
from datetime import date, datetime

import pytest

from inroads.methods.maturity import Claim, Criterion, Element, Evidence, level

TODAY = date(2026, 3, 1)
CRITERION = Criterion(
    "co-design",
    (
        (Element("named lead", ("minutes",)), Element("people asked", ("survey", "story"))),
        (Element("people paid", ("survey",), from_people=True),),
        (Element("told back", ("survey",)),),
    ),
)


def test_why_something_is_missing_is_said():
    def why(*evidence):
        (first, *_) = level(CRITERION, evidence, TODAY).missing
        assert first.elements[0].code == "named lead"
        return first.why

    piece = Evidence("named lead", "minutes", date(2026, 1, 1), 365, "record")
    assert why() == "nothing"
    assert why(replace(piece, dated=None)) == "undated"
    assert why(replace(piece, kind="story")) == "other kind"
    assert why(replace(piece, expires=10)) == "expired"
    assert why(replace(piece, dated=date(2026, 4, 1))) == "not yet"
    assert why(piece, replace(piece, supports=False, dated=date(2026, 2, 1))) == "contradicted"
    (people,) = level(CRITERION, [piece, replace(piece, element="people asked", kind="survey")], TODAY).missing
    assert people.why == "not from people"
    assert {element.code for element in people.elements} == {"named lead", "people asked"}


def test_a_record_is_set_right_by_a_record_or_by_people_but_not_by_words():
    base = [
        Evidence("named lead", "minutes", date(2026, 1, 1), 365, "people"),
        Evidence("people asked", "survey", date(2026, 1, 1), 365, "record"),
    ]
    denial = Evidence("people asked", "story", date(2026, 2, 1), 365, "record", supports=False)
    later = Evidence("people asked", "survey", date(2026, 2, 1), 365, "organisation")
    assert level(CRITERION, base, TODAY).evidenced == 1
    assert level(CRITERION, [*base, denial], TODAY).evidenced == 0
    assert level(CRITERION, [*base, denial, later], TODAY).evidenced == 0
    assert level(CRITERION, [*base, denial, replace(later, voice="record")], TODAY).evidenced == 1
    assert level(CRITERION, [*base, denial, replace(later, voice="people")], TODAY).evidenced == 1
    assert level(CRITERION, [*base, denial], TODAY).contrary == (denial,)


@pytest.mark.parametrize(
    ("made", "words"),
    [
        (lambda: Element("", ("minutes",)), "code: "),
        (lambda: Element("lead", ()), "kinds: element 'lead'"),
        (lambda: Element("lead", "minutes"), "kinds: element 'lead'"),
        (lambda: Criterion("c", ((),)), "levels: level 1 of 'c' has no element"),
        (
            lambda: Criterion("c", ((Element("a", ("x",)),), (Element("a", ("x",)),))),
            "element 'a' of 'c' is there twice",
        ),
        (lambda: Evidence("plan", "survey", "2026", 1, "people"), "dated: "),
        (lambda: Evidence("plan", "survey", TODAY, -1, "people"), "expires: "),
        (
            lambda: Evidence("plan", "survey", TODAY, 1, "somebody"),
            "voice: expected one of organisation, record, people",
        ),
        (lambda: Claim(-1, "lead"), "level: "),
        (lambda: Claim(1, "lead", "today"), "dated: "),
        (lambda: level(CRITERION, [Claim(4, "lead")], TODAY), "row 0 .* claims level 4; 'co-design' goes up to 3"),
        (lambda: level(CRITERION, [Evidence("x", "y", TODAY, 1, "people")], TODAY), "row 0 .* is about 'x'"),
        (lambda: level(CRITERION, ["minutes"], TODAY), "row 0 .* is 'minutes'; give Evidence or a Claim"),
        (lambda: level(CRITERION, [], datetime(2026, 1, 1)), "on: expected a date"),
    ],
)
def test_what_does_not_fit_is_refused_in_words(made, words):
    with pytest.raises(ValueError, match=words):
        made()

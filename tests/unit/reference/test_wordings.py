"""Words about people: what the glossary asks to leave is found in every form, and names are passed over."""

import pytest

from inroads.reference.definitions import load
from inroads.reference.definitions.wordings import Wording, words_to_change


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("We asked 12 service users and one Service  User.", ["service users", "Service  User"]),
        ("Patients’ wishes; a patient's choice", ["Patients", "patient"]),
        ("hard-to-reach groups are not hard to reach", ["hard-to-reach", "hard to reach"]),
        ("Mental ill-health, mental health difficulties", ["Mental ill-health", "mental health difficulties"]),
        ("the elderly suffer", ["the elderly", "suffer"]),
        ("laggards", ["laggards"]),
        ("impatient outpatients, sufferance and an elderly cat", []),
        ("seldom heard people who need services", []),
        ("", []),
    ],
)  # fmt: skip
def test_words_are_found_as_whole_words_in_every_form(text, found):
    assert [each.words for each in words_to_change(text)] == found
    for each in words_to_change(text):
        assert text[each.start : each.end] == each.words


def test_a_name_is_passed_over_and_the_same_word_beside_it_is_not():
    text = "The patient and carer race equality framework asks patients."
    assert [(each.words, each.start) for each in words_to_change(text)] == [("patients", text.rindex("patients"))]
    assert not words_to_change("Patients Know Best, and the Electronic Patient Record")


@pytest.mark.parametrize("wording", load(Wording).values(), ids=lambda each: each.id)
def test_what_is_said_instead_is_not_itself_to_be_left(wording):
    assert wording.say
    assert wording.why
    assert wording.source
    assert not words_to_change(wording.say)
    for form in wording.not_this:
        assert words_to_change(f"They said {form}.")

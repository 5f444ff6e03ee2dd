"""Words inside a sentence, and distances."""

import pytest

from inroads.design.wording import as_the_crow_flies, in_sentence


@pytest.mark.parametrize(
    ("title", "said"),
    [
        ("A smartphone", "a smartphone"),
        ("A SIM card with data", "a SIM card with data"),
        ("SIM card", "SIM card"),
        ("BSL interpreter", "BSL interpreter"),
        ("2 tablets", "2 tablets"),
        ("", ""),
    ],
)
def test_a_title_inside_a_sentence(title, said):
    assert in_sentence(title) == said


@pytest.mark.parametrize(("km", "said"), [(0.0, "less than 0.1 km"), (0.1, "about 0.1 km"), (12.34, "about 12.3 km")])
def test_what_is_next_door_is_not_said_to_be_nowhere(km, said):
    assert as_the_crow_flies(km) == said

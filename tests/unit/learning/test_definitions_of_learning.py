"""Tasks with a mentor, times in somebody's care, and how sure it is that something helps: readable and complete."""

import pytest
from reading import reading_age

from inroads.reference.definitions.learning import digital_tasks, evidence_strengths, treatment_contexts

KINDS = [digital_tasks, treatment_contexts, evidence_strengths]
SAID = {f"task {each.id}": f"{each.title}." for each in digital_tasks().values()}
SAID |= {f"time {each.id}": f"{each.title}. {each.plain}" for each in treatment_contexts().values()}
SAID |= {f"evidence {each.id}": f"{each.title}. {each.plain}" for each in evidence_strengths().values()}
OLDEST_READER = 9


@pytest.mark.parametrize("where", SAID)
def test_everything_can_be_read_at_the_age_of_nine(where):
    assert reading_age(SAID[where]) <= OLDEST_READER, SAID[where]


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
def test_an_order_is_given_once_and_every_source_is_named(kind):
    found = list(kind().values())
    assert len(found) > 4
    assert len({each.order for each in found}) == len(found)
    assert [each.order for each in found] == sorted(each.order for each in found)
    assert all(each.source for each in found)


def test_tasks_of_one_heading_stand_together_enough_to_be_read():
    assert {each.group for each in digital_tasks().values()} == {
        "Use a device", "Talk with people", "Find and judge", "Get things done", "Stay safe",
    }  # fmt: skip


def test_no_evidence_is_the_weakest_and_a_crisis_says_that_an_app_never_stands_alone():
    assert next(iter(evidence_strengths())) == "none"
    assert evidence_strengths()["none"].order == 0
    assert "never stands alone" in treatment_contexts()["crisis"].plain

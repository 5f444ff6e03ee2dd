"""What is counted, beside a slow plain twin, on made-up extracts."""

from collections import Counter
from datetime import date

import ibis
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from inroads.analytics import counted
from inroads.analytics.extract import TABLES

TOPICS = ("devices", "data", "skills", "trust")
ASKED = ("devices", "data", "skills")


def tables_of(**rows):
    """Tables as an extract has them; a table that is not given is empty."""
    made = {name: pa.Table.from_pylist(rows.get(name, []), schema=TABLES[name]) for name in TABLES}
    return counted.Tables(**{name: ibis.memtable(table) for name, table in made.items()})


def person(number, **other):
    usual = {"system": "s", "organisation": "o", "neighbourhood": "E01000001", "age_band": "", "language": ""}
    return {"person": number, **usual, "communities": [], **other}


def answer(number, topic, said, **other):
    usual = {"asked_of": "person", "channel": "phone", "said_by": "person", "said_on": date(2026, 10, 1)}
    return {"person": number, "topic": topic, "answer": said, **usual, **other}


def rows_of(expression):
    return expression.to_pyarrow().to_pylist()


def heard_of(tables):
    return counted.heard(tables, barriers=ASKED, answers=("yes",), least_asked=2)


def test_who_answered_one_question_only_was_not_asked():
    tables = tables_of(people=[person(1)], answers=[answer(1, "devices", "yes"), answer(1, "trust", "yes")])
    assert rows_of(heard_of(tables)) == []


def test_rather_not_saying_is_no_answer_and_a_bit_is_not_left_out():
    said = [answer(1, "devices", "a_bit"), answer(1, "data", "prefer_not"), answer(1, "skills", "no")]
    (row,) = rows_of(heard_of(tables_of(people=[person(1)], answers=said)))
    assert (row["found"], row["digital"]) == (False, False)


def test_somebody_counts_as_digital_only_where_all_they_said_was():
    said = [answer(1, "devices", "yes", channel="screen"), answer(1, "data", "no", channel="paper")]
    said += [answer(2, "devices", "yes", channel="screen"), answer(2, "data", "no", channel="video")]
    rows = rows_of(heard_of(tables_of(people=[person(1), person(2)], answers=said)))
    assert {row["person"]: row["digital"] for row in rows} == {1: False, 2: True}


def test_whoever_belongs_to_two_communities_counts_in_both():
    said = [answer(1, "devices", "yes"), answer(1, "data", "no")]
    tables = tables_of(people=[person(1, communities=["carers", "refugees"])], answers=said)
    rows = rows_of(counted.by_community(heard_of(tables)))
    assert [(row["group"], row["found"], row["n"]) for row in rows] == [("carers", True, 1), ("refugees", True, 1)]


def test_an_occasion_is_one_person_one_day_one_way():
    said = [answer(1, "devices", "yes"), answer(1, "data", "no"), answer(1, "skills", "no", channel="paper")]
    rows = rows_of(counted.by_channel(tables_of(people=[person(1)], answers=said)))
    assert [(row["channel"], row["n"]) for row in rows] == [("paper", 1), ("phone", 1)]


people = st.lists(
    st.fixed_dictionaries(
        {
            "neighbourhood": st.sampled_from(["E01000001", "E01000002", ""]),
            "system": st.sampled_from(["s", "t"]),
            "communities": st.lists(st.sampled_from(["carers", "refugees"]), unique=True),
            "answers": st.dictionaries(
                st.sampled_from(TOPICS),
                st.tuples(st.sampled_from(["yes", "a_bit", "no", "prefer_not"]), st.sampled_from(["phone", "screen"])),
            ),
        }
    ),
    max_size=12,
)


@settings(max_examples=12, deadline=None)
@given(people)
def test_counts_are_those_of_a_plain_twin(drawn):
    rows, said = [], []
    for number, each in enumerate(drawn):
        rows.append(
            person(number, system=each["system"], neighbourhood=each["neighbourhood"], communities=each["communities"])
        )
        said += [answer(number, topic, word, channel=channel) for topic, (word, channel) in each["answers"].items()]
    tables = tables_of(people=rows, answers=said)
    by_place, patterns = Counter(), Counter()
    for each in drawn:
        told = {topic: at for topic, at in each["answers"].items() if at[0] != "prefer_not"}
        asked = {topic: at for topic, at in told.items() if topic in ASKED}
        if len(asked) >= 2:
            found = any(word == "yes" for word, _ in asked.values())
            digital = all(channel == "screen" for _, channel in asked.values())
            by_place[each["system"], each["neighbourhood"], digital, found] += 1
        if told:
            known = sum(1 << TOPICS.index(topic) for topic in told)
            hard = sum(1 << TOPICS.index(topic) for topic, (word, _) in told.items() if word != "no")
            for community in ("", *each["communities"]):
                patterns[each["system"], community, known, hard] += 1
    assert _counter(counted.by_neighbourhood(heard_of(tables))) == by_place
    of_communities = _counter(counted.patterns_by_community(tables, topics=TOPICS))
    everybody = {
        (system, "", *rest): n for (system, *rest), n in _counter(counted.patterns(tables, topics=TOPICS)).items()
    }
    assert of_communities + Counter(everybody) == patterns


def _counter(expression):
    return Counter({tuple(value for key, value in row.items() if key != "n"): row["n"] for row in rows_of(expression)})


@pytest.mark.parametrize("name", ["by_way", "by_loan", "by_referral"])
def test_nothing_to_count_gives_no_rows(name):
    assert rows_of(getattr(counted, name)(tables_of(people=[person(1)]))) == []


def test_what_was_borrowed_twice_counts_a_person_once():
    loans = [
        {"person": 1, "kind": "tablet", "lent_on": date(2026, 9, day), "ended_on": None, "ended_how": ""}
        for day in (1, 2)
    ]
    (row,) = rows_of(counted.by_loan(tables_of(people=[person(1)], loans=loans)))
    assert (row["kind"], row["ended_how"], row["n"]) == ("tablet", "", 1)

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
    usual = {
        "asked_of": "person",
        "channel": "phone",
        "said_by": "person",
        "said_on": date(2026, 10, 1),
        "written_on": date(2026, 10, 1),
    }
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


def test_what_was_said_on_the_day_of_the_release_before_is_not_counted_again():
    since, after = date(2026, 9, 30), date(2026, 10, 1)
    said = [answer(1, "devices", "yes", written_on=since), answer(1, "data", "no", written_on=since)]
    said += [answer(2, "devices", "yes", written_on=after), answer(2, "data", "no", written_on=after)]
    chosen = {"pathway": "p", "stage": 1, "way": "phone", "digital": False, "channel": "phone"}
    sent = {"touchpoint": "t", "service": "s", "help": "h", "state": "sent", "answer": ""}
    tables = tables_of(
        people=[person(1), person(2)],
        answers=said,
        choices=[{"person": 1, **chosen, "written_on": since}, {"person": 2, **chosen, "written_on": after}],
        referrals=[{"person": 1, **sent, "since": since}, {"person": 2, **sent, "since": after}],
    )
    assert [row["person"] for row in rows_of(heard_of(counted.written_after(tables, since)))] == [2]
    assert [row["n"] for row in rows_of(counted.by_way(counted.written_after(tables, since)))] == [1]
    assert [row["n"] for row in rows_of(counted.by_referral(counted.written_after(tables, since)))] == [1]
    assert sorted(row["person"] for row in rows_of(heard_of(tables))) == [1, 2]


def test_a_loan_counts_anew_when_it_ends_and_not_while_it_lasts():
    since, before, after = date(2026, 9, 30), date(2026, 9, 1), date(2026, 10, 5)
    loans = [
        {"person": 1, "kind": "tablet", "lent_on": before, "ended_on": None, "ended_how": ""},
        {"person": 2, "kind": "tablet", "lent_on": before, "ended_on": since, "ended_how": "lost"},
        {"person": 3, "kind": "tablet", "lent_on": before, "ended_on": after, "ended_how": "returned"},
        {"person": 4, "kind": "tablet", "lent_on": after, "ended_on": None, "ended_how": ""},
    ]
    tables = tables_of(people=[person(number) for number in (1, 2, 3, 4)], loans=loans)
    rows = rows_of(counted.by_loan(counted.written_after(tables, since)))
    assert [(row["ended_how"], row["n"]) for row in rows] == [("", 1), ("returned", 1)]


def told(number, touchpoint="t", state="told_back", said="yes", since=date(2026, 10, 1)):
    named = {"person": number, "touchpoint": touchpoint, "service": "s", "help": "h"}
    return {**named, "state": state, "answer": said, "since": since}


def test_a_touchpoint_helped_each_person_once_in_each_community_they_named():
    tables = tables_of(
        people=[
            person(1, communities=["carers", "refugees"]),
            person(2, communities=["carers"]),
            person(3),
            person(4, communities=["carers"], system="other"),
        ],
        referrals=[
            *(told(1), told(1, said="a_bit"), told(2), told(3), told(4)),
            *(told(2, "u", said="no"), told(2, "u", state="seen"), told(2, "u", said="")),
        ],
    )
    assert rows_of(counted.by_reach(tables)) == [
        {"system": "other", "touchpoint": "t", "community": "carers", "n": 1},
        {"system": "s", "touchpoint": "t", "community": "carers", "n": 2},
        {"system": "s", "touchpoint": "t", "community": "refugees", "n": 1},
    ]


def test_what_people_told_us_before_the_last_release_does_not_count_again():
    since = date(2026, 9, 30)
    tables = tables_of(
        people=[person(1, communities=["carers"]), person(2, communities=["carers"])],
        referrals=[told(1, since=since), told(2)],
    )
    assert [row["n"] for row in rows_of(counted.by_reach(counted.written_after(tables, since)))] == [1]


@settings(max_examples=25, deadline=None)
@given(
    st.lists(st.lists(st.sampled_from(["carers", "refugees"]), unique=True), min_size=1, max_size=5),
    st.lists(
        st.tuples(
            st.integers(0, 4),
            st.sampled_from("tu"),
            st.sampled_from(["told_back", "seen"]),
            st.sampled_from(["yes", "a_bit", "no", ""]),
        ),
        max_size=20,
    ),
)
def test_reach_is_what_a_slow_plain_count_gives(communities, referrals):
    rows = [each for each in referrals if each[0] < len(communities)]
    tables = tables_of(
        people=[person(number, communities=named) for number, named in enumerate(communities)],
        referrals=[told(*each) for each in rows],
    )
    helped = {(who, where) for who, where, state, said in rows if state == "told_back" and said in ("yes", "a_bit")}
    plain = Counter((where, community) for who, where in helped for community in communities[who])
    found = {(row["touchpoint"], row["community"]): row["n"] for row in rows_of(counted.by_reach(tables))}
    assert found == plain


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
    said_of = counted.said_of_topics(tables, topics=TOPICS)
    of_communities = _counter(counted.by_pattern_and_community(said_of))
    everybody = {(system, "", *rest): n for (system, *rest), n in _counter(counted.by_pattern(said_of)).items()}
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

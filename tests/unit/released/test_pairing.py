"""Pairs of barriers: counted as a plain twin counts them, small numbers hidden."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from inroads.released.pairing import (
    EVERYBODY,
    LEAST_OF_COMMUNITY,
    MOST_OF_COMMUNITY,
    Patterns,
    counts_of,
    pairs_fit_to_leave,
    topics,
)
from inroads.released.queries import as_bytes, as_columns

SIZE = len(topics())


def patterns(drawn):
    """Of (answers by topic, people): each answer 0 hard, 1 not hard, 2 not known."""
    known = [sum(1 << at for at, answer in enumerate(answers) if answer != 2) for answers, _ in drawn]
    hard = [sum(1 << at for at, answer in enumerate(answers) if answer == 0) for answers, _ in drawn]
    return Patterns(*(np.array(each, dtype=np.int64) for each in (known, hard, [n for _, n in drawn])))


@settings(max_examples=50, deadline=None)
@given(
    st.lists(
        st.tuples(st.lists(st.integers(0, 2), min_size=5, max_size=5), st.integers(1, 30)), min_size=1, max_size=8
    ),
    st.permutations(range(5)),
)
def test_pairs_are_those_of_a_plain_twin(drawn, order):
    chosen = order[:3]
    expected = np.zeros((3, 3, 3, 3), dtype=np.int64)
    for answers, people in drawn:
        for i, one in enumerate(chosen):
            for j, other in enumerate(chosen):
                expected[i, j, answers[one], answers[other]] += people
    assert (counts_of(patterns(drawn), chosen) == expected).all()


def everybody(people, *, seed=1):
    rng = np.random.default_rng(seed)
    return patterns([(rng.choice(3, size=SIZE, p=(0.3, 0.3, 0.4)).tolist(), 1) for _ in range(people)])


def released(found):
    tables, said = pairs_fit_to_leave(found)
    return {name: as_columns(as_bytes(table)) for name, table in tables.items()}, said


def test_every_pair_has_a_row_and_small_counts_are_hidden():
    tables, said = released({EVERYBODY: everybody(120)})
    held = tables["barriers"]
    assert len(held["one"]) == SIZE * (SIZE - 1) // 2
    hidden = held["hard_hard_state"] == "suppressed"
    assert 0 < hidden.sum() < len(hidden)
    assert np.isnan(held["hard_hard_value"][hidden]).all()
    assert (held["hard_hard_value"][~hidden] % 5 == 0).all()
    assert "pairs put together" in said[0]


def test_a_community_of_few_has_no_table_and_one_of_many_the_barriers_that_are_hard_for_most():
    few, many = everybody(LEAST_OF_COMMUNITY - 1, seed=2), everybody(LEAST_OF_COMMUNITY, seed=3)
    tables, _ = released({EVERYBODY: everybody(500), "carers": few, "refugees": many})
    assert set(tables) == {"barriers", "barriers-refugees"}
    named = {*tables["barriers-refugees"]["one"], *tables["barriers-refugees"]["other"]}
    assert len(named) == MOST_OF_COMMUNITY


def test_a_community_of_more_than_half_has_no_table():
    half = everybody(2 * LEAST_OF_COMMUNITY, seed=4)
    for inside, told in ((LEAST_OF_COMMUNITY, True), (LEAST_OF_COMMUNITY + 1, False), (half.n.sum(), False)):
        chosen = Patterns(*(each[:inside] for each in (half.known, half.hard, half.n)))
        tables, said = released({EVERYBODY: half, "refugees": chosen})
        assert ("barriers-refugees" in tables) is told
        assert f"for {int(told)} communities" in said[0]


def test_nobody_at_all_gives_a_table_of_zeros():
    tables, _ = released({})
    assert (tables["barriers"]["hard_hard_value"] == 0).all()

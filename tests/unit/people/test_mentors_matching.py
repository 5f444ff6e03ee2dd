"""Which mentor fits whom, on plain values: a slow plain twin, what never happens, and every sentence true."""

import re
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inroads.people.models import Session, TaskState
from inroads.people.queries.mentor_matching import MentorCandidate, Wishes, names, rank
from inroads.people.queries.mentors import changes
from inroads.reference.definitions.learning import digital_tasks

LANGUAGES = ("", "English", "Somali", "Somali, English", "Polish and Urdu", "somali")
candidates = st.builds(
    MentorCandidate,
    key=st.integers(0, 30),
    name=st.just("Amina"),
    capacity=st.integers(0, 4),
    busy=st.integers(0, 5),
    languages=st.sampled_from(LANGUAGES),
    interests=st.sampled_from(("", "music", "football, music", "C++ (old)")),
    communities=st.lists(st.sampled_from(("carers", "refugees")), unique=True).map(tuple),
    distance_km=st.none() | st.floats(0, 100),
    reach_km=st.none() | st.integers(0, 60),
    by_phone=st.booleans(),
    by_video=st.booleans(),
    supervised=st.booleans(),
    met=st.booleans(),
    named=st.booleans(),
)
wishes = st.builds(
    Wishes,
    language=st.sampled_from(LANGUAGES),
    communities=st.sampled_from(({}, {"carers": "Carers"}, {"carers": "Carers", "refugees": "Refugees"})),
    words=st.sampled_from(("", "Music. My brother.", "I like football and C++ (old) books", "musical")),
)
listed = st.lists(candidates, max_size=8, unique_by=lambda each: each.key)


def listed_names(text):
    """Plainly: what stands between commas and "and"."""
    return {part.strip().casefold() for part in text.replace(" and ", ",").split(",") if part.strip()}


def stands_before(wanted, one, other):
    """Whether `one` comes before `other`, asked as a person would, one thing after the other."""
    speaks = listed_names(wanted.language)

    def language(each):
        if not wanted.language or not each.languages:
            return "unknown"
        return "yes" if speaks & listed_names(each.languages) else "no"

    def reach(each):
        known = each.distance_km is not None and each.reach_km is not None
        if known and each.distance_km <= each.reach_km:
            return 1
        if each.by_phone or each.by_video:
            return 2
        return 4 if known else 3

    def spoken_of(each):
        return [
            name
            for name in listed_names(each.interests)
            if re.search(rf"(?:^|\W){re.escape(name)}(?:\W|$)", wanted.words.lower())
        ]

    checks = [
        lambda each: 0 if each.capacity > each.busy else 1,
        lambda each: ["yes", "unknown", "no"].index(language(each)),
        lambda each: -[each.met, each.named].count(True),
        reach,
        lambda each: -len(set(each.communities) & set(wanted.communities)),
        lambda each: -len(spoken_of(each)),
        lambda each: 10_000 if each.distance_km is None else each.distance_km,
        lambda each: -max(0, each.capacity - each.busy),
        lambda each: each.key,
    ]
    for check in checks:
        if check(one) != check(other):
            return check(one) < check(other)
    return False


def slow_plain(wanted, there):
    """Keys in order, by picking the one that nobody stands before, again and again."""
    left = [each for each in there if each.supervised]
    order = []
    while left:
        best = next(one for one in left if not any(stands_before(wanted, other, one) for other in left))
        order.append(best.key)
        left.remove(best)
    return order


@given(wishes, listed)
def test_the_order_is_that_of_a_slow_plain_twin(wanted, there):
    assert [each.key for each in rank(wanted, there)] == slow_plain(wanted, there)


@given(wishes, listed, st.randoms(use_true_random=False))
def test_the_order_in_which_mentors_were_found_does_not_matter(wanted, there, random):
    shuffled = list(there)
    random.shuffle(shuffled)
    assert rank(wanted, shuffled) == rank(wanted, there)


@given(wishes, listed)
def test_nobody_without_room_stands_before_somebody_with_room_and_nobody_without_supervision_stands_at_all(
    wanted, there
):
    found = rank(wanted, there)
    assert [each.full for each in found] == sorted(each.full for each in found)
    assert {each.key for each in found} == {each.key for each in there if each.supervised}


BETTER = {
    "language": lambda each, wanted: {"languages": wanted.language or each.languages},
    "met": lambda each, wanted: {"met": True},
    "named": lambda each, wanted: {"named": True},
    "near": lambda each, wanted: {"distance_km": 0.0},
    "goes further": lambda each, wanted: {"reach_km": max(each.reach_km or 0, 200)},
    "phone": lambda each, wanted: {"by_phone": True},
    "communities": lambda each, wanted: {"communities": ("carers", "refugees")},
    "interests": lambda each, wanted: {"interests": f"{each.interests}, music, football"},
    "room": lambda each, wanted: {"capacity": each.capacity + 1},
    "fewer people": lambda each, wanted: {"busy": 0},
}


@pytest.mark.parametrize("better", BETTER.values(), ids=BETTER)
@given(wanted=wishes, there=listed, data=st.data())
def test_a_better_match_in_one_thing_never_lowers(better, wanted, there, data):
    there = [replace(each, supervised=True) for each in there]
    if not there:
        return
    chosen = data.draw(st.sampled_from(there))
    improved = [replace(each, **better(each, wanted)) if each.key == chosen.key else each for each in there]

    def place(mentors):
        return [each.key for each in rank(wanted, mentors)].index(chosen.key)

    assert place(improved) <= place(there)


@given(wishes, listed)
def test_every_sentence_is_true(wanted, there):
    by_key = {each.key: each for each in there}
    for found in rank(wanted, there):
        each = by_key[found.key]
        for said in found.because:
            assert _is_true(said, wanted, each), (said, wanted, each)
        assert (f"has no room now: {each.busy} of {each.capacity}" in found.but) == (each.busy >= each.capacity)
        assert any(said.startswith("goes up to") for said in found.but) == (
            each.reach_km is not None and each.distance_km is not None and each.distance_km > each.reach_km
        )
        assert ("how far it is" in found.unknown) == (each.distance_km is None)
        assert ("how far they go" in found.unknown) == (each.reach_km is None)
        assert (f"whether they speak {wanted.language}" in found.unknown) == bool(
            wanted.language and not each.languages
        )


def _is_true(said, wanted, each):
    if said.startswith("speaks "):
        return said.removeprefix("speaks ").casefold() in listed_names(each.languages) & listed_names(wanted.language)
    if said == "you have worked together before":
        return each.met
    if said == "you named them as somebody you trust":
        return each.named
    if said.startswith("goes up to "):
        near = "less than 0.1 km" if each.distance_km < 0.1 else f"about {each.distance_km:.1f} km"
        return each.distance_km <= each.reach_km and near in said
    if said.startswith("can meet you"):
        return ("phone" in said, "video" in said) == (each.by_phone, each.by_video)
    if said.startswith("is used to people like you: "):
        title = said.removeprefix("is used to people like you: ")
        return any(wanted.communities[name] == title for name in each.communities if name in wanted.communities)
    if said.startswith("likes "):
        name = said.removeprefix("likes ").removesuffix(", and you spoke of it").casefold()
        return name in each.interests.casefold() and name in wanted.words.casefold()
    return said == f"has room for {each.capacity - each.busy} more" and each.capacity > each.busy


def test_every_reason_is_said_by_hand():
    wanted = Wishes(language="somali", communities={"refugees": "Refugees"}, words="Music. Messages with my brother.")
    mentor = MentorCandidate(
        1,
        "Amina",
        3,
        1,
        "English, Somali",
        "football, music",
        ("refugees",),
        1.24,
        5,
        by_phone=True,
        met=True,
        named=True,
    )
    (found,) = rank(wanted, [mentor])
    assert found.because == (
        "speaks Somali",
        "you have worked together before",
        "you named them as somebody you trust",
        "goes up to 5 km; it is about 1.2 km to you, in a straight line",
        "can meet you by phone",
        "is used to people like you: Refugees",
        "likes music, and you spoke of it",
        "has room for 2 more",
    )
    assert found.but == found.unknown == ()


def test_what_is_unknown_or_does_not_fit_is_said():
    unknown, far = rank(
        Wishes(language="Somali"),
        [
            MentorCandidate(1, "A", 1),
            MentorCandidate(2, "B", 1, 1, languages="Polish", distance_km=30, reach_km=5),
        ],
    )
    assert unknown.because == ("has room for 1 more",)
    assert unknown.unknown == ("whether they speak Somali", "how far it is", "how far they go")
    assert far.because == ()
    assert far.but == (
        "has no room now: 1 of 1",
        "named other languages: Polish",
        "goes up to 5 km; it is about 30.0 km to you, in a straight line",
    )


def test_a_part_of_a_word_is_no_interest():
    (found,) = rank(
        Wishes(words="I like the art room and musicals"), [MentorCandidate(1, "A", 1, interests="art, music")]
    )
    assert "likes art, and you spoke of it" in found.because
    assert not any("music" in said for said in found.because)


def test_names_are_listed_once():
    assert names("English, english and Somali;  ") == ("English", "Somali")
    assert names("") == ()


told = st.lists(
    st.tuples(
        st.dates(date(2026, 1, 1), date(2026, 1, 20)),
        st.sampled_from(("wifi", "message")),
        st.sampled_from(TaskState.values),
    ),
    max_size=8,
)


@given(told)
def test_what_changed_agrees_with_a_plain_twin(said):
    held = [Session(pk=number, met_on=day, tasks={task: state}) for number, (day, task, state) in enumerate(said)]
    found = {each.task: each for each in changes(held)}
    assert list(found) == [task for task in digital_tasks() if task in {task for _, task, _ in said}]
    for task, change in found.items():
        line = [
            (day, state)
            for day, _, (_, task_then, state) in sorted((day, n, said[n]) for n, (day, _, _) in enumerate(said))
            if task_then == task
        ]
        assert (change.first_on, change.first) == line[0]
        assert change.now == line[-1][1]
        # Walked forwards: whenever it changes, it begins anew.
        since, state = line[0]
        for day, then in line:
            if then != state:
                since, state = day, then
        assert change.now_on == since

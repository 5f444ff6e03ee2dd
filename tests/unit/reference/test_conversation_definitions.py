"""What is asked, offered and suggested: complete, pointing at what exists, and readable at the age of nine."""

import re
from datetime import date

import pytest
from reading import grade_of_counts, reading_age, sentences, syllables, words

from inroads.reference.definitions import load
from inroads.reference.definitions.care import Community, Format, Help, PathwayTemplate, Way, formats, helps_for, ways
from inroads.reference.definitions.conversation import (
    Barrier,
    BarrierGroup,
    LifeEvent,
    Strength,
    barriers,
    groups,
    life_events,
    strengths,
    triage,
)

OLDEST_READER = 9
MOST_WORDS = 18
MOST_REOPENED = 5
SHAPES = [BarrierGroup, Strength, Barrier, LifeEvent, Way, PathwayTemplate, Help, Community, Format]
# What the report names, section by section; see the source of each file.
NAMED = [
    "affordability", "income", "devices", "data", "connection", "device_loss", "private_space", "skills",
    "confidence", "motivation", "awareness", "trust", "being_watched", "taken_advantage", "influence", "usability",
    "language", "literacy", "culture", "schooling", "work", "disability", "concentration", "voices", "paranoia",
    "memory", "treatment", "worry", "always_on", "housing", "precarious", "life_stage", "other_hours",
    "nobody_to_show", "changed_view", "quality", "told_of_change", "stigma", "staff_skills", "staff_confidence",
    "staff_time", "staff_equipment", "staff_assumptions",
]  # fmt: skip
STAGES = ["referral", "assessment", "treatment", "between_appointments", "review", "crisis", "discharge"]
SYLLABLES = {
    1: "phone care hard trust screen help asked used lost stored changed name place through two homes years eye",
    2: "online people money someone travel private letter stolen going table wanted anxious reading doctor changes "
    "mentor clinic signal quiet ended isn't lonely careful houses handled café colleagues catches poem idle",
    3: "video library computer internet medicine remember easier hospital understand idea area opinion beginning "
    "anyone library's untitled platypus wallabies",
    4: "information community technology experience society literacy interpreter Australian",
    5: "university opportunity disability",
}


def _read_aloud() -> dict[str, str]:
    """Everything that a person reads or hears, by where it stands."""
    found = {}
    for shape, names in (
        (BarrierGroup, ("plain",)),
        (Strength, ("prompt",)),
        (Barrier, ("prompt", "plain")),
        (LifeEvent, ("title", "plain")),
        (Way, ("plain", "easy")),
        (PathwayTemplate, ("plain",)),
        (Help, ("plain",)),
        (Format, ("plain",)),
    ):
        for each in load(shape).values():
            found |= {f"{shape.KIND}/{each.id} {name}": getattr(each, name) for name in names}
    for each in load(PathwayTemplate).values():
        found |= {f"pathways/{each.id} {stage.id}": stage.question for stage in each.stages}
    return found


READ_ALOUD = _read_aloud()
PROMPTS = {key: text for key, text in READ_ALOUD.items() if key.endswith(" prompt")}


@pytest.mark.parametrize(("count", "word"), [(n, word) for n, row in SYLLABLES.items() for word in row.split()])
def test_syllables_are_counted_as_a_dictionary_counts_them(count, word):
    assert syllables(word) == count


def test_the_formula_agrees_with_a_published_example():
    # The worked example of the package flesch-kincaid 2.0.1 (Titus Wormer, npm): 13 words, 26 syllables.
    text = "The Australian platypus is seemingly a hybrid of a mammal and reptilian creature."
    assert (len(sentences(text)), len(words(text)), sum(map(syllables, words(text)))) == (1, 13, 26)
    assert grade_of_counts(1, 13, 26) == pytest.approx(13.08, abs=1e-9)
    assert reading_age(text) == pytest.approx(18.08, abs=1e-9)
    # Its lowest value: sentences of one word of one syllable.
    assert reading_age("Go. Stop. Wait.") == pytest.approx(5 - 3.40)


def test_a_text_without_words_has_no_reading_age():
    with pytest.raises(ValueError, match="at least one"):
        reading_age(" … ")


@pytest.mark.parametrize("where", READ_ALOUD)
def test_everything_read_aloud_can_be_read_at_the_age_of_nine(where):
    assert reading_age(READ_ALOUD[where]) <= OLDEST_READER, READ_ALOUD[where]


@pytest.mark.parametrize("where", PROMPTS)
def test_a_prompt_is_one_short_question(where):
    prompt = PROMPTS[where]
    assert prompt.endswith("?")
    assert prompt.count("?") == len(sentences(prompt)) == 1
    assert len(words(prompt)) <= MOST_WORDS
    # Whether something was lost or pawned is asked without "you", so that it lays no blame.
    assert where == "barriers/device_loss prompt" or re.search(r"\byour?\b", prompt, re.I)
    # "No" to a question with a "not" in it can mean either.
    assert not re.search(r"\b(don't|isn't|haven't|can't|cannot)\b", prompt, re.I)


@pytest.mark.parametrize("shape", SHAPES, ids=lambda shape: shape.KIND)
def test_every_file_says_something_in_every_field_it_has_to(shape):
    found = load(shape)
    assert found
    for each in found.values():
        assert each.title[0].isupper() or each.title[0].isdigit()
        assert len(each.title) <= 60
        for name in ("source", "why", "ask", "plain", "written_by", "checked_by"):
            assert getattr(each, name, "said"), f"{shape.KIND}/{each.id}: {name}"
    titles = [each.title for each in found.values()]
    assert len(titles) == len(set(titles))


def test_everything_the_report_names_is_asked_about():
    assert sorted(NAMED) == sorted(barriers())


def test_no_topic_is_both_a_strength_and_a_barrier():
    assert not {each.id for each in strengths()} & set(barriers())
    assert len(strengths()) == 5


def test_barriers_stand_in_groups_that_exist_and_no_group_is_empty():
    assert {each.group for each in barriers().values()} == {each.id for each in groups()}
    for group in groups():
        orders = [each.order for each in barriers().values() if each.group == group.id]
        assert orders == sorted(set(orders)), group.id


@pytest.mark.parametrize("each", [groups, strengths, life_events, ways, formats])
def test_an_order_is_given_once(each):
    found = each()
    orders = [one.order for one in (found.values() if isinstance(found, dict) else found)]
    assert orders == list(range(1, len(orders) + 1))


def test_connections_go_both_ways():
    for each in barriers().values():
        assert each.connected, each.id
        assert len(set(each.connected)) == len(each.connected)
        for other in each.connected:
            assert other != each.id
            assert each.id in barriers()[other].connected, f"{each.id} – {other}"


def test_staff_are_asked_about_staff_and_people_about_their_own_life():
    staff = {each.id for each in barriers().values() if each.asked_of == "staff"}
    assert staff == {name for name in NAMED if name.startswith("staff_")}
    for each in barriers().values():
        assert {barriers()[other].asked_of for other in each.connected} == {each.asked_of}


def test_the_short_triage_has_four_questions_after_the_first_that_can_be_put_to_anybody():
    assert [each.triage for each in triage()] == [1, 2, 3, 4]
    assert [each.id for each in triage()] == ["devices", "private_space", "confidence", "trust"]
    assert not any(each.alone or each.asked_of == "staff" for each in triage())


def test_what_is_asked_alone_says_what_to_do_next():
    alone = [each for each in barriers().values() if each.alone]
    assert {each.id for each in alone} == {"taken_advantage", "influence"}
    for each in alone:
        assert "safeguarding" in each.careful
        assert "nobody else is in the room" in each.careful


def test_every_barrier_has_a_day_on_which_it_is_looked_at_again_and_says_who_has_not_checked_it():
    for each in barriers().values():
        assert each.next_review == date(2027, 5, 31)
        assert "Not yet checked" in each.checked_by
        assert each.source.startswith("Report, ")


def test_codes_are_our_own_until_somebody_gives_others():
    assert all(each.codes == {"inroads": each.id} for each in barriers().values())


def test_an_event_opens_only_what_it_touches():
    for each in life_events().values():
        assert 1 <= len(set(each.reopens)) == len(each.reopens) <= MOST_REOPENED
        for barrier in each.reopens:
            assert barriers()[barrier].asked_of == "person"
            # Nobody should meet these questions unprepared, a companion beside them.
            assert not barriers()[barrier].alone
    assert set(life_events()) >= {"lost", "stolen", "pawned", "moved", "data_ran_out", "changed_mind", "crisis"}
    assert set(life_events()["pawned"].reopens) == {"device_loss", "devices", "affordability"}
    assert len(life_events()["crisis"].reopens) <= 2


def test_ways_name_barriers_of_people():
    for each in ways().values():
        assert len(set(each.hard_with)) == len(each.hard_with)
        assert all(barriers()[barrier].asked_of == "person" for barrier in each.hard_with), each.id
    assert {each.id for each in ways().values() if not each.digital} >= {"clinic", "home_visit", "phone", "letter"}
    assert ways()["touchpoint_mentor"].digital


def test_every_stage_of_every_pathway_has_several_ways_and_one_that_is_not_digital():
    for pathway in load(PathwayTemplate).values():
        assert [stage.id for stage in pathway.stages] == STAGES
        for stage in pathway.stages:
            assert stage.question.count("?") == 1
            assert len(set(stage.ways)) == len(stage.ways) >= 2
            assert not all(ways()[way].digital for way in stage.ways), f"{pathway.id}, {stage.id}"


def test_at_every_stage_there_is_a_way_for_somebody_without_a_device():
    for pathway in load(PathwayTemplate).values():
        for stage in pathway.stages:
            open_ways = [way for way in stage.ways if not {"devices", "device_loss"} & set(ways()[way].hard_with)]
            assert any(not ways()[way].digital for way in open_ways), f"{pathway.id}, {stage.id}"


def test_for_every_single_barrier_every_stage_keeps_a_way_that_it_does_not_make_hard():
    for pathway in load(PathwayTemplate).values():
        for stage in pathway.stages:
            for barrier in barriers():
                assert any(barrier not in ways()[way].hard_with for way in stage.ways), (pathway.id, stage.id, barrier)


def test_helps_name_barriers_that_exist_and_mix_no_staff_with_people():
    for each in load(Help).values():
        assert len(set(each.barriers)) == len(each.barriers) >= 1
        assert len({barriers()[barrier].asked_of for barrier in each.barriers}) == 1, each.id


@pytest.mark.parametrize("barrier", NAMED)
def test_something_helps_with_every_barrier_and_with_a_persons_something_not_digital(barrier):
    found = helps_for(barrier)
    assert found
    if barriers()[barrier].asked_of == "person":
        assert any(not each.digital for each in found)


def test_formats_say_at_what_size_they_are_printed():
    printed = {each.id: each.points for each in formats().values()}
    assert printed["standard"] == 12
    assert printed["large_18"] == 18
    assert printed["large_24"] == 24
    assert set(printed.values()) <= {0, 12, 18, 24}
    assert {each for each, points in printed.items() if not points} == {"audio", "braille", "bsl"}


def test_communities_named_by_the_report_are_there():
    found = load(Community)
    assert set(found) >= {"homeless", "refugees", "gypsy_roma_traveller", "carers", "young_people", "older_people"}

"""Two readings side by side: how far they agree, where they differ, and what stands of it."""

from collections import Counter

import numpy as np
import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse
from hypothesis import given, settings
from hypothesis import strategies as st
from kept_rows import afresh
from pages import client_of
from systems_factories import make_member, make_tree
from systems_return_factories import (
    finish,
    give_level,
    make_differing,
    make_readings,
    make_return,
    make_wave,
    mark,
    settle,
)

from inroads.accounts.actions import Refused
from inroads.accounts.checks import ChangedMeanwhile
from inroads.accounts.models import Membership
from inroads.methods import agreement
from inroads.systems.models import Coding, Return, Settlement
from inroads.systems.presenters.returns import figure, meaning
from inroads.systems.queries.agreeing import about_shares, agreement_in, agreement_of, alpha_of, compared
from inroads.systems.queries.return_scores import sides_of, standing_codings, trace_of

pytestmark = pytest.mark.django_db
FOUR = "One.\n\nTwo.\n\nThree.\n\nFour."


@pytest.fixture(scope="module")
def kept(rows_for_all):
    systems = make_tree(regions=1, systems=2)
    england = systems[0].parent.parent
    keeper = make_member(england, "national_lead")
    readers = [make_member(england, "reader", f"Reader {name}") for name in ("One", "Two")]
    wave = make_wave(by=keeper)
    return {
        "keeper": keeper,
        "readers": readers,
        "systems": systems,
        "wave": wave,
        "return": make_differing(systems[0], by=keeper, readers=readers, wave=wave),
    }


@pytest.fixture
def here(kept):
    return afresh(kept)


def of_criterion(here, name="settle_criterion", criterion="codesign"):
    return reverse(f"systems:{name}", kwargs={"return_id": here["return"].pk, "criterion": criterion})


# Agreement


def one_by_one(pairs):
    """Every unit as a column, as the method takes them."""
    return np.array([pair for pair, times in pairs.items() for _ in range(times)], dtype=float).T


@given(
    st.dictionaries(st.tuples(st.integers(0, 3), st.integers(0, 3)), st.integers(1, 40), min_size=1),
    st.sampled_from(["nominal", "ordinal"]),
)
@settings(max_examples=40)
def test_alpha_from_counted_pairs_is_alpha_of_all_units_one_by_one(pairs, level):
    found = alpha_of(Counter(pairs), level)
    plain = agreement.alpha(one_by_one(pairs), level=level, draws=10, rng=1)
    assert found.units == plain.units
    assert found.pairs == plain.pairs
    assert found.value == pytest.approx(plain.value, abs=1e-9, nan_ok=True)


@pytest.mark.parametrize(
    ("pairs", "level"),
    [
        ({(0, 0): 900, (1, 1): 60, (1, 0): 25, (0, 1): 15}, "nominal"),
        ({(0, 0): 30, (1, 1): 40, (2, 2): 30, (1, 2): 20, (2, 1): 12, (0, 3): 4, (3, 3): 10}, "ordinal"),
    ],
)
def test_its_interval_is_that_of_the_method(pairs, level):
    found = alpha_of(Counter(pairs), level)
    plain = agreement.alpha(one_by_one(pairs), level=level, draws=4_000, rng=7)
    assert (found.low, found.high) == pytest.approx((plain.low, plain.high), abs=0.02)
    assert alpha_of(Counter(pairs), level) == found


def test_pairs_are_counted_as_a_plain_walk_through_all_passages_counts_them(here):
    found = here["return"]
    pairs = compared([found])[found.pk]
    for criterion in found.criteria:
        marks, about = Counter(), Counter()
        for passage in found.passages.all():
            said = [
                passage.codings.filter(criterion=criterion, reading__place=place, withdrawn_at=None).first()
                for place in (1, 2)
            ]
            marks[tuple(int(each is not None) for each in said)] += 1
            if all(said):
                about[tuple(each.about for each in said)] += 1
        assert +pairs[criterion].marks == +marks
        assert sorted(pairs[criterion].about.values()) == sorted(about.values())
    assert pairs["codesign"].scores == {(2, 1): 1}
    assert agreement_of([found])[found.pk].marks.units == 4 * len(found.criteria)


def test_agreement_of_a_wave_is_that_of_its_finished_returns_together(here):
    open_one = make_return(here["systems"][1], by=here["keeper"], wave=here["wave"])
    first, _ = make_readings(open_one, here["readers"], by=here["keeper"])
    mark(first, 2)
    done = make_differing(
        here["systems"][1],
        by=here["keeper"],
        readers=here["readers"],
        wave=here["wave"],
        text=FOUR,
    )
    found = agreement_in(here["wave"], Return.objects.all())
    assert found.returns == 2
    assert found.in_all.marks.units == 8 * len(done.criteria)
    assert found.by_criterion["codesign"].marks.units == 8
    shown = client_of(here["keeper"]).get(reverse("systems:return_agreement", kwargs={"wave": here["wave"].pk}))
    assert "Of 3 returns that you keep, 2 were finished by both readers." in shown.content.decode()
    assert "page 241" in shown.content.decode()


@pytest.mark.parametrize(
    ("pairs", "figures", "words"),
    [
        ({(1, 1): 5, (0, 1): 4}, "Not known", "too little to tell"),
        ({(1, 1): 50}, "Not known", "All answers are the same"),
        ({(1, 1): 500, (0, 0): 500}, "1.00 (no interval)", "well enough to rely on it"),
        ({(1, 1): 400, (0, 0): 450, (0, 1): 150}, "0.70 (", "a first idea only"),
        ({(1, 1): 100, (0, 0): 100, (0, 1): 100}, "0.33 (", "too little to rely on it"),
        ({(1, 1): 12, (0, 0): 12, (0, 1): 1}, "0.92 (", "25 are few"),
    ],
)
def test_agreement_is_said_with_its_interval_and_what_it_means(pairs, figures, words):
    found = alpha_of(Counter(pairs), "nominal")
    assert figure(found).startswith(figures)
    assert words in meaning(found)


def test_a_figure_near_a_limit_says_that_it_may_lie_on_either_side():
    assert "either side of 0.8" in meaning(alpha_of(Counter({(1, 1): 45, (0, 0): 45, (0, 1): 9}), "nominal"))


def test_of_whom_marks_speak_is_counted_for_both_readers_once_both_have_finished(here):
    assert about_shares([here["return"]])[here["return"].pk] == {"mental_health": 2, "everybody": 2, "not_said": 1}
    other = make_return(here["systems"][1], by=here["keeper"], wave=here["wave"])
    first, second = make_readings(other, here["readers"], by=here["keeper"])
    mark(first, 1)
    assert about_shares([other]) == {}
    finish(first, second)
    assert about_shares([other])[other.pk] == {"mental_health": 1}


# Where they differ


def test_only_where_scores_differ_has_to_be_settled_and_agreed_ones_stand(here):
    sides = {each.criterion: each for each in sides_of(here["return"])}
    assert [name for name, each in sides.items() if each.must_be_settled] == ["codesign"]
    assert sides["touchpoints"].level == 1
    assert sides["codesign"].level is None
    assert sides["strategy"].level is None
    assert not sides["strategy"].must_be_settled
    assert [each.criterion for each in standing_codings(here["return"])] == ["touchpoints"]
    shown = client_of(here["keeper"]).get(reverse("systems:settle", kwargs={"return_id": here["return"].pk}))
    assert "Designed with people" in shown.content.decode()


def test_one_score_alone_has_to_be_settled(here):
    other = make_return(here["systems"][1], by=here["keeper"], wave=here["wave"])
    first, second = make_readings(other, here["readers"], by=here["keeper"])
    give_level(first, 0)
    finish(first, second)
    assert [each.criterion for each in sides_of(other) if each.must_be_settled] == ["codesign"]
    browser = client_of(here["keeper"])
    address = reverse("systems:settle_criterion", kwargs={"return_id": other.pk, "criterion": "codesign"})
    assert browser.post(address, {"seen": 0, "level": "0", "words": "Nothing is said"}).status_code == 302
    assert Settlement.objects.get(of=other).second is None


def test_settling_keeps_both_readings_and_says_who_when_and_why(here):
    found = here["return"]
    before = list(Coding.objects.filter(reading__of=found).values().order_by("pk"))
    browser = client_of(here["keeper"])
    shown = browser.get(of_criterion(here)).content.decode()
    for words in ("Reader One", "Reader Two", "They shared the decision", "Asked only", "Paid, and asked before"):
        assert words in shown
    kept = Coding.objects.get(reading__of=found, reading__place=1, passage__number=2)
    sent = {"seen": 0, "level": "1", "words": "No word of a decision", "kept": [str(kept.pk)]}
    assert browser.post(of_criterion(here), sent).status_code == 302
    made = Settlement.objects.get()
    assert (made.first, made.second, made.level, made.kept) == (2, 1, 1, [str(kept.pk)])
    assert made.recorded_by == here["keeper"]
    assert list(Coding.objects.filter(reading__of=found).values().order_by("pk")) == before
    trace = trace_of(found, "codesign")
    assert trace.side.level == 1
    assert list(trace.standing) == [kept]
    for user in (here["keeper"], *here["readers"]):
        shown = client_of(user).get(of_criterion(here, "return_trace")).content.decode()
        assert "No word of a decision" in shown
        assert "They shared the decision" in shown
        assert "This mark stands." in shown


def test_settled_again_the_last_holds_and_the_first_stays(here):
    settle(here["return"], by=here["keeper"], level=1)
    settle(here["return"], by=here["keeper"], level=2, words="Found the minutes")
    trace = trace_of(here["return"], "codesign")
    assert trace.side.level == 2
    assert [each.level for each in trace.settlements] == [1, 2]


def test_who_was_not_told_of_another_settlement_reads_it_first_and_loses_nothing(here):
    settle(here["return"], by=here["keeper"], level=1, words="First come")
    with pytest.raises(ChangedMeanwhile):
        settle(here["return"], by=here["keeper"], seen=0)
    sent = {"seen": 0, "level": "2", "words": "My own reason", "kept": []}
    shown = client_of(here["keeper"]).post(of_criterion(here), sent).content.decode()
    assert "Somebody settled this meanwhile" in shown
    assert "First come" in shown
    assert "My own reason" in shown
    assert 'name="seen" value="1"' in shown
    assert Settlement.objects.count() == 1


def test_nobody_settles_what_they_have_read(here):
    reader = here["readers"][0]
    Membership.objects.create(
        user=reader,
        role="national_lead",
        organisation=here["systems"][0].parent.parent,
        starts_on=here["wave"].on.replace(month=1),
    )
    with pytest.raises(PermissionDenied, match="You have read this return"):
        settle(here["return"], by=reader)
    assert client_of(reader).get(of_criterion(here)).status_code == 404
    shown = client_of(reader).get(reverse("systems:return", kwargs={"return_id": here["return"].pk})).content.decode()
    assert "Somebody else settles where readers differ" in shown
    assert not Settlement.objects.exists()


def test_what_cannot_be_settled_is_refused_with_its_reason(here):
    found, keeper = here["return"], here["keeper"]
    other = make_return(here["systems"][1], by=keeper, wave=here["wave"])
    first, _ = make_readings(other, here["readers"], by=keeper)
    mark(first, 1)
    with pytest.raises(Refused, match="Both readers have to finish first"):
        settle(other, by=keeper)
    address = reverse("systems:settle_criterion", kwargs={"return_id": other.pk, "criterion": "codesign"})
    assert client_of(keeper).get(address).status_code == 404
    with pytest.raises(Refused, match="Both readers say the same"):
        settle(found, by=keeper, criterion="touchpoints")
    with pytest.raises(Refused, match="among the passages on this page"):
        settle(found, by=keeper, kept=[Coding.objects.filter(criterion="touchpoints").first().pk])
    with pytest.raises(Refused, match="Say why"):
        settle(found, by=keeper, words=" ")
    with pytest.raises(Refused, match="one of the levels"):
        settle(found, by=keeper, level=4)
    sent = {"seen": 0, "words": "Typed already", "kept": []}
    shown = client_of(keeper).post(of_criterion(here), sent).content.decode()
    assert "Choose a level" in shown
    assert "Typed already" in shown


def test_a_return_shows_how_far_its_readers_agree(here):
    shown = (
        client_of(here["keeper"])
        .get(reverse("systems:return", kwargs={"return_id": here["return"].pk}))
        .content.decode()
    )
    assert "80 pairs of a passage and a criterion" in shown
    assert "There is too little to tell whether they agree" in shown
    assert "2: Shared" in shown
    assert "To settle" in shown
    assert "People who need mental health services" in shown
    assert "40%" in shown

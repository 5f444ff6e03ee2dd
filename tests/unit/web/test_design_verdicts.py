"""When a stage is red, and in which figures people are said: the rules of the service design check."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inroads.people.models import Option
from inroads.people.queries import ways as rules
from inroads.reference.definitions.care import ways
from inroads.web.design_check import presenters
from inroads.web.design_check.verdicts import Finding, Thin, verdict_of

T0 = datetime(2026, 1, 1, tzinfo=UTC)
RED = {Finding.ONLY_DIGITAL, Finding.TURNS_ONLY_DIGITAL, Finding.NO_WAY}


def option(way="video", *, offered=0, withdrawn=None, leaving=False, where="", when="", pk=None):
    """A way as it might be stored; moments are days since the first of January, None for a draft."""
    known = ways()[way]
    at = [None if each is None else T0 + timedelta(days=each) for each in (offered, withdrawn)]
    return Option(
        pk=pk or id(object()), way=way, digital=known.digital, title=known.title, plain=known.plain,
        where=where, when=when, offered_at=at[0], withdrawn_at=at[1], leaving=leaving,
    )  # fmt: skip


options = st.lists(
    st.builds(
        lambda way, offered, lasted, leaving: option(
            way,
            offered=offered,
            withdrawn=None if offered is None or lasted is None else offered + lasted,
            leaving=leaving and offered is not None and lasted is None,
        ),
        st.sampled_from(["video", "app", "phone", "clinic"]),
        st.none() | st.integers(0, 6),
        st.none() | st.integers(1, 4),
        st.booleans(),
    ),
    max_size=5,
).map(lambda listed: [setattr(each, "pk", at) or each for at, each in enumerate(listed, 1)])


@given(options)
def test_a_stage_is_red_exactly_where_publishing_refuses_it(listed):
    assert (verdict_of(listed).finding in RED) == rules.is_red(listed)


@given(options)
def test_what_is_to_come_is_what_publishing_offers(listed):
    verdict = verdict_of(listed)
    rules.publish(listed, T0 + timedelta(days=30))
    live = [each for each in listed if each.offered_at is not None and each.withdrawn_at is None]
    assert {each.pk for each in verdict.later} == {each.pk for each in live}


@given(options)
def test_earlier_times_agree_with_asking_hour_by_hour(listed):
    """The slow plain twin: at every half day, whether somebody who came then was offered only digital ways."""
    found = verdict_of(listed).before
    turns = {at for each in listed for at in (each.offered_at, each.withdrawn_at) if at is not None}
    last = max(turns, default=T0)
    for half in range(2 * 12):
        at = T0 + timedelta(hours=12 * half)
        live = [each for each in listed if rules.is_available(each, None, at) or _still_there(each, at)]
        plain = bool(live) and all(each.digital for each in live) and at < last
        assert any(span.since <= at < span.until for span in found) == plain
    assert all(one.until < other.since for one, other in pairwise(found))


def _still_there(each, at):
    return (
        each.offered_at is not None
        and each.offered_at <= at
        and each.withdrawn_at is not None
        and at < each.withdrawn_at
    )


@pytest.mark.parametrize(
    ("listed", "finding"),
    [
        ([option("video"), option("clinic")], Finding.ANOTHER_WAY),
        ([option("video"), option("app")], Finding.ONLY_DIGITAL),
        ([option("video", offered=None)], Finding.ONLY_DIGITAL),
        ([option("video"), option("clinic", leaving=True)], Finding.TURNS_ONLY_DIGITAL),
        ([option("video"), option("clinic", offered=None)], Finding.MENDED_BY_DRAFT),
        ([option("clinic", withdrawn=3), option("video")], Finding.ONLY_DIGITAL),
        ([], Finding.NO_WAY),
        ([option("clinic", leaving=True)], Finding.NO_WAY),
        ([option("touchpoint_mentor"), option("video")], Finding.ONLY_DIGITAL),
    ],
)
def test_each_case_is_told_apart(listed, finding):
    verdict = verdict_of(listed)
    assert verdict.finding is finding
    assert verdict.leaves_people_out == (finding in RED | {Finding.MENDED_BY_DRAFT})


def test_another_way_with_limits_says_which():
    one_place = [option("video"), option("clinic", where="Ryde"), option("drop_in", where=" ryde "), option("app")]
    assert verdict_of(one_place).thin == (Thin.ONE_PLACE,)
    assert verdict_of([*one_place, option("home_visit")]).thin == (), "a visit may be anywhere"
    assert verdict_of([option("clinic", when="Tuesdays")]).thin == (Thin.ONE_TIME,)
    assert verdict_of([option("phone"), option("crisis_line"), option("video")]).thin == (Thin.NEEDS_A_PHONE,)
    assert verdict_of([option("clinic"), option("letter", leaving=True)]).thin == (Thin.LEAVING,)


def test_a_reader_who_sees_no_drafts_is_told_nothing_that_depends_on_them():
    listed = [option("video"), option("clinic", leaving=True), option("phone", offered=None)]
    assert verdict_of(listed).finding is Finding.THIN
    public = verdict_of(listed, with_drafts=False)
    assert (public.drafted, public.finding, public.thin) == ((), Finding.THIN, (Thin.LEAVING,))
    assert public.later == public.now


def test_what_is_hard_whichever_way_is_hard_with_each_of_them():
    found = verdict_of([option("phone"), option("video"), option("letter", leaving=True)]).hard_whichever
    assert set(found) == set(ways()["phone"].hard_with) & set(ways()["video"].hard_with)
    assert "private_space" in found


@given(st.floats(0, 3_000_000), st.floats(0, 3_000_000), st.floats(1, 3_000_000))
def test_rounding_never_makes_a_figure_seem_surer(one, other, people):
    low, high = sorted((min(one, people), min(other, people)))
    said = presenters.People(*_rounded(low, high, people))
    assert said.low <= low
    assert said.high >= high
    assert said.high - high <= max(1, 0.1 * high + 1)


def _rounded(low, high, people):
    estimate = SimpleNamespace(total=SimpleNamespace(low=low, high=high, people=people))
    said = presenters.people_left_out(estimate)
    return said.low, said.high, said.people


def test_people_are_said_in_two_figures_between_which_it_lies():
    estimate = SimpleNamespace(total=SimpleNamespace(low=9_412.3, high=14_120.9, people=118_431.0))
    assert presenters.people_left_out(estimate).words == "between 9,400 and 15,000 of the 118,431"
    assert presenters.people_left_out(None) is None
    estimate.total.low = float("nan")
    assert presenters.people_left_out(estimate) is None

"""The three needles of a criterion: what has to hold whatever the evidence, and a plain twin."""

from dataclasses import replace
from datetime import date, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from inroads.methods.maturity import Claim, Criterion, Element, Evidence, level

TODAY = date(2026, 3, 1)
KINDS = ("minutes", "survey", "story")
CRITERION = Criterion(
    "co-design",
    (
        (Element("named lead", ("minutes",)), Element("people asked", KINDS)),
        (Element("people paid", ("survey", "story"), from_people=True), Element("plan", ("minutes", "survey"))),
        (Element("people decide", KINDS), Element("told back", KINDS)),
    ),
)
CODES = tuple(CRITERION.elements())
GOOD = {code: element.kinds[0] for code, element in CRITERION.elements().items()}

pieces = st.builds(
    Evidence,
    element=st.sampled_from(CODES),
    kind=st.sampled_from(KINDS),
    dated=st.none() | st.integers(-30, 400).map(lambda days: TODAY - timedelta(days=days)),
    expires=st.integers(0, 500) | st.integers(-100, 400).map(lambda days: TODAY + timedelta(days=days)),
    voice=st.sampled_from(("organisation", "record", "people")),
    supports=st.sampled_from((True, True, True, False)),
)
claims = st.builds(
    Claim, level=st.integers(0, 3), by=st.just("lead"), dated=st.none() | st.just(TODAY) | st.just(date(2020, 1, 1))
)
# Evidence that shows every element but a few, beside whatever else is drawn, so that all levels are met often.
good = st.builds(
    lambda code, days, voice: Evidence(code, GOOD[code], TODAY - timedelta(days=days), 365, voice),
    st.sampled_from(CODES),
    st.integers(0, 20),
    st.sampled_from(("record", "people")),
)
most = st.builds(
    lambda left_out, days: [
        Evidence(code, GOOD[code], TODAY - timedelta(days=days), 365, voice)
        for code in CODES
        for voice in ("record", "people")
        if (code, voice) not in left_out
    ],
    st.sets(st.tuples(st.sampled_from(CODES), st.sampled_from(("record", "people"))), max_size=5),
    st.integers(0, 20),
)
files = st.builds(lambda some, other: some + other, st.lists(pieces, max_size=6), most | st.lists(good, max_size=9))


def plain_twin(criterion, evidence, on):
    """Evidenced and experienced, written from the rules in words."""
    near = {"organisation": 0, "record": 1, "people": 2}

    def valid(piece, element):
        if piece.dated is None or piece.dated > on or piece.kind not in element.kinds:
            return False
        if element.from_people and piece.voice != "people":
            return False
        end = piece.expires if isinstance(piece.expires, date) else piece.dated + timedelta(days=piece.expires)
        return on < end

    def about(element, supports):
        return [p for p in evidence if p.element == element.code and p.supports is supports]

    def denied(element, by, strictly):
        for no in about(element, False):
            if no.voice not in by or no.dated is None or no.dated > on:
                continue
            answers = [
                yes.dated for yes in about(element, True) if valid(yes, element) and near[yes.voice] >= near[no.voice]
            ]
            if not any(day > no.dated or (day == no.dated and not strictly) for day in answers):
                return True
        return False

    def evidenced(elements):
        shown = [[p for p in about(e, True) if valid(p, e)] for e in elements]
        people = any(p.voice == "people" for found in shown for p in found)
        return all(shown) and people and not any(denied(e, ("organisation", "record"), False) for e in elements)

    def experienced(elements):
        need = [e for e in elements if e.from_people]
        shown = [any(valid(p, e) and p.voice == "people" for p in about(e, True)) for e in (need or elements)]
        return (all(shown) if need else any(shown)) and not any(denied(e, ("people",), True) for e in elements)

    def climbed(holds):
        reached = 0
        while reached < criterion.top and holds(criterion.levels[reached]):
            reached += 1
        return reached

    return climbed(evidenced), climbed(experienced)


def needles(evidence, on=TODAY):
    found = level(CRITERION, evidence, on)
    return found.evidenced, found.experienced


@settings(max_examples=150, deadline=None)
@given(files)
def test_the_needles_equal_the_plain_twin(evidence):
    assert needles(evidence) == plain_twin(CRITERION, evidence, TODAY)


@settings(max_examples=80, deadline=None)
@given(files)
def test_no_level_without_fresh_evidence_for_every_element_and_people_for_one(evidence):
    found = level(CRITERION, evidence, TODAY)
    for elements in CRITERION.levels[: found.evidenced]:
        shown = {e.code: [p for p in evidence if p.shows(e, TODAY)] for e in elements}
        assert all(shown.values())
        assert all(p.dated <= TODAY and p.fresh(TODAY) for each in shown.values() for p in each)
        assert any(p.voice == "people" for each in shown.values() for p in each)


@settings(max_examples=150, deadline=None)
@given(files, st.lists(claims, max_size=4))
def test_claims_move_no_needle_but_their_own(evidence, claimed):
    before, after = level(CRITERION, evidence, TODAY), level(CRITERION, [*claimed, *evidence], TODAY)
    assert replace(after, claimed=None) == before
    assert before.claimed is None
    if claimed:
        last = max(c.dated or date.min for c in claimed)
        assert after.claimed == max(c.level for c in claimed if (c.dated or date.min) == last)


@settings(max_examples=80, deadline=None)
@given(files, st.randoms(use_true_random=False))
def test_order_does_not_matter(evidence, random):
    other = evidence.copy()
    random.shuffle(other)
    assert level(CRITERION, other, TODAY) == level(CRITERION, evidence, TODAY)


@settings(max_examples=120, deadline=None)
@given(files, st.data())
def test_taking_support_away_or_ageing_it_raises_nothing(evidence, data):
    supporting = [row for row, piece in enumerate(evidence) if piece.supports and (piece.dated or TODAY) <= TODAY]
    if not supporting:
        return
    row = data.draw(st.sampled_from(supporting))
    before = needles(evidence)
    without = evidence[:row] + evidence[row + 1 :]
    piece = evidence[row]
    older = replace(piece, dated=piece.dated and piece.dated - timedelta(days=data.draw(st.integers(1, 400))))
    shorter = replace(piece, expires=0)
    undated = replace(piece, dated=None)
    for changed in (without, *([*without, other] for other in (older, shorter, undated))):
        after = needles(changed)
        assert after[0] <= before[0]
        assert after[1] <= before[1]


@settings(max_examples=120, deadline=None)
@given(files, st.integers(0, 600))
def test_as_days_pass_no_needle_rises(evidence, days):
    known = [piece for piece in evidence if piece.dated is None or piece.dated <= TODAY]
    before, after = needles(known), needles(known, TODAY + timedelta(days=days))
    assert after[0] <= before[0]
    assert after[1] <= before[1]


@settings(max_examples=120, deadline=None)
@given(files, pieces)
def test_what_people_deny_lowers_only_what_is_experienced(evidence, piece):
    denial = replace(piece, voice="people", supports=False)
    before, after = level(CRITERION, evidence, TODAY), level(CRITERION, [*evidence, denial], TODAY)
    assert after.evidenced == before.evidenced
    assert after.claimed == before.claimed
    assert after.missing == before.missing
    assert after.experienced <= before.experienced


@settings(max_examples=80, deadline=None)
@given(files, st.sampled_from(CODES))
def test_what_people_deny_today_does_lower_it(evidence, code):
    denial = Evidence(code, "story", TODAY, 365, "people", supports=False)
    below = next(n for n, elements in enumerate(CRITERION.levels) if code in {e.code for e in elements})
    seen = [piece for piece in evidence if piece.dated is None or piece.dated <= TODAY]
    assert needles([*seen, denial])[1] == min(needles(seen)[1], below)


@settings(max_examples=80, deadline=None)
@given(files, pieces, st.sampled_from(("organisation", "record")))
def test_what_a_record_denies_raises_nothing_and_leaves_experience_alone(evidence, piece, voice):
    denial = replace(piece, voice=voice, supports=False)
    before, after = needles(evidence), needles([*evidence, denial])
    assert after[0] <= before[0]
    assert after[1] == before[1]


def answers(missing):
    """One piece for each thing that is missing, dated as late as it may be."""
    return [
        Evidence(each.elements[0].code, each.elements[0].kinds[0], TODAY, 1, each.voices[-1], True) for each in missing
    ]


@settings(max_examples=120, deadline=None)
@given(files)
def test_adding_all_that_is_missing_raises_the_level_and_leaving_one_out_does_not(evidence):
    found = level(CRITERION, evidence, TODAY)
    assert bool(found.missing) == (found.evidenced < CRITERION.top)
    if not found.missing:
        return
    assert {each.level for each in found.missing} == {found.evidenced + 1}
    assert needles([*evidence, *answers(found.missing)])[0] > found.evidenced
    for each in found.missing:
        others = [other for other in found.missing if other != each]
        # The other answers in the plainest voice allowed, which does for this one only where it has to.
        added = [replace(a, voice=m.voices[0]) for a, m in zip(answers(others), others, strict=True)]
        assert not each.met_by(evidence, TODAY)
        assert (needles([*evidence, *added])[0] > found.evidenced) == each.met_by(added, TODAY)


@settings(max_examples=150, deadline=None)
@given(files, st.lists(good | pieces.map(lambda p: replace(p, supports=True)), max_size=6))
def test_the_level_rises_exactly_when_everything_missing_is_met(evidence, added):
    found = level(CRITERION, evidence, TODAY)
    met = all(each.met_by(added, TODAY) for each in found.missing)
    rises = level(CRITERION, [*evidence, *added], TODAY).evidenced > found.evidenced
    assert rises == (met and bool(found.missing))

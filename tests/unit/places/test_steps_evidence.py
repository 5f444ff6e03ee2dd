"""Nothing grows without evidence: when a small step may be scaled, and what its cycles have to say for that."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from pages import client_of, date_fields
from places_factories import NEIGHBOURHOOD, make_cycle, make_details, make_step, typed_step

from inroads.accounts.actions import Refused
from inroads.accounts.models import AuditEntry
from inroads.places.actions import cycles, steps
from inroads.places.actions.cycles import ByGroup, Found
from inroads.places.actions.steps import NotYet
from inroads.places.models import SmallStep
from inroads.places.queries.steps import groups_worse, missing_to_scale, standing_of, steps_of_gap

pytestmark = pytest.mark.django_db
CODE = "E06000046"


def unfinished(step, by, *, up_to):
    today = timezone.localdate()
    for part in ("plan", "do", "study", "act")[:up_to]:
        more = {"found": Found(groups_known="no")} if part == "study" else {}
        record = getattr(cycles, f"record_{part}")
        record(step=step, seen=standing_of(step).seen, words="words", on=today, by=by, **more)


def test_a_refused_scale_says_what_is_missing(place, lead):
    step, page = make_step(place, by=lead, at_start=None), client_of(lead)
    address = reverse("places:step_scale", kwargs={"step": step.pk})
    with pytest.raises(NotYet) as refused:
        steps.scale(step=step, words="Everywhere", by=lead)
    assert [each.split(".")[0] for each in refused.value.missing] == [
        "The measure has no value at the start",
        "No cycle is whole yet",
    ]
    shown = page.post(address, {"words": "To every library"}).content.decode()
    assert "It cannot be scaled yet" in shown
    assert "No cycle is whole yet" in shown
    assert "To every library" in shown
    assert SmallStep.objects.get().scaled_at is None


@pytest.mark.parametrize(
    ("found", "sentence"),
    [
        (Found(groups_known="no"), "No whole cycle has a measured value"),
        (Found(value=25.0), "does not say how it went by group"),
        (Found(value=10.0, groups_known="no"), "found the measure no nearer to its target"),
        (Found(value=8.0, groups_known="no"), "found the measure no nearer to its target"),
    ],
)
def test_a_cycle_that_shows_nothing_does_not_scale(place, lead, found, sentence):
    step = make_step(place, by=lead)
    make_cycle(step, by=lead, found=found)
    assert [sentence in each for each in missing_to_scale(standing_of(step))] == [True]


def test_three_parts_of_a_cycle_are_not_enough(place, lead):
    step = make_step(place, by=lead)
    unfinished(step, lead, up_to=3)
    assert "No cycle is whole yet" in missing_to_scale(standing_of(step))[0]


def test_a_step_with_evidence_is_scaled_once(place, lead):
    step = make_step(place, by=lead)
    make_cycle(step, by=lead)
    assert missing_to_scale(standing_of(step)) == []
    address = reverse("places:step_scale", kwargs={"step": step.pk})
    assert client_of(lead).post(address, {"words": "To every library"}).status_code == 302
    kept = SmallStep.objects.get()
    assert (kept.scaled_words, kept.scaled_by) == ("To every library", lead)
    with pytest.raises(NotYet, match="scaled already"):
        steps.scale(step=step, words="Again", by=lead)
    assert AuditEntry.objects.filter(action="small_step_scaled").count() == 1


def test_only_the_last_whole_cycle_that_measured_counts(place, lead):
    step = make_step(place, by=lead)
    make_cycle(step, by=lead)
    make_cycle(step, by=lead, found=Found(groups_known="no"))
    assert missing_to_scale(standing_of(step)) == [], "a cycle that measured nothing takes no evidence away"
    make_cycle(step, by=lead, found=Found(value=9.0, groups_known="no"))
    (lacks,) = missing_to_scale(standing_of(step))
    assert "found the measure no nearer to its target" in lacks
    with pytest.raises(NotYet, match="no nearer"):
        steps.scale(step=step, words="Everywhere", by=lead)
    unfinished(step, lead, up_to=3)
    assert missing_to_scale(standing_of(step)) == [lacks], "what is not whole yet changes nothing"


def test_a_group_that_came_off_worse_counts_until_a_later_cycle_finds_otherwise(place, lead):
    step = make_step(place, by=lead)
    carers, older = ByGroup("Carers", 5.0, 3.0), ByGroup("Older people", 2.0, 6.0)
    make_cycle(step, by=lead, found=Found(value=25.0, groups_known="yes", by_group=(carers, older)))
    make_cycle(step, by=lead, found=Found(value=26.0, groups_known="yes", by_group=(ByGroup("Men", 2.0, 1.0),)))
    make_cycle(step, by=lead, found=Found(value=27.0, groups_known="no"))
    assert groups_worse(standing_of(step)) == ["Carers", "Men"]
    make_cycle(step, by=lead, found=Found(value=27.0, groups_known="yes", by_group=(ByGroup("Carers", 5.0, 6.0),)))
    assert groups_worse(standing_of(step)) == ["Men"]


def test_once_something_was_studied_what_it_was_compared_with_stays(place, lead):
    step = make_step(place, by=lead)
    steps.change_small_step(step=step, version=1, details=make_details(target=31.0), by=lead)
    make_cycle(step, by=lead)
    for field, value, called in (
        ("measure", "Something else", "What is measured"),
        ("unit", "%", "The unit"),
        ("at_start", 2.0, "The start"),
        ("at_start", None, "The start"),
        ("target", 12.0, "The target"),
    ):
        with pytest.raises(Refused, match=f"{called} can no longer change.*begin another small step") as refused:
            steps.change_small_step(
                step=step, version=2, details=make_details(**{"target": 31.0, field: value}), by=lead
            )
        assert refused.value.field == field
    page, address = client_of(lead), reverse("places:step_change", kwargs={"step": step.pk})
    shown = page.post(address, typed_step(version="2", at_start="4", owner="Zelda Quint")).content.decode()
    assert "can no longer change" in shown
    assert 'value="Zelda Quint"' in shown
    details = make_details(target=31.0, owner="Sal", counted_how="By hand")
    assert steps.change_small_step(step=step, version=2, details=details, by=lead).version == 3


def test_a_start_that_nobody_knew_can_be_added_once(place, lead):
    step = make_step(place, by=lead, at_start=None)
    make_cycle(step, by=lead)
    steps.change_small_step(step=step, version=1, details=make_details(at_start=8.123456789012), by=lead)
    with pytest.raises(Refused, match="The start can no longer change"):
        steps.change_small_step(step=step, version=2, details=make_details(at_start=9.0), by=lead)
    shown = client_of(lead).get(reverse("places:step_change", kwargs={"step": step.pk})).content.decode()
    assert 'value="8.123456789012"' in shown, "saving the page as it is changes nothing"


def test_what_may_be_chance_is_scaled_only_with_a_reason(place, lead):
    step, page = make_step(place, by=lead), client_of(lead)
    make_cycle(step, by=lead, found=Found(value=14.0, low=8.0, high=20.0, groups_known="no"))
    one, address = (reverse(f"places:{name}", kwargs={"step": step.pk}) for name in ("step", "step_scale"))
    for each in (one, address):
        shown = page.get(each).content.decode()
        assert "This may be chance" in shown
        assert "There is evidence" not in shown
    shown = page.post(address, {"words": "To every library", "scaled_although": "  "}).content.decode()
    assert "Say why you scale it although it may be chance" in shown
    assert "To every library" in shown
    with pytest.raises(Refused, match="although it may be chance"):
        steps.scale(step=step, words="To every library", by=lead)
    sent = {"words": "To every library", "scaled_although": "It costs nothing"}
    assert page.post(address, sent).status_code == 302
    assert SmallStep.objects.get().scaled_although == "It costs nothing"
    assert "It costs nothing" in page.get(one).content.decode()
    other = make_step(place, by=lead)
    make_cycle(other, by=lead)
    for name in ("step", "step_scale"):
        shown = page.get(reverse(f"places:{name}", kwargs={"step": other.pk})).content.decode()
        assert "There is evidence." in shown
        assert "although it may be chance" not in shown


def test_where_fewer_is_better_fewer_is_nearer(place, lead):
    step = make_step(place, by=lead, at_start=30.0, target=10.0)
    make_cycle(step, by=lead, found=Found(value=20.0, groups_known="no"))
    assert missing_to_scale(standing_of(step)) == []


def test_a_step_that_widens_a_gap_is_scaled_only_with_what_is_done_about_it(place, lead):
    step = make_step(place, by=lead)
    worse = Found(
        value=25.0, groups_known="yes", by_group=(ByGroup("Carers", 5.0, 3.0), ByGroup("Older people", 2.0, 6.0))
    )
    make_cycle(step, by=lead, found=worse)
    with pytest.raises(Refused, match="It got worse for: Carers"):
        steps.scale(step=step, words="Everywhere", by=lead)
    shown = client_of(lead).get(reverse("places:step_scale", kwargs={"step": step.pk})).content.decode()
    assert "It got worse for Carers" in shown
    kept = steps.scale(step=step, words="Everywhere", for_whom_worse="Evenings, by phone", by=lead)
    assert kept.for_whom_worse == "Evenings, by phone"


def test_a_study_says_where_it_may_be_chance(place, lead):
    step = make_step(place, by=lead)
    make_cycle(step, by=lead, found=Found(value=14.0, low=8.0, high=20.0, groups_known="no"))
    shown = client_of(lead).get(reverse("places:step", kwargs={"step": step.pk})).content.decode()
    assert "May be chance: the interval holds the start" in shown
    assert "14 people (8 to 20)" in shown


def test_an_abandoned_step_goes_no_further_and_an_ended_one_stays_to_be_read(place, lead):
    step, today = make_step(place, by=lead), timezone.localdate()
    make_cycle(step, by=lead, decision="abandon")
    with pytest.raises(Refused, match="abandon"):
        cycles.record_plan(step=step, seen=4, words="Again", on=today, by=lead)
    with pytest.raises(NotYet, match="abandon"):
        steps.scale(step=step, words="x", by=lead)
    steps.end_small_step(step=step, because="not_helped", words="Nobody came", by=lead)
    with pytest.raises(Refused, match="has ended"):
        steps.change_small_step(step=step, version=1, details=make_details(owner="X"), by=lead)
    (found,) = steps_of_gap(lead, "neighbourhood", NEIGHBOURHOOD)
    assert found.step.ended_words == "Nobody came"
    here = reverse("places:steps", kwargs={"code": CODE})
    shown = client_of(lead).get(f"{here}?gap_kind=neighbourhood&gap_code={NEIGHBOURHOOD}").content.decode()
    assert "What is over, and what changed" in shown
    assert "Only those for" in shown
    assert "Tablets" not in client_of(lead).get(f"{here}?gap_kind=barrier&gap_code=devices").content.decode()


def test_studies_that_contradict_themselves_are_refused(place, lead):
    step, today = make_step(place, by=lead), timezone.localdate()
    unfinished(step, lead, up_to=2)
    for found, sentence in (
        (Found(value=5.0, low=6.0, high=7.0, groups_known="no"), "between the two ends"),
        (Found(value=5.0, low=4.0, groups_known="no"), "both ends"),
        (Found(groups_known="yes"), "at least one group"),
        (Found(value=5.0, groups_known="no", by_group=(ByGroup("Carers", 1.0, 2.0),)), "known by group"),
    ):
        with pytest.raises(Refused, match=sentence):
            cycles.record_study(step=step, seen=2, words="w", on=today, found=found, by=lead)
    with pytest.raises(Refused, match="First comes"):
        cycles.record_act(step=step, seen=2, words="w", on=today, decision="adopt", by=lead)
    with pytest.raises(Refused, match="future"):
        cycles.record_study(step=step, seen=2, words="w", on=today + timedelta(days=1), found=Found(), by=lead)


def test_no_part_of_a_cycle_lies_before_the_part_before_it(place, lead):
    step, today = make_step(place, by=lead), timezone.localdate()
    soon, before = today + timedelta(days=3), today - timedelta(days=2)

    def write(part, on, **more):
        record = getattr(cycles, f"record_{part}")
        return record(step=step, seen=standing_of(step).seen, words="w", on=on, by=lead, **more)

    write("plan", soon)
    with pytest.raises(Refused, match=r"“Plan” of this cycle was on .* or a later one") as refused:
        write("do", today)
    assert refused.value.field == "on"
    write("plan", before)
    write("do", before)
    with pytest.raises(Refused, match="“Do” of this cycle was on"):
        write("study", before - timedelta(days=1), found=Found(groups_known="no"))
    with pytest.raises(Refused, match=r"“Do” of this cycle was on .* or an earlier one"):
        write("plan", today)
    write("study", today, found=Found(groups_known="no"))
    with pytest.raises(Refused, match="“Study” of this cycle was on"):
        write("act", before, decision="adopt")
    write("act", today, decision="adopt")
    write("plan", before)
    assert len(standing_of(step).cycles) == 2, "a new cycle may begin on any day"


def test_a_study_is_typed_with_its_groups(place, lead):
    step, page = make_step(place, by=lead), client_of(lead)
    unfinished(step, lead, up_to=2)
    address = reverse("places:step_cycle_part", kwargs={"step": step.pk, "part": "study"})
    today = date_fields("on", timezone.localdate())
    sent = {"seen": "2", "words": "It helped", "value": "25", "groups_known": "yes", "group_1": "carers", **today}
    shown = page.post(address, sent).content.decode()
    assert "Group 1 needs a group, a figure at the start and one now" in shown
    assert "It helped" in shown
    assert page.post(address, sent | {"start_1": "2", "now_1": "3,5"}).status_code == 302
    study = standing_of(step).cycles[0].study
    assert (study.value, study.by_group) == (25.0, [{"group": "Carers", "start": 2.0, "now": 3.5}])
    assert page.get(reverse("places:step_cycle", kwargs={"step": step.pk})).url.endswith("/cycle/act/")
    # What is due or can be written again opens; what comes later does not.
    make_cycle(other := make_step(place, by=lead), by=lead)
    opened = [page.get(reverse("places:step_cycle_part", kwargs={"step": each.pk, "part": part})).status_code
              for each, part in ((step, "do"), (step, "act"), (other, "plan"), (other, "do"))]  # fmt: skip
    assert opened == [200, 200, 200, 302]

"""Small steps of a place: who may see and change them, what is kept, and that nothing grows without evidence."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse
from django.utils import timezone
from pages import client_of, date_fields
from people_factories import make_place, make_worker
from places_factories import NEIGHBOURHOOD, make_cycle, make_details, make_gap, make_other_system, make_step

from inroads.accounts.actions import Refused
from inroads.accounts.models import AuditEntry
from inroads.directory.models import Touchpoint
from inroads.places.actions import cycles, steps
from inroads.places.actions.cycles import ByGroup, Found
from inroads.places.actions.steps import NotYet
from inroads.places.forms.fields import NumberField
from inroads.places.models import CycleEntry, SmallStep, SmallStepVersion
from inroads.places.queries.steps import groups_worse, missing_to_scale, standing_of, steps_of_gap, steps_visible_to

pytestmark = pytest.mark.django_db
CODE = "E06000046"


def typed(**more):
    """A new step as a browser sends it."""
    today = timezone.localdate()
    fields = {
        "gap_kind": "neighbourhood",
        "gap_which": NEIGHBOURHOOD,
        "gap_words": "Many have no device",
        "gap_figure": "People who would be left out",
        "gap_value": "120",
        "gap_low": "95",
        "gap_high": "150",
        "title": "Tablets at the library",
        "goal": "Everybody can have the appointment they choose",
        "shared_with": "The library",
        "measure": "People seen as they chose",
        "counted_how": "Weekly",
        "unit": "people",
        "at_start": "10",
        "target": "30",
        "owner": "Pat",
        "money": "£1,200",
        "money_kind": "revenue",
        "money_from": "The council",
        "designed_with": "6",
        "designed_how": ["in_person", "phone"],
        "designed_paid": "all",
        **date_fields("starts_on", today),
        **date_fields("review_on", today + timedelta(days=28)),
    }
    return fields | more


def unfinished(step, by, *, up_to):
    today = timezone.localdate()
    for part in ("plan", "do", "study", "act")[:up_to]:
        more = {"found": Found(groups_known="no")} if part == "study" else {}
        record = getattr(cycles, f"record_{part}")
        record(step=step, seen=standing_of(step).seen, words="words", on=today, by=by, **more)


# What is kept


def test_a_step_keeps_the_gap_as_it_stood_with_its_interval_and_always_has_a_review(place, lead):
    page = client_of(lead)
    answer = page.post(reverse("places:step_new", kwargs={"code": CODE}), typed())
    made = SmallStep.objects.get()
    assert answer.url == reverse("places:step", kwargs={"step": made.pk})
    assert (made.gap_code, made.gap_value, made.gap_low, made.gap_high) == (NEIGHBOURHOOD, 120, 95, 150)
    assert made.gap_on == timezone.localdate()
    now = made.versions.get()
    assert (now.money, now.money_kind, now.designed_with, now.designed_how) == (
        1200,
        "revenue",
        6,
        ["in_person", "phone"],
    )
    shown = page.get(answer.url).content.decode()
    assert "People who would be left out: 120 (95 to 150)" in shown
    assert "£1,200, revenue, from The council" in shown
    assert "6 people who need services; in person, by phone; paid for their time" in shown
    assert AuditEntry.objects.filter(action="small_step_added", organisation=place).count() == 1
    missing = dict.fromkeys(("review_on_day", "review_on_month", "review_on_year"), "")
    assert (
        "Enter the day you look at it together"
        in page.post(reverse("places:step_new", kwargs={"code": CODE}), typed(**missing)).content.decode()
    )


def test_nothing_typed_is_lost_where_something_is_wrong(place, lead):
    page = client_of(lead)
    address = reverse("places:step_new", kwargs={"code": CODE})
    for wrong, sentence in (
        ({"gap_which": "Nowhere"}, "We find no single neighbourhood of Isle of Wight"),
        ({"target": "many"}, "Target must be a number"),
        ({"money": "12.50"}, "Money must be in whole pounds"),
        ({"gap_low": "130"}, "must lie between the two ends"),
        ({"gap_high": ""}, "Enter both ends of the interval"),
        ({"money_from": ""}, "Say from whom the money comes"),
        ({"target": "10"}, "The target is what there was at the start"),
        (date_fields("review_on", timezone.localdate() - timedelta(days=1)), "lies in the past"),
    ):
        shown = page.post(
            address, typed(owner="Zelda Quint", designed_words="They said slowly", **wrong)
        ).content.decode()
        assert sentence in shown, sentence
        assert "Error: " in shown
        assert 'value="Zelda Quint"' in shown
        assert "They said slowly" in shown
        for value in wrong.values():
            assert not isinstance(value, str) or not value or f'value="{value}"' in shown
    assert not SmallStep.objects.exists()
    # What was typed is there when the page is opened again.
    page.post(address, typed(owner="Zelda Quint", target="many", typed_by=_mark(page, address)))
    assert 'value="Zelda Quint"' in page.get(address).content.decode()


def _mark(page, address):
    shown = page.get(address).content.decode()
    return shown.split('name="typed_by" value="')[1].split('"')[0]


def test_a_gap_can_come_from_another_page(place, lead):
    query = (
        f"?gap_kind=neighbourhood&gap_code={NEIGHBOURHOOD}&gap_value=120&gap_low=95&gap_high=150&gap_figure=Left+out"
    )
    shown = client_of(lead).get(reverse("places:step_new", kwargs={"code": CODE}) + query).content.decode()
    assert 'value="neighbourhood" checked' in shown.replace("\n", " ")
    assert 'name="gap_value" type="text"' in shown or 'value="120"' in shown
    assert 'value="Left out"' in shown


@pytest.mark.parametrize(
    ("kind", "which", "code"),
    [
        ("neighbourhood", NEIGHBOURHOOD.lower(), NEIGHBOURHOOD),
        ("group", "older people", "older_people"),
        ("group", "people_65_plus", "people_65_plus"),
        ("barrier", "Phone or computer", "devices"),
        ("stage", "17", "17"),
        ("stage", "17: Assessment", "17"),
        ("stage", "Assessment, community pathway", ""),
    ],
)
def test_gaps_are_found_by_code_and_by_name(place, lead, kind, which, code):
    step = make_step(place, by=lead, gap=make_gap(kind=kind, which=which))
    assert step.gap_code == code
    assert step.gap_title != code or which == code, "people read a name wherever there is one"


@pytest.mark.parametrize(
    ("typed", "kept"),
    [("0.5", 0.5), ("0,5", 0.5), ("1,200", 1200.0), ("-1,234,567.5", -1234567.5), ("12,34", 12.34), (" 7 ", 7.0)],
)
def test_commas_between_thousands_are_what_they_are_in_britain(typed, kept):
    assert NumberField(label="The figure").clean(typed) == kept


def test_a_private_touchpoint_is_never_named_in_a_plan(place, lead):
    for private, name in ((False, "The Kitchen"), (True, "The safe house")):
        Touchpoint.objects.create(name=name, sort_name=name, area=place, private=private)
    assert make_step(place, by=lead, gap=make_gap(kind="touchpoint", which="the kitchen")).gap_title == "The Kitchen"
    with pytest.raises(Refused, match="private one is never named"):
        make_step(place, by=lead, gap=make_gap(kind="touchpoint", which="The safe house"))


def test_a_touchpoint_that_turned_private_is_named_only_to_who_may_see_it(place, lead):
    kitchen = Touchpoint.objects.create(name="The Kitchen", sort_name="The Kitchen", area=place)
    one, _ = (make_step(place, by=lead, gap=make_gap(kind="touchpoint", which="The Kitchen")) for _ in range(2))
    here = reverse("places:steps", kwargs={"code": CODE})
    pages = (reverse("places:step", kwargs={"step": one.pk}), here, f"{here}?gap_kind=touchpoint&gap_code={kitchen.pk}")
    analyst = make_worker(place, "analyst")
    assert all("The Kitchen" in client_of(analyst).get(each).content.decode() for each in pages)
    Touchpoint.objects.update(private=True)
    for address in pages:
        shown = client_of(analyst).get(address).content.decode()
        assert "A touchpoint that is private now" in shown
        assert "The Kitchen" not in shown
        assert "The Kitchen" in client_of(lead).get(address).content.decode(), "who keeps the directory knows of it"


def test_every_version_stays_and_saving_the_same_again_adds_none(place, lead):
    step = make_step(place, by=lead)
    steps.change_small_step(step=step, version=1, details=make_details(), by=lead)
    assert step.versions.count() == 1
    steps.change_small_step(step=step, version=1, details=make_details(owner="Sal"), by=lead)
    assert [each.owner for each in step.versions.all()] == ["Pat", "Sal"]
    shown = client_of(lead).get(reverse("places:step", kwargs={"step": step.pk})).content.decode()
    assert "How it was before (1)" in shown


def test_of_two_tabs_the_second_sees_both_and_loses_nothing(place, lead):
    step, page = make_step(place, by=lead), client_of(lead)
    address = reverse("places:step_change", kwargs={"step": step.pk})
    assert page.post(address, typed(version="1", owner="First")).status_code == 302
    shown = page.post(address, typed(version="1", owner="Second")).content.decode()
    assert "Somebody else changed this while you had it open" in shown
    assert "First" in shown
    assert 'value="Second"' in shown
    assert 'name="version" value="2"' in shown
    assert page.post(address, typed(version="2", owner="Second")).status_code == 302
    assert [each.owner for each in SmallStepVersion.objects.order_by("version")] == ["Pat", "First", "Second"]


def test_of_two_who_write_down_the_same_part_the_second_is_told(place, lead):
    step, page = make_step(place, by=lead), client_of(lead)
    address = reverse("places:step_cycle_part", kwargs={"step": step.pk, "part": "plan"})
    today = date_fields("on", timezone.localdate())
    assert page.post(address, {"seen": "0", "words": "Mine", **today}).status_code == 302
    shown = page.post(address, {"seen": "0", "words": "Yours", **today}).content.decode()
    assert "Somebody else changed this" in shown
    assert "Mine" in shown
    assert "Yours" in shown
    assert [each.words for each in CycleEntry.objects.all()] == ["Mine"]
    assert page.post(address, {"seen": "1", "words": "Yours", **today}).status_code == 302
    kept = standing_of(step).cycles[0]
    assert (kept.parts["plan"].words, [each.words for each in kept.earlier]) == ("Yours", ["Mine"])


# Who may


def test_who_may_see_and_change_the_steps_of_a_place(place, lead):
    step = make_step(place, by=lead)
    other_lead = make_worker(make_other_system(), "place_lead")
    other_place = make_worker(make_place("Another place"), "place_lead")
    analyst, system_lead = make_worker(place.parent, "analyst"), make_worker(place.parent, "place_lead")
    national = make_worker(place.parent.parent.parent, "national_lead")
    read = [reverse("places:step", kwargs={"step": step.pk}), reverse("places:steps", kwargs={"code": CODE})]
    write = [reverse(f"places:step_{name}", kwargs={"step": step.pk}) for name in ("change", "scale", "end")]
    write += [reverse("places:step_cycle_part", kwargs={"step": step.pk, "part": "plan"})]
    for user, reads, writes in (
        (lead, 200, 200),
        (system_lead, 200, 200),
        (analyst, 200, 403),
        (national, 200, 403),
        (other_lead, 404, 404),
        (make_worker(place, "practitioner"), 403, 403),
    ):
        page = client_of(user)
        assert [page.get(each).status_code for each in read] == [reads] * len(read), user.memberships.get().role
        assert [page.get(each).status_code for each in write] == [writes] * len(write), user.memberships.get().role
    assert client_of(other_place).get(read[0]).status_code == 404
    assert list(steps_visible_to(other_lead)) == []
    assert "Tablets" not in client_of(other_place).get(read[1]).content.decode()


def test_pages_of_another_place_lead_to_no_plans_that_are_not_there(place, lead):
    elsewhere = make_worker(make_other_system(), "place_lead")
    for user, there in ((lead, True), (elsewhere, False)):
        page = client_of(user).get(reverse("places:area", kwargs={"code": CODE})).content.decode()
        for name in ("steps", "outreaches"):
            address = reverse(f"places:{name}", kwargs={"code": CODE})
            assert (f'href="{address}"' in page) == there
            assert client_of(user).get(address).status_code == (200 if there else 404)
        assert f'href="{reverse("places:listen", kwargs={"code": CODE})}"' in page


def test_nobody_else_changes_a_step_through_an_action(place, lead):
    step, stranger = make_step(place, by=lead), make_worker(make_other_system(), "place_lead")
    analyst = make_worker(place, "analyst")
    today = timezone.localdate()
    for user in (stranger, analyst):
        for act in (
            lambda by: make_step(place, by=by),
            lambda by: steps.change_small_step(step=step, version=1, details=make_details(owner="X"), by=by),
            lambda by: cycles.record_plan(step=step, seen=0, words="x", on=today, by=by),
            lambda by: steps.scale(step=step, words="x", by=by),
            lambda by: steps.end_small_step(step=step, because="other", words="x", by=by),
        ):
            with pytest.raises(PermissionDenied):
                act(user)
    assert SmallStep.objects.count() == 1
    assert not CycleEntry.objects.exists()


# Evidence


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
    shown = page.post(address, typed(version="2", at_start="4", owner="Zelda Quint")).content.decode()
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

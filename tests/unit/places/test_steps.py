"""Small steps of a place: what is kept of them, and who may see and change them."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse
from django.utils import timezone
from pages import client_of, date_fields
from people_factories import make_place, make_worker
from places_factories import NEIGHBOURHOOD, make_details, make_gap, make_other_system, make_step, typed_step

from inroads.accounts.actions import Refused
from inroads.accounts.models import AuditEntry
from inroads.design.fields import NumberField
from inroads.directory.models import Touchpoint
from inroads.places.actions import cycles, steps
from inroads.places.models import CycleEntry, SmallStep, SmallStepVersion
from inroads.places.queries.steps import standing_of, steps_visible_to

pytestmark = pytest.mark.django_db
CODE = "E06000046"


# What is kept


def test_a_step_keeps_the_gap_as_it_stood_with_its_interval_and_always_has_a_review(place, lead):
    page = client_of(lead)
    answer = page.post(reverse("places:step_new", kwargs={"code": CODE}), typed_step())
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
        in page.post(reverse("places:step_new", kwargs={"code": CODE}), typed_step(**missing)).content.decode()
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
            address, typed_step(owner="Zelda Quint", designed_words="They said slowly", **wrong)
        ).content.decode()
        assert sentence in shown, sentence
        assert "Error: " in shown
        assert 'value="Zelda Quint"' in shown
        assert "They said slowly" in shown
        for value in wrong.values():
            assert not isinstance(value, str) or not value or f'value="{value}"' in shown
    assert not SmallStep.objects.exists()
    # What was typed is there when the page is opened again.
    page.post(address, typed_step(owner="Zelda Quint", target="many", typed_by=_mark(page, address)))
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
    assert page.post(address, typed_step(version="1", owner="First")).status_code == 302
    shown = page.post(address, typed_step(version="1", owner="Second")).content.decode()
    assert "Somebody else changed this while you had it open" in shown
    assert "First" in shown
    assert 'value="Second"' in shown
    assert 'name="version" value="2"' in shown
    assert page.post(address, typed_step(version="2", owner="Second")).status_code == 302
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

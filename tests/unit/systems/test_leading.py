"""Leadership: who holds which role, what hangs on a single person, and where inclusion stood on an agenda."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from hypothesis import given, settings
from hypothesis import strategies as st
from kept_rows import afresh
from pages import client_of, date_fields
from systems_factories import make_member, make_tree
from systems_leading_factories import (
    days_ago,
    half_of_the_criteria,
    make_assessment_with_evidence,
    make_evidence,
    make_held,
    make_item,
    make_leading,
    make_vacant,
)

from inroads.accounts.actions import Refused
from inroads.accounts.checks import ChangedMeanwhile
from inroads.accounts.models import AuditEntry
from inroads.reference.definitions import load
from inroads.reference.definitions.framework import LeadershipRole, criteria_of, current
from inroads.systems.actions import assessments, leading, reviewing
from inroads.systems.models import AgendaItem, RoleHeld
from inroads.systems.queries.leading import (
    Shared,
    agenda,
    hanging,
    hangings,
    months_between,
    role_standing,
    roles,
    standing_roles,
)

pytestmark = pytest.mark.django_db
NOBODY = Shared(0, ())


@pytest.fixture(scope="module")
def world(rows_for_all):
    """Two systems, and who is inside the first, above it, and beside it."""
    system, other = make_tree(regions=1, systems=2)
    people = {
        "assessor": make_member(system, "assessor"),
        "place_lead": make_member(system, "place_lead"),
        "board_member": make_member(system, "board_member"),
        "above": make_member(system.parent, "national_lead"),
        "analyst_above": make_member(system.parent, "analyst"),
        "beside": make_member(other, "place_lead"),
        "reviewer": make_member(other, "reviewer"),
    }
    return system, people


@pytest.fixture
def system(world, db):
    return afresh(world[0])


@pytest.fixture
def people(world, db):
    return afresh(world[1])


@pytest.fixture
def by(people):
    return people["assessor"]


def address(system, name, **more):
    return reverse(f"systems:{name}", kwargs={"system": system.pk, **more})


def of(system, role, on=None):
    return next(each for each in standing_roles(system, on or timezone.localdate()) if each.role.id == role)


# Who holds a role


def test_nothing_said_somebody_and_nobody_are_three_different_things(system, by):
    assert of(system, "ccio").never_said
    make_held(system, by=by)
    make_vacant(system, by=by, role="cnio")
    held, vacant = of(system, "ccio"), of(system, "cnio")
    assert (held.never_said, held.vacant, held.holders[0].row.name) == (False, False, "Ada Quill (invented)")
    assert (vacant.never_said, vacant.vacant, vacant.holders) == (False, True, ())
    assert len(standing_roles(system, timezone.localdate())) == len(load(LeadershipRole))


def test_whoever_held_a_role_before_stays_in_the_history(system, by):
    first = make_held(system, by=by)
    make_held(system, by=by, name="Eve Stone (invented)", from_on=days_ago(10))
    first.refresh_from_db()
    assert (first.ended_on, first.ended_by) == (days_ago(10), by)
    now = of(system, "ccio")
    assert [each.row.name for each in now.holders] == ["Eve Stone (invented)"]
    assert now.earlier == (first,)
    assert of(system, "ccio", days_ago(11)).holders[0].row == first
    make_vacant(system, by=by, role="ccio", from_on=days_ago(3))
    assert of(system, "ccio").vacant
    assert RoleHeld.objects.count() == 3


def test_since_goes_on_where_only_something_beside_the_name_changed(system, by):
    make_held(system, by=by, from_on=days_ago(400))
    make_held(system, by=by, days=3.0, from_on=days_ago(5))
    assert [(each.row.days, each.since) for each in of(system, "ccio").holders] == [(3.0, days_ago(400))]


def test_saying_the_same_again_changes_nothing(system, by):
    assert make_held(system, by=by) == make_held(system, by=by, from_on=days_ago(1))
    assert RoleHeld.objects.count() == 1
    assert AuditEntry.objects.filter(action="role_held").count() == 1


def test_several_champions_stand_side_by_side(system, by):
    make_held(system, by=by, role="champion", name="Cleo Fenn (invented)")
    make_held(system, by=by, role="champion", name="Finn Orr (invented)")
    make_held(system, by=by, role="champion", name="cleo  fenn (Invented)", days=1.0, from_on=days_ago(2))
    found = of(system, "champion")
    assert sorted((each.row.name, each.row.days) for each in found.holders) == [
        ("Finn Orr (invented)", 2.0),
        ("cleo fenn (Invented)", 1.0),
    ]
    with pytest.raises(Refused, match="Others stand here still"):
        make_vacant(system, by=by, role="champion")


def test_a_champion_comes_after_nobody(system, by):
    make_vacant(system, by=by, role="champion")
    make_held(system, by=by, role="champion", from_on=days_ago(1))
    assert [each.row.name for each in of(system, "champion").now] == ["Ada Quill (invented)"]


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"deputy": "ada  quill (INVENTED)"}, "deputy"),
        ({"days": 8.0}, "days"),
        ({"days": 0.0}, "days"),
        ({"name": " "}, "name"),
        ({"from_on": timezone.localdate() + timedelta(days=1)}, "from_on"),
        ({"role": "king"}, "role"),
    ],
)
def test_what_cannot_be_is_refused_beside_its_field(system, by, wrong, field):
    with pytest.raises(Refused) as refusal:
        make_held(system, by=by, **wrong)
    assert refusal.value.field == field
    assert not RoleHeld.objects.exists()


def test_the_next_does_not_begin_before_the_one_who_stands_there(system, by):
    make_held(system, by=by, from_on=days_ago(10))
    with pytest.raises(Refused, match="stands here since"):
        make_held(system, by=by, name="Eve Stone (invented)", from_on=days_ago(11))


def test_a_role_ends_once_and_not_before_it_began(system, by):
    held = make_held(system, by=by, from_on=days_ago(10))
    with pytest.raises(Refused, match="It began on"):
        leading.end_role(held=held, on=days_ago(11), by=by)
    leading.end_role(held=held, on=days_ago(1), by=by)
    assert of(system, "ccio").never_said
    with pytest.raises(Refused, match="ended on"):
        leading.end_role(held=held, on=days_ago(1), by=by)


def test_only_those_who_assess_write_it_down(system, people):
    for name in ("board_member", "above", "beside", "reviewer"):
        with pytest.raises(PermissionDenied):
            make_held(system, by=people[name])
        with pytest.raises(PermissionDenied):
            make_item(system, by=people[name])
    item, held = make_item(system, by=people["assessor"]), make_held(system, by=people["assessor"])
    with pytest.raises(PermissionDenied):
        leading.became(item=item, words="Nothing", by=people["beside"])
    with pytest.raises(PermissionDenied):
        leading.end_role(held=held, on=days_ago(1), by=people["board_member"])


def test_the_trail_holds_codes_and_never_names(system, by):
    make_leading(system, by=by)
    for entry in AuditEntry.objects.filter(organisation=system):
        assert "invented" not in str(entry.details)
        assert "phone" not in str(entry.details)


def test_of_two_who_write_at_once_the_second_sees_both(system, by):
    read = of(system, "ccio").newest
    make_held(system, by=by, seen=read)
    with pytest.raises(ChangedMeanwhile):
        make_held(system, by=by, name="Eve Stone (invented)", seen=read)


# What hangs on a single person


def said(system):
    return [(each.what, each.on_whom, each.why) for each in hanging(system, timezone.localdate())]


def test_in_an_empty_system_nothing_is_known_and_nothing_is_said_to_hang(system):
    assert hanging(system, timezone.localdate()) == []


def test_a_role_without_a_deputy_hangs_on_whoever_holds_it(system, by):
    make_held(system, by=by, deputy="")
    found = hanging(system, timezone.localdate())
    assert [(each.what, each.on_whom, each.since) for each in found] == [
        ("Chief clinical information officer (CCIO)", "Ada Quill (invented)", days_ago(400))
    ]
    assert found[0].helps
    make_held(system, by=by, from_on=days_ago(1))
    assert said(system) == []


def test_money_that_ends_within_a_year_is_found_to_the_day(system, by):
    today = timezone.localdate()
    for days, found in ((365, 1), (366, 0), (0, 1), (-30, 1)):
        make_held(system, by=by, money_until=today + timedelta(days=days), from_on=days_ago(1))
        assert len(said(system)) == found, days
    assert "ended on" in said(system)[0][2]


def test_one_name_in_several_roles_is_found(system, by):
    make_held(system, by=by)
    make_held(system, by=by, role="health_inequalities", name="ada quill (Invented)")
    ((what, whom, why),) = said(system)
    assert (what, whom) == ("Several roles", "ada quill (Invented)")
    assert "2 roles" in why
    assert "CCIO" in why


def test_vacant_roles_few_champions_and_a_lead_without_days(system, by):
    make_vacant(system, by=by, role="cnio")
    make_vacant(system, by=by, role="champion")
    make_held(system, by=by, role="lived_experience", name="Gil Park (invented)", days=None)
    whats = [(what, whom) for what, whom, _ in said(system)]
    assert whats == [
        ("Chief nursing information officer (CNIO)", ""),
        ("Lead with lived experience", "Gil Park (invented)"),
        ("Champion", ""),
    ]
    make_held(system, by=by, role="champion", name="Cleo Fenn (invented)", deputy="", from_on=days_ago(2))
    assert ("Champion", "Cleo Fenn (invented)", "There is one so far.") in said(system)
    make_held(system, by=by, role="champion", name="Finn Orr (invented)", deputy="", from_on=days_ago(2))
    assert not [each for each in said(system) if each[0] == "Champion"]


def test_half_of_the_parts_of_the_open_assessment_with_one_person(system, people):
    lead, assessor = people["place_lead"], people["assessor"]
    open_now = make_assessment_with_evidence(system, lead=lead)
    half = half_of_the_criteria()
    for criterion in half[:-1]:
        assessments.give_part(assessment=open_now, criterion=criterion, holder=assessor, by=lead)
    assert said(system) == []
    assessments.give_part(assessment=open_now, criterion=half[-1], holder=assessor, by=lead)
    ((what, whom, why),) = said(system)
    assert (what, whom) == ("The self-assessment", assessor.full_name)
    assert why.startswith(f"{len(half)} of {len(criteria_of(current()))} parts")
    # What is handed in later was open until then.
    before = timezone.now()
    with transaction.atomic():
        reviewing.hand_in(assessment=open_now, words="", by=lead)
        assert said(system) == []
        assert len(hanging(system, timezone.localdate(), at=before)) == 1
        transaction.set_rollback(True)
    # The latest word on a part holds.
    assessments.give_part(assessment=open_now, criterion=half[0], holder=None, by=lead)
    assert said(system) == []


def test_evidence_that_one_person_laid_down(system, people):
    lead, assessor = people["place_lead"], people["assessor"]
    for number in range(3):
        make_evidence(system, by=lead, title=f"Minutes {number}")
    assert said(system) == [], "three pieces say nothing of how work is shared"
    make_evidence(system, by=assessor)
    assert [(what, whom) for what, whom, _ in said(system)] == [("Evidence", lead.full_name)]
    for number in range(2):
        make_evidence(system, by=assessor, title=f"Survey {number}")
    assert said(system) == [], "two people with half each share it"


def test_what_was_written_down_later_was_not_known_then(system, by):
    held = make_held(system, by=by, deputy="")
    assert hanging(system, days_ago(1)) == []
    before = timezone.now()
    leading.end_role(held=held, on=days_ago(5), by=by)
    assert hanging(system, timezone.localdate()) == []
    assert len(hanging(system, timezone.localdate(), at=before)) == 1


@st.composite
def rows_of_roles(draw):
    """Rows as they might be kept: several roles, names that come again, deputies, money, days."""
    made = []
    for number in range(draw(st.integers(0, 8))):
        made.append(
            RoleHeld(
                pk=number + 1,
                role=draw(st.sampled_from([each.id for each in roles()])),
                name=draw(st.sampled_from(["", "Ada", "ada", "Ben", "Cleo"])),
                deputy=draw(st.sampled_from(["", "Dev"])),
                days=draw(st.sampled_from([None, 1.0])),
                money_until=draw(st.sampled_from([None, date(2027, 1, 1), date(2030, 1, 1)])),
                from_on=draw(st.sampled_from([date(2025, 1, 1), date(2026, 1, 1)])),
                ended_on=draw(st.sampled_from([None, None, date(2026, 1, 1)])),
            )
        )
    return made


def worked_out(rows, parts=NOBODY, evidence=NOBODY):
    on = date(2026, 11, 1)
    standing = [role_standing(each, [row for row in rows if row.role == each.id], on) for each in roles()]
    return hangings(standing, parts=parts, evidence=evidence, on=on)


@settings(max_examples=80, deadline=None)
@given(rows=rows_of_roles(), data=st.data())
def test_the_order_of_what_was_written_down_does_not_matter(rows, data):
    assert worked_out(data.draw(st.permutations(rows))) == worked_out(rows)


@settings(max_examples=80, deadline=None)
@given(rows=rows_of_roles(), data=st.data())
def test_a_deputy_never_makes_anything_hang(rows, data):
    before = worked_out(rows)
    with_names = [row for row in rows if row.name]
    if with_names:
        data.draw(st.sampled_from(with_names)).deputy = "Zoe"
    after = worked_out(rows)
    assert len(after) <= len(before)
    assert set(after) <= set(before)


@given(many=st.lists(st.integers(0, 9), max_size=6))
def test_work_hangs_on_whoever_has_half_of_it_or_more(many):
    shared = Shared(sum(many), tuple((f"P{number}", each) for number, each in enumerate(many)))
    half = [f"P{number}" for number, each in enumerate(many) if sum(many) and each >= sum(many) / 2]
    assert (shared.most()[0] if shared.most() else None) == (half[0] if len(half) == 1 else None)


# On an agenda


@pytest.mark.parametrize(
    ("start", "end", "months"),
    [
        (date(2026, 1, 31), date(2026, 2, 28), 0),
        (date(2026, 1, 31), date(2026, 3, 31), 2),
        (date(2025, 11, 30), date(2026, 11, 29), 11),
        (date(2026, 5, 5), date(2026, 5, 5), 0),
    ],
)
def test_months_are_whole_ones(start, end, months):
    assert months_between(start, end) == months


def test_the_board_had_it_last_and_what_is_due_waits_for_an_answer(system, by):
    today = timezone.localdate()
    assert agenda(system, today).last is None
    item = make_item(system, by=by)
    make_item(system, by=by, board=False, meeting="Quality committee", on=days_ago(2), look_again_on=None)
    make_item(system, by=by, title="Later", look_again_on=today + timedelta(days=1))
    found = agenda(system, today)
    assert found.months == 3
    assert found.due == (item,)
    leading.became(item=item, words="It was asked by phone in 12 streets.", by=by)
    assert agenda(system, today).due == ()
    with pytest.raises(Refused, match="said already"):
        leading.became(item=item, words="Something else", by=by)
    item.refresh_from_db()
    assert item.became == "It was asked by phone in 12 streets."


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"on": timezone.localdate() + timedelta(days=1)}, "on"),
        ({"look_again_on": days_ago(100)}, "look_again_on"),
        ({"decided": " "}, "decided"),
        ({"meeting": " "}, "meeting"),
        ({"title": ""}, "title"),
    ],
)
def test_a_meeting_that_cannot_be_is_refused_beside_its_field(system, by, wrong, field):
    with pytest.raises(Refused) as refusal:
        make_item(system, by=by, **wrong)
    assert refusal.value.field == field


# Pages


def test_the_page_shows_roles_what_hangs_and_the_agenda(system, people):
    make_leading(system, by=people["assessor"])
    for name in ("assessor", "place_lead", "board_member"):
        shown = client_of(people[name]).get(address(system, "leadership")).content.decode()
        for words in (
            "Ada Quill (invented)",
            "Vacant since",
            "Nobody has said who holds it.",
            "What would help:",
            "No deputy is written down.",
            "The board last had it 3 months ago",
            "Decisions to look at again",
            "Dev Rao (invented):",
        ):
            assert words in shown, words
        assert ("Write down a meeting" in shown) == (name != "board_member")
        assert shown.count("<h1") == 1
    assert "Three surgeries ask by phone now." in (
        client_of(people["board_member"]).get(address(system, "agenda")).content.decode()
    )


def test_outside_the_system_nobody_sees_any_of_it(system, people):
    make_leading(system, by=people["assessor"])
    held, item = RoleHeld.objects.first(), AgendaItem.objects.filter(became_at=None).first()
    pages = [
        address(system, "leadership"),
        address(system, "agenda"),
        address(system, "agenda_new"),
        address(system, "agenda_became", item=item.pk),
        address(system, "leadership_hold", post="ccio"),
        address(system, "leadership_end", role=held.pk),
    ]
    for name in ("above", "analyst_above", "beside", "reviewer"):
        for page in pages:
            assert client_of(people[name]).get(page).status_code in (403, 404), (name, page)
    for page in pages:
        assert client_of(people["assessor"]).get(page).status_code == 200, page
    for page in pages[2:]:
        assert client_of(people["board_member"]).get(page).status_code in (403, 404), page


def test_another_systems_rows_are_not_found_under_this_one(system, people):
    other = system.parent.children.exclude(pk=system.pk).get()
    theirs, item = make_held(other, by=people["beside"]), make_item(other, by=people["beside"])
    page = client_of(people["assessor"])
    assert page.get(address(system, "leadership_end", role=theirs.pk)).status_code == 404
    assert page.get(address(system, "agenda_became", item=item.pk)).status_code == 404


def typed(**more):
    told = {
        "seen": 0,
        "held": "somebody",
        "name": "Ada Quill (invented)",
        "where": "",
        "days": "0,5",
        "deputy": "",
        "lived_experience": "",
        **date_fields("from_on", days_ago(3)),
    }
    return {**told, **more}


def test_a_role_is_written_down_on_its_page(system, people):
    page, here = client_of(people["assessor"]), address(system, "leadership_hold", post="ccio")
    assert page.post(here, typed()).url == address(system, "leadership")
    kept = RoleHeld.objects.get()
    assert (kept.days, kept.lived_experience, kept.from_on) == (0.5, None, days_ago(3))
    # Somebody who read the page before that sees what stands there now, and loses nothing.
    shown = page.post(here, typed(name="Eve Stone (invented)", deputy="Zelda Quint (invented)")).content.decode()
    assert "Somebody else changed this while you had it open" in shown
    assert 'value="Zelda Quint (invented)"' in shown
    assert f'name="seen" value="{kept.pk}"' in shown
    assert page.post(here, typed(name="", held="nobody", days="", seen=kept.pk)).status_code == 302
    assert of(system, "ccio").vacant


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"name": ""}, "Enter their name"),
        ({"held": "nobody"}, "You said that nobody holds it"),
        ({"held": ""}, "Choose whether anybody holds this role"),
        ({"days": "many"}, "Days a week for it must be a number"),
        ({"days": "9"}, "Days a week must be more than 0 and at most 7"),
        ({"from_on_day": "31", "from_on_month": "2"}, "must be a real date"),
    ],
)
def test_what_is_wrong_is_said_and_what_was_typed_comes_back(system, people, wrong, sentence):
    page = client_of(people["assessor"])
    shown = page.post(
        address(system, "leadership_hold", post="ccio"), typed(where="Unit <4>", **wrong)
    ).content.decode()
    assert sentence in shown
    assert "Unit &lt;4&gt;" in shown
    assert not RoleHeld.objects.exists()


def test_a_role_ends_and_a_meeting_is_written_down_on_their_pages(system, people):
    page = client_of(people["place_lead"])
    held = make_held(system, by=people["place_lead"])
    assert page.post(address(system, "leadership_end", role=held.pk), date_fields("on", days_ago(0))).status_code == 302
    assert of(system, "ccio").never_said
    told = {"meeting": "Board", "board": "yes", "title": "Left out", "decided": "", **date_fields("on", days_ago(1))}
    assert page.post(address(system, "agenda_new"), told).status_code == 302
    item = AgendaItem.objects.get()
    assert (item.board, item.look_again_on) == (True, None)
    assert page.post(address(system, "agenda_became", item=item.pk), {"words": "Nothing"}).status_code == 302
    again = page.post(address(system, "agenda_became", item=item.pk), {"words": "My other words"}).content.decode()
    assert "said already what became of it" in again
    assert "My other words" in again


def test_the_page_asks_the_database_as_often_however_much_there_is(system, people):
    make_leading(system, by=people["assessor"])
    page = client_of(people["board_member"])

    def asked(name):
        page.get(address(system, name))
        with CaptureQueriesContext(connection) as found:
            assert page.get(address(system, name)).status_code == 200
        return len(found)

    before = asked("leadership"), asked("agenda")
    for number in range(30):
        make_item(system, by=people["assessor"], title=f"Item {number}")
        make_held(system, by=people["assessor"], role="champion", name=f"Champion {number} (invented)")
    assert (asked("leadership"), asked("agenda")) == before
    assert max(before) <= 25

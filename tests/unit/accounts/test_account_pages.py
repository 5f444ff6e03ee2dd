"""The pages about your account, the people who sign in, and the audit trail."""

import re
from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.utils import timezone

from inroads.accounts import actions, audit
from inroads.accounts.models import AuditEntry, Membership, User
from inroads.accounts.permissions import Permission, roles
from inroads.accounts.routes import ANYONE, SIGNED_IN, page

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


@pytest.fixture
def as_(client):
    def sign_in(user):
        client.force_login(user, backend=BACKEND)
        return client

    return sign_in


def main(answer):
    """What stands between <main> and </main>, without tags."""
    body = answer.content.decode().split("<main")[1].split("</main>")[0]
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", body))


def new_person(organisation, **changes):
    today = timezone.localdate()
    return {
        "full_name": "New Person",
        "email": "new@example.org",
        "role": "practitioner",
        "organisation": organisation.pk,
        "starts_on_day": today.day,
        "starts_on_month": today.month,
        "starts_on_year": today.year,
        **changes,
    }


def test_your_account_says_your_roles_in_plain_words(as_, places, somebody):
    user = somebody("place_lead", places.place, name="Pat Example")
    said = main(as_(user).get("/accounts/"))
    assert "Pat Example" in said
    assert "Place lead Organisation Isle of Wight" in said
    assert "from 1 January 2026" in said
    for sentence in (*roles()["place_lead"].may, *roles()["place_lead"].may_not):
        assert sentence in said


def test_your_account_without_a_role_says_whom_to_ask(as_, somebody):
    assert "Ask the administrator of your organisation for a role" in main(as_(somebody()).get("/accounts/"))


def test_the_list_shows_people_below_and_not_others(as_, places, somebody):
    below = somebody("practitioner", places.team, name="Below Here")
    somebody("analyst", places.other_ics, name="Else Where")
    said = main(as_(somebody("place_lead", places.place)).get("/accounts/people/"))
    assert below.full_name in said
    assert "Else Where" not in said
    assert "Add a person" not in said, "a place lead sees people and changes nothing"


def test_the_list_takes_as_many_queries_for_many_people_as_for_few(as_, places, somebody, django_assert_num_queries):
    client = as_(somebody("administrator", places.place))
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    somebody("practitioner", places.team)
    with CaptureQueriesContext(connection) as few:
        client.get("/accounts/people/")
    for _ in range(10):
        somebody("practitioner", places.team)
    with django_assert_num_queries(len(few)):
        client.get("/accounts/people/")


def test_an_administrator_adds_a_person_and_sees_the_link_once(as_, places, somebody):
    client = as_(somebody("administrator", places.place))
    answer = client.post("/accounts/people/add/", new_person(places.team))
    link = re.search(r"<code>http://testserver(/accounts/password/set/[^<]+)</code>", answer.content.decode()).group(1)
    assert "no-store" in answer["Cache-Control"]
    assert client.get(link).status_code == 302
    person = User.objects.get(email="new@example.org")
    assert link not in client.get(f"/accounts/people/{person.pk}/").content.decode()


def test_the_boxes_on_the_page_are_the_ones_that_are_read(as_, places, somebody):
    """Sent back under the names that the page itself gives, as a browser does."""
    client = as_(somebody("administrator", places.place))
    page_ = client.get("/accounts/people/add/").content.decode().split("<main")[1]
    boxes = dict(re.findall(r'<input[^>]* id="id_starts_on_(\w+)" name="([^"]+)"', page_))
    assert set(boxes) == {"day", "month", "year"}
    typed = {"full_name": "New Person", "email": "new@example.org", "role": "practitioner"}
    date_ = {boxes["day"]: "3", boxes["month"]: "2", boxes["year"]: "2027"}
    client.post("/accounts/people/add/", {**typed, "organisation": places.team.pk, **date_})
    assert Membership.objects.get(user__email="new@example.org").starts_on == date(2027, 2, 3)
    wrong = client.post("/accounts/people/add/", {**typed, **date_, boxes["day"]: "31"}).content.decode()
    assert "must be a real date" in wrong
    assert f'name="{boxes["day"]}" type="text" value="31"' in wrong


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"full_name": ""}, "Enter the person&#39;s full name"),
        ({"email": "nobody"}, "Enter an email address, like name@example.org"),
        ({"role": ""}, "Choose a role"),
        ({"starts_on_day": "31", "starts_on_month": "2"}, "must be a real date"),
        ({"role": "national_lead"}, "National lead is not a role for A team"),
    ],
)
def test_what_was_typed_is_kept_and_the_error_says_what_to_do(as_, places, somebody, changes, words):
    typed = new_person(places.team, full_name="Typed Words", email="typed@example.org")
    answer = as_(somebody("administrator", places.place)).post("/accounts/people/add/", {**typed, **changes})
    page_ = answer.content.decode()
    assert words in page_
    assert "There is a problem" in page_
    assert "<title>Error: " in page_
    kept = {"full_name": "Typed Words", "email": "typed@example.org", **changes}
    for name in ("full_name", "email"):
        if kept[name]:
            assert f'value="{kept[name]}"' in page_
    assert not User.objects.filter(full_name="Typed Words").exists()


def test_an_organisation_outside_is_not_offered_and_not_taken(as_, places, somebody):
    client = as_(somebody("administrator", places.place))
    assert "Kent and Medway" not in client.get("/accounts/people/add/").content.decode()
    answer = client.post("/accounts/people/add/", new_person(places.other_ics))
    assert "Choose an organisation that you look after" in answer.content.decode()


def test_reading_a_persons_page_is_written(as_, places, somebody):
    reader, person = somebody("place_lead", places.place), somebody("practitioner", places.team)
    as_(reader).get(f"/accounts/people/{person.pk}/")
    entry = AuditEntry.objects.get(action="record_read")
    assert (entry.by, entry.about_id, entry.organisation) == (reader, str(person.pk), places.team)


@pytest.mark.parametrize("path", ["roles/add/", "roles/{role}/end/", "link/", "second-step/", "stop/", "restart/"])
def test_reading_any_other_page_about_a_person_is_written_too(as_, places, somebody, path):
    reader, person = somebody("administrator", places.place), somebody("person", places.team)
    client = as_(reader)
    address = f"/accounts/people/{person.pk}/" + path.format(role=person.memberships.get().pk)
    assert client.get(address).status_code == 200
    entry = AuditEntry.objects.get(action="record_read")
    assert (entry.by, entry.about_id, entry.organisation) == (reader, str(person.pk), places.team)


def test_a_refusal_shows_the_person_again_and_is_written_what_is_done_is_one_entry(as_, places, somebody):
    client, person = as_(somebody("administrator", places.place)), somebody("practitioner", places.team)
    reads = AuditEntry.objects.filter(action="record_read")
    assert "nothing was changed" in main(client.post(f"/accounts/people/{person.pk}/restart/"))
    assert reads.count() == 1
    client.post(f"/accounts/people/{person.pk}/stop/")
    assert reads.count() == 1
    assert AuditEntry.objects.filter(action="account_stopped").count() == 1


def test_finding_somebody_by_their_address_is_written(as_, places, somebody):
    person = somebody("practitioner", places.team, name="Sam Example", email="sam@example.org")
    client = as_(somebody("administrator", places.place))
    client.get("/accounts/people/add/")
    assert not AuditEntry.objects.filter(action="record_read").exists()
    assert "Sam Example" in main(client.post("/accounts/people/add/", new_person(places.team, email=person.email)))
    assert AuditEntry.objects.get(action="record_read").about_id == str(person.pk)


def test_learning_that_somebody_elsewhere_signs_in_is_written_for_those_who_audit_them(as_, places, somebody):
    elsewhere = somebody("practitioner", places.other_ics, name="Sam Example", email="sam@example.org")
    reader = somebody("administrator", places.place)
    said = main(as_(reader).post("/accounts/people/add/", new_person(places.team, email="SAM@example.org")))
    assert "Somebody already signs in with this email address" in said
    assert "Sam Example" not in said
    entry = AuditEntry.objects.exclude(action="signed_in").get()
    assert (entry.action, entry.by, entry.about_id) == ("address_found_taken", reader, str(elsewhere.pk))
    assert (entry.organisation, entry.details) == (places.other_ics, {})
    trail = main(as_(somebody("auditor", places.other_ics)).get("/accounts/audit/"))
    assert "learnt that they sign in already About Sam Example" in trail


def test_reading_the_list_is_written_with_how_many_and_from_where(as_, places, somebody):
    reader, lead = somebody("administrator", places.place), somebody("place_lead", places.place)
    somebody("person", places.team, name="Robin Example")
    assert "Robin Example" in main(as_(reader).get("/accounts/people/"))
    entry = AuditEntry.objects.get(action="people_listed")
    assert (entry.by, entry.about_id, entry.organisation) == (reader, "", places.place)
    assert entry.details == {"people": 3, "with_a_private_role": 1}
    assert "Robin Example" not in main(as_(lead).get("/accounts/people/"))
    entry = AuditEntry.objects.filter(by=lead).get(action="people_listed")
    assert entry.details == {"people": 2, "with_a_private_role": 0}
    said = main(as_(somebody("auditor", places.place)).get("/accounts/audit/"))
    assert "Read the list of people who sign in (people: 3, with a private role: 1)" in said


def test_a_list_that_reaches_down_from_two_places_is_written_for_the_auditors_of_both(as_, places, somebody):
    reader = somebody("administrator", places.place)
    for role, where in (("administrator", places.other_ics), ("place_lead", places.team), ("analyst", places.ics)):
        Membership.objects.create(user=reader, role=role, organisation=where, starts_on=date(2026, 1, 1))
    as_(reader).get("/accounts/people/")
    written = AuditEntry.objects.filter(action="people_listed")
    assert {entry.organisation for entry in written} == {places.place, places.other_ics}


def test_reading_the_trail_is_written_once_for_each_opening(as_, places, somebody):
    reader = somebody("auditor", places.place)
    client = as_(reader)
    for _ in range(2):
        assert "That you looked at this page is written" in main(client.get("/accounts/audit/", {"before": "9"}))
    first, second = AuditEntry.objects.filter(action="audit_trail_read").order_by("number")
    assert (first.by, first.organisation, first.details) == (reader, places.place, {"entries": 1, "before": 9})
    assert second.details == {"entries": 2, "before": 9}
    assert audit.verify().ok


def test_a_person_who_cannot_be_seen_is_not_found_and_no_read_is_written(as_, places, somebody):
    hidden = somebody("analyst", places.other_ics)
    client = as_(somebody("administrator", places.place))
    for path in ("", "roles/add/", "link/", "stop/", "restart/"):
        for method in (client.get, client.post):
            assert method(f"/accounts/people/{hidden.pk}/{path}").status_code == 404
    assert not AuditEntry.objects.filter(action="record_read").exists()
    assert User.objects.get(pk=hidden.pk).is_active


def test_a_role_elsewhere_cannot_be_ended_through_a_person_who_is_seen(as_, places, somebody):
    person = somebody("practitioner", places.team)
    elsewhere = Membership.objects.create(
        user=person, role="analyst", organisation=places.other_ics, starts_on=date(2026, 1, 1)
    )
    client = as_(somebody("administrator", places.place))
    assert client.post(f"/accounts/people/{person.pk}/roles/{elsewhere.pk}/end/").status_code == 404
    assert "Kent and Medway" not in client.get(f"/accounts/people/{person.pk}/").content.decode()


def test_a_whole_life_of_a_membership_on_screen(as_, places, somebody):
    person = somebody("practitioner", places.team, name="Sam Example")
    client = as_(somebody("administrator", places.place))
    here = f"/accounts/people/{person.pk}/"
    given = client.post(here + "roles/add/", new_person(places.voluntary, role="digital_mentor"), follow=True)
    assert "Sam Example has a new role" in main(given)
    assert "Digital mentor" in main(given)
    membership = person.memberships.get(role="digital_mentor")
    assert "ends at once" in main(client.get(f"{here}roles/{membership.pk}/end/"))
    assert "has ended" in main(client.post(f"{here}roles/{membership.pk}/end/", follow=True))
    assert "nothing was changed" in main(client.post(f"{here}roles/{membership.pk}/end/"))
    for path, words in (("stop/", "is stopped"), ("restart/", "is restarted")):
        assert client.get(here + path).status_code == 200
        assert words in main(client.post(here + path, follow=True))
    assert "A link for Sam Example" in main(client.post(here + "link/"))


def test_the_last_administrator_reads_why_on_the_page(as_, places, somebody):
    user = somebody("administrator", places.place)
    membership = user.memberships.get()
    answer = as_(user).post(f"/accounts/people/{user.pk}/roles/{membership.pk}/end/")
    assert "You are the last administrator who looks after Isle of Wight" in main(answer)
    assert membership.holds()


def test_the_trail_shows_what_this_auditor_may_see_newest_first(as_, places, somebody):
    auditor = somebody("auditor", places.place)
    person = somebody("practitioner", places.team, name="Sam Example")
    actions.deactivate_person(person=person, by=somebody("administrator", places.england, name="Ada Example"))
    audit.record(action="something_elsewhere", by=None, organisation=places.other_ics)
    said = main(as_(auditor).get("/accounts/audit/"))
    assert "Ada Example What Stopped the account About Sam Example Organisation A team" in said
    assert "elsewhere" not in said


def test_the_trail_is_paged_and_each_entry_is_met_once(as_, places, somebody):
    for number in range(120):
        audit.record(action=f"made_{number}", by=None, organisation=places.team)
    client = as_(somebody("auditor", places.place))
    address, seen = "/accounts/audit/", []
    while address:
        page_ = client.get(address).content.decode()
        seen += re.findall(r"Made (\d+)", page_)
        older = re.search(r'href="(/accounts/audit/\?before=\d+)"', page_)
        address = older.group(1) if older else None
    assert seen == [str(number) for number in range(119, -1, -1)]


@pytest.mark.parametrize("before", ["", "x", "-1", "9" * 30, "٣", "1.5", "0"])
def test_odd_page_numbers_are_no_error(as_, places, somebody, before):
    client = as_(somebody("auditor", places.england))
    assert client.get("/accounts/audit/", {"before": before}).status_code == 200


def test_checking_the_chain_says_what_was_checked(as_, places, somebody):
    client = as_(somebody("auditor", places.england))
    assert "The chain is whole" not in main(client.get("/accounts/audit/check/"))
    said = main(client.post("/accounts/audit/check/"))
    assert "The chain is whole. 1 entry was read" in said
    assert AuditEntry.objects.get(action="audit_trail_checked").details["ok"] is True


def test_a_broken_chain_is_said_with_the_first_bad_entry(as_, places, somebody):
    from django.db import connection

    from inroads.accounts.audit import triggers as audit_triggers

    client = as_(somebody("auditor", places.england))
    audit.record(action="second", by=None)
    with connection.cursor() as cursor:
        for statement in audit_triggers.drop(connection.vendor):
            cursor.execute(statement)
    AuditEntry.objects.filter(number=2).update(action="changed")
    said = main(client.post("/accounts/audit/check/"))
    assert "The chain is broken Entry 2 was changed after it was written" in said


@pytest.mark.parametrize("needs", ["see_audit_trail", None, (), ("x",)])
def test_a_route_without_a_real_requirement_cannot_be_made(needs):
    with pytest.raises(TypeError, match="needs="):
        page("x/", lambda request: HttpResponse(), name="x", needs=needs)


@pytest.mark.parametrize(
    ("needs", "role", "outcome"),
    [
        (ANYONE, None, 200),
        (SIGNED_IN, None, 302),
        (SIGNED_IN, "person", 200),
        (Permission.SEE_AUDIT_TRAIL, None, 302),
        (Permission.SEE_AUDIT_TRAIL, "auditor", 200),
        (Permission.SEE_AUDIT_TRAIL, "administrator", 403),
        ((Permission.SEE_AUDIT_TRAIL, Permission.MANAGE_MEMBERSHIPS), "administrator", 200),
    ],
)
@pytest.mark.parametrize("method", ["get", "post", "put", "head"])
def test_a_route_enforces_what_it_needs_for_every_method(rf, places, somebody, needs, role, outcome, method):
    from django.contrib.auth.models import AnonymousUser

    request = getattr(rf, method)("/x/?a=1")
    request.user = somebody(role, places.england) if role else AnonymousUser()
    view = page("x/", lambda request: HttpResponse("opened"), name="x", needs=needs).callback
    if outcome == 403:
        with pytest.raises(PermissionDenied):
            view(request)
        return
    answer = view(request)
    assert answer.status_code == outcome
    assert ("no-store" in answer.get("Cache-Control", "")) == (needs is not ANYONE)
    if outcome == 302:
        assert answer.url == "/accounts/sign-in/?next=/x/%3Fa%3D1"


def test_a_role_that_ends_tomorrow_opens_pages_today_and_not_tomorrow(as_, places, somebody, monkeypatch):
    tomorrow = timezone.localdate() + timedelta(days=1)
    client = as_(somebody("auditor", places.england, ends_on=tomorrow))
    assert client.get("/accounts/audit/").status_code == 200
    Membership.objects.update(ends_on=timezone.localdate())
    assert client.get("/accounts/audit/").status_code == 403

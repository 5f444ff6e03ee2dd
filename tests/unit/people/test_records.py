"""Adding, finding and changing records; NHS numbers; codes for a person's own page; what nobody else may see."""

import re

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.urls import reverse
from people_factories import make_person, make_place, make_team, make_worker

from inroads.accounts.actions import Refused
from inroads.accounts.models import AuditEntry
from inroads.people.actions import records
from inroads.people.models import NameWord, Person
from inroads.people.queries.records import find_people, list_people, plain, today

pytestmark = pytest.mark.django_db
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
# Of the range that was never issued.
NUMBER = "9073456460"


@pytest.fixture
def team():
    return make_team()


@pytest.fixture
def worker(team):
    return make_worker(team)


@pytest.fixture
def page(worker):
    client = Client()
    client.force_login(worker, backend=BACKEND)
    return client


def test_somebody_new_has_a_review_date_from_the_first_day(team, worker):
    person = make_person(team, by=worker)
    assert person.due_on == person.reviews.get().review_on


def test_nobody_adds_people_to_a_team_of_others(team):
    stranger = make_worker(make_team("Another team", team.parent.parent))
    with pytest.raises(PermissionDenied):
        make_person(team, by=stranger)


@pytest.mark.parametrize(
    ("name", "typed"),
    [
        ("Łukasz Żółć", "zolc"),
        ("Zoë O'Neill-Byrne", "neill"),
        ("Anne-Marie Ünal", "marie unal"),
        ("  Jo   MARSH ", "jo mar"),
        ("محمد علي", "محمد"),
    ],
)
def test_people_are_found_by_the_beginning_of_any_words(team, worker, name, typed):
    person = make_person(team, by=worker, full_name=name, known_as="")
    make_person(team, by=worker)
    assert person in find_people(worker, typed)


@pytest.mark.parametrize("typed", ["", " ", "j", "%", "_", "' OR 1=1", "nobody", "marsh jo extra"])
def test_what_finds_nobody_finds_nobody(team, worker, typed):
    make_person(team, by=worker, full_name="Jo Marsh")
    assert find_people(worker, typed) == []


def test_a_changed_name_is_found_by_the_new_one_only(team, worker):
    person = make_person(team, by=worker, full_name="Jo Marsh", known_as="Jo")
    records.change_details(
        person=person,
        version=1,
        full_name="Kim Adeyemi",
        known_as="Kim",
        born_on=None,
        nhs_number="",
        neighbourhood="",
        by=worker,
    )
    assert find_people(worker, "marsh") == []
    assert find_people(worker, "adey") == [person]
    assert set(NameWord.objects.filter(person=person).values_list("word", flat=True)) == {"kim", "adeyemi"}


def test_the_list_goes_through_everybody_once_in_order(team, worker):
    for number in range(60):
        make_person(team, by=worker, full_name=f"{'Sam Same' if number % 3 else 'Alex'} {number % 4}")
    met, after = [], None
    while True:
        found = list_people(worker, after=after)
        met += found.people
        after = found.more
        if after is None:
            break
    assert len(met) == len({each.pk for each in met}) == 60
    assert [each.sort_name for each in met] == sorted(each.sort_name for each in met)


def test_other_teams_never_show(team, worker):
    other = make_team("Another team", team.parent.parent)
    hidden = make_person(other, full_name="Jo Marsh", nhs_number=NUMBER)
    assert find_people(worker, "marsh") == find_people(worker, NUMBER) == list_people(worker).people == []
    assert today(worker).due == []
    assert find_people(make_worker(other), "marsh") == [hidden]


def test_a_role_in_the_place_covers_its_teams(team):
    person = make_person(team, full_name="Jo Marsh")
    assert find_people(make_worker(team.parent.parent), "marsh") == [person]


@pytest.mark.parametrize(
    "typed",
    [
        NUMBER,
        f"{NUMBER[:3]} {NUMBER[3:6]} {NUMBER[6:]}",
        f"{NUMBER[:3]}-{NUMBER[3:6]}-{NUMBER[6:]}",
        NUMBER.translate({48 + n: 0x660 + n for n in range(10)}),
    ],
)
def test_nhs_numbers_are_kept_as_ten_digits(team, worker, typed):
    assert make_person(team, by=worker, nhs_number=typed).nhs_number == NUMBER


def test_an_nhs_number_belongs_to_one_person_of_a_team(team, worker):
    make_person(team, by=worker, nhs_number=NUMBER, known_as="Jo")
    with pytest.raises(Refused, match="Jo has this NHS number already"):
        make_person(team, by=worker, nhs_number=NUMBER)


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("943476591", "Check that none is missing"),
        ("94347659191", "Check that none is missing"),
        ("943 476 5918", "one of its digits is wrong"),
        ("ABCDEFGHIJ", "Check that none is missing"),
        ("٩٤٣٤٧٦٥٩١٨", "one of its digits is wrong"),
    ],
)
def test_a_wrong_nhs_number_is_said_beside_the_field_and_nothing_typed_is_lost(page, team, typed, said):
    words = {"full_name": "Jo Marsh", "known_as": "Jo", "organisation": str(team.pk), "nhs_number": typed}
    answer = page.post(reverse("people:add"), words)
    shown = answer.content.decode()
    assert answer.status_code == 200
    assert shown.count(said) == 2  # in the summary and beside the field
    assert 'value="Jo Marsh"' in shown
    assert f'value="{typed}"' in shown
    assert not Person.objects.exists()


def test_an_nhs_number_is_nowhere_whole_but_on_the_page_that_changes_it(page, team, worker):
    person = make_person(team, by=worker, nhs_number=NUMBER, full_name="Jo Marsh")
    grouped = re.compile(r"\s?".join(NUMBER))
    for name in ("list", "find"):
        assert not grouped.search(page.get(reverse(f"people:{name}")).content.decode())
    found = page.post(reverse("people:find"), {"typed": "marsh"}).content.decode()
    assert f"ends in {NUMBER[-4:]}" in found
    assert not grouped.search(found)
    by_number = page.post(reverse("people:find"), {"typed": NUMBER})
    assert f'href="/people/{person.pk}/"' in by_number.content.decode()
    assert grouped.search(page.get(reverse("people:details", kwargs={"person": person.pk})).content.decode())
    assert not any(grouped.search(str(entry.details)) for entry in AuditEntry.objects.all())


def test_two_people_who_change_details_at_once_both_see_both(page, team, worker):
    person = make_person(team, by=worker, full_name="Jo Marsh")
    address = reverse("people:details", kwargs={"person": person.pk})
    mine = {"full_name": "Jo Marsh-Hale", "known_as": "Jo", "version": "1", "nhs_number": "", "neighbourhood": ""}
    assert page.post(address, {**mine, "full_name": "Joanna Marsh"}).status_code == 302
    second = page.post(address, mine)
    shown = second.content.decode()
    assert "Somebody else changed this" in shown
    assert "Joanna Marsh" in shown
    assert 'value="Jo Marsh-Hale"' in shown
    assert 'name="version" value="2"' in shown
    assert page.post(address, {**mine, "version": "2"}).status_code == 302
    person.refresh_from_db()
    assert person.full_name == "Jo Marsh-Hale"


def test_a_code_leads_to_the_own_record_once(team, worker):
    person = make_person(team, by=worker)
    account = make_worker(team, "person")
    code = records.give_own_code(person=person, by=worker)
    assert records.use_own_code(typed=code.lower().replace("-", " "), by=account) == person
    with pytest.raises(Refused, match="does not work"):
        records.use_own_code(typed=code, by=make_worker(team, "person"))


def test_a_new_code_ends_the_one_before(team, worker):
    person = make_person(team, by=worker)
    first = records.give_own_code(person=person, by=worker)
    records.give_own_code(person=person, by=worker)
    with pytest.raises(Refused):
        records.use_own_code(typed=first, by=make_worker(team, "person"))


def test_a_code_for_somebody_trusted_ends_with_the_trust(team, worker):
    person = make_person(team, by=worker)
    helper = records.add_trusted_person(
        person=person,
        name="Ash",
        relation="sister",
        may_see=True,
        may_change=False,
        agreed_on=None,
        how_agreed="said so",
        by=worker,
    )
    code = records.give_own_code(person=person, trusted=helper, by=worker)
    records.end_trust(trusted=helper, by=worker)
    with pytest.raises(Refused):
        records.use_own_code(typed=code, by=make_worker(team, "trusted_person"))


def test_practitioners_cannot_use_codes(team, worker):
    code = records.give_own_code(person=make_person(team, by=worker), by=worker)
    with pytest.raises(PermissionDenied):
        records.use_own_code(typed=code, by=worker)


def test_names_in_plain_letters():
    assert plain("  Zoë O'Neill-BYRNE ") == "zoe o neill byrne"
    assert plain("ﬁ Straße") == "fi strasse"


def test_reading_a_record_is_written_to_the_trail(page, team, worker):
    person = make_person(team, by=worker)
    page.get(reverse("people:record", kwargs={"person": person.pk}))
    last = AuditEntry.objects.first()
    assert (last.action, last.about_id, last.by) == ("record_read", str(person.pk), worker)


def test_a_place_can_have_two_teams_with_the_same_nhs_number():
    place = make_place()
    for name in ("One", "Two"):
        make_person(make_team(name, place), nhs_number=NUMBER)
    assert Person.objects.filter(nhs_number=NUMBER).count() == 2

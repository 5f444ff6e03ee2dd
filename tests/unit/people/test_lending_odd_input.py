"""Whatever is sent to the forms of lending: it is refused with words or done, and never an error of ours."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lending_factories import make_item, make_loans, of_lending
from people_factories import make_person, make_team, make_worker

from inroads.people.models import Loan
from inroads.people.queries.stock import items_that_do_not_fit
from inroads.people.urls.lending import urlpatterns

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
DATES = ("due_on", "for_day", "data_ends_on", "ends_on", "wiped_on", "said_on")
CHOICES = {
    "what": [
        "kit:x:phone",
        "bundle",
        "kit::",
        "bundle:00000000-0000-0000-0000-000000000000:phone_data_mentors",
        "\x00",
    ],
    "why": ["lost", "pawned", "theirs", "returned", "x"],
    "old": ["returned", "stolen", "theirs", ""],
    "how": ["reset", "destroyed", "x"],
    "kind": ["phone", "sim", "x"],
    "channel": ["in_person", "x"],
    "said_by": ["person", "x"],
    "also": ["x", "00000000-0000-0000-0000-000000000000"],
    "never_used": ["on", ""],
    "partly": ["on", ""],
    "organisation": ["", "x", "00000000-0000-0000-0000-000000000000"],
    "back": ["days", "//elsewhere.example"],
}
WORDS = ("labels", "label", "agreed", "words", "place", "place_contact", "condition", "wiped_by", "certificate")
odd_words = st.one_of(
    st.sampled_from(["", " ", "\0", "\u202e", "<script>", "x" * 30_000, "’", "\r\n\r\n", "\ud7ff", "0"]),
    st.text(max_size=40),
)
odd_parts = st.sampled_from(
    ["", "0", "1", "28", "31", "12", "2026", "2027", "9999", "99999999999", "-1", "x", "²", "१"]
)
forms = st.fixed_dictionaries(
    {},
    optional={
        **{name: st.sampled_from(values) for name, values in CHOICES.items()},
        **dict.fromkeys(WORDS, odd_words),
        **{f"{name}_{part}": odd_parts for name in DATES for part in ("day", "month", "year")},
    },
)


@pytest.fixture
def world(db):
    worker = make_worker(make_team())
    person = make_person(worker.memberships.get().organisation, by=worker)
    make_loans(person, by=worker)
    client = Client()
    client.force_login(worker, backend=BACKEND)
    return client, {"person": person.pk} | of_lending(person.pk), person, worker


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(sent=forms, route=st.sampled_from(urlpatterns), change=st.sampled_from(["longer", "returned", "theirs", "x"]))
def test_nothing_that_is_sent_is_an_error_of_ours(world, sent, route, change):
    client, known, _, _ = world
    arguments = {name: (known | {"change": change})[name] for name in route.pattern.regex.groupindex}
    answer = client.post(reverse(f"people:{route.name}", kwargs=arguments), sent)
    assert answer.status_code in (200, 302, 404, 405)
    assert "elsewhere" not in answer.get("Location", "")
    assert items_that_do_not_fit() == []


@pytest.mark.parametrize("query", ["?after=-1", "?after=١", "?kind=%00", "?state=%F0%9F", "?after=" + "9" * 4000])
def test_odd_addresses_of_the_list_are_shown(world, query):
    client, _, _, _ = world
    assert client.get(reverse("people:stock") + query).status_code == 200


def test_numbers_beyond_any_item_are_not_found(world):
    client, known, person, _ = world
    for name, arguments in (
        ("stock_item", {"item": 10**30}),
        ("loan_wait_end", {"person": person.pk, "waiting": 10**30}),
        ("loan_slip", {"person": person.pk, "loan": known["loan"], "points": 10**30}),
    ):
        path = reverse(f"people:{name}", kwargs=arguments)
        assert {client.get(path).status_code, client.post(path).status_code} <= {404, 405}


def test_a_form_that_is_sent_twice_lends_once(world):
    client, _, person, worker = world
    make_item(person.organisation, by=worker)
    path = reverse("people:loan_add", kwargs={"person": person.pk})
    mark = client.get(path).content.decode().split('name="typed_by" value="')[1].split('"')[0]
    sent = {"what": f"kit:{person.organisation_id}:phone", "agreed": "yes", "label": "", "typed_by": mark}
    before = Loan.objects.count()
    assert client.post(path, sent).status_code == 302
    again = client.post(path, sent)
    assert "This form was saved already" in again.content.decode()
    assert Loan.objects.count() == before + 1


def test_a_choice_that_is_gone_meanwhile_is_said(world):
    client, _, person, _ = world
    path = reverse("people:loan_reserve", kwargs={"person": person.pk})
    day = timezone.localdate() + timedelta(days=3)
    when = {"for_day_day": day.day, "for_day_month": day.month, "for_day_year": day.year}
    answer = client.post(path, {"what": f"kit:{person.organisation_id}:laptop", **when})
    assert "This is not free any more. Choose another" in answer.content.decode()

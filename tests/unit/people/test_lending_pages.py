"""Pages of lending: who sees who has something, what the buttons do, the paper, the forecast in words."""

import io
import re
from datetime import timedelta

import numpy as np
import pytest
from django.template.loader import get_template
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from lending_factories import lend, make_item, make_loans, of_lending
from people_factories import make_person, make_place, make_team, make_worker
from pypdf import PdfReader

from inroads.methods.stock import Forecast
from inroads.people.actions import bundles, loan_support, loans, stock
from inroads.people.models import Contact, Item, ItemEvent, Loan, Person, Waiting
from inroads.people.presenters.lending import loan_line
from inroads.people.presenters.stock_forecast import forecast_line, need, sentence
from inroads.people.queries import stock as queries
from inroads.people.queries.stock_history import history_in
from inroads.people.urls.lending import urlpatterns

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
TODAY = timezone.localdate


@pytest.fixture
def worker(db):
    return make_worker(make_team())


@pytest.fixture
def team(worker):
    return worker.memberships.get().organisation


@pytest.fixture
def person(worker, team):
    return make_person(team, by=worker, known_as="Robin")


def browse(user):
    client = Client()
    client.force_login(user, backend=BACKEND)
    return client


@pytest.fixture
def page(worker):
    return browse(worker)


def fields(name, day):
    return {f"{name}_day": day.day, f"{name}_month": day.month, f"{name}_year": day.year}


def address(name, **arguments):
    return reverse(f"people:{name}", kwargs=arguments)


def test_every_address_of_lending_opens(person, worker, page):
    make_loans(person, by=worker)
    known = {"person": person.pk} | of_lending(person)
    for route in urlpatterns:
        names = route.pattern.regex.groupindex
        path = address(route.name, **{name: known[name] for name in names})
        assert page.get(path).status_code in (200, 405), path
        assert browse(make_worker(person.organisation, "person")).get(path).status_code == 403


def test_what_a_stranger_asks_for_is_not_there(person, worker):
    """Somebody who lends elsewhere learns nothing of this stock or this person, and changes nothing."""
    make_loans(person, by=worker)
    known = {"person": person.pk} | of_lending(person)
    stranger = browse(make_worker(make_team("Elsewhere", make_place("B"))))
    before = ItemEvent.objects.count()
    for route in urlpatterns:
        names = route.pattern.regex.groupindex
        if set(names) & {"person", "item", "loan"}:
            path = address(route.name, **{name: known[name] for name in names})
            assert stranger.get(path).status_code in (404, 405), path
            assert stranger.post(path).status_code in (404, 405), path
    assert ItemEvent.objects.count() == before
    assert "phone" not in stranger.get(address("stock")).content.decode()


def test_whoever_works_with_somebody_sees_what_they_have(person, worker, page):
    loan = make_loans(person, by=worker)
    for path in (address("stock"), address("stock_item", item=loan.item_id)):
        assert "Robin" in page.get(path).content.decode()


def test_a_keeper_who_works_with_nobody_sees_no_names(person, worker, monkeypatch):
    loan = make_loans(person, by=worker)
    lend(make_item(person.organisation, by=worker, kind="sim", data=20), person, worker)
    monkeypatch.setattr(queries, "people_visible_to", lambda user: Person.objects.none())
    page = browse(worker)
    for path in (address("stock"), address("stock_item", item=loan.item_id), address("stock_data")):
        shown = page.get(path).content.decode()
        assert "Robin" not in shown
        assert str(person.pk) not in shown
        assert "Somebody you do not work with" in shown


def test_items_are_added_on_the_page(team, worker, page):
    sent = {"organisation": str(team.pk), "kind": "phone", "labels": "One\r\nTwo\r\n\r\n", "never_used": "on"}
    answer = page.post(address("stock_add"), sent, follow=True)
    assert "Added: 2." in answer.content.decode()
    assert set(Item.objects.values_list("label", flat=True)) == {"One", "Two"}
    again = page.post(address("stock_add"), sent | {"labels": "Two"})
    assert "There is an item with the label Two already" in again.content.decode()
    odd = page.post(address("stock_add"), sent | {"labels": "Three\0", **fields("data_ends_on", TODAY())})
    assert odd.status_code == 200
    assert Item.objects.count() == 2


def test_lent_swapped_and_gone_on_the_pages(team, person, worker, page):
    for kind, data in (("phone", None), ("phone", None), ("sim", 90)):
        make_item(team, by=worker, kind=kind, data=data)
    lending = address("loan_add", person=person.pk)
    shown = page.get(lending).content.decode()
    assert "A smartphone (2 free)" in shown
    assert "Together: A smartphone with data, and two mentors" in shown
    sent = {"what": f"bundle:{team.pk}:phone_data_mentors", "agreed": "Tell us", "label": ""}
    answer = page.post(lending, sent, follow=True)
    assert "To find somebody who shows them how is in the plan" in answer.content.decode()
    phone = Loan.objects.get(item__kind="phone")
    sim = Loan.objects.get(item__kind="sim")
    gone = address("loan_gone", person=person.pk, loan=phone.pk)
    assert "What else went with it?" in page.get(gone).content.decode()
    said = {"channel": "in_person", "said_by": "person", **fields("said_on", TODAY())}
    answer = page.post(gone, {"why": "pawned", "also": [str(sim.pk)], "words": "Needed it", **said}, follow=True)
    assert "Thank you for telling us" in answer.content.decode()
    assert not Loan.objects.filter(ended_at=None).exists()
    answer = page.post(lending, {"what": f"kit:{team.pk}:phone", "agreed": "Tell us", "label": ""}, follow=True)
    assert "Lent." in answer.content.decode()
    assert Loan.objects.filter(person=person, ended_at=None).count() == 1


def test_a_label_chooses_the_one(team, person, worker, page):
    first, second = make_item(team, by=worker), make_item(team, by=worker)
    lending = address("loan_add", person=person.pk)
    sent = {"what": f"kit:{team.pk}:phone", "agreed": "yes"}
    wrong = page.post(lending, sent | {"label": "nothing"})
    assert "None of these that is free has this label" in wrong.content.decode()
    page.post(lending, sent | {"label": second.label.upper()})
    assert Loan.objects.get().item == second
    made = page.post(lending, {"what": f"kit:{team.pk}:laptop", "agreed": "yes", "label": ""})
    assert made.status_code == 200
    assert first.loans.count() == 0


def test_one_click_keeps_it_longer_and_an_open_day_is_possible(person, worker, page):
    loan = lend(make_item(person.organisation, by=worker), person, worker)
    page.post(address("loan_change", person=person.pk, loan=loan.pk, change="longer"))
    loan.refresh_from_db()
    assert loan.due_on == TODAY() + timedelta(days=28)
    longer = address("loan_longer", person=person.pk, loan=loan.pk)
    page.post(longer, fields("due_on", TODAY() + timedelta(days=9)))
    loan.refresh_from_db()
    assert loan.due_on == TODAY() + timedelta(days=9)
    page.post(longer, {"due_on_day": "", "due_on_month": "", "due_on_year": ""})
    loan.refresh_from_db()
    assert loan.due_on is None
    assert page.post(address("loan_change", person=person.pk, loan=loan.pk, change="nonsense")).status_code == 404
    page.post(address("loan_change", person=person.pk, loan=loan.pk, change="returned"))
    twice = page.post(address("loan_change", person=person.pk, loan=loan.pk, change="returned"), follow=True)
    assert "meanwhile" in twice.content.decode()


def test_reserved_on_one_day_and_handed_over_on_another(person, worker, page):
    make_item(person.organisation, by=worker)
    sent = {
        "what": f"kit:{person.organisation_id}:phone",
        "label": "",
        **fields("for_day", TODAY() + timedelta(days=2)),
    }
    page.post(address("loan_reserve", person=person.pk), sent)
    loan = Loan.objects.get()
    assert "Kept for" in page.get(address("loans", person=person.pk)).content.decode()
    page.post(address("loan_hand_over", person=person.pk, loan=loan.pk), {"agreed": "yes"})
    loan.refresh_from_db()
    assert loan.lent_at is not None


def test_a_swap_on_the_page(person, worker, page):
    loan = lend(make_item(person.organisation, by=worker), person, worker)
    other = make_item(person.organisation, by=worker, kind="simple_phone")
    said = {"channel": "in_person", "said_by": "person", **fields("said_on", TODAY())}
    sent = {"what": f"kit:{person.organisation_id}:simple_phone", "label": "", "old": "returned", "words": "", **said}
    page.post(address("loan_swap", person=person.pk, loan=loan.pk), sent)
    assert Loan.objects.get(ended_at=None).item == other


def test_waiting_is_put_down_and_taken_back(person, worker, page):
    lend(make_item(person.organisation, by=worker), person, worker)
    shown = page.get(address("loan_add", person=person.pk)).content.decode()
    assert "They wait for: A smartphone" in shown
    page.post(address("loan_wait", person=person.pk, organisation=person.organisation_id, kind="phone"))
    assert "A smartphone, since" in page.get(address("loans", person=person.pk)).content.decode()
    page.post(address("loan_wait_end", person=person.pk, waiting=Waiting.objects.get().pk))
    assert Waiting.objects.get().ended_at is not None


def test_wiped_topped_up_and_lent_to_a_ward_on_the_pages(team, worker, page):
    (used,) = stock.add_items(organisation=team, kind="tablet", labels=["T"], by=worker)
    shown = page.get(address("stock_item", item=used.pk)).content.decode()
    assert "To be wiped before anybody has it" in shown
    assert "It is all right, and free" not in shown
    page.post(address("stock_change", item=used.pk, change="wiping"))
    page.post(
        address("stock_wipe", item=used.pk),
        {"how": "reset", "wiped_by": "Priya", "certificate": "C9", "words": "", **fields("wiped_on", TODAY())},
    )
    assert "certificate C9" in page.get(address("stock_item", item=used.pk)).content.decode()
    soon = TODAY() + timedelta(days=20)
    page.post(address("stock_top_up", item=used.pk), fields("ends_on", soon))
    page.post(address("stock_lend", item=used.pk), {"place": "Ward 3", "place_contact": "The desk, 0100"})
    loan = Loan.objects.get()
    assert "Ring The desk, 0100" in page.get(address("stock_data")).content.decode()
    page.post(address("stock_loan_change", loan=loan.pk, change="told"))
    assert "They were told." in page.get(address("stock_data")).content.decode()
    page.post(address("stock_loan_change", loan=loan.pk, change="broken"))
    used.refresh_from_db()
    assert used.state == "back"
    assert Contact.objects.count() == 0


def test_long_stocks_go_on_behind_the_last(team, worker, page):
    labels = [f"K {number:03d}" for number in range(60)]
    stock.add_items(organisation=team, kind="keyboard", labels=labels, by=worker)
    first = page.get(address("stock")).content.decode()
    (more,) = re.findall(r"after=(\d+)", first)
    second = page.get(address("stock") + f"?after={more}").content.decode()
    on = [set(re.findall(r"K \d{3}", each)) for each in (first, second)]
    assert on[0] | on[1] == set(labels)
    assert not on[0] & on[1]
    for odd in ("?after=x", "?after=" + "9" * 30, "?kind=nothing&state=nothing", "?state=on_loan"):
        assert page.get(address("stock") + odd).status_code == 200


@pytest.mark.parametrize("points", [12, 18, 24])
def test_the_paper_promises_help_and_no_cost(person, worker, page, points):
    loan = lend(make_item(person.organisation, by=worker), person, worker)
    answer = page.get(address("loan_slip", person=person.pk, loan=loan.pk, points=points))
    assert answer["Content-Type"] == "application/pdf"
    text = " ".join("".join(each.extract_text() for each in PdfReader(io.BytesIO(answer.content)).pages).split())
    assert "If it is lost, stolen or pawned, tell us. You will owe nothing. We will help." in text
    assert loan.item.label in text
    assert page.get(address("loan_slip", person=person.pk, loan=loan.pk, points=13)).status_code == 404


def look_ahead(low, high, need_=0):
    values = np.full(8, 1.0)
    return Forecast(values, values * low, values * high, need_, 0.9, 0.0, 0.0, ())


@pytest.mark.parametrize(
    ("low", "high", "said"),
    [
        (-7, -2, "In eight weeks, between 2 and 7 phones are likely to be missing."),
        (3, 9, "In eight weeks, between 3 and 9 phones are likely to be free."),
        (0, 0, "In eight weeks, 0 phones are likely to be free."),
        (-4, 0, "In eight weeks, up to 4 phones are likely to be missing."),
        (-4, 6, "In eight weeks, anything from 4 missing to 6 free is likely."),
    ],
)
def test_the_forecast_in_words(low, high, said):
    assert sentence(look_ahead(low, high), "phones") == said


def test_what_is_needed_in_words():
    assert need(look_ahead(-7, -2, 8), "phones").startswith("With 8 more phones, nobody has to wait")
    assert need(look_ahead(1, 2), "phones").startswith("With what there is, nobody")


def test_the_forecast_is_made_from_what_happened(team, person, worker, page):
    """By hand: two phones ten weeks ago; one lent for four weeks and lost, one still out for five; one waited for."""
    moment = timezone.now()
    items = [make_item(team, by=worker) for _ in range(3)]
    ItemEvent.objects.update(at=moment - timedelta(weeks=10, days=1))
    first, second = lend(items[0], person, worker), lend(items[1], person, worker)
    Loan.objects.filter(pk=first.pk).update(
        begun_at=moment - timedelta(weeks=9), ended_at=moment - timedelta(weeks=5), ended_how="lost"
    )
    Item.objects.filter(pk=items[0].pk).update(state="gone")
    Loan.objects.filter(pk=second.pk).update(begun_at=moment - timedelta(weeks=5, days=2))
    bundles.wait_for(person=person, kind="phone", organisation=team, by=worker)
    Waiting.objects.update(recorded_at=moment - timedelta(days=3))
    found = history_in([worker.memberships.get().organisation_id], at=moment)["phone"]
    assert found.requests == [1, 0, 0, 0, 1, 0, 0, 0, 0, 1]
    assert (found.loan_lengths, found.ended, found.lost) == ([4], [True], [True])
    assert (found.on_loan_ages, found.in_stock, found.on_loan, found.waiting) == ([5], 1, 1, 1)
    line = forecast_line(found)
    assert line.sentence.startswith("In eight weeks")
    assert len(line.weeks) == 8
    assert "Only 1 loan has ended" in line.notes[0]
    shown = page.get(address("stock_forecast")).content.decode()
    assert line.sentence in shown
    assert "10 weeks of history, 3 asked for" in shown


def test_too_little_history_is_said_on_the_page(team, worker, page):
    make_item(team, by=worker)
    assert "There is too little history to look ahead." in page.get(address("stock_forecast")).content.decode()


def test_days_that_come_up_and_one_click_from_the_list(team, person, worker, page):
    loan = lend(make_item(team, by=worker), person, worker, due_on=TODAY() + timedelta(days=10))
    later = lend(make_item(team, by=worker), person, worker, due_on=TODAY() + timedelta(days=20))
    ward = make_item(team, by=worker, kind="tablet")
    page.post(
        address("stock_lend", item=ward.pk),
        {"place": "Ward 9", "place_contact": "0100", **fields("due_on", TODAY() + timedelta(days=3))},
    )
    loans.reserve(item=make_item(team, by=worker), person=person, for_day=TODAY(), by=worker)
    bundles.wait_for(person=person, kind="laptop", organisation=team, by=worker)
    shown = page.get(address("stock_days")).content.decode()
    assert loan.item.label in shown
    assert later.item.label not in shown
    assert "Ward 9" in shown
    assert "A laptop, since" in shown
    answer = page.post(address("loan_change", person=person.pk, loan=loan.pk, change="longer"), {"back": "days"})
    assert answer.url == address("stock_days")
    of_ward = Loan.objects.get(place="Ward 9")
    answer = page.post(address("stock_loan_change", loan=of_ward.pk, change="longer"), {"back": "days"})
    assert answer.url == address("stock_days")
    assert "Nothing in the next two weeks." in page.get(address("stock_days")).content.decode()
    elsewhere = browse(make_worker(make_team("Elsewhere", make_place("B"))))
    assert "Robin" not in elsewhere.get(address("stock_days")).content.decode()


def test_things_go_to_a_ward_together(team, worker, page):
    for kind in ("tablet", "headphones"):
        make_item(team, by=worker, kind=kind)
    sent = {"what": f"bundle:{team.pk}:ward_visits", "place": "Ward 3", "place_contact": "The desk"}
    assert "none free of: a stand" in page.post(address("stock_place"), sent).content.decode()
    page.post(address("stock_place"), sent | {"partly": "on"})
    assert {each.item.kind for each in Loan.objects.filter(place="Ward 3")} == {"tablet", "headphones"}
    assert len(set(Loan.objects.values_list("together", flat=True))) == 1


def test_the_condition_is_said_in_words_and_what_stood_before_stays(team, worker, page):
    item = make_item(team, by=worker)
    for words in ("A scratch", "A crack"):
        page.post(address("stock_condition", item=item.pk), {"condition": words})
    item.refresh_from_db()
    assert item.condition == "A crack"
    assert [each.words for each in item.events.filter(what="seen")] == ["A scratch", "A crack"]


def test_what_is_brought_back_is_taken_by_whoever_keeps_the_stock(team, person, worker, monkeypatch):
    """Somebody at the desk takes it in, works with nobody, and learns no name."""
    loan = lend(make_item(team, by=worker), person, worker)
    monkeypatch.setattr(queries, "people_visible_to", lambda user: Person.objects.none())
    monkeypatch.setattr("inroads.people.actions.checks.may_work_with", lambda user, person: False)
    page = browse(worker)
    address_ = address("stock_item", item=loan.item_id)
    assert "It came back" in page.get(address_).content.decode()
    shown = page.post(address("stock_change", item=loan.item_id, change="returned"), follow=True).content.decode()
    assert "Back, to be looked at" in shown
    assert "Robin" not in shown
    again = page.post(address("stock_change", item=loan.item_id, change="returned"), follow=True).content.decode()
    assert "not on loan any more" in again


def test_what_somebody_said_stands_in_their_record_and_not_with_the_item(team, person, worker, page):
    first, second = (lend(make_item(team, by=worker), person, worker) for _ in range(2))
    loan_support.say_gone(loan=first, why="pawned", words="For the meter", by=worker)
    loan_support.say_gone(loan=second, why="broken", words="The glass", by=worker)
    assert person.events.get().words == "For the meter"
    assert [each.words for each in ItemEvent.objects.exclude(words="")] == ["The glass"]


def test_their_own_words_about_what_they_have(team, person, worker):
    loan = lend(make_item(team, by=worker, kind="sim", data=90), person, worker, due_on=TODAY() + timedelta(days=30))
    template = get_template("people/loans_own.html").template.module
    shown = template.own_loans([loan_line(loan)])
    assert "or longer if you tell us" in shown
    assert "You will owe nothing. We will help." in shown

"""A phone with data is lent and pawned; another is lent at once; the first comes back, is wiped, and lent again."""

import re
import uuid
from datetime import date, timedelta

import pytest
from browser import axe_violations, becomes_true, sign_in

pytestmark = pytest.mark.browser


def words(page):
    return page.locator("main").inner_text()


def heading(page):
    return page.get_by_role("heading", level=1).inner_text()


def press(page, name):
    """Send a form. The script first makes sure that the server is there, so the next page comes a moment later."""
    with page.expect_navigation():
        page.get_by_role("button", name=name, exact=True).click()


def about(text, label):
    """The name of a link or button that says for whoever hears it which thing it is about."""
    return re.compile(rf"^{text}\s*[:,] {label}$")


def fill_day(page, legend, days):
    day = date.today() + timedelta(days=days)
    box = page.get_by_role("group", name=legend)
    for name, value in (("Day", day.day), ("Month", day.month), ("Year", day.year)):
        box.get_by_label(name, exact=True).fill(str(value))


def is_whole(page, script):
    """Nothing scrolls sideways, and axe finds nothing where it can run."""
    if script:
        assert axe_violations(page) == [], page.url
        assert becomes_true(page, "document.documentElement.scrollWidth <= window.innerWidth"), page.url


def add_items(page, server, kind, labels, *, data=None):
    page.goto(f"{server.address}/people/stock/")
    page.get_by_role("button", name="Add items").or_(page.get_by_role("link", name="Add items")).click()
    if (whose := page.get_by_label("Whose stock is it?")).count():
        whose.select_option(index=1)
    page.get_by_label("What is it?").select_option(label=kind)
    page.get_by_label("One label on each line").fill("\n".join(labels))
    page.get_by_label("New: nobody has ever used them").check()
    if data:
        fill_day(page, "When does their data end?", data)
    press(page, "Add")
    assert f"Added: {len(labels)}." in words(page)


def add_somebody(page, server, name):
    page.goto(f"{server.address}/people/")
    page.get_by_role("link", name="Add a person").click()
    page.get_by_label("Full name").fill(name)
    page.get_by_label("What they like to be called").fill(name.split()[0])
    press(page, "Add this person")
    return re.search(r"/people/([0-9a-f-]{36})/", page.url).group(1)


def lend(page, what, label, *, days=None):
    page.get_by_role("button", name="Lend something").click()
    page.get_by_role("radio", name=re.compile(rf"^{what} \(")).check()
    page.get_by_label("The label of the one you give them").fill(label)
    page.get_by_label("What did they agree to").fill("To tell us if it breaks")
    if days:
        fill_day(page, "Until when?", days)
    press(page, "Lend")


@pytest.mark.parametrize(
    ("width", "javascript"), [(320, False), (320, True), (1200, True)], ids=["no script", "narrow", "wide"]
)
def test_a_phone_is_pawned_and_another_is_lent_at_once(server, open_page, width, javascript):
    page = open_page(width=width, javascript=javascript)
    sign_in(page, server, "practitioner@demonstration.example")
    mark = uuid.uuid4().hex[:6]
    first, second, sim = f"Phone {mark} 1", f"Phone {mark} 2", f"SIM {mark}"
    add_items(page, server, "A smartphone", [first, second])
    add_items(page, server, "A SIM card with data", [sim], data=60)
    is_whole(page, javascript)

    loans = f"{server.address}/people/{add_somebody(page, server, f'Jo {mark}')}/loans/"
    page.goto(loans)
    assert "Nothing at the moment." in words(page)
    lend(page, "A smartphone", first, days=30)
    lend(page, "A SIM card with data", sim)
    shown = words(page)
    assert first in shown
    assert sim in shown
    assert "Data until" in shown
    is_whole(page, javascript)
    with page.expect_navigation():
        page.get_by_role("button", name=about("Keep it four weeks longer", first)).click()
    assert "They keep it four weeks longer." in words(page)

    # Pawned: no blame, a step in the plan, and the next at once.
    page.get_by_role("link", name=about("Lost, stolen, sold or broken", first)).click()
    assert "they owe nothing" in words(page)
    is_whole(page, javascript)
    page.get_by_label("It was sold or pawned").check()
    page.get_by_label("In their own words").fill("I needed the money for the meter")
    press(page, "Save")
    assert "Another can be lent now" in words(page)
    lend(page, "A smartphone", second)
    assert second in words(page)
    page.get_by_role("link", name="Plan", exact=True).click()
    assert "Talk about another instead of the smartphone" in words(page)

    # The first turns up, is wiped with proof, and lent to somebody else.
    page.goto(f"{server.address}/people/stock/?kind=phone&state=gone")
    page.get_by_role("link", name=first, exact=True).click()
    assert "Gone for now" in words(page)
    press(page, "It turned up again")
    assert "To be wiped before anybody has it" in words(page)
    is_whole(page, javascript)
    assert not page.get_by_role("button", name="It is all right, and free").count()
    page.get_by_role("button", name="Record how it was wiped").click()
    page.get_by_role("radio", name="Reset to how it left the factory").check()
    page.get_by_label("Number of the certificate").fill("C-1")
    press(page, "Save")
    assert "Wiped" in words(page)
    assert "certificate C-1" in words(page)

    page.goto(f"{server.address}/people/{add_somebody(page, server, f'Sam {mark}')}/loans/")
    lend(page, "A smartphone", first)
    assert first in words(page)
    slip = page.get_by_role("link", name=about("18 point", first)).get_attribute("href")
    answer = page.request.get(server.address + slip)
    assert answer.ok
    assert answer.headers["content-type"] == "application/pdf"


def test_pages_of_lending_are_whole(server, open_page):
    """The lists and forms that the path above does not meet: narrow, wide, and at twice the size of text."""
    page = open_page(width=320)
    sign_in(page, server, "practitioner@demonstration.example")
    mark = uuid.uuid4().hex[:6]
    add_items(page, server, "A tablet", [f"Tablet {mark}", f"Spare {mark}"])
    add_items(page, server, "A router with data", [f"Router {mark}"], data=20)
    person = add_somebody(page, server, f"Lou {mark}")
    page.goto(f"{server.address}/people/{person}/loans/")
    lend(page, "A tablet", f"Tablet {mark}")
    lend(page, "A router with data", f"Router {mark}")
    record = page.url
    forms = [
        page.get_by_role("link", name=about(text, f"Tablet {mark}")).get_attribute("href")
        for text in ("Agree a day", "Swap it", "Lost, stolen, sold or broken")
    ]
    page.goto(f"{server.address}/people/stock/")
    page.get_by_role("link", name=f"Router {mark}", exact=True).click()
    item = page.url
    paths = [
        record,
        *(server.address + each for each in forms),
        f"{record}lend/",
        f"{record}keep/",
        item,
        f"{item}wipe/",
        f"{item}data/",
        f"{item}condition/",
        f"{item}lend/",
        f"{server.address}/people/stock/",
        f"{server.address}/people/stock/add/",
        f"{server.address}/people/stock/days/",
        f"{server.address}/people/stock/place/",
        f"{server.address}/people/stock/data/",
        f"{server.address}/people/stock/forecast/",
    ]
    for path in paths:
        page.goto(path)
        assert page.locator("h1").count() == 1
        is_whole(page, True)
    # A form that is sent empty says what is missing, above and beside the field.
    page.goto(f"{record}lend/")
    press(page, "Lend")
    assert "There is a problem" in words(page)
    assert "Choose what they would like to borrow" in words(page)
    is_whole(page, True)

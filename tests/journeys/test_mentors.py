"""A mentor is found who speaks somebody's language, the person says yes, they meet, and it shows what changed."""

import re
import uuid
from datetime import date, timedelta

import pytest
from browser import axe_violations, sign_in

pytestmark = pytest.mark.browser


def words(page):
    return page.locator("main").inner_text()


def press(page, name):
    """Send a form. The script first makes sure that the server is there, so the next page comes a moment later."""
    with page.expect_navigation():
        page.get_by_role("button", name=name, exact=True).click()


def fill_day(page, question, day):
    group = page.get_by_role("group", name=question)
    for part, value in (("Day", day.day), ("Month", day.month), ("Year", day.year)):
        group.get_by_label(part).fill(str(value))


def looks_right(page, javascript):
    """Nothing wider than the screen, and nothing that axe finds."""
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    assert not (javascript and axe_violations(page))


def add_mentor(page, server, known_as, languages):
    page.goto(f"{server.address}/people/mentors/")
    page.get_by_role("button", name="Add somebody").click()
    page.get_by_label("Full name").fill(f"{known_as} Mentor")
    page.get_by_label("What they like to be called").fill(known_as)
    page.get_by_label("How many people at once?").fill("2")
    page.get_by_label("Which languages do they speak?").fill(languages)
    press(page, "Save")
    page.get_by_label("Who supervises them?").fill("Jo")
    fill_day(page, "When do they meet next?", date.today() + timedelta(days=30))
    press(page, "Save")


@pytest.mark.parametrize(
    ("width", "javascript"), [(320, False), (1200, True)], ids=["narrow without script", "wide with script"]
)
def test_a_mentor_by_language_a_session_and_what_changed(server, open_page, width, javascript):
    page = open_page(width=width, javascript=javascript)
    sign_in(page, server, "practitioner@demonstration.example")
    speaks, other = (f"{name}{uuid.uuid4().hex[:5]}" for name in ("Amina", "Bo"))
    language = f"Language{uuid.uuid4().hex[:5]}"
    add_mentor(page, server, other, "English")
    add_mentor(page, server, speaks, f"{language}, English")
    assert "Has 0 of 2; room for 2 more" in words(page)
    looks_right(page, javascript)

    page.goto(f"{server.address}/people/")
    page.get_by_role("link", name="Add a person").click()
    page.get_by_label("Full name").fill(f"Journey {uuid.uuid4().hex[:8]}")
    page.get_by_label("What they like to be called").fill("Yusuf")
    press(page, "Add this person")
    person = re.search(r"/people/([0-9a-f-]{36})/", page.url)[1]
    page.goto(f"{server.address}/people/{person}/preferences/")
    page.locator("input[name=language]").fill(language)
    press(page, "Save")

    page.goto(f"{server.address}/people/{person}/mentors/")
    first = page.locator(".inroads-card").first
    assert speaks in first.inner_text()
    assert f"speaks {language}" in first.inner_text()
    looks_right(page, javascript)
    page.get_by_role("link", name=f"They said yes to {speaks}").click()
    press(page, "They begin")
    assert "Say how the person agreed" in words(page)
    looks_right(page, javascript)
    page.get_by_label("How did they agree?").fill("Said yes on the phone")
    page.get_by_label("What would they like to be able to do?").fill("Write to my sister")
    press(page, "They begin")
    assert f"Yusuf and {speaks} work together from today." in words(page)
    assert "They have not met yet." in words(page)

    # Under a minute: the day and half an hour are filled in, so where is all that is needed.
    for state in ("With help", "Alone"):
        page.get_by_role("button", name=re.compile(f"Write down a session.*{speaks}")).click()
        page.get_by_role("radio", name="At a place they know").check()
        page.get_by_label("What did you do?").fill("Wrote a first message")
        page.get_by_text("What they can do now (optional)").click()
        page.get_by_label("Send and read a message").select_option(label=state)
        looks_right(page, javascript)
        press(page, "Save this session")
    assert "They met 2 times, for 1 hour in all." in words(page)
    assert "Send and read a message: alone since" in words(page)
    assert "it was: with help." in words(page)

    page.get_by_role("link", name=re.compile(f"They stop working together.*{speaks}")).click()
    page.get_by_role("radio", name="They can do what they wanted").check()
    press(page, "Save")
    assert "What they did together stays, and they can begin again." in words(page)
    assert "They can do what they wanted." in words(page)
    assert "you have worked together before" in page.locator(".inroads-card").first.inner_text()
    looks_right(page, javascript)


def test_a_drop_in_is_added_and_counted_without_names(server, open_page):
    page = open_page(width=320)
    sign_in(page, server, "practitioner@demonstration.example")
    title = f"Tablets and tea {uuid.uuid4().hex[:5]}"
    page.goto(f"{server.address}/people/drop-ins/")
    page.get_by_role("button", name="Add a drop-in").click()
    page.get_by_role("radio", name="Digital café").check()
    page.get_by_label("What do people call it?").fill(title)
    page.get_by_label("Where?").fill("The library")
    page.get_by_label("Every week on").select_option(value=str(date.today().weekday()))
    page.get_by_label("From", exact=True).fill("half past")
    page.get_by_label("To", exact=True).fill("4pm")
    press(page, "Save")
    assert "Enter a time, like 14:00 or 2pm" in words(page)
    looks_right(page, javascript=True)
    page.get_by_label("From", exact=True).fill("2pm")
    press(page, "Save")
    page.get_by_role("link", name=re.compile(f"Write down how many came.*{title}")).click()
    page.get_by_label("How many people came?").fill("7")
    press(page, "Save")
    assert "7 came, 1 helped" in words(page)
    looks_right(page, javascript=True)

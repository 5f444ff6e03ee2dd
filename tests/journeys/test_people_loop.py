"""Ten minutes in a clinic, as a practitioner and a person make them: on screen, by keyboard, and on paper."""

import re
import uuid
from datetime import date, timedelta

import pytest
from browser import PASSWORD, axe_violations, becomes_true, sign_in

pytestmark = pytest.mark.browser


def words(page):
    return page.locator("main").inner_text()


def heading(page):
    return page.get_by_role("heading", level=1).inner_text()


def press(page, name):
    """Send a form. The script first makes sure that the server is there, so the next page comes a moment later."""
    with page.expect_navigation():
        page.get_by_role("button", name=name, exact=True).click()


def add_somebody(page, server):
    """Somebody new of the practitioner's team; gives the name back."""
    sign_in(page, server, "practitioner@demonstration.example")
    name = f"Journey {uuid.uuid4().hex[:8]}"
    page.goto(f"{server.address}/people/")
    page.get_by_role("link", name="Add a person").click()
    page.get_by_label("Full name").fill(name)
    page.get_by_label("What they like to be called").fill("Jo")
    press(page, "Add this person")
    assert heading(page) == name
    return name


def answer(page, text, own_words=""):
    page.get_by_role("radio", name=text, exact=True).check()
    if own_words:
        page.get_by_label("In their own words").fill(own_words)
    press(page, "Save and go on")


def start(page, kind="Short: five questions"):
    page.get_by_role("link", name="Conversations", exact=True).click()
    page.get_by_role("link", name="Start a conversation").or_(
        page.get_by_role("button", name="Start a conversation")
    ).click()
    page.get_by_role("radio", name=kind).check()
    press(page, "Start")


@pytest.mark.parametrize(
    ("width", "javascript"), [(320, False), (1200, True)], ids=["narrow without script", "wide with script"]
)
def test_from_a_first_conversation_to_a_changed_choice(server, open_page, width, javascript):
    """A lost phone, no private space, and a fear of being watched."""
    page = open_page(width=width, javascript=javascript)
    add_somebody(page, server)

    start(page)
    page.get_by_role("textbox").fill("Music. Messages with my brother.")
    press(page, "Save and go on")
    asked = 0
    while "/ask/" in page.url:
        topic = page.url.rstrip("/").rpartition("/")[2]
        if topic == "devices":
            answer(page, "Yes", "I lost the phone")
        elif topic == "private_space":
            answer(page, "Yes", "Five of us in two rooms")
        elif topic == "trust":
            answer(page, "A bit", "I feel that somebody watches")
        elif topic == "confidence":
            press(page, "Skip this")
        else:
            answer(page, "Prefer not to say")
        asked += 1
    # With the first one, about what is good, five in all.
    assert asked == 4
    assert "I lost the phone" in words(page)
    press(page, "Finish, and see what may help")

    assert heading(page) == "Plan"
    shown = words(page)
    assert "because you said" in shown.lower()
    assert "Nothing yet" in shown
    page.get_by_role("button", name="Add to the plan").first.click()
    page.get_by_label("Who does it?").fill("Priya")
    fill_day(page, "By when?", 14)
    press(page, "Add to the plan")
    assert "Priya, by" in words(page)

    page.get_by_role("link", name="Choices", exact=True).click()
    begin_at(page, "Treatment")
    assert heading(page) == "How would you like to have your care?"
    page.get_by_role("radio", name="At a place you trust").check()
    page.get_by_label("Another way, maybe later").select_option(label="Video call")
    page.get_by_label("Why?").fill("Nobody can see me there")
    press(page, "Save")
    assert "At a place you trust" in words(page)
    assert "Video call" in words(page)

    # Changed in one step; the first choice stays in the history.
    page.get_by_role("button", name="Change what they want at Treatment").click()
    page.get_by_role("radio", name="Phone call").check()
    press(page, "Save")
    shown = words(page)
    assert "Phone call" in shown
    page.get_by_text("Before that (1)").click()
    assert "Nobody can see me there" in words(page)

    # What happened later opens only what it touches.
    page.get_by_role("link", name="Now", exact=True).click()
    page.get_by_role("link", name="Something has happened").click()
    page.get_by_label("A phone or device was sold or pawned").check()
    press(page, "Save")
    assert page.get_by_role("radio", name="Only what has changed").is_checked()
    press(page, "Start")
    reasked = set()
    while "/ask/" in page.url:
        reasked.add(page.url.rstrip("/").rpartition("/")[2])
        answer(page, "No")
    assert reasked == {"device_loss", "devices", "affordability"}
    if javascript:
        assert not axe_violations(page)


def fill_day(page, legend, days):
    """Fill a date so many days from today."""
    day = date.today() + timedelta(days=days)
    group = page.get_by_role("group", name=legend)
    group.get_by_label("Day").fill(str(day.day))
    group.get_by_label("Month").fill(str(day.month))
    group.get_by_label("Year").fill(str(day.year))


def begin_at(page, stage):
    """Begin on the only pathway there is, at this stage."""
    page.get_by_role("button", name=stage).first.click()


def test_the_same_on_paper(server, open_page):
    page = open_page()
    add_somebody(page, server)
    page.get_by_role("link", name="Paper", exact=True).click()
    page.get_by_role("radio", name="Short conversation").check()
    page.get_by_role("radio", name="Large, 18 point").check()
    # The browser opens or keeps the PDF; the list of papers has its code.
    address = page.url
    with page.expect_response(lambda answer: "application/pdf" in answer.headers.get("content-type", "")):
        page.get_by_role("button", name="Make a PDF to print").click(no_wait_after=True)
    page = page.context.new_page()
    page.goto(address)
    code = re.search(r"Short conversation ([A-Z2-9]{4}-[A-Z2-9]{4})", words(page)).group(1)

    page.get_by_role("link", name="People", exact=True).click()
    page.get_by_role("link", name="Key in a paper by its code").click()
    page.get_by_label("The code in the corner of the paper").fill(code.lower())
    press(page, "Find the record")
    assert code in heading(page)
    fill_day(page, "Date on the paper", -1)
    device = page.get_by_role("group", name=re.compile("phone or computer"))
    device.get_by_role("radio", name="Yes").check()
    page.get_by_label("Who helped, or asked?").fill("Her sister")
    press(page, "Save all")
    assert "Keyed in" in words(page)
    page.get_by_role("link", name="Timeline", exact=True).click()
    assert "On paper" in words(page) or "on paper" in words(page)


def test_a_question_by_keyboard_with_an_error_on_the_way(server, open_page):
    page = open_page(width=390)
    add_somebody(page, server)
    start(page)
    press(page, "Skip this")
    first = page.url
    page.get_by_label("In their own words").fill("typed before the error")
    page.get_by_role("button", name="Save and go on").focus()
    page.keyboard.press("Enter")
    page.get_by_role("alert").wait_for()
    assert page.title().startswith("Error: ")
    assert becomes_true(page, "document.activeElement.classList.contains('nhsuk-error-summary')")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert becomes_true(page, "document.activeElement.type === 'radio'")
    page.keyboard.press("ArrowDown")
    assert page.get_by_label("In their own words").input_value() == "typed before the error"
    assert not axe_violations(page)
    page.get_by_label("In their own words").focus()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_url(lambda url: url != first)


def test_a_person_changes_their_own_choice_in_one_step(server, open_page):
    page = open_page(width=320, javascript=False)
    sign_in(page, server, "person@demonstration.example")
    page.goto(f"{server.address}/people/own/")
    assert heading(page) == "Hello Robin"
    wanted = "A visit at home" if "At the clinic" in words(page).split("My plan")[0] else "At the clinic"
    page.get_by_role("button", name="Change").first.click()
    page.get_by_role("radio", name=wanted).check()
    press(page, "Save")
    assert wanted in words(page).split("My plan")[0]


def test_somebody_trusted_changes_it_too_and_sees_no_answers(server, open_page):
    page = open_page(width=390)
    sign_in(page, server, "trusted.person@demonstration.example")
    page.goto(f"{server.address}/people/own/")
    shown = words(page)
    assert "Their plan" in shown
    assert "What I told you" not in shown
    assert "An old phone" not in shown
    assert not axe_violations(page)
    wanted = "A visit at home" if "At the clinic" in shown.split("Their plan")[0] else "At the clinic"
    page.get_by_role("button", name="Change").first.click()
    page.get_by_role("radio", name=wanted).check()
    press(page, "Save")
    assert wanted in words(page).split("Their plan")[0]


def test_a_screen_is_handed_over_and_given_back(server, open_page):
    page = open_page(width=390)
    add_somebody(page, server)
    record = page.url
    page.goto(record + "conversations/begin/")
    page.get_by_label("I hand the screen over").check()
    press(page, "Start")
    assert page.get_by_role("link", name="Sign out").count() == 0
    page.goto(record)
    assert heading(page) == "Thank you"
    page.go_back()
    while "/ask/" in page.url:
        press(page, "Skip this")
    assert heading(page) == "Thank you"
    assert not axe_violations(page)
    press(page, "I am staff: sign in again")
    page.get_by_label("Email address").fill("practitioner@demonstration.example")
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.get_by_role("button", name="Finish, and see what may help").wait_for()


def test_a_stage_with_only_digital_ways_cannot_be_published(server, open_page):
    page = open_page(width=390, javascript=False)
    sign_in(page, server, "place.lead@demonstration.example")
    page.goto(f"{server.address}/people/pathways/add/")
    title = f"Pathway {uuid.uuid4().hex[:6]}"
    page.get_by_role("radio", name="An empty pathway").check()
    page.get_by_label("Name of the pathway").fill(title)
    page.get_by_label("Whose pathway is it?").select_option(index=1)
    press(page, "Go on")
    page.get_by_role("button", name="Add a stage").click()
    page.get_by_label("Name of the stage").fill("First meeting")
    page.get_by_label("Question to the person").fill("How would you like to meet us?")
    press(page, "Add this stage")
    add_way(page, "Video call")
    shown = words(page)
    assert "Only digital ways: cannot be published" in shown
    assert page.get_by_role("button", name="publish").count() == 0
    address = page.url
    page.goto(address + "publish/")
    assert page.get_by_role("button", name="Publish", exact=True).count() == 0
    page.goto(address)
    add_way(page, "Phone call")
    assert "Only digital ways" not in words(page)
    page.get_by_role("button", name="Look at the changes and publish").click()
    press(page, "Publish")
    assert "Published since" in words(page)


def add_way(page, way):
    """Add a way to the only stage there is."""
    page.get_by_role("link", name="Add a way").click()
    chosen = page.get_by_label("Which way?")
    chosen.select_option(
        label=next(each for each in chosen.locator("option").all_inner_texts() if each.startswith(way))
    )
    press(page, "Add this way")

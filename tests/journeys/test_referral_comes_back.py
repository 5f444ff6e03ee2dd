"""A small charity without an account, and a person on paper: somebody is passed on, and we hear what became of it."""

import re
import uuid

import pytest
from browser import axe_violations, sign_in

pytestmark = pytest.mark.browser


def words(page):
    return page.locator("main").inner_text()


def heading(page):
    return page.get_by_role("heading", level=1).inner_text()


def press(page, name):
    """Send a form. The script first makes sure that the server is there, so the next page comes a moment later."""
    with page.expect_navigation():
        page.get_by_role("button", name=name, exact=True).click()


def looks_right(page, javascript):
    """Whether axe finds nothing, where a script can look at all."""
    return not javascript or axe_violations(page) == []


def add_somebody(page, server):
    name = f"Referred {uuid.uuid4().hex[:8]}"
    page.goto(f"{server.address}/people/add/")
    page.get_by_label("Full name").fill(name)
    page.get_by_label("What they like to be called").fill("Jo of the Referral")
    press(page, "Add this person")
    return name


def ask(page):
    """From the record to a question that was sent; gives the code that is read aloud."""
    page.get_by_role("link", name="Referrals", exact=True).first.click()
    page.get_by_role("button", name="Find who could help").click()
    page.get_by_label("Where?").fill("Ventnor")
    page.get_by_label("What is hard?").select_option("confidence")
    page.get_by_role("button", name="Look again").click()
    page.get_by_role("button", name=re.compile("Ask them.*A mentor beside you")).click()
    assert heading(page) == "Ask Ventnor Kitchen Table (invented)"
    page.get_by_label("What would help?").fill("A first e-mail, with somebody beside me")
    press(page, "Save")
    # Without how they agreed nothing is written down, and nothing typed is lost.
    assert "Write down how they agreed" in words(page)
    assert page.get_by_label("What would help?").input_value() == "A first e-mail, with somebody beside me"
    # What may be passed on is theirs to say: nothing is ticked beforehand.
    assert "Choose at least one thing that they may know" in words(page)
    page.get_by_role("checkbox", name="What they like to be called").check()
    page.get_by_role("radio", name="The person", exact=True).check()
    page.get_by_label("How did they agree?").fill("Said yes in the clinic")
    press(page, "Save")
    assert "Drafted" in words(page)
    press(page, "Send it now")
    assert "Asked by email" in words(page)
    return re.search(r"read aloud: ([A-Z0-9-]{19})", words(page))[1]


@pytest.mark.parametrize(
    ("width", "javascript"), [(320, False), (1200, True)], ids=["narrow without script", "wide with script"]
)
def test_two_taps_without_an_account_and_the_person_has_the_last_word(server, open_page, width, javascript):
    staff = open_page(width=1200, javascript=True)
    sign_in(staff, server, "practitioner@demonstration.example")
    add_somebody(staff, server)
    code = ask(staff)
    referral = staff.url

    charity = open_page(width=width, javascript=javascript)
    charity.goto(f"{server.address}/r/")
    charity.get_by_label("The code from your letter").fill(code.lower())
    press(charity, "Go on")
    assert heading(charity) == "Could you help somebody?"
    assert "A first e-mail" in words(charity)
    assert "Jo of the Referral" not in charity.content()
    assert looks_right(charity, javascript)
    press(charity, "Yes")  # the first tap
    assert "Jo of the Referral" in words(charity)
    assert looks_right(charity, javascript)
    day = charity.get_by_role("button").filter(has_text=re.compile(r"day \d")).first
    said = day.inner_text()
    with charity.expect_navigation():
        day.click()  # the second
    assert "You meet on" in words(charity)
    charity.get_by_label("How many more people can you help this month?").fill("lots")
    press(charity, "Save")
    assert "Enter a whole number of people" in words(charity)
    charity.get_by_label("How many more people can you help this month?").fill("1")
    press(charity, "Save")
    press(charity, "We have met, and it helps")
    assert "We ask the person as well" in words(charity)

    staff.goto(referral)
    assert "They say it helped" in words(staff)
    assert said.split()[0] in words(staff) or "They meet on" in words(staff)
    # A kitchen table, on paper: the same answers, keyed in by a colleague.
    staff.get_by_role("button", name="Write down whether it helped").click()
    staff.get_by_role("radio", name="A bit", exact=True).check()
    staff.get_by_label("In their own words").fill("Slowly, but yes")
    staff.get_by_text("Who said this, how and when").click()
    staff.get_by_role("radio", name="On paper", exact=True).check()
    press(staff, "Save")
    assert "The person told us: a bit" in words(staff)
    assert "Slowly, but yes" in words(staff)
    assert axe_violations(staff) == []

    charity.reload()
    assert heading(charity) == "This question is over"
    assert "Jo of the Referral" not in charity.content()
    charity.goto(f"{server.address}/directory/?near=Ventnor&need=confidence")
    assert "Room for 1 more this month" in words(charity)


def test_no_is_an_answer_and_staff_look_further(server, open_page):
    staff = open_page(width=1200, javascript=True)
    sign_in(staff, server, "practitioner@demonstration.example")
    add_somebody(staff, server)
    code = ask(staff)
    referral = staff.url
    charity = open_page(width=320, javascript=True)
    charity.goto(f"{server.address}/r/{code}/")
    charity.get_by_text("No, not this time").click()
    assert axe_violations(charity) == []
    press(charity, "We have no room at the moment")
    assert "Thank you for saying so" in words(charity)
    staff.goto(referral)
    assert "They said no" in words(staff)
    staff.get_by_role("button", name="Find somebody else").click()
    assert heading(staff) == "Who could help"
    staff.goto(f"{server.address}/people/referrals/")
    assert "Jo of the Referral" in words(staff)
    assert axe_violations(staff) == []


def test_a_touchpoint_keeps_its_own_page_with_a_link(server, open_page):
    partner = open_page(width=1200, javascript=True)
    sign_in(partner, server, "touchpoint.partner@demonstration.example")
    partner.goto(f"{server.address}/directory/own/")
    partner.get_by_role("link", name="Ventnor Kitchen Table (invented)").click()
    partner.get_by_role("button", name=re.compile("Make a")).click()
    address = re.search(r"http://\S+/directory/link/\S+", words(partner))[0]
    them = open_page(width=320, javascript=True)
    them.goto(address)
    assert "This page is yours" in words(them)
    assert axe_violations(them) == []
    them.get_by_role("button", name="Add something you can help with").click()
    assert axe_violations(them) == []
    them.get_by_label("What do people call it?").fill("Saturday tablet table")
    them.get_by_label("Saturday").fill("sometime")
    press(them, "Save")
    assert "We cannot read “sometime” on Saturday" in words(them)
    assert "Choose at least one thing" in words(them)
    them.get_by_label("Fill in forms with someone").check()
    them.get_by_label("Saturday").fill("10 to 1")
    them.get_by_label("Town").fill("Ventnor")
    press(them, "Save")
    assert "Saturday 10:00 to 13:00" in words(them)
    anybody = open_page(width=320, javascript=True)
    anybody.goto(f"{server.address}/directory/?when=5")
    assert "Saturday tablet table" in words(anybody)
    assert axe_violations(anybody) == []

"""Somebody types, and something fails: the server, the connection, the session, the browser."""

import uuid

import browser as tools
import pytest
from browser import becomes_true, sign_in

pytestmark = pytest.mark.browser
WORDS = "I lost it on the bus.\nIt is hard to say more."


@pytest.fixture
def own_server(started_var):
    """A server that may be killed."""
    running = tools.start(started_var)
    yield running
    running.stop()


def question(page, server, name="Robin"):
    """The page of one question in a conversation of somebody of the demonstration."""
    sign_in(page, server, "practitioner@demonstration.example")
    page.goto(f"{server.address}/people/")
    page.get_by_role("link", name=name, exact=True).first.click()
    page.get_by_role("link", name="Conversations", exact=True).click()
    page.goto(page.url + "begin/")
    page.get_by_role("radio", name="Short: five questions").check()
    page.get_by_role("button", name="Start", exact=True).click()
    page.get_by_role("button", name="Skip this").click()
    page.get_by_label("In their own words").wait_for()
    return page.url


def own_words(page):
    return page.get_by_label("In their own words").input_value()


def test_a_server_that_dies_while_somebody_types(own_server, open_page):
    page = open_page()
    address = question(page, own_server)
    page.get_by_label("In their own words").fill("kept before")
    assert becomes_true(page, "sessionStorage.length === 0", patience=10)  # the server has it
    own_server.kill()
    page.get_by_label("In their own words").fill(WORDS)
    page.get_by_role("radio", name="A bit").check()
    page.get_by_role("button", name="Save and go on").click()
    page.get_by_text("No connection. What you typed is kept in this tab.").wait_for()
    assert page.url == address
    assert own_words(page) == WORDS
    port = int(own_server.address.rsplit(":", 1)[1])
    again = tools.start(own_server.var, port=port)
    try:
        page.get_by_role("button", name="Save and go on").click()
        page.wait_for_url(lambda url: url != address)
        page.goto(address)
        assert own_words(page) == WORDS
        assert page.get_by_role("radio", name="A bit").is_checked()
    finally:
        again.stop()


def test_a_tab_that_is_closed_before_saving(server, open_page):
    page = open_page(width=390)
    address = question(page, server, "Halina")
    page.get_by_label("In their own words").fill(WORDS)
    assert becomes_true(page, "sessionStorage.length === 0", patience=10)
    context = page.context
    page.close()
    page = context.new_page()
    page.goto(address)
    assert own_words(page) == WORDS
    assert "It is still here. Check it, then save." in page.locator("main").inner_text()
    page.get_by_role("button", name="Throw it away").click()
    page.get_by_text("It is still here.").wait_for(state="detached")
    assert own_words(page) == ""


def test_a_connection_that_comes_and_goes(server, open_page):
    page = open_page()
    address = question(page, server, "Sam")
    page.context.set_offline(True)
    page.get_by_label("In their own words").fill(WORDS)
    page.get_by_text("No connection. What you typed is kept in this tab.").wait_for()
    page.context.set_offline(False)
    assert becomes_true(page, "sessionStorage.length === 0", patience=10)
    page.reload()
    assert page.url == address
    assert own_words(page) == WORDS


@pytest.mark.parametrize("javascript", [True, False], ids=["with script", "without script"])
def test_a_session_that_ends_while_somebody_types(server, open_page, javascript):
    page = open_page(width=320, javascript=javascript)
    address = question(page, server, "Gwen Pritchard")
    words = f"{WORDS} {uuid.uuid4().hex}"
    page.get_by_label("In their own words").fill(words)
    page.get_by_role("radio", name="Yes").check()
    kept = [cookie for cookie in page.context.cookies() if "csrf" in cookie["name"]]
    page.context.clear_cookies()
    page.context.add_cookies(kept)
    page.get_by_role("button", name="Save and go on").click()
    page.get_by_label("Email address").fill("practitioner@demonstration.example")
    page.get_by_label("Password", exact=True).fill(tools.PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.wait_for_url(address)
    assert own_words(page) == words
    assert page.get_by_role("radio", name="Yes").is_checked()
    page.get_by_role("button", name="Save and go on").click()
    page.wait_for_url(lambda url: url != address)
    page.goto(address)
    assert own_words(page) == words
    assert "not saved" not in page.locator("main").inner_text()

"""A place lead loads what a council publishes, reads what was mended, and settles what is listed twice."""

import json
import uuid

import pytest
from browser import axe_violations, sign_in

pytestmark = pytest.mark.browser
TEXT = "<p>Learn to use a tablet or a phone over a cup of tea.</p><p>Volunteers sit with you every Saturday.</p>"


def listed(name, host, text=TEXT):
    host = {"id": str(uuid.uuid4()), "name": host, "description": ""}
    return {"id": str(uuid.uuid4()), "name": name, "description": text, "status": "active", "organization": host}


def holds(page, folder, name):
    """The page can be used at this width, with one heading, and axe finds nothing."""
    assert axe_violations(page) == []
    assert page.locator("h1").count() == 1
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    page.screenshot(path=folder / f"{name}-{page.viewport_size['width']}.png", full_page=True)


@pytest.mark.parametrize(("width", "what"), [(320, "Chess"), (1200, "Tablets")])
def test_from_a_file_to_one_entry_where_there_were_two(server, open_page, tmp_path, width, what):
    """By keyboard where it matters; the report names what was put right."""
    host = f"Hub {uuid.uuid4().hex[:6]}"
    feed = [
        listed(f"Tea &amp; {what}", f"{host} Community Centre", TEXT.replace("tablet", what)),
        listed(f"{what} and tea", f"{host} Comm Centre", TEXT.replace("tablet", what)),
        listed("", "", "<p><br></p>"),
        *(listed(f"{each} for all", f"{host} {each}", f"All about {each}") for each in ("Yoga", "Debts", "Books")),
    ]
    file = tmp_path / "feed.json"
    file.write_text(json.dumps(feed))
    page = open_page(width=width)
    sign_in(page, server, "place.lead@demonstration.example")
    page.goto(f"{server.address}/directory/feeds/")
    page.get_by_role("button", name="Load a feed").click()
    holds(page, tmp_path, "load")
    page.get_by_label("Name of the feed").fill(f"Council {host}")
    with page.expect_navigation():
        page.get_by_role("button", name="Load", exact=True).click()
    assert page.get_by_text("Choose a file").count()
    holds(page, tmp_path, "error")
    page.get_by_label("The file").set_input_files(file)
    with page.expect_navigation():
        page.get_by_role("button", name="Load", exact=True).click()
    assert page.get_by_role("heading", level=1).inner_text() == f"Council {host}"
    page.get_by_text("Descriptions made for web pages, now plain text: 2").click()
    holds(page, tmp_path, "run")
    page.get_by_role("link", name="What may be listed twice").click()
    with page.expect_navigation():
        page.get_by_role("button", name="Look again").click()
    holds(page, tmp_path, "pairs")
    pair = page.locator(".inroads-card", has_text=f"{host} Comm Centre")
    pair.get_by_role("button", name="The same, keep one").focus()
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert page.get_by_text("Kept as one.").count()
    page.get_by_role("link", name="What was settled").click()
    holds(page, tmp_path, "settled")
    with page.expect_navigation():
        page.locator(".inroads-card", has_text=f"{host} Comm Centre").get_by_role(
            "button", name="Take this back"
        ).click()
    assert page.get_by_text("Taken back.").count()
    page.goto(f"{server.address}/directory/feeds/")
    holds(page, tmp_path, "feeds")

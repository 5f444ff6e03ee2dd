"""Monday, the place lead: from what conversations found to a walk on Thursday, and figures that leave only by two."""

import shutil
import subprocess
import sys
from pathlib import Path

import browser as tools
import pytest
from browser import axe_violations, becomes_true, sign_in
from worlds.ics import ICS

pytestmark = pytest.mark.browser
ROOT = Path(__file__).resolve().parents[2]
LEAD, ONE, TWO = "lead.everywhere@world.example", "analyst.one@world.example", "analyst.two@world.example"
PLACE = f"/places/{ICS}"


@pytest.fixture(scope="module")
def invented(started, tmp_path_factory):
    """A server with an invented system of 4,000 people, of whom two releases were made."""
    var = Path(shutil.copytree(started, tmp_path_factory.mktemp("invented") / "var"))
    environment = {**tools.environment(), "INROADS_VAR": str(var)}
    made = subprocess.run(
        [sys.executable, "-m", "benchmarks.places_world", "--people", "4000"],
        cwd=ROOT, env=environment, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert made.returncode == 0, made.stderr
    running = tools.start(var)
    yield running
    running.stop()


def words(page):
    return page.locator("main").inner_text()


def press(page, name):
    with page.expect_navigation():
        page.get_by_role("button", name=name, exact=True).click()


@pytest.mark.parametrize(
    "address",
    [f"{PLACE}/{each}/" for each in ("real", "listen", "needs", "left-out", "access", "siting", "steps", "outreach")]
    + ["/monday/", "/releases/", "/design-check/"],
)
def test_pages_with_much_on_them_are_whole(invented, open_page, address):
    page = open_page()
    sign_in(page, invented, LEAD)
    answer = page.goto(f"{invented.address}{address}")
    assert answer.status == 200
    assert axe_violations(page) == []
    for width in (320, 1280):
        page.set_viewport_size({"width": width, "height": 900})
        assert becomes_true(page, "document.documentElement.scrollWidth <= window.innerWidth"), width


@pytest.mark.parametrize("script", [True, False], ids=["with script", "without script"])
def test_from_monday_to_a_walk_on_thursday(invented, open_page, script):
    page = open_page(width=1200 if script else 360, javascript=script)
    sign_in(page, invented, LEAD)
    page.goto(f"{invented.address}/monday/")
    page.get_by_role("link", name="Where to listen next").click()
    assert "asking a few more people would tell most" in words(page)
    page.get_by_label("How many visits?").fill("many")
    press(page, "Work it out again")
    assert "Enter the number of visits in figures, such as 3" in words(page)
    assert page.get_by_label("How many visits?").input_value() == "many"
    page.get_by_label("How many visits?").fill("6")
    press(page, "Work it out again")
    chosen = page.locator("input[name=stop]:checked")
    names = [page.locator(f"label[for={each.get_attribute('id')}]").inner_text() for each in chosen.all()]
    assert 2 <= len(names) <= 3
    if not script:
        # The same walk on the same day would be refused: this one has a stop less.
        chosen.last.uncheck()
        names.pop()
    press(page, "Turn these into a walk")
    text = words(page)
    assert [name for name in names if name.split(" (")[0] not in text] == [], text
    assert page.locator("a, button, input[type=submit]").filter(has_text="sheet").count() or "print" in text.lower()
    page.go_back()
    press(page, "Turn these into a walk")
    assert "This walk is planned already, on this day" in words(page)


def test_somebody_of_another_system_sees_none_of_it(invented, open_page):
    page = open_page()
    sign_in(page, invented, "lead.elmstead@world.example")
    page.goto(f"{invented.address}{PLACE}/real/")
    assert "Nothing that people said here has been released to you" in words(page)
    page.goto(f"{invented.address}/releases/")
    assert "Nothing has been released yet" in words(page)
    assert page.request.get(f"{invented.address}{PLACE}/real.csv").status == 404


def test_figures_leave_only_when_a_second_person_agrees(invented, open_page):
    nobody, first, second = open_page(), open_page(), open_page()
    nobody.goto(f"{invented.address}{PLACE}/real/")
    assert "Nothing that people said here has been released" in words(nobody)
    for page, email in ((first, ONE), (second, TWO)):
        sign_in(page, invented, email)
        page.goto(f"{invented.address}/releases/")
        page.locator("tbody a").first.click()
    press(first, "Ask a second person")
    assert "Say who is to see these figures" in words(first)
    first.get_by_label("Who is to see these figures, and what for").fill("The board, and everybody")
    press(first, "Ask a second person")
    assert "Somebody else who releases figures here has to agree" in words(first)
    second.reload()
    press(second, "Agree and open it to everybody")
    assert "Everybody can see these figures" in words(second)
    nobody.reload()
    assert "people were asked here, up to" in words(nobody)
    assert axe_violations(nobody) == []
    second.get_by_label("Why", exact=True).fill("Opened too early")
    opened = words(nobody)
    press(second, "Close it again")
    nobody.reload()
    # The one before it was opened with it, and stays open.
    day, before = (text.split("people were asked here, up to ")[1][:12] for text in (words(nobody), opened))
    assert day != before

"""Journeys of a place lead and of anybody else through the risk picture, as a person makes them."""

import csv

import pytest
from browser import becomes_true, sign_in

pytestmark = pytest.mark.browser
PLACE = "/places/E06000046/"


@pytest.mark.parametrize("javascript", [True, False], ids=["with script", "without script"])
@pytest.mark.parametrize("width", [1200, 320])
def test_a_place_lead_signs_in_weighs_the_risk_anew_opens_a_neighbourhood_and_takes_the_file_home(
    server, open_page, javascript, width
):
    page = open_page(width=width, javascript=javascript)
    sign_in(page, server, "place.lead@demonstration.example")
    page.goto(server.address)
    page.get_by_role("link", name="Isle of Wight: risk of digital exclusion").click()
    assert page.get_by_role("heading", level=1).inner_text().endswith("Risk of digital exclusion")
    assert "140,464 people live in 89 neighbourhoods" in page.locator("main").inner_text()

    first = page.locator("tbody th a").first.inner_text()
    page.get_by_text("Change the weights").click()
    page.get_by_label("Broadband risk").fill("0")
    page.get_by_label("Loneliness").fill("3")
    page.get_by_role("button", name="Show with these weights").click()
    page.wait_for_url("**w_broadband=0**")
    assert "With the weights you chose" in page.locator("main").inner_text()
    assert page.get_by_label("Loneliness").input_value() == "3"
    assert page.locator("tbody th a").first.inner_text() != first

    with page.expect_download() as download:
        page.get_by_role("link", name="Download the table as a CSV file").click()
    with download.value.path().open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == 89
    top = page.locator("tbody th a").first
    assert rows[0]["neighbourhood_name"] in top.inner_text()

    top.click()
    assert rows[0]["neighbourhood_name"] in page.get_by_role("heading", level=1).inner_text()
    assert "With the weights you chose" in page.locator("main").inner_text()
    assert "This is risk, not need" in page.locator("main").inner_text()


def test_by_keyboard_alone_somebody_skips_to_the_page_passes_the_map_and_sorts_the_table(server, open_page):
    page = open_page()
    page.goto(server.address + PLACE)
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent.trim()") == "Skip to main content"
    page.keyboard.press("Enter")
    # A key, unlike a click, is not held until the page has gone where it leads.
    page.wait_for_url("**#maincontent")
    stops = []
    for _ in range(40):
        page.keyboard.press("Tab")
        stops.append(page.evaluate("(document.activeElement.textContent || '').trim().slice(0, 40)"))
        if stops[-1] == "Score, 0 to 10 ▼":
            break
    assert "Skip the map" in stops
    assert "Weigh them differently" in stops
    assert "Change the weights" in stops
    assert stops[-1] == "Score, 0 to 10 ▼", stops
    page.keyboard.press("Enter")
    page.wait_for_url("**order=low**")
    scores = [float(text) for text in page.locator("tbody td:nth-child(2)").all_inner_texts()]
    assert scores == sorted(scores)


def test_a_wrong_weight_is_said_beside_the_field_and_in_the_summary_and_nothing_typed_is_lost(server, open_page):
    page = open_page(javascript=False)
    page.goto(server.address + PLACE)
    page.get_by_text("Change the weights").click()
    page.get_by_label("Broadband risk").fill("a lot")
    page.get_by_label("Loneliness").fill("4")
    page.get_by_role("button", name="Show with these weights").click()
    assert page.title().startswith("Error: ")
    summary = page.locator(".nhsuk-error-summary")
    assert "Weight of Broadband risk must be a number" in summary.inner_text()
    assert page.get_by_label("Broadband risk").input_value() == "a lot"
    assert page.get_by_label("Loneliness").input_value() == "4"
    summary.get_by_role("link").first.click()
    assert becomes_true(page, "document.activeElement.name === 'w_broadband'")


def test_with_script_the_error_summary_takes_the_focus(server, open_page):
    page = open_page()
    page.goto(f"{server.address}{PLACE}?w_broadband=99")
    assert becomes_true(page, "document.activeElement.classList.contains('nhsuk-error-summary')")
    assert "between 0 and 10" in page.locator(".nhsuk-error-summary").inner_text()


def test_somebody_looks_for_their_own_neighbourhood_and_finds_how_far_the_library_is(server, open_page):
    page = open_page(width=320)
    page.goto(server.address)
    page.get_by_label("Name or code of a place, ward or neighbourhood").fill("wight 017c")
    page.get_by_role("button", name="Find a place").click()
    assert "Isle of Wight 017C" in page.get_by_role("heading", level=1).inner_text()
    assert "km in a straight line" in page.locator("main").inner_text()


def test_a_shape_on_the_map_leads_to_its_neighbourhood(server, open_page):
    page = open_page()
    page.goto(server.address + PLACE)
    dot = page.locator(".inroads-map a").nth(40)
    name = dot.locator("title").text_content().split(":")[0]
    target = dot.get_attribute("href")
    dot.dispatch_event("click")
    page.wait_for_url(f"**{target}")
    assert page.get_by_role("heading", level=1).inner_text().splitlines()[-1].strip() in name


def test_nothing_on_a_page_asks_an_outside_host(server, open_page):
    page = open_page()
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    for path in ("/", PLACE, "/places/E01017299/", "/gallery/"):
        page.goto(server.address + path)
    assert asked
    assert all(url.startswith((server.address, "data:")) for url in asked), asked


def test_in_forced_colours_and_in_print_the_map_and_its_key_are_still_drawn(server, open_page):
    page = open_page()
    for setting in ({"forced_colors": "active"}, {"media": "print"}):
        page.emulate_media(**setting)
        page.goto(server.address + PLACE)
        fills = page.eval_on_selector_all(".inroads-key path", "paths => paths.map(p => getComputedStyle(p).fill)")
        assert len(set(fills)) == 5, setting
        page.emulate_media(forced_colors="none", media="screen")


def test_on_paper_the_summary_takes_two_sheets_and_the_table_is_not_cut_off(server, open_page):
    page = open_page()
    page.goto(f"{server.address}{PLACE}sheet/")
    pages = page.pdf(prefer_css_page_size=True).count(b"/Type /Page\n")
    assert 1 <= pages <= 2
    page.goto(server.address + PLACE)
    page.emulate_media(media="print")
    page.set_viewport_size({"width": 690, "height": 1000})  # A4 within its margins
    assert page.evaluate("document.querySelector('.inroads-table').getBoundingClientRect().right <= window.innerWidth")
    assert page.evaluate("getComputedStyle(document.querySelector('tbody a'), '::after').content") in ("none", "normal")


@pytest.mark.published
def test_with_published_files_somebody_opens_greater_manchester_and_lincolnshire(national_server, open_page):
    page = open_page()
    for name, count in (("Greater Manchester", 1702), ("Lincolnshire", 435)):
        page.goto(f"{national_server.address}/places/")
        page.get_by_role("link", name=name, exact=True).first.click()
        assert f"{count:,} neighbourhoods" in page.locator("main").inner_text()
        assert page.locator(".inroads-map a").count() == count
        assert "Each shape is a neighbourhood" in page.locator("main").inner_text()

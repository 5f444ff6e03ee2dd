"""From an empty system to its board: two assessors, a peer, a return read twice, a report that argues with itself."""

import io
import shutil
from datetime import date, timedelta

import browser as tools
import pytest
from browser import axe_violations, becomes_true, sign_in
from pypdf import PdfReader

pytestmark = pytest.mark.browser
TEXT = """Digital care on the Isle of Wight (invented)

We asked people at the library before we chose the platform, and paid them for their time.

Everybody on the island can borrow a tablet.

We do not know yet whether it helps people living with mental health illness.
"""


@pytest.fixture(scope="module")
def ours(started, tmp_path_factory):
    """A server of our own: what is loaded and closed here, no other test meets."""
    running = tools.start(shutil.copytree(started, tmp_path_factory.mktemp("systems") / "var"))
    yield running
    running.stop()


class Somebody:
    """One person with a browser of their own, who goes where links and buttons lead."""

    def __init__(self, server, page, name):
        self.server, self.page = server, page
        sign_in(page, server, f"{name}@demonstration.example")

    def go(self, path):
        assert self.page.goto(self.server.address + path).status == 200, path

    def follow(self, text):
        with self.page.expect_navigation():
            self.page.locator("main a").filter(has_text=text).first.click()

    def press(self, name):
        with self.page.expect_navigation():
            self.page.get_by_role("button", name=name, exact=True).first.click()

    def type(self, **fields):
        for name, value in fields.items():
            field = self.page.locator(f'[name="{name}"]')
            if not field.is_visible():
                self.page.locator("details").filter(has=field).locator("summary").click()
            field.fill(value)

    def choose(self, **fields):
        for name, value in fields.items():
            options = self.page.locator(f'input[name="{name}"]')
            if options.count():
                self.page.locator(f'input[name="{name}"][value="{value}"]').check()
            else:
                self.page.select_option(f'[name="{name}"]', value)

    def day(self, name, on):
        self.type(**{f"{name}_day": str(on.day), f"{name}_month": str(on.month), f"{name}_year": str(on.year)})

    def words(self):
        return self.page.locator("main").inner_text()

    def whole(self):
        """Nothing is wrong with the page for axe, and it fits a narrow screen."""
        assert axe_violations(self.page) == []
        self.page.set_viewport_size({"width": 320, "height": 800})
        assert becomes_true(self.page, "document.documentElement.scrollWidth <= window.innerWidth"), self.page.url
        self.page.set_viewport_size({"width": 1200, "height": 900})


@pytest.fixture
def somebody(ours, open_page):
    return lambda name, **options: Somebody(ours, open_page(**options), name)


def lay_down(who, element, kind, voice, title, *, supports="so"):
    """A piece of evidence beside an element of co-design, from the page of the criterion."""
    criterion = who.page.url
    who.page.goto(who.page.locator(f'a[href*="/codesign/{element}/"]').first.evaluate("link => link.href"))
    who.choose(supports=supports, kind=kind, voice=voice)
    who.type(title=title, words="On page 3 (invented).")
    who.day("dated", date.today() - timedelta(days=20))
    who.press("Save")
    who.page.goto(criterion)


def test_the_national_team_loads_what_the_report_found(somebody):
    team = somebody("national.lead")
    team.go("/systems/waves/")
    team.page.get_by_role("button", name="Load what was published").first.click()
    team.page.wait_for_load_state()
    wave = team.page.url.rstrip("/").rsplit("/", 1)[-1]
    team.go("/systems/landscape/" + (f"{wave}/" if len(wave) == 36 else ""))
    said = team.words()
    for figure in ("6", "16", "12", "8", "14%", "38%", "29%", "67%", "19%"):
        assert figure in said, figure
    assert "0.83" in said
    team.whole()
    team.go("/systems/voices/")
    team.page.get_by_role("button").filter(has_text="Load").first.click()
    team.page.wait_for_load_state()
    said = team.words()
    for figure in ("95%", "66%", "23%"):
        assert figure in said, figure
    assert "cannot tell the three explanations apart" in said
    team.whole()


def test_six_weeks_of_self_assessment_end_with_a_report_that_argues_with_itself(ours, somebody):
    lead, first, second = somebody("place.lead"), somebody("assessor"), somebody("second.assessor", javascript=False)

    # The lead begins in a system where nothing is yet.
    lead.go("/systems/")
    lead.follow("Isle of Wight")
    system = lead.page.url.removeprefix(ours.address)
    lead.follow("Begin")
    lead.follow("Begin an assessment")
    lead.type(title="Autumn on the island")
    lead.day("due_on", date.today() + timedelta(days=40))
    lead.press("Begin")
    lead.whole()
    assessment = lead.page.url.removeprefix(ours.address).removesuffix("parts/")
    mine = lead.page.locator('[name="codesign"] option').filter(has_text="Alys Morgan").get_attribute("value")
    lead.choose(codesign=mine)
    lead.press("Save")
    assert "Autumn on the island" in lead.words()
    lead.whole()

    # Claims come easily.
    first.go(assessment)
    first.follow("Designed with people")
    first.choose(level="3")
    first.type(words="It is how we do things here.")
    first.press("Save what is claimed")
    criterion = first.page.url.removeprefix(ours.address)
    lay_down(first, "before", "decision", "record", "Decision with its reasons")
    lay_down(first, "where_people_are", "minutes", "record", "Minutes from the library")
    assert "Claimed" in first.words()

    # Somebody else lays down what people said, without a script: it points elsewhere.
    second.go(criterion)
    lay_down(second, "where_people_are", "survey", "people", "Asked by phone and on paper")
    lay_down(second, "before", "survey", "people", "Seven of twelve say it was decided before", supports="not_so")
    first.go(criterion)
    needles = [" ".join(text.split()) for text in first.page.locator(".inroads-needles li").all_inner_texts()]
    assert ["3 of 3" in needles[0], "1 of 3" in needles[1], "0 of 3" in needles[2]] == [True] * 3, needles
    assert "Seven of twelve say it was decided before" in first.words()
    first.whole()

    # What would move it is a list of things to do.
    assert "Show that: people with lived experience were paid for their time." in first.words()

    # A peer of another region reads it.
    lead.go(f"{assessment}reviewers/")
    lead.page.get_by_label("Ruth Adeyemi").check()
    lead.press("Ask them")
    lead.go(f"{assessment}hand-in/")
    lead.type(words="Please look at co-design.")
    lead.press("Hand it in")
    peer = somebody("reviewer")
    peer.go("/systems/reviews/")
    peer.follow("Autumn on the island")
    peer.whole()
    review = peer.page.url
    peer.follow("Designed with people")
    for title, verdict in (("Decision with its reasons", "shows"), ("Minutes from the library", "not_shown")):
        back = peer.page.url
        peer.page.locator("main a").filter(has_text="Say what you see").filter(has_text=title).click()
        peer.page.wait_for_load_state()
        peer.choose(verdict=verdict)
        peer.type(words="" if verdict == "shows" else "They do not say who was there.")
        peer.press("Save")
        peer.page.goto(back)
    peer.page.goto(f"{review}finish/")
    peer.type(words="Strong on paper, thin on what people lived through.")
    peer.press("Finish your review")

    lead.go(f"{assessment}close/")
    lead.type(words="We go on with co-design.")
    lead.press("Close it for ever")
    lead.go(criterion)
    assert "what is claimed stays as it is" in lead.words()

    # The board gets its report.
    lead.go(f"{system}board/new/")
    lead.type(title="How inclusive is the island?", ask_1="hear service users in January")
    lead.press("Make the report")
    assert "say “people who need services" in lead.words()
    lead.type(ask_1="hear people who use services in January")
    lead.press("Make the report")
    lead.page.get_by_role("heading", name="What speaks against us").wait_for(timeout=30_000)
    said = lead.words()
    assert "Seven of twelve say it was decided before" in said
    assert "hear people who use services in January" in said
    lead.whole()
    paper = lead.page.context.request.get(f"{lead.page.url}paper/").body()
    pages = PdfReader(io.BytesIO(paper)).pages
    assert 2 <= len(pages) <= 8
    assert "Seven of twelve" in " ".join(page.extract_text() for page in pages)


def test_a_return_is_read_twice_without_seeing_each_other_and_settled_with_its_trace(ours, somebody):
    team = somebody("national.lead")
    team.go("/systems/returns/new/")
    wave = team.page.locator('[name="wave"] option').filter(has_text="Returns of spring").get_attribute("value")
    place = team.page.locator('[name="organisation"] option').filter(has_text="Dorset").first.get_attribute("value")
    team.choose(wave=wave, organisation=place)
    team.type(title="Return of spring", text=TEXT)
    team.press("Read it in")
    team.follow("Go to the return")
    address = team.page.url.removeprefix(ours.address)
    team.go(f"{address}readers/")
    for field, name in (("first", "Rosa Lund"), ("second", "Ravi Menon")):
        option = team.page.locator(f'[name="{field}"] option').filter(has_text=name).get_attribute("value")
        team.choose(**{field: option})
    team.press("Give it to both")

    readers = somebody("reader"), somebody("second.reader", javascript=False)
    for reader, level, note in zip(
        readers, ("2", "1"), ("They shared the decision", "Asked, and no more"), strict=True
    ):
        reader.go(f"{address}read/")
        reader.choose(criterion_2="codesign", about_2="mental_health", supports_2="yes")
        reader.type(words_2=note)
        reader.press("Save (passage 2)")
        reader.go(f"{address}scores/codesign/")
        reader.choose(level=level)
        reader.type(words=note)
        reader.press("Save")
    assert "They shared the decision" not in readers[1].words()
    readers[0].whole()
    for reader in readers:
        reader.go(f"{address}finish/")
        assert "Asked, and no more" not in readers[0].words()
        reader.press("I have finished")

    team.go(f"{address}settle/codesign/")
    assert "They shared the decision" in team.words()
    assert "Asked, and no more" in team.words()
    team.whole()
    team.choose(level="1")
    team.page.locator('[name="kept"]').first.check()
    team.type(words="It says that they were asked, not that they decided.")
    team.press("Settle it")
    team.go(f"{address}trace/codesign/")
    said = team.words()
    for each in ("They shared the decision", "Asked, and no more", "not that they decided", "Rosa Lund"):
        assert each in said, each
    team.whole()

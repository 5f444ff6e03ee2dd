"""An app is reviewed, shown and suggested; its review ends, and it is suggested no more."""

import os
import sqlite3
import subprocess
import sys
import uuid
from datetime import date, timedelta

import pytest
from browser import ROOT, axe_violations, environment, sign_in

pytestmark = pytest.mark.browser
SUGGESTED = """
import os
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "inroads.config.settings.demonstration")
import django
django.setup()
from django.utils import timezone
from inroads.learning.queries.apps import suggested_for
print(*(each.slug for each in suggested_for(["memory"], timezone.localdate())))
"""


def suggested(server):
    """What the plan would be told now, from the same database as the server's."""
    asked = environment() | {"INROADS_VAR": str(server.var)}
    done = subprocess.run(
        [sys.executable, "-c", SUGGESTED], cwd=ROOT, env=asked, capture_output=True, text=True, check=True
    )
    return done.stdout.split()


def words(page):
    return page.locator("main").inner_text()


def press(page, name):
    """Send a form. The script first makes sure that the server is there, so the next page comes a moment later."""
    with page.expect_navigation():
        page.get_by_role("button", name=name, exact=True).click()


def looks_right(page):
    """Nothing wider than the screen, and nothing that axe finds."""
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    assert not axe_violations(page)


@pytest.mark.skipif("DATABASE_URL" in os.environ, reason="lets time pass in the embedded database")
def test_an_app_is_reviewed_suggested_and_gone_when_the_review_ends(server, open_page):
    page = open_page(width=320)
    sign_in(page, server, "place.lead@demonstration.example")
    name = f"Journey Diary {uuid.uuid4().hex[:6]}"
    slug = name.lower().replace(" ", "-")
    page.goto(f"{server.address}/learning/apps/reviewing/")
    looks_right(page)
    page.get_by_role("button", name="Add an app or platform").click()
    press(page, "Save")
    assert "Choose at least one way that needs no device" in words(page)
    looks_right(page)
    page.get_by_label("Name", exact=True).fill(name)
    page.get_by_label("What is it?").fill("A diary of moods")
    page.get_by_label("What is it safe for?").fill("Writing down how a day was")
    page.get_by_label("For whom?").fill("Adults")
    page.get_by_label("What is it not for?").fill("A crisis")
    page.get_by_role("checkbox", name="Between appointments").check()
    page.get_by_role("group", name="What does it help with?").locator("input[value=memory]").check()
    page.get_by_role("group", name="needs no device").locator("input[value=written_summary]").check()
    page.get_by_role("group", name="Does it need an account?").get_by_label("No", exact=True).check()
    press(page, "Save")
    assert "Nobody has reviewed it yet" in words(page)
    assert slug not in suggested(server)

    page.get_by_role("button", name="Write a review").click()
    page.get_by_label("What did you look at?").fill("The privacy notice, and a week of using it")
    page.get_by_role("radio", name="Safe for this").check()
    again = page.get_by_role("group", name="When is it looked at again?")
    later = date.today() + timedelta(days=20)
    for part, value in (("Day", later.day), ("Month", later.month), ("Year", later.year)):
        again.get_by_label(part).fill(str(value))
    looks_right(page)
    press(page, "Save this review")
    press(page, "Show it to everybody")
    looks_right(page)
    assert slug in suggested(server)
    page.goto(f"{server.address}/learning/apps/")
    assert f"Review {name}" in words(page)
    looks_right(page)

    reader = open_page(width=1200, javascript=False)
    reader.goto(f"{server.address}/learning/apps/")
    reader.get_by_label("What should it help with?").select_option(value="memory")
    reader.get_by_label("Works without an account").check()
    press(reader, "Show")
    reader.get_by_role("link", name=name).click()
    assert "Safe for this." in words(reader)
    assert "What helps as well, without a device" in words(reader)

    with sqlite3.connect(server.var / "inroads.sqlite3", timeout=20) as database:
        database.execute(
            "UPDATE learning_appreview SET reviewed_on = ?, again_on = ? WHERE app_id = "
            "(SELECT id FROM learning_trustedapp WHERE slug = ?)",
            ((date.today() - timedelta(days=50)).isoformat(), (date.today() - timedelta(days=1)).isoformat(), slug),
        )
    assert slug not in suggested(server)
    reader.reload()
    assert "To be looked at again: the last review held until" in words(reader)
    page.reload()
    assert f"Review {name}" in words(page)
    looks_right(page)

"""Every page that somebody can reach, met in a real browser: a new page is walked as soon as something links to it.

Starting from the home page, each reader follows all links; nothing may be dead. Every kind of page is then looked at:
title, one h1, landmarks and labels (axe), WCAG 2.2 AA, a narrow screen, twice the text size, and a quiet console.
"""

import re
from collections import Counter
from collections.abc import Iterator
from functools import cache, partial
from html import unescape
from itertools import product
from urllib.parse import urldefrag, urljoin, urlsplit

import pytest
from browser import axe_violations, becomes_true, sign_in
from django.test import Client
from django.urls import resolve
from pages import client_of

from inroads.accounts.demonstration import load_demonstration
from inroads.accounts.models import User
from inroads.accounts.permissions import roles

pytestmark = pytest.mark.browser
READERS = (None, "practitioner", "place.lead", "person", "trusted.person", "administrator", "auditor")
# What these meet beyond the systems loop, others meet as well.
OF_SYSTEMS = ("system.lead", "national.lead", "reviewer", "reader")
# How many pages of one kind are opened: pages of one kind differ in their figures, not in their shape.
OF_A_KIND = 2
# What a reader meets is looked at in so many tests: one test may take three minutes.
PARTS = 3
NOBODY = "nobody"


def _faults(page, console: list[str]) -> list[str]:
    """What is wrong with the page as it stands."""
    found = list(console)
    if not page.title().strip().endswith("- Inroads") or len(page.title()) < 12:
        found.append(f"title: {page.title()!r}")
    headings = page.locator("h1")
    if headings.count() != 1 or not headings.first.inner_text().strip():
        found.append(f"{headings.count()} h1")
    if page.locator("main").count() != 1:
        found.append("not one main landmark")
    if "Demonstration." not in page.locator("body").inner_text():
        found.append("does not say that the people are invented")
    return found + axe_violations(page)


def _fits(page, width: int, *, text: str = "100%") -> bool:
    """Whether nothing but a table's own box scrolls sideways at this width and text size."""
    page.set_viewport_size({"width": width, "height": 800})
    page.evaluate("size => { document.documentElement.style.fontSize = size }", text)
    try:
        # The menu folds itself a moment after the window changes.
        return becomes_true(page, "document.documentElement.scrollWidth <= window.innerWidth", patience=3)
    finally:
        page.evaluate("document.documentElement.style.fontSize = ''")
        page.set_viewport_size({"width": 1200, "height": 900})


def _followed(ask, *, below: str = "/", most: int = OF_A_KIND) -> Iterator[tuple[str, str]]:
    """Path and kind of each page that links lead to from the home page on, or from one below it without leaving it.

    `ask(path)` gives where it was answered from, and the page; None where it is no page.
    """
    waiting, met, kinds = [below], {below}, Counter()
    while waiting:
        path = waiting.pop(0)
        kind = resolve(urlsplit(path).path).view_name
        if kinds[kind] >= most or "sign-out" in path or not path.startswith(below):
            continue
        kinds[kind] += 1
        where, page = ask(path)
        if page is None:
            continue
        yield path, kind
        new = [each for each in dict.fromkeys(_links(where, page)) if each not in met]
        met.update(new)
        waiting += new


def _pages_of(server, chrome, reader: str | None) -> dict[str, str]:
    """The kind of every page that this reader can reach, by its path; asked for without showing it."""
    context = chrome.new_context()
    if reader:
        sign_in(context.new_page(), server, f"{reader}@demonstration.example")

    def ask(path):
        answer = context.request.get(server.address + path)
        assert answer.status < 400, f"{reader or NOBODY}: {path}: {answer.status}"
        is_page = answer.headers["content-type"].startswith("text/html")
        return answer.url.removeprefix(server.address), answer.text() if is_page else None

    found = dict(_followed(ask, below="/systems/", most=1) if reader in OF_SYSTEMS else _followed(ask))
    context.close()
    return found


def _links(path: str, text: str) -> list[str]:
    found = [urldefrag(urljoin(path, unescape(each))).url for each in re.findall(r'<a [^>]*?href="([^"]+)"', text)]
    return [each for each in found if each.startswith("/")]


@pytest.fixture(scope="session")
def pages_of(server, chrome):
    """`pages_of(reader)`: found once for each reader, on the server of this process."""
    return cache(partial(_pages_of, server, chrome))


def _each_reader(*others, readers=READERS + OF_SYSTEMS):
    """What one reader meets is looked at by one process: another's server may have other people in it by then."""
    return [
        pytest.param(
            reader,
            *values,
            id="-".join(map(str, [reader or NOBODY, *values])),
            marks=pytest.mark.xdist_group(f"walk of {reader}"),
        )
        for reader in readers
        for values in product(*others)
    ]


@pytest.mark.parametrize("reader", _each_reader())
def test_no_link_is_dead(pages_of, reader):
    kinds = set(pages_of(reader).values())
    if reader in OF_SYSTEMS:
        assert {"systems:index", "systems:framework", "systems:framework_criterion"} <= kinds
    else:
        assert {"home", "places:index", "places:area", "places:groups", "data_sets"} <= kinds


@pytest.mark.parametrize(("reader", "part"), _each_reader(range(PARTS)))
def test_every_page_that_links_lead_to_is_whole(server, open_page, pages_of, reader, part):
    page = open_page()
    console: list[str] = []
    page.on("console", lambda message: console.append(f"console: {message.text}") if message.type == "error" else None)
    page.on("pageerror", lambda error: console.append(f"script: {error}"))
    if reader:
        sign_in(page, server, f"{reader}@demonstration.example")
    faults = []
    for path in list(pages_of(reader))[part::PARTS]:
        console.clear()
        answer = page.goto(server.address + path)
        if answer.status >= 400:
            faults.append(f"{path}: {answer.status}")
            continue
        faults += [f"{path}: {fault}" for fault in _faults(page, console)]
        if not _fits(page, 320):
            faults.append(f"{path}: scrolls sideways at 320 pixels")
        if not _fits(page, 1280, text="200%"):
            faults.append(f"{path}: scrolls sideways at twice the text size")
    assert not faults, "\n".join(faults)


def _kinds_met(reader: str | None, **where) -> set[str]:
    """Every kind of page that links lead to, followed without a browser."""
    client = client_of(User.objects.get(email=f"{reader}@demonstration.example")) if reader else Client()

    def ask(path):
        answer = client.get(path)
        is_page = not answer.streaming and answer["Content-Type"].startswith("text/html")
        return path, answer.content.decode() if is_page else None

    return {kind for _, kind in _followed(ask, **where)}


@pytest.mark.django_db
def test_no_role_meets_a_kind_of_page_that_no_reader_of_the_walk_meets():
    load_demonstration()
    walked = set().union(*(_kinds_met(reader) for reader in READERS))
    walked |= set().union(*(_kinds_met(reader, below="/systems/", most=1) for reader in OF_SYSTEMS))
    for role in roles():
        met = _kinds_met(role.replace("_", "."))
        assert met <= walked, f"add {role} to READERS: it meets pages that nobody walks: {met - walked}"


@pytest.mark.parametrize("path", ["/nowhere/", "/places/E54000042/", "/gallery/", "/places/E06000046/?w_broadband=x"])
def test_pages_that_no_link_leads_to_are_whole_too(server, open_page, path):
    page = open_page()
    page.goto(server.address + path)
    faults = _faults(page, [])
    assert not faults, "\n".join(faults)
    assert _fits(page, 320)
    assert _fits(page, 1280, text="200%")


def test_a_page_that_is_not_for_this_role_helps(server, open_page):
    page = open_page()
    sign_in(page, server, "person@demonstration.example")
    answer = page.goto(f"{server.address}/accounts/audit/")
    assert answer.status == 403
    assert "Your roles do not include this page" in page.locator("main").inner_text()
    assert not _faults(page, [])


@pytest.mark.published
def test_the_largest_map_is_whole(national_server, open_page):
    page = open_page()
    page.goto(f"{national_server.address}/places/E54000057/")
    assert page.locator(".inroads-map a").count() == 1702
    assert not _faults(page, [])
    assert _fits(page, 320)

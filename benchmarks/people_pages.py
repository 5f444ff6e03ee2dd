"""How long the pages about people take with eight readers at once, signed in, from a running server.

    make people DATABASE=…                       first: many invented people
    make run DATABASE=…                          then: the server, in another window
    make bench-people [ADDRESS=http://127.0.0.1:8000]

Each reader signs in on the page, keeps a connection open, and asks again as soon as the answer is there: for another
person, another name, another place in the list each time. Ends with 1 when the 95th percentile of a page is over the
limit, or when a page fails. `--keep FILE` notes whom the readers ask for, so that a server that was just started, on a
machine that remembers nothing, can be asked for the same without having been warmed up by looking for them.
"""

import argparse
import gzip
import html
import http.client
import json
import re
import statistics
import sys
import time
from dataclasses import dataclass, field
from http.cookies import SimpleCookie
from pathlib import Path
from random import Random
from urllib.parse import urlencode, urlsplit

from benchmarks.pages import ask, together
from benchmarks.people_load import READERS

PASSWORD = "demonstration-only-1"  # noqa: S105 - the demonstration's, printed at every start
LIMIT = 200
IDLE = 1.0
BEGINNINGS = (
    "jo",
    "ma",
    "sm",
    "sa",
    "da",
    "ha",
    "mi",
    "an",
    "al",
    "ja",
    "ro",
    "br",
    "ca",
    "wi",
    "be",
    "el",
    "ch",
    "st",
    "ka",
    "le",
    "pa",
    "ta",
    "th",
    "mo",
    "ke",
    "ne",
    "ra",
    "na",
    "li",
    "gr",
)
TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')
PERSON = re.compile(r'href="/people/([0-9a-f-]{36})/">([^<]+)</a>')
NUMBER = re.compile(r'name="nhs_number"[^>]*value="([\d ]+)"')


class Reader:
    """Somebody who is signed in, with one connection that stays open. `sent_to`: where the last answer leads, or ""."""

    def __init__(self, address: str, email: str) -> None:
        """Signs in on the page. Raises `RuntimeError` when that does not work."""
        self.connection = http.client.HTTPConnection(urlsplit(address).netloc, timeout=60)
        self.cookies: SimpleCookie = SimpleCookie()
        self.sent_to = ""
        self.last = time.monotonic()
        _, _, page = self.get("/accounts/sign-in/")
        self.token = TOKEN.search(page)[1]
        _, status, page = self.post("/accounts/sign-in/", {"login": email, "password": PASSWORD})
        if status != 302:
            raise RuntimeError(f"{email} cannot sign in ({status}). Is the load there, and is this its database?")
        # The token is another one once somebody is signed in; not every page has a form.
        again = TOKEN.search(self.get("/people/")[2])
        self.token = again[1] if again else self.token

    def get(self, path: str) -> tuple[float, int, str]:
        """Milliseconds, status and page."""
        return self._ask(path, None)

    def post(self, path: str, fields: dict[str, str]) -> tuple[float, int, str]:
        """Milliseconds, status and page."""
        return self._ask(path, urlencode({"csrfmiddlewaretoken": self.token, **fields}))

    def _ask(self, path: str, body: str | None) -> tuple[float, int, str]:
        headers = {"Cookie": "; ".join(f"{name}={each.value}" for name, each in self.cookies.items())}
        if body is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        if time.monotonic() - self.last > IDLE:
            self.connection.close()  # the server has, or will at any moment; it opens again by itself
        taken, answer, content = ask(self.connection, path, headers=headers, body=body)
        for line in answer.headers.get_all("Set-Cookie") or ():
            self.cookies.load(line)
        self.last = time.monotonic()
        self.sent_to = answer.headers.get("Location", "")
        if answer.headers.get("Content-Encoding") == "gzip":
            content = gzip.decompress(content)
        return taken, answer.status, content.decode(errors="replace")


@dataclass
class Asked:
    """What one kind of reader asks for: ids of people, names, and NHS numbers."""

    people: list[str] = field(default_factory=list)
    names: list[str] = field(default_factory=list)
    numbers: list[str] = field(default_factory=list)


def look_for(reader: Reader, most: int) -> Asked:
    """People this reader may see, from all over the alphabet. Raises `RuntimeError` when there is nobody."""
    found: dict[str, str] = {}
    for first in ["", *BEGINNINGS]:
        for second in ["", *BEGINNINGS]:
            if len(found) < most and (first or second):
                _, _, page = reader.post("/people/find/", {"typed": f"{first} {second}".strip()})
                found.update((person, html.unescape(name)) for person, name in PERSON.findall(page))
    if not found:
        raise RuntimeError("There is nobody to look at. Load people first: make people")
    people = list(found)
    Random(1).shuffle(people)  # noqa: S311 - the same order every time
    numbers = []
    for person in people[:60]:
        _, _, page = reader.get(f"/people/{person}/details/")
        numbers += [each.replace(" ", "") for each in NUMBER.findall(page)]
    return Asked(people, [found[person] for person in people], numbers)


def pages(asked: Asked) -> dict[str, list[tuple[str, str | None]]]:
    """By kind of page, the addresses that are asked for, each with what is typed where something is."""
    two = [f"{first[:2]} {last[:2]}" for first, last in ((n.split()[0], n.split()[-1]) for n in asked.names)]
    found: dict[str, list[tuple[str, str | None]]] = {
        "list, first page": [("/people/", None)],
        "list, further on": [(f"/people/?after={person}", None) for person in asked.people],
        "find: two letters": [("/people/find/", each) for each in BEGINNINGS],
        "find: two times two letters": [("/people/find/", each) for each in two],
        "find: a whole name": [("/people/find/", each) for each in asked.names],
        "find: nobody": [("/people/find/", f"{each[:3]}xq") for each in asked.names],
        "find: an NHS number": [("/people/find/", each) for each in asked.numbers],
        "plans to look at again": [("/people/due/", None)],
    }
    for name in ("", "conversations/", "choices/", "plan/", "timeline/"):
        found[f"record: {name.strip('/') or 'now'}"] = [(f"/people/{person}/{name}", None) for person in asked.people]
    return {name: each for name, each in found.items() if each}


def measure(readers: list[Reader], asked: list[tuple[str, str | None]], requests: int) -> tuple[list[float], list[str]]:
    """All times in milliseconds, and what failed."""
    times: list[float] = []
    failed: list[str] = []

    def read(number: int) -> None:
        for at in range(number, requests, len(readers)):
            path, typed = asked[at % len(asked)]
            reader = readers[number]
            taken, status, _ = reader.get(path) if typed is None else reader.post(path, {"typed": typed})
            times.append(taken)
            if status != 200:
                failed.append(f"{path}: {status}")

    together(len(readers), read)
    return times, failed


def main() -> None:
    """Prints one line a page and kind of reader; ends with 1 when a limit is passed or a page failed."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--address", default="http://127.0.0.1:8000")
    parser.add_argument("--readers", type=int, default=8)
    parser.add_argument("--requests", type=int, default=240, help="for each page and kind of reader")
    parser.add_argument("--as", dest="kinds", nargs="+", choices=READERS, default=list(READERS), metavar="KIND")
    parser.add_argument("--keep", type=Path, help="file of whom to ask for: read where it is there, else written")
    parser.add_argument("--page", default="", help="only pages whose name has this in it")
    chosen = parser.parse_args()
    kept = json.loads(chosen.keep.read_text()) if chosen.keep and chosen.keep.is_file() else {}
    print(f"{chosen.readers} readers at once, {chosen.requests} requests a page")
    print(f"{'reader':<11}{'page':<30}{'median ms':>10}{'p95 ms':>9}{'p99 ms':>9}{'limit':>7}{'failed':>8}")
    over = 0
    for kind in chosen.kinds:
        email = READERS[kind][0]
        try:
            readers = [Reader(chosen.address, email) for _ in range(chosen.readers)]
            if kind not in kept:
                kept[kind] = vars(look_for(readers[0], chosen.requests))
        except (RuntimeError, OSError) as error:
            sys.exit(str(error))
        for page, asked in pages(Asked(**kept[kind])).items():
            if chosen.page not in page:
                continue
            times, failed = measure(readers, asked, chosen.requests)
            parts = statistics.quantiles(times, n=100)
            bad = parts[94] > LIMIT or bool(failed)
            over += bad
            line = f"{kind:<11}{page:<30}{parts[49]:>10.0f}{parts[94]:>9.0f}{parts[98]:>9.0f}{LIMIT:>7}{len(failed):>8}"
            print(line + ("  over" if bad else "") + (f"  {failed[0]}" if failed else ""), flush=True)
    if chosen.keep:
        chosen.keep.write_text(json.dumps(kept))
    sys.exit(1 if over else 0)


if __name__ == "__main__":
    main()

"""How long the pages of systems take, signed in, from a running server with many invented assessments and returns.

    make systems VAR=…                                      first: the rows
    INROADS_DEFINITIONS=VAR/definitions make run VAR=…      then: the server, in another window
    make bench-systems [ADDRESS=http://127.0.0.1:8000]

Follows links from the first pages of a lead, a national lead and a reader, keeps some of each kind of page, and asks
for each many times. Ends with 1 when the 95th percentile of a kind of page is over the limit, or when a page fails.
"""

import argparse
import re
import statistics
import sys
from collections import defaultdict
from urllib.parse import urlsplit

from benchmarks.people_pages import Reader

LIMIT = 300
READERS = ("lead@systems.example", "national@systems.example", "reader.one@systems.example")
LINK = re.compile(r'href="(/systems/[^"#?]*)')
PART = re.compile(r"[0-9a-f]{8}-[0-9a-f-]{27}")
# Criteria, dimensions and editions: words that stand in the place of a name.
NAMED = re.compile(r"/(criteria|framework|settle|scores|canvas|trace|key-lines|read|leadership)/(?:[a-z0-9_]+/)+")
EACH, TIMES = 3, 12


def kind_of(address: str) -> str:
    """The address without what tells one page of a kind from another."""
    return NAMED.sub(r"/\1/<name>/", PART.sub("<id>", address))


def walk(reader: Reader, most: int = 3_000) -> dict[str, list[str]]:
    """Pages that a reader finds by following links, some of each kind."""
    kinds: dict[str, list[str]] = defaultdict(list)
    waiting, seen = ["/systems/"], {"/systems/"}
    while waiting and len(seen) < most:
        address = waiting.pop(0)
        kind = kind_of(address)
        if len(kinds[kind]) >= EACH:
            continue
        _, status, page = reader.get(address)
        if status != 200 or not page.lstrip().lower().startswith("<!doctype html"):
            continue
        kinds[kind].append(address)
        for found in LINK.findall(page):
            if found not in seen:
                seen.add(found)
                waiting.append(found)
    return kinds


def main() -> None:
    """Prints a line for each kind of page: how many requests, median, 95th percentile, slowest."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--address", default="http://127.0.0.1:8000")
    parser.add_argument("--times", type=int, default=TIMES)
    chosen = parser.parse_args()
    slow = []
    for email in READERS:
        reader = Reader(chosen.address, email)
        print(f"\n{email} at {urlsplit(chosen.address).netloc}")
        for kind, addresses in sorted(walk(reader).items()):
            if not addresses:
                continue
            took = []
            for _ in range(chosen.times):
                for address in addresses:
                    taken, status, _ = reader.get(address)
                    took.append(taken)
                    if status != 200:
                        slow.append(f"{address}: status {status}")
            took.sort()
            p95 = took[min(len(took) - 1, int(0.95 * len(took)))]
            print(f"{kind:<70} {len(took):>4} {statistics.median(took):>6.0f} {p95:>6.0f} {took[-1]:>6.0f} ms")
            if p95 > LIMIT:
                slow.append(f"{kind}: {p95:.0f} ms")
    if slow:
        print("\nOver the limit, or failed:\n" + "\n".join(slow))
        sys.exit(1)


if __name__ == "__main__":
    main()

"""How long the pages about people take with eight readers at once, from a running server with a load of people.

    make bench-people [ADDRESS=http://127.0.0.1:8000]

First `make people` (or `python -m benchmarks.people_load`), then `make run` on the same database. Four kinds of workers
sign in: of a team of average size, of the largest, of a whole provider, and one who works with everybody. Each reader
asks for other people every time. Ends with 1 where a page is over 200 ms at the 95th percentile, or fails.
"""

import argparse
import random
import re
import statistics
import sys
import threading
from collections.abc import Callable

from benchmarks.people_load import READERS
from benchmarks.signed_in import Answer, Session

LIMIT = 200
PASSWORD = "demonstration-only-1"  # noqa: S105 - what the demonstration prints when it starts
PARTS = ("", "conversations/", "choices/", "plan/", "timeline/", "paper/")
# Beginnings of names that many, some and few people have; two words; nobody.
TYPED = ("jo", "an", "mar", "jo wil", "sam o", "ka sm", "zzz")
RECORD = re.compile(r'href="/people/([0-9a-f-]{36})/"')
MORE = re.compile(r'href="\?after=([0-9a-f-]{36})"')

Ask = Callable[[Session, random.Random], Answer]


def _chance(seed: int | str) -> random.Random:
    return random.Random(seed)  # noqa: S311 - which page is asked for is no secret


def people_of(session: Session, pages: int = 20) -> list[str]:
    """Ids of people on the first pages of this reader's list."""
    found, path = [], "/people/"
    for _ in range(pages):
        text = session.get(path).text
        found += RECORD.findall(text)
        more = MORE.search(text)
        if more is None:
            break
        path = f"/people/?after={more[1]}"
    return list(dict.fromkeys(found))


def kinds(people: list[str], numbers: list[str]) -> dict[str, Ask]:
    """What is asked for, by name."""
    asks: dict[str, Ask] = {
        "list": lambda session, chance: session.get("/people/"),
        "list, further on": lambda session, chance: session.get(f"/people/?after={chance.choice(people)}"),
        "plans due": lambda session, chance: session.get("/people/due/"),
        "search by name": lambda session, chance: session.post("/people/find/", {"typed": chance.choice(TYPED)}),
    }
    if numbers:
        asks["search by NHS number"] = lambda session, chance: session.post(
            "/people/find/", {"typed": chance.choice(numbers)}
        )
    for part in PARTS:
        name = f"record: {part.strip('/') or 'now'}"
        asks[name] = lambda session, chance, part=part: session.get(f"/people/{chance.choice(people)}/{part}")
    return asks


def measure(signed_in: Session, ask: Ask, *, readers: int, requests: int) -> tuple[list[float], int]:
    """Milliseconds of every request, and how many failed."""
    times: list[float] = []
    failed: list[int] = []

    def read(number: int) -> None:
        session, chance = signed_in.again(), _chance(number)
        barrier.wait()
        for _ in range(requests // readers):
            answer = ask(session, chance)
            times.append(answer.milliseconds)
            if answer.status != 200:
                failed.append(answer.status)

    barrier = threading.Barrier(readers)
    threads = [threading.Thread(target=read, args=(number,)) for number in range(readers)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return times, len(failed)


def nhs_numbers(session: Session, people: list[str]) -> list[str]:
    """A few whole NHS numbers, from the only page that shows them."""
    found = []
    for person in people[:60]:
        found += re.findall(r'name="nhs_number"[^>]*value="(\d{10})"', session.get(f"/people/{person}/details/").text)
    return found


def main() -> None:
    """Prints one line a page and reader; ends with 1 when a limit is passed."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--address", default="http://127.0.0.1:8000")
    parser.add_argument("--readers", type=int, default=8)
    parser.add_argument("--requests", type=int, default=240)
    parser.add_argument("--only", default="", help="one of: " + ", ".join(READERS))
    chosen = parser.parse_args()
    print(f"{chosen.readers} readers at once, {chosen.requests} requests a page, limit {LIMIT} ms at p95")
    print(f"{'who':<10} {'page':<24}{'first ms':>9}{'median':>9}{'p95':>9}{'p99':>9}{'failed':>8}")
    over = 0
    for who, (email, _) in READERS.items():
        if chosen.only not in ("", who):
            continue
        session = Session(chosen.address).sign_in(email, PASSWORD)
        people = people_of(session)
        for page, ask in kinds(people, nhs_numbers(session, people)).items():
            first = ask(session, _chance(who)).milliseconds
            times, failed = measure(session, ask, readers=chosen.readers, requests=chosen.requests)
            cuts = statistics.quantiles(times, n=100)
            bad = cuts[94] > LIMIT or failed
            over += bool(bad)
            line = f"{who:<10} {page:<24}{first:>9.0f}{statistics.median(times):>9.0f}{cuts[94]:>9.0f}{cuts[98]:>9.0f}"
            print(f"{line}{failed:>8}{'  over' if bad else ''}", flush=True)
    sys.exit(1 if over else 0)


if __name__ == "__main__":
    main()

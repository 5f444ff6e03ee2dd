"""How long finding help takes with eight readers at once, from a running server with many services.

    make directory                            first: 20,000 invented services
    make run                                  then: the server, in another window
    make bench-directory [ADDRESS=http://127.0.0.1:8000]

Nobody signs in: the directory is open. Ends with 1 when the 95th percentile of a page is over the limit, or one fails.
"""

import argparse
import gzip
import http.client
import re
import statistics
import sys
from random import Random
from urllib.parse import urlencode, urlsplit

from benchmarks.directory_load import LANGUAGES, TOWNS, WORDS, postcode
from benchmarks.pages import ask, together

LIMIT = 200
NEEDS = ("devices", "data", "confidence", "private_space", "trust", "language", "affordability", "connection")
COMMUNITIES = ("young_people", "refugees", "carers", "older_people", "homeless")
SERVICE = re.compile(r"/directory/services/([0-9a-f-]{36})/")


def pages(found: list[str]) -> dict[str, list[str]]:
    """By kind of page, the addresses that are asked for."""
    random = Random(3)  # noqa: S311 - the same every time

    def find(**asked: str) -> str:
        return "/directory/?" + urlencode(asked)

    def near() -> str:
        return postcode(random.randrange(TOWNS), random.randrange(10), 0)[:5]

    many = range(60)
    return {
        "near, by need": [find(near=near(), need=random.choice(NEEDS)) for _ in many],
        "near, everything within 10 km": [find(near=near(), within="10000") for _ in many],
        "near, open now, free": [find(near=near(), need=random.choice(NEEDS), when="now", free="on") for _ in many],
        "near, language and community": [
            find(near=near(), language=random.choice(LANGUAGES), community=random.choice(COMMUNITIES)) for _ in many
        ],
        "anywhere, by need, on Saturday": [find(need=random.choice(NEEDS), when="5") for _ in many],
        "anywhere, everything": [find(need="", page=str(random.randint(1, 700))) for _ in many],
        "words": [find(words=f"{random.choice(WORDS)} {random.randrange(20_000)}") for _ in many],
        "one service": [f"/directory/services/{each}/" for each in found],
        "open feed, a page of 50": [
            f"/api/open-referral-uk/services?page={random.randint(1, 300)}&per_page=50" for _ in many
        ],
        "open feed, one service": [f"/api/open-referral-uk/services/{each}" for each in found],
    }


def main() -> None:
    """Prints one line a page; ends with 1 when a limit is passed or a page failed."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--address", default="http://127.0.0.1:8000")
    parser.add_argument("--readers", type=int, default=8)
    parser.add_argument("--requests", type=int, default=240, help="for each page")
    parser.add_argument("--page", default="", help="only pages whose name has this in it")
    chosen = parser.parse_args()
    host = urlsplit(chosen.address).netloc
    first = http.client.HTTPConnection(host, timeout=60)
    _, answer, listed = ask(first, "/directory/?need=data", headers={})
    if answer.headers.get("Content-Encoding") == "gzip":
        listed = gzip.decompress(listed)
    found = list(dict.fromkeys(SERVICE.findall(listed.decode("utf-8", "replace"))))
    if not found:
        sys.exit("There is no service to look at. Load some first: make directory")
    print(f"{chosen.readers} readers at once, {chosen.requests} requests a page")
    print(f"{'page':<34}{'median ms':>10}{'p95 ms':>9}{'limit':>7}{'failed':>8}")
    over = 0
    for name, asked in pages(found).items():
        if chosen.page not in name:
            continue
        times: list[float] = []
        failed: list[str] = []

        def read(number: int, asked=asked, times=times, failed=failed) -> None:
            connection = http.client.HTTPConnection(host, timeout=60)
            for at in range(number, chosen.requests, chosen.readers):
                taken, answer, _ = ask(connection, asked[at % len(asked)], headers={})
                times.append(taken)
                if answer.status != 200:
                    failed.append(f"{asked[at % len(asked)]}: {answer.status}")

        together(chosen.readers, read)
        p95 = statistics.quantiles(times, n=100)[94]
        over += p95 > LIMIT or bool(failed)
        print(f"{name:<34}{statistics.median(times):>10.0f}{p95:>9.0f}{LIMIT:>7}{len(failed):>8}")
        for line in failed[:3]:
            print(f"    {line}")
    sys.exit(1 if over else 0)


if __name__ == "__main__":
    main()

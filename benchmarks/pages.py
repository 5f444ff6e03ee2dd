"""How long pages take with several readers at once, as they travel (compressed), from a running server.

    make bench-pages [ADDRESS=http://127.0.0.1:8000]

Start the server with all of England first: `make run DATA=folder`. Ends with 1 when a limit is passed. Every reader
asks again as soon as it has its answer. The first answer of each page is left out: a page is worked out once and kept.
"""

import argparse
import http.client
import statistics
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import urlsplit

# page, milliseconds promised at the 95th percentile, kB promised compressed
PAGES = (
    ("/places/E54000057/", 300, 250),
    ("/places/E54000057/?w_broadband=2&w_demography=1&w_deprivation=1", 300, 250),
    ("/places/E54000057/?w_broadband={n}&sort=name", 300, 250),
    ("/places/E54000057/?rows=all", 300, 60),
    ("/places/E54000057/sheet/", 300, 60),
    ("/places/E54000057/groups/", 300, 60),
    ("/places/E54000057/libraries/", 300, 60),
    ("/places/E06000046/", 300, 60),
    ("/places/E01006109/", 300, 60),
    ("/places/", 300, 60),
    ("/data-sets/", 300, 60),
    ("/", 300, 60),
)


def ask(
    connection: http.client.HTTPConnection, path: str, *, headers: dict[str, str] | None = None, body: str | None = None
) -> tuple[float, http.client.HTTPResponse, bytes]:
    """Milliseconds until the whole answer is there, the answer, and its body as it travelled. With `body`, a POST."""
    began = time.perf_counter()
    method = "GET" if body is None else "POST"
    connection.request(method, path, body=body, headers={"Accept-Encoding": "gzip", **(headers or {})})
    answer = connection.getresponse()
    content = answer.read()
    return (time.perf_counter() - began) * 1000, answer, content


def together(readers: int, read: Callable[[int], None]) -> None:
    """`read(number)` for every reader at once. Raises what one of them raised."""
    with ThreadPoolExecutor(readers) as threads:
        list(threads.map(read, range(readers)))


def measure(address: str, path: str, readers: int, requests: int) -> tuple[list[float], int]:
    """All times in milliseconds, and the largest answer in bytes. Raises `RuntimeError` for an answer that is none."""
    host = urlsplit(address).netloc
    times: list[float] = []
    sizes: list[int] = []

    def ask_well(connection: http.client.HTTPConnection, asked: str) -> tuple[float, int]:
        taken, answer, content = ask(connection, asked)
        if answer.status != 200:
            raise RuntimeError(f"{asked}: {answer.status}")
        return taken, len(content)

    def read(reader: int) -> None:
        connection = http.client.HTTPConnection(host, timeout=30)
        for number in range(requests // readers):
            # A weighting nobody asked for before has to be worked out anew.
            taken, size = ask_well(connection, path.replace("{n}", f"{1 + reader + number * readers / 1000:.3f}"))
            times.append(taken)
            sizes.append(size)

    warm = http.client.HTTPConnection(host, timeout=60)
    for _ in range(8):  # both processes
        ask_well(warm, path.replace("{n}", "1"))
    together(readers, read)
    return times, max(sizes)


def main() -> None:
    """Prints one line a page; ends with 1 when a limit is passed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--address", default="http://127.0.0.1:8000")
    parser.add_argument("--readers", type=int, default=4)
    parser.add_argument("--requests", type=int, default=200)
    chosen = parser.parse_args()
    print(f"{chosen.readers} readers at once, {chosen.requests} requests a page")
    print(f"{'page':<66}{'median ms':>10}{'p95 ms':>9}{'limit':>7}{'kB':>7}{'limit':>7}")
    passed = 0
    for path, limit, weight in PAGES:
        times, size = measure(chosen.address, path, chosen.readers, chosen.requests)
        p95 = statistics.quantiles(times, n=20)[18]
        over = p95 > limit or size > 1000 * weight
        passed += over
        line = f"{path:<66}{statistics.median(times):>10.0f}{p95:>9.0f}{limit:>7}{size / 1000:>7.1f}{weight:>7}"
        print(line + ("  over" if over else ""))
    sys.exit(1 if passed else 0)


if __name__ == "__main__":
    main()

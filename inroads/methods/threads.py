"""Work shared out over the processors.

Threads are Python's own, over loops that let the interpreter go. The compiler's own threads are not used: one of its
thread layers ends the process when two readers ask at once, another does not survive a server's fork.
"""

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from inroads.methods.arguments import whole

Result = TypeVar("Result")


def processors() -> int:
    """How many processors this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def in_blocks(
    work: Callable[[int, int], Result], count: int, *, threads: int | None = None, block: int | None = None
) -> list[Result]:
    """`work(start, stop)` over 0 … `count` in blocks, in order of the blocks, on several threads at once.

    `block` is the most items at a time; each thread has one block where that is fewer. `work` should spend its time in
    compiled loops or NumPy, which let the interpreter go.
    """
    workers = processors() if threads is None else whole(threads, "threads")
    even = max(1, -(-count // workers))
    size = min(block, even) if block else even
    ranges = [(start, min(start + size, count)) for start in range(0, count, size)]
    if workers == 1 or len(ranges) < 2:
        return [work(*ends) for ends in ranges]
    with ThreadPoolExecutor(min(workers, len(ranges))) as pool:
        return list(pool.map(lambda ends: work(*ends), ranges))

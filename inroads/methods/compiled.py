"""Loops compiled for the processor at hand, shared out over its cores.

A module of compiled loops is called `…_kernels` and imported inside the function that needs it: importing the compiler
takes longer than most methods do. What was compiled is kept beside the module, so it is compiled once per machine.

Threads are Python's own, over loops that let the interpreter go. The compiler's own threads are not used: one of its
thread layers ends the process when two readers ask at once, another does not survive a server's fork.
"""

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar, cast

from numba import njit

Function = TypeVar("Function", bound=Callable[..., object])
Result = TypeVar("Result")


def compiled(function: Function) -> Function:
    """`function` compiled on first use and kept; it may be called from several threads at once."""
    return cast(Function, njit(cache=True, nogil=True, error_model="numpy")(function))


def compiled_loosely(function: Function) -> Function:
    """The same, where sums may be added in another order. Not for loops that meet NaN or infinity."""
    freedoms = {"reassoc", "contract", "arcp", "nsz"}
    return cast(Function, njit(cache=True, nogil=True, error_model="numpy", fastmath=freedoms)(function))


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
    workers = processors() if threads is None else threads
    even = max(1, -(-count // workers))
    size = min(block, even) if block else even
    ranges = [(start, min(start + size, count)) for start in range(0, count, size)]
    if workers == 1 or len(ranges) < 2:
        return [work(*ends) for ends in ranges]
    with ThreadPoolExecutor(min(workers, len(ranges))) as pool:
        return list(pool.map(lambda ends: work(*ends), ranges))

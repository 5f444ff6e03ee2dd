"""Loops compiled for the processor at hand.

A module of compiled loops is called `…_kernels` and imported inside the function that needs it: importing the compiler
takes longer than most methods do. What was compiled is kept beside the module, or where NUMBA_CACHE_DIR says,
so it is compiled once per machine.
"""

from collections.abc import Callable
from typing import Any, TypeVar, cast

from numba import njit

Function = TypeVar("Function", bound=Callable[..., object])


def compiled(function: Function) -> Function:
    """`function` compiled on first use and kept; it may be called from several threads at once."""
    return _kept(function, {"nogil": True, "error_model": "numpy"})


def compiled_loosely(function: Function) -> Function:
    """The same, where sums may be added in another order. Not for loops that meet NaN or infinity."""
    freedoms = {"reassoc", "contract", "arcp", "nsz"}
    return _kept(function, {"nogil": True, "error_model": "numpy", "fastmath": freedoms})


def _kept(function: Function, options: dict[str, Any]) -> Function:
    try:
        return cast(Function, njit(cache=True, **options)(function))
    except RuntimeError:  # neither the package's folder nor the home folder can be written: compiled anew each time
        return cast(Function, njit(**options)(function))

"""What every peer's script does around its own few lines: read the inputs, keep the answers, print one line of JSON.

.venv-peers/bin/python -m benchmarks.peers.<task>_<peer> inputs.npz answers.npz
"""

import json
import sys
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.memory import forget_peak, peak_mb

Inputs = dict[str, np.ndarray]
Work = Callable[[Inputs], tuple[dict[str, Any], Inputs]]


def report(peer: str, work: Work, *, package: str | None = None) -> None:
    """Runs `work(inputs)`, which gives what it measured and its answers; prints the measurements, keeps the answers.

    What it measured: `seconds` for the whole task; `scaled`, by how much a sample's time was multiplied for that
    (1: nothing); whatever else a reader should know, `note` in words.
    """
    with np.load(sys.argv[1]) as stored:
        inputs = {name: stored[name] for name in stored.files}
    forget_peak()
    measured, answers = work(inputs)
    if len(sys.argv) > 2:
        np.savez(Path(sys.argv[2]), **answers)
    line = {
        "peer": peer,
        "version": version(package) if package else "",
        "scaled": 1,
        "peak_mb": round(peak_mb()),
        **measured,
    }
    print(json.dumps(line))

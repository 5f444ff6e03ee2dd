"""R's survey package (Debian's r-cran-survey), where R is: raking, and domain means with the raking linearised."""

import csv
import json
import os
import subprocess
import tempfile
from pathlib import Path

import numpy as np

from benchmarks.peers.report import Inputs, report

SCRIPT = Path(__file__).with_suffix(".R")


def work(inputs: Inputs) -> tuple[dict[str, object], Inputs]:
    """One run; R itself does the timing, and starting R and reading the table are not counted."""
    asked = inputs["categories"]
    columns = [f"c{c}" for c in range(asked.shape[1])]
    names = ("weights", "strata", "clusters", "domain", "value")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        table = np.column_stack([inputs[name] for name in names] + [asked])
        with (folder / "people.csv").open("w", newline="") as lines:
            csv.writer(lines).writerows([("drawn", *names[1:], *columns), *table.tolist()])
        with (folder / "margins.csv").open("w", newline="") as lines:
            totals = [
                (f"c{c}", code, total) for c in range(len(columns)) for code, total in enumerate(inputs[f"margin_{c}"])
            ]
            csv.writer(lines).writerows([("column", "code", "total"), *totals])
        asking = ["Rscript", "--vanilla", str(SCRIPT), name]
        said = subprocess.run(asking, capture_output=True, text=True, check=True, env={**os.environ, "LC_ALL": "C"})
        found = np.genfromtxt(folder / "means.csv", delimiter=",", names=True)
        weights = np.loadtxt(folder / "weights.csv")
    line = json.loads(said.stdout.strip().splitlines()[-1])
    measured = {
        "version": line["version"],
        "seconds": line["rake"] + line["estimate"],
        "parts": {"rake": line["rake"], "estimate": line["estimate"]},
        "note": "the raking is part of the standard error",
    }
    return measured, {"weights": weights, "mean": found["mean"], "se": found["se"], "domains": found["domain"]}


if __name__ == "__main__":
    report("R survey", work)

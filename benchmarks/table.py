"""Inroads' methods beside the packages that somebody would pick today, in one run, as a table.

    make bench [ARGS="--only ipf survey"]

Each task is run in a process of its own, ours warmed up first; each peer in its own environment (`make peers`; without
it, peers are left out and say so). Answers are compared. Writes Markdown, and ends with 1 where a promise is missed or
answers disagree.
"""

import argparse
import datetime
import json
import os
import platform
import subprocess
import sys
import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.inputs import MAKERS
from benchmarks.tasks import TASKS, Task

ROOT = Path(__file__).resolve().parents[1]
PEERS = ROOT / ".venv-peers"
PYTHON = {"ipf_populationsim": PEERS / "populationsim" / "bin" / "python"}
PATIENCE = 300
"""Seconds that one process may take."""
HEADINGS = (
    "task",
    "ours",
    "beside",
    "theirs",
    "ratio",
    "answers differ by",
    "promised",
    "memory ours / theirs, MB",
    "notes",
)


@dataclass
class Row:
    """One line of the table."""

    task: str
    ours: str = ""
    peer: str = ""
    theirs: str = ""
    ratio: str = ""
    differ: str = ""
    promised: str = ""
    memory: str = ""
    notes: list[str] = field(default_factory=list)

    def cells(self) -> tuple[str, ...]:
        """In the order of `HEADINGS`."""
        plain = (self.task, self.ours, self.peer, self.theirs, self.ratio, self.differ, self.promised, self.memory)
        return (*plain, "; ".join(note for note in self.notes if note))


def run(*asked: str | Path) -> dict[str, Any] | str:
    """The line of JSON that a process prints last, or in words why there is none."""
    try:
        done = subprocess.run([str(part) for part in asked], capture_output=True, text=True, cwd=ROOT, timeout=PATIENCE)  # noqa: PLW1510
    except subprocess.TimeoutExpired:
        return f"stopped after {PATIENCE} s"
    except FileNotFoundError:
        return "not installed"
    if done.returncode:
        said = done.stderr.strip().splitlines()
        missing = any(word in done.stderr for word in ("No such file or directory: 'Rscript'", "there is no package"))
        return "not installed" if missing else f"failed: {said[-1] if said else done.returncode}"
    return json.loads(done.stdout.strip().splitlines()[-1])


def seconds(taken: float) -> str:
    """`12 ms`, `0.41 s`, `95 s`, `3.1 h`."""
    if taken < 0.1:
        return f"{taken * 1000:.3g} ms"
    if taken < 600:
        return f"{taken:.3g} s"
    return f"{taken / 3600:.2g} h" if taken >= 3600 else f"{taken / 60:.3g} min"


def times_as_fast(ratio: float) -> str:
    """Three figures for large ratios, two for small ones."""
    return f"{ratio:.0f} ×" if ratio >= 100 else f"{ratio:.2g} ×"


def answers(path: Path) -> dict[str, np.ndarray]:
    """Everything in an `.npz` file."""
    with np.load(path) as stored:
        return dict(stored)


def measure(task: Task, folder: Path, *, small: bool, with_peers: bool) -> tuple[list[Row], bool]:
    """The rows of a task, and whether all that was promised holds."""
    whole, trial = folder / "inputs.npz", folder / "small.npz"
    np.savez(trial, **MAKERS[task.inputs](small=True, **task.options))
    np.savez(whole, **MAKERS[task.inputs](small=small, **task.options))
    mine = folder / "ours.npz"
    ours = run(sys.executable, "-m", "benchmarks.ours", task.ours or task.name, whole, trial, mine)
    if isinstance(ours, str):
        return [Row(task.title, notes=[f"ours {ours}"])], False
    title = f"SMALL INPUTS: {task.title}" if small else task.title
    head = Row(title, ours=f"{seconds(ours['seconds'])} (median {seconds(ours['median'])})", notes=[ours["note"]])
    head.notes += [f"{what} {seconds(taken)}" for what, taken in ours["also"].items()]
    head.notes += [f"{what} {value:.2g}" for what, value in ours["facts"].items()]
    rows, ratios, agreed = [], [], True
    for peer in (*task.peers, *task.stand_ins) if with_peers else ():
        theirs, kept = Row(""), folder / f"{peer}.npz"
        rows.append(theirs)
        found = run(PYTHON.get(peer, PEERS / "bin" / "python"), "-m", f"benchmarks.peers.{peer}", whole, kept)
        if isinstance(found, str):
            theirs.peer, theirs.notes = peer, [found]
            agreed &= not found.startswith("failed")
            continue
        ratio = found["seconds"] / ours["seconds"]
        theirs.peer = f"{found['peer']} {found['version']}" if peer in task.peers else found["peer"]
        theirs.theirs, theirs.ratio = seconds(found["seconds"]), times_as_fast(ratio)
        theirs.memory = f"{ours['peak_mb']:,} / {found['peak_mb']:,}"
        theirs.notes = [found["note"]]
        if "error" in found:
            theirs.notes.append(f"margin error {found['error']:.1e}")
        if "linearity" in found:
            theirs.notes.append(f"time per zone over that of half the sample {found['linearity']}")
        if peer in task.peers:
            ratios.append(ratio)
        if task.agree:
            difference, allowed = task.agree(answers(mine), answers(kept))
            if not np.isnan(difference):
                theirs.differ = f"{difference:.1g}" + ("" if difference <= allowed else f" (more than {allowed:g})")
                agreed &= difference <= allowed
    for name, taken in () if small else task.quoted:
        rows.append(
            Row("", peer=f"{name} (quoted)", theirs=seconds(taken), ratio=times_as_fast(taken / ours["seconds"]))
        )
        rows[-1].notes = ["neither on PyPI nor in Debian: measured earlier on two such cores, not in this run"]
    head.promised, kept_promise = promise(task, ours, ratios if with_peers else [], judged=not small)
    return joined(head, rows, ours["peak_mb"]), kept_promise and agreed


def promise(task: Task, ours: dict[str, Any], ratios: list[float], *, judged: bool) -> tuple[str, bool]:
    """What was promised and whether it is kept, in words; small inputs are not judged, nor ratios without a peer."""
    goal, said, kept = task.goal, [], True
    if goal.seconds is not None:
        met = ours["seconds"] <= goal.seconds
        said.append((f"≤ {seconds(goal.seconds)}", met))
    if goal.ratio is not None and ratios:
        said.append((f"≥ {times_as_fast(goal.ratio)} the fastest", min(ratios) >= goal.ratio))
    unmeasured = f", ≥ {times_as_fast(goal.ratio)} the fastest: not measured" if goal.ratio and not ratios else ""
    for what, limit in goal.facts.items():
        said.append((f"{what} ≤ {limit:g}", ours["facts"][what] <= limit))
    if judged:
        kept = all(met for _, met in said)
    words = ", ".join(f"{text}{': ' + ('yes' if met else 'NO') if judged else ''}" for text, met in said)
    return (words + unmeasured).removeprefix(", "), kept


def joined(head: Row, rows: list[Row], peak: int) -> list[Row]:
    """Ours on the line of the first peer."""
    if not rows:
        head.memory = f"{peak:,}"
        return [head]
    first = rows[0]
    first.task, first.ours, first.promised = head.task, head.ours, head.promised
    told = ", ".join(note for note in head.notes if note)
    first.notes = [told and f"ours: {told}", *first.notes]
    first.memory = first.memory or f"{peak:,}"
    return rows


def machine() -> str:
    """Processor, cores, memory, Python and the day."""
    try:
        told = Path("/proc/cpuinfo").read_text().splitlines()
        model = next(line.split(":", 1)[1].strip() for line in told if line.startswith("model name"))
        memory = f", {os.sysconf('SC_PAGE_SIZE') * os.sysconf('SC_PHYS_PAGES') / 1e9:.0f} GB"
    except (OSError, StopIteration):
        model, memory = platform.processor() or platform.machine(), ""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    today = datetime.datetime.now(datetime.UTC).date()
    return f"{model}, {cores} cores{memory}, Python {platform.python_version()}, {today}"


def markdown(rows: list[Row]) -> str:
    """The whole file."""
    lines = [f"| {' | '.join(cells)} |" for cells in (HEADINGS, ["---"] * len(HEADINGS), *(r.cells() for r in rows))]
    return "\n".join([
        "# Methods beside their peers",
        "",
        f"{machine()}. Written by `make bench`; seeded made-up inputs of national size (`benchmarks/inputs.py`).",
        "Ours: the best and the median of several runs after a warm-up. Ratio: how many times as fast ours is.",
        "Memory: the most each process held, interpreter and inputs included.",
        "",
        *lines,
        "",
    ])  # fmt: skip


def main() -> None:
    """Prints each row as it comes, writes the table, ends with 1 where a promise is missed."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", nargs="+", choices=[task.name for task in TASKS], help="some tasks")
    parser.add_argument("--no-peers", action="store_true", help="ours alone")
    parser.add_argument("--small", action="store_true", help="a quick trial on small inputs; promises are not judged")
    parser.add_argument("--output", type=Path, help="where the Markdown goes (all tasks: benchmarks/results.md)")
    chosen = parser.parse_args()
    complete = not (chosen.only or chosen.no_peers or chosen.small)
    output = chosen.output or (ROOT / "benchmarks" / "results.md" if complete else None)
    print(machine())
    rows, missed = [], []
    for task in TASKS:
        if chosen.only and task.name not in chosen.only:
            continue
        with tempfile.TemporaryDirectory() as folder:
            found, kept = measure(task, Path(folder), small=chosen.small, with_peers=not chosen.no_peers)
        rows += found
        if not kept:
            missed.append(task.name)
        for row in found:
            print(" | ".join(cell for cell in row.cells() if cell), flush=True)
    if output:
        output.write_text(markdown(rows))
    if missed:
        sys.exit("Missed, or answers disagree: " + ", ".join(missed))


if __name__ == "__main__":
    main()

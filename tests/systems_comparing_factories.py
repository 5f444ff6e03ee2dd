"""Voices side by side for tests, made by the actions that pages use; all numbers in them are invented."""

from datetime import date
from typing import Any

import pyarrow as pa

from inroads.accounts.models import User
from inroads.methods.triangulation import CAUSES
from inroads.reference.models import Organisation
from inroads.released.actions import agree_to_open, ask_to_open, keep_release
from inroads.released.models import Release
from inroads.systems.actions import comparing as actions
from inroads.systems.models import Comparison, Counted

STATEMENT = "People who need services help to design them."
STATES = ("hard", "not_hard", "not_known")


def make_comparison(
    system: Organisation | None, *, by: User, title: str = "Designed with people (invented)"
) -> Comparison:
    """A statement of a system, or of England, without voices."""
    return actions.set_side_by_side(organisation=system, title=title, statement=STATEMENT, criterion="codesign", by=by)


def make_voice(comparison: Comparison, *, by: User, **told: Any) -> Counted:
    """A voice: the claim unless told otherwise."""
    kept = {
        "speaks": "leaders",
        "name": "Return (invented)",
        "claim": True,
        "said": 38,
        "n": 40,
        "asked": "Asked in writing",
        "on": date(2026, 5, 4),
        "source": "Return of May 2026 (invented)",
    }
    return actions.add_voice(comparison=comparison, by=by, **{**kept, **told})


def make_staff(comparison: Comparison, *, by: User, **told: Any) -> Counted:
    """What staff say: half of them."""
    kept = {"speaks": "staff", "name": "Staff survey (invented)", "claim": False, "said": 46, "n": 93}
    return make_voice(comparison, by=by, **{**kept, **told})


def make_contrast(
    comparison: Comparison, number: int, more: tuple[int, int], less: tuple[int, int], *, by: User
) -> Any:
    """What two groups said; `number` counts the three explanations from 1."""
    return actions.add_contrast(
        comparison=comparison,
        cause=CAUSES[number - 1],
        within="Staff of the community teams",
        more=actions.Group("First group (invented)", *more),
        less=actions.Group("Second group (invented)", *less),
        source="Survey of June 2026 (invented)",
        by=by,
    )


def make_comparing(system: Organisation, *, by: User) -> Comparison:
    """A row of everything that pages of voices side by side show."""
    made = make_comparison(system, by=by)
    make_voice(made, by=by)
    make_staff(made, by=by)
    for number in (1, 2, 3):
        make_contrast(made, number, (40, 45), (20, 45), by=by)
    return made


def released_tables(*, found: tuple[int, int], other: tuple[int, int]) -> dict[str, pa.Table]:
    """Tables of a release: between how many and how many people were found and were not, and the same of a barrier."""
    cells = {"digital_found": (0, 0), "digital_other": (30, 30), "met_found": found, "met_other": (170, 170)}
    pairs: dict[str, list[Any]] = {"one": ["told_of_change"], "other": ["trust"]}
    for one in STATES:
        for two in STATES:
            low, high = {"hard": found, "not_hard": other, "not_known": (0, 0)}[one] if two == "hard" else (0, 0)
            pairs |= {f"{one}_{two}_low": [float(low)], f"{one}_{two}_high": [float(high)]}
    return {
        "totals": pa.table(
            {
                "authority": ["E06000046"],
                **{f"found_{end}": [float(value)] for end, value in zip(("low", "high"), found, strict=True)},
                **{f"other_{end}": [float(value)] for end, value in zip(("low", "high"), other, strict=True)},
            }
        ),
        "neighbourhoods": pa.table(
            {
                "code": ["E01017280"],
                **{f"{cell}_low": [float(low)] for cell, (low, _) in cells.items()},
                **{f"{cell}_high": [float(high)] for cell, (_, high) in cells.items()},
            }
        ),
        "barriers": pa.table(pairs),
        "staff": pa.table(
            {
                "topic": ["staff_time", "staff_time"],
                "hard": ["True", "False"],
                "low": [1.0, 20.0],
                "high": [7.0, 22.0],
            }
        ),
    }


def make_release(system: Organisation, tables: dict[str, pa.Table], *, asks: User, agrees: User | None) -> Release:
    """A release of a system; open where somebody `agrees`."""
    made = keep_release(organisation=system, since=None, until=date(2026, 9, 30), tables=tables, checks=["Checked."])
    assert made is not None
    asked = ask_to_open(release=made, why="For the comparison", version=1, by=asks)
    return agree_to_open(release=asked, words="", version=2, by=agrees) if agrees else asked

"""An invented integrated care system with known truth, so that somebody can open the pages of places on it.

    make world [PEOPLE=50000 VAR=var DATABASE=postgres://…]
    python -m benchmarks.places_world --people 50000 --seed 1

Published figures go into the folder of INROADS_VAR, people and what they said into the demonstration's database, and
what may leave is counted up to the end of each of the last two months. Publishers' own figures are never replaced: take
another VAR where some are loaded.

Whoever signs in to look is printed at the end; their password is the demonstration's.
"""

import argparse
import os
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
NEIGHBOURHOODS = 420


class CannotLoadError(Exception):
    """Why nothing can be loaded, in words."""


def main() -> None:
    """Loads, prints what is there, and says as whom to sign in. Ends with 1 when it cannot."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--people", type=int, default=50_000)
    parser.add_argument("--seed", type=int, default=1)
    chosen = parser.parse_args()
    os.environ["DJANGO_SETTINGS_MODULE"] = "inroads.config.settings.demonstration"
    # The world is one that tests use too.
    sys.path.insert(0, str(ROOT / "tests"))
    import django

    django.setup()
    try:
        load(people=chosen.people, seed=chosen.seed, say=lambda text: print(text, flush=True))
    except (CannotLoadError, ValueError) as error:
        print(error, file=sys.stderr)
        sys.exit(1)


def load(*, people: int, seed: int, say: Callable[[str], None]) -> None:
    """The world of this seed with so many people, and two releases of it. Raises `CannotLoadError`, `ValueError`."""
    from django.conf import settings
    from django.contrib.auth.hashers import make_password
    from django.core.management import call_command
    from worlds.days import month_ends
    from worlds.ics import ICS, make_world
    from worlds.load import load as load_world
    from worlds.load import load_month
    from worlds.month import second_month
    from worlds.published import publish

    from inroads.accounts.demonstration import load_demonstration
    from inroads.people.actions.figures import count_figures

    if not settings.DEMONSTRATION:
        raise CannotLoadError("An invented system is loaded only into a demonstration.")
    _refuse_what_is_held(settings.PUBLISHED_DIR)
    world = make_world(people=people, neighbourhoods=min(NEIGHBOURHOODS, people // 100), seed=seed)
    Path(settings.VAR_DIR).mkdir(parents=True, exist_ok=True)
    call_command("migrate", verbosity=0, interactive=False)
    call_command("createcachetable", verbosity=0)
    _refuse_twice(ICS)
    load_demonstration()
    first, second = month_ends()
    began = time.perf_counter()
    publish(world, settings.PUBLISHED_DIR)
    loaded = load_world(world, until=first, password=make_password(settings.DEMONSTRATION_PASSWORD))
    say(f"{people:,} people in {len(world.code)} neighbourhoods in {time.perf_counter() - began:.0f} s")
    count_figures(until=first, at_once=True, say=say)
    loaded = load_month(loaded, second_month(world), until=second)
    count_figures(until=second, at_once=True, say=say)
    say(f"Counted up to {first} and {second}, in {time.perf_counter() - began:.0f} s altogether.")
    _tell(loaded.world, say)
    tree = loaded.tree
    say(f"Open /places/{ICS}/real/ after signing in as one of")
    for user in (tree.lead, tree.analyst, tree.second_analyst, *tree.place_leads.values(), tree.other_lead):
        say(f"  {user.full_name:<36}{user.email}")


def _refuse_what_is_held(folder: Path) -> None:
    from worlds.published import MARK

    from inroads.analytics import store as stores

    held = stores.manifest(folder)
    if held is not None and not held["demonstration"] and not held["generation"].startswith(MARK):
        raise CannotLoadError(f"{folder}: publishers' own figures are loaded here. Take another folder: VAR=…")


def _refuse_twice(code: str) -> None:
    from inroads.reference.models import Organisation

    if Organisation.objects.filter(ons_code=code).exists():
        raise CannotLoadError("This database holds an invented system already. Take another VAR or DATABASE.")


def _tell(world: Any, say: Callable[[str], None]) -> None:
    """What is true, so that somebody can compare it with what the pages say."""
    for title, rows in (("Hidden pockets", world.pocket), ("Heard only digitally", world.collected == "digital")):
        names = [
            f"{world.name[at]} {world.share[at]:.0%} (expected {world.expected[at]:.0%})" for at in rows.nonzero()[0]
        ]
        say(f"{title}, left out in truth: {', '.join(names)}")


if __name__ == "__main__":
    main()

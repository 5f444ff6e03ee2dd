"""The month after: a few people join, leave or change what they say, where an attacker would look."""

from dataclasses import dataclass, replace

import numpy as np

from worlds.ics import World
from worlds.people import BUNDLES, CHANNELS, LEFT_OUT_BY, OTHERS_BY, Codes, Flags, draw_people, with_answers

NEAR = (5, 10)
"""Counts of people who are left out between which one person more or less may cross the threshold of suppression."""


@dataclass(frozen=True, eq=False)
class Month:
    """`world` as it is at the end of the month; rows of its people who joined, left, or said something else."""

    world: World
    joined: Codes
    left: Codes
    changed: Codes

    @property
    def spoke(self) -> Flags:
        """Which of its people said something in the month that counts."""
        spoke = np.zeros(len(self.world.people), dtype=bool)
        spoke[self.joined] = self.world.people.asked[self.joined]
        spoke[self.changed] = True
        return spoke


def second_month(world: World, *, share: float = 0.004) -> Month:
    """The world a month later; `share` of its people join, and about as many leave or change an answer.

    In neighbourhoods where few are left out one person alone changes, which is what a difference of two tables shows.
    """
    rng = np.random.default_rng([world.seed, 2])
    people, few = world.people, max(6, round(share * len(world.people)))
    more = draw_people(
        few,
        population=world.population,
        share=world.share,
        collected=world.collected,
        uneven=world.community_rate,
        rng=rng,
    )
    found = world.counts()[1].sum(axis=1)
    near = np.flatnonzero((found >= NEAR[0]) & (found < NEAR[1]))
    asked = np.flatnonzero(people.asked & people.here & (people.neighbourhood >= 0))
    # Nobody who is left out answers through a screen, so these stay as they are.
    asked = asked[world.collected[people.neighbourhood[asked]] == "mixed"]
    at = rng.permutation(asked)
    _, first = np.unique(people.neighbourhood[at], return_index=True)
    alone = at[first][np.isin(people.neighbourhood[at[first]], near)]
    elsewhere = asked[~np.isin(people.neighbourhood[asked], near)]
    others = rng.choice(elsewhere, 2 * few, replace=False)
    changed = np.concatenate([alone[::2], others[:few]])
    left = np.concatenate([alone[1::2], others[few:]])
    here = people.here.copy()
    here[left] = False
    now = people.of(changed)
    out = ~now.left_out
    said = with_answers(
        replace(
            now,
            left_out=out,
            bundle=np.where(out, rng.integers(0, len(BUNDLES), out.size), -1),
            channel=np.where(
                out,
                rng.choice(len(CHANNELS), out.size, p=LEFT_OUT_BY),
                rng.choice(len(CHANNELS), out.size, p=OTHERS_BY),
            ),
            short=np.zeros(out.size, dtype=bool),
        ),
        rng,
    )
    kept = replace(people, here=here)
    for name in ("left_out", "bundle", "channel", "short", "answers"):
        values = getattr(kept, name).copy()
        values[changed] = getattr(said, name)
        kept = replace(kept, **{name: values})
    after = replace(world, people=kept.and_more(more))
    return Month(after, len(people) + np.arange(few), np.sort(left), np.sort(changed))

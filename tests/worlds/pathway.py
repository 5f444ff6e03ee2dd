"""A pathway of an invented world that has become digital only at two of its stages, and what people chose there."""

import uuid
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
from numpy.typing import NDArray

from inroads.people.models import Choice, Involvement, Option, Pathway, Stage
from inroads.reference.definitions.care import ways
from worlds.days import moment, some_day
from worlds.ics import World
from worlds.organisations import Tree
from worlds.people import Codes

# Title, question, ways, and those of them that were withdrawn `WITHDRAWN` days before the end of the first month.
STAGES = (
    ("Referral", "How would you like to ask for help?", ("phone", "clinic", "online_form"), ()),
    ("First talk", "How would you like to have your first talk?", ("clinic", "phone", "video"), ("clinic", "phone")),
    ("Sessions", "How would you like your sessions?", ("clinic", "video"), ()),
    ("Between sessions", "How would you like to get your notes?", ("letter", "app"), ("letter",)),
)
DIGITAL_ONLY_NOW = ("First talk", "Between sessions")
"""Stages at which only digital ways are left."""

WITHDRAWN = 180


@dataclass(frozen=True)
class Stages:
    """The stages in order, and the options that each has or had."""

    stages: list[Stage]
    options: dict[str, list[Option]]


def make_pathway(tree: Tree, *, until: date) -> Stages:
    """The pathway of the whole system."""
    began, withdrawn = moment(until - timedelta(days=700)), moment(until - timedelta(days=WITHDRAWN))
    pathway = Pathway.objects.create(
        organisation=tree.ics,
        title="Talking therapies",
        plain="Talks to help.",
        published_at=began,
        created_by=tree.lead,
    )
    known, stages, options = ways(), [], {}
    for position, (title, question, offered, gone) in enumerate(STAGES):
        stage = Stage.objects.create(
            pathway=pathway, title=title, question=question, position=position, published_at=began
        )
        stages.append(stage)
        options[title] = [
            Option.objects.create(
                stage=stage,
                way=way,
                digital=known[way].digital,
                title=known[way].title,
                plain=known[way].plain,
                position=at,
                offered_at=began,
                withdrawn_at=withdrawn if way in gone else None,
            )
            for at, way in enumerate(offered)
        ]
    return Stages(stages, options)


def choose(world: World, tree: Tree, pathway: Stages, person: NDArray[np.str_], rows: Codes, *, until: date) -> None:
    """These people come to the pathway. Who is left out chooses no digital way: nothing where there is no other."""
    rng = np.random.default_rng([world.seed, 10])
    came, chosen = [], []
    for row in rows.tolist():
        worker, day = tree.who_knows(world, row)[1], some_day(until, rng)
        said = {"person_id": uuid.UUID(person[row]), "recorded_at": moment(day), "recorded_by": worker}
        left_out = bool(world.people.left_out[row])
        for stage in pathway.stages[: int(rng.integers(1, len(pathway.stages) + 1))]:
            held = pathway.options[stage.title]
            offered = [each for each in held if each.withdrawn_at is None or each.withdrawn_at > moment(day)]
            fits = [each for each in offered if not (each.digital and left_out)]
            came.append(Involvement(pathway_id=stage.pathway_id, stage=stage, **said))
            chosen.append(
                Choice(
                    stage=stage,
                    option=fits[int(rng.integers(0, len(fits)))] if fits else None,
                    offered=[each.pk for each in offered],
                    explained_in="standard",
                    channel="in_person" if left_out else "screen",
                    said_on=day,
                    look_again_on=day + timedelta(days=90),
                    **said,
                )
            )
    Involvement.objects.bulk_create(came, batch_size=1000)
    Choice.objects.bulk_create(chosen, batch_size=1000)

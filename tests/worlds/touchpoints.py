"""Touchpoints of an invented world, whom they truly reach, and people who were passed on to them."""

import uuid
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
from numpy.typing import NDArray

from inroads.accounts.codes import hash_of
from inroads.directory.models import Location, Service, ServiceAtLocation, Tag, TagKind, Touchpoint
from inroads.people.models import Referral, ReferralEvent, ReferralState
from worlds.days import moment, some_day
from worlds.ics import World
from worlds.organisations import Tree
from worlds.people import COMMUNITIES, Codes, Flags

HELPS = ("device_loan", "data_sim", "digital_mentor", "private_room", "form_together")
TOLD = ("yes", "a_bit", "no")
REACHED, NOT_REACHED = (0.6, 0.25, 0.15), (0.25, 0.2, 0.55)
"""How likely each of `TOLD` is, of people a touchpoint truly reaches and of others."""


@dataclass(frozen=True, eq=False)
class Services:
    """S services, where each is, the communities it truly reaches (S, 16), and to which nobody is sent.

    `doubles`: pairs of services that are one and the same, listed twice.
    """

    services: list[Service]
    easting: NDArray[np.float64]
    northing: NDArray[np.float64]
    reaches: Flags
    unused: Flags
    doubles: list[tuple[Service, Service]]


def make_services(world: World, tree: Tree, *, until: date) -> Services:
    """A touchpoint with a service for every 12 neighbourhoods, two of them listed twice; to every sixth nobody is sent.

    All were checked on `until`.
    """
    rng = np.random.default_rng([world.seed, 7])
    count = max(6, len(world.code) // 12)
    rows = np.sort(rng.choice(len(world.code), count, replace=False))
    rows = np.append(rows, rows[:2])
    reaches = rng.random((count, len(COMMUNITIES))) < 0.25
    reaches = np.vstack([reaches, reaches[:2]])
    touchpoints, services, locations, at, tags = [], [], [], [], []
    for number, row in enumerate(rows.tolist()):
        name = f"{world.name[row]} {'table' if row % 2 else 'room'}"
        touchpoint = Touchpoint(name=name, sort_name=name.casefold(), area=tree.places[str(world.authority[row])])
        service = Service(
            touchpoint=touchpoint,
            name=f"{name}: help with devices",
            sort_name=name.casefold(),
            plain="Somebody sits with you.",
            free=True,
            capacity=int(rng.integers(0, 12)),
            capacity_on=until,
            checked_on=until,
            checked_by="Invented",
        )
        location = Location(
            touchpoint=touchpoint,
            address=f"{number % count + 1} High Street",
            neighbourhood=str(world.code[row]),
            easting=float(world.easting[row]) + 150,
            northing=float(world.northing[row]) - 150,
        )
        touchpoints.append(touchpoint)
        services.append(service)
        locations.append(location)
        at.append(ServiceAtLocation(service=service, location=location))
        tags.append(Tag(service=service, kind=TagKind.HELP, value=HELPS[number % count % len(HELPS)]))
        tags += [
            Tag(service=service, kind=TagKind.COMMUNITY, value=community)
            for community, reached in zip(COMMUNITIES, reaches[number], strict=True)
            if reached
        ]
    for made in (touchpoints, services, locations, at, tags):
        type(made[0]).objects.bulk_create(made, batch_size=1000)
    return Services(
        services=services,
        easting=np.array([each.easting for each in locations]),
        northing=np.array([each.northing for each in locations]),
        reaches=reaches,
        unused=np.arange(len(services)) % 6 == 5,
        doubles=[(services[number], services[count + number]) for number in range(2)],
    )


def refer(world: World, tree: Tree, services: Services, person: NDArray[np.str_], rows: Codes, *, until: date) -> None:
    """These people are passed on, to a touchpoint near them rather if it reaches them, and most tell what it was."""
    rng = np.random.default_rng([world.seed, 8])
    referrals, events = [], []
    for row in rows.tolist():
        at = max(int(world.people.neighbourhood[row]), 0)
        far = np.hypot(services.easting - world.easting[at], services.northing - world.northing[at])
        reached = services.reaches[:, world.people.communities[row]].any(axis=1)
        number = int(np.argmin(np.where(services.unused, np.inf, far / np.where(reached, 4, 1))))
        team, worker = tree.who_knows(world, row)
        day, told = some_day(until, rng), rng.random() < 0.85
        state = ReferralState.TOLD_BACK if told else ReferralState.NO_ANSWER
        answer = str(rng.choice(TOLD, p=REACHED if reached[number] else NOT_REACHED)) if told else ""
        identifier = uuid.UUID(bytes=rng.bytes(16), version=4)
        made = Referral(
            id=identifier,
            person_id=uuid.UUID(person[row]),
            organisation=team,
            service=services.services[number],
            help=HELPS[number % len(HELPS)],
            asked="Help to get going",
            share=["name"],
            agreed_on=day - timedelta(days=9),
            agreed_by="person",
            how_agreed="Said yes",
            code_hash=hash_of(identifier.hex),
            person_code_hash=hash_of(f"person {identifier.hex}"),
            state=state,
            waits_for="",
            since=day,
            created_at=moment(day - timedelta(days=9)),
            created_by=worker,
        )
        referrals.append(made)
        steps = (
            (ReferralState.SENT, "screen", "", 9),
            (ReferralState.ACCEPTED, "link", "", 7),
            (state, "phone" if told else "itself", answer, 0),
        )
        events += [
            ReferralEvent(
                referral=made, state=name, through=through, answer=said, at=moment(day - timedelta(days=before))
            )
            for name, through, said, before in steps
        ]
    Referral.objects.bulk_create(referrals, batch_size=1000)
    ReferralEvent.objects.bulk_create(events, batch_size=1000)

"""The organisations of an invented world and who signs in there."""

from dataclasses import dataclass
from datetime import date

from inroads.accounts.models import Membership, User
from inroads.reference.models import Kind, Organisation
from inroads.reference.organisations import ENGLAND_CODE, add_organisation
from worlds.ics import AUTHORITIES, ICS, ICS_NAME, World
from worlds.published import REGION, REGION_NAME

OTHER_ICS, OTHER_NAME = "E54999998", "Elmstead (invented)"
BEGAN = date(2024, 1, 1)
TEAMS = 3
"""Teams in each of the two providers of a place."""


@dataclass(frozen=True)
class Tree:
    """The system with its places, teams by authority, who works in each team, and who looks at figures."""

    ics: Organisation
    other_ics: Organisation
    places: dict[str, Organisation]
    teams: dict[str, list[Organisation]]
    workers: dict[str, list[User]]
    analyst: User
    second_analyst: User
    lead: User
    place_leads: dict[str, User]
    other_lead: User

    def who_knows(self, world: World, row: int) -> tuple[Organisation, User]:
        """The team that knows one of the people, and who works there; those who live nowhere known are spread."""
        codes, at = list(self.teams), int(world.people.neighbourhood[row])
        code = str(world.authority[at]) if at >= 0 else codes[row % len(codes)]
        number = row % len(self.teams[code])
        return self.teams[code][number], self.workers[code][number]


def make_tree(world: World, *, password: str = "") -> Tree:
    """England, a region, the system with a place for each local authority, providers, teams, and another system.

    `password` is a stored one, as `make_password` gives it; without it nobody can sign in on the page.
    """
    england = Organisation.objects.filter(kind=Kind.ENGLAND).first() or add_organisation(
        kind=Kind.ENGLAND, name="England", parent=None, ons_code=ENGLAND_CODE, area_code=ENGLAND_CODE
    )
    region = add_organisation(kind=Kind.REGION, name=REGION_NAME, parent=england, ods_code=REGION)
    ics, other = (
        add_organisation(kind=Kind.ICS, name=name, parent=region, ons_code=code, area_code=code)
        for code, name in ((ICS, ICS_NAME), (OTHER_ICS, OTHER_NAME))
    )

    def user(name: str, role: str, organisation: Organisation) -> User:
        email = f"{name.casefold().replace(' ', '.')}@world.example"
        made = User(email=email, full_name=f"{name} (invented)", password=password or "!")
        made.save(force_insert=True)
        Membership.objects.create(user=made, role=role, organisation=organisation, starts_on=BEGAN)
        return made

    places, teams, workers, leads = {}, {}, {}, {}
    for code, full in AUTHORITIES:
        if code not in world.authority:
            continue
        name = full.split()[0]
        places[code] = add_organisation(kind=Kind.PLACE, name=full, parent=ics, ons_code=code, area_code=code)
        leads[code] = user(f"Lead {name}", "place_lead", places[code])
        teams[code], workers[code] = [], []
        for number in (1, 2):
            provider = add_organisation(kind=Kind.PROVIDER, name=f"{name} Provider {number}", parent=places[code])
            for at in range(1, TEAMS + 1):
                team = add_organisation(kind=Kind.TEAM, name=f"{name} Team {number}.{at}", parent=provider)
                teams[code].append(team)
                workers[code].append(user(f"Worker {name} {number} {at}", "practitioner", team))
    return Tree(
        ics=ics,
        other_ics=other,
        places=places,
        teams=teams,
        workers=workers,
        analyst=user("Analyst One", "analyst", ics),
        second_analyst=user("Analyst Two", "analyst", ics),
        lead=user("Lead Everywhere", "place_lead", ics),
        place_leads=leads,
        other_lead=user("Lead Elmstead", "place_lead", other),
    )

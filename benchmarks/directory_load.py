"""Many invented touchpoints and services in the directory, for measuring.

    make directory [SERVICES=20000 VAR=var DATABASE=…]

They lie in forty towns that do not exist, with postcodes that nobody has (their letters begin with Q), in the
directories of all integrated care systems. Every 50th touchpoint is private.
"""

import argparse
import os
from datetime import date, time, timedelta
from random import Random

from inroads.config.command_line import ROOT

TOWNS = 40
LETTERS = "ABDEFGHJLNPQRSTUWXYZ"
LANGUAGES = ("english", "polish", "somali", "urdu", "arabic", "welsh", "punjabi", "romanian")
WORDS = ("table", "group", "cafe", "room", "visit", "line", "class", "walk", "circle", "desk")
KINDS = ("Community", "Harbour", "Kitchen", "Riverside", "Phoenix", "Bridge", "Garden", "Lantern", "Anchor", "Orchard")


def postcode(town: int, sector: int, unit: int) -> str:
    """An invented postcode of a town."""
    last = LETTERS[unit % 20] + LETTERS[unit // 20 % 20]
    return f"Q{LETTERS[town % 20]}{1 + town // 20} {sector % 10}{last}"


def load(services: int, *, say=print) -> None:
    """Writes them in one transaction. Raises `RuntimeError` where there are some already."""
    from django.db import transaction
    from django.utils import timezone

    from inroads.directory import models
    from inroads.reference.definitions import load as definitions
    from inroads.reference.definitions.care import Community, Help
    from inroads.reference.models import Kind, Organisation

    if models.Service.objects.count() > 100:
        raise RuntimeError("There are many services already. Take another VAR or DATABASE.")
    random, today = Random(5), timezone.localdate()  # noqa: S311 - invented, the same every time
    areas = list(Organisation.objects.filter(kind=Kind.ICS).order_by("pk"))
    helps, communities = list(definitions(Help)), list(definitions(Community))
    towns = [(random.uniform(300_000, 600_000), random.uniform(120_000, 500_000)) for _ in range(TOWNS)]
    touchpoints, rows, places, ats, tags, openings = [], [], [], [], [], []
    for number in range(services // 2):
        name = f"{random.choice(KINDS)} {random.choice(KINDS)} {number}"
        touchpoints.append(
            models.Touchpoint(
                name=name, sort_name=name.casefold(), area=areas[number % TOWNS % len(areas)], private=number % 50 == 49
            )
        )
    for number in range(services):
        touchpoint, town = touchpoints[number // 2], number // 2 % TOWNS
        name = f"{random.choice(KINDS)} {random.choice(WORDS)} {number}"
        checked = today - timedelta(days=random.randrange(600))
        service = models.Service(
            touchpoint=touchpoint,
            name=name,
            sort_name=name.casefold(),
            plain=" ".join(random.choices(WORDS + KINDS, k=60)),
            free=random.choice([True, True, False, None]),
            checked_on=checked,
            checked_by="Invented",
        )
        rows.append(service)
        if number % 5:
            east, north = towns[town]
            where = models.Location(
                touchpoint=touchpoint,
                address=f"{number} High Street",
                postcode=postcode(town, random.randrange(10), random.randrange(400)),
                easting=random.gauss(east, 6000),
                northing=random.gauss(north, 6000),
            )
            places.append(where)
            ats.append(models.ServiceAtLocation(service=service, location=where))
        marks = {("help", each) for each in random.sample(helps, random.randint(1, 3))}
        marks |= {("community", each) for each in random.sample(communities, random.randint(0, 3))}
        marks |= {("language", each) for each in random.sample(LANGUAGES, random.randint(0, 2))}
        tags += [models.Tag(service=service, kind=kind, value=value) for kind, value in sorted(marks)]
        for day in random.sample(range(7), random.randint(0, 5)):
            openings.append(
                models.Opening(service=service, weekday=day, opens_at=time(10), closes_at=time(random.randint(12, 20)))
            )
    with transaction.atomic():
        for each in (touchpoints, rows, places, ats, tags, openings):
            type(each[0]).objects.bulk_create(each, batch_size=1000)
            say(f"{len(each):>8,} {type(each[0])._meta.verbose_name_plural}")


def main() -> None:
    """Loads them into the database of the demonstration."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--services", type=int, default=20_000)
    chosen = parser.parse_args()
    os.environ.setdefault("INROADS_VAR", str(ROOT / "var"))
    os.environ["DJANGO_SETTINGS_MODULE"] = "inroads.config.settings.demonstration"
    import django

    django.setup()
    load(chosen.services)
    print(f"as of {date.today():%d %B %Y}")


if __name__ == "__main__":
    main()

"""Many invented assessments, returns and codings, so that the pages of systems can be measured at their real size.

    make systems [VAR=var DATABASE=postgres://…]
    python -m benchmarks.systems_load --waves 8 --codings 200000 --seed 1

The 42 integrated care systems, an edition of the framework with 40 criteria (the twenty there are, and each once
more), eight waves: an assessment of every system, closed, with its claims, evidence and results; a return of every
system, read by two people; the landscape of every wave. Nothing of it is true. The edition lies in `definitions` of the
folder of INROADS_VAR: the server is told so by INROADS_DEFINITIONS. Who signs in to look is printed at the end.
"""

import argparse
import os
import shutil
import time
import uuid
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
EDITION = "2027"
# A little more than 200,000: two marks may fall on the same passage, and count once.
WAVES, CODINGS = 8, 204_000
PASSAGES = 150
WORDS = (
    "the trust asked people who use the crisis line how they want to be seen and wrote it down each time",
    "a lending library of tablets runs in three towns and is paid until the end of March",
    "staff of the community teams were trained by peers in the autumn and say that it helped",
    "the plan for digital care names a lead for health inequalities and a deputy",
    "carers said at the meeting that nobody had told them what became of their ideas",
    "every pathway of the talking therapies service has a way that is not digital",
    "the board saw the figures by age and ethnicity and asked who was missing",
    "small grants went to eleven organisations that people trust",
)
WHO = (
    ("national_lead", "national@systems.example", "Nadia Quill (invented)", None),
    ("reader", "reader.one@systems.example", "Rosa Lund (invented)", None),
    ("reader", "reader.two@systems.example", "Ravi Menon (invented)", None),
    ("place_lead", "lead@systems.example", "Lena Fox (invented)", 0),
    ("assessor", "assessor@systems.example", "Asif Rahman (invented)", 0),
    ("board_member", "board@systems.example", "Bea Thorn (invented)", 0),
    ("reviewer", "reviewer@systems.example", "Ruth Ade (invented)", 1),
)


def main() -> None:
    """Loads, prints what is there, and says as whom to sign in."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--waves", type=int, default=WAVES)
    parser.add_argument("--codings", type=int, default=CODINGS)
    parser.add_argument("--seed", type=int, default=1)
    chosen = parser.parse_args()
    os.environ["DJANGO_SETTINGS_MODULE"] = "inroads.config.settings.demonstration"
    var = Path(os.environ.get("INROADS_VAR", ROOT / "var")).resolve()
    os.environ["INROADS_DEFINITIONS"] = str(write_definitions(var / "definitions"))
    import django

    django.setup()
    load(waves=chosen.waves, codings=chosen.codings, seed=chosen.seed, say=lambda text: print(text, flush=True))
    print(f"Serve it with INROADS_DEFINITIONS={var / 'definitions'} make run VAR={var}")


def write_definitions(folder: Path) -> Path:
    """The definitions with one more edition, of twice as many criteria. Gives back the folder."""
    shutil.copytree(ROOT / "definitions", folder, dirs_exist_ok=True)
    criteria = sorted(path.stem for path in (ROOT / "definitions" / "criteria").glob("*.toml"))
    for name in criteria:
        text = (folder / "criteria" / f"{name}.toml").read_text(encoding="utf-8")
        title, _, rest = text.partition("\n")
        more = f'{title[:-1]}, once more"\n{rest}'
        (folder / "criteria" / f"{name}_more.toml").write_text(more, encoding="utf-8")
    named = ", ".join(f'"{name}", "{name}_more"' for name in criteria)
    (folder / "frameworks" / f"{EDITION}.toml").write_text(
        'title = "Invented edition of forty criteria"\npublished_on = 2026-04-02\n'
        f'words = "For measuring only."\ncriteria = [{named}]\n',
        encoding="utf-8",
    )
    return folder


def load(*, waves: int, codings: int, seed: int, say: Callable[[str], None]) -> None:
    """Everything that the pages of systems show, in so many waves with so many codings in all."""
    from django.contrib.auth.hashers import make_password
    from django.core.management import call_command
    from django.db import transaction

    from inroads.accounts.models import Membership, User
    from inroads.reference.models import Kind, Organisation
    from inroads.reference.organisations import england, load_organisations

    began = time.monotonic()
    call_command("migrate", verbosity=0)
    load_organisations()
    systems = list(Organisation.objects.filter(kind=Kind.ICS).order_by("name"))
    random = Random(seed)  # noqa: S311 - invented rows
    password = make_password("demonstration-only-1")
    people: dict[str, User] = {}
    with transaction.atomic():
        for role, email, name, at in WHO:
            user, _ = User.objects.get_or_create(email=email, defaults={"full_name": name, "password": password})
            where = england() if at is None else systems[at]
            Membership.objects.get_or_create(
                user=user, role=role, organisation=where, defaults={"starts_on": date(2026, 1, 1)}
            )
            people[email.split("@")[0]] = user
        made = _Made(random, people, systems)
        for number in range(waves):
            made.wave(number, waves, codings // waves // len(systems) // 2)
            say(f"wave {number + 1} of {waves}: {time.monotonic() - began:.0f} s")
    for name, count in made.counts().items():
        say(f"{count:>9,} {name}")
    say("Sign in as " + ", ".join(email for _, email, _, _ in WHO) + "; the password is demonstration-only-1")


@dataclass
class _Made:
    """What was made so far."""

    random: Random
    people: dict[str, Any]
    systems: list[Any]

    def __post_init__(self) -> None:
        from inroads.reference.definitions import load as definitions
        from inroads.reference.definitions.framework import Framework, criteria_of

        self.criteria = criteria_of(definitions(Framework)[EDITION])
        self.last: dict[Any, Any] = {}
        # How far each system is, and what it says of itself beyond that.
        self.ability = {each.pk: self.random.gauss(0, 1) for each in self.systems}
        self.boast = {each.pk: max(0.0, self.random.gauss(0.8, 0.6)) for each in self.systems}

    def counts(self) -> dict[str, int]:
        """How many rows there are of each kind."""
        from inroads.systems import models

        kinds = ("Assessment", "Claimed", "Evidence", "Result", "Return", "Passage", "Coding", "Score", "Placed")
        return {name.lower(): getattr(models, name).objects.count() for name in kinds}

    def wave(self, number: int, waves: int, each_reader: int) -> None:
        """A wave half a year after the one before; the last is half a year ago."""
        from inroads.systems.actions.waves import take_wave
        from inroads.systems.models import Basis, Wave

        on = date(2026, 5, 31) - timedelta(days=183 * (waves - 1 - number))
        lead = self.people["national"]
        wave = Wave.objects.create(
            title=f"Wave {number + 1} (invented)",
            on=on,
            basis=Basis.ASSESSMENTS,
            needle="evidenced",
            source="Invented self-assessments, for measuring",
            recorded_by=lead,
            recorded_at=_at(on),
        )
        for system in self.systems:
            self._assessment(system, on, number)
            self._return(system, wave, on, each_reader)
        take_wave(wave=wave, by=lead)

    def _assessment(self, system: Any, on: date, number: int) -> None:
        from inroads.systems import models

        by, random = self.people["assessor"], self.random
        closed = _at(on)
        assessment = models.Assessment.objects.create(
            organisation=system,
            framework=EDITION,
            title=f"Assessment {number + 1} (invented)",
            after=self.last.get(system.pk),
            due_on=on,
            state="locked",
            locked_at=closed,
            recorded_by=by,
            recorded_at=_at(on - timedelta(days=42)),
        )
        self.last[system.pk] = assessment
        models.Moved.objects.bulk_create(
            models.Moved(assessment=assessment, state=state, recorded_by=by, recorded_at=closed - timedelta(days=ago))
            for state, ago in (("submitted", 21), ("reviewed", 7), ("locked", 0))
        )
        claims, results, evidence = [], [], []
        for criterion in self.criteria:
            level = self._level(self.ability[system.pk] + 0.15 * number + random.gauss(0, 0.8))
            lived = max(0, level - (random.random() < 0.3))
            claimed = self._level(level - 1.2 + self.boast[system.pk] + random.gauss(0, 0.5))
            claims.append(
                models.Claimed(
                    assessment=assessment,
                    criterion=criterion.id,
                    version=1,
                    level=claimed,
                    dated=on - timedelta(days=30),
                    words="As our teams see it (invented).",
                    recorded_by=by,
                    recorded_at=closed - timedelta(days=30),
                )
            )
            results.append(
                models.Result(
                    assessment=assessment,
                    criterion=criterion.id,
                    claimed=claimed,
                    evidenced=level,
                    experienced=lived,
                    missing=2,
                    contrary=int(random.random() < 0.1),
                    heard=3,
                )
            )
            evidence += self._evidence(system, criterion, level, on, closed)
        models.Claimed.objects.bulk_create(claims)
        models.Result.objects.bulk_create(results)
        models.Evidence.objects.bulk_create(evidence)

    def _evidence(self, system: Any, criterion: Any, level: int, on: date, closed: datetime) -> Iterable[Any]:
        from inroads.systems import models

        for reached in criterion.levels[:level]:
            for element in reached.elements:
                dated = on - timedelta(days=self.random.randrange(200))
                yield models.Evidence(
                    organisation=system,
                    criterion=criterion.id,
                    element=element.id,
                    kind=element.shown_by[0],
                    voice="people" if element.from_people else "record",
                    supports=self.random.random() > 0.06,
                    dated=dated,
                    expires_on=dated + timedelta(days=30 * element.months),
                    title=f"{element.title[:80]} (invented)",
                    recorded_by=self.people["assessor"],
                    recorded_at=closed - timedelta(days=25),
                )

    def _return(self, system: Any, wave: Any, on: date, each_reader: int) -> None:
        from inroads.systems import models

        random, lead = self.random, self.people["national"]
        parts = [f"{number}. {' '.join(random.sample(WORDS, 4))}." for number in range(1, PASSAGES + 1)]
        of = models.Return.objects.create(
            wave=wave,
            organisation=system,
            title=f"Return of {system.name[:120]} (invented)",
            text="\n\n".join(parts),
            criteria=[criterion.id for criterion in self.criteria],
            recorded_by=lead,
            recorded_at=_at(on),
        )
        passages, start = [], 0
        for number, part in enumerate(parts, 1):
            passages.append(models.Passage(of=of, number=number, start=start, end=start + len(part)))
            start += len(part) + 2
        passages = models.Passage.objects.bulk_create(passages)
        truth = random.sample([(each, criterion) for each in passages for criterion in self.criteria], each_reader)
        for place, reader in ((1, "reader.one"), (2, "reader.two")):
            reading = models.Reading.objects.create(
                of=of,
                reader=self.people[reader],
                place=place,
                finished_at=_at(on),
                recorded_by=lead,
                recorded_at=_at(on),
            )
            seen = [pair if random.random() < 0.8 else (random.choice(passages), pair[1]) for pair in truth]
            models.Coding.objects.bulk_create(
                models.Coding(
                    id=uuid.UUID(int=random.getrandbits(128), version=4),
                    reading=reading,
                    passage=passage,
                    criterion=criterion.id,
                    start=passage.start,
                    end=passage.end,
                    about=random.choice(("mental_health", "everybody", "not_said")),
                    supports=random.random() > 0.1,
                    recorded_by=self.people[reader],
                    recorded_at=_at(on),
                )
                for passage, criterion in {
                    (passage.pk, criterion.id): (passage, criterion) for passage, criterion in seen
                }.values()
            )
            models.ReadScore.objects.bulk_create(
                models.ReadScore(
                    reading=reading,
                    criterion=criterion.id,
                    level=self._level(self.ability[system.pk] + random.gauss(0, 0.6)),
                    recorded_by=self.people[reader],
                    recorded_at=_at(on),
                )
                for criterion in self.criteria
            )

    @staticmethod
    def _level(value: float) -> int:
        """Ability about 0 is level 1 or 2."""
        return min(3, max(0, round(value + 1.2)))


def _at(on: date) -> datetime:
    return datetime(on.year, on.month, on.day, 12, tzinfo=UTC)


if __name__ == "__main__":
    main()

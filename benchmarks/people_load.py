"""Many invented people, with all that was said, chosen and planned with them, for measuring.

    make people [PEOPLE=50000 VAR=var DATABASE=postgres://…]
    python -m benchmarks.people_load --people 1000000 --conversations 3000000 --choices 10000000

Goes into the demonstration's database: the embedded one of INROADS_VAR, or the PostgreSQL of INROADS_DATABASE_URL.
About 200 teams of 20 invented providers in one integrated care system, of uneven sizes. On PostgreSQL rows travel by
COPY, part by part, while indexes and links are away; they are made anew at the end. Broken off, it goes on where it was
when it is started again; until it has ended, nobody should use that database. On SQLite it is one transaction.

Whoever signs in to measure is printed at the end; their password is the demonstration's.
"""

import argparse
import json
import os
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import nullcontext
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from queue import Queue
from typing import Any

import pyarrow as pa
import pyarrow.csv as pa_csv

from benchmarks import people_rows

ROOT = Path(__file__).resolve().parents[1]
PART = 25_000
PROVIDERS, TEAMS = 20, 200
LARGEST = 0.05
ICS_CODE = "E54000042"
BEGAN = date(2026, 4, 1)
# Loaded in this order: what others point at comes first.
TABLES = (
    "people_person",
    "people_nameword",
    "people_preferences",
    "people_conversation",
    "people_answer",
    "people_event",
    "people_involvement",
    "people_choice",
    "people_planstep",
    "people_stepversion",
    "people_review",
    "people_appointment",
    "people_trustedperson",
    "people_helpattime",
)
READERS = {
    "average": ("team.average@load.example", "practitioner"),
    "largest": ("team.largest@load.example", "practitioner"),
    "provider": ("provider@load.example", "practitioner"),
    "everybody": ("everybody@load.example", "practitioner"),
}
"""Who signs in to measure: in a team of average size, in the largest one, in a provider, and in the whole system."""


class CannotLoadError(Exception):
    """Why nothing can be loaded, in words."""


@dataclass
class Progress:
    """How far a load is: kept in a table of its own, in the same transaction as the rows it speaks of."""

    settings: str
    shelf: str
    now: int
    parts: int
    rebuild: list[str]
    finished: bool


def main() -> None:
    """Loads, prints rows a second and sizes, and says as whom to sign in. Ends with 1 when it cannot."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--people", type=int, default=50_000)
    parser.add_argument("--conversations", type=int, help="three for each person unless told otherwise")
    parser.add_argument("--choices", type=int, help="ten for each person unless told otherwise")
    parser.add_argument("--seed", type=int, default=1)
    chosen = parser.parse_args()
    os.environ["DJANGO_SETTINGS_MODULE"] = "inroads.config.settings.demonstration"
    import django

    django.setup()
    try:
        load(
            people=chosen.people,
            conversations=chosen.conversations or 3 * chosen.people,
            choices=chosen.choices or 10 * chosen.people,
            seed=chosen.seed,
            say=lambda text: print(text, flush=True),
        )
    except CannotLoadError as error:
        print(error, file=sys.stderr)
        sys.exit(1)


def load(*, people: int, conversations: int, choices: int, seed: int, say: Callable[[str], None]) -> int:
    """Load everything that is not there yet; gives the number of rows written now. Raises `CannotLoadError`."""
    from django.conf import settings
    from django.db import connection

    if not settings.DEMONSTRATION:
        raise CannotLoadError("Invented people are loaded only into a demonstration.")
    if people < TEAMS:
        raise CannotLoadError(f"--people {people}: {TEAMS} at least, one for each team.")
    began = time.perf_counter()
    _prepare(say)
    progress = _progress() or _begin(f"{people} {conversations} {choices} {seed}")
    if progress.settings != f"{people} {conversations} {choices} {seed}":
        raise CannotLoadError(
            f"This database holds another load already (people, conversations, choices, seed: {progress.settings}). "
            "Go on with the same, or choose another database."
        )
    rows = 0
    if not progress.finished:
        postgresql = connection.vendor == "postgresql"
        if postgresql and not progress.rebuild:
            progress.rebuild = _take_away()
        rows = _fill(
            progress,
            people=people,
            conversations=conversations,
            choices=choices,
            seed=seed,
            say=say,
            write=copy if postgresql else insert,
        )
        if postgresql:
            _put_back(progress.rebuild, say)
        else:
            connection.cursor().execute("ANALYZE")
        _check(seed)
        connection.cursor().execute("UPDATE benchmark_people_load SET finished = 1")
    _tell(rows, time.perf_counter() - began, say)
    return rows


def _prepare(say: Callable[[str], None]) -> None:
    """Tables, organisations and the demonstration's people."""
    from django.conf import settings
    from django.core.management import call_command
    from django.db import connection

    from inroads.accounts.demonstration import load_demonstration

    Path(settings.VAR_DIR).mkdir(parents=True, exist_ok=True)
    call_command("migrate", verbosity=0, interactive=False)
    call_command("createcachetable", verbosity=0)
    load_demonstration()
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE TABLE IF NOT EXISTS benchmark_people_load (settings text, shelf text, now bigint, parts integer, "
            "rebuild text, finished integer)"
        )
    say(f"Into {connection.vendor}: {connection.settings_dict['NAME']}")


def _progress() -> Progress | None:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT settings, shelf, now, parts, rebuild, finished FROM benchmark_people_load")
        row = cursor.fetchone()
    return Progress(row[0], row[1], row[2], row[3], json.loads(row[4]), bool(row[5])) if row else None


def _begin(settings: str) -> Progress:
    """Organisations, pathways and who works there; all of it or nothing."""
    from django.db import connection, transaction
    from django.utils import timezone

    with transaction.atomic():
        made = Progress(settings, json.dumps(_organisations()), people_rows.seconds(timezone.now()), 0, [], False)
        connection.cursor().execute(
            "INSERT INTO benchmark_people_load VALUES (%s, %s, %s, 0, '[]', 0)", (settings, made.shelf, made.now)
        )
    return made


def _organisations() -> dict[str, list]:
    """Teams with their workers and pathways, as ids."""
    from django.conf import settings
    from django.contrib.auth.hashers import make_password

    from inroads.accounts.models import Membership, User
    from inroads.reference.models import Kind, Organisation
    from inroads.reference.organisations import add_organisation

    stored = make_password(settings.DEMONSTRATION_PASSWORD)

    def worker(email: str, role: str, organisation: Organisation) -> User:
        user = User(email=email, full_name=email.partition("@")[0].replace(".", " ").title(), password=stored)
        user.save(force_insert=True)
        Membership.objects.create(user=user, role=role, organisation=organisation, starts_on=BEGAN)
        return user

    ics = Organisation.objects.get(kind=Kind.ICS, ons_code=ICS_CODE)
    worker(*READERS["everybody"], ics)
    team, by, pathway, stages, options = [], [], [], [], []
    for number in range(PROVIDERS):
        provider = add_organisation(kind=Kind.PROVIDER, name=f"Provider {number + 1} (invented)", parent=ics)
        if number == 1:
            worker(*READERS["provider"], provider)
        made = _pathway(provider)
        for _ in range(TEAMS // PROVIDERS):
            place = len(team)
            each = add_organisation(kind=Kind.TEAM, name=f"Team {place + 1} (invented)", parent=provider)
            email = {0: READERS["largest"][0], TEAMS // 2: READERS["average"][0]}.get(place)
            by.append(worker(email or f"team.{place + 1}@load.example", "practitioner", each).pk.hex)
            team.append(each.pk.hex)
            pathway.append(made[0])
            stages.append(made[1])
            options.append(made[2])
    return {"team": team, "worker": by, "pathway": pathway, "stages": stages, "options": options}


def _pathway(provider: Any) -> tuple[str, list[int], list[list[int]]]:
    """A published pathway of seven stages, each with four ways, digital and not."""
    from django.utils import timezone

    from inroads.people.models import Option, Pathway, Stage
    from inroads.reference.definitions import load as defined
    from inroads.reference.definitions.care import PathwayTemplate, ways

    template = max(defined(PathwayTemplate).values(), key=lambda each: len(each.stages))
    chosen = sorted(ways().values(), key=lambda each: each.digital)
    chosen = [*chosen[:2], *chosen[-2:]]
    now = timezone.now()
    made = Pathway.objects.create(organisation=provider, title=template.title, plain=template.plain, published_at=now)
    stages, options = [], []
    for place, each in enumerate(template.stages[:7]):
        stage = Stage.objects.create(
            pathway=made, title=each.title, question=each.question, position=place, published_at=now
        )
        stages.append(stage.pk)
        kept = [
            Option.objects.create(
                stage=stage,
                way=way.id,
                digital=way.digital,
                title=way.title,
                plain=way.plain,
                position=at,
                offered_at=now,
            )
            for at, way in enumerate(chosen)
        ]
        options.append([each.pk for each in kept])
    return made.pk.hex, stages, options


def _shelf(progress: Progress, seed: int) -> people_rows.Shelf:
    from inroads.reference.definitions import load as defined
    from inroads.reference.definitions.care import Help, formats
    from inroads.reference.definitions.conversation import barriers, life_events, strengths, triage

    figures = ROOT / "definitions" / "figures" / "isle_of_wight.csv"
    codes = pa_csv.read_csv(figures).column("code").to_pylist()
    shares = people_rows.uneven_shares(TEAMS, largest=LARGEST, seed=seed)
    # The reader of an average team reads one whose size is in the middle.
    middle, place = sorted(range(TEAMS), key=shares.__getitem__)[TEAMS // 2], TEAMS // 2
    shares[[middle, place]] = shares[[place, middle]]
    return people_rows.Shelf(
        share=shares,
        strengths=[each.id for each in strengths()],
        triage=[each.id for each in triage()],
        barriers=list(barriers()),
        events=list(life_events()),
        formats=list(formats()),
        helps=[(each.barriers[0], each.id) for each in defined(Help).values() if each.barriers],
        neighbourhoods=[code for code in codes if code.startswith("E01")],
        **json.loads(progress.shelf),
    )


Write = Callable[[str, people_rows.Columns], int]


def _fill(
    progress: Progress,
    *,
    people: int,
    conversations: int,
    choices: int,
    seed: int,
    write: Write,
    say: Callable[[str], None],
) -> int:
    """All parts that are not there yet. The next part is made while one is written."""
    from django.db import connection, transaction

    from inroads.people.queries.records import plain

    shelf = _shelf(progress, seed)
    parts = -(-people // PART)
    whole = connection.vendor != "postgresql"
    free = _free_numbers()

    def made(number: int) -> Iterator[tuple[str, people_rows.Columns]]:
        first, last = number * PART, min((number + 1) * PART, people)
        share = [total * last // people - total * first // people for total in (conversations, choices)]
        return people_rows.rows_of(
            shelf,
            first=first,
            people=last - first,
            conversations=share[0],
            choices=share[1],
            seed=seed,
            now=progress.now,
            plain=plain,
            reserve=free,
        )

    waiting: Queue = Queue(maxsize=6)
    stopped = threading.Event()

    def make() -> None:
        try:
            for number in range(progress.parts, parts):
                for table in made(number):
                    if stopped.is_set():
                        return
                    waiting.put(table)
                waiting.put(number)
        except BaseException as error:
            waiting.put(error)

    threading.Thread(target=make, daemon=True).start()
    rows, began = 0, time.perf_counter()
    try:
        with transaction.atomic() if whole else nullcontext():
            for number in range(progress.parts, parts):
                with transaction.atomic():
                    while (table := waiting.get()) != number:
                        if isinstance(table, BaseException):
                            raise table
                        rows += write(*table)
                    connection.cursor().execute("UPDATE benchmark_people_load SET parts = %s", (number + 1,))
                taken = time.perf_counter() - began
                if number % 4 == 3 or number == parts - 1:
                    done = min((number + 1) * PART, people)
                    say(f"  {done:>9,} people, {rows:>11,} rows, {rows / taken:>9,.0f} rows/s")
    finally:
        stopped.set()
    return rows


def _free_numbers() -> people_rows.Reserve:
    """Numbers behind the last one of a table, given out in order by this load alone."""
    from django.db import connection

    following: dict[str, int] = {}
    for table in ("people_answer", "people_planstep"):
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT coalesce(max(id), 0) + 1 FROM {table}")  # noqa: S608 - names above
            following[table] = cursor.fetchone()[0]

    def reserve(table: str, count: int) -> int:
        first = following[table]
        following[table] += count
        return first

    return reserve


def _whole(table: str, columns: people_rows.Columns) -> people_rows.Columns:
    """The columns with those that have one value for all: what the application keeps where nothing was said."""
    from django.apps import apps

    model = next(each for each in apps.get_app_config("people").get_models() if each._meta.db_table == table)
    rows = len(next(iter(columns.values())))
    missing = {}
    for each in model._meta.concrete_fields:
        if each.column not in columns and not each.null and not each.primary_key:
            value = each.get_default()
            value = json.dumps(value) if isinstance(value, list | dict) else value
            missing[each.column] = pa.repeat(pa.scalar(value), rows)
    return columns | missing


def copy(table: str, columns: people_rows.Columns) -> int:
    """Write rows to PostgreSQL by COPY."""
    from django.db import connection

    rows = pa.table(_whole(table, columns))
    options = pa_csv.WriteOptions(include_header=False, batch_size=65_536)
    with connection.cursor() as cursor:
        names = ", ".join(rows.column_names)
        with cursor.cursor.copy(f"COPY {table} ({names}) FROM STDIN (FORMAT csv)") as out:
            for at in range(0, rows.num_rows, 100_000):
                sink = pa.BufferOutputStream()
                pa_csv.write_csv(rows.slice(at, 100_000), sink, options)
                out.write(memoryview(sink.getvalue()))
    return rows.num_rows


def insert(table: str, columns: people_rows.Columns) -> int:
    """Write rows to SQLite."""
    from django.db import connection

    columns = _whole(table, columns)
    lists = [column.to_pylist() for column in columns.values()]
    sql = f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({', '.join('?' * len(columns))})"  # noqa: S608
    connection.ensure_connection()
    connection.connection.executemany(sql, zip(*lists, strict=True))
    return len(lists[0])


def _take_away() -> list[str]:
    """Remove links and indexes of the tables; gives the statements that make them anew, links last."""
    from django.db import connection, transaction

    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "SELECT conrelid::regclass::text, conname, contype::text, pg_get_constraintdef(oid) FROM pg_constraint "
            "WHERE contype IN ('f', 'p', 'u') AND (conrelid::regclass::text = ANY(%(tables)s) "
            "OR contype = 'f' AND confrelid::regclass::text = ANY(%(tables)s)) ORDER BY contype = 'f', conname",
            {"tables": list(TABLES)},
        )
        constraints = cursor.fetchall()
        cursor.execute(
            "SELECT indexname, indexdef FROM pg_indexes WHERE tablename = ANY(%s) AND indexname NOT IN "
            "(SELECT conname FROM pg_constraint WHERE contype IN ('p', 'u')) ORDER BY tablename, indexname",
            (list(TABLES),),
        )
        indexes = cursor.fetchall()
        for table, name, _, _ in reversed(constraints):
            cursor.execute(f'ALTER TABLE {table} DROP CONSTRAINT "{name}"')
        for name, _ in indexes:
            cursor.execute(f'DROP INDEX "{name}"')
        keys = [row for row in constraints if row[2] != "f"]
        links = [row for row in constraints if row[2] == "f"]
        rebuild = [f'ALTER TABLE {table} ADD CONSTRAINT "{name}" {text}' for table, name, _, text in keys]
        rebuild += [text for _, text in indexes]
        rebuild += [f'ALTER TABLE {table} ADD CONSTRAINT "{name}" {text}' for table, name, _, text in links]
        cursor.execute("UPDATE benchmark_people_load SET rebuild = %s", (json.dumps(rebuild),))
    return rebuild


def _put_back(rebuild: list[str], say: Callable[[str], None]) -> None:
    """Indexes, numbers and links; one statement after the other, each kept with the note that it is done."""
    from django.db import connection, transaction

    began = time.perf_counter()
    left = list(rebuild)
    with connection.cursor() as cursor:
        cursor.execute("SET maintenance_work_mem = '1GB'")
        cursor.execute("SET max_parallel_maintenance_workers = 2")
        measured = False
        while left:
            if not measured and "FOREIGN KEY" in left[0]:
                cursor.execute("VACUUM (ANALYZE)")
                say(f"  indexes made in {time.perf_counter() - began:.0f} s")
                measured = True
            with transaction.atomic():
                cursor.execute(left[0])
                cursor.execute("UPDATE benchmark_people_load SET rebuild = %s", (json.dumps(left[1:] or ["SELECT 1"]),))
            left = left[1:]
        for table in TABLES:
            cursor.execute(
                "SELECT pg_get_serial_sequence(%s, 'id') WHERE EXISTS (SELECT FROM "
                "information_schema.columns WHERE table_name = %s AND is_identity = 'YES')",
                (table, table),
            )
            if sequence := (cursor.fetchone() or (None,))[0]:
                cursor.execute(f"SELECT setval(%s, (SELECT max(id) FROM {table}))", (sequence,))  # noqa: S608
    say(f"  indexes and links made in {time.perf_counter() - began:.0f} s")


def _check(seed: int) -> None:
    """A sample of people has the names and words that the application itself would have written."""
    import nhs_number as nhs

    from inroads.people.models import NameWord, Person
    from inroads.people.queries.records import plain

    sample = list(Person.objects.filter(sort_name__gte="jo").order_by("sort_name", "pk")[:200])
    sample += list(Person.objects.order_by("pk")[:300])
    for person in sample:
        words = {word[:60] for word in plain(f"{person.full_name} {person.known_as}").split()}
        kept = sorted(NameWord.objects.filter(person=person).values_list("word", flat=True))
        if person.sort_name != plain(person.full_name)[:150] or kept != sorted(words):
            raise CannotLoadError(f"{person.full_name}: kept as {person.sort_name}, {kept}. The generator is wrong.")
        if person.nhs_number and not nhs.is_valid(person.nhs_number):
            raise CannotLoadError(f"{person.nhs_number} is not an NHS number. The generator is wrong.")


def _tell(rows: int, taken: float, say: Callable[[str], None]) -> None:
    from django.conf import settings
    from django.db import connection

    if rows:
        say(f"{rows:,} rows in {taken:.0f} s: {rows / taken:,.0f} rows/s, indexes and links included")
    else:
        say("Everything is there already.")
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(
                "SELECT relname, reltuples::bigint, pg_table_size(oid), pg_indexes_size(oid) FROM pg_class "
                "WHERE relname = ANY(%s) ORDER BY 3 DESC",
                (list(TABLES),),
            )
            say(f"{'table':<24}{'rows':>12}{'MB':>8}{'indexes MB':>12}")
            for name, count, size, indexes in cursor.fetchall():
                say(f"{name:<24}{count:>12,}{size / 1e6:>8,.0f}{indexes / 1e6:>12,.0f}")
            cursor.execute("SELECT pg_database_size(current_database())")
            size = cursor.fetchone()[0]
        else:
            size = Path(settings.DATABASES["default"]["NAME"]).stat().st_size
    say(f"The database has {size / 1e6:,.0f} MB.")
    for name, (email, _) in READERS.items():
        say(f"  {name:<12}{email}")


if __name__ == "__main__":
    main()

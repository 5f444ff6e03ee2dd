"""What is read of releases, always "visible to whom"."""

import hashlib
import io
from collections.abc import Callable, Sequence
from datetime import timedelta
from functools import lru_cache
from uuid import UUID

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from django.db.models import Q, QuerySet
from numpy.typing import NDArray

from inroads.accounts.permissions import Permission
from inroads.accounts.queries import Somebody, highest_where
from inroads.reference.models import Organisation
from inroads.released.models import Release, State, Table, Worked
from inroads.released.permissions import may_see_part, seen_by

Columns = dict[str, NDArray]
# What was said longer before the newest release no longer counts.
KEPT = timedelta(days=731)
MOST = 60
# Ways in which one thing was worked out that are kept in the database, and in this process.
MOST_WORKED, MOST_HELD = 6, 64
_worked: dict[tuple[UUID, str, str], Columns] = {}


def releases_visible_to(user: Somebody) -> QuerySet[Release]:
    """Releases of which this user may see something, newest first."""
    return Release.objects.filter(seen_by(user)).select_related("organisation")


def whole_visible_to(user: Somebody) -> QuerySet[Release]:
    """Releases that this user may see whole: open ones, and those of systems that their role covers."""
    seen = (
        Q(state=State.OPEN) | _of_systems(user, Permission.SEE_PICTURE) | _of_systems(user, Permission.RELEASE_FIGURES)
    )
    return Release.objects.filter(seen).select_related("organisation")


def _of_systems(user: Somebody, permission: Permission) -> Q:
    """Releases of the systems in which this user holds a permission; none for nobody."""
    inside = Q(pk__in=())
    for place in highest_where(user, permission):
        inside |= Q(organisation__path__startswith=place.path)
    return inside


def releases_of(area_codes: Sequence[str], *, user: Somebody) -> list[Release]:
    """The releases of the last two years that together say what is known of an area, newest first.

    `area_codes` begins with the area that is asked about, then come the systems it lies in. Only those of which this
    user may see what they say of the first; empty where there is none.
    """
    wanted = [code for code in area_codes if code]
    if not wanted:
        return []
    found = releases_visible_to(user).filter(organisation__area_code__in=wanted).order_by("-until", "pk")
    seen = [each for each in found[:MOST] if may_see_part(user, each, wanted[0])]
    return [each for each in seen if each.organisation == seen[0].organisation and seen[0].until - each.until < KEPT]


def before(release: Release, *, user: Somebody) -> Release | None:
    """The newest release of the same system before this one that this user may see whole."""
    earlier = whole_visible_to(user).filter(organisation=release.organisation, until__lt=release.until)
    return earlier.order_by("-until").first()


def opened_with(release: Release) -> QuerySet[Release]:
    """Earlier releases of the same system that are not open yet: they are opened together with this one.

    A release counts only what was said since the one before it, so by itself it would be taken for the whole.
    """
    earlier = Release.objects.filter(organisation=release.organisation, until__lt=release.until)
    return earlier.exclude(state=State.OPEN).order_by("-until")


def closed_with(release: Release) -> QuerySet[Release]:
    """Later releases of the same system that are open: they are closed together with this one."""
    later = Release.objects.filter(organisation=release.organisation, until__gt=release.until)
    return later.filter(state=State.OPEN).order_by("-until")


def last_of(organisation: Organisation) -> Release | None:
    """The newest release of a system, whoever may see it: for what is counted next."""
    return Release.objects.filter(organisation=organisation).order_by("-until").first()


def waiting_for(user: Somebody) -> QuerySet[Release]:
    """Releases that somebody else asked to open, where this user may agree."""
    waiting = Release.objects.filter(_of_systems(user, Permission.RELEASE_FIGURES), state=State.ASKED)
    return waiting.exclude(asked_by=user.pk).select_related("organisation")


def names_in(releases: Sequence[Release]) -> set[str]:
    """The names of all tables that any of these releases has."""
    return set(Table.objects.filter(release__in=releases).order_by().values_list("name", flat=True))


def table(release: Release, name: str) -> Columns | None:
    """The columns of a table of a release, read-only; None where it has none of this name.

    The caller has made sure that its reader may see it (`releases_of`).
    """
    key = Table.objects.filter(release=release, name=name).values_list("pk", "sha256").first()
    return None if key is None else _columns(*key)


@lru_cache(maxsize=256)
def _columns(key: int, sha256: str) -> Columns:
    # The sum is part of what it is kept under: another database may have another table under the same number.
    return as_columns(bytes(Table.objects.values_list("content", flat=True).get(pk=key)))


def pooled(
    releases: Sequence[Release],
    name: str,
    keys: Sequence[str],
    *,
    bounded: Sequence[Sequence[str]] = (),
    common: bool = False,
) -> Columns | None:
    """The tables of this name of several releases as one: `low` and `high` of the same keys added up.

    No two releases speak of the same words, so counts add; a row that one of them lacks counts there as nobody. Every
    column that ends in "low" or "high" is added up, all others are left out. None where no release has the table. With
    `common`, only rows that all tables have are kept: where one that is missing does not mean that nobody was counted.

    `bounded` names cells that belong together, such as ("met_found", "met_other"). What one release leaves open is not
    to spoil what others say: where it says of any of the cells only that there is somebody, it counts there as having
    asked nobody; and where in all of them it tells of fewer than a quarter of the people there may be, it is left out
    of them whole. (Row by row, those would be left out in which few were found.) If all are like that, the one that
    tells of most stays.
    """
    found = Table.objects.filter(release__in=releases, name=name).order_by("-release__until", "pk")
    held = tuple(found.values_list("pk", "sha256"))
    return _pooled(held, tuple(keys), tuple(map(tuple, bounded)), common) if held else None


@lru_cache(maxsize=64)
def _pooled(
    held_in: tuple[tuple[int, str], ...], keys: tuple[str, ...], bounded: tuple[tuple[str, ...], ...], common: bool
) -> Columns:
    tables = [_columns(*each) for each in held_in]
    rows: dict[tuple[str, ...], int] = {}
    for held in tables:
        for row in zip(*(held[key].tolist() for key in keys), strict=True):
            rows.setdefault(row, len(rows))
    if common:
        shared = [set(zip(*(held[key].tolist() for key in keys), strict=True)) for held in tables]
        tables = [_only(held, keys, set.intersection(*shared)) for held in tables]
        rows = {row: at for at, row in enumerate(zip(*(tables[0][key].tolist() for key in keys), strict=True))}
    ends = [column for column in tables[0] if column not in keys and column.endswith(("low", "high"))]
    found: Columns = {key: np.array([row[at] for row in rows], dtype=np.str_) for at, key in enumerate(keys)}
    places = [
        np.array([rows[row] for row in zip(*(held[key].tolist() for key in keys), strict=True)], dtype=np.int64)
        for held in tables
    ]
    telling = _telling(tables, bounded)
    for column in ends:
        total = np.zeros(len(rows))
        of = next((cells for cells in bounded if column.rpartition("_")[0] in cells), ())
        for held, at, tells in zip(tables, places, telling, strict=True):
            if tells or not of:
                np.add.at(total, at, np.where(_finite(held, of), held[column], 0.0))
        found[column] = total
    for column in found.values():
        column.setflags(write=False)
    return found


def _telling(tables: Sequence[Columns], bounded: Sequence[tuple[str, ...]]) -> list[bool]:
    """Which tables count in the cells of `bounded`: see `pooled`."""
    low, high = np.zeros((2, len(tables)))
    for number, held in enumerate(tables):
        for cells in bounded:
            known = _finite(held, cells)
            low[number] += sum(held[f"{cell}_low"][known].sum() for cell in cells)
            high[number] += sum(held[f"{cell}_high"][known].sum() for cell in cells)
    tells = 4 * low >= high
    tells[low.argmax()] |= not tells.any()
    return [bool(each) for each in tells]


def _finite(held: Columns, cells: tuple[str, ...]) -> NDArray[np.bool_]:
    """Rows (n,) that bound all of these cells; all where there are none."""
    rows = np.ones(len(next(iter(held.values()))), dtype=np.bool_)
    for cell in cells:
        rows &= np.isfinite(held[f"{cell}_high"])
    return rows


def _only(held: Columns, keys: Sequence[str], wanted: set[tuple[str, ...]]) -> Columns:
    kept = np.array([row in wanted for row in zip(*(held[key].tolist() for key in keys), strict=True)], dtype=np.bool_)
    return {name: column[kept] for name, column in held.items()}


def worked_out(release: Release, name: str, *, key: str, make: Callable[[], pa.Table]) -> Columns:
    """What `make` gives, kept with the release: made once for a key, whoever asks first."""
    short = hashlib.sha256(key.encode()).hexdigest()
    found = _worked.get((release.pk, name, short))
    if found is None:
        own = Worked.objects.filter(release=release, name=name)
        content = own.filter(key=short).values_list("content", flat=True).first()
        if content is None:
            content = as_bytes(make())
            Worked.objects.get_or_create(release=release, name=name, key=short, defaults={"content": content})
            # Keys change with what is loaded and opened: the last few are enough.
            own.exclude(pk__in=list(own.order_by("-pk").values_list("pk", flat=True)[:MOST_WORKED])).delete()
        found = as_columns(bytes(content))
        while len(_worked) >= MOST_HELD:
            _worked.pop(next(iter(_worked)), None)
        _worked[release.pk, name, short] = found
    return found


def as_bytes(content: pa.Table) -> bytes:
    """A table as Parquet."""
    sink = io.BytesIO()
    pq.write_table(content, sink, compression="zstd")
    return sink.getvalue()


def as_columns(content: bytes) -> Columns:
    """Columns out of Parquet: texts as they are, numbers as float64, all read-only."""
    read = pq.read_table(io.BytesIO(content))
    found: Columns = {}
    for name in read.column_names:
        column = read.column(name)
        if pa.types.is_string(column.type):
            found[name] = np.array(column.to_pylist(), dtype=np.str_) if len(column) else np.empty(0, dtype="<U1")
        else:
            found[name] = column.to_numpy().astype(np.float64)
        found[name].setflags(write=False)
    return found

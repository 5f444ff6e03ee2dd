"""The table `people` of the extract: where somebody is known, about how old they are, which communities they named."""

import json
import re
from collections.abc import Iterable, Iterator
from datetime import date
from uuid import UUID

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from inroads.analytics.extract import AGE_BANDS, Building
from inroads.analytics.extract_writing import Index, Parts, Pseudonyms, Words, coded, last_of_each, write_table
from inroads.people.models import Person, Preferences
from inroads.people.queries.bulk import Snapshot
from inroads.people.queries.bulk_engines import NO_DAY, Kind
from inroads.people.queries.record import end_of
from inroads.reference.definitions import load
from inroads.reference.definitions.care import Community, Language
from inroads.reference.models import Kind as OrganisationKind
from inroads.reference.models import Organisation

NEIGHBOURHOOD = re.compile(r"[EW]01\d{6}")
# Care is given in it here, so no definition says so. Whatever else people wrote stays where they wrote it.
ENGLISH, OTHER = "english", "other"
PIECE = 250_000
_BANDS = ("", *AGE_BANDS)
_TOLD = np.dtype([("person", "i4"), ("day", "i1"), ("id", "i8"), ("communities", "i4"), ("language", "i4")])
_PERSON: dict[str, Kind] = {"id": "id", "organisation_id": "id", "neighbourhood": "words", "born_on": "day"}
_PREFERENCES: dict[str, Kind] = {"person_id": "id", "pk": "number", "communities": "words", "language": "words"}


def write_people(seen: Snapshot, built: Building, until: date) -> Pseudonyms:
    """Writes the table; gives the numbers that stand for people: for everybody who was known on the last day."""
    places, organisations, systems = _organisations(seen)
    ids, rest = [np.empty((0, 2), np.uint64)], [np.empty((0, 3), np.int32)]
    neighbourhoods = Words()
    for block in seen.blocks(Person.objects.filter(created_at__lte=end_of(until)), _PERSON):
        ids.append(block["id"])
        homes = neighbourhoods.codes(block["neighbourhood"])
        rest.append(np.column_stack([places.of(block["organisation_id"]), homes, age_bands(block["born_on"], until)]))
    numbers = Pseudonyms(np.concatenate(ids))
    columns = np.empty((len(numbers), 3), np.int32)
    columns[numbers.places] = np.concatenate(rest)
    told, communities, languages = _told(seen, built, until, numbers)
    homes_named = [each if NEIGHBOURHOOD.fullmatch(each) else "" for each in neighbourhoods]

    def pieces() -> Iterator[dict[str, pa.Array]]:
        for start in range(0, len(numbers), PIECE):
            part, said = columns[start : start + PIECE], told[start : start + PIECE]
            yield {
                "person": pa.array(numbers.numbers[start : start + PIECE]),
                "system": coded(part[:, 0], systems),
                "organisation": coded(part[:, 0], organisations),
                "neighbourhood": coded(part[:, 1], homes_named),
                "age_band": coded(part[:, 2], _BANDS),
                "communities": pa.array(communities, pa.list_(pa.string())).take(pa.array(said["communities"])),
                "language": coded(said["language"], languages),
            }

    built.rows["people"] = write_table(built.path("people"), "people", pieces())
    return numbers


def age_bands(born: NDArray[np.int64], on: date) -> NDArray[np.int64]:
    """Places in "" and `AGE_BANDS` (n,) of people born on these days since 1970; "" where that is not known.

    Whoever was born on 29 February is a year older from 1 March on.
    """
    days = born.astype("datetime64[D]")
    months = days.astype("datetime64[M]")
    month, day = months.astype(np.int64) % 12 + 1, (days - months).astype(np.int64) + 1
    not_yet = (month > on.month) | ((month == on.month) & (day > on.day))
    age = on.year - (months.astype("datetime64[Y]").astype(np.int64) + 1970) - not_yet
    band = np.searchsorted(list(AGE_BANDS.values()), age, side="right")
    return np.where(born == NO_DAY, 0, band)


def _organisations(seen: Snapshot) -> tuple[Index, list[str], list[str]]:
    """Where each organisation stands; its id, and the id of the widest one within which it looks for help."""
    found = seen.together(Organisation.objects.all(), {"pk": "id", "path": "text", "kind": "text"})
    ids, paths = found["pk"], found["path"].to_pylist()
    named = [str(UUID(bytes=each.tobytes())) for each in ids]
    kinds = dict(zip(named, found["kind"].to_pylist(), strict=True))
    systems = []
    for own, path in zip(named, paths, strict=True):
        line = [str(UUID(each)) for each in path.strip("/").split("/")]
        wide = [each for kind in (OrganisationKind.ICS, OrganisationKind.PLACE) for each in line if kinds[each] == kind]
        systems.append(wide[0] if wide else own)
    return Index(ids), named, systems


def _told(
    seen: Snapshot, built: Building, until: date, numbers: Pseudonyms
) -> tuple[NDArray[np.void], list[list[str]], list[str]]:
    """What each person told last of how they like to be told things, by their place; communities and languages of it.

    The first of these stands for nothing told.
    """
    parts, communities, languages = Parts(_TOLD, built.folder, people=len(numbers)), Words(), Words()
    said = Preferences.objects.filter(said_on__lte=until, recorded_at__lte=end_of(until))
    for block in seen.blocks(said, _PREFERENCES):
        parts.add(
            person=numbers.of(block["person_id"]),
            day=np.zeros(len(block["pk"]), np.int8),
            id=block["pk"],
            communities=communities.codes(block["communities"]) + 1,
            language=languages.codes(block["language"]) + 1,
        )
    told = np.zeros(len(numbers), dtype=_TOLD)
    for part in parts:
        last = last_of_each(part, np.zeros(len(part), np.int64))
        told[last["person"]] = last
    known = load(Community)
    lists = [[each for each in json.loads(text or "[]") if each in known] for text in communities]
    return told, [[], *lists], ["", *_languages(languages)]


def _languages(texts: Iterable[str]) -> list[str]:
    """Ids of the languages that these texts name, `OTHER` where a text names none of them, "" where it is empty."""
    known = {name.casefold(): each.id for each in load(Language).values() for name in (*each.words, each.title)}
    known |= {ENGLISH: ENGLISH, "": ""}
    return [known.get(" ".join(text.split()).casefold(), OTHER) for text in texts]

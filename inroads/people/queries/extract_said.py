"""The tables `answers` and `choices` of the extract: what each person said last about a barrier, and chose last."""

from collections.abc import Iterator
from datetime import date
from uuid import UUID

import numpy as np
import pyarrow as pa
from django.db.models import Case, When
from django.db.models.functions import TruncDate

from inroads.analytics.extract import Building
from inroads.analytics.extract_writing import Parts, Pseudonyms, Words, coded, last_of_each, write_table
from inroads.people.models import Answer, AnswerKind, AnswerValue, Choice, Option, Stage
from inroads.people.queries.bulk import Snapshot
from inroads.people.queries.bulk_engines import NOTHING, Kind
from inroads.people.queries.record import end_of
from inroads.reference.definitions.conversation import barriers

_SAID = np.dtype(
    [
        ("person", "i4"), ("day", "i4"), ("id", "i8"), ("topic", "i2"), ("answer", "i2"), ("channel", "i2"),
        ("by", "i2"), ("written", "i4"),
    ]
)  # fmt: skip
_ANSWER: dict[str, Kind] = {
    "person_id": "id",
    "said_on": "day",
    "pk": "number",
    "topic": "text",
    "answer": "text",
    "channel": "text",
    "said_by": "text",
    "written": "day",
}
_CHOSEN = np.dtype(
    [
        ("person", "i4"), ("day", "i4"), ("id", "i8"), ("stage", "i8"), ("option", "i8"), ("channel", "i2"),
        ("written", "i4"),
    ]
)  # fmt: skip
_CHOICE: dict[str, Kind] = {
    "person_id": "id",
    "said_on": "day",
    "pk": "number",
    "stage_id": "number",
    "option_id": "number",
    "channel": "text",
    "written": "day",
}


def write_answers(seen: Snapshot, built: Building, until: date, numbers: Pseudonyms) -> None:
    """Of each person the last answer to each barrier that was really given: as `queries.record` reads a record."""
    parts = Parts(_SAID, built.folder, people=len(numbers))
    topics, answers, channels, voices = Words(), Words(), Words(), Words()
    given = Answer.objects.filter(kind=AnswerKind.BARRIER, said_on__lte=until, recorded_at__lte=end_of(until))
    given = given.exclude(answer=AnswerValue.NOT_ASKED).annotate(written=TruncDate("recorded_at"))
    for block in seen.blocks(given, _ANSWER):
        parts.add(
            person=numbers.of(block["person_id"]),
            day=block["said_on"],
            id=block["pk"],
            topic=topics.codes(block["topic"]),
            answer=answers.codes(block["answer"]),
            channel=channels.codes(block["channel"]),
            by=voices.codes(block["said_by"]),
            written=block["written"],
        )

    def pieces() -> Iterator[dict[str, pa.Array]]:
        known = barriers()
        asked_of = [known[each].asked_of if each in known else "person" for each in topics]
        for part in parts:
            rows = last_of_each(part, part["topic"])
            yield {
                "person": pa.array(numbers.numbers[rows["person"]]),
                "topic": coded(rows["topic"], topics),
                "asked_of": coded(rows["topic"], asked_of),
                "answer": coded(rows["answer"], answers),
                "channel": coded(rows["channel"], channels),
                "said_by": coded(rows["by"], voices),
                "said_on": pa.array(rows["day"]).cast(pa.date32()),
                "written_on": pa.array(rows["written"]).cast(pa.date32()),
            }

    built.rows["answers"] = write_table(built.path("answers"), "answers", pieces())


def write_choices(seen: Snapshot, built: Building, until: date, numbers: Pseudonyms) -> None:
    """Of each person the last choice at each stage."""
    parts, channels = Parts(_CHOSEN, built.folder, people=len(numbers)), Words()
    made = Choice.objects.filter(said_on__lte=until, recorded_at__lte=end_of(until))
    for block in seen.blocks(made.annotate(written=TruncDate("recorded_at")), _CHOICE):
        parts.add(
            person=numbers.of(block["person_id"]),
            day=block["said_on"],
            id=block["pk"],
            stage=block["stage_id"],
            option=block["option_id"],
            channel=channels.codes(block["channel"]),
            written=block["written"],
        )
    stages = seen.together(Stage.objects.all(), {"pk": "number", "pathway_id": "id"})
    pathways = [str(UUID(bytes=each.tobytes())) for each in stages["pathway_id"]]
    # An option that is not chosen yet stands among the others, last.
    on_screen = Option.objects.annotate(on_screen=Case(When(digital=True, then=1), default=0))
    options = seen.together(on_screen, {"pk": "number", "way": "text", "on_screen": "number"})
    ways = [*options["way"].to_pylist(), ""]
    digital = pa.array([*(bool(each) for each in options["on_screen"]), None], pa.bool_())

    def pieces() -> Iterator[dict[str, pa.Array]]:
        for part in parts:
            rows = last_of_each(part, part["stage"])
            option = _places(np.r_[options["pk"], NOTHING], rows["option"])
            yield {
                "person": pa.array(numbers.numbers[rows["person"]]),
                "pathway": coded(_places(stages["pk"], rows["stage"]), pathways),
                "stage": pa.array(rows["stage"]),
                "way": coded(option, ways),
                "digital": digital.take(pa.array(option)),
                "channel": coded(rows["channel"], channels),
                "said_on": pa.array(rows["day"]).cast(pa.date32()),
                "written_on": pa.array(rows["written"]).cast(pa.date32()),
            }

    built.rows["choices"] = write_table(built.path("choices"), "choices", pieces())


def _places(keys: np.ndarray, wanted: np.ndarray) -> np.ndarray:
    """Where each of these numbers stands among `keys`, in which all of them are."""
    order = np.argsort(keys)
    return order[np.searchsorted(keys[order], wanted)] if len(wanted) else np.empty(0, dtype=np.int64)

"""The same counts on Spark as on DuckDB, from the same files. Runs where Java and Spark are."""

import shutil
from datetime import date, timedelta
from importlib.util import find_spec

import ibis
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from inroads.analytics import counted
from inroads.analytics.extract import AGE_BANDS, TABLES

pytestmark = [
    pytest.mark.xdist_group("spark"),
    pytest.mark.skipif(shutil.which("java") is None, reason="Spark needs Java, which is not here"),
    pytest.mark.skipif(find_spec("pyspark") is None, reason="Spark is not installed: make spark"),
]
TOPICS = ("devices", "data", "skills", "trust", "confidence", "private_space")
COMMUNITIES = ("carers", "refugees", "young_people")
NUMBER = 4_000


def some_rows(rng: np.random.Generator) -> dict[str, list[dict]]:
    people, answers, choices, referrals, loans = [], [], [], [], []
    for number in range(NUMBER):
        day = date(2026, 10, 31) - timedelta(days=int(rng.integers(0, 90)))
        people.append(
            {
                "person": number,
                "system": f"s{rng.integers(0, 2)}",
                "organisation": "o",
                "neighbourhood": f"E0100000{rng.integers(0, 9)}",
                "age_band": ["", *AGE_BANDS][rng.integers(0, len(AGE_BANDS) + 1)],
                "communities": [each for each in COMMUNITIES if rng.random() < 0.2],
                "language": "",
            }
        )
        for topic in TOPICS:
            if rng.random() < 0.6:
                answers.append(
                    {
                        "person": number,
                        "topic": topic,
                        "asked_of": "person" if rng.random() < 0.9 else "staff",
                        "answer": ("yes", "a_bit", "no", "prefer_not")[rng.integers(0, 4)],
                        "channel": ("screen", "phone", "paper", "message")[rng.integers(0, 4)],
                        "said_by": "person",
                        "said_on": day,
                        "written_on": day,
                    }
                )
        common = {"person": number}
        choices.append(
            {
                **common,
                "pathway": "p",
                "stage": int(rng.integers(1, 4)),
                "way": ("", "video", "phone")[rng.integers(0, 3)],
            }
            | {"digital": None, "channel": "phone", "said_on": day, "written_on": day}
        )
        referrals.append(
            {**common, "touchpoint": "t", "service": "s", "help": f"h{rng.integers(0, 3)}", "since": day}
            | {"state": ("sent", "told_back")[rng.integers(0, 2)], "answer": ("", "yes", "no")[rng.integers(0, 3)]}
        )
        loans.append(
            {**common, "kind": ("tablet", "sim")[rng.integers(0, 2)], "lent_on": day, "ended_on": None}
            | {"ended_how": ("", "returned")[rng.integers(0, 2)]}
        )
    return {"people": people, "answers": answers, "choices": choices, "referrals": referrals, "loans": loans}


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    place = tmp_path_factory.mktemp("extract")
    for name, rows in some_rows(np.random.default_rng(2026)).items():
        pq.write_table(pa.Table.from_pylist(rows, schema=TABLES[name]), place / f"{name}.parquet")
    return place


@pytest.fixture(scope="module")
def on_duckdb(folder):
    engine = ibis.duckdb.connect()
    return counted.Tables(**{name: engine.read_parquet(folder / f"{name}.parquet") for name in TABLES})


@pytest.fixture(scope="module")
def on_spark(folder):
    from pyspark.sql import SparkSession

    session = (
        SparkSession.builder.master("local[2]")
        .config("spark.driver.host", "127.0.0.1")
        .config("spark.driver.bindAddress", "127.0.0.1")
        .config("spark.driver.memory", "1g")
        .config("spark.sql.session.timeZone", "UTC")
        .config("spark.sql.shuffle.partitions", "2")
        .config("spark.ui.enabled", "false")
        .getOrCreate()
    )
    engine = ibis.pyspark.connect(session)
    yield counted.Tables(**{name: engine.read_parquet(folder / f"{name}.parquet") for name in TABLES})
    session.stop()


def heard(tables):
    return counted.heard(tables, barriers=TOPICS[:4], answers=("yes",), least_asked=2)


def said(tables, asked_of="person"):
    return counted.said_of_topics(tables, topics=TOPICS, asked_of=asked_of)


EXPRESSIONS = {
    "by_neighbourhood": lambda tables: counted.by_neighbourhood(heard(tables)),
    "by_community": lambda tables: counted.by_community(heard(tables)),
    "by_age": lambda tables: counted.by_age(heard(tables)),
    "by_channel": counted.by_channel,
    "by_pattern": lambda tables: counted.by_pattern(said(tables)).order_by("system", "known", "hard"),
    "by_pattern_of_staff": lambda tables: counted.by_pattern(said(tables, "staff")).order_by("system", "known", "hard"),
    "by_pattern_and_community": lambda tables: counted.by_pattern_and_community(said(tables)).order_by(
        "system", "community", "known", "hard"
    ),
    "first_days": lambda tables: counted.first_days(tables).mutate(n=1),
    "by_pathway": counted.by_pathway,
    "by_way": counted.by_way,
    "by_loan": counted.by_loan,
    "by_referral": counted.by_referral,
    "by_reach": counted.by_reach,
    "written_after": lambda tables: counted.by_loan(counted.written_after(tables, date(2026, 9, 30))),
}


@pytest.mark.parametrize("name", EXPRESSIONS)
def test_both_engines_count_the_same_in_the_same_order(name, on_duckdb, on_spark):
    one, other = (EXPRESSIONS[name](tables).to_pyarrow().to_pylist() for tables in (on_duckdb, on_spark))
    assert one == other
    assert sum(row["n"] for row in one) > 0

"""The extract's private folder: swapped in whole, never open to others, and readers keep what they began to read."""

import json
import os
import subprocess
import sys
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path

import ibis
import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from inroads.analytics import extract as extracts
from inroads.analytics.extract import TABLES, building, open_extract
from inroads.analytics.extract_writing import Index, Parts, Pseudonyms, Words, coded, last_of_each, write_table
from inroads.analytics.store import StoreError

DAY = date(2026, 10, 31)
FACT = np.dtype([("person", "i4"), ("day", "i4"), ("id", "i8"), ("topic", "i2")])
HALF_WAY = """
import os, signal, sys
from datetime import date
from pathlib import Path
from inroads.analytics.extract import building
with building(Path(sys.argv[1]), until=date(2026, 11, 30)) as built:
    built.path("people").write_bytes(b"half of it")
    os.kill(os.getpid(), signal.SIGKILL)
"""


def make(store: Path, *, until: date = DAY, people: int | list[dict] = 3, **tables: list[dict]) -> str:
    """An extract with so many people, or these, and with these rows in other tables."""
    if isinstance(people, int):
        people = [{"person": number, "communities": ["carers"]} for number in range(people)]
    with building(store, until=until) as built:
        for name, schema in TABLES.items():
            lines = people if name == "people" else tables.get(name, [])
            columns = pa.Table.from_pylist(lines, schema=schema)
            built.rows[name] = write_table(
                built.path(name), name, [{each: columns[each].combine_chunks() for each in schema.names}]
            )
    return built.generation


def people_in(extract) -> int:
    return extract.table("people").count().to_pyarrow().as_py()


def test_without_an_extract_there_is_none(tmp_path):
    assert open_extract(tmp_path / "nothing") is None


def test_what_was_written_is_read_with_its_day_and_its_columns(tmp_path):
    make(tmp_path)
    with open_extract(tmp_path) as extract:
        assert (extract.until, extract.rows["people"], people_in(extract)) == (DAY, 3, 3)
        assert extract.made_at.utcoffset() == timedelta(0)
        for name, schema in TABLES.items():
            assert extract.table(name).schema() == ibis.Schema.from_pyarrow(schema)
        with pytest.raises(KeyError):
            extract.table("names")


def test_nobody_else_can_open_folder_or_files(tmp_path):
    store = tmp_path / "extract"
    store.mkdir(mode=0o755)
    old = os.umask(0o000)
    try:
        make(store)
        make(store)
    finally:
        os.umask(old)
    assert store.stat().st_mode & 0o777 == 0o700
    for path in store.rglob("*"):
        assert path.stat().st_mode & 0o777 == (0o700 if path.is_dir() else 0o600), path


def test_a_reader_keeps_what_it_reads_and_the_old_one_goes_when_nobody_reads_it(tmp_path):
    make(tmp_path, people=3)
    with open_extract(tmp_path) as reader:
        make(tmp_path, people=5)
        assert people_in(reader) == 3
        with open_extract(tmp_path) as other:
            assert people_in(other) == 5
    newest = make(tmp_path, people=7)
    assert [path.name for path in (tmp_path / "generations").iterdir()] == [newest]
    assert not (tmp_path / "staging").exists()


def test_killed_half_way_leaves_the_old_one_and_the_next_clears_up(tmp_path):
    kept = make(tmp_path)
    done = subprocess.run([sys.executable, "-c", HALF_WAY, str(tmp_path)], check=False, capture_output=True)
    assert done.returncode == -9, done.stderr
    with open_extract(tmp_path) as extract:
        assert (extract.until, people_in(extract), extract.folder.name) == (DAY, 3, kept)
    make(tmp_path, people=4)
    with open_extract(tmp_path) as extract:
        assert people_in(extract) == 4
    assert not (tmp_path / "staging").exists()


def test_one_that_breaks_or_lacks_a_table_is_not_taken(tmp_path):
    kept = make(tmp_path)
    with pytest.raises(ZeroDivisionError), building(tmp_path, until=DAY):
        raise ZeroDivisionError
    with pytest.raises(ValueError, match="the tables people, answers"), building(tmp_path, until=DAY):
        pass
    assert (tmp_path / "current").read_text().strip() == kept


@pytest.mark.parametrize("damage", ["no table", "no manifest", "no day", "no folder"])
def test_a_damaged_extract_says_so_and_what_to_do(tmp_path, damage):
    folder = tmp_path / "generations" / make(tmp_path)
    if damage == "no table":
        (folder / "loans.parquet").unlink()
    elif damage == "no manifest":
        (folder / "manifest.json").unlink()
    elif damage == "no day":
        held = json.loads((folder / "manifest.json").read_text())
        (folder / "manifest.json").write_text(json.dumps({**held, "until": "soon"}))
    else:
        (tmp_path / "current").write_text("another")
    with pytest.raises(StoreError, match="have the extract made again"):
        open_extract(tmp_path)


@given(st.lists(st.tuples(st.integers(0, 3), st.integers(0, 3)), unique=True, max_size=12), st.data())
def test_ids_are_found_where_they_stand_even_where_they_mix_to_the_same(ids, data):
    wanted = data.draw(st.lists(st.tuples(st.integers(0, 4), st.integers(0, 4)), max_size=12))
    found = Index(np.array(ids, np.uint64).reshape(-1, 2)).of(np.array(wanted, np.uint64).reshape(-1, 2))
    assert found.tolist() == [ids.index(each) if each in ids else -1 for each in wanted]


def test_numbers_of_people_are_new_each_time_and_each_is_drawn_once():
    ids = np.arange(20_000, dtype=np.uint64).reshape(-1, 2)
    one, other = Pseudonyms(ids), Pseudonyms(ids)
    assert len(np.unique(one.numbers)) == len(one) == len(ids)
    assert (one.numbers >= 0).all()
    assert not np.intersect1d(one.numbers, other.numbers).size
    # Their order says nothing of the order of the ids.
    assert abs(np.corrcoef(np.arange(len(ids)), one.of(ids))[0, 1]) < 0.05
    assert one.of(ids).tolist() == one.places.tolist()
    assert one.of(np.array([[5, 5]], np.uint64)).tolist() == [-1]
    assert Pseudonyms(ids[:0]).of(ids[:1]).tolist() == [-1]


@given(
    st.lists(st.tuples(st.integers(0, 3), st.integers(-2, 2), st.integers(0, 2)), max_size=40),
    st.sampled_from([1, 10**9]),
    st.sampled_from([1, 2**57]),
)
def test_the_last_of_each_is_that_of_a_slow_plain_twin(facts, by, wide):
    rows = np.array([(who, day, 0, topic) for who, day, topic in facts], dtype=FACT)
    rows["id"] = np.random.default_rng(len(rows)).permutation(len(rows)) * wide
    last = {}
    for row in sorted(rows.tolist(), key=lambda row: (row[1], row[2])):
        last[row[0], row[3]] = row
    found = last_of_each(rows, rows["topic"].astype(np.int64) * by).tolist()
    assert found == [last[key] for key in sorted(last)]


def test_parts_come_back_whole_in_the_order_of_people_and_leave_no_file(tmp_path):
    rng, parts = np.random.default_rng(1), Parts(FACT, tmp_path, people=1_000)
    given_rows = []
    for day in np.arange(270_000).reshape(3, -1):
        columns = {"person": rng.integers(-1, 1_000, 90_000), "day": day, "id": day * 2, "topic": day % 7}
        parts.add(**columns)
        given_rows += list(zip(*columns.values(), strict=True))
    assert not list(tmp_path.iterdir())
    found = list(parts)
    assert len(found) > 1
    assert all(one["person"].max() < other["person"].min() for one, other in pairwise(found))
    assert sorted(np.concatenate(found).tolist()) == sorted(row for row in given_rows if row[0] >= 0)


def test_words_keep_their_numbers_from_block_to_block():
    words = Words()
    assert words.codes(pa.array(["a", "b", "a"]).dictionary_encode()).tolist() == [0, 1, 0]
    assert words.codes(pa.array(["c", "b"]).dictionary_encode()).tolist() == [2, 1]
    assert coded(np.array([2, 0]), words).to_pylist() == ["c", "a"]
    assert coded(np.array([0, 1, 2]), ["x", "y", "x"]).to_pylist() == ["x", "y", "x"]


def test_every_table_says_of_whom_each_row_is():
    assert all(schema.names[0] == "person" and schema.field("person").type == pa.int64() for schema in TABLES.values())
    assert not {"name", "id", "born_on", "words"} & {name for schema in TABLES.values() for name in schema.names}
    assert list(extracts.AGE_BANDS.values()) == sorted(extracts.AGE_BANDS.values())

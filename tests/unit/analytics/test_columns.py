"""Columns read straight from their buffers hold what pyarrow itself reads from them."""

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from inroads.analytics.columns import read_columns

TEXT = st.text(st.characters(exclude_categories=("Cs",), exclude_characters="\x00"), max_size=12)
NUMBER = st.none() | st.floats(allow_nan=False)
WHOLE = st.none() | st.integers(-(2**53), 2**53)


@given(rows=st.lists(st.tuples(st.none() | TEXT, NUMBER, WHOLE), max_size=40), in_groups_of=st.integers(1, 50))
def test_what_was_written_is_read(tmp_path_factory, rows, in_groups_of):
    path = tmp_path_factory.mktemp("columns") / "table.parquet"
    words, numbers, whole = ([row[at] for row in rows] for at in range(3))
    columns = {"words": pa.array(words, pa.string()), "numbers": pa.array(numbers, pa.float64())}
    short = [None if each is None else float(np.float32(each % 1_000)) for each in whole]
    table = pa.table(columns | {"whole": pa.array(whole, pa.int64()), "short": pa.array(short, pa.float32())})
    pq.write_table(table, path, row_group_size=in_groups_of)
    read = read_columns(path)
    assert read["words"].tolist() == [each or "" for each in words]
    for name, expected in (("numbers", numbers), ("whole", whole), ("short", short)):
        wanted = np.array([np.nan if each is None else each for each in expected], dtype=np.float64)
        np.testing.assert_array_equal(read[name], wanted)


def test_nothing_is_written_into_what_pages_share(tmp_path):
    pq.write_table(pa.table({"words": ["one"], "numbers": [1.0]}), tmp_path / "table.parquet")
    read = read_columns(tmp_path / "table.parquet")
    for column in read.values():
        with pytest.raises(ValueError, match="read-only"):
            column[0] = column[0]

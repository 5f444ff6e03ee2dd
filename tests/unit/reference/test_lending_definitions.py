"""What is lent, as data: plain enough for everybody, pointing at what exists, and each with its source."""

import pytest
from reading import reading_age, sentences, words

from inroads.reference.definitions import DefinitionError, load, read
from inroads.reference.definitions.care import Help
from inroads.reference.definitions.lending import Bundle, Kit, bundles, kit

OLDEST_READER = 9
EVERYTHING = [*kit().values(), *bundles().values()]


def test_together_they_are_readable_at_nine():
    for shape in (kit(), bundles()):
        assert reading_age(" ".join(each.plain for each in shape.values())) <= OLDEST_READER


@pytest.mark.parametrize("each", EVERYTHING, ids=lambda each: each.id)
def test_each_is_short_and_says_where_it_comes_from(each):
    for sentence in sentences(each.plain):
        assert len(words(sentence)) <= 18
    assert each.source.endswith(".")
    assert any(name in each.source for name in ("Report", "Camden and Islington"))


def test_kinds_point_at_helps_and_stand_in_an_order():
    assert {name for each in kit().values() for name in each.helps} <= set(load(Help))
    for shape in (kit(), bundles()):
        orders = [each.order for each in shape.values()]
        assert orders == sorted(set(orders))


def test_every_kind_that_is_lent_can_be_asked_for_in_a_plan():
    helps = {name for each in kit().values() for name in each.helps}
    assert {"device_loan", "device_swap", "data_sim"} <= helps


def test_an_empty_bundle_is_refused(tmp_path):
    path = tmp_path / "nothing.toml"
    path.write_text('title = "A"\nplain = "B"\nmentors = 0\norder = 1\nsource = "C"\n\n[items]\n', encoding="utf-8")
    with pytest.raises(DefinitionError, match="at least one"):
        read(path, Bundle)
    path.write_text('title = "A"\n', encoding="utf-8")
    with pytest.raises(DefinitionError, match="is missing"):
        read(path, Kit)

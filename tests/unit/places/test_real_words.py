"""Words of the real picture: one for whatever is counted, and open only where all of it is."""

from types import SimpleNamespace

import numpy as np
import pytest

from inroads.analytics.extract import AGE_BANDS
from inroads.people.models import Channel
from inroads.places.presenters.real import between
from inroads.places.queries.real import Real
from inroads.reference.titles import AGES, CHANNELS


def test_every_channel_and_age_band_is_counted_and_has_a_name():
    assert list(CHANNELS) == Channel.values
    assert dict(Channel.choices) == CHANNELS
    assert list(AGES) == list(AGE_BANDS)


@pytest.mark.parametrize(
    ("low", "high", "words"),
    [(0, 0, "nobody"), (25, 25, "25"), (8, 14, "8 to 14"), (1_200, np.inf, "at least 1,200")],
)
def test_numbers_are_said_as_far_as_they_are_known(low, high, words):
    assert between(low, high) == words


@pytest.mark.parametrize(("states", "is_open"), [(["open", "open"], True), (["open", "inside"], False)])
def test_a_picture_is_open_where_all_its_releases_are(states, is_open):
    picture = Real(tuple(SimpleNamespace(state=each) for each in states), *[None] * 11)
    assert picture.is_open is is_open

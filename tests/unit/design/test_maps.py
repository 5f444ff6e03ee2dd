"""Map paths: what is drawn is what was given, to the nearest unit."""

import re

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from inroads.design import maps

points = arrays(np.float64, st.tuples(st.integers(3, 12), st.just(2)), elements=st.floats(0, 600_000))


def _walk(d: str) -> list[tuple[int, int]]:
    """A slow reader of the paths that `maps.path` writes."""
    found = []
    for part in d.split("z"):
        if not part:
            continue
        start, steps = part[1:].split("l")
        x, y = (int(each) for each in start.split())
        found.append((x, y))
        numbers = [int(each) for each in re.findall(r"-?\d+", steps)]
        for dx, dy in zip(numbers[::2], numbers[1::2], strict=True):
            x, y = x + dx, y + dy
            found.append((x, y))
    return found


@given(points)
def test_every_corner_is_on_the_path(ring):
    closed = np.vstack((ring, ring[:1]))
    within = maps.frame(closed)
    corners = {tuple(each) for each in within.units(closed).tolist()}
    walked = set(_walk(maps.path([closed], within)))
    # A ring that is one point in the drawing becomes a speck one unit wide.
    assert corners <= walked
    assert walked <= corners or len(corners) == 1


@given(points)
def test_everything_lies_in_the_frame(ring):
    within = maps.frame(ring)
    units = within.units(ring)
    assert (units >= 0).all()
    assert (units[:, 0] <= maps.WIDTH).all()
    assert (units[:, 1] <= within.height).all()


def test_north_is_up_and_east_is_right():
    ring = np.array([[0.0, 0.0], [100.0, 0.0], [100.0, 100.0], [0.0, 100.0]])
    units = maps.frame(ring).units(ring)
    assert units[0, 1] > units[3, 1]
    assert units[0, 0] < units[1, 0]


def test_names_and_addresses_are_escaped():
    ring = np.array([[0.0, 0.0], [100.0, 0.0], [100.0, 100.0]])
    within = maps.frame(ring)
    drawn = maps.drawing([("M0 0", "risk-1", '"><script>', "<b>")], label="<i>", within=within)
    assert "<script>" not in drawn
    assert "<b>" not in drawn
    assert "<i>" not in drawn


def test_the_strip_keeps_the_dot_inside():
    for value in (-5, 0, 5, 10, 99):
        place = float(re.search(r'cx="([\d.]+)"', maps.strip(value, low=2, middle=4, high=7, least=0, most=10))[1])
        assert 6 <= place <= 194


def test_texts_are_spread_so_that_none_lies_on_another():
    within = maps.Frame(0.0, 600.0, 1.0, 624)
    points = [(500, 300), (505, 300), (500, 304), (700, 100), (2, 2), (503, 301)]
    texts = ["1", "2", "10", "3", "11", "12"]
    spots = maps.spread(points, texts, within)
    assert spots[0] == points[0], "the first of a heap stays where it is"
    assert spots[3] == points[3], "what is alone stays where it is"
    for at, ((x, y), text) in enumerate(zip(spots, texts, strict=True)):
        assert 0 <= x <= maps.WIDTH
        assert 0 <= y <= within.height
        for (other_x, other_y), other in zip(spots[at + 1 :], texts[at + 1 :], strict=True):
            wide = maps.TEXT_WIDTH * (len(text) + len(other)) / 2
            assert abs(x - other_x) >= wide - 1 or abs(y - other_y) >= maps.TEXT_HEIGHT - 1

"""Dots on the bell: everybody is there once, nobody lies on anybody, and who is unsure stands between groups."""

import math
import re
import xml.etree.ElementTree as ET
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from inroads.design.charts import BellDot, bell
from inroads.design.charts.bell import edges
from inroads.design.charts.drawing import LEFT, NARROWEST, RIGHT

SVG = "{http://www.w3.org/2000/svg}"
GROUPS, SHARES = ("first ones", "early ones", "late ones", "last ones"), (0.16, 0.34, 0.34, 0.16)
SAID = {"groups": GROUPS, "shares": SHARES, "title": "Title", "description": "What it shows."}


def dots_of(*counts):
    return [BellDot(group) for group, count in enumerate(counts) for _ in range(count)]


def drawn(chart):
    """(across in em on the narrowest screen, down in em, size) of every dot, with its class; the key left out."""
    found = []
    for parent in ET.fromstring(str(chart.svg)).iter(f"{SVG}svg"):
        path = parent.find(f"{SVG}path")
        if path is None or "mark" not in (path.get("class") or "") or not parent.get("x").endswith("%"):
            continue
        x, y, size = float(parent.get("x")[:-1]), float(parent.get("y")[:-2]), float(parent.get("width")[:-2])
        found.append((x / 100 * NARROWEST, y, size, path.get("class"), path.findtext(f"{SVG}title") or ""))
    return found


def test_the_cuts_of_the_bell_are_where_the_shares_say():
    left, one, two, three, right = edges(SHARES)
    assert (left, right) == (LEFT, RIGHT)
    assert two == pytest.approx(50)
    # 16 % of a normal curve lie beyond 0.994 deviations.
    assert (50 - one, three - 50) == (pytest.approx(0.9945 / 2.6 * 45, abs=0.01),) * 2


@pytest.mark.parametrize("counts", [(6, 16, 12, 8), (1, 0, 0, 0), (0, 0, 0, 1), (32, 68, 68, 32), (0, 200, 0, 0)])
def test_everybody_stands_in_their_group_and_on_nobody_else(counts):
    chart = bell(dots_of(*counts), **SAID)
    dots, ends = drawn(chart), edges(SHARES)
    assert len(dots) == sum(counts)
    for (one, other), count in zip(pairwise(ends), counts, strict=True):
        assert sum(one / 100 * NARROWEST < x < other / 100 * NARROWEST for x, *_ in dots) == count
    apart(dots)
    assert [row.cells[:2] for row in chart.rows] == [
        (name.capitalize(), str(count)) for name, count in zip(GROUPS, counts, strict=True)
    ]


def apart(dots):
    for at, (x, y, size, *_) in enumerate(dots):
        assert size / 2 <= x <= NARROWEST - size / 2
        for other_x, other_y, other_size, *_ in dots[:at]:
            assert math.hypot(x - other_x, y - other_y) >= (size + other_size) / 2


@settings(max_examples=40)
@given(st.lists(st.tuples(st.integers(0, 3), st.sampled_from([-1, 0, 1]), st.booleans()), min_size=1, max_size=120))
def test_however_they_stand_no_two_overlap_and_none_is_lost(given_dots):
    dots = [
        BellDot(group, group + side if side and 0 <= group + side <= 3 else None, own=own and not at)
        for at, (group, side, own) in enumerate(given_dots)
    ]
    found = drawn(bell(dots, **SAID))
    assert len(found) == len(dots)
    apart(found)


def test_42_fill_the_bell_when_they_are_as_rogers_has_them_and_it_stays_readable_at_320_pixels():
    chart = bell(dots_of(7, 14, 14, 7), **SAID)
    sizes = {size for _, _, size, *_ in drawn(chart)}
    assert min(sizes) * 16 >= 12, "a dot is 12 pixels wide"
    curve = re.search(r'<svg x="0" y="([\d.]+)em" width="100%" height="([\d.]+)em"', str(chart.svg))
    top, height = float(curve[1]), float(curve[2])
    assert min(y for _, y, *_ in drawn(chart)) > top - 1, "hardly any stands out above it"
    assert max(y for _, y, *_ in drawn(chart)) < top + height
    assert float(re.search(r'height="([\d.]+)em" role', str(chart.svg))[1]) < 20


def test_who_is_unsure_stands_on_the_cut_half_filled_and_is_said_so():
    chart = bell([*dots_of(3, 3, 3, 3), BellDot(0, 1, "Alpha"), BellDot(2, 1, "Beta", own=True)], **SAID)
    marks = {title.split(":")[0]: (x, look) for x, _, _, look, title in drawn(chart) if ":" in title}
    ends = edges(SHARES)
    assert marks["Alpha"] == (pytest.approx(ends[1] / 100 * NARROWEST, abs=0.01), "mark hollow one-of-all")
    assert marks["Beta"] == (pytest.approx(ends[2] / 100 * NARROWEST, abs=0.01), "mark hollow own")
    words = "".join(ET.fromstring(str(chart.svg)).itertext())
    assert "Alpha: between groups, nearest to first ones" in words
    assert {"in a group", "between two groups", "your own, between two groups"} <= {
        each.text for each in ET.fromstring(str(chart.svg)).iter(f"{SVG}text")
    }
    assert chart.head == ("Group", "Number", "Of these, between two groups", "Share", "Share on the curve")
    assert [row.cells[1:3] for row in chart.rows] == [("4", "1"), ("3", "0"), ("4", "1"), ("3", "0")]
    assert {row.cells[-1] for row in chart.rows} == {"16%", "34%"}


def test_names_are_words_and_links_are_for_the_pointer_only():
    chart = bell([BellDot(1, label="<b>&", href='/?a=1&b="<'), *dots_of(1, 1, 1, 1)], **SAID)
    (link,) = ET.fromstring(str(chart.svg)).iter(f"{SVG}a")
    assert (link.get("href"), link.get("tabindex")) == ('/?a=1&b="<', "-1")
    assert link.find(f"{SVG}svg/{SVG}path/{SVG}title").text == "<b>&: early ones"
    assert "style=" not in chart.svg
    nameless = bell([BellDot(0, label="", href="")], **SAID)
    assert [title for *_, title in drawn(nameless)] == ["first ones"]


def test_nobody_is_said_and_nonsense_is_refused_by_name():
    assert "Nothing to draw: there is nobody." in bell([], **SAID).svg
    for given_dots, more, words in (
        ([BellDot(4)], {}, r"dots\[0\]\.group is 4"),
        ([BellDot(0), BellDot(1, 1)], {}, r"dots\[1\]\.towards is 1"),
        ([BellDot(0, -1)], {}, r"dots\[0\]\.towards is -1"),
        ([], {"groups": ("a", "b")}, "groups has 2 names and shares 4 parts"),
        ([], {"shares": (0.5, 0.5, 0.5, 0.5)}, "shares is"),
    ):
        with pytest.raises(ValueError, match=words):
            bell(given_dots, **SAID | more)

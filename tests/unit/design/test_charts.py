"""Charts: what they say, that nobody's label can break them, and that nonsense is refused by name."""

import math
import re
import xml.etree.ElementTree as ET
from itertools import pairwise, permutations

import numpy as np
import pytest
from django.template import engines
from hypothesis import given
from hypothesis import strategies as st

from inroads.design.charts import Bar, Chart, Dot, Line, Node, StageBox, Tie, Way, bars, dots, network, stages
from inroads.design.charts.axis import axis
from inroads.design.charts.drawing import LEFT, NARROWEST, RIGHT
from inroads.design.charts.network import in_order
from inroads.design.charts.words import breadth, figure, wrapped
from inroads.web.gallery_charts import charts

SVG = "{http://www.w3.org/2000/svg}"
SHARP = "<script>alert('x')</script> & \"more\""
numbers = st.floats(-1e15, 1e15, allow_nan=False)
SAID = {"title": "Title", "description": "What it shows."}


def _tree(chart: Chart) -> ET.Element:
    return ET.fromstring(str(chart.svg))


def _texts(chart: Chart) -> list[str]:
    """The lines of words that are seen; titles are for the pointer."""
    lines = []
    for text in _tree(chart).iter(f"{SVG}text"):
        parts = text.findall(f"{SVG}tspan")
        lines += [part.text or "" for part in parts] if parts else [text.text or ""]
    return lines


def _table(chart: Chart) -> str:
    return "\n".join(" | ".join(row.cells) for row in chart.rows)


def _whole(chart: Chart) -> str:
    return "".join(_tree(chart).itertext())


def _kinds(label: str) -> list[Chart]:
    return [
        dots([Line(label, (Dot(1),), note=label)], series=(label,), title=label, description=label, unit=label),
        bars([Bar(label, 1)], title=label, description=label, unit=label),
        network(
            [Node(label, label, 1), Node("b", "B", 2)], [Tie(label, "b", 3, label)], title=label, description=label
        ),
        stages([StageBox(label, (Way(label, True),), True, label)], title=label, description=label),
    ]


@pytest.mark.parametrize("chart", _kinds(SHARP), ids=["dots", "bars", "network", "stages"])
def test_labels_are_words_and_never_markup(chart):
    assert "<script" not in chart.svg
    assert "&lt;script&gt;" in chart.svg
    assert {each.tag.removeprefix(SVG) for each in _tree(chart).iter()} <= {
        *("svg", "title", "desc", "text", "tspan", "path", "line", "rect", "circle")
    }


@given(st.text(min_size=1).filter(str.strip))
def test_any_text_can_be_a_label(label):
    for chart in _kinds(f"x{label}"):
        assert _tree(chart).get("role") == "img"


def test_addresses_are_escaped_and_links_are_for_the_pointer_only():
    for chart in (
        dots([Line("A", (Dot(1),), href='/?a=1&b="<')], series=("S",), **SAID),
        bars([Bar("A", 1, href='/?a=1&b="<')], **SAID),
    ):
        (link,) = _tree(chart).iter(f"{SVG}a")
        assert link.get("href") == '/?a=1&b="<'
        assert link.get("tabindex") == "-1"
        # The children of a picture are not seen by a screen reader, so a chart with links is a group.
        assert _tree(chart).get("role") == "group"
        assert chart.rows[0].href == '/?a=1&b="<'
    assert _tree(bars([Bar("A", 1)], **SAID)).get("role") == "img"


@pytest.mark.parametrize("at", range(len(charts())))
def test_every_chart_of_the_gallery_is_named_and_always_the_same(at):
    chart, again = charts()[at], charts()[at]
    assert chart == again
    tree = _tree(chart)
    ids = [each.get("id") for each in tree.iter() if each.get("id")]
    assert len(ids) == len(set(ids))
    assert tree.get("aria-labelledby").split() == ids
    assert [each.text for each in tree if each.tag in {f"{SVG}title", f"{SVG}desc"}] == [
        each for each in (chart.title, chart.description) if each
    ]
    assert not re.search(r"\sstyle=|<style|\son[a-z]+=", chart.svg)


def _page(*charts_: Chart) -> str:
    source = """{% from "design/chart.html" import chart_figure, chart_table %}
    {% for chart in charts %}{% set id = "table-" ~ loop.index %}
    {{ chart_figure(chart, id) }}{{ chart_table(chart, id) }}
    {% endfor %}"""
    return engines["jinja2"].from_string(source).render({"charts": charts_})


def test_the_same_chart_can_stand_on_a_page_twice():
    chart = bars([Bar(SHARP, 1, href="/a/")], **SAID)
    page = _page(chart, chart, *charts())
    ids = re.findall(r'\sid="([^"]+)"', page)
    assert len(ids) == len(set(ids)) == 3 * (2 + len(charts())) - sum(not each.description for each in charts())
    for names in re.findall(r'aria-labelledby="([^"]+)"', page):
        assert set(names.split()) <= set(ids)
    for target in re.findall(r'href="#(table-[^"]+)"', page):
        assert target in ids
    assert "<script" not in page


def test_ids_follow_from_what_is_drawn():
    assert len({chart.mark for chart in charts()}) == len(charts())


def test_every_figure_of_dots_stands_in_the_table():
    chart = dots(
        [Line("One", (Dot(37.25, 31, 42.1), None)), Line("Two", (Dot(None), Dot(140)), note="Few", href="/two/")],
        series=("Before", "After"),
        high=100,
        **SAID,
    )
    assert chart.head == ("Group", "Before", "After", "Note")
    assert [row.cells for row in chart.rows] == [
        ("One", "37.2% (31% to 42.1%)", "no figure", ""),
        ("Two", "no figure", "140%", "Few"),
    ]
    page = _page(chart)
    assert '<th scope="row"><a href="/two/">Two</a></th>' in page
    assert "<td>37.2% (31% to 42.1%)</td>" in page


def test_every_figure_of_bars_is_written_above_the_bar():
    chart = bars([Bar("One", 1234, 1100, 1380), Bar("Two", None), Bar("Three", 0)], unit="people", **SAID)
    assert [row.cells[1] for row in chart.rows] == ["1,234 people (1,100 to 1,380)", "no figure", "0 people"]
    assert {"1,234 people (1,100 to 1,380)", "no figure", "0 people"} <= set(_texts(chart))


def test_every_node_and_tie_is_in_the_table_and_the_strongest_in_the_drawing():
    nodes = [Node(str(at), f"Node {at}", 10 * at) for at in range(6)]
    ties = [Tie(str(a), str(b), 1 + a + 10 * b) for a in range(5) for b in range(a + 1, 5)]
    chart = network(nodes, ties, **SAID)
    strengths = [row.cells[2] for row in chart.rows]
    assert strengths == [*(figure(each) for each in sorted((tie.strength for tie in ties), reverse=True)), ""]
    assert chart.rows[-1].cells == ("Node 5 (50)", "none", "")
    seen = _texts(chart)
    assert set(strengths[:8]) <= set(seen)
    assert not set(strengths[8:-1]) & set(seen)
    assert {f"Node {at} ({10 * at})" for at in range(6)} <= set(seen)
    broad = [float(path.get("stroke-width")) for path in _tree(chart).iter(f"{SVG}path")]
    assert broad == sorted(broad), "the strongest is drawn last, above the others"
    assert broad[0] < broad[-1]


def test_every_way_says_in_words_whether_it_is_digital():
    chart = stages(
        [
            StageBox("Ask", (Way("Phone", False), Way("Form", True)), False),
            StageBox("Choose", (Way("App", True),), True, "Since June"),
            StageBox("End", (), False),
        ],
        **SAID,
    )
    assert _texts(chart) == [
        *("1. Ask", "Phone (not digital)", "Form (digital)"),
        *("2. Choose", "Digital only", "App (digital)", "Since June"),
        *("3. End", "No way through this stage is", "recorded."),
    ]
    assert [row.cells for row in chart.rows] == [
        ("Ask", "Phone (not digital); Form (digital)", "no", ""),
        ("Choose", "App (digital)", "yes", "Since June"),
        ("End", "none", "no", ""),
    ]
    looks = [each.get("class") for each in _tree(chart).iter(f"{SVG}rect")]
    assert looks == ["box", "box outer", "box inner", "box"], "the double border is for digital only"


@pytest.mark.parametrize(
    "chart",
    [
        dots([], series=("A",), **SAID),
        dots([Line("A", (None, Dot(None)))], series=("A", "B"), **SAID),
        bars([], **SAID),
        bars([Bar("A", None, 1, 2)], **SAID),
        network([], [], **SAID),
        stages([], **SAID),
    ],
)
def test_nothing_is_said_instead_of_drawn(chart):
    assert " ".join(_texts(chart)).startswith("Nothing to draw: there ")
    assert not list(_tree(chart).iter(f"{SVG}path"))
    assert chart.title in _page(chart)


def test_what_lies_outside_the_axis_is_an_arrow_with_its_figure():
    inside = dots([Line("A", (Dot(50, 40, 60),))], series=("S",), high=100, **SAID)
    outside = dots([Line("A", (Dot(150, 40, 160),)), Line("B", (Dot(-5),))], series=("S",), high=100, **SAID)
    assert 'class="arrow"' not in inside.svg
    assert outside.svg.count('class="arrow"') == 3, "one for the end of the whisker, one for each dot"
    assert {"150%", "-5%"} <= set(_texts(outside))
    assert "arrow" in bars([Bar("A", 7)], high=5, **SAID).svg


def test_none_is_not_drawn():
    chart = dots([Line("A", (Dot(1), None, Dot(None)))], series=("A", "B", "C"), **SAID)
    marks = [path.get("class") for path in _tree(chart).iter(f"{SVG}path")]
    assert marks == ["mark hollow one", "mark filled two", "mark hollow three", "mark hollow one"], "the key, one dot"


def test_series_differ_in_shape_and_fill():
    names = tuple("ABCDEF")
    chart = dots([Line("A", (Dot(1),) * 6)], series=names, **SAID)
    paths = [(path.get("d"), path.get("class")) for path in _tree(chart).iter(f"{SVG}path")]
    assert len({d for d, _ in paths[:6]}) == 6
    assert paths[:6] == paths[6:], "the key shows what is drawn"
    for (_, look), (_, following) in pairwise(paths[:6]):
        assert ("hollow" in look) != ("hollow" in following)


NAN = math.nan


@pytest.mark.parametrize(
    ("draw", "named"),
    [
        (lambda: dots([Line("A", (Dot(1, 3, 2),))], series=("S",), **SAID), r"lines\[0\]\.dots\[0\]\.low is 3"),
        (lambda: dots([Line("A", (Dot(NAN),))], series=("S",), **SAID), r"lines\[0\]\.dots\[0\]\.value is nan"),
        (lambda: dots([Line("A", (Dot(1, 0),))], series=("S",), **SAID), "needs both"),
        (lambda: dots([Line("A", ())], series=("S",), **SAID), r"lines\[0\]\.dots has 0 dots for 1 series"),
        (lambda: dots([], series=(), **SAID), "series has 0 names"),
        (lambda: dots([], series=("S",) * 7, **SAID), "series has 7 names"),
        (lambda: dots([], series=("S",), low=5, high=5, **SAID), "low is 5.0, not below high"),
        (lambda: dots([], series=("S",), high=math.inf, **SAID), "high is inf"),
        (lambda: dots([], series=("S",), low=1.0, high=1.0 + 1e-12, **SAID), "too near"),
        (lambda: bars([Bar("A", 1), Bar("B", 1, 3, 2)], **SAID), r"lines\[1\]\.low is 3"),
        (lambda: bars([Bar("A", 1e16)], **SAID), r"lines\[0\]\.value is 1e\+16"),
        (lambda: bars([Bar("A", 1)], high=-1, **SAID), "high is -1"),
        (lambda: bars([], title=" ", description=""), "title is empty"),
        (lambda: network([Node("a", "A", NAN)], [], **SAID), r"nodes\[0\]\.weight is nan"),
        (lambda: network([Node("a", "A", -1)], [], **SAID), r"nodes\[0\]\.weight is -1"),
        (lambda: network([Node("a", "A", 1)] * 2, [], **SAID), "nodes has an id twice"),
        (lambda: network([Node("a", "A", 1)], [Tie("a", "b", 1)], **SAID), r"ties\[0\] names 'b'"),
        (lambda: network([Node("a", "A", 1)], [Tie("a", "a", 1)], **SAID), "to itself"),
        (lambda: network([Node(a, a, 1) for a in "ab"], [Tie("a", "b", -1)], **SAID), r"ties\[0\]\.strength is -1"),
        (lambda: network([Node(a, a, 1) for a in "ab"], [Tie("a", "b", 1), Tie("b", "a", 1)], **SAID), "second time"),
        (lambda: stages([StageBox("A", (Way("Phone", False),), True)], **SAID), r"stages\[0\]\.digital_only"),
    ],
)
def test_nonsense_is_refused_by_name(draw, named):
    with pytest.raises(ValueError, match=named):
        draw()


@given(
    st.lists(numbers, max_size=6),
    st.one_of(st.none(), numbers),
    st.one_of(st.none(), numbers),
    st.sampled_from(["%", "£", "people", ""]),
)
def test_axes_hold_what_they_are_given_with_round_ticks_that_have_room(values, low, high, unit):
    try:
        found = axis(values, low=low, high=high, unit=unit)
    except ValueError:
        assert low is not None
        assert high is not None
        assert high - low <= 1e-9 * max(1.0, abs(high), abs(low))
        return
    assert found.low < found.high
    slack = 1e-8 * max(1.0, abs(found.low), abs(found.high))
    for value in values:
        assert LEFT <= found.at(value) <= RIGHT
        if low is None and (high is None or value <= high):
            assert value >= found.low - slack
        if high is None and (low is None or value >= low):
            assert value <= found.high + slack
    assert low is None or found.low == low
    assert high is None or found.high == high
    assert len(found.ticks) <= 7
    assert len({text for _, text in found.ticks}) == len(found.ticks)
    assert sum(breadth(text) for _, text in found.ticks) <= NARROWEST
    steps = np.diff([value for value, _ in found.ticks])
    assert np.allclose(steps, steps[0]) if len(steps) else True


@pytest.mark.parametrize(
    ("most", "unit", "words"),
    [
        (100, "%", ["0%", "25%", "50%", "75%", "100%"]),
        (1380, "people", ["0", "500", "1,000", "1,500"]),
        (3.5e6, "£", ["£0", "£2 million", "£4 million"]),
        (0.0031, "", ["0", "0.001", "0.002", "0.003", "0.004"]),
        (7.2, "per 100", ["0", "2", "4", "6", "8"]),
    ],
)
def test_ticks_are_round_numbers_with_their_unit(most, unit, words):
    assert [text for _, text in axis([most], low=0.0, high=None, unit=unit).ticks] == words


@pytest.mark.parametrize(
    ("value", "unit", "words"),
    [
        (1234.4, "people", "1,234 people"),
        (999.96, "", "1,000"),
        (37.25, "%", "37.2%"),
        (0.5, "", "0.5"),
        (0.0123, "", "0.012"),
        (0.0000012, "", "0.0000012"),
        (1e-9, "%", "less than 0.000001%"),
        (-1250, "£", "-£1,250"),
        (-0.0, "", "0"),
        (100, "%", "100%"),
    ],
)
def test_figures_have_no_more_digits_than_they_can_carry(value, unit, words):
    assert figure(value, unit) == words


@given(st.text(), st.floats(3, 30), st.integers(1, 4), st.booleans())
def test_lines_are_as_short_as_asked_and_lose_nothing_but_the_end(text, width, most, bold):
    lines = wrapped(text, width=width, most=most, bold=bold)
    assert len(lines) <= most
    assert all(breadth(line, bold=bold) <= width + 1e-9 for line in lines)
    kept, whole = "".join(lines).replace(" ", ""), "".join(wrapped(text, width=1e9, most=1)).replace(" ", "")
    assert kept == whole or (kept.endswith("…") and whole.startswith(kept[:-1]))


def _length(strength, order) -> float:
    """How far apart the ends of ties are in all, plainly."""
    return sum(
        strength[one][other] * abs(order.index(one) - order.index(other))
        for one in range(len(order))
        for other in range(one)
    )


@given(st.integers(2, 6).flatmap(lambda n: st.lists(st.integers(0, 9), min_size=n * n, max_size=n * n)))
def test_the_order_of_nodes_is_nearly_the_best_of_all(cells):
    n = math.isqrt(len(cells))
    strength = np.array(cells, dtype=float).reshape(n, n)
    strength = np.triu(strength, 1) + np.triu(strength, 1).T
    order = in_order(strength)
    assert sorted(order) == list(range(n))
    best = min(_length(strength, list(each)) for each in permutations(range(n)))
    assert _length(strength, order) <= 1.25 * best + 1e-9


def test_numbers_from_arrays_are_drawn_as_plain_numbers_are():
    values = np.array([1.5, 2.5, 3.5])
    plain = bars([Bar("A", 2.5, 1.5, 3.5)], **SAID)
    assert bars([Bar("A", values[1], values[0], values[2])], **SAID) == plain
    assert dots([Line("A", (Dot(values[0]),))], series=("S",), **SAID) == dots(
        [Line("A", (Dot(1.5),))], series=("S",), **SAID
    )


def test_words_without_end_are_soon_cut():
    long = "ab" * 500_000
    chart = bars([Bar(long, 1)], title="Title", description="")
    assert len(_texts(chart)) < 20
    assert long in _whole(chart)

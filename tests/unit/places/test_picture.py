"""The risk picture of a place: the published score, where it stands, and what stays high."""

import csv
import io
import re

import numpy as np
import pytest

from inroads.analytics.published import ENGLAND, open_published
from inroads.places.presenters import files, provenance, table
from inroads.places.presenters.map import WORDS
from inroads.places.queries import risk_index
from inroads.places.queries.libraries import nearest_libraries
from inroads.places.queries.picture import on_scale, picture

PLACE = "E06000046"
EQUAL = (1.0, 1.0, 1.0, 0.0, 0.0, 0.0, 0.0, 0.0)


@pytest.fixture
def published(embedded_store):
    return open_published(embedded_store)


def test_published_weights_give_the_published_score(published):
    seen = picture(published, PLACE, EQUAL)
    score = published.neighbourhoods.indicator("deri")[seen.rows]
    assert len(seen.rows) == 89
    np.testing.assert_allclose(seen.score, score, atol=1e-6)


def test_the_weights_of_the_definition_are_the_published_ones():
    assert risk_index().weights == EQUAL


def test_twice_the_weights_is_the_same_picture(published):
    once, twice = picture(published, PLACE, EQUAL), picture(published, PLACE, tuple(2 * w for w in EQUAL))
    np.testing.assert_allclose(once.score, twice.score)
    np.testing.assert_array_equal(once.tenth, twice.tenth)


def test_tenths_follow_the_score_and_the_first_is_the_highest(published):
    seen = picture(published, PLACE, EQUAL)
    order = np.argsort(-seen.score)
    assert (np.diff(seen.tenth[order]) >= 0).all()
    edge = published.summary(ENGLAND, "deri").quantiles[18]
    np.testing.assert_array_equal(seen.tenth == 1, seen.score > edge)


def test_without_england_other_weights_are_compared_within_the_place(published):
    seen = picture(published, PLACE, (1.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0))
    assert not seen.of_england
    assert not seen.tenth.any()
    assert set(seen.fifth.tolist()) <= {1, 2, 3, 4, 5}


def test_ranks_lie_in_their_interval_nearly_always(published):
    seen = picture(published, PLACE, EQUAL)
    inside = (seen.rank_low <= seen.rank) & (seen.rank <= seen.rank_high)
    assert inside.mean() > 0.95


def test_what_stays_high_stays_high_under_weights_drawn_anew(published):
    """A slow plain twin: other weights than the page's, drawn flat, one ranking at a time."""
    seen = picture(published, PLACE, EQUAL)
    assert seen.steady.any()
    parts = np.column_stack(
        [published.neighbourhoods.indicator(name)[seen.rows] for name in ("broadband", "demography", "deprivation")]
    )
    rng = np.random.default_rng(7)
    among = np.zeros(len(seen.rows))
    for _ in range(2000):
        score = parts @ rng.dirichlet((1, 1, 1))
        among += np.array([(score > own).sum() + 1 <= 18 for own in score])
    assert (among[seen.steady] / 2000 > 0.93).all()
    assert (among[~seen.steady] / 2000 < 0.97).all()


def test_added_figures_are_put_on_the_scale_of_the_index(published):
    values = on_scale(published, "disabled_people")[published.neighbourhoods.rows(PLACE)]
    england = published.summary(ENGLAND, "disabled_people")
    raw = published.neighbourhoods.indicator("disabled_people")[published.neighbourhoods.rows(PLACE)]
    np.testing.assert_allclose(values, 10 * (raw - england.minimum) / (england.maximum - england.minimum))
    assert ((values >= 0) & (values <= 10)).all()


def test_no_weight_at_all_is_refused_in_words(published):
    with pytest.raises(ValueError, match="at least one part"):
        picture(published, PLACE, (0.0,) * 8)


@pytest.mark.parametrize("sort", ["name", "score", "rank", "tenth"])
def test_the_table_is_sorted_both_ways(published, sort):
    seen = picture(published, PLACE, EQUAL)
    up = table.order_of(seen, published, sort, False)
    down = table.order_of(seen, published, sort, True)
    names = published.neighbourhoods.name[seen.rows]
    values = {"name": names, "score": seen.score, "rank": seen.rank, "tenth": seen.tenth}[sort]
    assert list(values[up]) == sorted(values)
    assert list(values[down]) == sorted(values, reverse=True)


def test_the_file_has_every_neighbourhood_once_and_no_invented_zero(published):
    seen = picture(published, PLACE, EQUAL)
    text = "".join(files.figures(published, PLACE, seen)).lstrip("\ufeff")
    rows = list(csv.DictReader(io.StringIO(text)))
    assert len({row["neighbourhood_code"] for row in rows}) == len(rows) == 89
    first = rows[0]
    row = published.neighbourhoods.row(first["neighbourhood_code"])
    assert float(first["risk_score"]) == pytest.approx(published.neighbourhoods.indicator("deri")[row], abs=1e-4)
    assert float(first["older_people"]) == pytest.approx(published.neighbourhoods.indicator("older_people")[row])
    assert first["nearest_library"]
    assert files.plain(float("nan")) == ""


def test_years_and_sources_follow_the_weights(published):
    assert provenance.years(EQUAL) == "from 2011 to 2022"
    assert [each.id for each in provenance.index_sources(EQUAL)] == ["deri_v1_6"]
    mental_health = (1.0, 1.0, 1.0, 1.0, 0.0, 0.0, 0.0, 0.0)
    assert provenance.years(mental_health) == "from 2011 to 2025"
    assert [each.id for each in provenance.index_sources(mental_health)] == ["deri_v1_6", "iod2025_indicators"]
    credits = " ".join(provenance.attributions(published, EQUAL))
    assert "Contains OS data" in credits
    assert credits.count("Open Government Licence") == 1


def test_the_file_says_what_the_picture_says(published):
    seen = picture(published, PLACE, EQUAL)
    near = nearest_libraries(published, PLACE)
    text = "".join(files.figures(published, PLACE, seen)).lstrip("\ufeff")
    rows = {row["neighbourhood_code"]: row for row in csv.DictReader(io.StringIO(text))}
    codes = published.neighbourhoods.code[seen.rows]
    for column, values in (
        ("rank_here", seen.rank),
        ("rank_low_90", seen.rank_low),
        ("rank_high_90", seen.rank_high),
        ("rank_any_low_90", seen.any_low),
        ("rank_any_high_90", seen.any_high),
        ("tenth_of_england", seen.tenth),
        ("nearest_library_metres", np.round(near.metres)),
    ):
        assert [float(rows[code][column]) for code in codes] == values.tolist(), column
    assert [rows[code]["high_whatever_the_weights"] == "yes" for code in codes] == seen.steady.tolist()
    assert (seen.rank_low < seen.rank_high).any()


def test_the_table_says_what_the_picture_says(published):
    seen = picture(published, PLACE, EQUAL)
    html = table.body(published, seen, sort="score", reverse_order=True)
    rows = re.findall(
        r'<a href="/places/(\w+)/">.*?class="n">([\d.]+)</td><td class="n">(\d+)</td><td class="n">(\d+)</td>'
        r'<td class="n">(\d+) to (\d+)</td><td>([^<]+)</td>',
        html,
    )
    assert len(rows) == 89
    for code, score, rank, tenth, low, high, words in rows:
        at = int(np.searchsorted(published.neighbourhoods.code[seen.rows], code))
        assert float(score) == pytest.approx(seen.score[at], abs=0.0051)
        assert (int(rank), int(tenth)) == (seen.rank[at], seen.tenth[at])
        assert (int(low), int(high)) == (seen.rank_low[at], seen.rank_high[at])
        assert words == WORDS[seen.fifth[at]]


@pytest.mark.parametrize(
    ("cell", "written"),
    [("=1+1", "'=1+1"), ("@x", "'@x"), ("+44", "'+44"), ("-x", "'-x"), ("-0.5", "-0.5"), ("Ryde", "Ryde"), (7, "7")],
)
def test_a_spreadsheet_takes_no_text_for_a_formula(cell, written):
    assert files.Rows().writerow([cell]).strip() == written


@pytest.mark.published
def test_all_of_england_gives_the_published_score(national_store):
    published = open_published(national_store)
    unchanged = published.neighbourhoods.carried == "unchanged"
    seen = picture(published, ENGLAND, EQUAL)
    score = published.neighbourhoods.indicator("deri")
    np.testing.assert_allclose(seen.score[unchanged], score[unchanged], atol=1e-6)
    shares = np.bincount(seen.tenth, minlength=11)[1:] / len(seen.rows)
    np.testing.assert_allclose(shares, 0.1, atol=0.001)


@pytest.mark.published
def test_embedded_and_national_figures_show_the_same_place(embedded_store, national_store):
    small, whole = open_published(embedded_store), open_published(national_store)
    one, two = picture(small, PLACE, EQUAL), picture(whole, PLACE, EQUAL)
    np.testing.assert_allclose(one.score, two.score, atol=1e-6)
    np.testing.assert_array_equal(one.tenth, two.tenth)
    np.testing.assert_array_equal(one.fifth, two.fifth)

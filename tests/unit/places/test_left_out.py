"""Who would be left out of digital-only care: rates met, totals that add up, intervals, and what is unknown."""

import csv
import io
import re
from dataclasses import replace
from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from inroads.analytics.published import open_published
from inroads.analytics.respondents import CATEGORIES, Respondents, keep
from inroads.places.presenters import left_out as shown
from inroads.places.queries import left_out as module
from inroads.places.queries.kinds import COARSE, FINE, fitted, kinds, residents
from inroads.places.queries.left_out import Estimated, joint, left_out, national_share
from inroads.reference.definitions.rates import england, inside, tables_of

PLACE = "E06000046"
PAGE = f"/places/{PLACE}/left-out/"


@pytest.fixture
def published(embedded_store):
    return open_published(embedded_store)


def with_figures(published, **changed):
    """The same figures with some taken away (None) or put in their place."""
    held = published.neighbourhoods
    figures = dict(held._figures)
    for name, values in changed.items():
        key = name.replace("__", ":")
        if values is None:
            del figures[key]
        else:
            figures[key] = np.asarray(values, dtype=np.float64)
    return replace(published, neighbourhoods=replace(held, _figures=figures))


def test_every_published_rate_is_met_by_the_rates_of_kinds_of_people():
    found = kinds()
    for table in tables_of("left_out"):
        for rate in table.rates:
            inside_it = np.array(
                [
                    inside(found.bands[age], rate.lowest, rate.highest, where="test")
                    and rate.disabled in ("", ("no", "yes")[disabled])
                    for age, disabled in zip(found.ages, found.disabled, strict=True)
                ]
            )
            reached = found.people[inside_it] @ found.rate[inside_it] / found.people[inside_it].sum()
            assert reached == pytest.approx(table.value(rate), abs=1e-8), rate.group


def test_children_are_not_spoken_of():
    found = kinds()
    assert (found.rate[~found.adult] == 0).all()
    assert (found.factor[~found.adult] == 0).all()
    assert set(np.array([found.bands[age].lowest for age in found.ages])[~found.adult]) == {0}


def test_errors_of_the_published_rates_come_back_from_the_kinds():
    # Of all adults together: the standard error of the published rate, whatever the kinds do among themselves.
    found, everyone = kinds(), tables_of("left_out")[0]
    weights = np.where(found.adult, found.people, 0) / found.people[found.adult].sum()
    error = np.sqrt(((weights @ found.factor) ** 2).sum())
    assert error == pytest.approx(everyone.standard_error(everyone.rates[0], england()), rel=1e-6)


def test_the_national_share_is_the_published_one():
    assert national_share() == pytest.approx(0.08)


def slow_twin(ages, disability, found, of_band):
    """Iterative proportional fitting of one neighbourhood by plain loops, and who would be left out of it."""
    weights = [float(each) for each in found.people]
    groups = [([of_band[age] for age in found.ages], ages), (list(found.disabled), disability)]
    scale = sum(ages) / sum(disability)
    for _ in range(3000):
        for column, wanted in groups:
            for category, count in enumerate(wanted):
                held = [at for at, each in enumerate(column) if each == category]
                now = sum(weights[at] for at in held)
                target = count * (scale if wanted is disability else 1)
                for at in held:
                    weights[at] *= target / now
    return sum(weight * rate for weight, rate in zip(weights, found.rate, strict=True))


def test_a_plain_twin_gives_the_same_numbers(published):
    estimated = left_out(published, PLACE)
    here, found = residents(published, estimated.rows), kinds()
    of_band = [
        next(n for n, each in enumerate(here.bands) if inside(band, each.lowest, each.highest, where="test"))
        for band in found.bands
    ]
    for at in (0, 17, 60, 88):
        slow = slow_twin(here.by_age[at].tolist(), here.by_disability[at].tolist(), found, of_band)
        assert estimated.value[at] == pytest.approx(slow, abs=1e-4)


def test_neighbourhoods_add_up_to_the_total_and_lie_in_their_intervals(published):
    found = left_out(published, PLACE)
    assert found.value.sum() == pytest.approx(found.total.value, rel=1e-12)
    assert found.people.sum() == pytest.approx(found.total.people, rel=1e-12)
    assert (found.low < found.value).all()
    assert (found.value < found.high).all()
    assert (found.high <= found.people).all()
    assert found.total.low < found.total.value < found.total.high
    # One national rate that is off is off everywhere, so errors of neighbourhoods hardly cancel out.
    wide, each = found.total.high - found.total.low, found.high - found.low
    assert 5 * np.sqrt((each**2).sum()) < wide < each.sum()
    assert found.unknown == 0
    assert len(found.rows) == 89


def test_people_of_16_and_over_are_everyone_but_children(published):
    found = left_out(published, PLACE)
    places = published.neighbourhoods
    adults = places.base("people_16_24")[found.rows] - places.count("people_under_16")[found.rows]
    assert np.abs(found.people - adults).max() < 11  # tables of the Census differ by a few people


def test_where_more_older_and_disabled_people_live_more_would_be_left_out(published):
    found = left_out(published, PLACE)
    places = published.neighbourhoods
    of_all = [
        places.count(group)[found.rows] / places.base(group)[found.rows]
        for group in ("people_75_plus", "people_65_plus", "disabled_people")
    ]
    effects = np.linalg.lstsq(np.column_stack([np.ones(89), *of_all]), found.share, rcond=None)[0]
    assert (effects[1:] > 0.05).all()


def test_one_neighbourhood_is_worked_out_by_its_own_code_as_within_its_place(published):
    place = left_out(published, PLACE)
    one = left_out(published, str(published.neighbourhoods.code[place.rows[5]]))
    assert one.total.value == pytest.approx(place.value[5], rel=1e-9)
    assert (one.low[0], one.high[0]) == pytest.approx((place.low[5], place.high[5]))


def test_intervals_cover_the_truth_of_made_up_countries(published):
    # Truth: rates of kinds drawn as the published figures let them vary. Each interval of the total covers 95%.
    found = left_out(published, PLACE)
    here = residents(published, found.rows)
    drawn = np.zeros((len(kinds().ages), 2000))
    normal = np.random.default_rng(5).standard_normal((kinds().factor.shape[1], 2000))
    drawn = kinds().rate[:, None] + kinds().factor @ normal
    totals = fitted(here).expected(drawn).sum(axis=0)
    covered = ((found.total.low <= totals) & (totals <= found.total.high)).mean()
    assert 0.93 < covered < 0.97


def test_unknown_figures_are_unknown_and_not_nothing(published):
    values = published.neighbourhoods.count("disabled_people").copy()
    values[:3] = np.nan
    found = left_out(with_figures(published, count__disabled_people=values), PLACE)
    gone = np.isnan(found.value)
    assert gone.sum() == found.unknown == 3
    assert np.isnan(found.share[gone]).all()
    whole = left_out(published, PLACE)
    assert found.total.value == pytest.approx(whole.value[~gone].sum())
    assert any("3 of 89 neighbourhoods have no estimate" in note for note in found.notes)


@pytest.mark.parametrize("missing", ["count__people_65_plus", "count__people_under_16", "count__disabled_people"])
def test_without_a_figure_of_anybody_there_is_no_estimate(published, missing):
    nothing = np.full(len(published.neighbourhoods), np.nan)
    assert left_out(with_figures(published, **{missing: nothing}), PLACE) is None


def test_a_place_that_is_not_held_has_no_estimate(published):
    assert left_out(published, "E06000001") is None


def test_figures_loaded_before_people_of_75_and_over_were_counted_still_do(published):
    older = with_figures(published, count__people_75_plus=None, base__people_75_plus=None)
    rows = published.neighbourhoods.rows(PLACE)
    assert residents(published, rows).bands == FINE
    assert residents(older, rows).bands == COARSE
    found, whole = left_out(older, PLACE), left_out(published, PLACE)
    assert found.total.value == pytest.approx(whole.total.value, rel=0.1)
    assert any("do not tell people of 65 to 74" in note for note in found.notes)


def test_an_empty_neighbourhood_has_nobody_left_out_and_no_share(published):
    rows = published.neighbourhoods.rows(PLACE)
    changed = {}
    for group in ("people_under_16", "people_16_24", "people_65_plus", "people_75_plus", "disabled_people"):
        for part, figures in (("count", published.neighbourhoods.count), ("base", published.neighbourhoods.base)):
            values = figures(group).copy()
            values[rows[0]] = 0
            changed[f"{part}__{group}"] = values
    found = left_out(with_figures(published, **changed), PLACE)
    assert (found.value[0], found.people[0], found.unknown) == (0, 0, 0)
    assert np.isnan(found.share[0])


@given(
    share=st.floats(0.01, 0.6),
    wide=st.floats(0, 0.5),
    people=st.floats(1, 1e6),
)
def test_people_in_both_groups_lie_between_the_bounds(share, wide, people):
    left = Estimated(share * people, share * (1 - wide) * people, min(share * (1 + wide), 1) * people, people)
    found = joint(left)
    assert found.low <= found.independent.low <= found.independent.value <= found.independent.high <= found.high
    assert found.high <= left.high * (1 + 1e-9)
    assert found.independent.value == pytest.approx(left.value * 0.17)


def test_the_number_of_both_by_hand():
    found = joint(Estimated(value=900, low=850, high=950, people=1000))
    error = found.source.standard_error(found.source.rates[0], england())
    low, high = 0.17 - 1.959964 * error, 0.17 + 1.959964 * error
    assert found.independent.value == pytest.approx(153)
    assert (found.independent.low, found.independent.high) == pytest.approx((850 * low, 950 * high))
    assert found.low == pytest.approx(1000 * (0.85 + low - 1), abs=1e-6)
    assert found.high == pytest.approx(1000 * high)


def survey(people, rng):
    """People asked, of every kind; those of 75 and over are left out most often."""
    codes = {name: rng.integers(len(each), size=people) for name, each in CATEGORIES.items()}
    for name, each in CATEGORIES.items():
        codes[name][: len(each)] = np.arange(len(each))
    rate = np.array([0.01, 0.02, 0.15, 0.45])[codes["age"]]
    return Respondents(
        survey="Survey of somewhere",
        year="2024",
        file_name="asked.csv",
        sha256="0" * 64,
        loaded_at="2024-05-06T07:08:09+00:00",
        weight=rng.uniform(0.5, 2, people),
        left_out=(rng.random(people) < rate).astype(np.float64),
        columns=codes,
    )


def test_people_asked_are_used_in_the_place_of_published_rates(published, settings, tmp_path):
    settings.VAR_DIR = tmp_path
    before = left_out(published, PLACE)
    keep(tmp_path / "respondents", survey(1500, np.random.default_rng(3)))
    found = left_out(published, PLACE)
    assert (before.method, found.method, found.sources) == ("published", "asked", ())
    assert found.value.sum() == pytest.approx(found.total.value)
    assert ((found.low <= found.value) & (found.value <= found.high)).all()
    assert found.total.low < found.total.value < found.total.high
    assert found.total.people == pytest.approx(before.total.people)
    (tmp_path / "respondents" / "respondents.parquet").unlink()
    assert left_out(published, PLACE) is before


def test_people_asked_only_by_age_give_each_band_its_own_share(published, settings, tmp_path):
    asked = survey(4000, np.random.default_rng(8))
    keep(tmp_path / "respondents", replace(asked, columns={"age": asked.columns["age"]}))
    settings.VAR_DIR = tmp_path
    found = left_out(published, PLACE)
    bands = [
        np.average(asked.left_out[asked.columns["age"] == band], weights=asked.weight[asked.columns["age"] == band])
        for band in range(4)
    ]
    by_hand = residents(published, found.rows).by_age[:, 1:] @ np.array(bands)
    np.testing.assert_allclose(found.value, by_hand, atol=1e-3)


def test_three_figures_count():
    for number, said in (
        (0, "0"),
        (7.4, "7"),
        (99, "99"),
        (14_051.7, "14,100"),
        (162_774, "163,000"),
        (999.6, "1,000"),
    ):
        assert shown.about(number) == said


@pytest.mark.django_db
def test_the_page_says_the_total_with_its_interval_first(client, published):
    page = client.get(PAGE).content.decode()
    words = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page[page.index("</nav>", page.index("inroads-tabs")) :]))
    total = left_out(published, PLACE).total
    sentence = (
        f"About {shown.about(total.value)} of the {shown.about(total.people)} people aged 16 and over would be left "
        f"out of mental health care that is only digital: between {shown.about(total.low)} and "
        f"{shown.about(total.high)} (95% interval)."
    )
    assert words.strip().startswith(sentence)
    assert page.count('<th scope="row"><a href="/places/E01') == 89
    assert "If one had nothing to do with the other" in page
    assert "However the two go together" in page
    for table in tables_of("left_out"):
        assert table.publication in page
        assert table.words in page.replace("&#39;", "'")


@pytest.mark.django_db
def test_the_file_has_every_neighbourhood_and_adds_up(client, published):
    text = b"".join(client.get(f"/places/{PLACE}/left-out.csv").streaming_content).decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text)))
    assert len(rows) == 89
    numbers = [float(row["left_out"]) for row in rows]
    assert numbers == sorted(numbers, reverse=True)
    assert sum(numbers) == pytest.approx(left_out(published, PLACE).total.value, abs=0.05 * 89)
    assert "Internet users, UK: 2020" in rows[0]["worked_out_from"]


@pytest.mark.django_db
def test_the_page_says_where_figures_are_missing(client, published, monkeypatch):
    values = published.neighbourhoods.count("disabled_people").copy()
    values[:3] = np.nan
    some = with_figures(published, count__disabled_people=values)
    nothing = with_figures(published, count__disabled_people=np.full(len(values), np.nan))
    for held, words in ((some, "3 of 89 neighbourhoods have no estimate"), (nothing, "We cannot say how many")):
        monkeypatch.setattr("inroads.places.queries.published", lambda held=held: held)
        answer = client.get(PAGE)
        assert answer.status_code == 200
        assert words in answer.content.decode()
    assert client.get(f"/places/{PLACE}/left-out.csv").status_code == 404


@pytest.mark.django_db
def test_the_page_says_that_people_were_asked(client, settings, tmp_path):
    settings.VAR_DIR = tmp_path
    keep(tmp_path / "respondents", survey(400, np.random.default_rng(3)))
    page = client.get(PAGE).content.decode()
    assert "400 people who were asked in Survey of somewhere, 2024" in page
    assert "Published rates are not used" in page
    assert "fitted to each neighbourhood by age, disability, tenure, ethnic group" in page
    assert "Internet users, UK: 2020" not in page


@pytest.mark.django_db
@pytest.mark.parametrize("content", [b"", b"PAR1 and nothing"])
def test_where_the_file_of_people_asked_is_damaged_the_page_uses_published_rates_and_says_so(
    client, published, settings, tmp_path, content
):
    settings.VAR_DIR = tmp_path
    usual = left_out(published, PLACE)
    keep(tmp_path / "respondents", survey(400, np.random.default_rng(3)))
    (tmp_path / "respondents" / "respondents.parquet").write_bytes(content)
    found = left_out(published, PLACE)
    assert (found.method, found.total, usual.unread) == ("published", usual.total, "")
    answer = client.get(PAGE)
    assert answer.status_code == 200
    page = answer.content.decode()
    assert "could not be read. Published rates are used in its place" in page
    assert "inroads data respondents" in page
    assert "Internet users, UK: 2020" in page
    for address in (f"/places/{PLACE}/left-out.csv", f"/places/{PLACE}/siting/"):
        assert client.get(address).status_code == 200
    (tmp_path / "respondents" / "respondents.parquet").unlink()
    assert "could not be read" not in client.get(PAGE).content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize("query", ["?by=share", "?by=nonsense", "?rows=all", "?w_broadband=0&by=share"])
def test_orders_and_weights_are_taken_along(client, query):
    page = client.get(PAGE + query)
    assert page.status_code == 200
    assert page.content.decode().count('<th scope="row"><a href="/places/E01') == 89


@pytest.mark.published
@pytest.mark.django_db
def test_a_large_place_shows_the_first_hundred_and_a_way_to_all(client, national_store):
    page = client.get("/places/E54000057/left-out/").content.decode()
    assert page.count('<th scope="row"><a href="/places/E01') == 100
    assert 'rows=all#table">Show all 1,702' in page
    every = client.get("/places/E54000057/left-out/?rows=all").content.decode()
    assert every.count('<th scope="row"><a href="/places/E01') == 1702


@pytest.mark.published
def test_all_of_england_together_has_the_published_share(national_store):
    found = left_out(open_published(national_store), "E92000001")
    assert len(found.rows) == 33_755
    assert found.unknown == 0
    # The rates are put on England as of mid-2020, the neighbourhoods are those of the Census of 2021.
    assert found.total.value / found.total.people == pytest.approx(national_share(), abs=0.002)
    assert found.total.low / found.total.people < national_share() < found.total.high / found.total.people


def test_the_kinds_are_every_age_band_disabled_and_not():
    found = kinds()
    pairs = set(zip(found.ages.tolist(), found.disabled.tolist(), strict=True))
    assert pairs == set(product(range(len(england().bands)), (0, 1)))
    assert found.people.sum() == pytest.approx(sum(each.people for each in england().bands))


def test_nothing_of_a_place_is_worked_out_twice(published):
    module._left_out.cache_clear()
    assert left_out(published, PLACE) is left_out(published, PLACE)

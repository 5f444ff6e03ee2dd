"""Published rates as data: each with the words that give it, and errors that follow from what is written there."""

import csv
import gzip
import math

import pytest

from inroads.reference.definitions import DefinitionError, folder, load, read
from inroads.reference.definitions.rates import (
    OLDEST,
    Population,
    RateTable,
    england,
    inside,
    one_of,
    share_disabled,
    tables_of,
)

EVERY = list(load(RateTable).values())


@pytest.mark.parametrize("table", EVERY, ids=lambda each: each.id)
def test_each_says_where_it_was_read_and_what_was_taken_for_granted(table):
    for text in (table.what, table.publisher, table.publication, table.where, table.words, table.assumption):
        assert len(text) > 3
    assert table.address.startswith("https://")
    assert table.assumption.endswith(".")


@pytest.mark.parametrize("table", EVERY, ids=lambda each: each.id)
def test_each_rate_falls_on_whole_bands_of_the_population(table):
    for rate in table.rates:
        assert england().people(rate.lowest, rate.highest) > 0


def test_the_rates_are_those_of_the_bulletin():
    found = {rate.group: round(table.value(rate), 4) for table in tables_of("left_out") for rate in table.rates}
    assert found == {
        "everyone": 0.08,
        "aged_16_44": 0.01,
        "aged_65_74": 0.17,
        "aged_75_plus": 0.46,
        "disabled": 0.19,
    }
    assert tables_of("left_out")[0].rates[0].group == "everyone"


def test_a_standard_error_by_hand():
    table = tables_of("left_out")[0]
    adults = sum(each.people for each in england().bands if each.lowest >= 16)
    everyone = sum(each.people for each in england().bands)
    asked = 77_903 * adults / everyone / 2
    assert table.standard_error(table.rates[0], england()) == pytest.approx(
        math.sqrt(0.08 * 0.92 / asked + 0.01**2 / 12)
    )


def test_a_table_without_a_sample_has_no_standard_error():
    table = one_of("disabled")
    with pytest.raises(ValueError, match="has no sample"):
        table.standard_error(table.rates[0], england())


def test_people_disabled_by_age_are_as_many_as_the_census_says_and_keep_their_pattern():
    population, shares = england(), share_disabled(england())
    people = [each.people for each in population.bands]
    overall = sum(share * n for share, n in zip(shares, people, strict=True)) / sum(people)
    assert overall == pytest.approx(population.disabled / population.residents, rel=1e-9)
    odds = [share / (1 - share) for share in shares]
    assert odds[1] / odds[0] == pytest.approx((0.23 / 0.77) / (0.11 / 0.89))
    assert odds[-1] / odds[1] == pytest.approx((0.45 / 0.55) / (0.23 / 0.77))
    both = population.people(16, OLDEST, "yes") + population.people(16, OLDEST, "no")
    assert population.people(16) == pytest.approx(both)


def test_ages_that_cut_through_a_band_are_refused():
    with pytest.raises(ValueError, match="cut through the band 25 to 44"):
        england().people(30)
    assert not inside(england().bands[0], 16, 24, where="here")


def written(tmp_path, change):
    """A copy of a file of rates with one thing changed."""
    text = (folder() / "rates" / "internet_2020_all.toml").read_text(encoding="utf-8")
    assert change[0] in text
    path = tmp_path / "rates.toml"
    path.write_text(text.replace(*change), encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (("published = 0.92", "published = 0.93"), "does not hold 93%, the published rate of 'everyone'"),
        (("published = 0.92", "published = 92"), "expected a share above 0 and below 1"),
        (("lowest = 16\n", "lowest = 140\n"), "holds nobody"),
        (("design_effect = 2.0", "design_effect = 0.5"), "expected 1 or more"),
        (("turned = true", ""), "field 'turned' is missing"),
    ],
)
def test_a_file_that_does_not_hold_together_is_refused_by_name(tmp_path, change, said):
    with pytest.raises(DefinitionError, match=said):
        read(written(tmp_path, change), RateTable)


def test_a_population_with_a_hole_is_refused(tmp_path):
    text = (folder() / "populations" / "england.toml").read_text(encoding="utf-8")
    path = tmp_path / "england.toml"
    path.write_text(text.replace("lowest = 25", "lowest = 26"), encoding="utf-8")
    with pytest.raises(DefinitionError, match="24 and 26 do not follow one another"):
        read(path, Population)


@pytest.mark.published
def test_the_population_is_what_the_published_files_add_up_to(published_data):
    def columns(name):
        path = published_data / name
        if not path.is_file():
            pytest.skip(f"needs the published file {name}")
        with gzip.open(path, "rt", encoding="utf-8-sig", newline="") as lines:
            heading, *rows = csv.reader(lines)
        return dict(zip(heading, zip(*rows, strict=True), strict=True))

    found = columns("population/population_mid2020_england_lsoa11_single_year_age.csv.gz")
    years = {int(name.rstrip("+")): sum(map(float, found[name])) for name in found if name.rstrip("+").isdigit()}
    for band in england().bands:
        assert band.people == sum(people for year, people in years.items() if band.lowest <= year <= band.highest)
    disability = columns("census2021/disability_england_lsoa21.csv.gz")
    assert england().residents == sum(map(int, disability["total_residents"]))
    assert england().disabled == sum(map(int, disability["Disabled under the Equality Act"]))

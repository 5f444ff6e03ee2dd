"""`inroads needs` and `inroads equity`: anybody's own tables in, CSV, Parquet or a readable table out."""

import csv

import numpy as np
import pytest
from click.testing import CliRunner

from inroads.config.command_line import main
from inroads.interop.tables import read_table
from inroads.methods import needs
from inroads.methods.inequality import measure, slope_index, standardised_rate

ONLINE = [62.1, 70.4, 78.0, 84.9, 91.2]
PEOPLE = [1000, 1100, 1050, 980, 1020]
ERRORS = [1.6, 1.4, 1.3, 1.1, 0.9]


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    rows = [
        f"{year},{fifth + 1},{online - shift},{PEOPLE[fifth]},{ERRORS[fifth]}"
        for year, shift in ((2023, 0.0), (2024, 2.0))
        for fifth, online in enumerate(ONLINE)
    ]
    (tmp_path / "online.csv").write_text("year,fifth,online,people,se\n" + "\n".join(rows) + "\n")
    (tmp_path / "asked.csv").write_text("age,sex,left_out\nyoung,m,0\nold,m,1\nold,f,1\nyoung,f,0\n")
    (tmp_path / "age.csv").write_text("code,young,old\nA,10,5\nB,3,9\n")
    (tmp_path / "sex.csv").write_text("code,m,f,total\nB,6,6,12\nA,8,7,15\n")
    return tmp_path


def run(*arguments):
    return CliRunner().invoke(main, [str(part) for part in arguments])


def rows_of(path):
    with path.open(newline="") as lines:
        return list(csv.DictReader(lines))


MEASURE = (
    "equity",
    "measure",
    "online.csv",
    "--group",
    "fifth",
    "--estimate",
    "online",
    "--population",
    "people",
    "--by",
    "year",
)


def test_measures_come_for_each_part_of_the_table_as_the_method_gives_them(folder):
    done = run(*MEASURE, "--se", "se", "--order", "fifth", "--code", "sii", "--code", "ti",
               "--output", "out.csv")  # fmt: skip
    assert done.exit_code == 0, done.output
    found = rows_of(folder / "out.csv")
    assert [(row["year"], row["code"]) for row in found] == [
        ("2023", "sii"), ("2023", "ti"), ("2024", "sii"), ("2024", "ti"),
    ]  # fmt: skip
    expected = measure("sii", np.array(ONLINE) - 2, PEOPLE, se=ERRORS, order=[1, 2, 3, 4, 5])
    assert float(found[2]["value"]) == pytest.approx(expected.value)
    assert float(found[2]["low"]) == pytest.approx(expected.low)
    assert float(found[1]["low"]) < float(found[1]["value"]) < float(found[1]["high"])


def test_without_codes_every_measure_that_the_columns_allow(folder):
    done = run(*MEASURE)
    codes = {line.split()[1] for line in done.stdout.splitlines()[2:]}
    assert {"d", "bgv", "ti", "mdmu"} <= codes
    assert not {"sii", "aci", "mdru"} & codes, "those need an order or a reference group"
    done = run(*MEASURE, "--reference", "5", "--order", "fifth")
    assert {"sii", "aci", "mdru"} <= {line.split()[1] for line in done.stdout.splitlines()[2:]}


def test_slopes_of_each_part(folder):
    done = run("equity", "slope", "online.csv", "--value", "online", "--population", "people", "--se", "se",
               "--order", "fifth", "--by", "year", "--draws", 2000, "--output", "out.parquet")  # fmt: skip
    assert done.exit_code == 0, done.output
    found = read_table(folder / "out.parquet")
    values = np.array([ONLINE, np.array(ONLINE) - 2])
    expected = slope_index(values, [PEOPLE] * 2, [ERRORS] * 2, draws=2000, rng=2022)
    np.testing.assert_allclose(found.numbers("sii"), expected.sii)
    np.testing.assert_allclose(found.numbers("rii_high"), expected.rii_high)
    assert found.text("year") == ["2023", "2024"]


def test_rates_keep_the_columns_of_the_table_and_tell_suppressed_from_missing(folder):
    (folder / "helped.csv").write_text("place,helped,asked\nnorth,30,60\nsouth,*,40\nwest,,50\n")
    done = run("equity", "rate", "helped.csv", "--count", "helped", "--of", "asked", "--output", "out.csv")
    assert done.exit_code == 0, done.output
    assert "1 row of 'helped' suppressed" in done.stderr
    north, south, west = rows_of(folder / "out.csv")
    assert float(north["value"]) == 0.5
    assert (south["helped"], south["value"]) == ("*", "")
    assert west["value"] == ""
    assert west["note"]


def test_standardised_rates_from_one_row_for_each_area_and_band(folder):
    lines = ["area,band,events,people,standard"]
    events, people, standard = [[20, 30], [5, 60]], [[1000, 500], [800, 900]], [7000, 3000]
    for row, area in enumerate("NS"):
        for column, band in enumerate(("young", "old")):
            lines.append(f"{area},{band},{events[row][column]},{people[row][column]},{standard[column]}")
    (folder / "deaths.csv").write_text("\n".join([lines[0], *reversed(lines[1:])]) + "\n")
    done = run("equity", "standardise", "deaths.csv", "--area", "area", "--band", "band", "--events", "events",
               "--population", "people", "--standard", "standard", "--output", "out.csv")  # fmt: skip
    assert done.exit_code == 0, done.output
    expected = standardised_rate(events, people, standard)
    found = {row["area"]: row for row in rows_of(folder / "out.csv")}
    for row, area in enumerate("NS"):
        assert float(found[area]["value"]) == pytest.approx(expected.value[row])
        assert float(found[area]["low"]) == pytest.approx(expected.low[row])


FIT = ("needs", "fit", "asked.csv", "--area", "code", "--outcome", "left_out")


def test_estimates_for_neighbourhoods_from_margins_in_any_order_of_rows(folder):
    done = run(*FIT, "--margin", "age=age.csv", "--margin", "sex=sex.csv", "--output", "out.csv")
    assert done.exit_code == 0, done.output
    found = rows_of(folder / "out.csv")
    assert [(row["area"], row["state"]) for row in found] == [("A", "fitted"), ("B", "fitted")]
    expected = needs.fit([[0, 0], [1, 0], [1, 1], [0, 1]], np.ones(4), [[[10, 5], [3, 9]], [[8, 7], [6, 6]]])
    for row, value in zip(found, expected.expected([0, 1, 1, 0]), strict=True):
        assert float(row["estimate"]) == pytest.approx(value)


def test_an_index_with_ranks_highest_risk_first(folder):
    done = run("needs", "index", "age.csv", "--area", "code", "--high", "old=2", "--low", "young")
    assert done.exit_code == 0, done.output
    names, _, first, second = done.stdout.splitlines()
    assert names.split() == ["area", "index", "rank", "rank_low", "rank_high"]
    assert first.split() == ["B", "10", "1", "1", "1"]
    assert second.split() == ["A", "0", "2", "2", "2"]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ((*MEASURE, "--code", "xx"), "code: there is no measure 'xx'; give one of d, r"),
        ((*MEASURE[:2], "no.csv", *MEASURE[3:]), "no.csv: there is no such file"),
        ((*MEASURE[:-3], "folk"), "online.csv: there is no column 'folk'; it has 'year', 'fifth'"),
        (MEASURE[:-2], "'1' has two rows in column 'fifth'; give it one row"),
        ((*MEASURE, "--reference", "6"), "online.csv: there is no group '6'"),
        (("equity", "slope", "online.csv", "--value", "online", "--population", "people", "--se", "se", "--order",
          "fifth"), "does not have each of 'fifth' from 1 to 10 once"),
        ((*FIT, "--margin", "age=sex.csv"), "row 1, column 'age' is 'young', and sex.csv has no column of that name"),
        ((*FIT, "--margin", "age"), "give COLUMN=FILE"),
        (("needs", "index", "age.csv", "--area", "code"), "Name at least one indicator"),
        (("needs", "index", "age.csv", "--area", "code", "--high", "old=much"), "the weight 'much' is not a number"),
        ((*MEASURE, "--output", "out.xlsx"), "out.xlsx: the name must end in .csv or .parquet"),
        ((*MEASURE, "--output", "no/out.csv"), "no/out.csv: cannot be written"),
        ((*FIT, "--margin", "age=age.csv", "--output", "./age.csv"), "age.csv: is a table that was read"),
        ((*MEASURE, "--output", "online.csv"), "online.csv: is a table that was read"),
        (("equity", "rate", "age.csv", "--count", "old", "--of", "young"), "column 'old': row 2 is 9 out of 3"),
    ],
)  # fmt: skip
def test_what_does_not_fit_is_refused_in_one_sentence(folder, arguments, words):
    done = run(*arguments)
    assert done.exit_code in (1, 2)
    assert words in done.output
    assert "Traceback" not in done.output
    assert {path.name for path in folder.iterdir()} == {"online.csv", "asked.csv", "age.csv", "sex.csv"}


def test_neighbourhoods_that_one_margin_lacks_are_named(folder):
    (folder / "sex.csv").write_text("code,m,f\nB,6,6\nC,8,7\n")
    done = run(*FIT, "--margin", "age=age.csv", "--margin", "sex=sex.csv")
    assert "sex.csv: has no row for A; give all margins for the same neighbourhoods" in done.output


def test_errors_of_slopes_are_on_the_scale_of_the_values_whatever_the_transform(folder):
    values, errors = np.array(ONLINE) / 100, np.array(ERRORS) / 100
    rows = [f"{f + 1},{values[f]},{PEOPLE[f]},{errors[f]}" for f in range(5)]
    (folder / "share.csv").write_text("fifth,share,people,se\n" + "\n".join(rows) + "\n")
    asked = ("equity", "slope", "share.csv", "--value", "share", "--population", "people", "--se", "se")
    done = run(*asked, "--order", "fifth", "--transform", "logit", "--draws", 5000, "--output", "out.csv")
    assert done.exit_code == 0, done.output
    (found,) = rows_of(folder / "out.csv")
    expected = slope_index(values, PEOPLE, errors / (values * (1 - values)), transform="logit", draws=5000, rng=2022)
    assert float(found["sii_low"]) == pytest.approx(float(expected.sii_low))
    plain = slope_index(values, PEOPLE, errors, rng=0)
    assert float(found["sii_high"]) - float(found["sii_low"]) == pytest.approx(
        float(plain.sii_high - plain.sii_low), rel=0.1
    )


def test_people_without_an_answer_are_left_out_and_totals_by_any_name(folder):
    (folder / "asked.csv").write_text("age,sex,left_out\nyoung,m,0\nold,m,1\nold,f,1\nyoung,f,0\nyoung,f,\n")
    (folder / "sex.csv").write_text("code,All persons,m,f\nB,12,6,6\nA,15,8,7\n")
    done = run(*FIT, "--margin", "age=age.csv", "--margin", "sex=sex.csv", "--output", "out.csv")
    assert done.exit_code == 0, done.output
    assert "1 of 5 rows have no 'left_out' and are left out" in done.stderr
    assert [row["state"] for row in rows_of(folder / "out.csv")] == ["fitted", "fitted"]


def test_where_nobody_asked_is_of_a_kind_there_is_no_figure_and_it_is_said(folder):
    (folder / "asked.csv").write_text("age,sex,left_out\nyoung,m,0\nyoung,f,1\n")
    done = run(*FIT, "--margin", "age=age.csv", "--margin", "sex=sex.csv", "--output", "out.csv")
    assert done.exit_code == 0, done.output
    assert "nobody in asked.csv has 'age' 'old'" in done.stderr
    assert "2 are more than 1 % off, and have no figure" in done.stderr
    assert [(row["state"], row["estimate"]) for row in rows_of(folder / "out.csv")] == [("no profile", "")] * 2


def test_a_margin_with_a_hole_is_refused_with_its_row(folder):
    (folder / "age.csv").write_text("code,young,old\nA,10,5\nB,*,9\n")
    done = run(*FIT, "--margin", "age=age.csv")
    assert "age.csv: row 2, column 'young' is missing or suppressed" in done.output


def test_columns_called_like_those_of_the_result_are_refused_rather_than_hidden(folder):
    (folder / "helped.csv").write_text("low,helped,asked\n3,30,60\n")
    done = run("equity", "rate", "helped.csv", "--count", "helped", "--of", "asked")
    assert "helped.csv: column 'low' is called like one of the result's; give it another name" in done.output

"""Definitions of figures fit together: every indicator and group reads columns that its source has."""

import csv
import re

import pytest

from inroads.interop.open_data.codes import KINDS, coded
from inroads.reference import definitions
from inroads.reference.definitions.figures import Group, Indicator, OrganisationTable, Source


@pytest.mark.parametrize("indicator", definitions.load(Indicator).values(), ids=lambda indicator: indicator.id)
def test_an_indicator_reads_numbers_of_its_source(indicator):
    source = definitions.load(Source)[indicator.source]
    numeric = {name for numbers in source.numbers for name in numbers.columns}
    wanted = {indicator.column} if indicator.column else {*indicator.numerator, *indicator.denominator}
    assert wanted <= numeric
    assert indicator.plain.endswith(".")
    assert indicator.caveat


@pytest.mark.parametrize("group", definitions.load(Group).values(), ids=lambda group: group.id)
def test_a_group_reads_numbers_of_its_source(group):
    source = definitions.load(Source)[group.source]
    assert {*group.columns, *group.base} <= {name for numbers in source.numbers for name in numbers.columns}


@pytest.mark.parametrize("source", definitions.load(Source).values(), ids=lambda source: source.id)
def test_a_source_says_who_published_it_and_under_which_licence(source):
    assert source.publisher
    assert "licence" in source.licence.lower() or "CC BY" in source.licence or "Creative" in source.licence
    assert source.origin.startswith("https://")
    assert not source.geography or source.key


@pytest.mark.parametrize("source", definitions.load(Source).values(), ids=lambda source: source.id)
def test_codes_are_of_known_kinds_and_none_is_forgotten(source):
    assert set(coded(source).values()) <= KINDS
    assert set(source.nations) <= set("EWSN")
    looks_like_one = {name for name in source.columns if re.search(r"\d_code(_nhs|_h)?$|\bcode \(\d", name)}
    assert looks_like_one - {"ruc21_code"} <= set(coded(source))


def test_the_42_integrated_care_systems():
    table = definitions.load(OrganisationTable)["ics"]
    with (definitions.folder() / "organisations" / "ics.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert list(rows[0]) == list(table.columns)
    assert len({row["icb_code"] for row in rows}) == len({row["ods_code"] for row in rows}) == 42
    assert len({row["nhs_region_ods_code"] for row in rows}) == 7

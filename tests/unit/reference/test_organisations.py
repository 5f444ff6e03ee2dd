"""The tree of organisations: loading, adding, moving, and what the database itself refuses."""

import csv

import pytest
from django.db import IntegrityError, connection, transaction

from inroads.reference import tree_triggers
from inroads.reference.definitions import DefinitionError, folder
from inroads.reference.models import PARENT_KINDS, Kind, Organisation
from inroads.reference.organisations import (
    OrganisationError,
    add_organisation,
    covers,
    england,
    line_of,
    load_organisations,
    move_organisation,
    within,
)

pytestmark = pytest.mark.django_db

HEADER = "icb_code,ods_code,name,nhs_region_name,nhs_region_ods_code\n"
WIGHT = "E54000042,QRL,NHS Hampshire and Isle of Wight Integrated Care Board,South East,Y59\n"
MANCHESTER = "E54000057,QOP,NHS Greater Manchester Integrated Care Board,North West,Y62\n"


@pytest.fixture
def ics_file(tmp_path):
    def write(*rows, header=HEADER):
        path = tmp_path / "ics.csv"
        path.write_text(header + "".join(rows), encoding="utf-8")
        return path

    return write


@pytest.fixture
def tree(ics_file):
    load_organisations(ics_file(WIGHT, MANCHESTER))
    wight = Organisation.objects.get(ons_code="E54000042")
    place = add_organisation(kind=Kind.PLACE, name="Isle of Wight", parent=wight, ons_code="E06000046")
    provider = add_organisation(kind=Kind.PROVIDER, name="A provider", parent=place)
    team = add_organisation(kind=Kind.TEAM, name="A team", parent=provider)
    return {"ics": wight, "place": place, "provider": provider, "team": team}


def test_loading_makes_england_regions_and_systems(ics_file):
    assert load_organisations(ics_file(WIGHT, MANCHESTER)) == 5
    wight = Organisation.objects.get(ons_code="E54000042")
    assert [step.kind for step in line_of(wight)] == ["england", "region", "ics"]
    assert [step.name for step in line_of(wight)][:2] == ["England", "South East"]


def test_loading_again_changes_nothing(ics_file):
    path = ics_file(WIGHT, MANCHESTER)
    load_organisations(path)
    before = list(Organisation.objects.order_by("pk").values())
    assert load_organisations(path) == 0
    assert list(Organisation.objects.order_by("pk").values()) == before


def test_loading_takes_over_a_new_name_and_a_new_region(ics_file, tree):
    renamed = WIGHT.replace("Hampshire and", "Solent and").replace("South East,Y59", "North West,Y62")
    assert load_organisations(ics_file(renamed, MANCHESTER)) == 1
    wight = Organisation.objects.get(ons_code="E54000042")
    assert "Solent" in wight.name
    assert wight.parent.ods_code == "Y62"
    moved = Organisation.objects.get(pk=tree["team"].pk)
    assert covers(wight, moved), "what lay below an ICS moves with it"


def test_the_real_file_has_42_systems_in_7_regions():
    path = folder() / "organisations" / "ics.csv"
    if not path.is_file():
        pytest.skip(f"{path} is not there yet")
    with path.open(encoding="utf-8") as file:
        expected = {row["icb_code"] for row in csv.DictReader(file)}
    load_organisations()
    assert set(Organisation.objects.filter(kind=Kind.ICS).values_list("ons_code", flat=True)) == expected
    assert (len(expected), Organisation.objects.filter(kind=Kind.REGION).count()) == (42, 7)


@pytest.mark.parametrize(
    ("rows", "header", "words"),
    [
        ((WIGHT.replace("QRL", ""),), HEADER, ("row 2", "ods_code", "empty")),
        ((WIGHT, WIGHT), HEADER, ("row 3", "icb_code", "already in row 2")),
        ((WIGHT,), HEADER.replace("name,", "title,", 1), ("column name is missing",)),
        (
            (WIGHT, MANCHESTER.replace("Y62", "Y59")),
            HEADER,
            ("row 3", "nhs_region_name", "South East"),
        ),
    ],
)
def test_a_wrong_file_is_named_with_row_and_column_and_changes_nothing(ics_file, rows, header, words):
    with pytest.raises(DefinitionError) as refusal:
        load_organisations(ics_file(*rows, header=header))
    for word in ("ics.csv", *words):
        assert word in str(refusal.value)
    assert not Organisation.objects.exists()


def test_within_is_the_organisation_and_everything_below(tree):
    below = within([tree["place"]])
    assert set(below) == {tree["place"], tree["provider"], tree["team"]}
    assert not within([]).exists(), "nobody's organisations are no organisations"


def test_moving_carries_everything_below(tree):
    manchester = Organisation.objects.get(ons_code="E54000057")
    moved = move_organisation(organisation=tree["place"], parent=manchester)
    assert moved.parent == manchester
    team = Organisation.objects.get(pk=tree["team"].pk)
    assert [step.pk for step in line_of(team)][2:] == [
        manchester.pk,
        tree["place"].pk,
        tree["provider"].pk,
        tree["team"].pk,
    ]
    assert set(within([manchester])) == {manchester, moved, tree["provider"], team}
    assert set(within([tree["ics"]])) == {tree["ics"]}


def test_a_kind_under_the_wrong_parent_is_refused_in_words(tree):
    with pytest.raises(OrganisationError, match="a Team sits below a Provider, but Isle of Wight is a Place"):
        add_organisation(kind=Kind.TEAM, name="A team", parent=tree["place"])
    with pytest.raises(OrganisationError, match="no parent was given"):
        add_organisation(kind=Kind.PLACE, name="Nowhere", parent=None)
    with pytest.raises(OrganisationError, match="not a kind"):
        add_organisation(kind="hospital", name="X", parent=tree["place"])


def test_an_organisation_cannot_be_moved_below_itself(tree):
    for target in (tree["place"], tree["provider"], tree["team"]):
        with pytest.raises(OrganisationError):
            move_organisation(organisation=tree["place"], parent=target)


@pytest.mark.parametrize("kind", [kind for kind in Kind.values if kind != Kind.ENGLAND])
@pytest.mark.parametrize("parent_kind", Kind.values)
def test_the_database_refuses_every_pair_that_is_not_allowed(ics_file, tree, kind, parent_kind):
    parent = Organisation.objects.filter(kind=parent_kind).first()
    if parent is None:
        parent = add_organisation(kind=parent_kind, name="A parent", parent=tree["place"])
    row = Organisation(kind=kind, name="Direct", parent=parent, path=f"/direct/{kind}/{parent_kind}/")
    if parent_kind in PARENT_KINDS[kind]:
        row.save(force_insert=True)
        assert Organisation.objects.filter(pk=row.pk).exists()
    else:
        with pytest.raises(IntegrityError), transaction.atomic():
            row.save(force_insert=True)


def test_the_database_refuses_a_second_root_a_change_of_kind_and_a_circle(tree):
    with pytest.raises(IntegrityError), transaction.atomic():
        Organisation.objects.create(kind=Kind.ENGLAND, name="Another England", path="/x/")
    with pytest.raises(IntegrityError), transaction.atomic():
        Organisation.objects.create(kind=Kind.PLACE, name="No parent", path="/y/")
    with pytest.raises(IntegrityError), transaction.atomic():
        Organisation.objects.filter(pk=tree["place"].pk).update(kind=Kind.VOLUNTARY)
    with pytest.raises(IntegrityError), transaction.atomic():
        Organisation.objects.filter(pk=tree["place"].pk).update(parent=tree["team"])
    with pytest.raises(IntegrityError), transaction.atomic():
        Organisation.objects.filter(pk=tree["place"].pk).update(parent=tree["place"])
    assert england().name == "England"


def test_the_two_lists_of_allowed_parents_agree():
    stated = {(str(kind), str(parent)) for kind, parents in PARENT_KINDS.items() for parent in parents}
    assert set(tree_triggers.ALLOWED) == stated
    assert connection.vendor in ("sqlite", "postgresql")

"""Waves of the landscape: the report's own, scores from files and assessments, places that stay the same."""

from datetime import date, timedelta

import numpy as np
import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone
from kept_rows import afresh
from pages import client_of, date_fields
from systems_factories import make_member
from systems_landscape_factories import (
    DAY,
    as_file,
    four_groups,
    make_closed,
    make_keeper,
    make_systems,
    make_wave,
)

from inroads.accounts.actions import Refused
from inroads.accounts.models import AuditEntry
from inroads.methods import adoption
from inroads.reference.definitions import load
from inroads.reference.definitions.framework import Criterion
from inroads.reference.definitions.waves import PublishedWave
from inroads.reference.organisations import england
from inroads.systems.actions import waves as actions
from inroads.systems.models import Basis, Needle, Placed, Score, Wave
from inroads.systems.queries import wave_scores
from inroads.systems.queries.published_waves import counts_published, region_sizes

pytestmark = pytest.mark.django_db
HEAD = b"system,criterion,level\n"


@pytest.fixture(scope="module")
def made(rows_for_all):
    """Twelve systems in three regions, and who keeps the waves."""
    return make_systems((4, 4, 4)), make_keeper()


@pytest.fixture
def world(made, db):
    """The same, as nobody has changed it yet."""
    return afresh(made)


# What was published


def test_the_reports_own_wave_reproduces_what_the_report_says(world):
    _, keeper = world
    wave = actions.load_published(definition="report_2022", by=keeper)
    assert actions.load_published(definition="report_2022", by=keeper) == wave
    assert Wave.objects.count() == 1
    assert AuditEntry.objects.filter(action="wave_loaded").count() == 1
    found = counts_published(wave)
    assert (found.counts, found.systems) == ((6, 16, 12, 8), 42)
    assert [round(100 * count / 42) for count in (6, 16 + 12, 16, 12, 8)] == [14, 67, 38, 29, 19]
    assert (round(found.rogers.chi2, 2), found.rogers.df, round(found.rogers.p, 2)) == (0.89, 3, 0.83)
    assert sorted(region_sizes()) == [3, 4, 5, 6, 6, 7, 11]
    # Six systems in six regions: bunching cannot be seen, and of all draws 4 in 100 are so spread.
    assert found.reached.fewer == 1
    assert found.reached.more == pytest.approx(0.0428, abs=1e-4)
    assert not Placed.objects.exists(), "who stands where was not published"


def test_everybody_may_read_what_was_published_and_nothing_else(world, client):
    systems, keeper = world
    wave = actions.load_published(definition="report_2022", by=keeper)
    page = client.get(reverse("systems:landscape_published", kwargs={"wave": wave.pk})).content.decode()
    for words in (
        "6 systems (14%)",
        "28 systems (67%)",
        "16 (38%) early majority and 12 (29%) late majority",
        "8 systems (19%)",
        "do not differ from those of Rogers’ curve",
        "chi squared 0.89, 3 degrees of freedom, p = 0.83",
        "sees no regional patterns",
        "always (p = 1)",
        "4.3 times in 100 (p = 0.04)",
        "Whether they go by region, or why the first are where they are, cannot be told",
        "section 3.2.3",
        "March 2022",
    ):
        assert words in page, words
    assert page.count('class="mark filled one-of-all"') == 42 + 1, "a dot each, and one in the key"
    other = make_wave(systems, four_groups(0, (3, 3, 3, 3), 12), by=keeper)
    assert client.get(reverse("systems:landscape_published", kwargs={"wave": other.pk})).status_code == 404


def test_a_definition_that_does_not_add_up_is_refused():
    right = vars(load(PublishedWave)["report_2022"])
    for wrong, field in (
        ({"counts": (6, 16, 12)}, "counts"),
        ({"counts": (0, 0, 0, 0)}, "counts"),
        ({"regions_in_first": 7}, "regions_in_first"),
    ):
        with pytest.raises(ValueError, match=field):
            PublishedWave(**right | wrong)


# Scores and places


def test_taking_a_wave_again_gives_the_same_places(world):
    systems, keeper = world
    levels = four_groups(3, (3, 3, 3, 3), 12)
    wave = make_wave(systems, levels, by=keeper)
    first = list(Placed.objects.order_by("organisation_id").values())
    assert actions.take_wave(wave=wave, by=keeper).taken_at == wave.taken_at
    assert list(Placed.objects.order_by("organisation_id").values()) == first
    # Worked out anew from nothing but the kept scores: equal to the last digit but for the ids of rows.
    Wave.objects.update(taken_at=None)
    actions.take_wave(wave=wave, by=keeper)
    again = list(Placed.objects.order_by("organisation_id").values())
    assert [row | {"id": 0} for row in again] == [row | {"id": 0} for row in first]
    found = adoption.classify(levels[np.argsort([str(each.pk) for each in systems])], rng=wave.pk.int)
    assert [row["group"] for row in again] == found.group.tolist()
    assert [row["chances"] for row in again] == found.probability.round(4).tolist()
    assert [row["rank_low"] for row in again] == found.rank_low.tolist()


def test_assessments_place_systems_by_the_latest_that_was_closed_by_that_day(world):
    systems, keeper = world
    names = list(load(Criterion))[:6]
    for number, system in enumerate(systems):
        level = number // 3
        make_closed(system, dict.fromkeys(names, (3, 3 - level, level)), by=keeper, on=DAY - timedelta(days=300))
    # Closed on the day itself it counts; a day later it does not.
    make_closed(systems[11], dict.fromkeys(names, (3, 3, 3)), by=keeper, on=DAY)
    make_closed(systems[10], dict.fromkeys(names, (3, 3, 3)), by=keeper, on=DAY + timedelta(days=1))
    wave = actions.add_wave(title="Spring", on=DAY, basis=Basis.ASSESSMENTS, by=keeper)
    assert wave.needle == Needle.EVIDENCED
    actions.take_wave(wave=wave, by=keeper)
    groups = dict(Placed.objects.values_list("organisation__name", "group"))
    assert groups[systems[11].name] == groups[systems[0].name] == adoption.GROUPS[0]
    assert groups[systems[10].name] == adoption.GROUPS[3]
    other = actions.add_wave(title="Spring", on=DAY, basis=Basis.ASSESSMENTS, needle=Needle.EXPERIENCED, by=keeper)
    actions.take_wave(wave=other, by=keeper)
    lived = dict(Placed.objects.filter(wave=other).values_list("organisation__name", "group"))
    assert lived[systems[0].name] == adoption.GROUPS[3], "the third needle points elsewhere"


def test_criteria_of_two_editions_stand_in_one_line(world, monkeypatch):
    systems, keeper = world
    old = {"new_one": ("new_one", "old_one"), "also_new": ("also_new", "old_one")}
    monkeypatch.setattr(wave_scores, "line_of", lambda name: old.get(name, (name,)))
    make_closed(systems[0], {"old_one": (1, 1, 1), "same": (1, 2, 1)}, by=keeper)
    make_closed(systems[1], {"new_one": (1, 1, 1), "also_new": (None, 2, 1), "same": (1, 3, 1)}, by=keeper)
    wave = actions.add_wave(title="Two editions", on=DAY, basis=Basis.ASSESSMENTS, by=keeper)
    assert wave_scores.scores_from(wave) == {
        (systems[0].pk, "old_one"): 1.0,
        (systems[0].pk, "same"): 2.0,
        (systems[1].pk, "old_one"): 1.5,
        (systems[1].pk, "same"): 3.0,
    }
    claimed = wave_scores.scores_from(wave, Needle.CLAIMED)
    assert claimed[systems[1].pk, "old_one"] == 1.0, "what is not claimed is not counted"


def test_returns_place_systems_by_the_scores_that_stand(world, monkeypatch):
    systems, keeper = world
    levels = four_groups(5, (3, 3, 3, 3), 3)
    given = [
        (each.pk, name, levels[at, number])
        for at, each in enumerate(systems)
        for number, name in enumerate(("codesign", "one", "two"))
    ]
    monkeypatch.setattr(wave_scores, "scores_of", lambda wave: [*given, (england().pk, "codesign", 3)])
    wave = actions.add_wave(title="Returns", on=DAY, basis=Basis.RETURNS, by=keeper)
    actions.take_wave(wave=wave, by=keeper)
    assert wave.scores.count() == 36, "systems only"
    assert wave.places.count() == 12
    assert "3 criteria are few" in Wave.objects.get().note
    # One more return was settled: taken again, the places follow.
    given[0] = (systems[0].pk, "codesign", 0)
    actions.take_wave(wave=wave, by=keeper)
    assert wave.scores.get(organisation=systems[0], criterion="codesign").value == 0


def test_too_little_to_go_by_is_refused_in_words(world):
    systems, keeper = world
    wave = actions.add_wave(title="x", on=DAY, basis=Basis.FILE, source="y", by=keeper)
    with pytest.raises(Refused, match="scores of 0 systems on 0 criteria"):
        actions.take_wave(wave=wave, by=keeper)
    actions.load_scores(wave=wave, content=as_file(systems, four_groups(0, (3, 3, 3, 3), 1)), by=keeper)
    with pytest.raises(Refused, match="12 systems on 1 criteria"):
        actions.take_wave(wave=wave, by=keeper)
    published = actions.load_published(definition="report_2022", by=keeper)
    with pytest.raises(Refused, match="Only counts were published"):
        actions.take_wave(wave=published, by=keeper)
    with pytest.raises(Refused, match="lies in the future"):
        actions.add_wave(title="x", on=date(2100, 1, 1), basis=Basis.RETURNS, by=keeper)
    with pytest.raises(Refused, match="Say where the scores come from"):
        actions.add_wave(title="x", on=DAY, basis=Basis.FILE, by=keeper)
    with pytest.raises(Refused, match="no published wave"):
        actions.load_published(definition="nothing", by=keeper)


# Files


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "Row 1: column system, criterion, level is missing"),
        (b"system,level\nZ101,2", "Row 1: column criterion is missing"),
        (HEAD, "no scores below it"),
        (HEAD + b"XX1,codesign,2", "Row 2, column system: “XX1” is not a system"),
        (HEAD + b"Z101,Co-design,2", "Row 2, column criterion: “Co-design” cannot be one"),
        (HEAD + b"Z101,codesign,4", "Row 2, column level: “4” is not a number from 0 to 3"),
        (HEAD + b"Z101,codesign,", "Row 2, column level: “” is not a number"),
        (HEAD + b"Z101,codesign,nan", "is not a number from 0"),
        (HEAD + b"Z101,codesign,inf", "is not a number from 0"),
        (HEAD + b"Z101,codesign,-1", "is not a number from 0"),
        (HEAD + b"Z101,other,101", "is not a number from 0 to 100"),
        (HEAD + b"Z101,codesign,2\n\nz101,codesign,1\n", "Row 4: this system was scored on this criterion in row 2"),
        (HEAD + b"Z101,codesign,2\nZ102,codesing,2\nZ103,codesign,1", "Row 3, column criterion: “codesing” scores one"),
        (HEAD + b"XX1,codesign,2\nXX2,codesign,2\nXX3,codesign,9", "2 more rows are wrong as well. Nothing was loaded"),
        ("system;criterion;level\nZ101;codesign;é".encode("latin-1"), "not text in UTF-8"),
        (b"x" * (5 << 20) + b"y", "larger than 5 MB"),
    ],
)
def test_a_file_that_is_wrong_says_where_and_nothing_is_loaded(world, content, words):
    systems, keeper = world
    wave = actions.add_wave(title="x", on=DAY, basis=Basis.FILE, source="y", by=keeper)
    actions.load_scores(wave=wave, content=as_file(systems, four_groups(0, (3, 3, 3, 3), 2)), by=keeper)
    with pytest.raises(Refused, match=r".") as refused:
        actions.load_scores(wave=wave, content=content, by=keeper)
    assert words in str(refused.value)
    assert Score.objects.count() == 24, "what was there before is still there"


def test_files_come_with_either_code_and_any_usual_delimiter(world):
    systems, keeper = world
    systems[1].ons_code = "E54999999"
    systems[1].save()
    wave = actions.add_wave(title="x", on=DAY, basis=Basis.FILE, source="y", by=keeper)
    for delimiter in (",", ";", "\t"):
        rows = [
            ("Level", "System", "Note", "Criterion"),
            ("2", "z101", "n", "codesign"),
            ("1", "e54999999", "", "codesign"),
        ]
        text = "\ufeff" + "\r\n".join(delimiter.join(row) for row in rows) + "\r\n"
        assert actions.load_scores(wave=wave, content=text.encode(), by=keeper) == 2
        kept = set(Score.objects.values_list("organisation__name", "value"))
        assert kept == {(systems[0].name, 2.0), (systems[1].name, 1.0)}


def test_scores_stay_once_systems_have_their_places(world):
    systems, keeper = world
    wave = make_wave(systems, four_groups(0, (3, 3, 3, 3), 12), by=keeper)
    with pytest.raises(Refused, match="add another wave"):
        actions.load_scores(wave=wave, content=HEAD + b"Z101,codesign,2\nZ102,codesign,2", by=keeper)
    page = client_of(keeper)
    assert page.get(reverse("systems:wave_scores", kwargs={"wave": wave.pk})).status_code == 404


# Pages


def test_a_wave_goes_from_nothing_to_places_in_the_browser(world):
    systems, keeper = world
    page = client_of(keeper)
    assert "There is no wave yet" in page.get(reverse("systems:waves")).content.decode()
    shown = page.post(reverse("systems:wave_new"), {"title": "Spring", "basis": "file", **date_fields("on", DAY)})
    assert "Say where the scores come from" in shown.content.decode()
    assert 'value="Spring"' in shown.content.decode(), "nothing typed is lost"
    answer = page.post(
        reverse("systems:wave_new"),
        {"title": "Spring", "basis": "file", "source": "Made up", **date_fields("on", DAY)},
    )
    wave = Wave.objects.get()
    assert answer.url == reverse("systems:wave", kwargs={"wave": wave.pk})
    assert "Places need scores of 4 systems" in page.get(answer.url).content.decode()
    scores = reverse("systems:wave_scores", kwargs={"wave": wave.pk})
    wrong = page.post(scores, {"file": SimpleUploadedFile("s.csv", HEAD + b"XX1,codesign,1")}).content.decode()
    assert "Row 2, column system: “XX1” is not a system" in wrong
    assert "Error: " in wrong
    assert "Choose a file" in page.post(scores, {}).content.decode()
    right = SimpleUploadedFile("s.csv", as_file(systems, four_groups(0, (3, 3, 3, 3), 12)))
    assert page.post(scores, {"file": right}).url == answer.url
    assert "144: 12 systems on 12 criteria" in page.get(answer.url).content.decode()
    taken = page.post(reverse("systems:wave_take", kwargs={"wave": wave.pk}))
    assert taken.url == reverse("systems:landscape_of", kwargs={"wave": wave.pk})
    assert page.get(taken.url).status_code == 200
    listed = page.get(reverse("systems:waves")).content.decode()
    assert 'name="definition" value="report_2022"' in listed
    loaded = page.post(reverse("systems:wave_load"), {"definition": "report_2022"})
    assert "6 systems (14%)" in page.get(loaded.url).content.decode()
    assert 'value="report_2022"' not in page.get(reverse("systems:waves")).content.decode()
    assert [each.action for each in AuditEntry.objects.filter(action__startswith="wave").order_by("number")] == [
        *("wave_added", "wave_scores_loaded", "wave_taken", "wave_loaded")
    ]


def test_only_those_who_keep_returns_of_all_of_england_keep_waves(world):
    systems, keeper = world
    wave = actions.add_wave(title="x", on=DAY, basis=Basis.FILE, source="y", by=keeper)
    of_wave = {"kwargs": {"wave": wave.pk}}
    regional = make_member(systems[0].parent, "national_lead")
    lead, nobody = make_member(systems[0], "place_lead"), make_member(systems[0], "practitioner")
    read = [reverse("systems:waves"), reverse("systems:wave", **of_wave)]
    write = [reverse("systems:wave_new"), reverse("systems:wave_scores", **of_wave)]
    post = [reverse("systems:wave_take", **of_wave), reverse("systems:wave_load")]
    for user, reads, writes, posts in ((keeper, 200, 200, 302), (regional, 200, 404, 404), (lead, 403, 403, 403)):
        page = client_of(user)
        assert [page.get(each).status_code for each in read] == [reads] * 2
        assert [page.get(each).status_code for each in write] == [writes] * 2
        assert [page.post(each).status_code for each in post] == [posts] * 2
    for user in (regional, lead, nobody):
        for act in (
            lambda by: actions.add_wave(title="x", on=timezone.localdate(), basis=Basis.RETURNS, by=by),
            lambda by: actions.load_published(definition="report_2022", by=by),
            lambda by: actions.load_scores(wave=wave, content=b"", by=by),
            lambda by: actions.take_wave(wave=wave, by=by),
        ):
            with pytest.raises(PermissionDenied):
                act(user)
    assert Wave.objects.count() == 1

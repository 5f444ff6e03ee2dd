"""The invented people that speed is measured with: as the application itself would have kept them."""

import itertools

import nhs_number as nhs
import numpy as np
import pytest
from django.db import connection

from benchmarks import people_load, people_names, people_rows
from inroads.accounts.models import User
from inroads.people.models import Choice, Conversation, NameWord, Person
from inroads.people.queries import records
from inroads.people.queries.record import record_of

SIZE = {"people": 1200, "conversations": 3600, "choices": 6000, "seed": 3}


@pytest.fixture
def loaded(db):
    if connection.vendor != "sqlite":
        pytest.skip("on PostgreSQL indexes are taken away meanwhile: not inside a test's transaction")
    return people_load.load(**SIZE, say=lambda text: None)


def test_the_load_has_what_was_asked_for_and_is_loaded_once(loaded):
    assert Person.objects.count() >= SIZE["people"]
    assert (Conversation.objects.count(), Choice.objects.count()) == (3600, 6000)
    assert loaded > 30 * SIZE["people"]
    assert people_load.load(**SIZE, say=lambda text: None) == 0
    with pytest.raises(people_load.CannotLoadError, match="another load"):
        people_load.load(**{**SIZE, "seed": 4}, say=lambda text: None)


def test_names_are_kept_as_the_application_keeps_them(loaded):
    words: dict = {}
    for person, word in NameWord.objects.values_list("person", "word"):
        words.setdefault(person, []).append(word)
    for person in Person.objects.filter(pk__in=words):
        assert person.sort_name == records.plain(person.full_name)
        expected = set(records.plain(f"{person.full_name} {person.known_as}").split())
        assert sorted(words[person.pk]) == sorted(expected)


def test_readers_see_their_own_part_and_a_record_holds_together(loaded):
    seen = {}
    for kind, (email, _) in people_load.READERS.items():
        seen[kind] = set(records.people_visible_to(User.objects.get(email=email)).values_list("pk", flat=True))
    assert 0 < len(seen["average"]) < len(seen["largest"]) < len(seen["everybody"])
    assert seen["average"] | seen["largest"] | seen["provider"] <= seen["everybody"]
    assert not seen["average"] & seen["largest"]
    busiest = max(Person.objects.filter(pk__in=seen["largest"]), key=lambda each: each.choices.count())
    record = record_of(busiest)
    for person in Person.objects.filter(pk__in=seen["largest"])[:50]:
        kept = record_of(person)
        to_do = [each.now.due_on for each in kept.steps if each.now.status == "planned"]
        assert person.due_on == min([kept.review.review_on, *to_do])
    assert {each.stage.pathway_id for each in record.choices.values()} == {each.pathway_id for each in
                                                                          record.stages.values()}  # fmt: skip
    assert all(each.option_id in each.offered for each in busiest.choices.exclude(option=None))
    moments = list(busiest.choices.order_by("pk").values_list("recorded_at", flat=True))
    assert moments == sorted(moments)


def test_invented_nhs_numbers_are_right_and_nobody_has_the_same():
    found = people_rows.nhs_numbers(np.arange(20_000))
    given = [str(each) for each in found if each]
    assert 17_000 < len(given) < 20_000
    assert len(set(given)) == len(given)
    assert all(each.startswith("9") and nhs.is_valid(each) for each in given)


def test_a_few_names_are_common_and_all_are_different():
    for names in (people_names.first_names(), people_names.family_names()):
        assert len(set(names)) == len(names) == people_names.DISTINCT
    share = people_names.how_common(people_names.DISTINCT)
    assert share.sum() == pytest.approx(1)
    jo = sum(s for name, s in zip(people_names.first_names(), share, strict=True) if name.startswith("Jo"))
    assert jo > 0.05


def test_teams_are_uneven():
    shares = people_rows.uneven_shares(200, largest=0.05, seed=1)
    assert shares.sum() == pytest.approx(1)
    assert shares[0] == max(shares) == 0.05
    assert max(shares[1:]) > 4 * min(shares)
    assert not any(one == two for one, two in itertools.pairwise(shares))

"""The invented system is as it says: its truth can be counted out of raw records; what is hidden is really hidden."""

from collections import defaultdict
from itertools import combinations

import numpy as np
import pytest
from worlds.days import month_ends
from worlds.ics import EXPECTED, ICS, make_world
from worlds.load import load, load_month
from worlds.month import second_month
from worlds.organisations import OTHER_ICS
from worlds.pathway import DIGITAL_ONLY_NOW
from worlds.people import ANSWERS, BUNDLES, CHANNELS, COMMUNITIES, COUNTED, DIGITAL, QUESTIONS, YES
from worlds.published import publish

from inroads.accounts.permissions import Permission, may
from inroads.analytics.areas import is_open
from inroads.analytics.counted import DIGITAL as DIGITAL_CHANNELS
from inroads.analytics.published import ENGLAND, open_published
from inroads.people.models import Answer, AnswerValue, Channel, Choice, Loan, Person, Preferences, Referral
from inroads.places.queries import risk_index
from inroads.places.queries.picture import picture
from inroads.reference.definitions import load as definitions
from inroads.reference.definitions.care import Community
from inroads.reference.definitions.conversation import barriers
from inroads.reference.definitions.measures import measures


@pytest.fixture(scope="module")
def world():
    return make_world(seed=1)


@pytest.fixture(scope="module")
def small():
    return make_world(people=2_000, neighbourhoods=20, seed=1)


def recounted(world):
    """Asked and found by neighbourhood and channel, one record after the other, as the measure says it in words."""
    measure = measures()["left_out"]
    places = dict(Person.objects.values_list("pk", "neighbourhood"))
    last = defaultdict(dict)
    for answer in Answer.objects.filter(topic__in=measure.barriers, kind="barrier").order_by("pk"):
        if answer.answer in ("yes", "a_bit", "no"):
            last[answer.person_id][answer.topic] = answer
    asked, found = np.zeros((2, len(world.code), len(CHANNELS)), dtype=int)
    for person, answers in last.items():
        if len(answers) >= measure.least_asked and places[person]:
            newest = max(answers.values(), key=lambda each: each.pk)
            at = world.code.tolist().index(places[person]), CHANNELS.index(newest.channel)
            asked[at] += 1
            found[at] += any(each.answer in measure.answers for each in answers.values())
    return asked, found


def test_it_speaks_the_words_of_the_definitions():
    assert set(COUNTED) == set(measures()["left_out"].barriers)
    assert set(QUESTIONS) | {name for bundle in BUNDLES for name in bundle} <= set(barriers())
    assert list(COMMUNITIES) == sorted(definitions(Community))
    assert list(CHANNELS) == Channel.values
    assert set(DIGITAL) == set(DIGITAL_CHANNELS)
    assert list(ANSWERS) == AnswerValue.values


def test_the_same_seed_gives_the_same_world(small):
    again, other = (make_world(people=2_000, neighbourhoods=20, seed=seed) for seed in (1, 2))
    for name in ("share", "population", "parts", "collected"):
        assert np.array_equal(getattr(again, name), getattr(small, name))
        assert not np.array_equal(getattr(other, name), getattr(small, name))
    assert np.array_equal(again.people.answers, small.people.answers)


def test_a_world_needs_room():
    with pytest.raises(ValueError, match="10 at least, and 20 people for each"):
        make_world(people=100, neighbourhoods=20, seed=1)


def test_the_index_is_informative_and_wrong_in_known_places(world):
    above = world.share - world.expected
    assert world.pocket.sum() == world.overstated.sum() == 12
    assert above[world.pocket].min() >= 0.30
    assert above[world.pocket].max() <= 0.40
    assert above[world.overstated].max() <= -0.05
    assert (world.collected[world.pocket | world.overstated] == "mixed").all()
    assert (world.index[world.pocket] < np.median(world.index)).all()
    elsewhere = ~world.pocket & ~world.overstated & (world.collected == "mixed")
    assert np.corrcoef(world.share[elsewhere], world.expected[elsewhere])[0, 1] > 0.7
    assert np.average(world.expected, weights=world.population) == pytest.approx(EXPECTED, abs=1e-6)


def test_people_are_left_out_as_often_as_the_shares_say(world):
    people = world.people
    known = people.neighbourhood >= 0
    lived = np.bincount(people.neighbourhood[known], minlength=420)
    out = np.bincount(people.neighbourhood[known], people.left_out[known], minlength=420)
    sd = np.sqrt(world.share * (1 - world.share) / lived)
    assert (np.abs(out / lived - world.share) < 4.5 * sd).all()
    assert 0.9 < ((out / lived - world.share) / sd).std() < 1.1


def test_some_communities_are_left_out_far_more_often_and_live_unevenly(world):
    people = world.people
    shares = dict(zip(COMMUNITIES, [people.left_out[each].mean() for each in people.communities.T], strict=True))
    everybody = people.left_out.mean()
    assert all(shares[name] > everybody + 0.15 for name in ("homeless", "refugees", "gypsy_roma_traveller", "dementia"))
    assert shares["young_people"] < everybody
    homeless = people.communities[:, list(COMMUNITIES).index("homeless")] & (people.neighbourhood >= 0)
    by_place = np.sort(np.bincount(people.neighbourhood[homeless], minlength=420))
    assert by_place[-84:].sum() > 0.5 * by_place.sum()


def test_those_left_out_answer_only_where_no_screen_is_needed(world):
    asked, found = world.counts()
    digital = np.isin(CHANNELS, DIGITAL)
    assert found[:, digital].sum() == 0
    assert found[:, ~digital].sum() > 2_000
    assert asked[:, digital].sum() > 0.4 * asked.sum()


def test_where_collection_was_digital_nobody_is_found_though_many_are_left_out(world):
    asked, found = world.counts()
    digital, quiet = np.isin(CHANNELS, DIGITAL), world.collected == "digital"
    assert quiet.sum() == 29
    assert (asked[quiet][:, digital].sum(axis=1) > 0).all()
    assert asked[quiet][:, ~digital].sum() == found[quiet].sum() == 0
    assert world.share[quiet].mean() > world.expected[quiet].mean() + 0.05
    heard = asked[world.collected == "mixed"]
    assert (heard[:, ~digital].sum(axis=1) > 0.25 * heard.sum(axis=1)).all()


def test_where_nobody_was_asked_nobody_was(world):
    asked, _ = world.counts()
    nobody = world.collected == "nobody"
    assert nobody.sum() == 29
    assert asked[nobody].sum() == 0
    # One of them is the largest of all.
    assert nobody[np.argmax(world.population)]


def test_planted_barriers_go_together(world):
    said = (world.people.answers == YES)[world.people.asked & ~world.people.short]
    column = {name: at for at, name in enumerate(QUESTIONS)}
    both = {pair: np.corrcoef(said[:, column[pair[0]]], said[:, column[pair[1]]])[0, 1] for pair in pairs(QUESTIONS)}
    planted = {tuple(sorted(pair)) for bundle in BUNDLES for pair in combinations(bundle, 2)}
    assert min(both[pair] for pair in planted) > 0.25
    assert max(both[pair] for pair in both if pair not in planted) < 0.1


def pairs(names):
    return [tuple(sorted(pair)) for pair in combinations(names, 2)]


@pytest.fixture
def loaded(db, small):
    return load(small)


def test_counting_raw_records_gives_back_the_truth(loaded, small):
    asked, found = recounted(small)
    assert np.array_equal(asked, small.counts()[0])
    assert np.array_equal(found, small.counts()[1])
    assert asked.sum() > 800


def test_records_hold_more_than_counts(loaded, small):
    assert Person.objects.count() == 2_000
    assert Person.objects.filter(neighbourhood="").count() == (small.people.neighbourhood < 0).sum() > 0
    assert Preferences.objects.exclude(communities=[]).exists()
    # Before what they say now some said the opposite, and some too little to count.
    talked = small.people.talked.sum()
    assert Answer.objects.values("conversation").distinct().count() == talked + small.people.before.sum()
    assert small.people.before.sum() > 10
    assert talked > small.people.asked.sum() + 30
    until = month_ends()[0]
    assert not Answer.objects.filter(said_on__gt=until).exists()
    told = Referral.objects.filter(state="told_back")
    assert told.count() > 40
    assert set(told.values_list("events__answer", flat=True)) == {"", "yes", "a_bit", "no"}
    unused = [each for each, flag in zip(loaded.services.services, loaded.services.unused, strict=True) if flag]
    assert unused
    assert not Referral.objects.filter(service__in=unused).exists()
    assert set(Loan.objects.values_list("ended_how", flat=True)) == {"", "returned", "lost", "theirs"}


def test_two_stages_of_the_pathway_are_digital_only_now(loaded):
    for title, options in loaded.pathway.options.items():
        left = [each.digital for each in options if each.withdrawn_at is None]
        assert all(left) == (title in DIGITAL_ONLY_NOW)
    chosen = Choice.objects.filter(stage__title="First talk")
    assert chosen.filter(option__digital=False).exists()
    assert chosen.filter(option=None).exists()


def test_those_who_look_at_figures_see_their_own_system_only(loaded):
    tree = loaded.tree
    for user in (tree.analyst, tree.second_analyst, tree.lead):
        assert may(user, Permission.RELEASE_FIGURES, tree.ics)
        assert not may(user, Permission.SEE_PICTURE, tree.other_ics)
    assert not may(tree.other_lead, Permission.SEE_PICTURE, tree.ics)
    assert (tree.ics.area_code, tree.other_ics.area_code) == (ICS, OTHER_ICS)
    assert all(place.area_code == code for code, place in tree.places.items())


def test_a_month_later_a_few_have_joined_left_or_changed_what_they_say(loaded, small):
    month = second_month(small)
    after = load_month(loaded, month)
    assert Person.objects.count() == 2_000 + len(month.joined) - len(month.left)
    asked, found = recounted(month.world)
    assert np.array_equal(asked, month.world.counts()[0])
    assert np.array_equal(found, month.world.counts()[1])
    moved = np.abs(found - small.counts()[1]).sum()
    assert 0 < moved <= len(month.joined) + len(month.left) + len(month.changed)
    assert Person.objects.filter(pk__in=after.person[month.joined].tolist()).count() == len(month.joined)
    assert Answer.objects.filter(said_on__gt=loaded.until, said_on__lte=after.until).exists()
    assert not Answer.objects.filter(said_on__gt=after.until).exists()


def test_in_the_second_month_one_person_alone_changes_where_few_are_left_out(world):
    month = second_month(world)
    before, after = world.counts()[1].sum(axis=1), month.world.counts()[1].sum(axis=1)
    crossed = (before <= 7) != (after <= 7)
    assert crossed.sum() >= 5
    assert (np.abs(after - before)[crossed] == 1).mean() > 0.8


def test_pages_read_its_published_figures(small, tmp_path):
    publish(small, tmp_path)
    published = open_published(tmp_path)
    assert published.neighbourhoods.code.tolist() == small.code.tolist()
    codes = {ICS, *small.authority.tolist()}
    assert all(is_open(published.areas[code]) for code in codes)
    assert published.areas[ENGLAND].whole
    assert np.allclose(picture(published, ICS, tuple(risk_index().weights)).score, small.index)
    assert all(shape is not None for shape in published.shapes(small.code.tolist()))
    assert all(published.outline(code) for code in codes)
    assert all("invented" in note for note in published.notes)

"""Whom touchpoints reach, by what people told us: small numbers never leave, and one person counts once."""

from datetime import date, timedelta

import pytest
from directory_factories import make_service, make_touchpoint
from django.utils import timezone
from people_factories import make_person, make_place, make_team, make_worker

from inroads.analytics.extract import open_extract
from inroads.directory.models import Reach
from inroads.directory.presenters.services import reaches
from inroads.people.actions import records, referrals
from inroads.people.actions.figures import count_month
from inroads.people.actions.reach import count_reach
from inroads.people.actions.referrals import Consent
from inroads.people.models import Person, Preferences, Referral, ReferralEvent
from inroads.people.queries.extract import write_extract


@pytest.fixture
def scene(db):
    place = make_place()
    team = make_team(place=place)
    return make_worker(team), team, make_service(make_touchpoint(place, name="Table"), communities=("older_people",))


def told(scene, community, answer="yes", times=1):
    worker, team, service = scene
    person = make_person(team, by=worker)
    records.set_preferences(person=person, channel="phone", communities=[community], by=worker)
    for _ in range(times):
        made = referrals.draft_referral(
            person=person, service=service, asked="Help", consent=Consent(("name",), "yes"), by=worker
        )
        referrals.send_referral(referral=made, by=worker)
        referrals.answer_referral(referral=made, state="accepted", through="link")
        referrals.tell_back(referral=made, answer=answer, words="", channel="message", through="link")
    return person


def last_month() -> date:
    """Some day of the month that is over, on which those of this test were told."""
    return timezone.localdate().replace(day=1) - timedelta(days=3)


def counted(store) -> int:
    """How many counts there are, out of an extract of all that was told up to now."""
    today = timezone.localdate()
    write_extract(until=today, store=store)
    return count_reach(until=today, store=store)


def test_counts_are_rounded_suppressed_or_not_there(scene, tmp_path):
    for _ in range(12):
        told(scene, "carers", times=2)
    for _ in range(3):
        told(scene, "refugees")
    told(scene, "young_people", answer="no")
    Referral.objects.update(since=last_month())
    assert counted(tmp_path) == 2
    found = {each.community: (each.helped, each.state) for each in Reach.objects.all()}
    # Twelve people, each counted once however often they were helped; rounded to five.
    assert found == {"carers": (10, "value"), "refugees": (None, "suppressed")}


def test_one_more_answer_in_the_same_month_changes_nothing_that_is_shown(scene, tmp_path):
    for _ in range(8):
        told(scene, "carers")
    Referral.objects.update(since=last_month())
    counted(tmp_path)
    before = list(Reach.objects.values_list("community", "helped", "state"))
    told(scene, "refugees")
    Referral.objects.update(since=last_month())
    counted(tmp_path)
    assert list(Reach.objects.values_list("community", "helped", "state")) == before


def test_a_page_says_whether_it_is_their_own_word_or_what_people_told_us(scene, tmp_path):
    *_, service = scene
    assert reaches(service) == ["Older people (they say so)"]
    for _ in range(9):
        told(scene, "carers")
    told(scene, "older_people")
    Referral.objects.update(since=last_month())
    counted(tmp_path)
    service.touchpoint.refresh_from_db()
    said = " ".join(reaches(service))
    assert "about 10 people told us that it helped" in said
    assert "too few to give a number, and they say so" in said


def test_without_anything_told_nothing_is_shown(scene, tmp_path):
    assert counted(tmp_path) == 0
    assert not Reach.objects.exists()


def test_each_month_is_counted_once_out_of_an_extract_up_to_its_end(scene, tmp_path, settings):
    settings.EXTRACT_DIR = tmp_path
    last = timezone.localdate().replace(day=1) - timedelta(days=1)
    for _ in range(9):
        told(scene, "carers")
    then = timezone.now() - timedelta(days=60)
    Person.objects.update(created_at=then)
    Preferences.objects.update(recorded_at=then, said_on=then.date())
    ReferralEvent.objects.update(at=then)
    Referral.objects.update(since=then.date())
    count_month(on=timezone.localdate())
    with open_extract(tmp_path) as extract:
        made = (extract.until, extract.made_at)
    assert made[0] == last
    assert [(each.helped, each.until) for each in Reach.objects.all()] == [(10, last)]
    count_month(on=timezone.localdate())
    with open_extract(tmp_path) as extract:
        assert (extract.until, extract.made_at) == made


def test_without_an_extract_up_to_that_month_nothing_is_counted(scene, tmp_path):
    today = timezone.localdate()
    with pytest.raises(ValueError, match="no extract was made here yet"):
        count_reach(until=today, store=tmp_path)
    write_extract(until=today - timedelta(days=90), store=tmp_path)
    with pytest.raises(ValueError, match="the extract ends on"):
        count_reach(until=today, store=tmp_path)

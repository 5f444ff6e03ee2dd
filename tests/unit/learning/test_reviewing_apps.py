"""Trusted apps: always with a way that needs no device, suggested only in date, every review kept."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st
from library_factories import TOLD, make_app, make_review, make_shown_app
from people_factories import make_place, make_team, make_worker
from races import TOGETHER

from inroads.accounts.actions import Refused
from inroads.accounts.models import AuditEntry, Membership
from inroads.learning import jobs
from inroads.learning.actions import apps
from inroads.learning.models import AppReview, AppText, TrustedApp
from inroads.learning.presenters.apps import app_line, data, needs, state
from inroads.learning.queries.apps import Entry, Wanted, ending, entry, every_entry, shown, suggested_for
from inroads.post.models import Message
from inroads.reference.definitions import load
from inroads.reference.definitions.care import Help

DAY = timedelta(days=1)


def today():
    return timezone.localdate()


@pytest.fixture
def place(db):
    return make_place()


@pytest.fixture
def lead(place):
    return make_worker(place, "place_lead")


def suggested(*barriers, on=None):
    return [each.name for each in suggested_for(barriers or ("memory",), on or today())]


def test_an_entry_is_suggested_once_it_was_reviewed_and_shown(place, lead):
    made = make_app(place, by=lead)
    assert (made.slug, made.version, made.published) == ("example-diary", 1, False)
    assert suggested() == []
    with pytest.raises(Refused, match="write a review first"):
        apps.show_app(app=made, by=lead)
    review = make_review(made, by=lead)
    assert suggested() == []
    apps.show_app(app=made, by=lead)
    (found,) = suggested_for(["memory", "devices"], today())
    assert (found, found.review) == (made, review)
    assert suggested("devices") == []
    assert suggested_for([], today()) == []
    apps.hide_app(app=made, by=lead)
    assert suggested() == []


def test_a_review_holds_to_the_end_of_its_last_day(place, lead):
    made = make_shown_app(place, by=lead)
    last = made.reviews.get().again_on
    assert suggested(on=last) == ["Example Diary"]
    assert suggested(on=last + DAY) == []
    assert suggested(on=today()) == ["Example Diary"]
    assert suggested(on=today() - DAY) == []
    in_date, again = shown(Wanted(), last + DAY)
    assert (in_date, [each.app for each in again]) == ([], [made])
    line = app_line(again[0], last + DAY)
    assert line.warning.startswith("To be looked at again: the last review held until")
    assert not app_line(again[0], last).warning


@pytest.mark.parametrize(
    ("ahead", "ago", "field"),
    [(0, 0, "again_on"), (-1, 0, "again_on"), (367, 0, "again_on"), (366, 1, "again_on"), (10, -1, "reviewed_on")],
)
def test_nothing_holds_longer_than_a_year_from_the_day_it_was_looked_at(place, lead, ahead, ago, field):
    made = make_app(place, by=lead)
    with pytest.raises(Refused) as refused:
        make_review(made, by=lead, days=ahead, reviewed_on=today() - ago * DAY)
    assert refused.value.field == field
    assert make_review(made, by=lead, days=366).again_on == today() + 366 * DAY


def test_the_latest_review_holds_and_earlier_ones_stay(place, lead):
    made = make_shown_app(place, by=lead)
    make_review(made, by=lead, result="with_somebody")
    (found,) = suggested_for(["memory"], today())
    assert found.review.result == "with_somebody"
    make_review(made, by=lead, result="not")
    assert suggested() == []
    assert shown(Wanted()) == ([], [])
    assert state(entry(made.slug)) == "Not for this: shown to nobody"
    assert [each.result for each in made.reviews.all()] == ["safe", "with_somebody", "not"]
    apps.hide_app(app=made, by=lead)
    with pytest.raises(Refused, match="not for this"):
        apps.show_app(app=made, by=lead)


def test_a_changed_text_has_to_be_looked_at_again(place, lead):
    made = make_shown_app(place, by=lead)
    same = apps.change_app(app=made, version=1, by=lead, **TOLD)
    assert (same.version, suggested()) == (1, ["Example Diary"])
    changed = apps.change_app(app=made, version=1, by=lead, **(TOLD | {"safe_for": "Everything"}))
    assert changed.version == 2
    assert suggested() == []
    assert "has changed since" in app_line(entry(made.slug)).warning
    assert [each.app for each in ending(every_entry())] == [made]
    assert [each.told["safe_for"] for each in AppText.objects.all()] == ["Writing down how a day was", "Everything"]
    with pytest.raises(apps.AppChanged):
        apps.change_app(app=made, version=1, by=lead, **TOLD)
    with pytest.raises(apps.AppChanged):
        make_review(made, by=lead, version=1)
    make_review(made, by=lead)
    assert suggested() == ["Example Diary"]


def test_of_two_reviewers_the_second_reads_what_the_first_wrote(place, lead):
    made = make_app(place, by=lead)
    first = make_review(made, by=lead, after=None)
    with pytest.raises(apps.ReviewedMeanwhile) as meanwhile:
        make_review(made, by=lead, after=None, result="not")
    assert meanwhile.value.theirs == first
    assert AppReview.objects.count() == 1
    assert make_review(made, by=lead, after=first.pk, result="not").result == "not"


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"name": " "}, "name"),
        ({"name": "x" * 101}, "name"),
        ({"what": ""}, "what"),
        ({"not_for": "  "}, "not_for"),
        ({"alternatives": []}, "alternatives"),
        ({"alternatives": ["device_loan"]}, "alternatives"),
        ({"alternatives": ["no such help"]}, "alternatives"),
        ({"barriers": []}, "barriers"),
        ({"barriers": ["devics"]}, "barriers"),
        ({"contexts": ["now"]}, "contexts"),
        ({"communities": ["everybody"]}, "communities"),
        ({"cost": "cheap"}, "cost"),
        ({"evidence_strength": "sure"}, "evidence_strength"),
        ({"data_mb_per_hour": -1}, "data_mb_per_hour"),
        ({"device": "x" * 201}, "device"),
        ({"link": "javascript:alert(1)"}, "link"),
        ({"link": "http://example.org"}, "link"),
    ],
    ids=str,
)
def test_what_cannot_be_is_refused_beside_its_field(place, lead, wrong, field):
    with pytest.raises(Refused) as refused:
        make_app(place, by=lead, **wrong)
    assert refused.value.field == field
    assert not TrustedApp.objects.exists()


def test_only_ways_that_need_no_device_count_as_alternatives(place, lead):
    helps = load(Help)
    assert not helps["written_summary"].digital
    assert helps["device_loan"].digital
    made = make_app(place, by=lead, alternatives=["phone_instead", "written_summary", "phone_instead"])
    assert made.alternatives == ["phone_instead", "written_summary"]


def test_names_that_are_alike_get_addresses_of_their_own(place, lead):
    names = ["Example Diary", "Example diary!", "Add", "load", "日記"]
    made = [make_app(place, by=lead, name=name).slug for name in names]
    assert made == ["example-diary", "example-diary-2", "add-2", "load-2", "app"]


def test_only_reviewers_write_and_only_for_their_organisations(place, lead):
    worker = make_worker(make_team("A team", place))
    far = make_worker(make_place("Far"), "place_lead")
    made = make_app(place, by=lead)
    for by in (worker, far):
        with pytest.raises(PermissionDenied):
            make_app(place, by=by)
        with pytest.raises(PermissionDenied):
            apps.change_app(app=made, version=1, by=by, **TOLD)
        with pytest.raises(PermissionDenied):
            make_review(made, by=by)
    # Anybody who reviews may say what they found, in the name of their own.
    theirs = make_review(made, by=far, organisation=far.memberships.get().organisation)
    assert theirs.organisation.name == "Far"
    with pytest.raises(PermissionDenied):
        apps.show_app(app=made, by=far)


def test_suggestions_stand_in_the_order_that_is_promised(place, lead):
    for name, told, result in (
        ("F with somebody", {"evidence_strength": "reviewed"}, "with_somebody"),
        ("E paid", {"account": True, "cost": "paid"}, "safe"),
        ("D free", {"account": True, "cost": "free"}, "safe"),
        ("C no account", {"account": False}, "safe"),
        ("B two barriers", {"barriers": ["memory", "worry"]}, "safe"),
        ("A evidence", {"evidence_strength": "said"}, "safe"),
    ):
        made = make_shown_app(place, by=lead, name=name, **told)
        if result != "safe":
            make_review(made, by=lead, result=result)
    names = suggested("memory", "worry")
    assert [name[0] for name in names] == ["A", "B", "C", "D", "E", "F"]


def test_what_is_not_known_does_not_count_as_yes(place, lead):
    make_shown_app(place, by=lead, name="Unknown")
    make_shown_app(place, by=lead, name="Known", account=False, cost="free", contexts=["ward"])
    found = [
        [each.app.name for each in shown(wanted)[0]]
        for wanted in (
            Wanted(),
            Wanted(no_account=True),
            Wanted(free=True),
            Wanted(context="ward"),
            Wanted(barrier="memory", context="between"),
            Wanted(barrier="devices"),
        )
    ]
    assert found == [["Known", "Unknown"], ["Known"], ["Known"], ["Known"], ["Unknown"], []]


dates = st.dates(min_value=timezone.datetime(2026, 1, 1).date(), max_value=timezone.datetime(2026, 12, 31).date())


@given(
    st.booleans(),
    st.sampled_from(["safe", "with_somebody", "not", None]),
    st.integers(1, 3),
    st.integers(1, 3),
    dates,
    dates,
    dates,
)
def test_in_date_agrees_with_a_plain_twin(published, result, version, reviewed, reviewed_on, again_on, on):
    app = TrustedApp(published=published, version=version)
    review = AppReview(result=result, version=reviewed, reviewed_on=reviewed_on, again_on=again_on) if result else None
    days = {reviewed_on + DAY * n for n in range((again_on - reviewed_on).days + 1)}
    expected = [published, result in ("safe", "with_somebody"), version == reviewed, on in days].count(False) == 0
    assert Entry(app, review).in_date(on) is expected


def test_what_is_suggested_agrees_with_asking_of_each_app(place, lead):
    for number, (result, days, changed, hidden) in enumerate(
        [("safe", 5, 0, 0), ("with_somebody", 1, 0, 0), ("safe", 9, 1, 0), ("safe", 9, 0, 1), ("not", 9, 0, 0)]
    ):
        made = make_shown_app(place, by=lead, name=f"App {number}")
        make_review(made, by=lead, days=days, result=result)
        if changed:
            apps.change_app(app=made, version=1, by=lead, **(TOLD | {"name": made.name, "what": "Something else"}))
        if hidden:
            apps.hide_app(app=made, by=lead)
    make_app(place, by=lead, name="Not reviewed")
    for ahead in range(-2, 12):
        on = today() + ahead * DAY
        plain = {each.app for each in every_entry() if each.in_date(on)}
        assert set(suggested_for(["memory"], on)) == plain
        assert len(plain) == (0 if ahead < 0 else 2 if ahead <= 1 else 1 if ahead <= 5 else 0)


def test_data_and_needs_in_words_by_hand():
    # 1,000 MB / 60 MB an hour = 16.7 hours; 1,000 / 4,000 = a quarter of an hour.
    assert data(TrustedApp(data_mb_per_hour=60)) == "About 60 MB an hour; 1 GB lasts about 17 hours"
    assert data(TrustedApp(data_mb_per_hour=4_000)) == "About 4,000 MB an hour; 1 GB lasts about 15 minutes"
    assert data(TrustedApp(data_mb_per_hour=1_000)) == "About 1,000 MB an hour; 1 GB lasts about 1 hour"
    assert data(TrustedApp(data_mb_per_hour=100_000)) == "About 100,000 MB an hour; 1 GB lasts about a minute"
    assert data(TrustedApp(data_mb_per_hour=0, data_words="Once loaded")) == "Next to nothing. Once loaded"
    assert data(TrustedApp()) == "Not known"
    app = TrustedApp(device="any phone", account=False, email=None)
    assert needs(app) == "any phone; no account; email address not known"


def test_reviews_that_end_within_thirty_days_are_listed_and_told_once(place, lead):
    soon = make_shown_app(place, by=lead, name="Soon")
    make_review(soon, by=lead, days=30)
    later = make_shown_app(place, by=lead, name="Later")
    make_review(later, by=lead, days=31)
    assert [each.app for each in ending(every_entry())] == [soon]
    assert [each.app for each in ending(every_entry(), today() + DAY)] == [soon, later]
    assert jobs.tell_reviewers() == 1
    assert jobs.tell_reviewers() == 0
    (message,) = Message.objects.all()
    assert (message.to, message.key) == (lead.email, f"app-review-ends-{soon.reviews.last().pk}")
    assert "Soon" in message.subject
    Membership.objects.filter(user=lead).update(ends_on=today() - DAY)
    assert jobs.tell_reviewers() == 0


def test_what_holds_no_more_is_not_said_to_hold(place, lead):
    changed = make_shown_app(place, by=lead, name="Changed")
    make_review(changed, by=lead, days=300)
    TrustedApp.objects.filter(pk=changed.pk).update(version=changed.version + 1)
    ended = make_shown_app(place, by=lead, name="Ended")
    make_review(ended, by=lead, days=30)
    AppReview.objects.filter(app=ended).update(reviewed_on=today() - 40 * DAY, again_on=today() - DAY)
    assert jobs.tell_reviewers() == 2
    said = {each.subject: each.body for each in Message.objects.all()}
    assert "what is written here has changed since" in said["Please look again at Changed"]
    assert "the last review held until" in said["Please look again at Ended"]
    assert not any("holds until" in body for body in said.values())


def test_the_trail_says_what_happened_and_never_the_words(place, lead):
    made = make_shown_app(place, by=lead)
    make_review(made, by=lead, looked_at="Secret words", words="Secret words")
    trail = AuditEntry.objects.filter(action__startswith="app_").order_by("number")
    assert list(trail.values_list("action", flat=True)) == ["app_added", "app_reviewed", "app_shown", "app_reviewed"]
    assert not any("Secret" in str(each.details) for each in trail)


SETTING_UP = """
import sys
sys.path.insert(0, "tests")
from library_factories import make_app
from people_factories import make_place, make_worker
place = make_place()
lead = make_worker(place, "place_lead")
print(lead.pk, make_app(place, by=lead).pk)
"""
REVIEWING = (
    TOGETHER
    + """
sys.path.insert(0, "tests")
from library_factories import make_review
from inroads.learning.models import TrustedApp
lead, app, result = sys.argv[1].split(",")
app = TrustedApp.objects.get(pk=app)
try:
    make_review(app, by=User.objects.get(pk=lead), after=None, result=result)
    print("saved")
except actions.Refused:
    print("asked to read")
"""
)


def test_of_two_reviewers_at_the_same_moment_one_is_asked_to_read_the_other(race):
    ((lead, app),) = race(SETTING_UP)
    said = race(REVIEWING, [f"{lead},{app},{result}" for result in ("safe", "not")])
    assert sorted(" ".join(words) for words in said) == ["asked to read", "saved"]

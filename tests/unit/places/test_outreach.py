"""Outreach plans: one click from a list, what is printed, what became of it, and who may see them."""

import io
from datetime import timedelta

import pypdf
import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from pages import client_of, date_fields
from people_factories import make_place, make_worker
from places_factories import NEIGHBOURHOOD, OTHER_NEIGHBOURHOOD, make_other_system, make_outreach

from inroads.accounts.actions import Refused
from inroads.accounts.models import AuditEntry
from inroads.directory.actions.services import Details, add_service
from inroads.directory.actions.touchpoints import add_touchpoint
from inroads.places.actions import outreach as actions
from inroads.places.actions.outreach import Stop, usual_day
from inroads.places.models import Outreach, OutreachReport
from inroads.places.queries.listening import walked_since
from inroads.places.queries.near import NEAR
from inroads.places.queries.outreach import touchpoints_near
from inroads.reference.around import neighbourhood_name, published

pytestmark = pytest.mark.django_db
CODE = "E06000046"
ADD = "/places/E06000046/outreach/add/"


def of(name, walk):
    return reverse(f"places:{name}", kwargs={"outreach": walk.pk})


def typed(**more):
    return {"stops": NEIGHBOURHOOD, "who": "Zelda Quint", "words": "", **date_fields("day", usual_day())} | more


def touchpoint(place, lead, name, neighbourhood=NEIGHBOURHOOD, *, private=False):
    made = add_touchpoint(area=place, name=name, private=private, phone="01983 496 009", by=lead)
    add_service(touchpoint=made, details=Details(name=f"{name} service", neighbourhood=neighbourhood), by=lead)
    return made


def text_of(answer):
    pages = pypdf.PdfReader(io.BytesIO(answer.content)).pages
    return " ".join(" ".join(page.extract_text() for page in pages).split())


# Planning


def test_one_click_makes_a_walk_on_a_thursday_with_what_the_list_said(place, lead):
    sent = {
        "stop": [NEIGHBOURHOOD, OTHER_NEIGHBOURHOOD],
        f"per_visit_{NEIGHBOURHOOD}": "5",
        f"gain_{NEIGHBOURHOOD}": "1234.5",
        f"words_{OTHER_NEIGHBOURHOOD}": "Nobody was asked",
        f"gain_{OTHER_NEIGHBOURHOOD}": "nan",
    }
    answer = client_of(lead).post(ADD, sent)
    walk = Outreach.objects.get()
    assert answer.url == of("outreach", walk)
    first, second = walk.stops.all()
    assert (first.neighbourhood, first.per_visit, first.expected_gain) == (NEIGHBOURHOOD, 5, 1234.5)
    assert (second.name, second.words) == (neighbourhood_name(OTHER_NEIGHBOURHOOD), "Nobody was asked")
    assert second.expected_gain is None
    now = walk.versions.get()
    assert now.who == lead.full_name
    assert now.day.weekday() == 3
    assert timedelta(days=2) <= now.day - timezone.localdate() <= timedelta(days=8)
    assert AuditEntry.objects.filter(action="outreach_planned", organisation=place).count() == 1


def test_one_click_touches_nothing_that_was_typed_before(place, lead):
    page = client_of(lead)
    mark = page.get(ADD).content.decode().split('name="typed_by" value="')[1].split('"')[0]
    page.post(ADD, typed(stops="Nowhere", typed_by=mark))
    page.post(ADD, {"stop": [NEIGHBOURHOOD]})
    assert Outreach.objects.count() == 1
    assert 'value="Zelda Quint"' in page.get(ADD).content.decode()


def test_a_click_on_what_is_not_here_says_so_and_keeps_the_rest(place, lead):
    page = client_of(lead)
    sent = {"stop": [NEIGHBOURHOOD, "E01006109"], f"per_visit_{NEIGHBOURHOOD}": "5"}
    shown = page.post(ADD, sent).content.decode()
    assert "We find no “E01006109” in this place" in shown
    assert neighbourhood_name(NEIGHBOURHOOD).replace("&", "&amp;") in shown
    assert f'name="per_visit_{NEIGHBOURHOOD}" value="5"' in shown
    assert not Outreach.objects.exists()
    page.post(ADD, typed(stop=NEIGHBOURHOOD, **{f"per_visit_{NEIGHBOURHOOD}": "5"}))
    assert Outreach.objects.get().stops.get().per_visit == 5


def test_stops_are_typed_by_code_by_name_or_as_they_stand_on_pages(place, lead):
    figures = published().neighbourhoods
    name, other = str(figures.name[figures.row(OTHER_NEIGHBOURHOOD)]), neighbourhood_name("E01017336")
    lines = f"{NEIGHBOURHOOD}: outside the launderette\n\n{name.upper()}\n{other}: at 10:30"
    client_of(lead).post(ADD, typed(stops=lines))
    stops = [(each.neighbourhood, each.words) for each in Outreach.objects.get().stops.all()]
    assert stops == [
        (NEIGHBOURHOOD, "outside the launderette"),
        (OTHER_NEIGHBOURHOOD, ""),
        ("E01017336", "at 10:30"),
    ]


def test_nothing_typed_is_lost_where_something_is_wrong(place, lead):
    page = client_of(lead)
    ward = published().neighbourhoods.ward_of(NEIGHBOURHOOD)
    for wrong, sentence in (
        ({"stops": "Nowhere"}, "We find no “Nowhere” in this place"),
        ({"stops": ward}, "neighbourhoods. Enter one of"),
        ({"stops": f"{NEIGHBOURHOOD}\n{NEIGHBOURHOOD}"}, "stands there twice"),
        ({"stops": ""}, "Enter at least one neighbourhood"),
        (date_fields("day", timezone.localdate() - timedelta(days=1)), "lies in the past"),
        (date_fields("day", timezone.localdate() + timedelta(days=500)), "within a year"),
        ({"day_month": ""}, "must include a month"),
    ):
        shown = page.post(ADD, typed(words="Bring the dog", **wrong)).content.decode()
        assert sentence in shown, sentence
        assert 'value="Zelda Quint"' in shown
        assert "Bring the dog" in shown
    assert not Outreach.objects.exists()


def test_a_walk_has_stops_within_its_area(place, lead):
    stops = [Stop(NEIGHBOURHOOD)]
    for wrong, sentence in (
        ({"stops": []}, "Choose 1 to"),
        ({"stops": [Stop("E01006109")]}, "no neighbourhood of this place"),
        ({"stops": [Stop(NEIGHBOURHOOD, per_visit=0)]}, "people at a stop"),
        ({"stops": [Stop(NEIGHBOURHOOD, expected_gain=float("nan"))]}, "expected gain"),
        ({"stops": stops, "area_code": "E54000042"}, "does not cover"),
        ({"stops": stops, "who": " "}, "who goes"),
    ):
        with pytest.raises(Refused, match=sentence):
            make_outreach(place, by=lead, **wrong)


# Changing, and what became of it


def test_of_two_tabs_the_second_sees_both_and_loses_nothing(place, lead):
    walk, page = make_outreach(place, by=lead), client_of(lead)
    sent = typed(version="1", who="First", touchpoint="")
    assert page.post(of("outreach_change", walk), sent).status_code == 302
    shown = page.post(of("outreach_change", walk), sent | {"who": "Second"}).content.decode()
    assert "Somebody else changed this while you had it open" in shown
    assert "First" in shown
    assert 'value="Second"' in shown
    assert page.post(of("outreach_change", walk), sent | {"who": "Second", "version": "2"}).status_code == 302
    assert [each.who for each in walk.versions.all()] == ["Pat and Sal", "First", "Second"]


def test_a_walk_that_was_done_keeps_what_was_learnt_and_an_earlier_report_stays(place, lead):
    walk, page = make_outreach(place, by=lead), client_of(lead)
    today = date_fields("on", timezone.localdate())
    sent = {"seen": "0", "went": "Pat", "conversations": "11", "learnt": "No bus on Sundays", **today}
    wrong = page.post(of("outreach_done", walk), sent | {"conversations": "many"}).content.decode()
    assert "How many conversations were held? must be a whole number" in wrong
    assert "No bus on Sundays" in wrong
    assert page.post(of("outreach_done", walk), sent).status_code == 302
    shown = page.get(of("outreach", walk)).content.decode()
    assert "11 conversations, as the team counted them" in shown
    assert f"gap_kind=neighbourhood&amp;gap_code={NEIGHBOURHOOD}" in shown
    # The other tab did not know: it sees what was said, and keeps its own words.
    late = page.post(of("outreach_not_held", walk), {"seen": "0", "why": "It rained"}).content.decode()
    assert "Somebody else changed this" in late
    assert "No bus on Sundays" in late
    assert "It rained" in late
    assert page.post(of("outreach_done", walk), sent | {"seen": "1", "conversations": "12"}).status_code == 302
    assert [each.conversations for each in OutreachReport.objects.all()] == [11, 12]
    with pytest.raises(Refused, match="is over"):
        actions.change_outreach(outreach=walk, version=1, day=usual_day(), who="X", touchpoint=None, words="", by=lead)
    assert AuditEntry.objects.filter(action="outreach_done").count() == 2


def test_the_same_walk_on_the_same_day_is_planned_once(place, lead):
    make_outreach(place, by=lead)
    with pytest.raises(Refused, match="planned already"):
        make_outreach(place, by=lead)
    make_outreach(place, by=lead, day=usual_day() + timedelta(days=7))
    assert Outreach.objects.count() == 2


def test_where_somebody_has_been_since_is_known_to_who_may_read_the_walk(place, lead):
    walk = make_outreach(place, by=lead)
    today = timezone.localdate()
    actions.outreach_done(outreach=walk, seen=0, on=today, went="Pat", conversations=4, learnt="No phones", by=lead)
    codes, other = [NEIGHBOURHOOD, OTHER_NEIGHBOURHOOD, "E01000001"], make_worker(make_other_system(), "place_lead")
    assert walked_since(lead, codes, today - timedelta(days=1)) == dict.fromkeys(codes[:2], today)
    assert walked_since(lead, codes, today) == {}
    assert walked_since(other, codes, today - timedelta(days=1)) == {}


def test_a_walk_that_did_not_happen_says_why(place, lead):
    walk = make_outreach(place, by=lead)
    with pytest.raises(Refused, match="why it did not happen"):
        actions.outreach_not_held(outreach=walk, seen=0, why=" ", by=lead)
    actions.outreach_not_held(outreach=walk, seen=0, why="Storm", by=lead)
    shown = client_of(lead).get(of("outreach", walk)).content.decode()
    assert "Did not happen" in shown
    assert "Storm" in shown
    tomorrow = timezone.localdate() + timedelta(days=1)
    with pytest.raises(Refused, match="future"):
        actions.outreach_done(outreach=walk, seen=1, on=tomorrow, went="P", conversations=1, learnt="x", by=lead)


# Who may


def test_who_may_see_and_change_the_walks_of_a_place(place, lead):
    walk = make_outreach(place, by=lead)
    other = make_worker(make_other_system(), "place_lead")
    read = [of("outreach", walk), of("outreach_sheet", walk), reverse("places:outreaches", kwargs={"code": CODE})]
    write = [of(f"outreach_{name}", walk) for name in ("change", "done", "not_held")]
    for user, reads, writes in (
        (lead, 200, 200),
        (make_worker(place.parent, "place_lead"), 200, 200),
        (make_worker(place.parent, "analyst"), 200, 403),
        (other, 404, 404),
        (make_worker(place, "practitioner"), 403, 403),
    ):
        page = client_of(user)
        assert [page.get(each).status_code for each in read] == [reads] * len(read), user.memberships.get().role
        assert [page.get(each).status_code for each in write] == [writes] * len(write), user.memberships.get().role
    for by in (other, make_worker(place, "analyst")):
        for act in (
            lambda by: make_outreach(place, by=by),
            lambda by: actions.outreach_not_held(outreach=walk, seen=0, why="x", by=by),
            lambda by: actions.change_outreach(
                outreach=walk, version=1, day=usual_day(), who="X", touchpoint=None, words="", by=by
            ),
        ):
            with pytest.raises(PermissionDenied):
                act(by)
    assert client_of(other).post(ADD, {"stop": NEIGHBOURHOOD}).status_code == 404


# What is near, and the sheet


def test_touchpoints_near_are_those_of_a_slow_search_nearest_first(place, lead):
    figures = published().neighbourhoods
    rows = figures.rows(CODE)[::2]
    for row in rows:
        touchpoint(place, lead, f"Near {figures.code[row]}", str(figures.code[row]))
    asked = [NEIGHBOURHOOD, OTHER_NEIGHBOURHOOD]
    found = touchpoints_near(lead, asked, most=100)
    for code in asked:
        at = figures.row(code)
        away = {
            f"Near {figures.code[row]}": (
                (figures.easting[row] - figures.easting[at]) ** 2 + (figures.northing[row] - figures.northing[at]) ** 2
            )
            ** 0.5
            for row in rows
        }
        expected = sorted((metres, name) for name, metres in away.items() if metres <= NEAR)
        assert [each.touchpoint.name for each in found[code]] == [name for _, name in expected]
        assert [each.metres for each in found[code]] == pytest.approx([metres for metres, _ in expected])
    assert sum(map(len, found.values())) > 2


def test_a_page_asks_as_often_for_many_stops_as_for_one(place, lead):
    codes = published().neighbourhoods.code[published().neighbourhoods.rows(CODE)].tolist()
    for code in codes[:6]:
        touchpoint(place, lead, f"Near {code}", code)
    counts = []
    page = client_of(lead)
    for many in (1, 6):
        walk = make_outreach(place, by=lead, stops=[Stop(code) for code in codes[:many]])
        page.get(of("outreach", walk))
        with CaptureQueriesContext(connection) as queries:
            page.get(of("outreach", walk))
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 30


def test_a_private_touchpoint_is_seen_by_those_who_may_and_never_printed(place, lead):
    touchpoint(place, lead, "The Kitchen")
    house = touchpoint(place, lead, "The safe house", private=True)
    walk = make_outreach(place, by=lead, touchpoint=house)
    analyst = client_of(make_worker(place, "analyst"))
    assert "The safe house" in client_of(lead).get(of("outreach", walk)).content.decode()
    shown = analyst.get(of("outreach", walk)).content.decode()
    assert "The Kitchen" in shown
    assert "The safe house" not in shown
    assert "A private one. Ask" in shown
    printed = text_of(client_of(lead).get(of("outreach_sheet", walk)))
    assert "The Kitchen" in printed
    assert "safe house" not in printed
    assert "not named on paper" in printed
    other = make_place("Another place on the island")
    with pytest.raises(Refused, match="no such touchpoint"):
        make_outreach(other, by=make_worker(other, "place_lead"), touchpoint=house)


def test_somebody_who_may_not_see_a_private_touchpoint_does_not_take_it_out_by_saving(place, lead):
    wide = make_worker(place.parent, "place_lead")
    house = touchpoint(place.parent, wide, "The safe house", private=True)
    walk = make_outreach(place, by=wide, touchpoint=house)
    page = client_of(lead)
    shown = page.get(of("outreach_change", walk)).content.decode()
    assert "A private touchpoint, as it stands" in shown
    assert "safe house" not in shown
    page.post(of("outreach_change", walk), typed(version="1", touchpoint=str(house.pk)))
    assert [each.touchpoint for each in walk.versions.all()] == [house, house]


def test_the_sheet_says_where_to_go_and_how_to_write_answers_down(place, lead):
    walk = make_outreach(place, by=lead, words="Ask about the bus")
    for points in ("", "12", "24", "7"):
        answer = client_of(lead).get(of("outreach_sheet", walk), {"points": points} if points else {})
        assert answer["Content-Type"] == "application/pdf"
        printed = text_of(answer)
        for words in (
            "Pat and Sal",
            "Outside the launderette",
            "Ask 5 people",
            "Ask about the bus",
            "empty means not asked, never no",
            "One conversation",
            "Is it hard for you to get a phone or computer to use?",
        ):
            assert words in printed, words

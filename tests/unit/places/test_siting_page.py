"""Where more places would reach most people: the best there is, said in words, at once or after a longer look."""

import html
import re
import time
from itertools import combinations

import numpy as np
import pytest
from directory_factories import make_lead, make_service, make_touchpoint
from people_factories import make_place

from inroads.accounts.actions import Refused
from inroads.analytics.published import open_published
from inroads.directory.actions import touchpoints
from inroads.directory.models import Touchpoint
from inroads.places.actions import siting as actions
from inroads.places.models import SitingRun
from inroads.places.presenters import siting as shown
from inroads.places.queries import siting as queries
from inroads.places.queries.assets import centres, offered, offering
from inroads.places.queries.left_out import left_out
from inroads.places.queries.picture import picture
from inroads.places.queries.siting import Asked, plan, question
from inroads.places.queries.siting_runs import longer_search

pytestmark = pytest.mark.django_db
PLACE, MANCHESTER = "E06000046", "E54000057"
PAGE = f"/places/{PLACE}/siting/"
EQUAL = (1.0, 1.0, 1.0, 0.0, 0.0, 0.0, 0.0, 0.0)


@pytest.fixture
def published(embedded_store, db):
    return open_published(embedded_store)


def asked(**told) -> Asked:
    """Three more in the middle of any neighbourhood, where every library stays."""
    usual = {"open_new": 3, "candidates": "centres", "keep": "offering", "help": "library", "metres": 2000.0}
    return Asked(**(usual | told))


def by_hand(published, what, *, twice: bool = False) -> tuple[float, float]:
    """People reached by the best of all sets of candidates, each tried, and by what stays: (best, before)."""
    rows = published.neighbourhoods.rows(what.code)
    points, people = centres(published, rows), published.neighbourhoods.population[rows].copy()
    if twice:
        people[picture(published, what.code, EQUAL).fifth == 5] *= 2

    def near(site):
        return np.hypot(points[:, 0] - site.easting, points[:, 1] - site.northing) <= what.asked.metres

    before = np.zeros(len(rows), dtype=bool)
    for site in what.kept:
        before |= near(site)
    reach = [near(site) for site in what.candidates]
    best = max(
        people[np.logical_or.reduce([before, *(reach[each] for each in some)])].sum()
        for some in combinations(range(len(reach)), what.asked.open_new)
    )
    return float(best), float(people[before].sum())


@pytest.mark.parametrize(
    "told",
    [
        {"candidates": "libraries", "keep": "none", "open_new": 4},
        {"candidates": "libraries", "keep": "none", "open_new": 3, "fair": "twice", "metres": 3000.0},
        {"open_new": 2},
        {"open_new": 2, "metres": 1200.0, "fair": "twice"},
    ],
)
def test_a_plan_is_the_best_of_all_that_there_are(published, told):
    what = question(published, PLACE, EQUAL, asked(**told))
    found = plan(published, what)
    best, before = by_hand(published, what, twice=told.get("fair") == "twice")
    assert found.scored == pytest.approx(best, rel=1e-4)
    assert found.bound >= best * (1 - 1e-9)
    assert len(found.picks) == told["open_new"]
    if told.get("fair") != "twice":
        assert found.before == pytest.approx(before)


def test_what_each_pick_adds_comes_to_what_the_plan_reaches(published):
    what = question(published, PLACE, EQUAL, asked(open_new=6, metres=1000.0))
    found = plan(published, what)
    assert found.before + sum(pick.adds for pick in found.picks) == pytest.approx(found.after)
    assert sum(each.after for each in found.fifths) == pytest.approx(found.after)
    highest = next(each for each in found.fifths if each.fifth == 5)
    assert sum(pick.at_risk for pick in found.picks) == pytest.approx(highest.after - highest.before)
    assert [pick.adds for pick in found.picks] == sorted((pick.adds for pick in found.picks), reverse=True)
    assert found.people == pytest.approx(
        published.neighbourhoods.population[published.neighbourhoods.rows(PLACE)].sum()
    )


def test_what_stays_is_never_proposed(published):
    island = make_place()
    for number in range(4):
        point = centres(published, published.neighbourhoods.rows(PLACE))[20 * number]
        helps = ("data_sim",) if number % 2 else ("digital_cafe",)
        make_service(make_touchpoint(island), helps=helps, at=tuple(point.tolist()))
    spots = offered(published, PLACE, margin=10_000).spots
    for candidates in ("centres", "libraries", "community"):
        for keep in ("offering", "libraries"):
            for kind in ("", "library", "data_sim"):
                what = question(
                    published, PLACE, EQUAL, asked(candidates=candidates, keep=keep, help=kind, metres=800.0)
                )
                kept = {each.key for each in what.kept}
                assert kept == {each.key for each in offering(spots, "library" if keep == "libraries" else kind)}
                assert not kept & {each.key for each in what.candidates}
                assert not kept & {pick.site.key for pick in plan(published, what).picks}


def test_a_private_touchpoint_neither_stays_nor_is_proposed(published):
    island = make_place()
    point = tuple(centres(published, published.neighbourhoods.rows(PLACE))[7].tolist())
    hidden = make_touchpoint(island, private=True)
    make_service(hidden, at=point)
    for keep in ("offering", "none"):
        what = question(published, PLACE, EQUAL, asked(candidates="community", keep=keep, help="data_sim"))
        assert what.kept == what.candidates == ()
        assert plan(published, what).picks == ()
    Touchpoint.objects.filter(pk=hidden.pk).update(private=False)
    assert question(published, PLACE, EQUAL, asked(candidates="community", keep="none")).candidates


def test_each_pick_is_explained_by_its_name_and_never_by_a_number_of_the_programme(published, client):
    what = question(published, PLACE, EQUAL, asked(open_new=4, metres=1500.0))
    found = plan(published, what)
    page = html.unescape(client.get(PAGE, {"places": "4", "metres": "1500"}).content.decode())
    for number, pick in enumerate(found.picks, 1):
        words = shown.sentence(pick, what)
        assert words.startswith(
            f"The middle of {pick.site.name} reaches {pick.adds:,.0f} people whom no place that stays"
        )
        assert "Site " not in words
        assert f'<td class="n">{number}</td><th scope="row"><a href="/places/{pick.site.neighbourhood}/">' in page
        assert words in page
    assert shown.bound_in_words(found, what) in page
    assert f"No plan with 4 more places could reach more than {found.bound:,.0f} people" in page
    drawn = page[page.index("<svg xmlns") :]
    numbers = re.findall(r"<text[^>]*>(\d+)</text>", drawn[: drawn.index("</svg>")])
    assert numbers == ["1", "2", "3", "4"]


def test_a_later_pick_may_take_over_from_an_earlier_one_and_the_sentence_says_so():
    site = queries.Site("a", "The Hub", 0.0, 0.0, "", "")
    what = queries.Question(PLACE, EQUAL, asked(candidates="community"), (site,), (site,))
    words = shown.sentence(queries.Pick(site, adds=1200, at_risk=300, alone=900, serves=None), what)
    assert words == (
        "The Hub reaches 1,200 people whom no place that stays and no pick above reaches; 25% of them live where risk "
        "is highest. Without it, 900 would be left with none, as later picks reach the others."
    )


def test_room_holds_and_the_fifth_reached_least_is_never_worse_off(published):
    what = question(published, PLACE, EQUAL, asked(room=900, keep="none", open_new=5))
    found = plan(published, what)
    assert found.after <= 5 * 900 + 1e-6
    assert all(pick.serves <= 900 + 1e-6 for pick in found.picks)
    assert "with room for 900" in shown.sentence(found.picks[0], what)
    alike = plan(published, question(published, PLACE, EQUAL, asked(open_new=4, metres=1000.0, keep="none")))
    what = question(published, PLACE, EQUAL, asked(open_new=4, metres=1000.0, keep="none", fair="least"))
    fair = plan(published, what)
    least = min(each.after / each.people for each in fair.fifths)
    assert least >= min(each.after / each.people for each in alike.fifths) - 1e-9
    assert fair.bound >= alike.after * (1 - 1e-4)
    assert "Of the fifth that is reached least" in shown.least_in_words(fair)


def test_a_plan_for_people_left_out_counts_the_estimates_and_says_how_sure_they_are(published, client):
    estimates = left_out(published, PLACE)
    what = question(published, PLACE, EQUAL, asked(demand="left_out"))
    found = plan(published, what)
    assert found.people == pytest.approx(np.nansum(estimates.value))
    page = html.unescape(client.get(PAGE, {"demand": "left_out"}).content.decode())
    low, high = estimates.total.low, estimates.total.high
    assert f"between {low:,.0f} and {high:,.0f} with 95% confidence" in page
    assert "people who would be left out (estimated)" in page


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ({"places": "-3"}, "How many more places must be from 1 to 20"),
        ({"places": "21"}, "How many more places must be from 1 to 20"),
        ({"places": "three"}, "How many more places must be a whole number, from 1 to 20"),
        ({"places": "9" * 400}, "How many more places must be a whole number"),
        ({"metres": "abc"}, "How far must be a whole number, from 200 to 10,000"),
        ({"metres": "1e3"}, "How far must be a whole number, from 200 to 10,000"),
        ({"room": "0"}, "The room of each place must be from 1 to 1,000,000"),
        ({"fair": "me"}, "Choose from the list who counts"),
        ({"candidates": "<script>"}, "Choose from the list where they could be"),
        ({"help": "nothing"}, "Choose a kind of help from the list"),
        ({"demand": "dogs"}, "Choose from the list who is to be reached"),
    ],
)
def test_what_cannot_be_planned_is_said_and_everything_typed_is_kept(client, query, words):
    typed = {"places": "7", "metres": "1700", "room": "450", "help": "digital_cafe"} | query
    answer = client.get(PAGE, typed)
    page = html.unescape(answer.content.decode())
    assert answer.status_code == 200
    assert "<title>Error: " in page
    assert page.count(words) >= 2
    assert 'id="plan"' not in page
    for name in ("places", "metres", "room"):
        assert re.search(rf'name="{name}"[^>]*value="{re.escape(typed[name])}"', page), name
    if typed["help"] == "digital_cafe":
        assert re.search(r'<option value="digital_cafe" selected', page)
    assert "<script>\n" not in page


def test_where_there_is_nothing_to_choose_or_nobody_new_the_page_says_so(client):
    page = client.get(PAGE, {"candidates": "community"}).content.decode()
    assert "There is nothing to choose from." in page
    page = client.get(PAGE, {"candidates": "libraries", "keep": "libraries"}).content.decode()
    assert "No library here is left to choose, besides those that stay." in page
    page = client.get(PAGE, {"metres": "10000"}).content.decode()
    assert "More places would reach nobody new." in page
    assert "have one in reach already" in page


def test_the_weights_of_the_reader_and_the_question_stay_in_the_address(client):
    page = client.get(PAGE, {"w_broadband": "0", "places": "2"}).content.decode()
    assert '<input type="hidden" name="w_broadband" value="0">' in page
    assert re.search(r'name="places"[^>]*value="2"', page)


# Longer searches


@pytest.fixture
def hard(published, monkeypatch):
    """A question that no search has answered for good yet, and steps of one second."""
    monkeypatch.setattr(queries, "MOST_PAIRS", 0)
    monkeypatch.setattr(actions, "STEPS", (1, 2))
    queries.plan.cache_clear()
    yield {"places": "4", "metres": "1000", "keep": "none", "fair": "least"}
    queries.plan.cache_clear()


def test_a_longer_search_is_asked_for_once_and_shows_how_far_it_is(client, published, hard):
    page = client.get(PAGE, hard).content.decode()
    assert "Look longer for a better plan" in page
    assert "all count alike here" in page
    action = html.unescape(re.search(r'action="([^"]+/longer/[^"]*)"', page)[1])
    assert client.get(action).status_code == 405
    answer = client.post(action)
    assert answer.status_code == 302
    assert client.post(action).status_code == 302
    run = SitingRun.objects.get()
    assert "Waiting to look for a better plan." in client.get(answer["Location"]).content.decode()
    actions.search(mark=run.mark)
    run.refresh_from_db()
    assert run.state == SitingRun.State.DONE
    assert run.scored <= run.bound
    page = client.get(answer["Location"]).content.decode()
    assert "A longer search has ended" in page
    assert "all count alike here" not in page
    what = question(published, PLACE, EQUAL, asked(open_new=4, metres=1000.0, keep="none", fair="least"))
    kept = longer_search(published, what)
    assert kept.plan.scored == pytest.approx(run.scored)
    # Once more after a crash changes nothing.
    actions.search(mark=run.mark)
    assert SitingRun.objects.get().chosen == run.chosen


def test_a_search_is_not_shown_any_more_when_what_it_stands_on_has_changed(client, published, hard):
    point = tuple(centres(published, published.neighbourhoods.rows(PLACE))[7].tolist())
    island = make_place()
    here = make_touchpoint(island)
    make_service(here, at=point)
    told = asked(candidates="community", keep="none", metres=1000.0, fair="least", open_new=1)
    what = question(published, PLACE, EQUAL, told)
    run = actions.look_longer(asked=what, mark=what.mark(published), signed_in=True)
    touchpoints.set_private(touchpoint=here, private=True, by=make_lead(island))
    assert longer_search(published, question(published, PLACE, EQUAL, told)) is None
    actions.search(mark=run.mark)
    run.refresh_from_db()
    assert run.state == SitingRun.State.OUTDATED
    assert run.chosen == []
    assert longer_search(published, what) is None


def test_a_search_that_was_stopped_goes_on_where_it_was(published, hard, monkeypatch):
    what = question(published, PLACE, EQUAL, asked(open_new=4, metres=1000.0, keep="none", fair="least"))
    run = actions.look_longer(asked=what, mark=what.mark(published), signed_in=True)
    monkeypatch.setattr(actions, "stopping", lambda: True)
    actions.search(mark=run.mark)
    run.refresh_from_db()
    assert (run.state, run.seconds) == (SitingRun.State.RUNNING, 0)
    monkeypatch.setattr(actions, "stopping", lambda: False)
    actions.search(mark=run.mark)
    run.refresh_from_db()
    assert run.state == SitingRun.State.DONE


def test_too_many_searches_at_once_are_refused_with_a_sentence_and_the_plan_stays(client, published, hard):
    SitingRun.objects.bulk_create(
        SitingRun(mark=str(number), area_code=PLACE) for number in range(actions.MOST_UNDER_WAY)
    )
    what = question(published, PLACE, EQUAL, asked())
    with pytest.raises(Refused):
        actions.look_longer(asked=what, mark=what.mark(published), signed_in=True)
    page = client.post(f"{PAGE}longer/?places=4&metres=1000&keep=none&fair=least").content.decode()
    assert "Many plans are being looked for now" in page
    assert 'id="picks-caption"' in page


def test_readers_without_an_account_have_few_searches_at_once_and_leave_room_for_the_others(client, published, hard):
    queries_asked = [f"{PAGE}longer/?places={each}&metres=1000&keep=none&fair=least" for each in range(1, 6)]
    for address in queries_asked[: actions.MOST_WITHOUT_ACCOUNT]:
        assert client.post(address).status_code == 302
    assert SitingRun.objects.filter(without_account=True).count() == actions.MOST_WITHOUT_ACCOUNT == 3
    refused = client.post(queries_asked[3])
    assert "Many plans are being looked for now" in refused.content.decode()
    assert client.post(queries_asked[0]).status_code == 302, "what is looked for already is shown to everybody"
    client.force_login(make_lead(make_place()), backend="allauth.account.auth_backends.AuthenticationBackend")
    assert client.post(queries_asked[3]).status_code == 302
    assert SitingRun.objects.filter(without_account=False).count() == 1
    client.logout()
    SitingRun.objects.filter(without_account=True).update(state=SitingRun.State.DONE)
    assert client.post(queries_asked[4]).status_code == 302


# Greater Manchester

QUESTIONS = (
    {},
    {"places": "10", "metres": "1000"},
    {"places": "20", "metres": "1000", "fair": "twice"},
    {"places": "3", "metres": "5000", "keep": "none"},
    {"places": "20", "metres": "5000", "keep": "none", "fair": "least"},
    {"places": "10", "metres": "2000", "keep": "none", "fair": "least"},
    {"places": "20", "candidates": "libraries", "keep": "none"},
    {"places": "5", "room": "5000"},
    {"places": "20", "metres": "5000", "room": "3000"},
    {"places": "5", "demand": "left_out", "metres": "1500"},
)


def _timed(client, address: str, query: dict) -> tuple[float, float, str]:
    """Seconds on the clock, seconds of work (other programmes on the machine do not count in it), and the page."""
    began, worked = time.perf_counter(), time.process_time()
    answer = client.get(address, query)
    seconds = time.perf_counter() - began, time.process_time() - worked
    assert answer.status_code == 200
    return *seconds, answer.content.decode()


def _p95(timed: list[tuple[float, float, str]]) -> tuple[float, float]:
    """95th percentiles in milliseconds: on the clock, and of work."""
    clock, work = (1000 * np.percentile([each[part] for each in timed], 95) for part in (0, 1))
    return float(clock), float(work)


def test_all_of_greater_manchester_is_planned_while_the_reader_waits(national_store, client):
    published = open_published(national_store)
    assert len(published.neighbourhoods.rows(MANCHESTER)) == 1702
    address = f"/places/{MANCHESTER}/siting/"
    # Loops are compiled, boundaries read and estimates fitted once a process.
    client.get(address, {"places": "1", "metres": "900", "fair": "least"})
    client.get(address, {"places": "1", "metres": "900", "room": "900", "demand": "left_out"})
    cold = [_timed(client, address, query) for query in QUESTIONS]
    assert all(re.search("No plan with|no plan with|nobody new", html.unescape(page)) for _, _, page in cold)
    warm = _p95([_timed(client, address, QUESTIONS[number % len(QUESTIONS)]) for number in range(40)])
    print(f"\nGreater Manchester, siting: first {[round(each[0], 2) for each in cold]} s")
    print(f"of work {[round(each[1], 2) for each in cold]} s; warm p95 {warm[0]:.0f} ms, of work {warm[1]:.0f} ms")
    assert max(each[1] for each in cold) < 6
    assert warm[1] < 300


def test_help_in_reach_of_greater_manchester_opens_quickly(national_store, client):
    address = f"/places/{MANCHESTER}/access/"
    asked_for = ({}, {"metres": "1000"}, {"help": "library"}, {"count": "hours", "metres": "5000"})
    for query in asked_for:
        assert client.get(address, query).status_code == 200
    warm = _p95([_timed(client, address, asked_for[number % len(asked_for)]) for number in range(40)])
    print(f"\nGreater Manchester, help in reach: warm p95 {warm[0]:.0f} ms, of work {warm[1]:.0f} ms")
    assert warm[1] < 300

"""What a hostile reader tried on the tables of a release, and what a reader with a linear programme can still tell.

The reader of `narrowed` has the neighbourhoods, the groups and the totals of a local authority at once. They know how
many people spoke there where `total` is given, and that everybody's age is known where `all_ages` is true.
"""

from itertools import product

import numpy as np
import pytest

from inroads.methods.disclosure.programme import Programme
from inroads.released import counting
from inroads.released.counting import THRESHOLD, Counted, fit_to_leave
from inroads.released.layout import Layout
from inroads.released.pairing import Patterns, staff_fit_to_leave, staff_topics
from inroads.released.queries import as_bytes, as_columns

AGES = ("0_15", "16_24", "25_44", "45_64", "65_74", "75_plus")
COMMUNITIES = ("carers", "deaf_people", "homeless", "refugees")
CHANNELS = ("in_person", "phone", "video", "paper", "message", "screen")
WORDS = ("found", "other")
WAYS = ("digital", "met")
HERE = "E06999901"
PILOTS = 200


def place(at):
    return f"E0199{at:04d}"


def counted(people):
    """Counts of people, each (neighbourhood, digital, found, age, communities); "" is an age that is not known."""

    def rows(keys, each):
        held = {}
        for key in each:
            held[key] = held.get(key, 0) + 1
        return [{**dict(zip(keys, key, strict=True)), "n": n} for key, n in held.items()]

    given = {name: [] for name in ("channels", "ways", "pathways", "loans", "referrals", "reach")}
    group = ("neighbourhood", "group", "found")
    return Counted(
        neighbourhoods=rows(("neighbourhood", "digital", "found"), [each[:3] for each in people]),
        ages=rows(group, [(at, age, found) for at, _, found, age, _ in people]),
        communities=rows(group, [(at, name, found) for at, _, found, _, names in people for name in names]),
        **given,
    )


@pytest.fixture
def release(monkeypatch):
    """Makes the tables of one local authority of `size` neighbourhoods."""

    def make(given, size):
        codes = np.array([*(place(at) for at in range(size)), ""])
        row, column = np.array([0] * size + [1]), np.array([*range(size), 0])
        layout = Layout(codes, np.array([HERE] * size + [""]), np.array([HERE, ""]), row, column, size)
        monkeypatch.setattr(counting, "layout_of", lambda published, area_code: layout)
        tables, _ = fit_to_leave(
            given, published=None, area_code="", ages=AGES, communities=COMMUNITIES, channels=CHANNELS
        )
        return {name: as_columns(as_bytes(table)) for name, table in tables.items()}

    return make


def cells_of(tables, word):
    """Cells of the local authority by name as (state, low, high): of neighbourhoods, of ages, of communities."""
    own, groups = tables["neighbourhoods"], tables["groups"]

    def cell(table, name, at):
        return str(table[f"{name}_state"][at]), float(table[f"{name}_low"][at]), float(table[f"{name}_high"][at])

    places = {
        (own["code"][at], way): cell(own, f"{way}_{word}", at)
        for at in np.flatnonzero(own["authority"] == HERE)
        for way in WAYS
    }
    here = np.flatnonzero(groups["authority"] == HERE)
    told = {str(groups["group"][at]): cell(groups, f"in_{word}", at) for at in here}
    return places, {name: told[name] for name in AGES}, {name: told[name] for name in COMMUNITIES}


def truth_of(people, word):
    truth = {}
    for at, digital, found, age, names in people:
        if (word == "found") is found:
            for key in ((at, WAYS[0 if digital else 1]), age, *names):
                truth[key] = truth.get(key, 0) + 1
    return truth


def narrowed(tables, people, *, total=False, all_ages=False):
    """How many small counts there were, and those of which something within 1 to `THRESHOLD` can be ruled out."""
    tried, found = 0, []
    for word in WORDS:
        truth = truth_of(people, word)
        programme, variables = Programme(), {}
        whole = int(programme.variables(1)[0])
        at = tables["totals"]["authority"].tolist().index(HERE)
        ends = [tables["totals"][f"{word}_{end}"][at] for end in ("low", "high")]
        spoke = sum(1 for each in people if (word == "found") is each[2])
        assert ends[0] <= spoke <= ends[1]
        programme.bound(whole, *([spoke] * 2 if total else ends))
        places, ages, communities = cells_of(tables, word)
        for part, least in ((places, 0.0), (ages, 0.0 if all_ages else -np.inf)):
            names = programme.variables(len(part))
            variables |= dict(zip(part, names.tolist(), strict=True))
            programme.row(np.append(names, whole), np.append(np.ones(len(part)), -1.0), least, 0.0)
        for name in communities:
            variables[name] = int(programme.variables(1)[0])
            programme.row(np.array([variables[name], whole]), np.array([1.0, -1.0]), -np.inf, 0.0)
        told = {**places, **ages, **communities}
        for key, (_, low, high) in told.items():
            assert low <= truth.get(key, 0) <= high, key
            programme.bound(variables[key], low, high)
        for key, (state, _, _) in told.items():
            if state == "suppressed" and 1 <= truth[key] <= THRESHOLD:
                tried += 1
                low, high = programme.ends(np.array([variables[key]]))
                if low > 1 + 1e-6 or high < THRESHOLD - 1e-6:
                    found.append((key, word, truth[key], low, high))
    return tried, found


def of_ages(places, *bands):
    """People who were met and are not left out: numbers by neighbourhood, and (age, people) of the same."""
    ages = [age for age, n in bands for _ in range(n)]
    at = [place(number) for number, n in enumerate(places) for _ in range(n)]
    return [(code, False, False, age, ()) for code, age in zip(at, ages, strict=True)]


@pytest.mark.parametrize("small", range(1, THRESHOLD + 1))
def test_age_bands_that_nearly_fill_the_total_do_not_give_away_the_small_one(release, small):
    """18, 18 and 1 once left of the 1 nothing else, because 20, 20 and at least 1 were all of the 37 to 41."""
    people = of_ages((10, 9, 9, 8 + small), ("25_44", 18), ("45_64", 18), ("65_74", small))
    tables = release(counted(people), 4)
    tried, found = narrowed(tables, people, total=True, all_ages=True)
    assert tried == 1
    assert not found
    # And by trying every number of each band: all that fits what is told of bands and of everybody.
    _, ages, _ = cells_of(tables, "other")
    spans = [range(int(low), int(min(high, len(people))) + 1) for _, low, high in ages.values()]
    left = {each[AGES.index("65_74")] for each in product(*spans) if sum(each) == len(people)}
    assert left >= set(range(1, THRESHOLD + 1))


def test_what_stands_in_the_tables_does_not_depend_on_how_small_a_small_age_band_is(release):
    def told(small):
        # As many people in all: whoever is not of the small band is of a large one.
        people = of_ages((40, 40), ("25_44", 40), ("45_64", 40 - small), ("65_74", small))
        groups = release(counted(people), 2)["groups"]
        at = groups["group"].tolist().index("65_74")
        return {name: str(column[at]) for name, column in groups.items()}

    # 33 to 39 of the other band are rounded to 35 or 40, or hidden; the small band's own row says no more.
    assert all(told(small)["in_other_state"] == "suppressed" for small in range(1, THRESHOLD + 1))
    assert {told(small)["in_other_low"] for small in range(1, THRESHOLD + 1)} == {"1.0"}


@pytest.mark.parametrize("each", [1, 2, THRESHOLD])
def test_the_channels_do_not_count_whom_neighbourhoods_hide(release, each):
    """Seven neighbourhoods with one person each who only used video, and 7 in the table of channels, were all 1."""
    people = [
        (place(at), digital, False, "25_44", ())
        for at in range(7)
        for digital, n in ((True, each), (False, 60))
        for _ in range(n)
    ]
    base = counted(people)
    rows = [{"channel": "video", "n": 7 * each}, {"channel": "phone", "n": 420}]
    tables = release(Counted(**{**vars(base), "channels": rows}), 7)
    tried, found = narrowed(tables, people, total=True, all_ages=True)
    assert (tried, found) == (7, [])
    held = tables["channels"]
    assert set(held) == {"channel", "low", "high"}
    at = held["channel"].tolist().index("video")
    # All that fits the share of video: were each of the seven 1, or each of them 7.
    occasions = 420 + 7 * each
    most = held["high"][at] / 100 * occasions
    assert held["low"][at] / 100 * occasions <= 7 * each <= most
    few = release(
        Counted(**{**vars(base), "channels": [{"channel": "video", "n": 7}, {"channel": "phone", "n": 210}]}), 7
    )
    assert len(few["channels"]["channel"]) == 0


def implied(ends, total):
    """What `total` leaves to the first cell of a part, from the ends of all of them."""
    (low, high), others = ends[0], ends[1:]
    return max(low, total - sum(each[1] for each in others)), min(high, total - sum(each[0] for each in others))


@pytest.mark.parametrize("small", range(1, THRESHOLD + 1))
def test_two_barriers_of_the_same_staff_do_not_give_away_who_does_not_find_one_hard(small):
    """9 of staff found one barrier hard; 8 of the same found another hard and 1 did not: 10, and 10 with somebody."""
    both, first = 3, 1
    given = Patterns(*(np.array(each, dtype=np.int64) for each in ((both, both), (both, first), (8, small))))
    held = as_columns(as_bytes(staff_fit_to_leave(given)))
    assert held["topic"][2:4].tolist() == [staff_topics()[1]] * 2
    assert held["state"][3] == "suppressed"
    people = 8 + small
    # Whoever knows how many staff there are, and that all of them spoke of the second barrier.
    low, high = implied([(held["low"][at], held["high"][at]) for at in (3, 2)], people)
    assert low <= 1
    assert high >= THRESHOLD


@pytest.mark.parametrize("small", range(1, THRESHOLD + 1))
def test_two_stages_of_a_pathway_do_not_give_away_the_way_that_few_chose(release, small):
    """All 40 are at both stages: 40 by letter at the first, and at the second nearly all of them."""
    stages = {"first": {"letter": 40}, "second": {"letter": 40 - small, "phone": small}}
    rows = [
        {"pathway": "p", "stage": stage, "way": way, "n": n}
        for stage, ways in stages.items()
        for way, n in ways.items()
    ]
    given = Counted(**{**vars(counted([])), "ways": rows, "pathways": [{"pathway": "p", "n": 40}]})
    held = release(given, 2)["ways"]
    ends = dict(zip(held["way"][1:], zip(held["low"][1:], held["high"][1:], strict=True), strict=True))
    assert held["stage"].tolist() == ["first", "second", "second"]
    low, high = implied([ends["phone"], ends["letter"]], 40)
    assert low <= 1
    assert high >= THRESHOLD


def pilot(rng):
    """People of a small pilot: a few neighbourhoods, unevenly digital, with some ages and some communities."""
    size = int(rng.integers(2, 12))
    people = int(rng.integers(15, 35)) * size
    digital, found = rng.uniform(0.02, 0.4), rng.uniform(0.1, 0.5)
    ages = rng.dirichlet([0.3, 1, 2, 2, 1, 0.6, 0.1 if rng.random() < 0.5 else 1e-6])
    belongs = rng.choice([0.02, 0.1, 0.5, 0.95], len(COMMUNITIES))
    at = rng.choice(size, people, p=rng.dirichlet([2.0] * size))
    band = rng.choice(len(AGES) + 1, people, p=ages)
    draws = rng.random((people, 2)) < (digital, found)
    inside = rng.random((people, len(COMMUNITIES))) < belongs
    return size, [
        (
            place(at[each]),
            bool(draws[each, 0]),
            bool(draws[each, 1]),
            (*AGES, "")[band[each]],
            tuple(name for name, own in zip(COMMUNITIES, inside[each], strict=True) if own),
        )
        for each in range(people)
    ]


def hidden_whole(tables, word):
    """Whether nothing is told of the authority but where somebody is, and where nobody: of hardly anybody."""
    return all(
        state == "suppressed" or high == 0 for part in cells_of(tables, word) for state, _, high in part.values()
    )


def test_in_small_pilots_nothing_narrows_a_small_count(release):
    """By all that is published of an authority, and by who knows how many spoke there and that all ages are known.

    But for authorities that are hidden whole: zeros are shown, and as many people spoke as there are cells without one.
    """
    rng, tried, found, of_hardly_anybody = np.random.default_rng(9), [0, 0], [], [0, 0]
    for _ in range(PILOTS):
        size, people = pilot(rng)
        tables = release(counted(people), size)
        everybody = all(each[3] for each in people)
        for knows, given in enumerate(({}, {"total": True, "all_ages": everybody})):
            more, some = narrowed(tables, people, **given)
            tried[knows] += more
            for each in some:
                if hidden_whole(tables, each[1]):
                    of_hardly_anybody[knows] += 1
                    spoke = sum(1 for one in people if one[2] == (each[1] == "found"))
                    assert spoke <= 2 * THRESHOLD
                else:
                    found.append(each)
    print(f"{tried} small counts of {PILOTS} pilots: {len(found)} narrowed, {of_hardly_anybody} where all is hidden")
    assert min(tried) > 2000
    assert not found, found[:5]
    assert of_hardly_anybody[0] <= 0.001 * tried[0]
    assert of_hardly_anybody[1] <= 0.02 * tried[1]


def test_the_reader_is_a_good_one(release, monkeypatch):
    """Were ages told each by itself, as they once were, the same reader would narrow some of them."""
    monkeypatch.setattr(counting, "protect_parts", each_part_by_itself(counting.protect_parts))
    rng, found = np.random.default_rng(9), []
    for _ in range(40):
        size, people = pilot(rng)
        found += narrowed(release(counted(people), size), people, all_ages=all(each[3] for each in people))[1]
    print(f"{len(found)} narrowed where each age band is a part of two cells")
    assert len(found) > 5


def each_part_by_itself(protect):
    """Ages, the second part, as parts of two cells each: those of the band, and everybody else."""

    def made(parts, **rule):
        places, ages, *others = parts
        bands = ages.shape[1]
        apart = [np.column_stack((ages[:, at], ages.sum(axis=1) - ages[:, at])) for at in range(bands)]
        held = protect([places, *apart, *others], **rule)
        changed = {}
        for name in ("values", "state", "company", "low", "high"):
            given = getattr(held, name)
            together = np.column_stack([each[:, 0] for each in given[1 : 1 + bands]])
            changed[name] = (given[0], together, *given[1 + bands :])
        return type(held)(**{**vars(held), **changed})

    return made

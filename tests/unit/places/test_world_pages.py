"""The pages of places on an invented system of 50,000 people: they find what is hidden, and give nobody away.

From raw records through extract, counting and release to the pages, as it goes in service.
"""

import csv
import re
from dataclasses import dataclass
from html import unescape
from itertools import combinations

import numpy as np
import pytest
from django.test import Client, override_settings
from worlds.apart import database_of_its_own
from worlds.attacker import attack, true_cells
from worlds.days import month_ends
from worlds.ics import ICS, World, make_world
from worlds.load import load, load_month
from worlds.month import Month, second_month
from worlds.people import BUNDLES, CHANNELS, DIGITAL, QUESTIONS
from worlds.published import publish

from inroads.methods.picture import revise, where_to_listen
from inroads.people.actions.figures import count_figures
from inroads.reference.definitions.conversation import barriers
from inroads.released import queries
from inroads.released.models import Release

# Made once and then only looked at; the mark is what has the tables made.
pytestmark = pytest.mark.django_db
WRONG = "The risk map is wrong here: more people are left out"
VISITS, PEOPLE = 30, 20


@dataclass(frozen=True)
class Seen:
    """The world and its second month, what pages showed after the first, and the tables of both releases."""

    world: World
    month: Month
    pages: dict[str, str]
    rows: list[dict[str, str]]
    releases: tuple[dict, dict]

    def row(self, at: int) -> dict[str, str]:
        """What the table of the real picture says of one neighbourhood."""
        return next(each for each in self.rows if each["code"] == self.world.code[at])


def forget_tables() -> None:
    """Rows of another database may have the same numbers as those that were read before."""
    queries._columns.cache_clear()
    queries._worked.clear()


@pytest.fixture(scope="module")
def seen(django_db_setup, django_db_blocker, tmp_path_factory) -> Seen:
    folder = tmp_path_factory.mktemp("world")
    world = make_world(seed=11)
    month = second_month(world)
    publish(world, folder / "published")
    settings = override_settings(PUBLISHED_DIR=folder / "published", EXTRACT_DIR=folder / "extract")
    forget_tables()
    with settings, django_db_blocker.unblock(), database_of_its_own(folder):
        first, second = month_ends()
        loaded = load(world, until=first)
        count_figures(until=first)
        pages = {}
        for name, user, address in (
            ("real", loaded.tree.lead, f"/places/{ICS}/real/?rows=all"),
            ("file", loaded.tree.analyst, f"/places/{ICS}/real.csv"),
            ("listen", loaded.tree.lead, f"/places/{ICS}/listen/?visits={VISITS}&per_visit={PEOPLE}"),
            ("needs", loaded.tree.lead, f"/places/{ICS}/needs/?rows=all"),
            ("homeless", loaded.tree.lead, f"/places/{ICS}/needs/?group=homeless&rows=all"),
            ("other", loaded.tree.other_lead, f"/places/{ICS}/real/"),
            ("stranger", None, f"/places/{ICS}/real/"),
        ):
            client = Client()
            if user is not None:
                client.force_login(user)
            answer = client.get(address)
            assert answer.status_code == 200, (name, answer.status_code)
            content = b"".join(answer.streaming_content) if answer.streaming else answer.content
            pages[name] = content.decode("utf-8-sig")
        load_month(loaded, month, until=second)
        count_figures(until=second, at_once=True)
        later = Client()
        later.force_login(loaded.tree.lead)
        pages["later"] = later.get(f"/places/{ICS}/real/?rows=all").content.decode()
        kept = [
            {name: queries.table(release, name) for name in release.tables.values_list("name", flat=True)}
            for release in Release.objects.filter(organisation=loaded.tree.ics).order_by("until")
        ]
    forget_tables()
    return Seen(world, month, pages, rows_of(pages["real"]), (kept[0], kept[1]))


def rows_of(page: str) -> list[dict[str, str]]:
    """The table of all neighbourhoods, as it stands on the page."""
    names = ("name", "risk", "real", "difference", "asked", "how", "is")
    body = page[page.index('id="table"') :]
    found = []
    for line in re.findall(r"<tr><th scope=\"row\">.*?</tr>", body, re.DOTALL):
        code = re.search(r"/places/(E01\d{6})/", line)
        if code:
            cells = [unescape(re.sub(r"<.*?>", "", each)).strip() for each in re.findall(r"<t[hd].*?</t[hd]>", line)]
            found.append({"code": code[1], **dict(zip(names, cells, strict=True))})
    return found


def test_every_neighbourhood_stands_in_the_table_and_in_the_file(seen):
    assert sorted(each["code"] for each in seen.rows) == seen.world.code.tolist()
    lines = list(csv.DictReader(seen.pages["file"].splitlines()))
    assert [each["neighbourhood_code"] for each in lines] == seen.world.code.tolist()
    risk = np.array([float(each["risk_share"]) for each in lines])
    assert np.abs(risk - seen.world.expected).max() < 0.02


def pockets_found(seen, rows) -> tuple[float, float]:
    """Of 12 hidden pockets the share that is listed, and of those listed the share that is truly above the index."""
    listed = {each["code"] for each in rows if WRONG in each["is"]}
    recall = np.mean([code in listed for code in seen.world.code[seen.world.pocket].tolist()])
    above = dict(zip(seen.world.code.tolist(), (seen.world.share > seen.world.expected).tolist(), strict=True))
    right = np.mean([above[code] for code in listed])
    print(f"{len(listed)} listed; of 12 pockets {recall:.0%}; truly above the index {right:.0%}")
    return float(recall), float(right)


def test_hidden_pockets_stand_where_the_risk_map_is_wrong(seen):
    recall, right = pockets_found(seen, seen.rows)
    assert recall >= 0.7
    assert right >= 0.9
    # They are what is read first: those farthest off come first in the table too.
    first = [each["code"] for each in seen.rows[:20]]
    assert np.mean([code in first for code in seen.world.code[seen.world.pocket].tolist()]) >= 0.7


def test_a_month_of_which_nearly_all_is_hidden_does_not_spoil_the_picture(seen):
    later = rows_of(seen.pages["later"])
    recall, right = pockets_found(seen, later)
    assert recall >= 0.7
    assert right >= 0.9
    assert sum(WRONG in each["is"] for each in later) <= 1.2 * sum(WRONG in each["is"] for each in seen.rows)


def test_the_label_is_refused_wherever_only_screens_asked(seen):
    quiet = np.flatnonzero(seen.world.collected == "digital")
    lines = {each["neighbourhood_code"]: each for each in csv.DictReader(seen.pages["file"].splitlines())}
    for at in quiet.tolist():
        row = seen.row(at)
        assert row["is"].startswith("Risk only"), row
        assert row["real"] == "Not known", row
        assert lines[row["code"]]["label"] == "risk"
    print(f"label refused in {len(quiet)} of {len(quiet)}")


def test_nobody_was_asked_is_said_where_nobody_was(seen):
    said = {each["code"] for each in seen.rows if "Nobody has been asked here" in each["is"]}
    assert said == set(seen.world.code[seen.world.collected == "nobody"].tolist())


def test_intervals_hold_the_truth(seen):
    share = dict(zip(seen.world.code.tolist(), seen.world.share.tolist(), strict=True))
    held = []
    for each in csv.DictReader(seen.pages["file"].splitlines()):
        if each["label"] in ("mixed", "real"):
            truth = share[each["neighbourhood_code"]]
            held.append(float(each["real_low_90"]) <= truth <= float(each["real_high_90"]))
    print(f"90% intervals hold the truth in {np.mean(held):.1%} of {len(held)} neighbourhoods")
    assert len(held) > 250
    assert np.mean(held) >= 0.85


def visits_of(seen) -> list[int]:
    """Rows of the world to which the page sends, a row once for each visit there."""
    code = {each: at for at, each in enumerate(seen.world.code.tolist())}
    stops = re.findall(r'name="stop" id="stop-(E01\d{6})"', seen.pages["listen"])
    ask = [int(re.search(rf'name="per_visit_{each}" value="(\d+)"', seen.pages["listen"])[1]) for each in stops]
    return [code[stop] for stop, people in zip(stops, ask, strict=True) for _ in range(round(people / PEOPLE))]


def test_where_to_listen_names_a_large_place_first_that_nobody_asked(seen):
    order = visits_of(seen)
    assert len(order) == VISITS
    world = seen.world
    assert world.collected[order[0]] == "nobody"
    assert world.population[order[0]] >= np.quantile(world.population, 0.9)
    # Half of all visits at least go where nobody met anybody, though few neighbourhoods are like that.
    assert np.isin(world.collected[order], ("nobody", "digital")).mean() >= 0.5
    assert "Nobody has been asked here" in seen.pages["listen"]


def test_listening_there_gains_more_than_listening_anywhere(seen):
    world, rng = seen.world, np.random.default_rng(3)
    digital = np.isin(CHANNELS, DIGITAL)
    asked, found = (
        np.column_stack([table[:, digital].sum(axis=1), table[:, ~digital].sum(axis=1)]) for table in world.counts()
    )

    def loss(places: list[int]) -> float:
        """People squared by which a reader is off after so many more were asked, to their faces, in these places.

        Where the label is refused, all that a reader has is what the index expects.
        """
        more = np.bincount(places, minlength=len(world.code)) * PEOPLE
        told = np.column_stack([np.zeros_like(more), more])
        yes = np.column_stack([np.zeros_like(more), rng.binomial(more, world.share)])
        picture = revise(world.expected, asked + told, found + yes, channels=("digital", "met"), digital=("digital",))
        read = np.where(picture.label == "risk", world.expected, picture.mean)
        return float((world.population**2 * (read - world.share) ** 2).sum())

    order = visits_of(seen)
    before = loss([])
    ours = before - np.mean([loss(order) for _ in range(20)])
    anywhere = before - np.mean([loss(rng.permutation(len(world.code))[:VISITS].tolist()) for _ in range(60)])
    print(f"{VISITS} visits of {PEOPLE}: gain {ours / before:.1%} of the loss, anywhere {anywhere / before:.1%}")
    assert ours >= 1.25 * max(anywhere, 0.0)
    assert ours > 0
    whole = revise(world.expected, asked, found, channels=("digital", "met"), digital=("digital",))
    best = where_to_listen(whole, visits=VISITS, per_visit=PEOPLE, population=world.population)
    # Hidden numbers cost little: most visits are those that true counts would give.
    assert np.isin(order, best.order).mean() >= 0.5


def together(page: str) -> dict[frozenset[str], set[str]]:
    """By two barriers what the page says of them: "more often", "less often" or "cannot tell", in either direction."""
    ids = {each.title: name for name, each in barriers().items()}
    found: dict[frozenset[str], set[str]] = {}
    for line in re.findall(r"<tr>.*?</tr>", page[page.index('id="pairs-table"') :], re.DOTALL):
        cells = [unescape(re.sub(r"<.*?>", "", each)).strip() for each in re.findall(r"<t[hd].*?</t[hd]>", line)]
        if len(cells) == 5 and cells[0] in ids:
            found.setdefault(frozenset({ids[cells[0]], ids[cells[1]]}), set()).add(cells[4])
    return found


def test_barriers_that_were_planted_together_are_said_to_go_together(seen):
    said = together(seen.pages["needs"])
    planted = {frozenset(pair) for bundle in BUNDLES for pair in combinations(bundle, 2)}
    assert len(said) == len(QUESTIONS) * (len(QUESTIONS) - 1) // 2
    assert all("more often" in said[pair] for pair in planted)
    wrong = [pair for pair, words in said.items() if pair not in planted and "more often" in words]
    print(f"{len(planted)} planted pairs found; of {len(said) - len(planted)} others {len(wrong)} said to go together")
    assert len(wrong) <= 0.1 * len(said)
    of_some = together(seen.pages["homeless"])
    assert "more often" in of_some[frozenset({"devices", "affordability"})]


@pytest.mark.parametrize("who", ["other", "stranger"])
def test_outside_the_system_nothing_is_seen(seen, who):
    page = seen.pages[who]
    assert "Nothing that people said here has been released" in page
    assert "The risk map is wrong here" not in page
    assert "people were asked" not in page


def test_an_attacker_with_two_releases_pins_nobody(seen):
    found = attack(*seen.releases, seen.world, seen.month)
    print(f"{found.cells} small hidden counts attacked, {len(found.pinned)} narrower than 1 to 7")
    assert found.cells > 200
    assert not found.pinned, found.pinned[:5]


def naked(release, world: World, spoke) -> dict:
    """A release in which every count above 7, and how many spoke in each authority, stand as they are."""
    truth = true_cells(world, spoke)
    made = {name: dict(release[name]) for name in ("neighbourhoods", "groups", "totals")}
    spoken: dict[tuple[str, str], int] = {}
    for name, rows in (
        ("neighbourhoods", made["neighbourhoods"]["code"].tolist()),
        ("groups", [" ".join(each) for each in zip(made["groups"]["authority"], made["groups"]["group"], strict=True)]),
    ):
        held = made[name]
        for cell in [each.removesuffix("_state") for each in held if each.endswith("_state")]:
            counts = np.array([truth.get((str(row), cell), 0) for row in rows], dtype=float)
            small = (counts > 0) & (counts <= 7)
            held[f"{cell}_state"] = np.where(small, "suppressed", "value")
            held[f"{cell}_low"], held[f"{cell}_high"] = np.where(small, 1, counts), np.where(small, 7, counts)
            if name == "neighbourhoods":
                for authority, count in zip(held["authority"].tolist(), counts.tolist(), strict=True):
                    key = authority, cell.rpartition("_")[2]
                    spoken[key] = spoken.get(key, 0) + int(count)
    for word in ("found", "other"):
        exact = np.array([spoken[authority, word] for authority in made["totals"]["authority"].tolist()], dtype=float)
        made["totals"][f"{word}_low"] = made["totals"][f"{word}_high"] = exact
    return made


def test_the_attacker_is_a_good_one(seen):
    """Were every count above 7 shown as it is, with exact totals, some of the small ones would not be safe."""
    everybody = np.ones(len(seen.world.people), dtype=bool)
    first = naked(seen.releases[0], seen.world, everybody)
    second = naked(seen.releases[1], seen.month.world, seen.month.spoke)
    found = attack(first, second, seen.world, seen.month)
    print(f"{len(found.pinned)} of {found.cells} pinned where nothing keeps small counts company")
    assert len(found.pinned) > 10


def test_lists_say_of_a_hidden_count_that_it_is_small_and_nothing_else(seen):
    hidden = 0
    for release in seen.releases:
        for name in ("ways", "staff", "loans", "referrals", "reach"):
            few = release[name]["state"] == "suppressed"
            hidden += few.sum()
            assert np.isnan(release[name]["value"][few]).all()
            assert (release[name]["high"][few] >= 7).all()
            assert (release[name]["value"][~few] % 5 == 0).all()
            # Of ways and of staff, larger counts are hidden too, to keep small ones company.
            assert name in ("ways", "staff") or (release[name]["low"][few] <= 1).all()
    assert hidden > 0


def test_channels_are_told_as_shares_of_the_whole_system_to_the_nearest_five(seen):
    for release in seen.releases:
        told = release["channels"]
        assert set(told) == {"channel", "low", "high"}
        assert ((told["high"] - 2.5) % 5 == 0).all()
    assert set(seen.releases[0]["channels"]["channel"]) == set(CHANNELS)


def test_the_second_release_counts_only_what_was_said_since(seen):
    first, second = (release["totals"] for release in seen.releases)
    spoke = (seen.month.spoke & seen.month.world.people.here).sum()
    least = [sum(totals[f"{word}_low"].sum() for word in ("found", "other")) for totals in (first, second)]
    assert 0 < least[1] <= spoke < 0.05 * least[0]

"""Pages of places as a browser asks for them."""

import csv
import gzip
import io
import re

import pytest

from inroads.analytics.areas import is_open
from inroads.analytics.published import open_published
from inroads.design.wording import percent
from inroads.places.presenters import table

pytestmark = pytest.mark.django_db
PLACE = "/places/E06000046/"


def test_the_place_names_itself_and_says_what_it_is_not(client):
    page = client.get(PLACE).content.decode()
    assert "Isle of Wight" in page
    assert "This is risk, not need." in page
    assert page.count('<th scope="row"><a href="/places/E01') == 89
    assert page.count('tabindex="-1"') == 89


def test_wards_stand_beside_neighbourhoods_wherever_these_are_listed(client):
    page = client.get(PLACE).content.decode()
    table = page[page.index('id="table"') :]
    assert table.count('</a> <span class="inroads-quiet">') == 89
    assert "Ventnor &amp; St Lawrence</span></th>" in table
    steady = page[page.index("High whatever the weights") : page.index('id="table"')]
    assert '</a> <span class="inroads-quiet">' in steady
    assert "Isle of Wight 018B, Ventnor &amp; St Lawrence: " in page[page.index("<svg") : page.index("</svg>")]
    libraries = client.get(f"{PLACE}libraries/").content.decode()
    assert libraries.count('</a> <span class="inroads-quiet">') == libraries.count('<tr><th scope="row">') > 40
    found = client.get("/places/", {"q": "ventnor"}).content.decode()
    assert 'Isle of Wight 018B</a> <span class="inroads-quiet">Ventnor &amp; St Lawrence</span>' in found
    assert "around Ventnor &amp; St Lawrence in Isle of Wight." in client.get("/places/E01017364/").content.decode()


def test_the_sources_page_says_what_a_ward_name_is_worth(client):
    assert "A ward name beside a neighbourhood is a rough pointer" in client.get(f"{PLACE}sources/").content.decode()


@pytest.mark.parametrize("name", ["table", "libraries"])
def test_files_have_the_ward_in_a_column(client, name):
    text = b"".join(client.get(f"{PLACE}{name}.csv").streaming_content).decode("utf-8-sig")
    rows = {row["neighbourhood_code"]: row for row in csv.DictReader(io.StringIO(text))}
    assert rows["E01017364"]["ward"] == "Ventnor & St Lawrence"


def test_weights_stay_in_every_link_and_in_the_file(client):
    page = client.get(PLACE, {"w_broadband": "0"}).content.decode()
    rows = page.count('<th scope="row"><a href="/places/E01')
    assert rows == page.count('?w_broadband=0">Isle of Wight 0') - page.count('<li><a href="/places/E01') == 89
    around = client.get("/places/E01017299/", {"w_broadband": "0"}).content.decode()
    assert "With the weights you chose: Age and disability risk 1, Deprivation risk 1" in around
    assert '/places/E06000046/?w_broadband=0"' in around
    for part in ("groups/", "libraries/", "sources/", "sheet/"):
        assert f"{PLACE}{part}?w_broadband=0" in page
    assert "?w_broadband=0&amp;sort=name" in page
    assert f"{PLACE}table.csv?w_broadband=0" in page


def test_a_wrong_weight_is_said_and_kept(client):
    answer = client.get(PLACE, {"w_broadband": "lots"})
    page = answer.content.decode()
    assert answer.status_code == 200
    assert "Error: " in page
    assert page.count("Weight of Broadband risk must be a number") == 2
    assert 'value="lots"' in page


def test_scripts_typed_into_a_form_are_only_text(client):
    for address, query in ((PLACE, {"w_broadband": "<script>x"}), ("/places/", {"q": "<script>x"})):
        page = client.get(address, query).content.decode()
        assert "<script>x" not in page
        assert "&lt;script&gt;x" in page


def test_the_csv_is_a_file_with_all_neighbourhoods(client):
    answer = client.get(f"{PLACE}table.csv")
    text = b"".join(answer.streaming_content).decode("utf-8-sig")
    assert answer["Content-Type"].startswith("text/csv")
    assert "attachment" in answer["Content-Disposition"]
    rows = list(csv.DictReader(io.StringIO(text)))
    assert len(rows) == 89
    assert rows[0]["weights"] == "Broadband risk 1, Age and disability risk 1, Deprivation risk 1"
    assert rows[0]["local_authority_name"] == "Isle of Wight"


def test_a_file_with_own_weights_says_so_in_its_name_and_in_every_row(client):
    answer = client.get(f"{PLACE}table.csv", {"w_broadband": "0"})
    text = b"".join(answer.streaming_content).decode("utf-8-sig")
    assert "own-weights" in answer["Content-Disposition"]
    assert {row["weights"] for row in csv.DictReader(io.StringIO(text))} == {
        "Age and disability risk 1, Deprivation risk 1"
    }


def test_every_column_of_the_file_is_explained(client):
    figures = b"".join(client.get(f"{PLACE}table.csv").streaming_content).decode("utf-8-sig")
    explained = b"".join(client.get(f"{PLACE}columns.csv").streaming_content).decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(explained)))
    assert [row["column"] for row in rows] == figures.splitlines()[0].split(",")
    assert all(row["what_it_is"] for row in rows)
    assert next(row for row in rows if row["column"] == "deri")["publisher"]


def test_the_summary_to_print_has_the_highest_with_who_lives_there(client):
    page = client.get(f"{PLACE}sheet/").content.decode()
    assert re.findall(r'<tr><td class="n">(\d+)</td><th scope="row">', page) == [str(n) for n in range(1, 16)]
    assert "How sure?" in page
    assert "Open Government Licence" in page
    assert "Contains OS data" in page
    assert "fifths of England" in page
    assert "http://testserver/places/E06000046/" in page
    drawn = page[page.index("<svg xmlns") : page.index("</svg>", page.index("<svg xmlns"))]
    assert [int(n) for n in re.findall(r"<text[^>]*>(\d+)</text>", drawn)] == list(range(1, 16))
    assert re.search(r"All people \d+%; .*All households \d+%; ", page, flags=re.S)
    weighed = client.get(f"{PLACE}sheet/", {"w_mental_health": "1"}).content.decode()
    assert "from 2011 to 2025" in weighed
    assert "Indices of Deprivation 2025: underlying indicators" in weighed


@pytest.mark.parametrize("part", ["sheet/", "groups/", "libraries/", "sources/", "table.csv", "columns.csv"])
def test_wrong_weights_are_refused_everywhere_and_never_quietly_left_out(client, part):
    answer = client.get(f"{PLACE}{part}", {"w_broadband": "x"})
    assert answer.status_code == 400
    assert "must be a number" in answer.content.decode()
    assert '<a href="/places/E06000046/">Go back to Isle of Wight</a>' in answer.content.decode()
    page = client.get(PLACE, {"w_broadband": "x"}).content.decode()
    assert "w_broadband=x" not in page


def test_only_weights_are_carried_along_and_each_in_one_way_of_writing(client):
    page = client.get(PLACE, {"w_broadband": " 0,50000001 ", "w_zz": '"' * 500, "x": "y"}).content.decode()
    assert "?w_broadband=0.5" in page
    assert "w_zz" not in page
    assert "x=y" not in page
    assert "With the weights you chose" not in client.get(PLACE, {"w_zz": "1"}).content.decode()


def test_a_place_with_many_neighbourhoods_shows_the_first_hundred_until_asked_for_all(client, monkeypatch):
    monkeypatch.setattr(table, "MANY", 50)
    monkeypatch.setattr(table, "FIRST", 20)
    page = client.get(PLACE, {"sort": "name"}).content.decode()
    assert page.count('<tr><th scope="row"><a') == 20
    assert "The first 20 of 89" in page
    assert '?sort=name&amp;order=low&amp;rows=all#table">Show all 89</a>' in page
    everything = client.get(PLACE, {"sort": "name", "rows": "all"}).content.decode()
    assert everything.count('<tr><th scope="row"><a') == 89
    assert "?rows=all&amp;sort=rank&amp;order=low#table" in everything
    assert '<figure class="inroads-map' in page
    assert '<figure class="inroads-map' not in everything
    assert 'href="?sort=name&amp;order=low#map">Show the map and a shorter list</a>' in everything


def test_a_place_with_few_neighbourhoods_keeps_its_map_beside_all_its_rows(client):
    page = client.get(PLACE, {"rows": "all"}).content.decode()
    assert '<figure class="inroads-map' in page
    assert "Show the map" not in page


def test_a_new_weighting_keeps_the_order_and_all_rows(client):
    page = client.get(PLACE, {"sort": "name", "rows": "all"}).content.decode()
    for name, value in (("sort", "name"), ("order", "low"), ("rows", "all")):
        assert f'<input type="hidden" name="{name}" value="{value}">' in page
    assert 'type="hidden"' not in client.get(PLACE).content.decode()


def test_a_neighbourhood_says_what_the_risk_is_of_and_where_it_lies(client):
    page = client.get("/places/E01017364/").content.decode()
    assert "How hard people who live here may find it to use digital services" in page
    assert page.count('class="shape here"') == 1
    assert page.count('class="shape elsewhere"') == 88


def test_every_row_of_the_explanation_is_as_long_as_its_heading(client):
    text = b"".join(client.get(f"{PLACE}columns.csv").streaming_content).decode("utf-8-sig")
    assert {len(row) for row in csv.reader(io.StringIO(text))} == {11}


def test_commas_and_articles_do_not_stop_a_search(client):
    assert "Isle of Wight" in client.get("/places/", {"q": "the Isle of Wight,"}, follow=True).content.decode()


def test_a_postcode_is_answered_with_what_to_type_instead(client):
    page = client.get("/places/", {"q": "po33 2je"}).content.decode()
    assert "Places are not found by postcode yet" in page


def test_a_few_people_are_not_nobody():
    assert [percent(share) for share in (0, 0.001, 0.01, 0.5, 0.994, 0.999, 1)] == [
        "0%", "less than 1%", "1%", "50%", "more than 99%", "more than 99%", "100%",
    ]  # fmt: skip


def test_the_csv_refuses_wrong_weights_in_words(client):
    answer = client.get(f"{PLACE}table.csv", {"w_broadband": "x"})
    assert answer.status_code == 400
    assert "must be a number" in answer.content.decode()


def test_small_letters_in_a_code_are_understood(client):
    assert client.get("/places/e06000046/").status_code == 200


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("/places/E54000042/", "89 of 1,126 neighbourhoods"),
        ("/places/E06000001/", "no place with the code E06000001"),
        ("/places/E01000001/", "no place with the code E01000001"),
        ("/places/E54000042/groups/", "89 of 1,126"),
        ("/places/ISLE/", "check that it is correct"),
    ],
)
def test_what_is_not_there_is_said_in_words(client, address, said):
    answer = client.get(address)
    assert answer.status_code == 404
    assert said in answer.content.decode()


def test_england_leads_to_the_list_of_places(client):
    assert client.get("/places/E92000001/").headers["Location"] == "/places/"


def test_one_hit_opens_at_once(client):
    assert client.get("/places/", {"q": "E01017299"}).headers["Location"] == "/places/E01017299/"


def test_a_neighbourhood_shows_its_figures_and_their_sources(client):
    page = client.get("/places/E01017299/").content.decode()
    assert "Digital Exclusion Risk Index" in page
    assert "Nobody who lives here was asked for them" in page
    assert "km in a straight line" in page


def test_without_figures_the_pages_say_so(client, settings, tmp_path):
    settings.PUBLISHED_DIR = tmp_path / "nothing"
    for address in (PLACE, "/places/"):
        answer = client.get(address)
        assert answer.status_code == 404
        assert "No published figures are loaded yet" in answer.content.decode()
    assert "No published figures are loaded yet" in client.get("/").content.decode()
    assert client.get("/health/ready").status_code == 503


LARGEST = "E54000057"


def _sent(client, address: str) -> bytes:
    answer = client.get(address, headers={"accept-encoding": "gzip"})
    assert answer.status_code == 200
    assert answer.content.startswith(b"\x1f\x8b")
    return answer.content


@pytest.mark.published
def test_greater_manchester_is_light_enough_with_all_its_rows(client, national_store):
    sent = _sent(client, f"/places/{LARGEST}/?rows=all")
    assert len(sent) <= 250_000
    assert gzip.decompress(sent).decode().count('<th scope="row"><a href="/places/E01') == 1702
    assert len(_sent(client, f"/places/{LARGEST}/")) <= 250_000


@pytest.mark.published
def test_every_other_page_is_lighter_still(client, national_store):
    heavy = {}
    addresses = ["/", "/places/", "/data-sets/", "/places/E01006109/"]
    for area in open_published(national_store).areas.values():
        if area.kind == "ics" and is_open(area):
            addresses += [
                f"/places/{area.code}/{part}"
                for part in ("", "?rows=all", "groups/", "libraries/", "sources/", "sheet/")
            ]
    addresses.remove(f"/places/{LARGEST}/")
    for address in [*addresses, "/places/E08000003/", "/places/E08000025/"]:
        size = len(_sent(client, address))
        if size > 60_000:
            heavy[address] = size
    assert not heavy

"""What a description says: sentences that do say it, and sentences that only sound like it."""

import pytest

from inroads.directory.queries.tags import tags_of
from inroads.reference.definitions import load
from inroads.reference.definitions.care import Community, Help, Language

SAYS = [
    ("Learn how to use a computer with our volunteers.", "help", "digital_mentor"),
    ("We have a tablet loan scheme for carers.", "help", "device_loan"),
    ("Pick up a free SIM card from the national databank.", "help", "data_sim"),
    ("There is free Wi-Fi in the hall.", "help", "free_wifi"),
    ("Free debt advice every Tuesday.", "help", "money_advice"),
    ("Help with forms and letters.", "help", "form_together"),
    ("A peer-led group.", "help", "peer_talk"),
    ("Join our digital café.", "help", "digital_cafe"),
    ("For people with dementia and their families.", "community", "dementia"),
    ("Support for unpaid carers.", "community", "carers"),
    ("We work with refugees and people seeking asylum.", "community", "refugees"),
    ("A group for autistic adults.", "community", "autistic_people"),
    ("For LGBTQ+ people of all ages.", "community", "lgbtq"),
    ("Run by and for the Somali community.", "community", "black_people"),
    ("Our staff are Somali-speaking.", "language", "somali"),
    ("We speak Somali and Arabic.", "language", "arabic"),
    ("Languages: English, Urdu, Punjabi", "language", "punjabi"),
    ("Urdu, Polish and Somali speaking advisers.", "language", "urdu"),
    ("Leaflets are available in Polish.", "language", "polish"),
    ("Sessions in Somali.", "language", "somali"),
    ("BSL interpreters can be arranged.", "language", "british sign language"),
    ("Not only tea. We speak Turkish.", "language", "turkish"),
]
ONLY_SOUNDS_LIKE_IT = [
    ("We cannot help with debt advice.", "help", "money_advice"),
    ("We do not lend tablets.", "help", "device_loan"),
    ("A confidential space to talk.", "help", "private_room"),
    ("Not suitable for people with dementia.", "community", "dementia"),
    ("Home care by paid carers.", "community", "carers"),
    ("Read more at https://council.example/older-people/young-people/", "community", "older_people"),
    ("The Southeast Asian film night.", "community", "south_asian_people"),
    ("Run by and for the Somali community.", "language", "somali"),
    ("A Turkish restaurant and a Greek salad.", "language", "turkish"),
    ("The workshop has polish and brushes.", "language", "polish"),
    ("An Italian lunch club for older people.", "language", "italian"),
    ("We speak to French families.", "language", "french"),
    ("We have no Somali speakers at the moment.", "language", "somali"),
    ("Young at heart.", "community", "young_people"),
]


@pytest.mark.parametrize(("sentence", "kind", "value"), SAYS)
def test_what_is_said_is_noticed(sentence, kind, value):
    assert tags_of(sentence)[kind, value] == "text"


@pytest.mark.parametrize(("sentence", "kind", "value"), ONLY_SOUNDS_LIKE_IT)
def test_what_only_sounds_like_it_is_not(sentence, kind, value):
    assert (kind, value) not in tags_of(sentence)


def test_a_list_of_audiences_and_languages_says_it_itself():
    found = tags_of(
        "People with dementia are welcome.",
        labels=("Dementia", "Sensory Impaired", "Refugees/Asylum Seekers", " carers ", "Nobody knows"),
        languages=("Bangla", "klingon"),
    )
    assert found == {
        ("community", "dementia"): "said",
        ("community", "refugees"): "said",
        ("community", "carers"): "said",
        ("language", "bengali"): "said",
        ("language", "klingon"): "said",
    }


def test_phrases_of_one_kind_belong_to_one_thing_and_say_something():
    for shape in (Help, Community, Language):
        owners: dict[str, str] = {}
        for each in load(shape).values():
            for phrase in each.words:
                assert len(phrase) >= 3
                assert phrase == phrase.strip()
                assert owners.setdefault(phrase.casefold(), each.id) == each.id, phrase
    assert all(each.words for each in load(Community).values())


def test_a_long_text_takes_no_time():
    assert isinstance(tags_of("We speak not only, (English), and or such as " * 20_000), dict)

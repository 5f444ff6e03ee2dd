"""What is put into the outbox: once for each key, with its transaction, to addresses that can be reached."""

from datetime import timedelta

import pytest
from django.db import transaction
from django.utils import timezone
from people_factories import make_team

from inroads.accounts.actions import Refused
from inroads.jobs.models import Periodic
from inroads.post.actions import cancel, send
from inroads.post.addresses import MOST_PARTS, address_or_refuse, parts
from inroads.post.models import Message, State
from inroads.post.queries import channels, states_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def letter():
    """Arguments of a message that is right in every way."""
    return {
        "key": "a:1",
        "channel": "letter",
        "to": "Robin Quay\n1 High Street\nRyde\nPO33 2HH",
        "subject": "Your phone",
        "body": "Dear Robin,\n\nyour data ends soon.",
        "organisation": make_team(),
    }


def test_one_key_is_one_message(letter):
    first = send(**letter, about=letter["organisation"])
    again = send(**{**letter, "body": "Something else"})
    assert first == again
    assert Message.objects.get().body == letter["body"]
    assert (first.about_kind, first.about_id) == ("reference.organisation", str(letter["organisation"].pk))


def test_a_message_goes_with_the_transaction_it_was_written_in(letter):
    def written_and_broken():
        with transaction.atomic():
            send(**letter)
            raise KeyError

    with pytest.raises(KeyError):
        written_and_broken()
    assert not Message.objects.exists()


def test_writing_a_message_makes_the_delivery_due(letter, django_capture_on_commit_callbacks):
    later = timezone.now() + timedelta(minutes=1)
    Periodic.objects.create(name="post.deliver", next_at=later)
    with django_capture_on_commit_callbacks(execute=True):
        send(**{**letter, "channel": "text", "to": "07700 900 982"})
    assert Periodic.objects.get().next_at < later


def test_a_message_that_waits_can_be_taken_back_and_does_not_come_again(letter):
    kept = send(**letter)
    assert cancel(key="a:1") is True
    assert cancel(key="a:1") is True
    assert cancel(key="nothing") is True
    assert send(**letter) == kept
    assert Message.objects.get().state == State.CANCELLED


@pytest.mark.parametrize("state", [State.SENDING, State.SENT, State.UNSURE, State.PRINTED])
def test_what_left_or_may_have_left_cannot_be_taken_back(letter, state):
    send(**letter)
    Message.objects.update(state=state)
    assert cancel(key="a:1") is False
    assert Message.objects.get().state == state


def test_what_may_have_arrived_at_an_earlier_try_cannot_be_taken_back(letter):
    send(**letter)
    Message.objects.update(ask_first=True)
    assert cancel(key="a:1") is False


@pytest.mark.parametrize(
    ("change", "field", "says"),
    [
        ({"channel": "text", "to": "01983 555 123"}, "to", "mobile number"),
        ({"channel": "text", "to": "07700 900"}, "to", "mobile number"),
        ({"channel": "text", "to": ""}, "to", "mobile number"),
        ({"channel": "email", "to": "robin"}, "to", "name@example.com"),
        ({"channel": "email", "to": "a@example.com\nBcc: b@example.com"}, "to", "name@example.com"),
        ({"to": "  \n"}, "to", "name of the person"),
        ({"to": "\n".join("abcdefgh")}, "to", "7 lines"),
        ({"to": "Robin\n" + "a" * 41 + " b"}, "to", "40 letters"),
        ({"subject": " "}, "subject", "what the message is about"),
        ({"subject": "a" * 201}, "subject", "200 letters"),
        ({"body": " \n"}, "body", "what the message says"),
        ({"body": "a" * 10_001}, "body", "10,000"),
        ({"channel": "text", "to": "07700900982", "body": "a" * 613}, "body", "sent as 5, and 4 is the most"),
        ({"points": 13}, "points", "12, 18 or 24"),
    ],
)
def test_what_cannot_be_sent_is_refused_with_what_to_do(letter, change, field, says):
    with pytest.raises(Refused, match=says) as refused:
        send(**{**letter, **change})
    assert refused.value.field == field
    assert not Message.objects.exists()


def test_a_way_that_is_not_set_up_is_refused_and_letters_always_work(letter, settings):
    settings.POST_BACKENDS = {"email": "smtp"}
    assert channels() == {"letter", "email"}
    with pytest.raises(Refused, match="not set up here"):
        send(**{**letter, "channel": "text", "to": "07700900982"})
    assert send(**letter).state == State.WAITING


def test_a_subject_is_one_line(letter):
    assert send(**{**letter, "subject": "Your phone\r\nBcc: x@example.com"}).subject == "Your phone Bcc: x@example.com"


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("07700 900 982", "+447700900982"),
        ("+44 7700 900982", "+447700900982"),
        ("0044 7700-900982", "+447700900982"),
        ("+252 61 234 5678", "+252612345678"),
    ],
)
def test_numbers_are_kept_in_one_form(typed, kept):
    assert address_or_refuse("text", typed) == kept


@pytest.mark.parametrize(
    ("body", "needed"),
    [
        ("a" * 160, 1),
        ("a" * 161, 2),
        ("a" * 306, 2),
        ("a" * 307, 3),
        ("€" * 80, 1),
        ("€" * 81, 2),
        ("ا" * 70, 1),
        ("ا" * 71, 2),
        ("ا" * 134, 2),
        ("ا" * 135, 3),
        ("😀" * 35, 1),
        ("😀" * 36, 2),
        ("a" * 612, MOST_PARTS),
    ],
)
def test_how_many_text_messages_a_text_is(body, needed):
    assert parts(body) == needed


def test_a_long_line_of_an_address_goes_on_in_the_next():
    typed = "Friends of the Central Library and its Reading Room\n1 High Street\nRyde PO33 2HH"
    kept = "Friends of the Central Library and its\nReading Room\n1 High Street\nRyde PO33 2HH"
    assert address_or_refuse("letter", typed) == kept


def test_an_address_holds_only_what_can_be_printed():
    assert address_or_refuse("letter", "Robin\0 \u202eQuay\r\n\x07\n1 High\tStreet") == "Robin Quay\n1 High Street"
    assert address_or_refuse("letter", "Mah\u200cdokht\nRyde") == "Mah\u200cdokht\nRyde"


def test_a_text_message_has_signs_that_are_not_dearer(letter):
    said = "“Robin’s phone” – ends…" + "a" * 400
    text = {**letter, "channel": "text", "to": "07700900982", "body": said}
    assert send(**text).body.startswith('"Robin\'s phone" - ends...')
    assert send(**{**letter, "key": "a:2", "body": said}).body == said


def test_what_became_of_messages_by_their_keys(letter):
    send(**letter)
    send(**{**letter, "key": "a:2"})
    cancel(key="a:2")
    assert states_of(["a:1", "a:2", "a:3"]) == {"a:1": State.WAITING, "a:2": State.CANCELLED}

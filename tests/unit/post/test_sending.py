"""What is due leaves once, whatever breaks in between; what nobody can tell is left to a person."""

import stat
from datetime import timedelta

import pytest
from django.utils import timezone

from inroads.jobs import worker
from inroads.post.actions import emptying, sending
from inroads.post.actions.sending import CUT_SHORT, MOST_TRIES, deliver
from inroads.post.backends import console, file, way_for
from inroads.post.models import Message, State

pytestmark = pytest.mark.django_db


class Killed(BaseException):
    """Stands for kill -9: nothing of ours runs after it."""


@pytest.fixture
def killed_before_noting(monkeypatch):
    """`with killed_before_noting():` sends one message and ends as a kill would, before that is noted."""

    def killed(*_, **__):
        raise Killed

    def run():
        with monkeypatch.context() as patched:
            patched.setattr(sending, "_note", killed)
            with pytest.raises(Killed):
                deliver()

    return run


def files(settings):
    return sorted(settings.POST_DIR.glob("*.txt"))


def test_what_is_due_leaves_as_a_file(write, fresh, settings):
    message = write("email")
    assert deliver() == 1
    sent = fresh(message)
    assert (sent.state, sent.tries, sent.error) == (State.SENT, 1, "")
    assert sent.sent_at is not None
    (path,) = files(settings)
    assert path.name == f"{message.pk}.txt" == sent.reference
    said = "Channel: email\nTo: robin@example.com\nSubject: Your phone\n\nDear Robin,\n\nhi.\n"
    assert path.read_text(encoding="utf-8") == said
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert not list(settings.POST_DIR.glob("*.part"))
    assert deliver() == 0


def test_what_is_not_due_and_letters_stay(write, fresh):
    later, letter = write(not_before=timezone.now() + timedelta(days=1)), write("letter")
    assert deliver() == 0
    assert {fresh(later).state, fresh(letter).state} == {State.WAITING}


def test_a_try_that_was_killed_before_it_was_noted_is_found_and_not_sent_again(
    write, fresh, time_passes, killed_before_noting, settings
):
    message = write()
    killed_before_noting()
    before = [(path, path.stat().st_mtime_ns) for path in files(settings)]
    assert len(before) == 1
    assert fresh(message).state == State.SENDING
    # Its worker may still be at work on it.
    assert deliver() == 0
    time_passes(message)
    assert deliver() == 1
    assert fresh(message).state == State.SENT
    assert [(path, path.stat().st_mtime_ns) for path in files(settings)] == before


def test_two_who_hand_over_the_same_file_make_one(write, settings, tmp_path):
    message = write()
    way = file.Backend()
    assert way.hand_over(message) == way.hand_over(message)
    assert len(files(settings)) == 1


def test_a_worker_that_woke_up_late_does_not_note_over_another(write, fresh, time_passes):
    message = write()
    late = sending._take(set())
    time_passes(message)
    held = sending._take(set())
    assert sending._note(late, State.FAILED, error="late") is False
    assert fresh(message).state == State.SENDING
    assert sending._note(held, State.SENT) is True
    assert fresh(message).state == State.SENT


def test_a_folder_that_cannot_be_written_to_is_tried_again_later(write, fresh, time_passes, settings, tmp_path):
    settings.POST_DIR = tmp_path / "a file"
    settings.POST_DIR.write_text("")
    first, second = write(), write()
    assert deliver() == 0
    kept = fresh(first)
    assert (kept.state, kept.tries) == (State.WAITING, 1)
    assert kept.not_before > timezone.now() + timedelta(seconds=25)
    assert "cannot be written to" in kept.error
    # The others are not even tried: it would be the same for them.
    assert fresh(second).tries == 0
    settings.POST_DIR.unlink()
    time_passes(first)
    assert deliver() == 2


def test_waiting_grows_and_ends_with_a_person_being_told(write, fresh, time_passes, settings, tmp_path):
    settings.POST_DIR = tmp_path / "a file"
    settings.POST_DIR.write_text("")
    message, waits = write(), []
    for _ in range(MOST_TRIES):
        deliver()
        waits.append(round((fresh(message).not_before - timezone.now()).total_seconds()))
        time_passes(message)
    assert waits[:8] == [30, 60, 120, 240, 480, 960, 1920, 3600]
    assert set(waits[8:-1]) == {3600}
    assert fresh(message).state == State.FAILED


def test_a_way_that_was_switched_off_leaves_no_message_behind(write, fresh, settings):
    message = write()
    settings.POST_BACKENDS = {}
    deliver()
    assert (fresh(message).state, fresh(message).error) == (State.FAILED, sending.NOT_SET_UP)


def test_a_way_that_does_not_exist_is_named(settings):
    settings.POST_BACKENDS = {"text": "pigeon"}
    with pytest.raises(ValueError, match="pigeon"):
        way_for("text")


def test_on_the_screen_what_was_cut_short_is_unsure(write, fresh, time_passes, killed_before_noting, settings, capsys):
    settings.POST_BACKENDS = {"text": "console"}
    message = write()
    killed_before_noting()
    time_passes(message)
    assert deliver() == 0
    assert (fresh(message).state, fresh(message).error) == (State.UNSURE, CUT_SHORT)
    assert capsys.readouterr().out.count("your data ends on Friday") == 1


def test_an_error_of_ours_is_unsure_where_nobody_can_be_asked(write, fresh, settings, monkeypatch, caplog):
    settings.POST_BACKENDS = {"text": "console"}

    def stumble(self, message):
        raise KeyError(message.body)

    monkeypatch.setattr(console.Backend, "hand_over", stumble)
    message = write()
    deliver()
    assert fresh(message).state == State.UNSURE
    assert "data ends" not in caplog.text
    assert "KeyError" in caplog.text


def test_asked_to_stop_it_ends_after_the_message_at_hand(write, monkeypatch):
    write(), write(), write()
    kept = file.Backend.hand_over

    def then_stop(self, message):
        worker._asked_to_stop.set()
        return kept(self, message)

    try:
        with monkeypatch.context() as patched:
            patched.setattr(file.Backend, "hand_over", then_stop)
            assert deliver() == 1
    finally:
        worker._asked_to_stop.clear()
    assert deliver() == 2


@pytest.mark.parametrize("state", [State.SENT, State.PRINTED, State.CANCELLED])
def test_what_was_said_is_emptied_after_a_month_and_that_it_was_sent_stays(write, fresh, state):
    old, young, failed = write(), write(), write()
    month_ago = timezone.now() - timedelta(days=31)
    Message.objects.filter(pk__in=(old.pk, young.pk)).update(state=state)
    Message.objects.filter(pk=old.pk).update(changed_at=month_ago)
    Message.objects.filter(pk=failed.pk).update(state=State.FAILED, changed_at=month_ago)
    assert emptying.empty_old() == 1
    assert emptying.empty_old() == 0
    kept = fresh(old)
    assert (kept.to, kept.subject, kept.body, kept.state) == ("", "", "", state)
    assert kept.emptied_at is not None
    assert fresh(young).body
    assert fresh(failed).body, "somebody has yet to decide"

"""Referrals: consent first, answers without an account, and every one of them ends with somebody knowing."""

from datetime import timedelta

import pytest
from directory_factories import make_charity, make_service, make_touchpoint
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from people_factories import make_person, make_place, make_team, make_worker

from inroads.accounts.actions import Refused
from inroads.accounts.codes import as_written
from inroads.accounts.models import AuditEntry
from inroads.people.actions import plans, records, referrals
from inroads.people.actions.contacts import bring_back, hand_over, record_contact
from inroads.people.actions.referrals import Consent
from inroads.people.models import Answer, Contact, Referral, ReferralEvent
from inroads.people.models import ReferralState as State
from inroads.people.queries.referrals import code_of, orphans, referral_by_code, waiting_for_us
from inroads.post.models import Message

CONSENT = Consent(("name", "contact"), "said yes in the clinic")
TODAY = timezone.localdate


@pytest.fixture
def scene(db):
    """A worker, a person who likes text messages, and a charity with an email address."""
    place = make_place()
    team = make_team(place=place)
    worker = make_worker(team)
    person = make_person(team, by=worker, full_name="Abdi Warsame", known_as="Abdi")
    records.set_preferences(
        person=person,
        channel="in_person",
        contact_way="text",
        contact_detail="07700 900 982",
        language="Somali",
        by=worker,
    )
    charity = make_touchpoint(place, name="Kitchen Table", email="table@charity.example")
    service = make_service(charity, helps=("digital_mentor",), capacity=2)
    return worker, person, service


def referred(scene, **options):
    worker, person, service = scene
    made = referrals.draft_referral(
        person=person, service=service, asked="A first e-mail", consent=CONSENT, by=worker, **options
    )
    return referrals.send_referral(referral=made, by=worker)


def receiver_page(referral):
    return reverse("answers:receiver", kwargs={"code": code_of(referral, "receiver")})


def test_nothing_is_passed_on_without_consent(scene):
    worker, person, service = scene
    with pytest.raises(Refused, match="how they agreed"):
        referrals.draft_referral(person=person, service=service, asked="Help", consent=Consent((), " "), by=worker)
    with pytest.raises(PermissionDenied):
        referrals.draft_referral(
            person=person, service=service, asked="Help", consent=CONSENT, by=make_worker(make_team("Another"))
        )


def test_the_first_message_and_the_first_page_name_nobody(scene):
    kept = referred(scene)
    sent = Message.objects.get()
    assert (sent.channel, sent.to) == ("email", "table@charity.example")
    page = Client().get(receiver_page(kept))
    for words in (sent.body, sent.subject, page.content.decode()):
        assert "Abdi" not in words
        assert "900 982" not in words
    assert "A first e-mail" in sent.body


def test_a_charity_without_an_account_answers_in_two_taps(scene):
    kept = referred(scene)
    client = Client()
    day = TODAY() + timedelta(days=3)
    first = client.post(receiver_page(kept), {"answer": "yes"}, follow=True)
    assert "Abdi" in first.content.decode()
    assert "07700 900 982" in first.content.decode()
    client.post(receiver_page(kept), {"answer": day.isoformat()})
    kept.refresh_from_db()
    assert (kept.state, kept.meets_on, kept.waits_for) == (State.ACCEPTED, day, "receiver")
    assert kept.service.touchpoint.email not in first.content.decode()
    told = Contact.objects.filter(person=kept.person, why=Contact.Why.REFERRAL).latest("created_at")
    assert f"{day:%A} {day.day}" in told.words


def test_what_was_not_agreed_is_not_passed_on(scene):
    worker, person, service = scene
    made = referrals.draft_referral(
        person=person, service=service, asked="Help", consent=Consent(("language",), "by phone"), by=worker
    )
    referrals.send_referral(referral=made, by=worker)
    page = Client().post(receiver_page(made), {"answer": "yes"}, follow=True).content.decode()
    assert "Somali" in page
    assert "Abdi" not in page
    assert "900 982" not in page


def test_no_is_an_answer_with_a_reason_and_the_person_is_told(scene):
    kept = referred(scene)
    Client().post(receiver_page(kept), {"answer": "full"})
    kept.refresh_from_db()
    assert (kept.state, kept.due_on, kept.waits_for) == (State.DECLINED, None, "")
    assert kept.events.last().reason == "full"
    assert "no room" in Contact.objects.get(person=kept.person).words


def test_a_charity_sets_what_it_can_take_on_from_the_same_link(scene):
    kept = referred(scene)
    client = Client()
    client.post(receiver_page(kept), {"answer": "yes"})
    answer = client.post(receiver_page(kept), {"answer": "room", "capacity": "many"})
    assert "Enter a whole number" in answer.content.decode()
    client.post(receiver_page(kept), {"answer": "room", "capacity": "0"})
    kept.service.refresh_from_db()
    assert kept.service.capacity == 0
    assert kept.service.changes.first().by_words == "The touchpoint itself"


def test_the_person_is_asked_in_their_own_channel_and_their_word_closes_it(scene):
    kept = referred(scene)
    client = Client()
    client.post(receiver_page(kept), {"answer": "yes"})
    client.post(receiver_page(kept), {"answer": "seen"})
    assert referrals.go_on(referral=kept, on=TODAY() + timedelta(days=7)) == "reminded"
    asked = Contact.objects.get(why=Contact.Why.HELPED)
    assert hand_over(contact=asked, on=TODAY())
    message = Message.objects.get(channel="text", body__contains="Has it helped")
    assert message.to == "+447700900982"
    page = reverse("answers:person", kwargs={"code": code_of(kept, "person")})
    assert page in message.body
    client.post(page, {"answer": "a_bit", "words": "Slowly"})
    kept.refresh_from_db()
    assert kept.state == State.TOLD_BACK
    said = Answer.objects.get(kind="helped")
    assert (said.answer, said.words, said.channel, said.recorded_by) == ("a_bit", "Slowly", "message", None)
    assert said.topic == str(kept.step_id)
    # They may change their mind, and the last word holds.
    client.post(page, {"answer": "no", "words": ""})
    assert Answer.objects.filter(kind="helped").latest("pk").answer == "no"


def test_reminders_are_few_and_then_stop(scene):
    kept = referred(scene)
    done = []
    for days in range(40):
        moved = referrals.go_on(referral=kept, on=TODAY() + timedelta(days=days))
        assert referrals.go_on(referral=kept, on=TODAY() + timedelta(days=days)) == ""
        if moved:
            done.append((days, moved))
    assert done == [(3, "reminded"), (7, "reminded"), (14, "no answer")]
    assert Message.objects.filter(channel="email").count() == 3
    kept.refresh_from_db()
    assert kept.state == State.NO_ANSWER
    assert "has not answered" in Contact.objects.get(person=kept.person).words


def go_on_until(kept, wanted, *, since, days=60):
    for after in range(days):
        if referrals.go_on(referral=kept, on=since + timedelta(days=after)) == wanted:
            return
    raise AssertionError(f"never: {wanted}")


def sent_about(kept, words):
    left = Message.objects.filter(key__startswith=f"referral-{kept.pk}-", body__contains=words)
    return left.exclude(state="cancelled").count()


def test_whoever_said_they_answer_later_is_reminded_all_the_same(scene):
    kept = referred(scene)
    go_on_until(kept, "reminded", since=TODAY())
    Message.objects.update(state="sent")
    Client().post(receiver_page(kept), {"answer": "later"})
    kept.refresh_from_db()
    assert kept.state == State.RECEIVED
    before = sent_about(kept, "We asked whether")
    go_on_until(kept, "reminded", since=TODAY())
    assert sent_about(kept, "We asked whether") == before + 1


def test_another_day_to_meet_is_asked_about_as_the_first_was(scene):
    kept = referred(scene)
    client = Client()
    client.post(receiver_page(kept), {"answer": "yes"})
    go_on_until(kept, "reminded", since=TODAY())
    Message.objects.update(state="sent")
    assert sent_about(kept, "Have you met") == 1
    referrals.answer_referral(
        referral=kept, state=State.ACCEPTED, through="screen", meets_on=TODAY() + timedelta(days=3)
    )
    go_on_until(kept, "reminded", since=TODAY())
    assert sent_about(kept, "Have you met") == 2


@pytest.mark.parametrize("state", [State.SEEN, State.HELPED, State.NOT_HELPED])
def test_the_person_is_asked_anew_once_more_is_known(scene, state):
    kept = referred(scene)
    Client().post(receiver_page(kept), {"answer": "yes"})
    go_on_until(kept, "asks the person", since=TODAY())
    kept.refresh_from_db()
    go_on_until(kept, "reminded", since=kept.due_on)
    first = Contact.objects.get(why=Contact.Why.HELPED)
    referrals.answer_referral(referral=kept, state=state, through="screen")
    first.refresh_from_db()
    assert first.state == Contact.State.CANCELLED
    go_on_until(kept, "reminded", since=TODAY())
    assert Contact.objects.filter(why=Contact.Why.HELPED, state=Contact.State.PLANNED).count() == 1


def test_a_late_yes_is_followed_by_the_same_questions(scene):
    kept = referred(scene)
    Client().post(receiver_page(kept), {"answer": "yes"})
    go_on_until(kept, "no answer", since=TODAY(), days=90)
    assert not Contact.objects.filter(why=Contact.Why.HELPED, state=Contact.State.PLANNED).exists()
    referrals.answer_referral(referral=kept, state=State.ACCEPTED, through="screen")
    referrals.answer_referral(referral=kept, state=State.SEEN, through="screen")
    go_on_until(kept, "reminded", since=TODAY())
    assert Contact.objects.filter(why=Contact.Why.HELPED, state=Contact.State.PLANNED).count() == 1


def test_who_was_asked_and_never_said_yes_is_not_thanked_for_helping(scene):
    worker, *_ = scene
    kept = referred(scene)
    Client().post(receiver_page(kept), {"answer": "later"})
    referrals.withdraw_referral(referral=kept, by=worker)
    assert sent_about(kept, "We asked whether you could help somebody. It is not needed any more") == 1
    assert sent_about(kept, "passed on to you") == 0


def test_a_worker_that_was_down_for_weeks_does_not_remind_twice_on_one_day(scene):
    kept = referred(scene)
    late = TODAY() + timedelta(days=30)
    assert referrals.go_on(referral=kept, on=late) == "reminded"
    assert referrals.go_on(referral=kept, on=late) == ""
    assert referrals.go_on(referral=kept, on=late + timedelta(days=1)) == "reminded"


def test_when_they_do_not_say_the_person_is_asked_all_the_same(scene):
    kept = referred(scene)
    Client().post(receiver_page(kept), {"answer": "yes"})
    said = [referrals.go_on(referral=kept, on=TODAY() + timedelta(days=days)) for days in range(60)]
    assert [each for each in said if each] == [
        "reminded",
        "reminded",
        "asks the person",
        "reminded",
        "reminded",
        "no answer",
    ]
    assert Contact.objects.filter(why=Contact.Why.HELPED).count() == 2


def test_taking_back_closes_the_link_and_tells_them(scene):
    worker, _person, _ = scene
    kept = referred(scene)
    client = Client()
    client.post(receiver_page(kept), {"answer": "yes"})
    referrals.withdraw_referral(referral=kept, by=worker)
    page = client.get(receiver_page(kept)).content.decode()
    assert "Abdi" not in page
    assert "not needed any more" in page
    assert Message.objects.filter(body__contains="not needed any more").count() == 1
    answer = client.post(receiver_page(kept), {"answer": "seen"})
    assert answer.status_code == 200
    assert "does not fit any more" in answer.content.decode()


def test_a_private_touchpoint_is_never_named_in_a_message_to_the_person(scene):
    worker, person, _ = scene
    refuge = make_touchpoint(
        worker.memberships.get().organisation.parent.parent, name="Hidden House", email="h@house.example", private=True
    )
    made = referrals.draft_referral(
        person=person, service=make_service(refuge), asked="A place", consent=CONSENT, by=worker
    )
    referrals.send_referral(referral=made, by=worker)
    referrals.answer_referral(referral=made, state="accepted", through="link")
    assert "Hidden" not in Contact.objects.get(person=person).words


def test_codes_are_found_with_dashes_and_small_letters_and_nothing_else(scene):
    kept = referred(scene)
    code = code_of(kept, "receiver")
    assert len(code) == 16
    assert referral_by_code(as_written(code).lower(), "receiver") == kept
    assert referral_by_code(code, "person") is None
    assert referral_by_code(code[:-1] + ("A" if code[-1] != "A" else "B"), "receiver") is None
    assert referral_by_code("", "receiver") is None
    assert Client().get(reverse("answers:receiver", kwargs={"code": "wrong"})).status_code == 404


def test_reading_through_the_link_is_in_the_audit_trail_once_a_name_is_shown(scene):
    kept = referred(scene)
    client = Client()
    client.get(receiver_page(kept))
    assert not AuditEntry.objects.filter(action="referral_read_through_link").exists()
    client.post(receiver_page(kept), {"answer": "yes"}, follow=True)
    entry = AuditEntry.objects.get(action="referral_read_through_link")
    assert entry.about_id == str(kept.person_id)


def test_a_touchpoint_without_an_address_is_rung_and_answers_by_phone(scene):
    worker, person, _ = scene
    silent = make_service(make_touchpoint(worker.memberships.get().organisation.parent.parent, name="Silent"))
    made = referrals.draft_referral(person=person, service=silent, asked="Help", consent=CONSENT, by=worker)
    referrals.send_referral(referral=made, by=worker)
    assert not Message.objects.exists()
    made.refresh_from_db()
    assert (made.state, made.waits_for) == (State.SENT, "sender")
    assert made in waiting_for_us(worker)
    assert referrals.go_on(referral=made, on=made.due_on) == "reminded"
    referrals.answer_referral(referral=made, state="accepted", through="phone", by=worker)
    assert made not in waiting_for_us(worker)
    assert made.events.last().through == ReferralEvent.Through.PHONE


def test_somebody_who_is_rung_stays_on_the_list_until_reached_or_three_tries(scene):
    worker, person, _ = scene
    records.set_preferences(
        person=person, channel="phone", contact_way="phone", contact_detail="01234 567890", by=worker
    )
    kept = referred(scene)
    Client().post(receiver_page(kept), {"answer": "not_ours"})
    contact = Contact.objects.get(person=person)
    assert not hand_over(contact=contact, on=TODAY())
    for tries in (1, 2):
        contact = record_contact(contact=contact, reached=False, by=worker)
        assert (contact.state, contact.tries) == (Contact.State.PLANNED, tries)
    contact = record_contact(contact=contact, reached=False, by=worker)
    assert contact.state == Contact.State.NOT_REACHED


def test_nothing_is_an_orphan_and_one_that_was_made_so_is_found(scene):
    kept = referred(scene)
    assert not orphans().exists()
    assert not orphans(on=kept.due_on + timedelta(days=2)).exists()
    assert list(orphans(on=kept.due_on + timedelta(days=3))) == [kept]


def test_what_did_not_arrive_comes_back_to_somebody_who_rings(scene):
    worker, person, _ = scene
    kept = referred(scene)
    Client().post(receiver_page(kept), {"answer": "full"})
    contact = Contact.objects.get(person=person)
    assert hand_over(contact=contact, on=TODAY())
    assert not bring_back(contact=contact)
    Message.objects.filter(channel="text").update(state="failed", error="There is no such number")
    assert bring_back(contact=contact)
    contact.refresh_from_db()
    assert (contact.state, contact.by_hand) == (Contact.State.PLANNED, True)
    # It is not sent a second time.
    assert not hand_over(contact=contact, on=TODAY())
    assert record_contact(contact=contact, reached=True, by=worker).state == Contact.State.DONE


def test_a_forgotten_draft_is_taken_back_and_both_the_person_and_we_hear_of_it(scene):
    worker, person, service = scene
    made = referrals.draft_referral(person=person, service=service, asked="Help", consent=CONSENT, by=worker)
    done = [referrals.go_on(referral=made, on=TODAY() + timedelta(days=days)) for days in range(40)]
    assert [each for each in done if each] == ["reminded", "reminded", "taken back"]
    assert "Would you still like us to" in Contact.objects.get(person=person).words
    assert made in waiting_for_us(worker)
    # Until somebody else is asked.
    referred(scene)
    assert made not in waiting_for_us(worker)


def test_one_that_ended_without_help_stays_with_us_until_the_step_is_closed(scene):
    worker, *_ = scene
    kept = referred(scene)
    Client().post(receiver_page(kept), {"answer": "full"})
    Referral.objects.update(since=TODAY() - timedelta(days=300))
    assert waiting_for_us(worker) == [kept]
    step = kept.step
    plans.change_step(
        step=step, version=1, what="Ask", owner="Us", due_on=None, status="nothing_yet", words="Nobody yet", by=worker
    )
    assert waiting_for_us(worker) == []


def test_a_late_yes_is_still_a_yes(scene):
    kept = referred(scene)
    for days in range(20):
        referrals.go_on(referral=kept, on=TODAY() + timedelta(days=days))
    page = Client().get(receiver_page(kept)).content.decode()
    assert "You can still say yes" in page
    assert "Abdi" not in page
    assert "Abdi" in Client().post(receiver_page(kept), {"answer": "yes"}, follow=True).content.decode()
    kept.refresh_from_db()
    assert (kept.state, kept.waits_for) == (State.ACCEPTED, "receiver")


def test_the_name_may_not_stand_in_the_question(scene):
    worker, person, service = scene
    for asked in ("Help for Abdi Warsame", "ABDI needs a phone"):
        with pytest.raises(Refused, match="Leave out the name"):
            referrals.draft_referral(person=person, service=service, asked=asked, consent=CONSENT, by=worker)


def test_nobody_is_asked_about_help_that_nobody_gave(scene):
    kept = referred(scene)
    for days in range(20):
        referrals.go_on(referral=kept, on=TODAY() + timedelta(days=days))
    page = reverse("answers:person", kwargs={"code": code_of(kept, "person")})
    assert "nothing to ask you about yet" in Client().get(page).content.decode()
    Client().post(page, {"answer": "yes"})
    kept.refresh_from_db()
    assert kept.state == State.NO_ANSWER


def test_after_the_secret_key_changed_the_next_reminder_works(scene, settings):
    kept = referred(scene)
    settings.SECRET_KEY = "another secret key for this test, long enough to be one, 0123456789"
    assert referral_by_code(code_of(kept, "receiver"), "receiver") is None
    referrals.go_on(referral=kept, on=TODAY() + timedelta(days=3))
    code = code_of(kept, "receiver")
    assert code in Message.objects.order_by("created_at").last().body
    assert referral_by_code(code, "receiver") == kept


def test_questions_that_were_not_sent_yet_are_not_sent_after_an_answer(scene):
    kept = referred(scene)
    assert Message.objects.get().state == "waiting"
    Client().post(receiver_page(kept), {"answer": "yes"})
    assert Message.objects.get(channel="email").state == "cancelled"


def test_one_referral_that_breaks_holds_up_no_other(scene, monkeypatch):
    first, second = referred(scene), referred(scene)
    real = referrals.go_on

    def breaks(*, referral, on):
        if referral.pk == first.pk:
            raise RuntimeError("broken")
        return real(referral=referral, on=on)

    monkeypatch.setattr(referrals, "go_on", breaks)
    with pytest.raises(ExceptionGroup):
        referrals.go_on_all([first, second], on=TODAY() + timedelta(days=3))
    second.refresh_from_db()
    assert second.reminded == 1


def test_a_touchpoint_with_accounts_sees_what_it_is_asked_and_nobody_elses(scene):
    worker, _person, service = scene
    place = worker.memberships.get().organisation.parent.parent
    charity = make_charity(place, "Kitchen Table")
    service.touchpoint.organisation = charity
    service.touchpoint.save(update_fields=("organisation",))
    kept = referred(scene)
    page = reverse("people:referrals_received")
    partner, other = make_worker(charity, "touchpoint_partner"), make_worker(make_charity(place), "touchpoint_partner")
    shown = {}
    for name, user in (("ours", partner), ("theirs", other)):
        client = Client()
        client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
        shown[name] = client.get(page).content.decode()
    assert "A first e-mail" in shown["ours"]
    assert "Abdi" not in shown["ours"]
    assert code_of(kept, "receiver") in shown["ours"]
    assert "A first e-mail" not in shown["theirs"]

"""Peer review: who may be asked, what a reviewer sees and says, and what the system reads and answers."""

import re

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from kept_rows import afresh
from pages import client_of
from systems_factories import make_member, make_tree
from systems_review_factories import (
    day,
    make_assessment,
    make_claim,
    make_invited,
    make_level,
    make_piece,
    make_review,
    make_reviewer,
)

from inroads.accounts.actions import Refused
from inroads.accounts.models import AuditEntry, Membership
from inroads.reference.models import Kind, Organisation
from inroads.reference.organisations import add_organisation
from inroads.systems.actions import reviewing
from inroads.systems.actions.evidence import withdraw
from inroads.systems.models import (
    Assessment,
    ConsentGiven,
    Evidence,
    Interview,
    Invited,
    Quote,
    Remark,
    ReviewedEvidence,
    State,
)
from inroads.systems.queries.needles import standings_of
from inroads.systems.queries.reviewing import From, asked_of, peers_for

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def made(rows_for_all):
    """Two regions with two systems each; an assessment with evidence in the first, and a reviewer of the last."""
    here, beside, _, far = make_tree()
    lead = make_member(here, "place_lead")
    reviewer = make_reviewer(far)
    assessment = make_assessment(here, by=lead)
    make_claim(assessment, "codesign", 2, by=lead, words="We pay people")
    pieces = make_level(here, "codesign", 1, by=lead)
    return {
        "here": here,
        "beside": beside,
        "far": far,
        "lead": lead,
        "reviewer": reviewer,
        "assessment": assessment,
        "pieces": pieces,
    }


@pytest.fixture
def world(made, db):
    return afresh(made)


@pytest.fixture
def handed_in(world):
    """The same with the reviewer asked, and handed in."""
    make_invited(world["assessment"], world["reviewer"], by=world["lead"])
    reviewing.hand_in(assessment=world["assessment"], words="Look at co-design", by=world["lead"])
    world["assessment"].refresh_from_db()
    return world


def address(name, world, **more):
    return reverse(f"systems:{name}", kwargs={"assessment": world["assessment"].pk, **more})


def text_of(answer):
    return re.sub(r"\s+", " ", answer.content.decode())


# Who may be asked


def test_those_from_another_region_stand_first_and_nobody_close_to_the_system_is_offered(world):
    here, beside = world["here"], world["beside"]
    england, region = here.parent.parent, here.parent
    place = add_organisation(kind=Kind.PLACE, name="A place here", parent=here)
    near = make_reviewer(beside)
    for_all = make_reviewer(england)
    for close in (here, region, place):
        make_reviewer(close)
    # Somebody who reviews for another system, and works in this one as well.
    both = make_reviewer(world["far"], "Works in both")
    Membership.objects.create(user=both, role="practitioner", organisation=place, starts_on="2026-01-01")
    found = peers_for(here)
    assert [(each.user, each.comes_from) for each in found] == [
        (world["reviewer"], From.ANOTHER_REGION),
        (for_all, From.ENGLAND),
        (near, From.SAME_REGION),
    ]
    assert [each.user for each in peers_for(here, "system 1.2")] == [near]
    shown = text_of(client_of(world["lead"]).get(address("review_invite", world)))
    assert "System 2.2 (from another region)" in shown
    assert shown.index("from another region)") < shown.index("for the whole of England)") < shown.index("same region)")
    assert "Works in both" not in shown


@pytest.mark.parametrize("where", ["here", "region", "place"])
def test_nobody_reviews_their_own_system_or_one_below_or_above_it(world, where):
    here = world["here"]
    organisation = {
        "here": lambda: here,
        "region": lambda: here.parent,
        "place": lambda: add_organisation(kind=Kind.PLACE, name="A place here", parent=here),
    }[where]()
    with pytest.raises(Refused, match="no role in this system, in its region or within it"):
        make_invited(world["assessment"], make_reviewer(organisation), by=world["lead"])
    assert not Invited.objects.exists()


def test_a_place_is_reviewed_from_another_system_not_from_its_own_nor_from_next_door(world):
    one, other = (add_organisation(kind=Kind.PLACE, name=name, parent=world["here"]) for name in ("One", "Other"))
    elsewhere = add_organisation(kind=Kind.PLACE, name="Elsewhere", parent=world["far"])
    next_door, above, peer = make_reviewer(other), make_reviewer(world["here"]), make_reviewer(elsewhere)
    asked = [each.user for each in peers_for(one)]
    assert peer in asked
    assert not {next_door, above} & set(asked)


def test_that_somebody_needs_services_here_is_nothing_that_a_list_tells(world):
    for role in ("person", "trusted_person"):
        Membership.objects.create(user=world["reviewer"], role=role, organisation=world["here"], starts_on="2026-01-01")
    assert world["reviewer"] in [each.user for each in peers_for(world["here"])]
    assert make_invited(world["assessment"], world["reviewer"], by=world["lead"])


def test_only_whoever_leads_asks_and_nobody_twice(world):
    for user in (make_member(world["here"], "assessor"), make_member(world["far"], "place_lead"), world["reviewer"]):
        with pytest.raises(PermissionDenied):
            make_invited(world["assessment"], world["reviewer"], by=user)
    invitation = make_invited(world["assessment"], world["reviewer"], by=world["lead"])
    with pytest.raises(Refused, match="asked already"):
        make_invited(world["assessment"], world["reviewer"], by=world["lead"])
    with pytest.raises(Refused, match="who may review"):
        make_invited(world["assessment"], make_member(world["far"], "board_member"), by=world["lead"])
    reviewing.end_invitation(invitation=invitation, by=world["lead"])
    with pytest.raises(Refused, match="ended already"):
        reviewing.end_invitation(invitation=invitation, by=world["lead"])
    make_invited(world["assessment"], world["reviewer"], by=world["lead"])
    assert AuditEntry.objects.filter(action="reviewer_invited", organisation=world["here"]).count() == 2


def test_asking_and_ending_on_the_pages(world):
    page = client_of(world["lead"])
    answer = page.post(address("review_invite", world), {"reviewer": str(world["reviewer"].pk)})
    assert answer.status_code == 302
    invitation = Invited.objects.get()
    shown = text_of(page.get(answer.url))
    assert "Reviewer of System 2.2, since" in shown
    assert "Nobody can be asked yet" in shown
    wrong = page.post(address("review_invite", world), {"reviewer": str(world["lead"].pk)})
    assert "Choose one of those who can be asked" in text_of(wrong)
    assert "Choose whom you ask" in text_of(page.post(address("review_invite", world), {}))
    ending = address("review_end", world, invitation=invitation.pk)
    assert "What they have said stays" in text_of(page.get(ending))
    assert page.post(ending).status_code == 302
    assert "Ended: Reviewer of System 2.2" in text_of(page.get(answer.url))
    assert page.get(ending).status_code == 404


def test_with_many_reviewers_the_page_asks_as_often_and_the_rest_are_found_by_name(world):
    page = client_of(world["lead"])

    def asked():
        with CaptureQueriesContext(connection) as queries:
            shown = text_of(page.get(address("review_invite", world)))
        return len(queries), shown

    few, _ = asked()
    for number in range(45):
        make_reviewer(world["far"], f"Peer {number:02}")
    many, shown = asked()
    assert many == few
    assert "6 more can be asked" in shown
    assert "Peer 44" in text_of(page.get(address("review_invite", world), {"words": "peer 44"}))
    last = next(each.user for each in peers_for(world["here"], "peer 44"))
    assert page.post(address("review_invite", world) + "?words=peer+44", {"reviewer": str(last.pk)}).status_code == 302


# What a reviewer sees


def test_a_reviewer_sees_an_assessment_from_when_it_is_handed_in_until_their_review_ends(world):
    page = client_of(world["reviewer"])
    pages = [
        address("review", world),
        address("review_criterion", world, criterion="codesign"),
        address("review_evidence", world, evidence=world["pieces"][0].pk),
        address("review_finish", world),
        address("review_said", world),
        address("review_answer", world, criterion="codesign"),
        address("assessment_moves", world),
    ]

    def answers():
        return {page.get(each).status_code for each in pages}

    assert answers() == {404}, "not asked"
    invitation = make_invited(world["assessment"], world["reviewer"], by=world["lead"])
    assert answers() == {404}, "not handed in"
    listed = text_of(page.get(reverse("systems:reviews")))
    assert "Not handed in yet" in listed
    assert "System 1.1. Due on" in listed
    reviewing.hand_in(assessment=world["assessment"], words="", by=world["lead"])
    assert answers() == {200}
    assert "To read now" in text_of(page.get(reverse("systems:reviews")))
    reviewing.reopen(assessment=world["assessment"], words="Something was forgotten", by=world["lead"])
    assert answers() == {404}, "taken back"
    reviewing.hand_in(assessment=world["assessment"], words="", by=world["lead"])
    assert answers() == {200}
    reviewing.end_invitation(invitation=invitation, by=world["lead"])
    assert answers() == {404}, "ended"
    assert asked_of(world["reviewer"]) == []


def test_who_reviews_sees_nothing_else_of_the_system(handed_in):
    page = client_of(handed_in["reviewer"])
    for name in ("review_invite", "assessment_submit", "assessment_reopen", "assessment_close"):
        assert page.get(address(name, handed_in)).status_code == 403
    assert page.get(address("assessment_compare", handed_in)).status_code == 404
    other = make_assessment(handed_in["far"], by=make_member(handed_in["far"], "place_lead"))
    reviewing.hand_in(assessment=other, words="", by=make_member(handed_in["far"], "place_lead", "Second lead"))
    assert page.get(reverse("systems:review", kwargs={"assessment": other.pk})).status_code == 404


@pytest.mark.parametrize(
    ("role", "where", "reviews", "reads", "leads"),
    [
        ("place_lead", "here", 403, 200, 200),
        ("assessor", "here", 403, 200, 403),
        ("board_member", "here", 403, 200, 403),
        ("national_lead", "england", 403, 200, 403),
        ("place_lead", "beside", 403, 404, 404),
        ("practitioner", "here", 403, 403, 403),
        ("reviewer", "beside", 404, 404, 403),
    ],
)
def test_who_may_open_which_pages_of_a_review(handed_in, role, where, reviews, reads, leads):
    organisation = handed_in["here"].parent.parent if where == "england" else handed_in[where]
    page = client_of(make_member(organisation, role, f"Somebody {role} {where}"))
    codesign = {"criterion": "codesign"}
    evidence = {"evidence": handed_in["pieces"][0].pk}
    for name, more in (("review", {}), ("review_criterion", codesign), ("review_evidence", evidence)):
        assert page.get(address(name, handed_in, **more)).status_code == reviews, name
    for name, more in (("review_said", {}), ("review_answer", codesign), ("assessment_moves", {})):
        assert page.get(address(name, handed_in, **more)).status_code == reads, name
    opened = page.get(address("review_invite", handed_in)).status_code
    assert opened == leads
    for name in ("assessment_reopen", "assessment_close"):
        assert page.get(address(name, handed_in)).status_code == leads, name


def test_what_is_not_handed_in_is_for_those_inside_alone(world):
    above = client_of(make_member(world["here"].parent.parent, "national_lead"))
    inside = client_of(make_member(world["here"], "board_member"))
    for name in ("assessment_moves", "review_said"):
        assert above.get(address(name, world)).status_code == 404
        assert inside.get(address(name, world)).status_code == 200


def test_a_reviewer_reads_by_dimension_what_is_claimed_and_what_they_have_not_read(handed_in):
    page = client_of(handed_in["reviewer"])
    shown = text_of(page.get(address("review", handed_in)))
    assert "You have read <strong>0 of 3</strong> pieces of evidence" in shown
    assert "Partnership and co-design" in shown
    assert "Look at co-design" in shown
    assert "Not read yet" in shown
    reviewing.review_evidence(
        assessment=handed_in["assessment"],
        evidence=handed_in["pieces"][0],
        verdict="shows",
        words="",
        by=handed_in["reviewer"],
    )
    assert "1 of 3 read" in text_of(page.get(address("review", handed_in)))
    one = text_of(page.get(address("review_criterion", handed_in, criterion="codesign")))
    assert "Why the system claims this" in one
    assert "We pay people" in one
    assert "https://papers.example/one" in one
    assert "Say it otherwise" in one
    assert one.count("Say what you see<") == 2
    assert page.get(address("review_criterion", handed_in, criterion="nothing")).status_code == 404


def test_the_review_asks_the_database_as_often_for_much_evidence_as_for_little(handed_in):
    page = client_of(handed_in["reviewer"])
    pages = [address("review", handed_in), address("review_criterion", handed_in, criterion="codesign")]

    def asked():
        counts = []
        for each in pages:
            with CaptureQueriesContext(connection) as queries:
                assert page.get(each).status_code == 200
            counts.append(len(queries))
        return counts

    few = asked()
    for _ in range(6):
        make_level(handed_in["here"], "codesign", 2, by=handed_in["lead"])
    assert asked() == few


def test_words_of_somebody_are_read_outside_only_where_they_agreed_to_that(handed_in):
    system, lead = handed_in["here"], handed_in["lead"]
    interview = Interview.objects.create(
        organisation=system,
        called="Sky",
        speaker="person",
        channel="phone",
        held_on=day(-30),
        code_hash="0" * 64,
        recorded_by=lead,
    )
    quote = Quote.objects.create(interview=interview, words="Nobody rang me back", recorded_by=lead)
    piece = make_piece(system, "codesign", "felt", by=lead, title="Nobody rang me", words="Said on the phone")
    Evidence.objects.filter(pk=piece.pk).update(quote=quote)
    codesign = address("review_criterion", handed_in, criterion="codesign")
    about = address("review_evidence", handed_in, evidence=piece.pk)
    reviewer = client_of(handed_in["reviewer"])
    for uses, seen in ((["themes"], False), (["quoted"], False), (["published"], True), ([], False)):
        ConsentGiven.objects.create(interview=interview, uses=uses, how="phone", recorded_by=lead)
        for page in (codesign, about):
            shown = text_of(reviewer.get(page))
            for words in ("Nobody rang me back", "Nobody rang me", "Said on the phone"):
                assert (words in shown) == seen, (uses, words)
            assert ("Words of somebody, kept by the system" in shown) == (not seen)
    reviewing.review_evidence(
        assessment=handed_in["assessment"], evidence=piece, verdict="shows", words="", by=handed_in["reviewer"]
    )
    answers = address("review_answer", handed_in, criterion="codesign")
    assert "Nobody rang me" not in text_of(client_of(lead).get(answers)), "consent has ended"
    ConsentGiven.objects.create(interview=interview, uses=["quoted"], how="phone", recorded_by=lead)
    assert "Nobody rang me" in text_of(client_of(lead).get(answers))


# What a reviewer says


def test_a_verdict_on_the_page_needs_words_unless_it_is_shown(handed_in):
    page, piece = client_of(handed_in["reviewer"]), handed_in["pieces"][0]
    here = address("review_evidence", handed_in, evidence=piece.pk)
    assert "Choose what you see" in text_of(page.post(here, {"words": "Hm"}))
    for verdict, sentence in (
        ("unclear", "Say what should be added, so that one can tell"),
        ("not_shown", "Say why it does not show this"),
    ):
        shown = text_of(page.post(here, {"verdict": verdict, "words": " "}))
        assert sentence in shown
        assert "Error: " in shown
    assert not ReviewedEvidence.objects.exists()
    answer = page.post(here, {"verdict": "not_shown", "words": "It is a plan, not minutes"})
    assert answer.url.endswith(f"#evidence-{piece.pk}")
    shown = text_of(page.get(answer.url))
    assert "It is a plan, not minutes" in shown
    assert "It counts for nothing: a reviewer says that it does not show this." in shown
    assert "What you said before" in text_of(page.get(here))
    entry = AuditEntry.objects.get(action="evidence_reviewed")
    assert entry.details == {"verdict": "not_shown"}


def test_what_does_not_show_it_counts_for_nothing_until_the_reviewer_says_otherwise(handed_in):
    told = {"assessment": handed_in["assessment"], "evidence": handed_in["pieces"][0], "by": handed_in["reviewer"]}

    def evidenced():
        (standing,) = standings_of(handed_in["assessment"], only="codesign")
        return standing.level.evidenced

    assert evidenced() == 1
    reviewing.review_evidence(verdict="unclear", words="Who was there?", **told)
    assert evidenced() == 1
    reviewing.review_evidence(verdict="not_shown", words="Nobody was there", **told)
    assert evidenced() == 0
    reviewing.review_evidence(verdict="shows", words="", **told)
    assert evidenced() == 1
    assert ReviewedEvidence.objects.count() == 3, "nothing is overwritten"


def test_one_reviewer_does_not_undo_what_another_says_and_sees_it_only_after_their_own(handed_in):
    second = make_reviewer(handed_in["far"], "Second peer")
    make_invited(handed_in["assessment"], second, by=handed_in["lead"])
    told = {"assessment": handed_in["assessment"], "evidence": handed_in["pieces"][0]}
    reviewing.review_evidence(verdict="not_shown", words="Zebra crossing", by=second, **told)
    page = client_of(handed_in["reviewer"])
    here = address("review_criterion", handed_in, criterion="codesign")
    assert "Zebra crossing" not in text_of(page.get(here))
    reviewing.review_evidence(verdict="shows", words="", by=handed_in["reviewer"], **told)
    assert "Zebra crossing" in text_of(page.get(here))
    (standing,) = standings_of(handed_in["assessment"], only="codesign")
    assert standing.not_shown == {handed_in["pieces"][0].pk}


def test_a_reviewer_says_nothing_about_evidence_that_is_not_part_of_the_assessment(handed_in):
    told = {"assessment": handed_in["assessment"], "verdict": "shows", "words": "", "by": handed_in["reviewer"]}
    elsewhere = make_piece(
        handed_in["far"], "codesign", "before", by=make_member(handed_in["far"], "place_lead", "Far lead")
    )
    withdraw(evidence=handed_in["pieces"][0], words="It was the wrong one", by=handed_in["lead"])
    for piece in (elsewhere, handed_in["pieces"][0]):
        with pytest.raises(Refused, match="no longer part"):
            reviewing.review_evidence(evidence=piece, **told)
        page = address("review_evidence", handed_in, evidence=piece.pk)
        assert client_of(handed_in["reviewer"]).get(page).status_code == 404


def test_nobody_else_says_anything_through_an_action(handed_in):
    told = {"assessment": handed_in["assessment"]}
    second = make_reviewer(handed_in["far"], "Not asked")
    assessor = make_member(handed_in["here"], "assessor")
    above = make_member(handed_in["here"].parent.parent, "national_lead")
    for by in (second, assessor, above, handed_in["lead"]):
        with pytest.raises(PermissionDenied):
            reviewing.review_evidence(evidence=handed_in["pieces"][0], verdict="shows", words="", by=by, **told)
        with pytest.raises(PermissionDenied):
            reviewing.finish_review(words="Good", by=by, **told)
    for by in (second, above, make_member(handed_in["here"], "board_member")):
        with pytest.raises(PermissionDenied):
            reviewing.remark(criterion="codesign", words="Hello", by=by, **told)
    assert not ReviewedEvidence.objects.exists()
    assert not Remark.objects.exists()


def test_whoever_takes_a_role_in_the_system_after_being_asked_no_longer_judges_it(handed_in):
    Membership.objects.create(
        user=handed_in["reviewer"],
        role="practitioner",
        organisation=handed_in["here"],
        starts_on=timezone.localdate(),
    )
    with pytest.raises(Refused, match="You have a role in this system now"):
        reviewing.finish_review(assessment=handed_in["assessment"], words="Good", by=handed_in["reviewer"])


# To and fro


def test_remarks_go_to_and_fro_and_each_side_reads_the_other(handed_in):
    reviewer, lead = client_of(handed_in["reviewer"]), client_of(handed_in["lead"])
    theirs = address("review_criterion", handed_in, criterion="codesign")
    ours = address("review_answer", handed_in, criterion="codesign")
    assert "Write what you want to say" in text_of(reviewer.post(theirs, {"words": "  "}))
    assert reviewer.post(theirs, {"words": "Who was missing?"}).status_code == 302
    listed = text_of(lead.get(address("review_said", handed_in)))
    assert "Designed with people" in listed
    assert "The reviewer" in listed
    assert "Who was missing?" in text_of(lead.get(ours))
    assert lead.post(ours, {"words": "Those without a phone"}).status_code == 302
    assert "Those without a phone" in text_of(reviewer.get(theirs))
    assert [each.from_reviewer for each in Remark.objects.all()] == [True, False]
    board = client_of(make_member(handed_in["here"], "board_member"))
    read = text_of(board.get(ours))
    assert "Who was missing?" in read
    assert "<textarea" not in read
    assert board.post(ours, {"words": "Hello"}).status_code == 404


def test_a_word_on_the_whole_is_needed_and_said_once(handed_in):
    page, here = client_of(handed_in["reviewer"]), address("review_finish", handed_in)
    shown = text_of(page.get(here))
    assert "Not all read yet" in shown
    assert "0 of 3 read" in shown
    assert "Say what you see in the whole" in text_of(page.post(here, {"words": ""}))
    assert page.post(here, {"words": "Thin on experience"}).status_code == 302
    handed_in["assessment"].refresh_from_db()
    assert handed_in["assessment"].state == State.REVIEWED
    with pytest.raises(Refused, match="since it was handed in"):
        reviewing.finish_review(assessment=handed_in["assessment"], words="Again", by=handed_in["reviewer"])
    assert page.get(here).status_code == 302
    second = make_reviewer(handed_in["far"], "Second peer")
    make_invited(handed_in["assessment"], second, by=handed_in["lead"])
    reviewing.finish_review(assessment=handed_in["assessment"], words="I agree", by=second)
    said = text_of(client_of(handed_in["lead"]).get(address("review_said", handed_in)))
    assert "Thin on experience" in said
    assert "I agree" in said


def test_everything_of_a_review_is_there_on_its_pages(world):
    reviewer = make_reviewer(world["far"], "Robin Peer")
    Assessment.objects.all().delete()
    closed = make_review(world["here"], by=world["lead"], reviewer=reviewer)
    page = client_of(reviewer)
    for name, more in (("review", {}), ("review_criterion", {"criterion": "codesign"})):
        shown = text_of(page.get(reverse(f"systems:{name}", kwargs={"assessment": closed.pk, **more})))
        assert "<form" not in shown.split("<main")[1] or "<textarea" not in shown
    assert "Closed" in text_of(page.get(reverse("systems:reviews")))
    with pytest.raises(Refused, match="stays as it is"):
        reviewing.remark(assessment=closed, criterion="codesign", words="One more", by=reviewer)
    with pytest.raises(Refused, match="stays as it is"):
        reviewing.remark(assessment=closed, criterion="codesign", words="One more", by=world["lead"])
    assert Organisation.objects.filter(kind=Kind.ICS).count() == 4

"""An invented self-assessment for the demonstration, with what stands around it: more is claimed than is shown."""

from datetime import date, timedelta

from django.db import transaction
from django.utils import timezone

from inroads.accounts.demonstration import ICS_CODE
from inroads.accounts.models import User
from inroads.reference.definitions.framework import criteria_of, current
from inroads.reference.models import Kind, Organisation
from inroads.systems.actions import (
    assessments,
    board,
    canvas,
    comparing,
    interviews,
    leading,
    quotes,
    reviewing,
    stories,
)
from inroads.systems.actions.evidence import lay_down
from inroads.systems.demonstration_returns import load_demonstration_returns
from inroads.systems.models import Assessment, BoardReport
from inroads.systems.presenters.board_facts import facts_of
from inroads.systems.presenters.board_paper import paper

# Criterion, element, kind, voice, whether it speaks for it, how many days ago, title.
EVIDENCE = (
    ("codesign", "before", "decision", "record", True, 120, "Decision on the video platform, with reasons (invented)"),
    ("codesign", "where_people_are", "survey", "people", True, 110, "Answers from the library and by phone (invented)"),
    ("codesign", "paid", "ledger", "record", True, 100, "Payments to people with lived experience (invented)"),
    ("codesign", "before", "survey", "people", False, 40, "Seven of twelve say it was decided before (invented)"),
    (
        "needs_analysis",
        "asked",
        "survey",
        "people",
        True,
        200,
        "What stands in the way, asked in five towns (invented)",
    ),
    ("needs_analysis", "offline", "audit", "record", True, 190, "How people were asked, by channel (invented)"),
    ("assets", "listed", "directory", "record", True, 30, "The directory of the system (invented)"),
    ("assets", "owners", "audit", "record", True, 30, "Who checks which entry (invented)"),
    ("devices_data", "lending", "records", "record", True, 60, "Loans of a year, small numbers hidden (invented)"),
    ("devices_data", "got_one", "story", "people", True, 50, "A phone after mine was pawned (invented)"),
    ("board", "agenda", "minutes", "organisation", True, 90, "Minutes of the board in summer (invented)"),
    ("board", "named", "minutes", "organisation", True, 90, "Who answers for it on the board (invented)"),
    ("strategy", "written", "plan", "organisation", True, 300, "Plan for inclusive digital care (invented)"),
    ("lasting_money", "known", "ledger", "record", True, 70, "Every award with its end (invented)"),
    ("lasting_money", "told_end", "interview", "people", False, 20, "Nobody said that data ends in March (invented)"),
)
CLAIMS = {
    "codesign": (3, "It is how we do things."),
    "needs_analysis": (2, "We asked in every place."),
    "assets": (2, "The directory is fresh."),
    "devices_data": (2, "We lend everywhere."),
    "board": (2, "The board sees figures by group."),
    "strategy": (2, "It is joined with the work on health inequalities."),
    "lasting_money": (1, "Every award stands in one list."),
}


@transaction.atomic
def load_demonstration_systems() -> None:
    """Put it in place in a system that has none; doing it again changes nothing."""
    system = Organisation.objects.get(kind=Kind.ICS, ons_code=ICS_CODE)
    if Assessment.objects.filter(organisation=system).exists():
        return
    lead, first, second, reviewer = (
        User.objects.get(email=f"{name}@demonstration.example")
        for name in ("system.lead", "assessor", "second.assessor", "reviewer")
    )
    today = timezone.localdate()
    spring = assessments.begin_assessment(
        organisation=system, title="Spring 2026 (invented)", due_on=today + timedelta(days=14), by=lead
    )
    _share_out(spring, (first, second), lead)
    for criterion, element, kind, voice, supports, ago, title in EVIDENCE:
        lay_down(
            organisation=system,
            criterion=criterion,
            element=element,
            kind=kind,
            voice=voice,
            supports=supports,
            dated=today - timedelta(days=ago),
            title=title,
            words="Kept with the team (invented).",
            link="",
            file=None,
            passage=None,
            quote=None,
            by=second if voice == "people" else first,
        )
    for criterion, (level, words) in CLAIMS.items():
        assessments.claim(
            assessment=spring, criterion=criterion, version=0, level=level, words=f"{words} (invented)", by=first
        )
    _review(spring, lead, reviewer)
    autumn = assessments.begin_assessment(
        organisation=system, title="Autumn 2026 (invented)", due_on=today + timedelta(days=42), by=lead
    )
    _share_out(autumn, (first, second), lead)
    _people(system, second, today)
    _leadership(system, lead, today)
    _voices(system, first)
    load_demonstration_returns(system)
    board.ask_for_report(
        organisation=system,
        title="How inclusive is our digital care? (invented)",
        for_meeting_on=today + timedelta(days=21),
        asks=["decide who answers for people being paid for their time", "ask again in winter, by phone as well"],
        words="",
        by=lead,
    )


def make_demonstration_reports() -> None:
    """Makes the reports that wait, so that the first reader need not; in usual print alone, to begin sooner."""
    for report in BoardReport.objects.filter(state="waiting").select_related("organisation"):
        facts = facts_of(report)
        board.keep_report(report=report.pk, facts=facts, pdf=paper(facts))


def _share_out(assessment: Assessment, people: tuple[User, ...], by: User) -> None:
    for number, criterion in enumerate(criteria_of(current())):
        assessments.give_part(assessment=assessment, criterion=criterion.id, holder=people[number % len(people)], by=by)


def _review(assessment: Assessment, lead: User, reviewer: User) -> None:
    reviewing.invite_reviewer(assessment=assessment, reviewer=reviewer, by=lead)
    reviewing.hand_in(assessment=assessment, words="Please look at co-design first.", by=lead)
    words = "Payments are shown. What people say about the decision speaks against level 2 (invented)."
    reviewing.remark(assessment=assessment, criterion="codesign", words=words, by=reviewer)
    reviewing.finish_review(
        assessment=assessment, words="Strong on paper, thin on what people lived through (invented).", by=reviewer
    )
    reviewing.close(assessment=assessment, words="We go on with co-design and with money.", by=lead)


def _people(system: Organisation, by: User, today: date) -> None:
    consent = interviews.Consent(
        ("themes", "quoted", "published", "story"), "in_person", "Not in the local paper", None
    )
    talked = interviews.record_interview(
        organisation=system,
        called="Sam (invented)",
        speaker="person",
        role_words="Uses the crisis line, mother of two",
        channel="in_person",
        held_on=today - timedelta(days=30),
        notes="At the library, with a friend.",
        reached="A letter to the library",
        consent=consent,
        by=by,
    )
    kept = quotes.keep_quote(
        interview=talked,
        words="They asked us in June. In May the contract was signed. (invented)",
        themes=("codesign",),
        supports=False,
        by=by,
    )
    quotes.check_quote(quote=kept, on=today - timedelta(days=20), by=by)
    helped = quotes.keep_quote(
        interview=talked,
        words="Mine was pawned. They gave me another and asked nothing. (invented)",
        themes=("devices_data",),
        supports=True,
        by=by,
    )
    quotes.check_quote(quote=helped, on=today - timedelta(days=20), by=by)
    interviews.correct(interview=talked, words="It was the spring, not the summer. (invented)", by=by)
    story = stories.begin_story(
        organisation=system,
        details=stories.Details(
            title="Tablets that come back (invented)",
            where="People whose phone was gone lost their appointments with it.",
            done="Three libraries lend tablets, and nobody asks why the last one is gone.",
            changed="Nine of twelve people kept their appointments, as the libraries counted.",
            failed="Data ran out after a month in the first round.",
            criteria=("devices_data",),
            quotes=(str(helped.pk),),
        ),
        by=by,
    )
    stories.publish_story(case=story, by=by)


def _leadership(system: Organisation, by: User, today: date) -> None:
    for role, name, days, deputy, money_until in (
        ("health_inequalities", "Gwen Price (invented)", 2.0, "Tom Hale (invented)", None),
        ("ccio", "Dr Ana Reyes (invented)", 1.0, "", None),
        ("lived_experience", "Jo Marsh (invented)", 2.0, "", date(2027, 3, 31)),
        ("champion", "Ivy Stone (invented)", None, "", None),
    ):
        leading.hold_role(
            organisation=system,
            role=role,
            name=name,
            where="",
            days=days,
            deputy=deputy,
            lived_experience=role == "lived_experience" or None,
            money_until=money_until,
            from_on=today - timedelta(days=400),
            by=by,
        )
    leading.put_on_agenda(
        organisation=system,
        meeting="Board of the system",
        board=True,
        on=today - timedelta(days=90),
        title="Who is left out of digital care (invented)",
        decided="Ask people by phone and on paper as well.",
        look_again_on=today - timedelta(days=5),
        by=by,
    )
    canvas.write_cell(
        organisation=system,
        dimension="partnership",
        version=0,
        strengths="People with lived experience are paid.",
        gaps="Who took part was not told what came of it.",
        next="Ring everybody back by the end of January.",
        said_by="Two assessors and the carers’ group (invented)",
        by=by,
    )


def _voices(system: Organisation, by: User) -> None:
    found = comparing.set_side_by_side(
        organisation=system,
        title="Designed with people (invented)",
        statement="People who need services help to design them.",
        criterion="codesign",
        by=by,
    )
    for speaks, name, claim, said, n in (
        ("leaders", "Teams in the self-assessment (invented)", True, 18, 20),
        ("staff", "Survey of staff (invented)", False, 44, 93),
        ("people", "Asked in libraries and by phone (invented)", False, 15, 48),
    ):
        comparing.add_voice(
            comparison=found,
            speaks=speaks,
            name=name,
            claim=claim,
            said=said,
            n=n,
            asked="The same sentence, read out or on paper",
            on=None,
            source="Invented for the demonstration",
            by=by,
        )

"""What the people loop stores. Facts are added, never changed: a current value is the latest of its rows."""

from inroads.people.models.choices import Choice, Involvement, Option, Pathway, Stage
from inroads.people.models.contacts import Contact
from inroads.people.models.conversations import (
    Answer,
    AnswerKind,
    AnswerValue,
    Conversation,
    Event,
    Expectation,
    Present,
)
from inroads.people.models.facts import Channel, SaidBy
from inroads.people.models.lending import Happened, Item, ItemEvent, ItemState, Loan, StockForecast, Waiting, Wipe
from inroads.people.models.mentors import (
    Attendance,
    DropIn,
    Mentor,
    MentorKind,
    Pairing,
    Session,
    Supervision,
    TaskState,
)
from inroads.people.models.paper import PaperForm, PaperKind
from inroads.people.models.plans import (
    Appointment,
    HelpAtTime,
    PartOfDay,
    PlanStep,
    Review,
    StepStatus,
    StepVersion,
)
from inroads.people.models.records import ContactWay, NameWord, OwnCode, Person, Preferences, TrustedPerson
from inroads.people.models.referrals import Referral, ReferralEvent, ReferralState

__all__ = [
    "Answer",
    "AnswerKind",
    "AnswerValue",
    "Appointment",
    "Attendance",
    "Channel",
    "Choice",
    "Contact",
    "ContactWay",
    "Conversation",
    "DropIn",
    "Event",
    "Expectation",
    "Happened",
    "HelpAtTime",
    "Involvement",
    "Item",
    "ItemEvent",
    "ItemState",
    "Loan",
    "Mentor",
    "MentorKind",
    "NameWord",
    "Option",
    "OwnCode",
    "Pairing",
    "PaperForm",
    "PaperKind",
    "PartOfDay",
    "Pathway",
    "Person",
    "PlanStep",
    "Preferences",
    "Present",
    "Referral",
    "ReferralEvent",
    "ReferralState",
    "Review",
    "SaidBy",
    "Session",
    "Stage",
    "StepStatus",
    "StepVersion",
    "StockForecast",
    "Supervision",
    "TaskState",
    "TrustedPerson",
    "Waiting",
    "Wipe",
]

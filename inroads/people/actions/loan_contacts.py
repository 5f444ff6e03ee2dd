"""What whoever has something on loan hears, and when: that data ends, and, politely, that a day has come."""

from datetime import date, timedelta

from django.utils import timezone

from inroads.accounts.actions import Refused
from inroads.design.wording import day as day_in_words
from inroads.design.wording import in_sentence
from inroads.people.actions.contacts import cancel_contact, plan_contact
from inroads.people.models import Contact, Loan
from inroads.people.models.lending import LEAST_NOTICE
from inroads.reference.definitions.lending import kit

# Earlier than has to be, so that a letter and a few tries fit in between.
NOTICE = timedelta(days=21)
# Before the day, on it, and once after; then they stop.
REMINDERS = (("before", timedelta(days=-7)), ("day", timedelta(0)), ("after", timedelta(days=7)))
TOP_UP = (
    "Its data ends within {days} days of then. Top it up first, and enter the new day under “Data ends on another day”"
)


def contact_day(ends_on: date, today: date | None = None) -> date | None:
    """The day from which somebody hears that data ends, at least 14 days before; None where it is too late for that."""
    today = today or timezone.localdate()
    day = max(today, ends_on - NOTICE)
    return day if day <= ends_on - LEAST_NOTICE else None


def refuse_short_data(ends_on: date, from_day: date) -> None:
    """Raises `Refused`, with the remedy, where data ends too soon after a day for somebody to be told in time."""
    if ends_on - LEAST_NOTICE < from_day:
        raise Refused(TOP_UP.format(days=LEAST_NOTICE.days))


def plan_data_contact(loan: Loan) -> None:
    """The contact about the end of its data as the loan stands; that about another day is cancelled. Saves the loan.

    Raises `Refused` where its data ends too soon.
    """
    if not loan.has_data or loan.data_ends_on is None:
        return
    day = contact_day(loan.data_ends_on)
    if day is None:
        raise Refused(TOP_UP.format(days=LEAST_NOTICE.days))
    cancel_data_contact(loan)
    loan.contact_on = day
    loan.contact_key = _unused(f"data-ends-{loan.pk}-{loan.data_ends_on}")
    loan.save(update_fields=("has_data", "data_ends_on", "contact_on", "contact_key"))
    if loan.person is not None:
        plan_contact(
            person=loan.person,
            key=loan.contact_key,
            why=Contact.Why.DATA_ENDS,
            words=data_words(loan),
            due_on=day,
        )


def cancel_data_contact(loan: Loan) -> None:
    """Nothing is said any more about the end of this loan's data."""
    if loan.contact_key and loan.person_id is not None:
        cancel_contact(key=loan.contact_key)


def plan_reminders(loan: Loan) -> None:
    """What is said about the day that was agreed, in place of what was said about another. Saves the loan."""
    cancel_reminders(loan)
    loan.reminders_key = "" if loan.due_on is None else _unused_reminders(f"loan-due-{loan.pk}-{loan.due_on}")
    loan.save(update_fields=("due_on", "reminders_key"))
    if loan.person is None or loan.due_on is None:
        return
    today = timezone.localdate()
    for when, apart in REMINDERS:
        if loan.due_on + apart > today:
            plan_contact(
                person=loan.person,
                key=f"{loan.reminders_key}-{when}",
                why=Contact.Why.LOAN,
                words=reminder_words(loan, when),
                due_on=loan.due_on + apart,
            )


def cancel_reminders(loan: Loan) -> None:
    """Nothing is said any more about the day that was agreed."""
    if loan.reminders_key and loan.person_id is not None:
        for when, _ in REMINDERS:
            cancel_contact(key=f"{loan.reminders_key}-{when}")


def data_words(loan: Loan) -> str:
    """What is said when data ends soon, one sentence a line."""
    return (
        f"The data on {thing(loan)} you have from us ends on {_day(loan.data_ends_on)}.\n"
        "Tell us if you would like more. We will look for a way, at no cost to you.\n"
        "You can keep what you have, and you will owe nothing."
    )


def reminder_words(loan: Loan, when: str) -> str:
    """What is said before the day that was agreed, on it, or once after."""
    begins = {
        "before": f"We said we would talk about {thing(loan)} you have from us by {_day(loan.due_on)}.",
        "day": f"Today is the day on which we said we would talk about {thing(loan)} you have from us.",
        "after": f"We would like to know if {thing(loan)} you have from us still helps.",
    }
    ends = {"after": "\nWe will not write about this again."}
    return (
        f"{begins[when]}\n"
        "If you still need it, keep it longer: just tell us.\n"
        "If it is lost, stolen or pawned, tell us. You will owe nothing. We will help." + ends.get(when, "")
    )


def thing(loan: Loan) -> str:
    """What was lent, in the middle of a sentence: "the smartphone"."""
    known = kit().get(loan.item.kind)
    title = known.title if known else "A device"
    for article in ("A ", "An "):
        title = title.removeprefix(article)
    return f"the {in_sentence(title)}"


def _unused(key: str) -> str:
    """The key, with a number behind it where it was used: what was cancelled stays cancelled, and can come again."""
    used = set(Contact.objects.filter(key__startswith=key).values_list("key", flat=True))
    used |= set(Loan.objects.filter(contact_key__startswith=key).values_list("contact_key", flat=True))
    return next(each for each in [key, *(f"{key}-{number}" for number in range(2, len(used) + 3))] if each not in used)


def _unused_reminders(key: str) -> str:
    used = list(Contact.objects.filter(key__startswith=key).values_list("key", flat=True))
    candidates = [key, *(f"{key}-{number}" for number in range(2, len(used) + 3))]
    ends = [when for when, _ in REMINDERS]
    return next(each for each in candidates if not any(f"{each}-{when}" in used for when in ends))


def _day(day: date | None) -> str:
    return day_in_words(day) if day else ""

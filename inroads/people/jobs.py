"""What the people loop does in the background. Each may run twice without doing anything twice."""

from collections.abc import Callable
from datetime import timedelta

from django.utils import timezone

from inroads.jobs.schedule import every
from inroads.people.actions.contacts import HAND_OVER, bring_back, hand_over, lost_on_the_way
from inroads.people.actions.figures import count_month
from inroads.people.actions.forecasts import make_forecasts
from inroads.people.actions.reach import show_reach
from inroads.people.actions.referrals import go_on_all
from inroads.people.jobs_lending import look_after_data, look_after_items, look_after_places
from inroads.people.models import Contact, Referral
from inroads.people.queries.referrals import ENDED, orphans


@every(timedelta(hours=1), name="people.referrals")
def move_referrals() -> None:
    """Reminds whoever a referral waits for, and ends what nobody answers."""
    today = timezone.localdate()
    due = Referral.objects.exclude(state__in=ENDED).filter(due_on__lte=today).order_by("due_on", "pk")
    go_on_all(list(due), on=today)


@every(timedelta(minutes=10), name=HAND_OVER)
def hand_over_contacts() -> None:
    """Gives what people are to be told or asked to the post, in their own channel; what did not arrive is rung."""
    today = timezone.localdate()
    due = Contact.objects.filter(state=Contact.State.PLANNED, by_hand=False, due_on__lte=today)
    _each(list(due.order_by("due_on", "pk")), lambda each: hand_over(contact=each, on=today))
    lately = timezone.now() - timedelta(days=14)
    _each(lost_on_the_way(since=lately), lambda each: bring_back(contact=each))


def _each(contacts: list[Contact], do: Callable[[Contact], object]) -> None:
    """One that breaks holds up no other, and is raised at the end."""
    broken = []
    for contact in contacts:
        try:
            do(contact)
        except Exception as problem:
            broken.append(problem)
    if broken:
        raise ExceptionGroup(f"{len(broken)} contacts could not be handed over", broken)


@every(timedelta(days=1), name="people.orphans")
def look_for_orphans() -> None:
    """Proves that no referral is left without anybody it waits for; where one is, the job fails and is seen to."""
    lost = orphans().count()
    if lost:
        raise RuntimeError(f"{lost} referrals wait for nobody, or have waited for longer than their day")


@every(timedelta(days=1), name="people.figures")
def count_what_people_said() -> None:
    """Once a month, what was said in each system in which that was enough; each day, what open releases show of reach.

    What is closed again leaves the directory even on a day on which counting fails.
    """
    try:
        count_month(on=timezone.localdate())
    finally:
        show_reach()


@every(timedelta(days=1), name="people.forecasts")
def look_ahead_in_the_stock() -> None:
    """Works out what will be missing in each lending stock."""
    make_forecasts()


every(timedelta(days=1), name="people.data_ends")(look_after_data)
every(timedelta(days=1), name="people.data_ends_on_wards")(look_after_places)
every(timedelta(days=1), name="people.stock")(look_after_items)

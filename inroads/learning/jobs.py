"""What the learning room does by itself: tells reviewers, once for each review, that it ends soon."""

from datetime import timedelta

from django.utils import timezone

from inroads.accounts.actions import Refused
from inroads.accounts.permissions import Permission, may
from inroads.design.wording import day
from inroads.jobs.schedule import every
from inroads.learning.presenters.apps import warning
from inroads.learning.queries.apps import Entry, ending, every_entry
from inroads.post.actions import send
from inroads.post.queries import states_of


@every(timedelta(days=1), name="learning.reviews_end")
def tell_reviewers() -> int:
    """An email to whoever wrote a review that ends within 30 days or holds no more, while they still review.

    Once for each review. Returns how many were asked for.
    """
    told, today = 0, timezone.localdate()
    keys = {_key(each): each for each in ending(every_entry(), today)}
    known = states_of(keys)
    for each in [each for key, each in keys.items() if key not in known]:
        review, reviewer = each.review, each.review.recorded_by
        if not reviewer.is_active or not may(reviewer, Permission.REVIEW_APPS, review.organisation):
            continue
        if over := warning(each, today):
            stands = f"You reviewed {each.app.name}. {over}\n\nUntil then it is not suggested to anybody."
        else:
            stands = (
                f"Your review of {each.app.name} holds until {day(review.again_on)}.\n\n"
                "After that day it is shown as “to be looked at again” and is not suggested to anybody."
            )
        body = f"{stands}\n\nWhen you have time, please look at it again, or ask a colleague to."
        try:
            send(
                key=_key(each),
                channel="email",
                to=reviewer.email,
                subject=f"Please look again at {each.app.name}"[:120],
                body=body,
                organisation=review.organisation,
                about=each.app,
            )
        except Refused:
            # Without email here, the list at the top of the library says the same.
            continue
        told += 1
    return told


def _key(each: Entry) -> str:
    return f"app-review-ends-{each.review.pk}"

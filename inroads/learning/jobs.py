"""What the learning room does by itself: tells reviewers, once for each review, that it ends soon."""

from datetime import timedelta

from django.utils import timezone

from inroads.accounts.actions import Refused
from inroads.accounts.permissions import Permission, may
from inroads.design.wording import day
from inroads.jobs.schedule import every
from inroads.learning.queries.apps import ending, every_entry
from inroads.post.actions import send


@every(timedelta(days=1), name="learning.reviews_end")
def tell_reviewers() -> int:
    """An email to whoever wrote a review that ends within 30 days, while they still review. How many were asked for."""
    told = 0
    for each in ending(every_entry(), timezone.localdate()):
        review, reviewer = each.review, each.review.recorded_by
        if not reviewer.is_active or not may(reviewer, Permission.REVIEW_APPS, review.organisation):
            continue
        body = (
            f"Your review of {each.app.name} holds until {day(review.again_on)}.\n\n"
            "After that day it is shown as “to be looked at again” and is not suggested to anybody.\n\n"
            "When you have time, please look at it again, or ask a colleague to."
        )
        try:
            send(
                key=f"app-review-ends-{review.pk}",
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

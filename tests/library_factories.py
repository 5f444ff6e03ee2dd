"""Entries of the library of apps for tests, made by the actions that pages use. All of them are invented."""

from datetime import timedelta

from django.utils import timezone

from inroads.accounts.models import User
from inroads.learning.actions import apps
from inroads.learning.models import AppReview, TrustedApp
from inroads.reference.models import Organisation

TOLD = {
    "name": "Example Diary",
    "what": "A diary of moods",
    "safe_for": "Writing down how a day was",
    "for_whom": "Adults",
    "not_for": "A crisis",
    "contexts": ["between"],
    "barriers": ["memory"],
    "alternatives": ["written_summary"],
}


def make_app(organisation: Organisation, *, by: User, **told) -> TrustedApp:
    """An entry that nobody has reviewed."""
    return apps.add_app(organisation=organisation, by=by, **(TOLD | told))


def make_review(app: TrustedApp, *, by: User, days: int = 100, **told) -> AppReview:
    """A review of the app as it stands, after every earlier one."""
    kept = TrustedApp.objects.get(pk=app.pk)
    last = kept.reviews.order_by("pk").last()
    words = {
        "version": kept.version,
        "after": last.pk if last else None,
        "organisation": kept.organisation,
        "looked_at": "The privacy notice",
        "result": "safe",
        "again_on": timezone.localdate() + timedelta(days=days),
    } | told
    return apps.review_app(app=kept, by=by, **words)


def make_shown_app(organisation: Organisation, *, by: User, **told) -> TrustedApp:
    """An entry that was found safe and is shown to everybody."""
    made = make_app(organisation, by=by, **told)
    make_review(made, by=by)
    return apps.show_app(app=made, by=by)

"""Invented apps for the demonstration, each of which says so: safe, with somebody, to be looked at again, new."""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from inroads.accounts.models import User
from inroads.learning.actions import apps
from inroads.learning.models import AppReview, TrustedApp
from inroads.reference.models import Kind, Organisation

PLACE = "Isle of Wight"
INVENTED = "This app is invented, for the demonstration"
COMMON = {"device": "Any phone with a browser", "languages": "English", "evidence": INVENTED + "."}
# What stands about each; what a review found, None for no review; and for how many days that holds.
APPS = (
    (
        {
            "name": "Example Diary",
            "what": f"A diary of moods. {INVENTED}.",
            "safe_for": "Writing down how a day was, and showing it to the team",
            "for_whom": "Adults who like to write",
            "not_for": "A crisis. Nobody reads it at night",
            "contexts": ["waiting", "treatment", "between"],
            "barriers": ["memory", "changed_view"],
            "alternatives": ["written_summary", "phone_instead"],
            "cost": "free",
            "account": False,
            "email": False,
            "data_mb_per_hour": 5,
            "data_words": "Once it is open it works without internet",
            "evidence_strength": "said",
        },
        "safe",
        300,
    ),
    (
        {
            "name": "Example Quiet Room",
            "what": f"Sounds and breathing for a bad hour. {INVENTED}.",
            "safe_for": "Getting through an hour, beside what else helps then",
            "for_whom": "Adults and young people",
            "not_for": "Somebody who hears voices and finds that sounds make it worse",
            "contexts": ["between", "ward", "after"],
            "barriers": ["worry", "concentration"],
            "alternatives": ["plan_for_bad_hours", "phone_instead"],
            "cost": "free_parts",
            "cost_words": "The breathing is free; more sounds cost 2 pounds a month",
            "account": True,
            "email": True,
            "data_mb_per_hour": 60,
            "evidence_strength": "seen",
        },
        "with_somebody",
        20,
    ),
    (
        {
            "name": "Example Peer Board",
            "what": f"People who have been there write to one another. {INVENTED}.",
            "safe_for": "Reading what others tried",
            "for_whom": "Adults",
            "not_for": "Telling anybody your name or where you live",
            "contexts": ["waiting", "after"],
            "barriers": ["stigma", "quality", "nobody_to_show"],
            "alternatives": ["peer_talk", "community_group"],
            "account": True,
        },
        "safe",
        -5,
    ),
    (
        {
            "name": "Example New Thing",
            "what": f"Something that nobody has looked at yet. {INVENTED}.",
            "safe_for": "Not known yet",
            "for_whom": "Not known yet",
            "not_for": "Anybody, until it was reviewed",
            "contexts": ["treatment"],
            "barriers": ["skills"],
            "alternatives": ["trusted_place"],
        },
        None,
        0,
    ),
)


@transaction.atomic
def load_demonstration_library() -> None:
    """Put them in place, into a library without entries; doing it again changes nothing."""
    if TrustedApp.objects.exists():
        return
    lead = User.objects.get(email="place.lead@demonstration.example")
    place = Organisation.objects.get(name=PLACE, kind=Kind.PLACE)
    today = timezone.localdate()
    for told, result, days in APPS:
        app = apps.add_app(organisation=place, by=lead, **(COMMON | told))
        if result is None:
            continue
        review = apps.review_app(
            app=app,
            version=1,
            after=None,
            organisation=place,
            looked_at=f"Nothing: {INVENTED[0].lower()}{INVENTED[1:]}",
            result=result,
            again_on=today + timedelta(days=max(days, 1)),
            by=lead,
        )
        apps.show_app(app=app, by=lead)
        if days < 0:
            # As if it had been reviewed long ago.
            AppReview.objects.filter(pk=review.pk).update(
                reviewed_on=today - timedelta(days=200), again_on=today + timedelta(days=days)
            )

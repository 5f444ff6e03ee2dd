"""What stands on a letter to a touchpoint about a referral: what is asked, a code, and how to answer. Never a name."""

from typing import Any

from django.utils import timezone

from inroads.accounts.codes import as_written
from inroads.people.actions.referral_messages import address_of
from inroads.people.models import Referral
from inroads.people.presenters.referrals import before_yes
from inroads.people.queries.reachable import how_to_reach
from inroads.people.queries.referrals import REASONS, code_of


def letter_context(referral: Referral, points: int) -> dict[str, Any]:
    """The context of `people/print/referral.html`."""
    return {
        "document": {
            "title": "Could you help somebody?",
            "code": as_written(code_of(referral, "receiver")),
            "printed_on": timezone.localdate(),
            "known_as": "",
            "organisation": referral.organisation.name,
            "contact": "",
            "points": points,
        },
        "reach": how_to_reach(referral.organisation),
        "touchpoint": referral.service.touchpoint.name,
        "facts": before_yes(referral),
        "entry": address_of("answers:enter"),
        "answers": [{"label": "Yes, you may pass on the name"}, {"label": "No, not this time"}],
        "reasons": [{"label": each} for each in REASONS.values()],
    }

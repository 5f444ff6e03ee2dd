"""A try is counted before its password is looked at, so that tries sent all at once are counted like others.

Counting is one short turn at the head of the audit trail, as every sign-in takes one anyway. Looking at the password,
slow on purpose, happens outside of it: nobody waits for the passwords of others. Setting: AXES_HANDLER.
"""

from typing import Any

from axes.handlers.database import AxesDatabaseHandler
from axes.helpers import get_client_username
from axes.models import AccessAttempt
from django.db import transaction
from django.db.models import F
from django.http import HttpRequest

from inroads.accounts import audit

COUNTED = "inroads_counted_try"


class CountsFirst(AxesDatabaseHandler):
    """The lock-out of axes, which by itself counts a try only when its password turned out to be wrong."""

    @transaction.atomic
    def is_allowed(self, request: HttpRequest, credentials: dict[str, Any] | None = None) -> bool:
        """Whether there is a try left. If so it is used up, until the password turns out to be right."""
        audit.hold()
        if not super().is_allowed(request, credentials):
            return False
        # What is too old to count makes room: a try must not be added to it.
        self.clean_expired_user_attempts(request, credentials)
        counted, is_first = AccessAttempt.objects.get_or_create(
            username=get_client_username(request, credentials),
            ip_address=request.axes_ip_address,
            user_agent=request.axes_user_agent,
            defaults={"failures_since_start": 1, "attempt_time": request.axes_attempt_time},
        )
        if not is_first:
            AccessAttempt.objects.filter(pk=counted.pk).update(failures_since_start=F("failures_since_start") + 1)
        setattr(request, COUNTED, counted.pk)
        return True

    @transaction.atomic
    def user_login_failed(
        self, sender: Any, credentials: dict[str, Any], request: HttpRequest | None = None, **kwargs: Any
    ) -> None:
        """Axes writes down the wrong try with all it keeps about one, in the place of the one counted before."""
        audit.hold()
        take_back(request)
        super().user_login_failed(sender, credentials, request, **kwargs)


def take_back(request: HttpRequest | None) -> None:
    """The try counted for this request, if there is one, counts no longer."""
    if (counted := getattr(request, COUNTED, None)) is None:
        return
    with transaction.atomic():
        audit.hold()
        found = AccessAttempt.objects.filter(pk=counted)
        found.filter(failures_since_start__lte=1).delete()
        found.update(failures_since_start=F("failures_since_start") - 1)
    setattr(request, COUNTED, None)

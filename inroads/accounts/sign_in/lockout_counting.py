"""A try has a place before its password is looked at, so that tries sent all at once are counted like others.

There are as many places as there are wrong passwords left. A try gives its place back when its answer is known, and
only a wrong password counts towards the lock-out. Taking a place is one short turn at the head of the audit trail, as
every sign-in takes one anyway. Looking at the password, slow on purpose, happens outside of it: nobody waits for the
passwords of others. Setting: AXES_HANDLER.
"""

from datetime import timedelta
from typing import Any

from axes.handlers.database import AxesDatabaseHandler
from axes.helpers import get_client_username, get_failure_limit
from django.db import transaction
from django.http import HttpRequest
from django.utils import timezone

from inroads.accounts import audit
from inroads.accounts.models import PasswordTry

PLACE = "inroads_place"
NOT_ANSWERED = "inroads_not_answered"
ALL_TAKEN = "inroads_all_places_taken"
# Whoever looked at the password for longer is no longer there, as after a process was killed.
LONGEST = timedelta(seconds=30)


class CountsFirst(AxesDatabaseHandler):
    """The lock-out of axes, which by itself counts a try only when its password turned out to be wrong."""

    @transaction.atomic
    def is_allowed(self, request: HttpRequest, credentials: dict[str, Any] | None = None) -> bool:
        """Whether there is a place for this try. If so it is taken."""
        audit.hold()
        setattr(request, NOT_ANSWERED, True)
        if not super().is_allowed(request, credentials):
            return False
        now = timezone.now()
        PasswordTry.objects.filter(at__lt=now - LONGEST).delete()
        where = {"username": get_client_username(request, credentials), "ip_address": request.axes_ip_address}
        taken = self.get_failures(request, credentials) + PasswordTry.objects.filter(**where).count()
        if taken >= get_failure_limit(request, credentials):
            setattr(request, ALL_TAKEN, True)
            return False
        setattr(request, PLACE, PasswordTry.objects.create(at=now, **where).pk)
        setattr(request, NOT_ANSWERED, False)
        return True

    @transaction.atomic
    def user_login_failed(
        self, sender: Any, credentials: dict[str, Any], request: HttpRequest | None = None, **kwargs: Any
    ) -> None:
        """Count a wrong password; the one that closes the door is told to the trail. What is refused is not counted."""
        if request is None or not may_answer(request, credentials):
            return
        super().user_login_failed(sender, credentials, request, **kwargs)


def may_answer(request: HttpRequest, credentials: dict[str, Any]) -> bool:
    """Give the place back, and say whether this try may be answered: the door may have been closed meanwhile.

    That can be where a password was looked at for longer than `LONGEST`. So no more wrong passwords than the limit
    are ever told apart from right ones, however slow the machine is.
    """
    with transaction.atomic():
        audit.hold()
        if (place := getattr(request, PLACE, None)) is not None:
            setattr(request, PLACE, None)
            PasswordTry.objects.filter(pk=place).delete()
            if CountsFirst().is_locked(request, credentials):
                setattr(request, NOT_ANSWERED, True)
                request.axes_locked_out = True
    return not was_refused(request)


def was_refused(request: HttpRequest | None) -> bool:
    """Whether the last try of this request was not answered: nobody looked at its password, or it came too late."""
    return getattr(request, NOT_ANSWERED, False)


def only_places_were_missing(request: HttpRequest) -> bool:
    """Whether a try was refused although the door is open: others were just being looked at."""
    return getattr(request, ALL_TAKEN, False)

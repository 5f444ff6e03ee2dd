"""The one lock-out: five wrong answers close the door for fifteen minutes.

Wrong passwords are counted by axes, for one e-mail address from one network address. Wrong second-step codes are
counted for the account, wherever they come from: only somebody who knows the password gets that far. Settings:
AXES_USERNAME_CALLABLE, AXES_CLIENT_IP_CALLABLE and AXES_LOCKOUT_CALLABLE name functions of this module;
AXES_FAILURE_LIMIT, AXES_COOLOFF_TIME and AXES_LOCKOUT_PARAMETERS say how many and how long; PROXY_COUNT says how many
proxies stand in front.
"""

import hashlib
from ipaddress import IPv6Address, IPv6Network, ip_address
from math import ceil
from typing import Any

from axes.helpers import get_cool_off
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from inroads.accounts.models import AuditEntry, User
from inroads.accounts.sign_in import lockout_counting

LONGEST_NAME = 255
A_MOMENT = 5  # seconds


def name_for_lockout(request: HttpRequest, credentials: dict[str, Any] | None = None) -> str:
    """The e-mail address in one spelling, so that changing capitals does not start a new count.

    No longer than the column it is counted in: what cannot be an address is counted by its hash.
    """
    given = credentials if credentials is not None else request.POST
    email = given.get("email") or given.get("username") or given.get("login") or ""
    name = str(email).strip().lower()
    if len(name) <= LONGEST_NAME and "\0" not in name:
        return name
    return f"sha256:{hashlib.sha256(name.encode(errors='surrogatepass')).hexdigest()}"


def network_address(request: HttpRequest) -> str | None:
    """Where the reader is: the address that the outermost trusted proxy saw, or the one that speaks to us directly.

    Every trusted proxy adds on the right the address that it was called from, so the reader's is `PROXY_COUNT` from
    the right, and whatever the reader wrote into the header stands further left. Of an IPv6 address only the network
    counts: one connection at home has more addresses than anybody could count. None where there is no address at all,
    as on a socket.
    """
    forwarded = request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")
    count = settings.PROXY_COUNT
    seen = forwarded[-count] if 0 < count <= len(forwarded) else ""
    return _network(seen) or _network(request.META.get("REMOTE_ADDR", ""))


def _network(text: str) -> str | None:
    text = text.strip()
    if text.startswith("["):
        text = text[1:].partition("]")[0]
    elif text.count(":") == 1:
        text = text.partition(":")[0]
    try:
        address = ip_address(text.partition("%")[0])
    except ValueError:
        return None
    if isinstance(address, IPv6Address):
        within = address.ipv4_mapped
        return str(within or IPv6Network((address, 64), strict=False).network_address)
    return str(address)


def locked_out(
    request: HttpRequest, original_response: HttpResponse | None = None, credentials: dict[str, Any] | None = None
) -> HttpResponse:
    """The page somebody sees while the door is closed: how long, and whom to ask.

    Where tries sent at the same moment only got in each other's way, as after a double click: to try again.
    """
    if lockout_counting.only_places_were_missing(request):
        response = render(request, "accounts/try_again.html", status=settings.AXES_HTTP_RESPONSE_CODE)
        response["Retry-After"] = str(A_MOMENT)
        return response
    wait = get_cool_off(request)
    minutes = ceil(wait.total_seconds() / 60) if wait else 0
    response = render(
        request,
        "accounts/locked_out.html",
        {"minutes": minutes, "tries": settings.AXES_FAILURE_LIMIT},
        status=settings.AXES_HTTP_RESPONSE_CODE,
    )
    response["Retry-After"] = str(minutes * 60)
    return response


def too_many_wrong_codes(user: User) -> bool:
    """Whether this account has used up its tries at the second step since it last passed, within the cool-off time.

    Counted from the audit trail, which every process shares and a restart does not forget.
    """
    wait = get_cool_off()
    if wait is None:
        return False
    about = AuditEntry.objects.filter(about_kind=user._meta.label_lower, about_id=str(user.pk))
    passed = about.filter(action="second_step_passed").order_by("-number").values_list("number", flat=True).first()
    wrong = about.filter(action="second_step_failed", at__gt=timezone.now() - wait, number__gt=passed or 0)
    return wrong.count() >= settings.AXES_FAILURE_LIMIT

"""Text messages and emails through GOV.UK Notify, or a service that speaks like it.

Each goes out under a reference of our own, and before a second try Notify is asked whether it has that reference
already. One template for each channel: the body is ((body)), the subject of an email ((subject)).
"""

import base64
import hashlib
import hmac
import json
import logging
import re
import time
from http.client import HTTPException
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.parse import quote
from urllib.request import HTTPRedirectHandler, Request, build_opener

from django.conf import settings

from inroads.post.backends import Found, NotNow, Rejected
from inroads.post.models import Channel, Message

logger = logging.getLogger("inroads.post")
API_KEY = re.compile(r".*?([0-9a-f-]{36})-([0-9a-f-]{36})")
FAILED = {
    "permanent-failure": "There is no such number or address",
    "temporary-failure": "It could not be delivered; the phone or mailbox took no messages",
    "technical-failure": "The service that sends messages could not send it",
    "cancelled": "The service that sends messages cancelled it",
    "validation-failed": "The service that sends messages could not read it",
    "virus-scan-failed": "The service that sends messages stopped it",
}
DELIVERED = {"delivered", "received"}
# Addresses and long numbers in an answer may be somebody's.
PERSONAL = re.compile(r"\S*@\S*|\+?\d[\d\s()-]{4,}\d|'[^']*'|\"[^\"]*\"")


class _StaysHere(HTTPRedirectHandler):
    """Follows no redirect: the key and what a message says go to the address of the settings and nowhere else."""

    def redirect_request(self, *_: Any, **__: Any) -> None:
        return None


class Backend:
    """Hands messages to Notify over https."""

    can_ask = True
    follows = True

    def find(self, message: Message) -> Found | None:
        """What Notify has under our reference."""
        answer = self._ask("GET", f"/v2/notifications?reference={quote(message.own_reference)}")
        for each in answer.get("notifications", []):
            if each.get("reference") == message.own_reference:
                status = str(each.get("status", ""))
                return Found(str(each.get("id", "")), FAILED.get(status, ""), status in DELIVERED)
        return None

    def hand_over(self, message: Message) -> str:
        """Posts it."""
        said: dict[str, Any] = {"reference": message.own_reference}
        if message.channel == Channel.TEXT:
            where = "sms"
            said |= {"phone_number": message.to, "template_id": settings.NOTIFY_TEXT_TEMPLATE}
            said["personalisation"] = {"body": message.body}
        else:
            where = "email"
            said |= {"email_address": message.to, "template_id": settings.NOTIFY_EMAIL_TEMPLATE}
            said["personalisation"] = {"subject": message.subject, "body": message.body}
        return str(self._ask("POST", f"/v2/notifications/{where}", said).get("id", ""))

    def _ask(self, method: str, path: str, said: dict | None = None) -> dict[str, Any]:
        request = Request(  # noqa: S310 - the address is of the settings, which ask for https
            settings.NOTIFY_URL.rstrip("/") + path,
            data=json.dumps(said).encode() if said is not None else None,
            method=method,
            headers={"Authorization": f"Bearer {token(settings.NOTIFY_API_KEY)}", "Content-Type": "application/json"},
        )
        try:
            with build_opener(_StaysHere).open(request, timeout=settings.POST_TIMEOUT_SECONDS) as answer:
                read = json.loads(answer.read())
        except HTTPError as error:
            with error:
                raise _said_no(error) from None
        except URLError as error:
            # Never reached, so nothing can have arrived; any other failure may have come after it was read.
            never = isinstance(error.reason, ConnectionRefusedError) or "resolution" in str(error.reason)
            raise NotNow(_away(error.reason), maybe=not never, all=True) from None
        except (OSError, HTTPException, ValueError) as error:
            raise NotNow(_away(error), maybe=True, all=True) from None
        return read if isinstance(read, dict) else {}


def _away(error: Any) -> str:
    logger.warning("Notify cannot be reached: %s", type(error).__name__)
    return "The service that sends messages cannot be reached"


def _said_no(error: HTTPError) -> Exception:
    if error.code == 429:
        return NotNow("The service that sends messages takes no more just now (429)", all=True)
    if error.code >= 500 or error.code in (408, 425):
        return NotNow(f"The service that sends messages has a problem ({error.code})", maybe=True)
    return Rejected(f"The service that sends messages refused it ({error.code}): {_reason(error)}"[:300])


def _reason(error: HTTPError) -> str:
    try:
        said = json.loads(error.read(20_000))["errors"][0]["message"]
    except (OSError, HTTPException, ValueError, LookupError, TypeError):
        return "no reason given"
    return PERSONAL.sub("…", str(said))[:200]


def token(api_key: str, now: float | None = None) -> str:
    """The bearer of a request: a JSON Web Token of the service's id, signed with its secret (HS256).

    Raises `ValueError` where the key does not have the form name-service-secret of Notify.
    """
    found = API_KEY.fullmatch(api_key)
    if found is None:
        raise ValueError("NOTIFY_API_KEY does not have the form name-service-secret")
    service, secret = found.groups()
    issued = int(time.time() if now is None else now)
    signed = ".".join(
        _base64(json.dumps(each, separators=(",", ":")).encode())
        for each in (
            {"typ": "JWT", "alg": "HS256"},
            {"iss": service, "iat": issued},
        )
    )
    return f"{signed}.{_base64(hmac.new(secret.encode(), signed.encode(), hashlib.sha256).digest())}"


def _base64(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()

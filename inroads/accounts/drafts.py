"""Nothing typed is lost: what was typed into a form is kept until it is saved, whatever fails in between.

A page that shows a form gives it a mark: signed, and good for one reader, one address and a day. Whoever sends the mark
may write the draft of that reader for that address, and nobody but that reader ever reads it. So a form that arrives
after the session has ended, or with a token that is too old, is kept all the same and is there after signing in again.
A script sends what is typed while it is typed; without it everything else holds.

In a view: `form = drafts.form(request, SomeForm, …)`; where it was saved, `drafts.forget(request)`; in the template,
`keep_typed(form)` from `design/keep.html` inside `<form data-keep="…">`.

The audit trail says nothing of drafts: they are not part of anybody's record until they are saved.
"""

import hashlib
import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.core import signing
from django.db import transaction
from django.http import HttpRequest, QueryDict
from django.utils import timezone

from inroads.accounts.models import Draft, User

MARK = "typed_by"
SALT = "inroads.accounts.drafts"
MARK_LASTS = timedelta(days=1)
KEPT_FOR = timedelta(days=30)
MOST_BYTES = 1_000_000
MOST_DRAFTS = 50
# No address of ours is longer; what is, leads nowhere or was made up.
LONGEST_ADDRESS = 300
# Never kept, whatever form it is in.
NEVER = ("csrfmiddlewaretoken", MARK)
SECRET_WORDS = ("password", "otp")


@dataclass(frozen=True)
class Held:
    """What was typed and not saved: texts by name of the field, and when it was typed."""

    fields: Mapping[str, list[str]]
    at: datetime


@dataclass(frozen=True)
class _Mark:
    user: UUID
    address: str
    fingerprint: str


def mark(request: HttpRequest) -> str:
    """The mark of the form at this address for this reader; "" for somebody who is not signed in."""
    if not request.user.is_authenticated or len(request.path) > LONGEST_ADDRESS:
        return ""
    # With something of its own, so that two pages of the same second are told apart.
    return signing.dumps([str(request.user.pk), request.path, secrets.token_urlsafe(8)], salt=SALT)


def keep(request: HttpRequest) -> bool:
    """Keep what was sent with a mark that we gave, for the reader to whom we gave it. Says whether it is kept.

    Anybody may send: it is the mark that permits, and only for the form on which it stood.
    """
    found = _read_mark(request)
    fields = {
        # Databases refuse the one character that nobody types.
        name: [text.replace("\0", "").encode("utf-8", "ignore").decode() for text in texts]
        for name, texts in request.POST.lists()
        if name not in NEVER and not any(word in name.lower() for word in SECRET_WORDS)
    }
    if found is None or not fields or len(json.dumps(fields).encode()) > MOST_BYTES:
        return False
    with transaction.atomic():
        if not User.objects.filter(pk=found.user, is_active=True).exists():
            return False
        kept, made = Draft.objects.select_for_update().get_or_create(user_id=found.user, address=found.address)
        if kept.settled == found.fingerprint:
            return False  # saved already: this was on its way when the form was saved
        kept.fields, kept.at = fields, timezone.now()
        kept.save(update_fields=("fields", "at"))
        if made:
            _tidy(found.user)
    return True


def keep_on_arrival(request: HttpRequest) -> bool:
    """`keep`, for a form that comes to the address on which it stood, before anything is done with it."""
    found = _read_mark(request) if request.method == "POST" else None
    return found is not None and found.address == request.path and keep(request)


def held(request: HttpRequest) -> Held | None:
    """What this reader typed at this address and has not saved."""
    if not request.user.is_authenticated:
        return None
    found = Draft.objects.filter(user=request.user, address=request.path).exclude(fields={}).first()
    return Held(found.fields, found.at) if found else None


def form(request: HttpRequest, form_class: Any, *args: Any, **kwargs: Any) -> Any:
    """The form, bound to what was sent; when the page is opened, with what was typed and not saved, if anything.

    `held` on the form is then what was typed. It comes back exactly, right or wrong, and nothing is said to be wrong
    before it is sent. What is sent is kept first: should saving it fail, it is there when the page is opened again.
    """
    if request.method == "POST":
        keep_on_arrival(request)
        made = form_class(request.POST, *args, **kwargs)
        made.held = None
        return made
    typed = held(request)
    if typed is None:
        made = form_class(None, *args, **kwargs)
    else:
        sent = QueryDict(mutable=True)
        for name, texts in typed.fields.items():
            sent.setlist(name, texts)
        made = form_class(sent, *args, **kwargs)
        made._errors = {}
    made.held = typed
    return made


def was_saved(request: HttpRequest) -> bool:
    """Whether a form was saved from this very page already: it was sent twice."""
    found = _read_mark(request)
    return (
        found is not None
        and Draft.objects.filter(user=found.user, address=found.address, settled=found.fingerprint).exists()
    )


def forget(request: HttpRequest) -> None:
    """The form was saved: nothing is held any more, and what its page still sends comes too late."""
    if not request.user.is_authenticated:
        return  # nothing is held for somebody without an account
    found = _read_mark(request)
    if found is None:
        Draft.objects.filter(user=request.user, address=request.path).delete()
    else:
        Draft.objects.update_or_create(
            user=request.user,
            address=request.path,
            defaults={"fields": {}, "settled": found.fingerprint, "at": timezone.now()},
        )


def forget_below(address: str) -> None:
    """Whatever anybody typed and has not saved at an address that begins so: it is not to be kept any more."""
    Draft.objects.filter(address__startswith=address).delete()


def throw_away(request: HttpRequest) -> str | None:
    """The reader does not want what they typed. Gives back the address of the form, None without a mark of theirs."""
    found = _read_mark(request)
    if found is None or not request.user.is_authenticated or found.user != request.user.pk:
        return None
    Draft.objects.filter(user=request.user, address=found.address).delete()
    return found.address


def _read_mark(request: HttpRequest) -> _Mark | None:
    sent = request.POST.get(MARK, "")
    try:
        user, address, *_ = signing.loads(sent, salt=SALT, max_age=MARK_LASTS)
        return _Mark(UUID(user), address, hashlib.sha256(sent.encode()).hexdigest())
    except (signing.BadSignature, ValueError, TypeError):
        return None


def _tidy(user: UUID) -> None:
    """Old drafts go, and the oldest of somebody who has very many."""
    Draft.objects.filter(at__lt=timezone.now() - KEPT_FOR).delete()
    Draft.objects.filter(fields={}, at__lt=timezone.now() - MARK_LASTS).delete()
    too_many = Draft.objects.filter(user=user).order_by("-at").values_list("pk", flat=True)[MOST_DRAFTS:]
    Draft.objects.filter(pk__in=list(too_many)).delete()

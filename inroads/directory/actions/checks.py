"""What every action of the directory asks first, and how words are kept."""

import re
from collections.abc import Iterable
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.core.validators import EmailValidator, URLValidator

from inroads.accounts import audit
from inroads.accounts.actions import Refused
from inroads.accounts.models import User
from inroads.accounts.permissions import Permission, may
from inroads.accounts.words import tidy
from inroads.directory.models import Service, Touchpoint
from inroads.directory.permissions import ByLink, Editor, may_edit

LINK = "The touchpoint itself"
POSTCODE = re.compile(r"[A-Z]{1,2}\d[A-Z\d]? \d[A-Z]{2}")


def require_editing(by: Editor, touchpoint: Touchpoint) -> None:
    """Raises `PermissionDenied` unless this editor may change this touchpoint."""
    if not may_edit(by, touchpoint):
        raise PermissionDenied("You do not say what this touchpoint can help with")


def user_of(by: Editor) -> User | None:
    """The account behind an editor; None behind a link."""
    return None if isinstance(by, ByLink) else by


def name_of(by: Editor) -> str:
    """How an editor is named beside what they changed."""
    return LINK if isinstance(by, ByLink) else by.full_name


def shown_as(by: Editor, touchpoint: Touchpoint) -> str:
    """How whoever checked something is named where everybody reads it: an organisation, and nobody's name."""
    if isinstance(by, ByLink) or (touchpoint.organisation and may(by, Permission.OFFER_HELP, touchpoint.organisation)):
        return LINK
    return touchpoint.area.name


def note(action: str, touchpoint: Touchpoint, by: Editor, about: Any = None, **details: Any) -> None:
    """Write a change of the directory to the audit trail; `details` are codes, dates and numbers."""
    audit.record(
        action=action,
        by=user_of(by),
        about=about or touchpoint,
        organisation=touchpoint.organisation or touchpoint.area,
        details={**details, **({"through": "link"} if isinstance(by, ByLink) else {})},
    )


def needed(words: str, sentence: str, *, field: str) -> str:
    """Words that may not be empty. Raises `Refused`."""
    kept = tidy(words)
    if not kept:
        raise Refused(sentence, field=field)
    return kept


def postcode_or_refuse(typed: str) -> str:
    """A postcode in capitals with its space, or "". Raises `Refused`."""
    letters = "".join(typed.upper().split())
    if not letters:
        return ""
    written = f"{letters[:-3]} {letters[-3:]}"
    if not POSTCODE.fullmatch(written):
        raise Refused("This is not a whole postcode. Enter one like BS5 0HE, or leave it empty", field="postcode")
    return written


def address_or_refuse(address: str, kind: str) -> str:
    """A web or email address as it is kept, or "". Raises `Refused` naming the field `kind`."""
    kept = address.strip()
    if kept and kind == "website" and "://" not in kept:
        kept = f"https://{kept}"
    try:
        if kept:
            (URLValidator(schemes=["http", "https"]) if kind == "website" else EmailValidator())(kept)
    except ValidationError:
        example = "https://example.org" if kind == "website" else "name@example.org"
        raise Refused(f"Check this address. It looks like {example}", field=kind) from None
    return kept


def languages_of(typed: str | Iterable[str]) -> list[str]:
    """Names of languages as tags hold them: small letters, each once."""
    parts = re.split(r"[,;/&\n]|\band\b", typed) if isinstance(typed, str) else typed
    return list(dict.fromkeys(part.strip().casefold()[:60] for part in parts if part.strip()))


def locked(service: Service, by: Editor) -> Service:
    """The service as it is kept now, for this writer alone, who may change it."""
    kept = Service.objects.select_for_update(of=("self",))
    kept = kept.select_related("touchpoint__area", "touchpoint__organisation").get(pk=service.pk)
    require_editing(by, kept.touchpoint)
    return kept

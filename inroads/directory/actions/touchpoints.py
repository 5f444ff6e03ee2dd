"""What changes about a touchpoint: that there is one, who answers for it, whether it is private, and its own link."""

from django.core.exceptions import PermissionDenied
from django.db import transaction

from inroads.accounts import audit
from inroads.accounts.actions import Refused
from inroads.accounts.codes import hash_of
from inroads.accounts.models import User
from inroads.accounts.permissions import Permission, may
from inroads.accounts.words import tidy
from inroads.directory.actions.checks import address_or_refuse, needed, note, require_editing
from inroads.directory.models import Touchpoint
from inroads.directory.permissions import Editor
from inroads.directory.queries.links import token_of
from inroads.reference.models import Kind, Organisation
from inroads.reference.organisations import covers


@transaction.atomic
def add_touchpoint(
    *,
    area: Organisation,
    name: str,
    by: User,
    organisation: Organisation | None = None,
    plain: str = "",
    website: str = "",
    email: str = "",
    phone: str = "",
    private: bool = False,
) -> Touchpoint:
    """A touchpoint in the directory of `area`; `organisation` is the one with accounts that answers for it, if any."""
    audit.hold()
    if organisation is not None and not covers(area, organisation):
        raise Refused("Choose an organisation of this area", field="organisation")
    made = Touchpoint(area=area, organisation=organisation, private=private)
    require_editing(by, made)
    _set(made, name=name, plain=plain, website=website, email=email, phone=phone)
    made.save(force_insert=True)
    note("touchpoint_added", made, by, private=private)
    return made


@transaction.atomic
def change_touchpoint(
    *, touchpoint: Touchpoint, name: str, plain: str, website: str, email: str, phone: str, by: Editor
) -> Touchpoint:
    """What it is called and how to reach it, from now on."""
    audit.hold()
    kept = _locked(touchpoint)
    require_editing(by, kept)
    _set(kept, name=name, plain=plain, website=website, email=email, phone=phone)
    kept.save()
    note("touchpoint_changed", kept, by)
    return kept


@transaction.atomic
def set_private(*, touchpoint: Touchpoint, private: bool, by: User) -> Touchpoint:
    """Whether it is shown outside of those who work with people there. Only those who keep the directory say so."""
    audit.hold()
    kept = _locked(touchpoint)
    _require_keeping(by, kept)
    if kept.private != private:
        kept.private = private
        kept.save(update_fields=("private",))
        note("touchpoint_made_private" if private else "touchpoint_opened", kept, by)
    return kept


@transaction.atomic
def give_link(*, touchpoint: Touchpoint, by: User) -> str:
    """A new link with which the touchpoint keeps its own page without an account; the one before stops working."""
    audit.hold()
    kept = _locked(touchpoint)
    require_editing(by, kept)
    kept.link_number += 1
    code = token_of(kept)
    kept.link_hash = hash_of(code)
    kept.save(update_fields=("link_number", "link_hash"))
    note("touchpoint_link_given", kept, by, number=kept.link_number)
    return code


@transaction.atomic
def own_touchpoint(*, organisation: Organisation, by: User) -> Touchpoint:
    """The touchpoint for which this organisation answers; begun under its own name where there is none."""
    audit.hold()
    if not may(by, Permission.OFFER_HELP, organisation):
        raise PermissionDenied("You do not say what this organisation can help with")
    kept = Touchpoint.objects.filter(organisation=organisation).order_by("created_at", "pk").first()
    if kept is not None:
        return kept
    area = organisation if organisation.parent is None else organisation.parent
    while area.parent is not None and area.kind not in (Kind.PLACE, Kind.ICS):
        area = area.parent
    return add_touchpoint(area=area, name=organisation.name, organisation=organisation, by=by)


def _locked(touchpoint: Touchpoint) -> Touchpoint:
    found = Touchpoint.objects.select_for_update(of=("self",)).select_related("area", "organisation")
    return found.get(pk=touchpoint.pk)


def _require_keeping(by: User, touchpoint: Touchpoint) -> None:
    if not may(by, Permission.KEEP_DIRECTORY, touchpoint.area):
        raise PermissionDenied("You do not keep the directory of this place")


def _set(touchpoint: Touchpoint, *, name: str, plain: str, website: str, email: str, phone: str) -> None:
    touchpoint.name = needed(name, "Enter the name by which people know it", field="name")
    touchpoint.sort_name = touchpoint.name.casefold()[:200]
    touchpoint.plain, touchpoint.phone = tidy(plain), tidy(phone)
    touchpoint.website = address_or_refuse(website, "website")
    touchpoint.email = address_or_refuse(email, "email")

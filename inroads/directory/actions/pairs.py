"""Services that look like one: finding such pairs, and what somebody who keeps the directory says about them."""

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from inroads.accounts import audit
from inroads.accounts.actions import Refused
from inroads.accounts.models import User
from inroads.accounts.permissions import Permission, may
from inroads.directory.models import Pair, Service
from inroads.directory.queries.duplicates import Likely, likely_duplicates
from inroads.directory.queries.pairs import rows_of
from inroads.reference.models import Organisation

BATCH = 500
FILLED = (
    "plain", "website", "email", "phone", "cost", "how_to_come", "open_when", "access", "checked_on", "capacity",
    "minimum_age", "maximum_age",
)  # fmt: skip


def find_pairs(*, area: Organisation, by: User | None) -> int:
    """Look for services of an area and below it that may be listed twice. Says how many pairs are new.

    What somebody settled stays settled; what nobody looked at and looks alike no more goes. `by` is None for whoever
    runs the command line.
    """
    if by is not None and not may(by, Permission.KEEP_DIRECTORY, area):
        raise PermissionDenied("You do not keep the directory of this place")
    # It takes seconds: everybody else can go on writing meanwhile.
    found = likely_duplicates(rows_of(area))
    return _keep(area, found, by)


@transaction.atomic
def _keep(area: Organisation, found: list[Likely], by: User | None) -> int:
    audit.hold()
    inside = {
        "one__touchpoint__area__path__startswith": area.path,
        "other__touchpoint__area__path__startswith": area.path,
    }
    held = {(str(each.one_id), str(each.other_id)): each for each in Pair.objects.filter(**inside)}
    there = {
        str(own)
        for own in Service.objects.filter(touchpoint__area__path__startswith=area.path).values_list("pk", flat=True)
    }
    likely = {(each.one, each.other): each for each in found if {each.one, each.other} <= there}
    new = [
        Pair(one_id=one, other_id=other, likeness=each.likeness, because=list(each.because))
        for (one, other), each in likely.items()
        if (one, other) not in held
    ]
    Pair.objects.bulk_create(new, batch_size=BATCH)
    changed = []
    for key, pair in held.items():
        if pair.answer != Pair.Answer.OPEN:
            continue
        if key not in likely:
            pair.delete()
        elif (pair.likeness, pair.because) != (likely[key].likeness, list(likely[key].because)):
            pair.likeness, pair.because = likely[key].likeness, list(likely[key].because)
            changed.append(pair)
    Pair.objects.bulk_update(changed, ("likeness", "because"), batch_size=BATCH)
    details = {"pairs": len(likely), "new": len(new)}
    audit.record(action="pairs_looked_for", by=by, about=area, organisation=area, details=details)
    return len(new)


@transaction.atomic
def settle_pair(*, pair: Pair, answer: str, by: User) -> Pair:
    """Whether the two are the same, or "open" to take back what was said.

    The same: the one with less in it, or that we may not pass on, is shown no more and points to the other.
    """
    audit.hold()
    answer = Pair.Answer(answer)
    kept = Pair.objects.select_for_update(of=("self",)).get(pk=pair.pk)
    locked = Service.objects.select_for_update(of=("self",)).select_related("touchpoint__area", "touchpoint__feed")
    one, other = (locked.get(pk=own) for own in (kept.one_id, kept.other_id))
    for each in (one, other):
        if not may(by, Permission.KEEP_DIRECTORY, each.touchpoint.area):
            raise PermissionDenied("You do not keep the directory of this place")
    if kept.answer == answer:
        return kept
    if Pair.Answer.OPEN not in (answer, kept.answer):
        raise Refused("Somebody settled this pair meanwhile. Look at what they said; you can take it back there")
    if answer == Pair.Answer.SAME:
        _join(one, other)
    elif kept.answer == Pair.Answer.SAME:
        _part(one, other)
    kept.answer = answer
    is_open = answer == Pair.Answer.OPEN
    kept.answered_at, kept.answered_by = (None, None) if is_open else (timezone.now(), by)
    kept.save(update_fields=("answer", "answered_at", "answered_by"))
    audit.record(
        action="pair_settled",
        by=by,
        about=kept,
        organisation=one.touchpoint.area,
        details={"answer": str(answer), "one": str(one.pk), "other": str(other.pk)},
    )
    return kept


def _join(one: Service, other: Service) -> None:
    if one.same_as_id is not None or other.same_as_id is not None:
        raise Refused("One of the two is already kept as the same as another. Take that back first, then settle this")
    if one.touchpoint.private != other.touchpoint.private:
        raise Refused("One of the two is private. Make both private or open both before you join them")
    stays, goes = sorted((one, other), key=_fullness, reverse=True)
    goes.same_as = stays
    _moved(goes, stays)


def _part(one: Service, other: Service) -> None:
    for each, twin in ((one, other), (other, one)):
        if each.same_as_id == twin.pk:
            each.same_as = None
    _moved(one, other)


def _moved(*services: Service) -> None:
    for each in services:
        each.modified_at = timezone.now()
        each.save(update_fields=("same_as", "modified_at"))


def _fullness(service: Service) -> tuple:
    """What speaks for keeping this one: a private one stays private, and what may be passed on is passed on."""
    touchpoint = service.touchpoint
    known = sum(bool(getattr(service, name)) for name in FILLED) + (service.free is not None)
    known += service.tags.count() + service.openings.count() + service.at_locations.count()
    passed_on = touchpoint.feed is None or touchpoint.feed.publish
    # Of two alike the older one, to which plans and referrals may point.
    return touchpoint.private, touchpoint.organisation_id is not None, passed_on, known, -service.created_at.timestamp()

"""What changes when things are lent together, with people beside them; and who waits for what is not there."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from inroads.accounts import audit
from inroads.accounts.actions import Refused
from inroads.accounts.models import User
from inroads.design.wording import in_sentence
from inroads.people.actions.checks import note, require_work_with
from inroads.people.actions.loan_contacts import contact_day
from inroads.people.actions.loans import lend
from inroads.people.actions.plans import add_step
from inroads.people.actions.stock import require_lending
from inroads.people.models import Item, ItemState, Loan, Person, Waiting
from inroads.people.models.mentors import Pairing
from inroads.reference.definitions.lending import Bundle, bundles, kit
from inroads.reference.models import Organisation

SOON = timedelta(days=7)


@dataclass(frozen=True)
class HandedOver:
    """What was lent of a bundle; `missing` says how many of each kind of kit there were too few, by its id."""

    loans: list[Loan]
    missing: Mapping[str, int]
    mentors_missing: int


@transaction.atomic
def lend_bundle(
    *,
    bundle: str,
    organisation: Organisation,
    agreed: str,
    due_on: date | None,
    by: User,
    person: Person | None = None,
    place: str = "",
    place_contact: str = "",
    partly: bool = False,
) -> HandedOver:
    """Lend a free item of each kind of a bundle. Raises `Refused` with what is missing, unless `partly`.

    With `partly`, the person is put down as waiting for the rest. Mentors who are missing never hold anything up: the
    plan gets a step to find them.
    """
    audit.hold()
    require_lending(by, organisation)
    chosen = bundles().get(bundle)
    if chosen is None:
        raise Refused("Choose a bundle from the list", field="what")
    items, missing = _free_items(chosen, organisation)
    if missing and not (partly and items):
        raise Refused(missing_words(missing), field="what")
    together = uuid.uuid4()
    loans = [
        lend(
            item=item,
            person=person,
            place=place,
            place_contact=place_contact,
            agreed=agreed,
            due_on=due_on,
            together=together,
            bundle=bundle,
            by=by,
        )
        for item in items
    ]
    if person is None:
        return HandedOver(loans, missing, 0)
    for kind in missing:
        wait_for(person=person, kind=kind, organisation=organisation, by=by)
    beside = Pairing.objects.filter(person=person, ended_on=None).count()
    mentors_missing = max(0, chosen.mentors - beside)
    if mentors_missing:
        _find_mentors(person, mentors_missing, chosen, by)
    return HandedOver(loans, missing, mentors_missing)


@transaction.atomic
def wait_for(*, person: Person, kind: str, organisation: Organisation, by: User) -> Waiting:
    """Put down that somebody would like to borrow what is not there now; saying it again changes nothing."""
    audit.hold()
    require_work_with(by, person)
    require_lending(by, organisation)
    if kind not in kit():
        raise Refused("Choose what they would like to borrow from the list", field="kind")
    made, is_new = Waiting.objects.get_or_create(
        person=person, organisation=organisation, kind=kind, ended_at=None, defaults={"recorded_by": by}
    )
    if is_new:
        note("waiting_begun", person, by, kind=kind)
    return made


@transaction.atomic
def end_waiting(*, waiting: Waiting, by: User) -> Waiting:
    """They do not wait for this any more."""
    audit.hold()
    kept = Waiting.objects.select_for_update(of=("self",)).select_related("person__organisation").get(pk=waiting.pk)
    require_work_with(by, kept.person)
    if kept.ended_at is None:
        kept.ended_at = timezone.now()
        kept.save(update_fields=("ended_at",))
        note("waiting_ended", kept.person, by, kind=kept.kind)
    return kept


def missing_words(missing: Mapping[str, int]) -> str:
    """What is missing, in one sentence with what to do."""
    parts = [kit()[kind].title if count == 1 else f"{count} {kit()[kind].many}" for kind, count in missing.items()]
    listed = ", ".join(map(in_sentence, parts))
    return (
        f"There is none free of: {listed}. Lend what is there now, and they wait for the rest; or choose something else"
    )


def _free_items(bundle: Bundle, organisation: Organisation) -> tuple[list[Item], dict[str, int]]:
    """Free items for a bundle; what has data lasts long enough for somebody to be told in time."""
    found, missing = [], {}
    for kind, wanted in bundle.items.items():
        free = Item.objects.filter(organisation=organisation, kind=kind, state=ItemState.IN_STOCK)
        fit = [
            each
            for each in free.order_by(F("data_ends_on").desc(nulls_first=True), "label")
            if (each.data_ends_on is None and not kit()[kind].has_data)
            or (each.data_ends_on is not None and contact_day(each.data_ends_on) is not None)
        ]
        found += fit[:wanted]
        if len(fit) < wanted:
            missing[kind] = wanted - len(fit)
    return found, missing


def _find_mentors(person: Person, count: int, bundle: Bundle, by: User) -> None:
    mentors = "a digital mentor" if count == 1 else f"{count} digital mentors"
    add_step(
        person=person,
        what=f"Find {mentors}",
        owner=by.full_name[:150],
        due_on=timezone.localdate() + SOON,
        help="digital_mentor",
        because=f"Goes with: {bundle.title}.",
        by=by,
    )

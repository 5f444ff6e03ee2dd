"""Things that are lent: what there is, what happened to each, who has it, and who waits for one.

What happened is only ever added. The state of an item is a copy of its last event. Nothing here can hold a sum of
money, and no loan is read before another is made: whatever became of one, the next is always possible.
"""

import uuid
from datetime import timedelta

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from inroads.accounts.models import User
from inroads.people.models.facts import Recorded
from inroads.people.models.records import Person
from inroads.reference.models import Organisation

# Whoever has something whose data ends hears of it at least this long before.
LEAST_NOTICE = timedelta(days=14)


class ItemState(models.TextChoices):
    """Where an item is."""

    IN_STOCK = "in_stock", "Free"
    RESERVED = "reserved", "Reserved"
    ON_LOAN = "on_loan", "On loan"
    BACK = "back", "Back, to be looked at"
    WIPING = "wiping", "Being wiped"
    GONE = "gone", "Gone for now"
    THEIRS = "theirs", "Theirs now"
    RETIRED = "retired", "No longer used"


class Happened(models.TextChoices):
    """What happened to an item."""

    ADDED = "added", "Added to the stock"
    RESERVED = "reserved", "Reserved"
    FREED = "freed", "No longer reserved"
    LENT = "lent", "Lent"
    EXTENDED = "extended", "Kept longer"
    TOLD = "told", "They were told that data ends"
    RETURNED = "returned", "Came back"
    BROKEN = "broken", "Broke"
    LOST = "lost", "Was lost"
    STOLEN = "stolen", "Was stolen"
    PAWNED = "pawned", "Was sold or pawned"
    MISSING = "missing", "Not found in the stock"
    CAME_BACK = "came_back", "Turned up again"
    THEIRS = "theirs", "Became the person's own"
    WIPING = "wiping", "Wiping began"
    WIPED = "wiped", "Wiped"
    READY = "ready", "Looked at, and free again"
    DATA = "data", "Data ends on another day"
    SEEN = "seen", "Looked at"
    RETIRED = "retired", "No longer used"


_S, _H = ItemState, Happened
# From which states something can happen, and where the item is then; None where it stays as it is.
MOVES: dict[Happened, tuple[frozenset[ItemState], ItemState | None]] = {
    _H.RESERVED: (frozenset({_S.IN_STOCK}), _S.RESERVED),
    _H.FREED: (frozenset({_S.RESERVED}), _S.IN_STOCK),
    _H.LENT: (frozenset({_S.IN_STOCK, _S.RESERVED}), _S.ON_LOAN),
    _H.EXTENDED: (frozenset({_S.ON_LOAN}), None),
    _H.TOLD: (frozenset({_S.ON_LOAN}), None),
    _H.RETURNED: (frozenset({_S.ON_LOAN}), _S.BACK),
    _H.BROKEN: (frozenset({_S.ON_LOAN}), _S.BACK),
    _H.LOST: (frozenset({_S.ON_LOAN}), _S.GONE),
    _H.STOLEN: (frozenset({_S.ON_LOAN}), _S.GONE),
    _H.PAWNED: (frozenset({_S.ON_LOAN}), _S.GONE),
    _H.MISSING: (frozenset({_S.IN_STOCK, _S.BACK, _S.WIPING}), _S.GONE),
    _H.CAME_BACK: (frozenset({_S.GONE}), _S.BACK),
    _H.THEIRS: (frozenset({_S.ON_LOAN}), _S.THEIRS),
    _H.WIPING: (frozenset({_S.BACK}), _S.WIPING),
    _H.WIPED: (frozenset({_S.BACK, _S.WIPING}), _S.IN_STOCK),
    _H.READY: (frozenset({_S.BACK}), _S.IN_STOCK),
    _H.DATA: (frozenset({_S.IN_STOCK, _S.RESERVED, _S.ON_LOAN, _S.BACK, _S.WIPING}), None),
    _H.SEEN: (frozenset(set(_S) - {_S.GONE, _S.THEIRS, _S.RETIRED}), None),
    _H.RETIRED: (frozenset({_S.IN_STOCK, _S.BACK, _S.WIPING}), _S.RETIRED),
}


class Item(models.Model):
    """One thing of an organisation's lending stock. `label` is what stands on it.

    `must_wipe` while something of somebody may be on it: until it is wiped, with proof, nobody can have it.
    """

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=40, help_text="The id of a file in definitions/kit/")
    label = models.CharField(max_length=60)
    state = models.CharField(max_length=8, choices=ItemState)
    version = models.PositiveIntegerField(default=1)
    must_wipe = models.BooleanField(default=False)
    condition = models.CharField(max_length=300, blank=True)
    data_ends_on = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ("kind", "label", "pk")
        constraints = [
            models.UniqueConstraint(fields=("organisation", "label"), name="item_label_once"),
            models.CheckConstraint(
                condition=Q(must_wipe=False) | ~Q(state__in=("in_stock", "reserved")),
                name="item_wiped_before_it_is_free",
            ),
        ]
        indexes = [models.Index(fields=("organisation", "state", "kind"), name="item_in")]

    def __str__(self) -> str:
        return self.label


class Loan(models.Model):
    """Who has an item, or has it reserved: a person, or a ward or other place. Open until `ended_at`.

    `together` is the same for all that was handed out at once. For something with data, `contact_on` is the day from
    which whoever has it hears that it ends, and `contact_key` names that contact; `reminders_key` begins the keys of
    what is said about `due_on`, which may be empty: no day was agreed.
    """

    class Ended(models.TextChoices):
        RETURNED = "returned", "It came back"
        LOST = "lost", "It was lost"
        STOLEN = "stolen", "It was stolen"
        PAWNED = "pawned", "It was sold or pawned"
        BROKEN = "broken", "It broke"
        THEIRS = "theirs", "It is theirs now"
        FREED = "freed", "It was not needed"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="loans")
    person = models.ForeignKey(Person, null=True, blank=True, on_delete=models.CASCADE, related_name="loans")
    place = models.CharField(max_length=150, blank=True)
    place_contact = models.CharField(max_length=150, blank=True)
    bundle = models.CharField(max_length=40, blank=True, help_text="The id of a file in definitions/bundles/")
    together = models.UUIDField(default=uuid.uuid4, editable=False)
    agreed = models.CharField(max_length=300, blank=True)
    begun_at = models.DateTimeField(default=timezone.now, editable=False)
    begun_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    reserved_for = models.DateField(null=True, blank=True)
    lent_at = models.DateTimeField(null=True, blank=True)
    due_on = models.DateField(null=True, blank=True)
    reminders_key = models.CharField(max_length=80, blank=True)
    has_data = models.BooleanField(default=False)
    data_ends_on = models.DateField(null=True, blank=True)
    contact_on = models.DateField(null=True, blank=True)
    contact_key = models.CharField(max_length=100, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_how = models.CharField(max_length=8, choices=Ended, blank=True)

    class Meta:
        ordering = ("-begun_at", "pk")
        constraints = [
            models.UniqueConstraint(fields=("item",), condition=Q(ended_at=None), name="one_open_loan_an_item"),
            models.CheckConstraint(
                condition=Q(person=None) & ~Q(place="") | Q(person__isnull=False) & Q(place=""),
                name="loan_to_a_person_or_a_place",
            ),
            models.CheckConstraint(
                condition=Q(ended_at=None, ended_how="") | Q(ended_at__isnull=False) & ~Q(ended_how=""),
                name="loan_says_how_it_ended",
            ),
            models.CheckConstraint(
                condition=Q(has_data=False)
                | Q(lent_at=None)
                | Q(
                    data_ends_on__isnull=False,
                    contact_on__isnull=False,
                    contact_on__lte=F("data_ends_on") - LEAST_NOTICE,
                ),
                name="contact_well_before_data_ends",
            ),
        ]
        indexes = [models.Index(fields=("ended_at", "data_ends_on"), name="loan_data_ends")]

    def __str__(self) -> str:
        return f"{self.item_id}: {self.ended_how or 'open'}"


class ItemEvent(models.Model):
    """One thing that happened to an item, and where it was from then on. Rows are added and never changed."""

    item = models.ForeignKey(Item, on_delete=models.CASCADE, related_name="events", db_index=False)
    version = models.PositiveIntegerField()
    what = models.CharField(max_length=9, choices=Happened)
    state = models.CharField(max_length=8, choices=ItemState)
    loan = models.ForeignKey(Loan, null=True, blank=True, on_delete=models.SET_NULL, related_name="events")
    day = models.DateField(null=True, blank=True, help_text="Until when it is kept, reserved, or has data")
    words = models.TextField(blank=True)
    at = models.DateTimeField(default=timezone.now, editable=False)
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ("version",)
        constraints = [models.UniqueConstraint(fields=("item", "version"), name="item_event_once")]

    def __str__(self) -> str:
        return f"{self.item_id} v{self.version}"


class Wipe(models.Model):
    """Proof that nothing of anybody is left on an item: how, by whom, on which day."""

    class How(models.TextChoices):
        RESET = "reset", "Reset to how it left the factory"
        SOFTWARE = "software", "Erased with a programme"
        DESTROYED = "destroyed", "Its storage was destroyed; it is no longer used"

    event = models.OneToOneField(ItemEvent, on_delete=models.CASCADE, related_name="wipe")
    how = models.CharField(max_length=9, choices=How)
    wiped_on = models.DateField()
    wiped_by = models.CharField(max_length=150)
    certificate = models.CharField(max_length=60, blank=True)

    class Meta:
        ordering = ("pk",)

    def __str__(self) -> str:
        return f"{self.event_id}: {self.how}"


class Waiting(Recorded):
    """Somebody would like to borrow something and there was none. What is asked for counts in the forecast."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="waits")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=40)
    ended_at = models.DateTimeField(null=True, blank=True)
    met = models.BooleanField(default=False)

    class Meta:
        ordering = ("pk",)
        constraints = [
            models.UniqueConstraint(
                fields=("person", "organisation", "kind"), condition=Q(ended_at=None), name="waits_once_for_a_kind"
            )
        ]

    def __str__(self) -> str:
        return self.kind


class StockForecast(models.Model):
    """What will be free or missing in the stocks of an organisation and below it, as it was worked out in the night."""

    organisation = models.OneToOneField(Organisation, on_delete=models.CASCADE, related_name="+")
    made_at = models.DateTimeField(default=timezone.now)
    lines = models.JSONField(default=list, help_text="Lines as the page shows them, one a kind")

    class Meta:
        ordering = ("organisation",)

    def __str__(self) -> str:
        return f"{self.organisation_id} at {self.made_at}"

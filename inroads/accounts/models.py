"""People who sign in, what they may do where, and the trail of what was seen and changed."""

import uuid
from datetime import date
from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.crypto import salted_hmac

from inroads.reference.models import Organisation


class UserManager(BaseUserManager["User"]):
    """Finds and makes accounts by e-mail address, in any mix of capitals."""

    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(email__iexact=username)

    def create_user(self, email: str, full_name: str, password: str | None = None) -> "User":
        """An account. Without a password nobody can sign in with it until one is set by a one-time link."""
        user = self.model(email=email.strip().lower(), full_name=full_name.strip())
        user.set_password(password)
        user.save(force_insert=True)
        return user


class User(AbstractBaseUser):
    """Somebody who signs in. The e-mail address is the name they sign in with, in any mix of capitals."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    email = models.EmailField("email address", unique=True)
    full_name = models.CharField(max_length=150)
    is_active = models.BooleanField(default=True)
    times_stopped = models.PositiveIntegerField(default=0, editable=False)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    objects: ClassVar[UserManager] = UserManager()

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS = ["full_name"]

    class Meta:
        ordering = ("full_name", "email")
        constraints = [models.UniqueConstraint(Lower("email"), name="user_email_once_in_any_capitals")]

    def __str__(self) -> str:
        return self.full_name

    def get_full_name(self) -> str:
        return self.full_name

    def _get_session_auth_hash(self, secret: str | None = None) -> str:
        """What every session carries and is compared with: no session outlives a new password or a stopped account."""
        carried = f"{self.times_stopped}:{self.password}"
        return salted_hmac("inroads.accounts.session", carried, secret=secret, algorithm="sha256").hexdigest()


class MembershipQuerySet(models.QuerySet["Membership"]):
    """Memberships, asked by day."""

    def active(self, on: date | None = None) -> "MembershipQuerySet":
        """Memberships that hold on this day, today unless told otherwise, of people who may sign in."""
        day = on or timezone.localdate()
        return self.filter(user__is_active=True, starts_on__lte=day).filter(Q(ends_on=None) | Q(ends_on__gt=day))

    def not_over(self, on: date | None = None) -> "MembershipQuerySet":
        """Memberships that hold on this day or will hold later, whether or not the person may sign in."""
        return self.filter(Q(ends_on=None) | Q(ends_on__gt=on or timezone.localdate()))


class Membership(models.Model):
    """Somebody has a role in an organisation, from the start of one day until the start of another."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="memberships")
    role = models.CharField(max_length=40, help_text="The id of a file in definitions/roles/")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="memberships")
    starts_on = models.DateField()
    ends_on = models.DateField(null=True, blank=True, help_text="The first day on which it no longer holds")

    objects = MembershipQuerySet.as_manager()

    class Meta:
        ordering = ("starts_on", "pk")
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on=None) | Q(ends_on__gte=F("starts_on")), name="membership_ends_after_it_starts"
            ),
            # Periods with an end are compared under lock in `actions.add_membership`.
            models.UniqueConstraint(
                fields=("user", "role", "organisation"), condition=Q(ends_on=None), name="membership_open_only_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.role} at {self.organisation_id} from {self.starts_on}"

    def holds(self, on: date | None = None) -> bool:
        """Whether it holds on this day, today unless told otherwise."""
        day = on or timezone.localdate()
        return self.starts_on <= day and (self.ends_on is None or day < self.ends_on)


class PasswordTry(models.Model):
    """A password that is being looked at just now. Used only by `inroads.accounts.sign_in.lockout_counting`."""

    username = models.CharField(max_length=255)
    ip_address = models.GenericIPAddressField(null=True)
    at = models.DateTimeField(db_index=True)

    class Meta:
        indexes = [models.Index(fields=("username", "ip_address"), name="password_try_where")]

    def __str__(self) -> str:
        return f"since {self.at}"


class Draft(models.Model):
    """What somebody typed into a form and has not saved. Used only by `inroads.accounts.drafts`.

    `settled` is a fingerprint of the page from which the form was saved: what that page still sends is late.
    """

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="drafts")
    address = models.CharField(max_length=300)
    fields = models.JSONField(default=dict)
    settled = models.CharField(max_length=64, blank=True)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=("user", "address"), name="draft_one_per_form")]

    def __str__(self) -> str:
        return f"{self.address} at {self.at}"


class AuditEntry(models.Model):
    """One thing that was seen or changed. Written only by `inroads.accounts.audit`; the database refuses changes.

    The links are kept without a foreign key in the database, so that the trail outlives what it speaks of.
    """

    number = models.BigIntegerField(primary_key=True)
    at = models.DateTimeField()
    action = models.CharField(max_length=60)
    by = models.ForeignKey(
        User, null=True, on_delete=models.DO_NOTHING, db_constraint=False, related_name="+", verbose_name="who did it"
    )
    about_kind = models.CharField(max_length=60, blank=True)
    about_id = models.CharField(max_length=60, blank=True)
    organisation = models.ForeignKey(
        Organisation, null=True, on_delete=models.DO_NOTHING, db_constraint=False, related_name="+"
    )
    details = models.JSONField(default=dict)
    previous_hash = models.CharField(max_length=64)
    hash = models.CharField(max_length=64, unique=True)

    class Meta:
        ordering = ("-number",)
        indexes = [models.Index(fields=("about_kind", "about_id"), name="audit_about")]

    def __str__(self) -> str:
        return f"{self.number}: {self.action}"


class AuditHead(models.Model):
    """One row: how many entries there are and the hash of the last. Locked while an entry is written."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    count = models.BigIntegerField(default=0)
    last_hash = models.CharField(max_length=64)

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(id=1), name="audit_head_is_one_row")]

    def __str__(self) -> str:
        return f"{self.count} entries"

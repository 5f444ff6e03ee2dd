"""What every row that is never changed carries: when it was written down, and by whom."""

from django.db import models
from django.utils import timezone

from inroads.accounts.models import User


class Recorded(models.Model):
    """When something was written down, and by whom. Rows in this order are the history."""

    recorded_at = models.DateTimeField(default=timezone.now, editable=False)
    recorded_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")

    class Meta:
        abstract = True

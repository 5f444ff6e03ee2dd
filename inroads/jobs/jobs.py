"""What this room does again and again."""

from datetime import timedelta

from django.conf import settings
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from inroads.jobs.leases import FAILED, SUCCESSFUL
from inroads.jobs.models import WorkerSeen
from inroads.jobs.schedule import every


@every(timedelta(hours=1), name="jobs.prune")
def prune() -> None:
    """Forgets what was done well after a day, what failed after a month, and workers that are long gone."""
    now = timezone.now()
    ended = DBTaskResult.objects.filter(finished_at__isnull=False)
    ended.filter(status=SUCCESSFUL, finished_at__lt=now - timedelta(days=settings.JOBS_KEEP_DAYS)).delete()
    ended.filter(status=FAILED, finished_at__lt=now - timedelta(days=settings.JOBS_KEEP_FAILED_DAYS)).delete()
    WorkerSeen.objects.filter(seen_at__lt=now - timedelta(days=1)).exclude(
        pk__in=WorkerSeen.objects.order_by("-seen_at").values("pk")[:1]
    ).delete()

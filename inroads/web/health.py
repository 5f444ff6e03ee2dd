"""What a deployment asks: is the process alive, may people be sent to it, is the work in the background done?"""

from django.conf import settings
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from inroads.analytics.published import open_published
from inroads.jobs.queries import is_alive

_migrated = False


@require_safe
@never_cache
def live(request: HttpRequest) -> JsonResponse:
    """200 as long as the process answers at all."""
    return JsonResponse({"live": True})


@require_safe
@never_cache
def ready(request: HttpRequest) -> JsonResponse:
    """200 when pages can be served; otherwise 503 and which part is not ready. Says nothing about people."""
    parts = {"database": _database(), "published figures": _figures()}
    whole = all(parts.values())
    return JsonResponse({"ready": whole, "parts": parts}, status=200 if whole else 503)


@require_safe
@never_cache
def work(request: HttpRequest) -> JsonResponse:
    """200 when somebody does the work in the background; else 503: reminders and messages wait."""
    alive = is_alive()
    return JsonResponse({"working": alive}, status=200 if alive else 503)


def _database() -> bool:
    global _migrated  # noqa: PLW0603 - asked every few seconds; migrations do not undo themselves
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
        if not _migrated:
            executor = MigrationExecutor(connection)
            _migrated = not executor.migration_plan(executor.loader.graph.leaf_nodes())
    except DatabaseError:
        return False
    return _migrated


def _figures() -> bool:
    try:
        published = open_published(settings.PUBLISHED_DIR)
    except OSError:  # damaged figures too
        return False
    return published is not None and len(published.neighbourhoods) > 0

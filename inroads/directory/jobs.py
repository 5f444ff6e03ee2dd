"""What the directory does in the background."""

from datetime import timedelta

from django.utils import timezone

from inroads.directory.actions.asking import ask_to_check
from inroads.jobs.schedule import every


@every(timedelta(days=1), name="directory.checks")
def ask_touchpoints_to_check() -> None:
    """Asks touchpoints whose entry fades, once in half a year, to look whether it is still right."""
    ask_to_check(on=timezone.localdate())

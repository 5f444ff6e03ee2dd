"""What the places loop does once in the background."""

from django_tasks import task

from inroads.places.actions import siting


@task()
def search(mark: str) -> None:
    """A longer search for a plan."""
    siting.search(mark=mark)

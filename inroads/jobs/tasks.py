"""Tasks as the queue knows them."""

from django_tasks import task

from inroads.jobs import schedule


@task()
def run_periodic(name: str) -> None:
    """One turn of the work of this name."""
    schedule.run(name)

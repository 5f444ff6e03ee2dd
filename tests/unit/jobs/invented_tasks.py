"""Tasks for the tests, as the queue finds them: by the path of their module."""

from django_tasks import task

done: list[str] = []


@task()
def note(what: str) -> None:
    """Remembers that it ran."""
    done.append(what)


@task(takes_context=True)
def note_attempt(context) -> None:
    """Remembers which worker ran it."""
    done.append(context.task_result.worker_ids[-1])


@task()
def stumble(name: str) -> None:
    """Goes wrong with somebody's name in its words."""
    raise LookupError(f"{name} is not there")

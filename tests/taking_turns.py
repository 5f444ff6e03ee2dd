"""What several processes of one run share is made by one of them, once."""

import fcntl
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def one_at_a_time(lock: Path):
    """Waits until no other process holds this file."""
    with lock.open("w") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield

"""Several workers in the same moment: each run is put into the queue once, each task and each message taken once."""

from collections import Counter

from races import TOGETHER

MAKE = """
from inroads.jobs import schedule
from inroads.jobs.tasks import run_periodic
for number in range(24):
    run_periodic.enqueue(f"nothing {number}")
"""
CLAIM = (
    """
from inroads.jobs import leases
"""
    + TOGETHER
    + """
while (held := leases.claim(sys.argv[1])) is not None:
    print(held.task_id)
"""
)
ENQUEUE = (
    """
from datetime import timedelta
from inroads.jobs import schedule
known = {str(number): schedule.Work(str(number), timedelta(hours=1), print) for number in range(8)}
schedule.registered = lambda: known
"""
    + TOGETHER
    + """
for _ in range(5):
    print(*schedule.enqueue_due())
"""
)
SEND = (
    """
from inroads.post.actions import send
from inroads.reference.models import Kind
from django.db import transaction
with transaction.atomic():
    audit.hold()
    england = Organisation.objects.first() or add_organisation(kind=Kind.ENGLAND, name="England", parent=None)
"""
    + TOGETHER
    + """
for number in range(10):
    said = {"subject": "Hello", "body": sys.argv[1], "organisation": england}
    print(send(key=f"race:{number}", channel="text", to="07700900982", **said).pk)
"""
)
TAKE = (
    """
from inroads.post.actions import sending
"""
    + TOGETHER
    + """
while (held := sending._take(set())) is not None:
    print(held.message.pk)
"""
)
FOUR = ["a", "b", "c", "d"]


def test_each_task_is_claimed_by_one(race):
    race(MAKE)
    claimed = Counter(task for each in race(CLAIM, FOUR) for task in each)
    assert len(claimed) == 24
    assert set(claimed.values()) == {1}


def test_each_run_is_put_into_the_queue_by_one(race):
    put = Counter(name for each in race(ENQUEUE, FOUR) for name in each)
    assert put == Counter(map(str, range(8)))


def test_of_those_who_write_the_same_message_one_does_and_one_takes_it(race):
    written = race(SEND, FOUR)
    assert {tuple(each) for each in written} == {tuple(written[0])}
    assert len(set(written[0])) == 10
    taken = Counter(message for each in race(TAKE, FOUR) for message in each)
    assert taken == Counter(written[0])

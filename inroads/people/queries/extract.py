"""The one way out for what people told us, as facts without names: read from their records, written for counting.

Nothing that says who somebody is goes out, no text that anybody wrote, and nothing newer than the day it is up to.
What each column holds: `inroads.analytics.extract`.
"""

from collections.abc import Callable
from datetime import date
from pathlib import Path

from inroads.analytics.extract import building
from inroads.people.queries.bulk import snapshot
from inroads.people.queries.extract_moves import write_loans, write_referrals
from inroads.people.queries.extract_people import write_people
from inroads.people.queries.extract_said import write_answers, write_choices


def write_extract(*, until: date, store: Path, say: Callable[[str], None] = lambda text: None) -> str:
    """Makes the extract anew, up to and with a day, and puts it in the place of the one before; gives its id.

    All of it is the database as it was at one moment. Called within a transaction, it is what that transaction sees.
    """
    with building(store, until=until, say=say) as built, snapshot() as seen:
        numbers = write_people(seen, built, until)
        write_referrals(seen, built, until, numbers)
        write_loans(seen, built, until, numbers)
        write_answers(seen, built, until, numbers)
        write_choices(seen, built, until, numbers)
    return built.generation

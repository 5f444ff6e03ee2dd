"""Longer searches for a plan: the one for a question, and what it has found so far."""

from dataclasses import dataclass

from inroads.analytics.published import Published
from inroads.places.models import SitingRun
from inroads.places.queries.siting import Plan, Question, plan_of

State = SitingRun.State
UNDER_WAY = (State.WAITING, State.RUNNING)


@dataclass(frozen=True)
class Longer:
    """A longer search: `under_way` or ended; `seconds` looked for so far; `plan` the best it has, if any."""

    under_way: bool
    waiting: bool
    seconds: int
    plan: Plan | None


def longer_search(published: Published, asked: Question) -> Longer | None:
    """The search for just this question of just these figures; None where nobody asked for one."""
    run = SitingRun.objects.filter(mark=asked.mark(published)).exclude(state=State.OUTDATED).first()
    if run is None:
        return None
    found = None
    if run.bound is not None:
        found = plan_of(published, asked, tuple(run.chosen), run.bound, run.proven)
    return Longer(run.state in UNDER_WAY, run.state == State.WAITING, run.seconds, found)

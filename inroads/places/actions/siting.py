"""Looking longer for a plan than a reader waits: asked for by anybody, done in the background in growing steps.

Nothing here is about anybody and all of it is open, so the audit trail has no entry for it.
"""

from dataclasses import asdict
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from inroads.accounts.actions import Refused
from inroads.analytics.published import Published
from inroads.jobs.worker import stopping
from inroads.places import queries
from inroads.places.models import SitingRun
from inroads.places.queries.siting import Asked, Plan, Question, better, plan_of, plan_within, question
from inroads.places.queries.siting_runs import UNDER_WAY

# A step begins anew and looks longer; what the one before found stays until something better is found.
STEPS = (5, 20, 60)
MOST_UNDER_WAY = 20
# So that whoever comes without an account leaves room for those who plan here.
MOST_WITHOUT_ACCOUNT = 3
KEPT = timedelta(days=30)
State = SitingRun.State


@transaction.atomic
def look_longer(*, asked: Question, mark: str, signed_in: bool) -> SitingRun:
    """Begins a search for this question, or gives the one there is. Raises `Refused` where many are waiting.

    Of those that readers without an account ask for, fewer go on at once.
    """
    now = timezone.now()
    SitingRun.objects.filter(asked_at__lt=now - KEPT).delete()
    SitingRun.objects.filter(mark=mark, state=State.OUTDATED).delete()
    found = SitingRun.objects.filter(mark=mark).first()
    if found is not None:
        return found
    under_way = SitingRun.objects.filter(state__in=UNDER_WAY)
    full = not signed_in and under_way.filter(without_account=True).count() >= MOST_WITHOUT_ACCOUNT
    if full or under_way.count() >= MOST_UNDER_WAY:
        raise Refused("Many plans are being looked for now. Try again in some minutes; the plan below stays valid")
    told = {"area_code": asked.code, "asked": asdict(asked.asked), "weights": list(asked.weights)}
    told["without_account"] = not signed_in
    made, new = SitingRun.objects.get_or_create(mark=mark, defaults=told)
    if new:
        from inroads.places.tasks import search

        search.enqueue(mark)
    return made


def search(*, mark: str) -> None:
    """Looks for a better plan, step by step, and keeps the best after each. May be called again after a crash."""
    run = SitingRun.objects.filter(mark=mark, state__in=UNDER_WAY).first()
    if run is None:
        return
    published = queries.published()
    asked = _asked_by(published, run) if published is not None else None
    if published is None or asked is None or asked.mark(published) != mark:
        SitingRun.objects.filter(mark=mark).update(state=State.OUTDATED)
        return
    SitingRun.objects.filter(mark=mark).update(state=State.RUNNING)
    best: Plan | None = None
    if run.bound is not None:
        best = plan_of(published, asked, tuple(run.chosen), run.bound, run.proven)
    for seconds in STEPS[STEPS.index(run.seconds) + 1 if run.seconds in STEPS else 0 :]:
        if stopping():
            return
        chosen, plan = plan_within(published, asked, seconds)
        told: dict[str, Any] = {"seconds": seconds, "proven": plan.proven}
        bound = min(plan.bound, best.bound) if best else plan.bound
        if best is None or better(plan, best, asked):
            best = plan
            told |= {"chosen": chosen, "scored": plan.scored}
        SitingRun.objects.filter(mark=mark).update(bound=max(bound, best.scored), **told)
        if plan.proven:
            break
    SitingRun.objects.filter(mark=mark).update(state=State.DONE)


def _asked_by(published: Published, run: SitingRun) -> Question:
    return question(published, run.area_code, tuple(run.weights), Asked(**run.asked))

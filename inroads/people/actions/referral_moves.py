"""The one way in which a referral comes to another state, used by all that may move it."""

from datetime import date

from django.utils import timezone

from inroads.accounts.actions import Refused
from inroads.accounts.models import User
from inroads.accounts.words import tidy
from inroads.people.actions.checks import note
from inroads.people.actions.referral_messages import let_go_of_questions
from inroads.people.models import PlanStep, Referral, ReferralEvent
from inroads.people.models import ReferralState as State
from inroads.people.queries.referrals import FOLLOWS, next_day, waits_for

Through = ReferralEvent.Through


def locked(referral: Referral) -> Referral:
    """The referral as it is kept now, for this writer alone."""
    found = Referral.objects.select_for_update(of=("self",))
    return found.select_related("person__organisation", "service__touchpoint__area", "step", "organisation").get(
        pk=referral.pk
    )


def move(
    kept: Referral,
    state: str,
    *,
    through: str,
    by: User | None,
    reason: str = "",
    words: str = "",
    meets_on: date | None = None,
    answer: str = "",
) -> None:
    """The referral is at this state from now on. Raises `Refused` where that does not follow from where it is."""
    if state not in FOLLOWS[kept.state]:
        raise Refused(f"This does not fit any more: {State(kept.state).label.lower()}. Look at the page again")
    ReferralEvent.objects.create(
        referral=kept,
        state=state,
        through=Through(through),
        by=by,
        reason=reason,
        words=tidy(words)[:20_000],
        meets_on=meets_on,
        answer=answer,
    )
    kept.state, kept.waits_for, kept.reminded = state, waits_for(state), 0
    kept.meets_on = meets_on or kept.meets_on
    kept.since = timezone.localdate()
    if state == State.ACCEPTED and kept.meets_on:
        kept.since = max(kept.since, kept.meets_on)
    kept.due_on = next_day(state, kept.waits_for, kept.since, 0)
    kept.save()
    let_go_of_questions(kept)
    note(
        f"referral_{state}",
        kept.person,
        by,
        referral=str(kept.pk),
        through=str(through),
        **({"reason": reason} if reason else {}),
    )


def wait_for(kept: Referral, whom: str, *, since: date) -> None:
    """The referral stays where it is and waits for somebody else from a day on."""
    kept.waits_for, kept.since, kept.reminded = whom, since, 0
    kept.due_on = next_day(kept.state, whom, since, 0)
    kept.save(update_fields=("waits_for", "since", "reminded", "due_on"))


def was_taken_up(kept: Referral) -> bool:
    """Whether they said yes at some time: before, there is nothing that could have helped."""
    return kept.events.filter(state__in=(State.ACCEPTED, State.SEEN, State.HELPED, State.NOT_HELPED)).exists()


def close_with(step: PlanStep, *, answer: str, words: str, through: str, by: User | None) -> int:
    """The person said whether a step helped: referrals that belong to it hear it as well. Returns how many."""
    closed = 0
    for each in step.referrals.all():
        kept = locked(each)
        if State.TOLD_BACK in FOLLOWS[kept.state] and was_taken_up(kept):
            move(kept, State.TOLD_BACK, through=through, by=by, words=words, answer=answer)
            closed += 1
    return closed

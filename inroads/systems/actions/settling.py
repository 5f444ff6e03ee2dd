"""Settling where two readers of a return differ. Both readings stay as they were."""

from collections.abc import Iterable
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import transaction

from inroads.accounts import audit
from inroads.accounts.actions import Refused
from inroads.accounts.checks import ChangedMeanwhile, needed, note
from inroads.accounts.models import User
from inroads.systems.actions.coding import refuse_other_level
from inroads.systems.actions.returns import has_read, require_keeping
from inroads.systems.models import Return, Settlement
from inroads.systems.queries.coding import both_finished
from inroads.systems.queries.return_scores import trace_of


@transaction.atomic
def settle(
    *,
    of: Return,
    criterion: str,
    level: int | None,
    words: str,
    kept: Iterable[UUID | str],
    by: User,
    seen: int | None = None,
) -> Settlement:
    """Settle one criterion of a return: the level, why, and the codings that stand. Raises `Refused`.

    level
        None: the return says nothing about it.
    kept
        Ids of codings of this criterion, of either reader.
    seen
        How many settlements of it were there before typing. Raises `ChangedMeanwhile` where there are more by now.
    """
    audit.hold()
    require_keeping(by, of.organisation)
    if by.pk in has_read(of):
        raise PermissionDenied("You have read this return: somebody else settles it")
    if not both_finished(of):
        raise Refused("Both readers have to finish first")
    if criterion not in of.criteria:
        raise Refused("This return is not read against this criterion")
    trace = trace_of(of, criterion)
    if seen is not None and seen != len(trace.settlements):
        raise ChangedMeanwhile(trace)
    if not trace.side.scores_differ and not trace.marks.alone:
        raise Refused("Both readers say the same here. There is nothing to settle")
    if level is not None:
        refuse_other_level(criterion, level)
    wanted = {str(each) for each in kept}
    stand = [str(each.pk) for each in trace.marks.all if str(each.pk) in wanted]
    if len(stand) < len(wanted):
        raise Refused("Choose among the passages on this page", field="kept")
    made = Settlement.objects.create(
        of=of,
        criterion=criterion,
        first=trace.side.first.level if trace.side.first else None,
        second=trace.side.second.level if trace.side.second else None,
        level=level,
        words=needed(words, "Say why this is how it stands", field="words"),
        kept=stand,
        recorded_by=by,
    )
    note("return_settled", made, of.organisation, by, criterion=criterion, level=level, kept=len(stand))
    return made

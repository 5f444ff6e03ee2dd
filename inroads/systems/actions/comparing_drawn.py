"""Voices that nobody types: published figures, answers to a key line, and released figures."""

from django.db import transaction

from inroads.accounts import audit
from inroads.accounts.actions import Refused
from inroads.accounts.checks import note
from inroads.accounts.models import User
from inroads.design.wording import day
from inroads.reference.definitions import load
from inroads.reference.definitions.comparisons import PublishedComparison
from inroads.reference.definitions.framework import KeyLine
from inroads.systems.actions.comparing import add_voice, place_of, require_comparing, share_of, worked_out
from inroads.systems.models import Comparison, Counted, KeyAnswer, Speaks, Wave
from inroads.systems.queries.comparing import key_answers
from inroads.systems.queries.comparing_records import record_figure


@transaction.atomic
def load_published(*, definition: str, by: User) -> Comparison:
    """Published figures as a comparison of England that anybody may open; loaded before, it is given back as it is."""
    audit.hold()
    require_comparing(by, None)
    found = load(PublishedComparison).get(definition)
    if found is None:
        raise Refused("There are no published figures of this name")
    before = Comparison.objects.filter(definition=definition).first()
    if before is not None:
        return before
    made = Comparison.objects.create(
        title=found.title,
        statement=found.statement,
        criterion=found.criterion,
        definition=definition,
        recorded_by=by,
    )
    for each in found.voices:
        Counted.objects.create(
            comparison=made,
            speaks=each.speaks,
            name=each.name,
            claim=each.claim,
            said=share_of(each.percent, each.n),
            n=each.n,
            assumed=each.n_assumed,
            asked=each.asked,
            source=worked_out(each.source, each.percent, each.n),
            recorded_by=by,
        )
    note("comparison_loaded", made, place_of(made), by, definition=definition, voices=len(found.voices))
    return made


@transaction.atomic
def voice_from_key_line(*, comparison: Comparison, wave: Wave, key_line: str, partly: bool, by: User) -> Counted:
    """The share of systems that agree to a key line in a wave, with those that partly agree where `partly`.

    Only for comparisons of England, as a system is one of those that answered. It is the claim where there is none yet.
    """
    audit.hold()
    line = load(KeyLine).get(key_line)
    if comparison.organisation_id is not None or line is None:
        raise Refused("Choose a key line that systems answered", field="answered")
    counts = key_answers(wave.pk, key_line)
    n = sum(number for answer, number in counts.items() if answer != KeyAnswer.NOT_SAID)
    if not n:
        raise Refused("No system said what it thinks of this in this wave. Choose another", field="answered")
    agree, some, silent = counts[KeyAnswer.AGREE], counts[KeyAnswer.PARTLY], counts[KeyAnswer.NOT_SAID]
    asked = f"{agree} agreed and {some} partly agreed, of {n} systems that answered."
    if not partly:
        asked += " Those that partly agreed are not counted."
    if silent:
        asked += f" {silent} did not say."
    return add_voice(
        comparison=comparison,
        speaks=Speaks.LEADERS,
        name=f"{line.title} ({'agree or partly agree' if partly else 'agree'}), {wave.on.year}"[:150],
        claim=not comparison.voices.filter(taken_back_at=None, claim=True).exists(),
        said=agree + (some if partly else 0),
        n=n,
        asked=asked,
        on=wave.on,
        source=f"Key lines of enquiry: {wave.title}",
        by=by,
    )


@transaction.atomic
def voice_from_records(*, comparison: Comparison, figure: str, so: bool, by: User) -> Counted:
    """What records show: the share of those a released figure counts, or, where not `so`, of the others.

    Hidden and rounded numbers leave a range: the middle is taken, of as many as were asked at least, and the range is
    said. Raises `Refused` where too much is hidden.
    """
    audit.hold()
    found = record_figure(comparison.organisation, figure) if comparison.organisation is not None else None
    if found is None:
        raise Refused("This figure is not open, or too much of it is hidden. Choose another", field="figure")
    middle, low, high = found.share(so=so)
    n = found.least_asked
    return add_voice(
        comparison=comparison,
        speaks=Speaks.RECORDS,
        name=(found.title if so else found.others)[:150],
        claim=False,
        said=middle * n,
        n=n,
        asked=(
            f"Counted from what people said, {found.system}. Small numbers are hidden and others rounded, so the share "
            f"lies between {100 * low:.0f}% and {100 * high:.0f}%. Here stands its middle, of the least there were."
        )[:300],
        on=found.until,
        source=f"Open figures of {found.system}, up to {day(found.until)}"[:300],
        by=by,
    )

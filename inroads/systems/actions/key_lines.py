"""Writing down what a system answers to a key line of enquiry. Earlier answers stay."""

from django.core.exceptions import PermissionDenied
from django.db import transaction

from inroads.accounts import audit
from inroads.accounts.actions import Refused
from inroads.accounts.checks import ChangedMeanwhile, needed, note
from inroads.accounts.models import User
from inroads.accounts.words import tidy
from inroads.reference.definitions import load
from inroads.reference.definitions.framework import KeyLine
from inroads.reference.models import Organisation
from inroads.systems.models import About, KeyAnswer, KeyLineAnswer, Return, Wave
from inroads.systems.queries.key_lines import answers_of, may_answer


@transaction.atomic
def answer_key_line(
    *,
    wave: Wave,
    organisation: Organisation,
    key_line: str,
    answer: str,
    about: str,
    text: str,
    by: User,
    of: Return | None = None,
    seen: int | None = None,
) -> KeyLineAnswer:
    """What a system says to a key line in a wave, with its words. Saving the same again changes nothing.

    of
        The return in which it stands, where it stands in one.
    seen
        How many answers were there before typing. Raises `ChangedMeanwhile` where there are more by now, and `Refused`.
    """
    audit.hold()
    if not may_answer(by, wave, organisation):
        raise PermissionDenied("You do not keep the returns of this system, and have not finished reading one of them")
    if key_line not in load(KeyLine):
        raise Refused("There is no such key line of enquiry")
    before = answers_of(wave, organisation, key_line)
    if seen is not None and seen != len(before):
        raise ChangedMeanwhile(before)
    if of is not None and (of.wave_id != wave.pk or of.organisation_id != organisation.pk):
        raise Refused("Choose a return of this system in this wave", field="of")
    said = KeyAnswer(answer)
    words = (
        tidy(text)
        if said == KeyAnswer.NOT_SAID
        else needed(text, "Copy the words in which the system says so", field="text")
    )
    kept = {"answer": said, "about": About(about), "text": words, "of_id": of.pk if of else None}
    if before and all(getattr(before[-1], name) == value for name, value in kept.items()):
        return before[-1]
    made = KeyLineAnswer.objects.create(wave=wave, organisation=organisation, key_line=key_line, recorded_by=by, **kept)
    note("key_line_answered", made, organisation, by, key_line=key_line, answer=str(said))
    return made

"""Returns for tests, with two readers and what they say; made by the actions that pages use."""

from collections.abc import Sequence
from datetime import date

from inroads.accounts.models import User
from inroads.reference.models import Organisation
from inroads.systems.actions import coding, returns, settling
from inroads.systems.actions.key_lines import answer_key_line
from inroads.systems.models import About, Basis, Coding, Reading, Return, Wave
from inroads.systems.queries.coding import passages_on

# Invented, as a system might write it.
TEXT = """Digital inclusion in Region One (invented)

We met with people living with mental health illness before we chose the video platform. They were paid for their time.

Everybody who lives here can ask the library for help with a tablet. “It is the same offer for all,” says the plan.

We do not yet know whether it helps those who need mental health services most.
"""


def make_wave(*, by: User, title: str = "Returns of spring (invented)", on: date = date(2026, 3, 1)) -> Wave:
    """A wave that rests on returns."""
    return Wave.objects.create(title=title, on=on, basis=Basis.RETURNS, source="Invented", recorded_by=by)


def make_return(system: Organisation, *, by: User, wave: Wave | None = None, **more) -> Return:
    """A return of four paragraphs."""
    told = {"title": "Plan for digital inclusion (invented)", "text": TEXT}
    wave = wave or Wave.objects.filter(basis=Basis.RETURNS).first() or make_wave(by=by)
    return returns.add_return(wave=wave, organisation=system, by=by, **(told | more))


def make_readings(found: Return, readers: Sequence[User], *, by: User) -> tuple[Reading, Reading]:
    """The two readings of a return."""
    return returns.give_to_readers(of=found, readers=readers, by=by)


def mark(reading: Reading, number: int, criterion: str = "codesign", **more) -> Coding:
    """A reader's mark on a passage."""
    passage = next(each for each in passages_on(reading.of, 1 + (number - 1) // 20) if each.number == number)
    told = {"about": About.MENTAL_HEALTH, "supports": True, "words": ""}
    return coding.code(reading=reading, passage=passage, criterion=criterion, by=reading.reader, **(told | more))


def give_level(reading: Reading, level: int, criterion: str = "codesign", words: str = "") -> None:
    """A reader's score."""
    coding.score(reading=reading, criterion=criterion, level=level, words=words, by=reading.reader)


def finish(*readings: Reading) -> None:
    """These readings are done."""
    for reading in readings:
        coding.finish_reading(reading=reading, by=reading.reader)


def make_differing(system: Organisation, *, by: User, readers: Sequence[User], **more) -> Return:
    """A return that both have read: they differ on co-design, and agree on touchpoints."""
    found = make_return(system, by=by, **more)
    first, second = make_readings(found, readers, by=by)
    mark(first, 2, words="Paid, and asked before")
    mark(second, 2, about=About.NOT_SAID)
    mark(first, 4, supports=False)
    mark(second, 3, "touchpoints", about=About.EVERYBODY)
    mark(first, 3, "touchpoints", about=About.EVERYBODY)
    give_level(first, 2, words="They shared the decision")
    give_level(second, 1, words="Asked only")
    give_level(first, 1, "touchpoints")
    give_level(second, 1, "touchpoints")
    finish(first, second)
    return found


def settle(found: Return, *, by: User, criterion: str = "codesign", level: int = 1, **more):
    """What stands of one criterion: the first mark of it, unless `kept` says otherwise."""
    marks = Coding.objects.filter(reading__of=found, criterion=criterion, withdrawn_at=None).order_by("start", "pk")
    told = {"words": "Nothing says that they had a say", "kept": [marks[0].pk]}
    return settling.settle(of=found, criterion=criterion, level=level, by=by, **(told | more))


def make_returns(system: Organisation, *, by: User, readers: Sequence[User]) -> Return:
    """A row of everything that pages about returns show: read by two, settled, with an answer to a key line."""
    found = make_differing(system, by=by, readers=readers, content=b"As it came (invented)", file_name="plan.txt")
    settle(found, by=by)
    answer_key_line(
        wave=found.wave,
        organisation=system,
        key_line="collaboration",
        answer="partly",
        about=About.MENTAL_HEALTH,
        text="We are at an early stage (invented)",
        of=found,
        by=by,
    )
    return found

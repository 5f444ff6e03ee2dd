"""An invented return for the demonstration, read by two people who differ, and settled on one criterion."""

from datetime import date

from inroads.accounts.models import User
from inroads.reference.models import Organisation
from inroads.systems.actions import coding, returns, settling
from inroads.systems.actions.key_lines import answer_key_line
from inroads.systems.actions.waves import add_wave
from inroads.systems.models import About, Basis, Coding
from inroads.systems.queries.coding import passages_on

TEXT = """Digital care in our system: return of spring 2026 (invented)

We met with people living with mental health illness before we chose the video platform. They were paid for their time.

Everybody who lives here can ask the library for help with a tablet. It is the same offer for all.

Digital champions work in eleven teams. Six of them have time for it in their job.

We do not know yet whether it helps those who need mental health services most.
"""


def load_demonstration_returns(system: Organisation) -> None:
    """A wave of returns with one return, read twice."""
    national, *readers = (
        User.objects.get(email=f"{name}@demonstration.example") for name in ("national.lead", "reader", "second.reader")
    )
    wave = add_wave(
        title="Returns of spring 2026 (invented)",
        on=date(2026, 3, 31),
        basis=Basis.RETURNS,
        source="Invented for the demonstration",
        by=national,
    )
    found = returns.add_return(
        wave=wave, organisation=system, title="Return on digital care (invented)", text=TEXT, by=national
    )
    first, second = returns.give_to_readers(of=found, readers=readers, by=national)
    passages = {each.number: each for each in passages_on(found, 1)}
    for reading, number, criterion, about, words in (
        (first, 2, "codesign", About.MENTAL_HEALTH, "Asked before, and paid"),
        (second, 2, "codesign", About.MENTAL_HEALTH, ""),
        (first, 3, "skills_support", About.EVERYBODY, ""),
        (second, 3, "skills_support", About.EVERYBODY, ""),
        (second, 4, "job_roles", About.NOT_SAID, "Six of eleven"),
    ):
        coding.code(
            reading=reading,
            passage=passages[number],
            criterion=criterion,
            about=about,
            supports=True,
            words=words,
            by=reading.reader,
        )
    for reading, criterion, level, words in (
        (first, "codesign", 2, "They shared the decision"),
        (second, "codesign", 1, "Asked, and no more is said"),
        (first, "skills_support", 1, ""),
        (second, "skills_support", 1, ""),
        (second, "job_roles", 1, ""),
    ):
        coding.score(reading=reading, criterion=criterion, level=level, words=words, by=reading.reader)
    for reading in (first, second):
        coding.finish_reading(reading=reading, by=reading.reader)
    kept = Coding.objects.filter(reading__of=found, criterion="codesign").values_list("pk", flat=True)
    settling.settle(
        of=found, criterion="codesign", level=1, words="Nothing says that they decided.", kept=list(kept), by=national
    )
    answer_key_line(
        wave=wave,
        organisation=system,
        key_line="collaboration",
        answer="agree",
        about=About.MENTAL_HEALTH,
        text="Champions work in eleven teams.",
        of=found,
        by=national,
    )

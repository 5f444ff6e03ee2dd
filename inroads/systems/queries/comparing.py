"""What is read about voices side by side: their shares, how far they lie apart, and what may explain it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from uuid import UUID

from django.db.models import Prefetch, Q, QuerySet

from inroads.accounts.permissions import Permission, may
from inroads.accounts.queries import Somebody
from inroads.methods import triangulation
from inroads.methods.quantiles import normal
from inroads.methods.triangulation.differences import ends_of
from inroads.reference.models import Organisation
from inroads.systems.models import Comparison, Contrasted, Counted, KeyAnswer, KeyLineAnswer, Wave
from inroads.systems.queries.systems import systems_where

CONFIDENCE = 0.95
NOTHING = "nothing to explain"
HALF = 0.5


@dataclass(frozen=True)
class Heard:
    """A voice: its share of those asked, 0 to 1, and the ends of Wilson's interval."""

    row: Counted
    share: float
    low: float
    high: float


@dataclass(frozen=True)
class Apart:
    """How far one voice lies above another, -1 to 1, with Newcombe's interval; `beyond_chance`: all taken together."""

    one: Heard
    other: Heard
    value: float
    low: float
    high: float
    beyond_chance: bool


@dataclass(frozen=True)
class Halved:
    """What would stand there if half as many had answered wherever their number is assumed."""

    apart: tuple[Apart, ...]
    same: bool


@dataclass(frozen=True)
class SideBySide:
    """A statement with its voices, the claim first.

    explained
        What stands behind the gap; None without a claim, or without a voice beside it.
    contrasts
        What was asked to tell the three explanations apart.
    """

    comparison: Comparison
    voices: tuple[Heard, ...]
    explained: triangulation.Explained | None
    contrasts: tuple[Contrasted, ...]

    @cached_property
    def apart(self) -> tuple[Apart, ...]:
        """The difference of every two voices; none where there are fewer than two."""
        return _apart(self.voices, {})

    @cached_property
    def halved(self) -> Halved | None:
        """None where no number is assumed."""
        return _halved(self)

    @property
    def claim(self) -> Heard | None:
        """The voice that the others are set beside."""
        return next((each for each in self.voices if each.row.claim), None)

    @property
    def flagged(self) -> bool:
        """Whether the claim lies above another voice beyond chance."""
        return self.explained is not None and self.explained.verdict != NOTHING

    def named(self, pk: str) -> Heard:
        """The voice behind a name of the method. Raises `KeyError`."""
        return {str(each.row.pk): each for each in self.voices}[pk]


def comparisons_visible_to(user: Somebody) -> QuerySet[Comparison]:
    """Comparisons that this user may see: published ones, those of systems they see, those of England."""
    seen = ~Q(definition="")
    if user.is_authenticated:
        seen |= Q(organisation__in=systems_where(user, Permission.SEE_SYSTEM).order_by())
        if may(user, Permission.SEE_LANDSCAPE):
            seen |= Q(organisation=None)
    return _standing(Comparison.objects.filter(seen))


def comparison_of(user: Somebody, comparison: UUID) -> Comparison | None:
    """One comparison that this user may see, or None."""
    return comparisons_visible_to(user).filter(pk=comparison).first()


def comparisons_of(organisation: Organisation | None) -> list[SideBySide]:
    """All comparisons of a system, or of England, as the caller has made sure its reader may see them."""
    return [compared(each) for each in standing_of(organisation)]


def standing_of(organisation: Organisation | None) -> QuerySet[Comparison]:
    """The same as rows, the newest first, for a list that is shown page by page."""
    return _standing(Comparison.objects.filter(organisation=organisation)).order_by("-recorded_at", "pk")


def compared(comparison: Comparison) -> SideBySide:
    """Everything about one comparison, from its voices and contrasts that were not taken back."""
    rows = [each for each in comparison.voices.all() if each.taken_back_at is None and each.n]
    rows.sort(key=lambda each: not each.claim)
    contrasts = tuple(each for each in comparison.contrasts.all() if each.taken_back_at is None)
    voices = _heard(rows)
    return SideBySide(comparison, voices, _explained(voices, contrasts), contrasts)


def key_answers(wave: UUID, key_line: str) -> dict[str, int]:
    """How many systems gave each answer to a key line in a wave; of each system, the latest holds."""
    rows = KeyLineAnswer.objects.filter(wave=wave, key_line=key_line).order_by("pk")
    latest = dict(rows.values_list("organisation_id", "answer"))
    return {str(answer): sum(each == answer for each in latest.values()) for answer in KeyAnswer}


def answered_key_lines() -> list[tuple[Wave, str]]:
    """Every wave with each key line that some system answered in it, the newest wave first."""
    pairs = set(KeyLineAnswer.objects.order_by().values_list("wave", "key_line").distinct())
    waves = Wave.objects.filter(pk__in={wave for wave, _ in pairs}).order_by("-on", "pk")
    return [(wave, name) for wave in waves for name in sorted(name for pk, name in pairs if pk == wave.pk)]


def _standing(comparisons: QuerySet[Comparison]) -> QuerySet[Comparison]:
    known = ("voices", Counted), ("contrasts", Contrasted)
    parts = [
        Prefetch(name, queryset=model.objects.filter(taken_back_at=None).select_related("recorded_by"))
        for name, model in known
    ]
    found = comparisons.filter(taken_back_at=None).select_related("organisation", "recorded_by")
    return found.prefetch_related(*parts)


def _voice(row: Counted, n: float) -> triangulation.Voice:
    # Its number is a name that no other voice has.
    return triangulation.Voice(str(row.pk), row.said / row.n, n)


def _heard(rows: Iterable[Counted]) -> tuple[Heard, ...]:
    quantile = normal(CONFIDENCE)
    pairs = [(row, _voice(row, row.n)) for row in rows]
    return tuple(Heard(row, voice.share, *ends_of(voice, quantile)) for row, voice in pairs)


def _apart(voices: Sequence[Heard], asked: dict[str, float]) -> tuple[Apart, ...]:
    """Of every two; `asked` are other numbers of those asked, by name."""
    if len(voices) < 2:
        return ()
    named = {str(each.row.pk): each for each in voices}
    given = [_voice(each.row, asked.get(name, each.row.n)) for name, each in named.items()]
    return tuple(
        Apart(named[each.one], named[each.other], each.value, each.low, each.high, each.apart)
        for each in triangulation.compare(given, confidence=CONFIDENCE).differences
    )


def _explained(
    voices: Sequence[Heard], contrasts: Iterable[Contrasted], asked: dict[str, float] | None = None
) -> triangulation.Explained | None:
    numbers = asked or {}
    given = [(each.row.claim, _voice(each.row, numbers.get(str(each.row.pk), each.row.n))) for each in voices]
    claim = next((voice for claimed, voice in given if claimed), None)
    others = [voice for claimed, voice in given if not claimed]
    if claim is None or not others:
        return None
    tests = [
        triangulation.Contrast(
            each.cause,
            triangulation.Voice.counted("more", each.more_said, each.more_n),
            triangulation.Voice.counted("less", each.less_said, each.less_n),
        )
        for each in contrasts
        if each.cause in triangulation.CAUSES and each.more_n and each.less_n
    ]
    return triangulation.explain(claim, others, contrasts=tests, confidence=CONFIDENCE)


def _halved(found: SideBySide) -> Halved | None:
    rows = [each.row for each in found.voices]
    if not found.apart or not any(each.assumed for each in rows):
        return None
    asked = {str(each.pk): each.n * (HALF if each.assumed else 1.0) for each in rows}
    again = _apart(found.voices, asked)
    verdict = _explained(found.voices, found.contrasts, asked)
    same = [each.beyond_chance for each in again] == [each.beyond_chance for each in found.apart]
    if verdict is not None and found.explained is not None:
        same = same and verdict.verdict == found.explained.verdict
    return Halved(again, same)

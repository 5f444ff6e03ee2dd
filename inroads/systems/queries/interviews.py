"""What people said, as far as they agree today: whose words may be shown to whom, the register, and a person's page.

A quote is shown nowhere once it was replaced, taken back, said to be wrong and not answered yet, or once consent ended.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from django.conf import settings
from django.db.models import Case, Count, Exists, OuterRef, Q, QuerySet, Subquery, TextField, When
from django.db.models.functions import Cast, Coalesce
from django.utils import timezone

from inroads.accounts.codes import as_kept, hash_of, opening_code
from inroads.accounts.queries import Somebody
from inroads.reference.models import Organisation
from inroads.systems.models import ConsentGiven, Correction, Interview, Quote, Speaker, Use
from inroads.systems.permissions import is_inside, may_see_system, reviews_system

SILENT_AFTER = timedelta(days=60)
DIGITAL = ("video", "message", "screen")
PAGE = 25
MOST = 100
WAITS = {
    "correction": "A correction to answer",
    "unchecked": "Words they never saw",
    "untold": "They wait to be told what became of it",
    "silent": "They were not told for over 60 days",
}
# Whose life a story tells. Staff and leaders speak of their work.
TELLS_A_LIFE = (Speaker.PERSON, Speaker.TRUSTED)


@dataclass(frozen=True)
class Shown:
    """Words that a reader may see today. `name` and `role` are "" unless the person agreed to be named."""

    quote: Quote
    speaker: str
    name: str
    role: str


@dataclass(frozen=True)
class Line:
    """An interview in the register: what was agreed last, how many quotes stand, and what waits (keys of `WAITS`)."""

    interview: Interview
    consent: ConsentGiven | None
    quotes: int
    waits: tuple[str, ...]


@dataclass(frozen=True)
class Register:
    """A page of the register, and who was heard of all those in it, by label. `digital` of `everybody` were so."""

    lines: tuple[Line, ...]
    page: int
    pages: int
    found: int
    everybody: int
    by_speaker: tuple[tuple[str, int], ...]
    by_channel: tuple[tuple[str, int], ...]
    digital: int
    waiting: dict[str, int]


def code_of(interview: UUID) -> str:
    """The code of the person's own page, from the id of the interview."""
    return opening_code("inroads.systems.interview", str(interview))


def interview_by_code(typed: str) -> Interview | None:
    """The interview with this code; the code is all that is asked."""
    code = as_kept(typed)
    if not code:
        return None
    found = Interview.objects.filter(code_hash=hash_of(code))
    return found.select_related("organisation", "recorded_by").first()


def how_to_reach(organisation: Organisation) -> str:
    """Whom to ring or write to, in a line."""
    return f"{organisation.name}, {settings.CONTACT}" if settings.CONTACT else organisation.name


def consent_of(interview: Interview) -> ConsentGiven | None:
    """What the person agreed to last, whether or not it has ended since."""
    return interview.consents.order_by("-pk").first()


def uses_today(consent: ConsentGiven | None) -> frozenset[str]:
    """What may be done today under this consent; nothing once its last day is over."""
    if consent is None or (consent.until is not None and consent.until < timezone.localdate()):
        return frozenset()
    return frozenset(consent.uses)


def last_day_of(quote: Quote) -> date | None:
    """The last day on which this quote may be used, None without an end. What stands on it ends no later."""
    consent = consent_of(quote.interview)
    return consent.until if consent else None


def interviews_of(user: Somebody, organisation: Organisation) -> QuerySet[Interview]:
    """Interviews of this system. Only those inside may ask; who keeps them is asked by the page."""
    kept = Interview.objects.filter(organisation=organisation) if is_inside(user, organisation) else None
    return kept if kept is not None else Interview.objects.none()


def agreeing(found: QuerySet, interview: str, uses: Iterable[str]) -> QuerySet:
    """Of these rows, those whose person agrees today to at least one of the uses; `agreed` is then what they agree to.

    `interview` is the path from a row to the interview.
    """
    latest = ConsentGiven.objects.filter(interview=OuterRef(interview)).order_by("-pk")
    found = found.annotate(
        agreed=Cast(Subquery(latest.values("uses")[:1]), TextField()), agreed_until=Subquery(latest.values("until")[:1])
    )
    one = Q()
    for use in uses:
        # As JSON writes it. Not every database can look into JSON.
        one |= Q(agreed__contains=f'"{use}"')
    return found.filter(one, Q(agreed_until=None) | Q(agreed_until__gte=timezone.localdate()))


def standing(quotes: QuerySet[Quote], uses: Iterable[str]) -> QuerySet[Quote]:
    """Of these quotes, those that may be put to one of the uses today."""
    wrong = Correction.objects.filter(quote=OuterRef("pk"), done_at=None)
    kept = quotes.filter(~Exists(wrong), taken_back_at=None, replaced_by=None).select_related("interview")
    return agreeing(kept, "interview", uses)


def shown(quote: Quote) -> Shown:
    """A quote that `standing` found, as it may be shown."""
    interview, named = quote.interview, f'"{Use.NAMED}"' in quote.agreed
    return Shown(
        quote,
        interview.get_speaker_display(),
        interview.called if named else "",
        interview.role_words if named else "",
    )


def uses_open_to(user: Somebody, organisation: Organisation) -> tuple[str, ...]:
    """For which uses somebody must have agreed before this reader may see their words: one of them is enough."""
    if is_inside(user, organisation):
        return (Use.QUOTED, Use.PUBLISHED)
    if may_see_system(user, organisation) or reviews_system(user, organisation):
        return (Use.PUBLISHED,)
    return ()


def quotes_visible_to(
    user: Somebody,
    organisation: Organisation,
    *,
    use: str | None = None,
    criterion: str = "",
    only: Iterable[UUID] | None = None,
    most: int = MOST,
) -> list[Shown]:
    """What this reader may see of what people said in this system, the newest first.

    use
        QUOTED or PUBLISHED: only what people agreed to for this. Without it, all that this reader may see.
    criterion
        Only quotes that speak of it; "" is all.
    only
        Ids of the quotes that are wanted.
    """
    uses = tuple(each for each in uses_open_to(user, organisation) if use in (None, each))
    if not uses:
        return []
    found = Quote.objects.filter(interview__organisation=organisation)
    if only is not None:
        found = found.filter(pk__in=list(only))
    found = standing(found, uses)
    if criterion:
        found = found.annotate(about=Cast("themes", TextField())).filter(about__contains=f'"{criterion}"')
    return [shown(each) for each in found.order_by("-recorded_at", "pk")[:most]]


def may_show_quote(quote: Quote, user: Somebody) -> bool:
    """Whether the words of this quote may be shown to this reader today."""
    return bool(quotes_visible_to(user, quote.interview.organisation, only=[quote.pk]))


def quotes_to_keep(interview: Interview) -> list[Quote]:
    """The quotes of an interview for whoever keeps it: none once nothing is agreed. `is_wrong`: waits for an answer."""
    if not uses_today(consent_of(interview)):
        return []
    wrong = Correction.objects.filter(quote=OuterRef("pk"), done_at=None)
    kept = interview.quotes.filter(taken_back_at=None, replaced_by=None)
    return list(kept.annotate(is_wrong=Exists(wrong)).order_by("recorded_at", "pk"))


def register(
    interviews: QuerySet[Interview], *, speaker: str = "", channel: str = "", waits: str = "", page: int = 1
) -> Register:
    """The interviews, a page at a time, filtered; who was heard is counted of all of them."""
    marked = _marked(interviews)
    found = marked
    if speaker:
        found = found.filter(speaker=speaker)
    if channel:
        found = found.filter(channel=channel)
    if waits:
        found = found.filter(_waiting(waits))
    number = found.count()
    pages = max(1, -(-number // PAGE))
    page = min(max(page, 1), pages)
    rows = list(found.order_by("-held_on", "recorded_at", "pk")[(page - 1) * PAGE : page * PAGE])
    consents = {}
    for each in ConsentGiven.objects.filter(interview__in=[row.pk for row in rows]).order_by("pk"):
        consents[each.interview_id] = each
    speakers = dict(interviews.order_by().values_list("speaker").annotate(n=Count("pk")))
    channels = dict(interviews.order_by().values_list("channel").annotate(n=Count("pk")))
    return Register(
        tuple(Line(row, consents.get(row.pk), row.kept_quotes, tuple(_waits_of(row))) for row in rows),
        page,
        pages,
        number,
        sum(speakers.values()),
        tuple((label, speakers.get(key, 0)) for key, label in Speaker.choices),
        tuple((label, channels[key]) for key, label in Interview._meta.get_field("channel").choices if key in channels),
        sum(channels.get(each, 0) for each in DIGITAL),
        marked.aggregate(**{key: Count("pk", filter=_waiting(key)) for key in WAITS}),
    )


def corrections_to_answer(interviews: QuerySet[Interview]) -> list[Correction]:
    """What people said is not right and nobody has answered, the oldest first."""
    found = Correction.objects.filter(interview__in=interviews, done_at=None)
    return list(found.select_related("interview", "quote__replaced_by").order_by("pk")[:MOST])


def _marked(interviews: QuerySet[Interview]) -> QuerySet[Interview]:
    """With how many quotes stand, how many were never seen by the person, and corrections that wait."""
    latest = ConsentGiven.objects.filter(interview=OuterRef("pk")).order_by("-pk")
    quotes = Quote.objects.filter(interview=OuterRef("pk"), taken_back_at=None, replaced_by=None)
    wrong = Correction.objects.filter(interview=OuterRef("pk"), done_at=None)
    found = interviews.annotate(
        agreed=Cast(Subquery(latest.values("uses")[:1]), TextField()),
        agreed_until=Subquery(latest.values("until")[:1]),
        open_corrections=_number(wrong),
    )
    agreed = ~Q(agreed="[]") & (Q(agreed_until=None) | Q(agreed_until__gte=timezone.localdate()))
    return found.annotate(
        kept_quotes=Case(When(agreed, then=_number(quotes)), default=0),
        never_seen=Case(When(agreed, then=_number(quotes.filter(checked_on=None))), default=0),
    )


def _number(rows: QuerySet) -> Coalesce:
    """How many rows there are, as part of another question."""
    return Coalesce(Subquery(rows.order_by().values("interview").annotate(n=Count("pk")).values("n")), 0)


def _waiting(key: str) -> Q:
    untold = ~Q(reached="") & Q(told_on=None)
    return {
        "correction": Q(open_corrections__gt=0),
        "unchecked": Q(never_seen__gt=0),
        "untold": untold,
        "silent": untold & Q(held_on__lt=timezone.localdate() - SILENT_AFTER),
    }[key]


def _waits_of(row: Interview) -> Iterable[str]:
    if row.open_corrections:
        yield "correction"
    if row.never_seen:
        yield "unchecked"
    if row.reached and row.told_on is None:
        yield "silent" if row.held_on < timezone.localdate() - SILENT_AFTER else "untold"

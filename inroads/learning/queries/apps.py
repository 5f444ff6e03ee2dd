"""Which apps are in the library, whether the review of each is in date, and which may help with a barrier."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Exists, F, OuterRef, Prefetch, QuerySet
from django.utils import timezone

from inroads.accounts.permissions import Permission
from inroads.accounts.queries import Somebody, organisations_where
from inroads.learning.models import AppReview, Cost, Result, TrustedApp
from inroads.reference.definitions.learning import evidence_strengths
from inroads.reference.models import Organisation

ENDS_SOON = timedelta(days=30)
MAY_BE_USED = (Result.SAFE, Result.WITH_SOMEBODY)


@dataclass(frozen=True)
class Entry:
    """An app with its latest review, None before the first."""

    app: TrustedApp
    review: AppReview | None

    def in_date(self, on: date) -> bool:
        """Whether it may be suggested on this day: shown to everybody, found safe as it is described now, in time."""
        return (
            self.app.published
            and self.review is not None
            and self.review.result in MAY_BE_USED
            and self.review.version == self.app.version
            and self.review.reviewed_on <= on <= self.review.again_on
        )

    def is_shown(self) -> bool:
        """Whether everybody may read it: it was reviewed, was not found unsafe, and somebody said to show it."""
        return self.app.published and self.review is not None and self.review.result in MAY_BE_USED

    def ends_within(self, days: timedelta, on: date) -> bool:
        """Whether its review has ended or ends in so many days, or its text changed since."""
        if self.review is None or self.review.result not in MAY_BE_USED:
            return False
        return self.review.version != self.app.version or self.review.again_on <= on + days


@dataclass(frozen=True)
class Wanted:
    """What somebody looks for in the library; nothing chosen is everything."""

    barrier: str = ""
    context: str = ""
    no_account: bool = False
    free: bool = False

    def fits(self, app: TrustedApp) -> bool:
        """Whether an app is all of this. What is not known about it does not count as yes."""
        return (
            (not self.barrier or self.barrier in app.barriers)
            and (not self.context or self.context in app.contexts)
            and (not self.no_account or app.account is False)
            and (not self.free or app.cost == Cost.FREE)
        )


def _latest() -> QuerySet[AppReview]:
    """The one review of each app that holds: the last that was written down."""
    newer = AppReview.objects.filter(app=OuterRef("app"), pk__gt=OuterRef("pk"))
    return AppReview.objects.filter(~Exists(newer)).select_related("organisation", "recorded_by")


def _entries(apps: QuerySet[TrustedApp], reviews: QuerySet[AppReview] | None = None) -> list[Entry]:
    reviews = _latest() if reviews is None else reviews
    found = apps.select_related("organisation").prefetch_related(Prefetch("reviews", queryset=reviews, to_attr="held"))
    return [Entry(each, each.held[-1] if each.held else None) for each in found]


def entry(slug: str) -> Entry | None:
    """One app with every review it had in `held`, whoever may read it, or None."""
    every = AppReview.objects.select_related("organisation", "recorded_by").order_by("pk")
    found = _entries(TrustedApp.objects.filter(slug=slug), every)
    return found[0] if found else None


def shown(wanted: Wanted, on: date | None = None) -> tuple[list[Entry], list[Entry]]:
    """What everybody may read and fits: in date, and to be looked at again; each by name."""
    on = on or timezone.localdate()
    found = [each for each in _entries(TrustedApp.objects.filter(published=True)) if each.is_shown()]
    fitting = [each for each in found if wanted.fits(each.app)]
    return [each for each in fitting if each.in_date(on)], [each for each in fitting if not each.in_date(on)]


def every_entry() -> list[Entry]:
    """Everything in the library, for those who review."""
    return _entries(TrustedApp.objects.all())


def ending(entries: Iterable[Entry], on: date | None = None) -> list[Entry]:
    """Of these, what is to be looked at again within 30 days, what has waited longest first."""
    on = on or timezone.localdate()
    found = [each for each in entries if each.app.published and each.ends_within(ENDS_SOON, on)]
    return sorted(found, key=lambda each: (each.review.again_on, each.app.name, each.app.pk))


def suggested_for(barriers: Iterable[str], on: date) -> list[TrustedApp]:
    """Apps that may help with one of these barriers, only while their review is in date; its latest is `review`.

    Safe ones first, then those that need somebody beside; then the better evidence, the more of these barriers,
    what needs no account and costs nothing, and the name.
    """
    asked = set(barriers)
    if not asked:
        return []
    # Asked as one question, because every plan asks it. `Entry.in_date` says the same for one app.
    holding = _latest().filter(
        app__published=True,
        version=F("app__version"),
        result__in=MAY_BE_USED,
        reviewed_on__lte=on,
        again_on__gte=on,
    )
    found = [Entry(each.app, each) for each in holding.select_related("app", "organisation")]
    helping = [each for each in found if asked & set(each.app.barriers)]
    for each in helping:
        each.app.review = each.review
    return [each.app for each in sorted(helping, key=lambda each: _order(each, asked))]


def _order(each: Entry, asked: set[str]) -> tuple:
    strength = evidence_strengths().get(each.app.evidence_strength)
    return (
        each.review.result != Result.SAFE,
        -(strength.order if strength else 0),
        -len(asked & set(each.app.barriers)),
        each.app.account is not False,
        each.app.cost != Cost.FREE,
        each.app.name.casefold(),
        each.app.pk,
    )


def reviewing_organisations(user: Somebody) -> QuerySet[Organisation]:
    """The organisations on whose behalf this user reviews apps."""
    return organisations_where(user, Permission.REVIEW_APPS).filter(active=True)

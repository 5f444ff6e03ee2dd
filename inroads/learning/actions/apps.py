"""What changes about an app: its text, whether everybody sees it, and what somebody found who looked at it."""

from datetime import date, timedelta
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.utils.text import slugify

from inroads.accounts import audit
from inroads.accounts.actions import Refused
from inroads.accounts.models import User
from inroads.accounts.permissions import Permission, may
from inroads.accounts.words import tidy
from inroads.learning.actions.checks import TOLD, checked
from inroads.learning.models import AppReview, AppText, Result, TrustedApp
from inroads.reference.models import Organisation

LONGEST_REVIEW = timedelta(days=366)
# Words that stand in addresses of their own.
NO_NAMES = ("add", "load", "reviewing")


class AppChanged(Refused):
    """Somebody else changed the text first; `theirs` is what is kept now."""

    def __init__(self, theirs: TrustedApp) -> None:
        super().__init__("Somebody else changed this while you had it open. Check both, then save again")
        self.theirs = theirs


class ReviewedMeanwhile(Refused):
    """Somebody else reviewed the app first; `theirs` is their review."""

    def __init__(self, theirs: AppReview) -> None:
        super().__init__("Somebody else reviewed this while you had it open. Read their review, then save again")
        self.theirs = theirs


@transaction.atomic
def add_app(*, organisation: Organisation, by: User, **told: Any) -> TrustedApp:
    """A new entry, seen only by those who review. `told` has the fields of `TOLD`; what is left out is unknown."""
    audit.hold()
    require_reviewing(by, organisation)
    made = TrustedApp(organisation=organisation, created_by=by, **checked(told))
    made.slug = _free_slug(made.name)
    made.save(force_insert=True)
    _keep_text(made, by)
    _note("app_added", made, by)
    return made


@transaction.atomic
def change_app(*, app: TrustedApp, version: int, by: User, **told: Any) -> TrustedApp:
    """The text from now on; it has to be looked at again. Saving the same changes nothing. Raises `AppChanged`."""
    audit.hold()
    kept = _locked(app)
    require_reviewing(by, kept.organisation)
    if kept.version != version:
        raise AppChanged(kept)
    values = checked(told)
    if all(getattr(kept, name) == value for name, value in values.items()):
        return kept
    for name, value in values.items():
        setattr(kept, name, value)
    kept.version += 1
    kept.save()
    _keep_text(kept, by)
    _note("app_changed", kept, by)
    return kept


@transaction.atomic
def review_app(
    *,
    app: TrustedApp,
    version: int,
    after: int | None,
    organisation: Organisation,
    looked_at: str,
    result: str,
    again_on: date,
    by: User,
    reviewed_on: date | None = None,
    words: str = "",
) -> AppReview:
    """What somebody found who looked at an app. `version` and `after` are the text and the review they had read.

    Raises `AppChanged` or `ReviewedMeanwhile` where those are not the latest. Earlier reviews stay.
    """
    audit.hold()
    kept = _locked(app)
    require_reviewing(by, organisation)
    last = kept.reviews.select_related("organisation", "recorded_by").order_by("pk").last()
    if kept.version != version:
        raise AppChanged(kept)
    if last is not None and last.pk != after:
        raise ReviewedMeanwhile(last)
    today = timezone.localdate()
    day = reviewed_on or today
    if day > today:
        raise Refused("The day you looked at it must be today or in the past", field="reviewed_on")
    if result not in Result.values:
        raise Refused("Choose what you found", field="result")
    if not looked_at.strip():
        raise Refused("Say what you looked at", field="looked_at")
    if again_on <= today:
        raise Refused("The day to look again must be after today. Enter a later day", field="again_on")
    if again_on > day + LONGEST_REVIEW:
        raise Refused("Nothing holds longer than a year. Enter an earlier day to look again", field="again_on")
    made = AppReview.objects.create(
        app=kept,
        organisation=organisation,
        version=version,
        reviewed_on=day,
        looked_at=tidy(looked_at),
        result=result,
        words=tidy(words),
        again_on=again_on,
        recorded_by=by,
    )
    audit.record(
        action="app_reviewed",
        by=by,
        about=kept,
        organisation=organisation,
        details={"review": made.pk, "result": result, "again_on": again_on.isoformat(), "version": version},
    )
    return made


@transaction.atomic
def show_app(*, app: TrustedApp, by: User) -> TrustedApp:
    """Everybody may read it from now on. Raises `Refused` before somebody looked at it as it is described now."""
    audit.hold()
    kept = _locked(app)
    require_reviewing(by, kept.organisation)
    last = kept.reviews.order_by("pk").last()
    if last is None or last.version != kept.version:
        raise Refused("Look at it and write a review first. Then it can be shown to everybody")
    if last.result == Result.NOT:
        raise Refused("The last review says that it is not for this. Only what was found safe can be shown")
    if last.again_on < timezone.localdate():
        raise Refused("The last review has ended. Look at it again, then show it")
    if not kept.published:
        kept.published = True
        kept.save(update_fields=("published",))
        _note("app_shown", kept, by)
    return kept


@transaction.atomic
def hide_app(*, app: TrustedApp, by: User) -> TrustedApp:
    """Only those who review see it from now on; it is not suggested."""
    audit.hold()
    kept = _locked(app)
    require_reviewing(by, kept.organisation)
    if kept.published:
        kept.published = False
        kept.save(update_fields=("published",))
        _note("app_hidden", kept, by)
    return kept


def require_reviewing(by: User, organisation: Organisation) -> None:
    """Raises `PermissionDenied` unless this user reviews apps for this organisation."""
    if not may(by, Permission.REVIEW_APPS, organisation):
        raise PermissionDenied("You do not review apps for this organisation")


def _free_slug(name: str) -> str:
    base = slugify(name)[:70].strip("-") or "app"
    taken = set(TrustedApp.objects.filter(slug__startswith=base).values_list("slug", flat=True)) | set(NO_NAMES)
    return next(each for number in range(1, len(taken) + 2) if (each := _numbered(base, number)) not in taken)


def _numbered(base: str, number: int) -> str:
    return base if number == 1 else f"{base}-{number}"


def _locked(app: TrustedApp) -> TrustedApp:
    return TrustedApp.objects.select_for_update(of=("self",)).select_related("organisation").get(pk=app.pk)


def _keep_text(app: TrustedApp, by: User) -> None:
    told = {name: getattr(app, name) for name in TOLD}
    AppText.objects.create(app=app, version=app.version, told=told, recorded_by=by)


def _note(action: str, app: TrustedApp, by: User) -> None:
    audit.record(action=action, by=by, about=app, organisation=app.organisation, details={"version": app.version})

"""How an app is said on a page: what it is safe for first, what it is not for, and what else helps without a device."""

from dataclasses import dataclass
from datetime import date

from django.utils import timezone

from inroads.design.wording import day
from inroads.learning.models import AppReview, Cost, Result, TrustedApp
from inroads.learning.queries.apps import Entry
from inroads.reference.definitions import load
from inroads.reference.definitions.care import Community, Help
from inroads.reference.definitions.conversation import barriers
from inroads.reference.definitions.learning import evidence_strengths, treatment_contexts

NOT_KNOWN = "Not known"
MB_IN_A_GB = 1_000


@dataclass(frozen=True)
class AppLine:
    """An app in a list: what a review found and until when, and whether that still holds."""

    app: TrustedApp
    standing: str
    in_date: bool
    warning: str
    short: list[tuple[str, str]]


@dataclass(frozen=True)
class AppPage:
    """One app with everything about it as pairs of what and how."""

    line: AppLine
    facts: list[tuple[str, str]]
    alternatives: list[Help]


def app_line(each: Entry, on: date | None = None) -> AppLine:
    """An app in a few words."""
    on = on or timezone.localdate()
    app = each.app
    return AppLine(
        app=app,
        standing=standing(each, on),
        in_date=each.in_date(on),
        warning=warning(each, on),
        short=[
            ("Helps with", _titles(app.barriers, barriers())),
            ("Not for", app.not_for),
            ("Cost", cost(app)),
            ("Data", data(app)),
            ("Needs", needs(app)),
        ],
    )


def app_page(each: Entry, on: date | None = None) -> AppPage:
    """One app as it is shown whole."""
    app = each.app
    helps = load(Help)
    strength = evidence_strengths().get(app.evidence_strength)
    return AppPage(
        line=app_line(each, on),
        facts=[
            ("What it is", app.what),
            ("Safe for", app.safe_for),
            ("For whom", app.for_whom),
            ("Not for", app.not_for),
            ("When", _titles(app.contexts, treatment_contexts())),
            ("Helps with", _titles(app.barriers, barriers())),
            ("Cost", cost(app)),
            ("Data", data(app)),
            ("Needs", needs(app)),
            ("Languages", app.languages or NOT_KNOWN),
            ("Easy or hard to use", app.accessibility or NOT_KNOWN),
            ("Known to work for", _titles(app.communities, load(Community)) or "Not said"),
            (
                "Whether it helps",
                " ".join(filter(None, [f"{strength.title}: {strength.plain}" if strength else "", app.evidence])),
            ),
        ],
        alternatives=[helps[name] for name in app.alternatives if name in helps],
    )


def _titles(names: list[str], known: dict) -> str:
    return ", ".join(known[name].title for name in names if name in known)


def cost(app: TrustedApp) -> str:
    """What it costs in money."""
    said = Cost(app.cost).label if app.cost in Cost.values else NOT_KNOWN
    return f"{said}. {app.cost_words}" if app.cost_words else said


def data(app: TrustedApp) -> str:
    """What it costs in data: megabytes an hour, and how long a gigabyte lasts."""
    mb = app.data_mb_per_hour
    said = ""
    if mb == 0:
        said = "Next to nothing"
    elif mb is not None:
        said = f"About {mb:,} MB an hour; 1 GB lasts {_long(MB_IN_A_GB / mb)}"
    return ". ".join(filter(None, [said, app.data_words])) or NOT_KNOWN


def _long(hours: float) -> str:
    if hours < 1:
        minutes = round(hours * 60)
        return f"about {minutes} minutes" if minutes > 1 else "about a minute"
    rounded = round(hours)
    return f"about {rounded:,} hour{'' if rounded == 1 else 's'}"


def needs(app: TrustedApp) -> str:
    """Device, account and email address; what is not known is said."""
    said = [app.device or "device not known"]
    for what, value in (("account", app.account), ("email address", app.email)):
        said.append({True: f"an {what}", False: f"no {what}", None: f"{what} not known"}[value])
    return "; ".join(said)


def standing(each: Entry, on: date) -> str:
    """What the latest review found, by whom, and until when it holds."""
    review = each.review
    if review is None:
        return "Nobody has reviewed it yet"
    said = f"{review.get_result_display()}. {review.organisation.name} looked at it on {day(review.reviewed_on)}"
    return f"{said}; this holds until {day(review.again_on)}" if each.in_date(on) else f"It was found: {said}"


def warning(each: Entry, on: date) -> str:
    """Why it is not suggested, "" while it is."""
    review = each.review
    if review is None or review.result == Result.NOT or each.in_date(on):
        return ""
    if review.version != each.app.version:
        return "To be looked at again: what is written here has changed since."
    if on > review.again_on:
        return f"To be looked at again: the last review held until {day(review.again_on)}."
    return ""


def state(each: Entry, on: date | None = None) -> str:
    """How it stands, for those who review."""
    on = on or timezone.localdate()
    if each.review is None:
        return "Not reviewed"
    if each.review.result == Result.NOT:
        return "Not for this: shown to nobody"
    if not each.app.published:
        return "Reviewed, not shown yet"
    return "Shown, in date" if each.in_date(on) else "Shown, to be looked at again"


def review_line(review: AppReview) -> str:
    """One review in words."""
    return (
        f"{day(review.reviewed_on)}, {review.organisation.name}: {review.get_result_display().lower()}, "
        f"until {day(review.again_on)}"
    )

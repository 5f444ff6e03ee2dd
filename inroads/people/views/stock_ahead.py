"""What lies ahead in the lending stock: data that ends, days that come up, and what will be missing."""

from datetime import timedelta

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from inroads.accounts import audit
from inroads.accounts.permissions import Permission
from inroads.accounts.queries import highest_where
from inroads.people.actions.forecasts import make_forecast
from inroads.people.models import StockForecast
from inroads.people.presenters import lending as presenters
from inroads.people.queries.loans import coming_up, data_ending, end_of_next_month

TWO_WEEKS = timedelta(days=14)


@require_safe
def data(request: HttpRequest) -> HttpResponse:
    """Loans whose data ends this month and the next, or has ended."""
    today = timezone.localdate()
    lines = [presenters.ending_line(each, today) for each in data_ending(request.user, end_of_next_month(today))]
    note_list(request, "data_ends_listed", people=sum(each.ending.person is not None for each in lines))
    groups = [
        ("Ended", [each for each in lines if each.over]),
        ("This month", [each for each in lines if not each.over and _month(each) == today.month]),
        ("Next month", [each for each in lines if not each.over and _month(each) != today.month]),
    ]
    return render(request, "people/stock_data.html", {"groups": groups, "lines": lines})


@require_safe
def coming(request: HttpRequest) -> HttpResponse:
    """Days that come up: loans to talk about, what is reserved, and who waits for what."""
    found = coming_up(request.user, timezone.localdate() + TWO_WEEKS)
    note_list(request, "loan_days_listed", people=len(found.people))
    context = {
        "due": [(presenters.loan_line(each), found.people.get(each.person_id)) for each in found.due],
        "reserved": [(presenters.loan_line(each), found.people.get(each.person_id)) for each in found.reserved],
        "waits": [(presenters.kind_title(each.kind), each, found.people.get(each.person_id)) for each in found.waits],
        "today": timezone.localdate(),
    }
    return render(request, "people/stock_days.html", context)


@require_safe
def ahead(request: HttpRequest) -> HttpResponse:
    """What will be free or missing in the weeks to come, as it was worked out in the night; at first, now."""
    shown = []
    for place in highest_where(request.user, Permission.LEND):
        kept = StockForecast.objects.filter(organisation=place).first() or make_forecast(place)
        shown.append((place, kept))
    return render(request, "people/stock_forecast.html", {"forecasts": shown})


def _month(line: presenters.EndingLine) -> int:
    return line.ending.loan.data_ends_on.month


def note_list(request: HttpRequest, action: str, **details: int) -> None:
    """Write to the audit trail that a list of the stock was read, and how many people were on it."""
    audit.record_list_read(
        action=action, by=request.user, organisations=highest_where(request.user, Permission.LEND), details=details
    )

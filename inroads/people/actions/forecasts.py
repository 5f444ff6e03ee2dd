"""Working out forecasts of the stock in the background, and keeping the last."""

from dataclasses import asdict

from django.utils import timezone

from inroads.accounts.models import Membership
from inroads.accounts.permissions import Permission, roles_with
from inroads.people.models import Item, StockForecast
from inroads.people.presenters.stock_forecast import forecast_line
from inroads.people.queries.stock_history import history_in
from inroads.reference.definitions.lending import kit
from inroads.reference.models import Organisation
from inroads.reference.organisations import within


def make_forecast(organisation: Organisation) -> StockForecast:
    """The forecast of each kind in the stocks of this organisation and below it, kept until the next."""
    found = history_in(list(within([organisation]).values_list("pk", flat=True)))
    order = [*kit(), *sorted(set(found) - set(kit()))]
    lines = [asdict(forecast_line(found[kind])) for kind in order if kind in found]
    made, _ = StockForecast.objects.update_or_create(
        organisation=organisation, defaults={"made_at": timezone.now(), "lines": lines}
    )
    return made


def make_forecasts() -> int:
    """A forecast for each organisation in which somebody keeps a stock, where there is one. Returns how many."""
    held = Membership.objects.active().filter(role__in=roles_with(Permission.LEND)).values("organisation")
    made = 0
    for each in Organisation.objects.filter(pk__in=held, active=True):
        if Item.objects.filter(organisation__path__startswith=each.path).exists():
            make_forecast(each)
            made += 1
    return made

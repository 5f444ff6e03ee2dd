"""Addresses of what organisations can help with."""

from inroads.accounts.permissions import Permission
from inroads.accounts.routes import page
from inroads.people.views import offers

OFFER = Permission.OFFER_HELP

urlpatterns = [
    page("offers/", offers.offers, name="offers", needs=OFFER),
    page("offers/add/", offers.add_offer, name="add_offer", needs=OFFER),
    page("offers/<int:offer>/room/", offers.set_capacity, name="set_capacity", needs=OFFER),
    page("offers/<int:offer>/end/", offers.end_offer, name="end_offer", needs=OFFER),
]

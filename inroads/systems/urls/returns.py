"""Addresses of returns."""

from inroads.accounts.permissions import Permission
from inroads.accounts.routes import page
from inroads.systems.views import stub as views

urlpatterns = [
    page("returns/", views.stub, name="returns", needs=Permission.SEE_SYSTEM),
]

"""Addresses of the landscape."""

from inroads.accounts.permissions import Permission
from inroads.accounts.routes import page
from inroads.systems.views import stub as views

urlpatterns = [
    page("landscape/", views.stub, name="landscape", needs=Permission.SEE_SYSTEM),
]

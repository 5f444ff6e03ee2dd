"""Addresses of leadership."""

from inroads.accounts.permissions import Permission
from inroads.accounts.routes import page
from inroads.systems.views import stub as views

urlpatterns = [
    page("<uuid:system>/leadership/", views.stub, name="leadership", needs=Permission.SEE_SYSTEM),
]

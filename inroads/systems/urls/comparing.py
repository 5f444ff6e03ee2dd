"""Addresses of voices side by side."""

from inroads.accounts.permissions import Permission
from inroads.accounts.routes import page
from inroads.systems.views import stub as views

urlpatterns = [
    page("<uuid:system>/voices/", views.stub, name="comparisons", needs=Permission.SEE_SYSTEM),
]

"""Addresses of systems and one system."""

from inroads.accounts.permissions import Permission
from inroads.accounts.routes import page
from inroads.systems.views import stub as views

urlpatterns = [
    page("", views.stub, name="index", needs=Permission.SEE_SYSTEM),
    page("<uuid:system>/", views.stub, name="system", needs=Permission.SEE_SYSTEM),
]

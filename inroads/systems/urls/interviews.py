"""Addresses of interviews and stories."""

from inroads.accounts.permissions import Permission
from inroads.accounts.routes import page
from inroads.systems.views import stub as views

urlpatterns = [
    page("<uuid:system>/interviews/", views.stub, name="interviews", needs=Permission.SEE_SYSTEM),
]

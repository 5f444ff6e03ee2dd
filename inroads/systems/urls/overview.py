"""Addresses of the door of the systems loop, and of the first page of a system."""

from inroads.accounts.permissions import Permission
from inroads.accounts.routes import page
from inroads.systems.permissions import ENTERS
from inroads.systems.views import overview as views

urlpatterns = [
    page("", views.index, name="index", needs=ENTERS),
    page("<uuid:system>/", views.system, name="system", needs=Permission.SEE_SYSTEM),
]

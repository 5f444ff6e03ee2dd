"""Addresses of board reports."""

from inroads.accounts.permissions import Permission
from inroads.accounts.routes import page
from inroads.systems.views import stub as views

urlpatterns = [
    page("<uuid:system>/board/", views.stub, name="board", needs=Permission.SEE_SYSTEM),
]

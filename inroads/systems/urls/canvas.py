"""Addresses of the canvas."""

from inroads.accounts.permissions import Permission
from inroads.accounts.routes import page
from inroads.systems.views import stub as views

urlpatterns = [
    page("<uuid:system>/canvas/", views.stub, name="canvas", needs=Permission.SEE_SYSTEM),
]

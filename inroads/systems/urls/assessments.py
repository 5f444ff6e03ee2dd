"""Addresses of self-assessments."""

from inroads.accounts.permissions import Permission
from inroads.accounts.routes import page
from inroads.systems.views import stub as views

urlpatterns = [
    page("<uuid:system>/assessments/", views.stub, name="assessments", needs=Permission.SEE_SYSTEM),
]

"""Addresses of peer review."""

from inroads.accounts.permissions import Permission
from inroads.accounts.routes import page
from inroads.systems.views import stub as views

urlpatterns = [
    page("reviews/", views.stub, name="reviews", needs=Permission.SEE_SYSTEM),
]

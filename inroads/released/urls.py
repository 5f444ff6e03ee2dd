"""Addresses of releases."""

from inroads.accounts.permissions import Permission
from inroads.accounts.routes import page
from inroads.released import views

READERS = (Permission.SEE_PICTURE, Permission.RELEASE_FIGURES)

app_name = "released"
urlpatterns = [
    page("", views.releases, name="list", needs=READERS),
    page("<uuid:release>/", views.one, name="one", needs=READERS),
    page("<uuid:release>/<slug:table>.csv", views.table_file, name="table_file", needs=READERS),
    page("<uuid:release>/<slug:what>/", views.decide, name="decide", needs=Permission.RELEASE_FIGURES),
]

"""Addresses at which returns are loaded. They stand here, above the systems loop, because reading documents does."""

from inroads.accounts.permissions import Permission
from inroads.accounts.routes import page
from inroads.interop.documents import views

app_name = "returns_intake"
urlpatterns = [
    page("new/", views.new, name="new", needs=Permission.KEEP_RETURNS),
    page("<uuid:return_id>/as-read/", views.read, name="read", needs=Permission.KEEP_RETURNS),
]

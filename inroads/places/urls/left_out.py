"""Addresses of the estimates of people who would be left out. Published figures are open: nobody signs in here."""

from inroads.accounts.routes import ANYONE, page
from inroads.places.views import left_out as views

urlpatterns = [
    page("<area:code>/left-out/", views.page, name="left_out", needs=ANYONE),
    page("<area:code>/left-out.csv", views.file, name="left_out_file", needs=ANYONE),
]

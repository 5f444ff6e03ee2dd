"""Addresses of the risk picture. Published figures are open: nobody signs in here."""

from inroads.accounts.routes import ANYONE, page
from inroads.places.views import risk as views

urlpatterns = [
    page("", views.index, name="index", needs=ANYONE),
    page("<area:code>/", views.area, name="area", needs=ANYONE),
    page("<area:code>/table.csv", views.table_file, name="table_file", needs=ANYONE),
    page("<area:code>/columns.csv", views.columns_file, name="columns_file", needs=ANYONE),
    page("<area:code>/sheet/", views.sheet, name="sheet", needs=ANYONE),
    page("<area:code>/groups/", views.groups, name="groups", needs=ANYONE),
    page("<area:code>/libraries/", views.libraries, name="libraries", needs=ANYONE),
    page("<area:code>/libraries.csv", views.libraries_file, name="libraries_file", needs=ANYONE),
    page("<area:code>/sources/", views.sources, name="sources", needs=ANYONE),
]

"""Addresses of places. They follow the codes that publishers use. Published figures are open: nobody signs in here."""

from django.urls import register_converter

from inroads.accounts.routes import ANYONE, page
from inroads.places import views


class AreaCode:
    """A nine-character code of the Office for National Statistics, like E06000046."""

    regex = r"[A-Za-z]\d{8}"

    def to_python(self, value: str) -> str:
        return value.upper()

    def to_url(self, value: str) -> str:
        return value


register_converter(AreaCode, "area")

app_name = "places"
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

"""Addresses of places. They follow the codes that publishers use."""

from django.urls import register_converter


class AreaCode:
    """A nine-character code of the Office for National Statistics, like E06000046."""

    regex = r"[A-Za-z]\d{8}"

    def to_python(self, value: str) -> str:
        return value.upper()

    def to_url(self, value: str) -> str:
        return value


register_converter(AreaCode, "area")

# Each names the converter, so they come after it.
from inroads.places.urls import access, left_out, outreach, real, risk, steps  # noqa: E402

app_name = "places"
urlpatterns = [
    *risk.urlpatterns,
    *real.urlpatterns,
    *access.urlpatterns,
    *left_out.urlpatterns,
    *steps.urlpatterns,
    *outreach.urlpatterns,
]

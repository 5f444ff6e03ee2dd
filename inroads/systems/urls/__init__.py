"""Addresses of the systems loop."""

from inroads.systems.urls import (
    assessments,
    board,
    canvas,
    comparing,
    interviews,
    landscape,
    leading,
    overview,
    returns,
    reviews,
)

app_name = "systems"
urlpatterns = [
    *overview.urlpatterns,
    # What ends in a fixed word stands before what ends in a criterion.
    *reviews.urlpatterns,
    *assessments.urlpatterns,
    *returns.urlpatterns,
    *interviews.urlpatterns,
    *landscape.urlpatterns,
    *comparing.urlpatterns,
    *canvas.urlpatterns,
    *leading.urlpatterns,
    *board.urlpatterns,
]

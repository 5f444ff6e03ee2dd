"""Which addresses the people loop has."""

from inroads.people.urls import records

app_name = "people"
urlpatterns = [*records.urlpatterns]

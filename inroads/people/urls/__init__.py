"""Which addresses the people loop has."""

from inroads.people.urls import conversations, records

app_name = "people"
urlpatterns = [*records.urlpatterns, *conversations.urlpatterns]

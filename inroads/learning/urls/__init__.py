"""Which addresses the learning room has."""

from inroads.learning.urls import apps

app_name = "learning"
urlpatterns = [*apps.urlpatterns]

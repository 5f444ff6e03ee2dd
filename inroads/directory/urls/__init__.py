"""Which addresses the directory has."""

from inroads.directory.urls import finding, own

app_name = "directory"
urlpatterns = [
    *finding.urlpatterns,
    *own.urlpatterns,
]

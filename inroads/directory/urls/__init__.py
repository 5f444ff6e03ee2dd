"""Which addresses the directory has."""

from inroads.directory.urls import feeds, finding, own

app_name = "directory"
urlpatterns = [
    *feeds.urlpatterns,
    *finding.urlpatterns,
    *own.urlpatterns,
]

"""Which addresses the directory has."""

app_name = "directory"
urlpatterns: list = []

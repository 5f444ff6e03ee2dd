"""Addresses at which the framework and returns are exchanged with other programs, as REFI-QDA."""

from inroads.accounts.permissions import Permission
from inroads.accounts.routes import ANYONE, page
from inroads.interop.qdpx import views

OF_RETURNS = (Permission.READ_RETURNS, Permission.KEEP_RETURNS)
app_name = "exchange"
urlpatterns = [
    page("framework/<slug:edition>/codebook.qdc", views.codebook, name="codebook", needs=ANYONE),
    page("framework/<slug:edition>/codebook/beside/", views.compared, name="compared", needs=OF_RETURNS),
    page("returns/<uuid:return_id>/project.qdpx", views.project, name="project", needs=OF_RETURNS),
    page("returns/<uuid:return_id>/coded-elsewhere/", views.coded, name="coded", needs=OF_RETURNS),
    page("waves/<uuid:wave>/returns.qdpx", views.wave_project, name="wave", needs=Permission.KEEP_RETURNS),
]

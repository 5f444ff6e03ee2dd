"""Addresses of the post: what has to be settled, letters to print, and how the background work stands."""

from inroads.accounts.permissions import Permission
from inroads.accounts.routes import page
from inroads.post import views
from inroads.post.queries import SETTLING

app_name = "post"
urlpatterns = [
    page("", views.to_settle, name="to_settle", needs=SETTLING),
    page("jobs/", views.jobs, name="jobs", needs=Permission.SEE_AUDIT_TRAIL),
    page("letters/", views.letters, name="letters", needs=SETTLING),
    page("letters/all/", views.all_letters, name="all_letters", needs=SETTLING),
    page("letters/printed/", views.printed, name="printed", needs=SETTLING),
    page("letters/<uuid:message>/", views.letter, name="letter", needs=SETTLING),
    page("<uuid:message>/again/", views.again, name="again", needs=SETTLING),
    page("<uuid:message>/arrived/", views.arrived, name="arrived", needs=SETTLING),
    page("<uuid:message>/otherwise/", views.told_otherwise, name="told_otherwise", needs=SETTLING),
]

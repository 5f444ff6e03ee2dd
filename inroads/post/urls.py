"""Addresses of the post: what has to be settled, letters to print, and how the background work stands."""

from inroads.accounts.permissions import Permission
from inroads.accounts.routes import page
from inroads.post import views

WORK = Permission.WORK_WITH_PEOPLE

app_name = "post"
urlpatterns = [
    page("", views.to_settle, name="to_settle", needs=WORK),
    page("jobs/", views.jobs, name="jobs", needs=Permission.SEE_AUDIT_TRAIL),
    page("letters/", views.letters, name="letters", needs=WORK),
    page("letters/all/", views.all_letters, name="all_letters", needs=WORK),
    page("letters/printed/", views.printed, name="printed", needs=WORK),
    page("letters/<uuid:message>/", views.letter, name="letter", needs=WORK),
    page("<uuid:message>/again/", views.again, name="again", needs=WORK),
    page("<uuid:message>/arrived/", views.arrived, name="arrived", needs=WORK),
    page("<uuid:message>/otherwise/", views.told_otherwise, name="told_otherwise", needs=WORK),
]

"""Addresses of a record's history."""

from inroads.accounts.permissions import Permission
from inroads.accounts.routes import page
from inroads.people.views import timeline

WORK = Permission.WORK_WITH_PEOPLE
TIMELINE = "<uuid:person>/timeline/"

urlpatterns = [
    page(TIMELINE, timeline.timeline, name="timeline", needs=WORK),
    page(f"{TIMELINE}<str:day>/", timeline.on_day, name="on_day", needs=WORK),
]

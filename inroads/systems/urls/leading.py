"""Addresses of leadership."""

from inroads.accounts.permissions import Permission
from inroads.accounts.routes import page
from inroads.systems.views import leading as views

SEE, WRITE = Permission.SEE_SYSTEM, Permission.ASSESS
HERE = "<uuid:system>/leadership/"
AGENDA = f"{HERE}agenda/"

urlpatterns = [
    page(HERE, views.leadership, name="leadership", needs=SEE),
    # What is a fixed word stands before what is a role.
    page(AGENDA, views.agenda, name="agenda", needs=SEE),
    page(f"{AGENDA}new/", views.put, name="agenda_new", needs=WRITE),
    page(f"{AGENDA}<int:item>/", views.became, name="agenda_became", needs=WRITE),
    page(f"{HERE}<int:role>/end/", views.end, name="leadership_end", needs=WRITE),
    page(f"{HERE}<slug:post>/", views.hold, name="leadership_hold", needs=WRITE),
]

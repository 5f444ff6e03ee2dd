"""Addresses of papers."""

from inroads.accounts.permissions import Permission
from inroads.accounts.routes import page
from inroads.people.views import paper

WORK = Permission.WORK_WITH_PEOPLE

urlpatterns = [
    page("paper/", paper.key_paper, name="key_paper", needs=WORK),
    page("<uuid:person>/paper/", paper.papers, name="papers", needs=WORK),
    page("<uuid:person>/paper/<int:paper>/", paper.paper_file, name="paper_file", needs=WORK),
    page("<uuid:person>/paper/<int:paper>/key/", paper.key, name="key", needs=WORK),
]

"""Addresses of conversations."""

from inroads.accounts.permissions import Permission
from inroads.accounts.routes import page
from inroads.people.views import conversations

WORK = Permission.WORK_WITH_PEOPLE
ALL = "<uuid:person>/conversations/"
ONE = f"{ALL}<uuid:conversation>/"

urlpatterns = [
    page(ALL, conversations.conversations, name="conversations", needs=WORK),
    page(f"{ALL}begin/", conversations.begin, name="begin", needs=WORK),
    page(f"{ALL}expect/", conversations.expect, name="expect", needs=WORK),
    page("<uuid:person>/happened/", conversations.event, name="event", needs=WORK),
    page(ONE, conversations.conversation, name="conversation", needs=WORK),
    page(f"{ONE}finish/", conversations.finish, name="finish", needs=WORK),
    page(f"{ONE}ask/<slug:topic>/", conversations.ask, name="ask", needs=WORK),
]

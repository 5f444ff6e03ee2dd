"""Addresses for those who keep a directory: feeds, and what may be listed twice."""

from inroads.accounts.permissions import Permission
from inroads.accounts.routes import page
from inroads.directory.views import feeds

KEEP = Permission.KEEP_DIRECTORY

urlpatterns = [
    page("feeds/", feeds.feeds, name="feeds", needs=KEEP),
    page("feeds/<int:run>/", feeds.feed, name="feed", needs=KEEP),
    page("duplicates/", feeds.duplicates, name="duplicates", needs=KEEP),
    page("duplicates/look/", feeds.look_for_duplicates, name="look_for_duplicates", needs=KEEP),
    page("duplicates/settled/", feeds.duplicates_settled, name="duplicates_settled", needs=KEEP),
    page("duplicates/<int:pair>/", feeds.settle_duplicates, name="settle_duplicates", needs=KEEP),
]

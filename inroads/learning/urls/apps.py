"""Addresses of the library of apps."""

from inroads.accounts.permissions import Permission
from inroads.accounts.routes import ANYONE, page
from inroads.learning.views import apps

REVIEW = Permission.REVIEW_APPS
APP = "apps/<slug:app>/"

# Those with words in the place of an app's name come first; `NO_NAMES` keeps apps from being called so.
urlpatterns = [
    page("apps/", apps.apps, name="apps", needs=ANYONE),
    page("apps/reviewing/", apps.reviewing, name="reviewing", needs=REVIEW),
    page("apps/add/", apps.add_app, name="add_app", needs=REVIEW),
    page("apps/load/", apps.load_apps, name="load_apps", needs=REVIEW),
    page(APP, apps.app, name="app", needs=ANYONE),
    page(f"{APP}change/", apps.change_app, name="change_app", needs=REVIEW),
    page(f"{APP}review/", apps.review_app, name="review_app", needs=REVIEW),
    page(f"{APP}show/", apps.show_app, name="show_app", needs=REVIEW),
    page(f"{APP}hide/", apps.hide_app, name="hide_app", needs=REVIEW),
]

"""Addresses for those who keep a touchpoint: signed in, or through its own link."""

from inroads.accounts.permissions import Permission
from inroads.accounts.routes import ANYONE, page
from inroads.directory.views import own

KEEP = Permission.KEEP_DIRECTORY
EDIT = (Permission.OFFER_HELP, KEEP)
ONE = "touchpoints/<uuid:touchpoint>/"
LINK = "link/<str:token>/"
OF_BOTH = (
    ("", own.touchpoint, "touchpoint"),
    ("change/", own.change_touchpoint, "change_touchpoint"),
    ("add/", own.add_service, "add_service"),
    ("<uuid:service>/change/", own.change_service, "change_service"),
    ("<uuid:service>/room/", own.set_capacity, "set_capacity"),
    ("<uuid:service>/check/", own.check, "check"),
    ("<uuid:service>/end/", own.end, "end"),
    ("<uuid:service>/again/", own.restart, "restart"),
)

urlpatterns = [
    page("own/", own.own, name="own", needs=EDIT),
    page("own/<uuid:organisation>/begin/", own.begin, name="begin", needs=Permission.OFFER_HELP),
    page("touchpoints/add/", own.add_touchpoint, name="add_touchpoint", needs=KEEP),
    *(page(f"{ONE}{rest}", view, name=name, needs=EDIT) for rest, view, name in OF_BOTH),
    page(f"{ONE}private/", own.set_private, name="set_private", needs=KEEP),
    page(f"{ONE}link/", own.give_link, name="give_link", needs=EDIT),
    *(page(f"{LINK}{rest}", view, name=f"linked_{name}", needs=ANYONE) for rest, view, name in OF_BOTH),
]

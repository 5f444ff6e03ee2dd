"""Addresses of outreach plans."""

from inroads.accounts.permissions import Permission
from inroads.accounts.routes import page
from inroads.places.permissions import SEES_PLANS
from inroads.places.views import outreach as views

PLAN = Permission.PLAN_STEPS
WALK = "outreach/<uuid:outreach>/"

urlpatterns = [
    page("<area:code>/outreach/", views.outreaches, name="outreaches", needs=SEES_PLANS),
    page("<area:code>/outreach/add/", views.add, name="outreach_add", needs=PLAN),
    page(WALK, views.outreach, name="outreach", needs=SEES_PLANS),
    page(f"{WALK}sheet/", views.sheet, name="outreach_sheet", needs=SEES_PLANS),
    page(f"{WALK}change/", views.change, name="outreach_change", needs=PLAN),
    page(f"{WALK}done/", views.done, name="outreach_done", needs=PLAN),
    page(f"{WALK}not-held/", views.not_held, name="outreach_not_held", needs=PLAN),
]

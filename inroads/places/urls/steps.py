"""Addresses of small steps of a place."""

from inroads.accounts.permissions import Permission
from inroads.accounts.routes import page
from inroads.places.permissions import SEES_PLANS
from inroads.places.views import steps as views

PLAN = Permission.PLAN_STEPS
STEP = "steps/<uuid:step>/"

urlpatterns = [
    page("<area:code>/steps/", views.steps, name="steps", needs=SEES_PLANS),
    page("<area:code>/steps/new/", views.new, name="step_new", needs=PLAN),
    page(STEP, views.step, name="step", needs=SEES_PLANS),
    page(f"{STEP}change/", views.change, name="step_change", needs=PLAN),
    page(f"{STEP}cycle/", views.cycle, name="step_cycle", needs=PLAN),
    page(f"{STEP}cycle/<slug:part>/", views.cycle_part, name="step_cycle_part", needs=PLAN),
    page(f"{STEP}scale/", views.scale, name="step_scale", needs=PLAN),
    page(f"{STEP}end/", views.end, name="step_end", needs=PLAN),
]

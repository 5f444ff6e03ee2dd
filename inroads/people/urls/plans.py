"""Addresses of plans: steps, reviews, help by hour, whether a step helped, and plans that are due."""

from inroads.accounts.permissions import Permission
from inroads.accounts.routes import page
from inroads.people.views import plans

WORK = Permission.WORK_WITH_PEOPLE
PLAN = "<uuid:person>/plan/"

urlpatterns = [
    page("due/", plans.due, name="due", needs=WORK),
    page(PLAN, plans.plan, name="plan", needs=WORK),
    page(f"{PLAN}add/", plans.add_step, name="add_step", needs=WORK),
    page(f"{PLAN}add/<slug:barrier>/<slug:suggested>/", plans.add_step, name="add_suggested", needs=WORK),
    page(f"{PLAN}review/", plans.review, name="review", needs=WORK),
    page(f"{PLAN}times/add/", plans.add_help_at_time, name="add_help_at_time", needs=WORK),
    page(f"{PLAN}times/<int:time>/end/", plans.end_help_at_time, name="end_help_at_time", needs=WORK),
    page(f"{PLAN}<int:step>/", plans.change_step, name="change_step", needs=WORK),
    page(f"{PLAN}<int:step>/helped/", plans.helped, name="helped", needs=WORK),
]

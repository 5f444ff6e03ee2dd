"""Addresses of choices, for those who work with people."""

from inroads.accounts.permissions import Permission
from inroads.accounts.routes import page
from inroads.people.views import choices

WORK = Permission.WORK_WITH_PEOPLE
ALL = "<uuid:person>/choices/"
ONE = f"{ALL}<int:stage>/"

urlpatterns = [
    page(ALL, choices.choices, name="choices", needs=WORK),
    page(ONE, choices.choose, name="choose", needs=WORK),
    page(f"{ONE}here/", choices.come_to_stage, name="come_to_stage", needs=WORK),
]

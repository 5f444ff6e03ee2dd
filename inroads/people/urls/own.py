"""Addresses of a person's own pages, and of those whom they trust."""

from inroads.accounts.permissions import Permission
from inroads.accounts.routes import page
from inroads.people.views import own

OWN = Permission.SEE_OWN_CHOICES
ONE = "own/<uuid:person>/"

urlpatterns = [
    page("own/", own.own, name="own", needs=OWN),
    page("own/code/", own.own_code, name="own_code", needs=OWN),
    page(ONE, own.own_record, name="own_record", needs=OWN),
    page(f"{ONE}told/", own.own_told, name="own_told", needs=OWN),
    page(f"{ONE}choices/<int:stage>/", own.own_choose, name="own_choose", needs=OWN),
    page(f"{ONE}referrals/<uuid:referral>/back/", own.own_take_back, name="own_take_back", needs=OWN),
    page(f"{ONE}trusted/<int:trusted>/end/", own.own_end_trust, name="own_end_trust", needs=OWN),
]

"""Addresses of lists, records and what is kept about who somebody is."""

from inroads.accounts.permissions import Permission
from inroads.accounts.routes import page
from inroads.people.views import records

WORK = Permission.WORK_WITH_PEOPLE
ONE = "<uuid:person>/"

urlpatterns = [
    page("", records.people, name="list", needs=WORK),
    page("find/", records.find, name="find", needs=WORK),
    page("add/", records.add_person, name="add", needs=WORK),
    page(ONE, records.record, name="record", needs=WORK),
    page(f"{ONE}details/", records.details, name="details", needs=WORK),
    page(f"{ONE}preferences/", records.preferences, name="preferences", needs=WORK),
    page(f"{ONE}trusted/", records.trusted, name="trusted", needs=WORK),
    page(f"{ONE}trusted/<int:trusted>/end/", records.end_trust, name="end_trust", needs=WORK),
    page(f"{ONE}trusted/<int:trusted>/code/", records.give_code, name="give_trusted_code", needs=WORK),
    page(f"{ONE}code/", records.give_code, name="give_code", needs=WORK),
    page(f"{ONE}appointments/add/", records.book, name="book", needs=WORK),
    page(f"{ONE}appointments/<uuid:appointment>/cancel/", records.cancel, name="cancel", needs=WORK),
]

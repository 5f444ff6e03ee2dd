"""Addresses of mentors, champions, pairings, sessions and drop-ins."""

from inroads.accounts.permissions import Permission
from inroads.accounts.routes import page
from inroads.people.views import drop_ins, mentors, pairings

KEEP = Permission.KEEP_MENTORS
WORK = Permission.WORK_WITH_PEOPLE
OF_PERSON = "<uuid:person>/mentors/"

urlpatterns = [
    page("mentors/", mentors.mentors, name="mentors", needs=KEEP),
    page("mentors/add/", mentors.add_mentor, name="add_mentor", needs=KEEP),
    page("mentors/<int:mentor>/", mentors.change_mentor, name="change_mentor", needs=KEEP),
    page("mentors/<int:mentor>/supervision/", mentors.supervise_mentor, name="supervise_mentor", needs=KEEP),
    page("mentors/mine/", pairings.own_pairings, name="own_pairings", needs=WORK),
    page("mentors/mine/<int:own_pairing>/", pairings.log_own_session, name="log_own_session", needs=WORK),
    page("champions/", mentors.champions, name="champions", needs=WORK),
    page("drop-ins/", drop_ins.drop_ins, name="drop_ins", needs=KEEP),
    page("drop-ins/add/", drop_ins.add_drop_in, name="add_drop_in", needs=KEEP),
    page("drop-ins/<int:drop_in>/came/", drop_ins.count_drop_in, name="count_drop_in", needs=KEEP),
    page("drop-ins/<int:drop_in>/end/", drop_ins.end_drop_in, name="end_drop_in", needs=KEEP),
    page(OF_PERSON, mentors.person_mentors, name="person_mentors", needs=WORK),
    page(f"{OF_PERSON}<int:mentor>/begin/", pairings.begin_pairing, name="begin_pairing", needs=WORK),
    page(f"{OF_PERSON}<int:pairing>/session/", pairings.log_session, name="log_session", needs=WORK),
    page(
        f"{OF_PERSON}sessions/<int:session>/mistake/", pairings.take_back_session, name="take_back_session", needs=WORK
    ),
    page(f"{OF_PERSON}<int:pairing>/end/", pairings.end_pairing, name="end_pairing", needs=WORK),
]

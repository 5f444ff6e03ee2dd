"""Addresses of referrals, and of those who are to be told or asked something."""

from inroads.accounts.permissions import Permission
from inroads.accounts.routes import page
from inroads.people.views import contacts, referrals

WORK = Permission.WORK_WITH_PEOPLE
ALL = "<uuid:person>/referrals/"
ONE = f"{ALL}<uuid:referral>/"

urlpatterns = [
    page("referrals/", referrals.waiting, name="referrals_waiting", needs=WORK),
    page("referrals/received/", referrals.received, name="referrals_received", needs=Permission.OFFER_HELP),
    page("contacts/", contacts.contacts, name="contacts", needs=WORK),
    page("contacts/<uuid:contact>/", contacts.record_contact, name="record_contact", needs=WORK),
    page(ALL, referrals.referrals, name="referrals", needs=WORK),
    page(f"{ALL}find/", referrals.who_could_help, name="who_could_help", needs=WORK),
    page(f"{ALL}ask/<uuid:service>/", referrals.refer, name="refer", needs=WORK),
    page(ONE, referrals.referral, name="referral", needs=WORK),
    page(f"{ONE}send/", referrals.send, name="send_referral", needs=WORK),
    page(f"{ONE}withdraw/", referrals.withdraw, name="withdraw_referral", needs=WORK),
    page(f"{ONE}heard/", referrals.heard, name="heard", needs=WORK),
    page(f"{ONE}told/", referrals.told_back, name="told_back", needs=WORK),
    page(f"{ONE}letter.pdf", referrals.letter, name="referral_letter", needs=WORK),
]

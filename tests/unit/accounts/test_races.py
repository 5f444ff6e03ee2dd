"""Several people acting in the same moment."""

from races import TOGETHER


def test_four_processes_writing_at_once_leave_one_whole_chain(race):
    write = "for n in range(25): audit.record(action='raced', by=None, details={'writer': int(sys.argv[1]), 'n': n})"
    race(TOGETHER + write, ["0", "1", "2", "3"])
    ((ok, count),) = race("outcome = audit.verify(); print(outcome.ok, outcome.count)")
    assert (ok, count) == ("True", "100")


PREPARE = """
england = add_organisation(kind="england", name="England", parent=None)
for number in range(8):
    region = add_organisation(kind="region", name=f"Region {number}", parent=england, ods_code=f"Y{number}")
    for letter in "ab":
        name = f"{letter}{number}"
        user = User.objects.create_user(f"{name}@example.org", f"Administrator {name}", "a password")
        Membership.objects.create(user=user, role="administrator", organisation=region, starts_on=date(2026, 1, 1))
"""


def test_two_administrators_who_leave_at_once_do_not_leave_nobody(race):
    race(PREPARE)
    leave = """
for number in range(8):
    user = User.objects.get(email=f"{sys.argv[1]}{number}@example.org")
    try:
        actions.end_membership(membership=user.memberships.get(), by=user)
        print("left")
    except actions.Refused:
        print("refused")
"""
    said = race(TOGETHER + leave, ["a", "b"])
    assert [sorted(pair) for pair in zip(*said, strict=True)] == [["left", "refused"]] * 8
    (remaining,) = race("print(*(m.organisation.ods_code for m in Membership.objects.active()))")
    assert sorted(remaining) == [f"Y{number}" for number in range(8)]


def test_two_administrators_who_add_the_same_person_at_once_make_one_account(race):
    race(PREPARE)
    add = """
for number in range(8):
    by = User.objects.get(email=f"{sys.argv[1]}{number}@example.org")
    try:
        actions.add_person(
            email=f"New{number}@example.org", full_name="New", role="national_lead",
            organisation=Organisation.objects.get(ods_code=f"Y{number}"), starts_on=date(2026, 1, 1), by=by,
        )
        print("added")
    except actions.Refused:
        print("refused")
"""
    said = race(TOGETHER + add, ["a", "b"])
    assert [sorted(pair) for pair in zip(*said, strict=True)] == [["added", "refused"]] * 8
    ((accounts, ok),) = race("print(User.objects.filter(full_name='New').count(), audit.verify().ok)")
    assert (accounts, ok) == ("8", "True")


def test_one_code_given_to_three_processes_at_once_lets_one_in(race):
    race(PREPARE)
    race("""
from allauth.mfa.totp.internal.auth import TOTP
for user in User.objects.all():
    TOTP.activate(user, "JBSWY3DPEHPK3PXP")
""")
    use = """
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal import auth
# The clock stands still, so that no code changes between two processes.
auth.yield_hotp_counters_from_time = lambda: iter([1])
code = auth.format_hotp_value(auth.hotp_value("JBSWY3DPEHPK3PXP", 1))
for kept in Authenticator.objects.order_by("user__email"):
    print("in" if auth.TOTP(kept).validate_code(code) else "refused")
"""
    said = race(TOGETHER + use, ["0", "1", "2"])
    assert [sorted(tries) for tries in zip(*said, strict=True)] == [["in", "refused", "refused"]] * 16


WRONG_CODE = """
from allauth.core import context
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.test import RequestFactory
from inroads.accounts.sign_in.forms import CodeForm
from inroads.accounts.models import AuditEntry
"""


def test_wrong_codes_given_at_once_are_counted_like_others(race):
    make = "user = User.objects.create_user('pat@example.org', 'Pat', 'x'); TOTP.activate(user, generate_totp_secret())"
    race(WRONG_CODE + make)
    give = """
user = User.objects.get()
with context.request_context(RequestFactory().post("/")):
    for n in range(4):
        assert not CodeForm(data={"code": "not-one"}, user=user).is_valid()
"""
    race(WRONG_CODE + TOGETHER + give, ["0", "1", "2", "3"])
    ((count,),) = race(WRONG_CODE + "print(AuditEntry.objects.filter(action='second_step_failed').count())")
    assert count == "5"


WRONG_PASSWORD = """
from django.conf import settings
from django.test import Client
settings.ALLOWED_HOSTS = ["testserver"]
"""


def test_wrong_passwords_given_at_once_are_counted_like_others(race):
    race("User.objects.create_user('pat@example.org', 'Pat', 'three unlikely words')")
    give = """
tried = 0
def slowly(user, password):
    global tried
    tried += 1
    time.sleep(0.3)
    return False
User.check_password = slowly
for n in range(3):
    Client().post("/accounts/sign-in/", {"login": "pat@example.org", "password": "wrong"})
print(tried)
"""
    said = race(WRONG_PASSWORD + TOGETHER + give, ["0", "1", "2", "3"])
    assert sum(int(tried) for (tried,) in said) == 5
    ((status,),) = race(
        WRONG_PASSWORD
        + """
answer = Client().post("/accounts/sign-in/", {"login": "pat@example.org", "password": "three unlikely words"})
print(answer.status_code)
"""
    )
    assert status == "429"

"""Addresses below /accounts/. The sign-in package's views are named one by one, under the names it looks up itself."""

from functools import partial

from allauth.account import views as account
from allauth.mfa.base import views as second_step
from allauth.mfa.recovery_codes import views as recovery_codes
from allauth.mfa.totp import views as app
from allauth.mfa.webauthn import views as passkeys
from django.urls import include, path, register_converter

from inroads.accounts import views
from inroads.accounts.audit import views as audit_views
from inroads.accounts.permissions import Permission
from inroads.accounts.routes import ANYONE, SIGNED_IN, page
from inroads.accounts.sign_in.second_step import SecondStep

# Pages of one's own account stay open before a second step is set up or shown; those that change how somebody signs in
# open only after a second step that is there has been shown.
own_page = partial(page, second_step=SecondStep.NEVER)
securing_page = partial(page, second_step=SecondStep.IF_THERE_IS_ONE)
MANAGE = Permission.MANAGE_MEMBERSHIPS
SEE_PEOPLE = Permission.SEE_PEOPLE_WHO_SIGN_IN


class PersonHex:
    """A person's id as 32 letters and digits, which cannot hold the dash that separates it from the key."""

    regex = "[0-9a-zA-Z]+"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


register_converter(PersonHex, "person_hex")

people_and_trail = [
    own_page("second-step/needed/", views.second_step_needed, name="second_step_needed", needs=SIGNED_IN),
    # The mark on the form permits: what is typed is kept even where the session has ended meanwhile.
    page("typed/", views.keep_typed, name="keep_typed", needs=ANYONE),
    page("typed/throw-away/", views.throw_away_typed, name="throw_away_typed", needs=SIGNED_IN, while_handed_over=True),
    page("take-back/", views.take_back, name="take_back", needs=SIGNED_IN, while_handed_over=True),
    page("people/", views.people, name="people", needs=SEE_PEOPLE),
    page("people/add/", views.add_person, name="add_person", needs=MANAGE),
    page("people/<uuid:person>/", views.person, name="person", needs=SEE_PEOPLE),
    page("people/<uuid:person>/roles/add/", views.add_membership, name="add_membership", needs=MANAGE),
    page(
        "people/<uuid:person>/roles/<uuid:membership>/end/", views.end_membership, name="end_membership", needs=MANAGE
    ),
    page("people/<uuid:person>/link/", views.new_link, name="new_link", needs=MANAGE),
    page("people/<uuid:person>/second-step/", views.remove_second_step, name="remove_second_step", needs=MANAGE),
    page("people/<uuid:person>/stop/", views.stop, name="stop", needs=MANAGE),
    page("people/<uuid:person>/restart/", views.restart, name="restart", needs=MANAGE),
    page("audit/", audit_views.trail, name="audit", needs=Permission.SEE_AUDIT_TRAIL),
    page("audit/check/", audit_views.check, name="audit_check", needs=Permission.VERIFY_AUDIT_TRAIL),
]

urlpatterns = [
    own_page("", views.own_account, name="account", needs=Permission.SEE_OWN_ACCOUNT),
    page("sign-in/", account.login, name="account_login", needs=ANYONE),
    page("sign-out/", account.logout, name="account_logout", needs=ANYONE),
    page("stopped/", account.account_inactive, name="account_inactive", needs=ANYONE),
    page("joining/", views.joining, name="account_signup", needs=ANYONE),
    own_page("confirm/", account.reauthenticate, name="account_reauthenticate", needs=SIGNED_IN),
    securing_page("password/", views.change_password, name="account_change_password", needs=SIGNED_IN),
    page("password/forgotten/", views.forgotten_password, name="account_reset_password", needs=ANYONE),
    page("password/forgotten/sent/", account.password_reset_done, name="account_reset_password_done", needs=ANYONE),
    page(
        "password/set/<person_hex:uidb36>-<str:key>/",
        account.password_reset_from_key,
        name="account_reset_password_from_key",
        needs=ANYONE,
    ),
    page(
        "password/set/done/",
        account.password_reset_from_key_done,
        name="account_reset_password_from_key_done",
        needs=ANYONE,
    ),
    own_page("second-step/", second_step.index, name="mfa_index", needs=SIGNED_IN),
    # Between password and second step nobody is signed in yet; the view sends away whoever is not at that point.
    page("second-step/code/", views.second_step_code, name="mfa_authenticate", needs=ANYONE),
    own_page("second-step/confirm/", second_step.reauthenticate, name="mfa_reauthenticate", needs=SIGNED_IN),
    securing_page("second-step/app/add/", app.activate_totp, name="mfa_activate_totp", needs=SIGNED_IN),
    securing_page("second-step/app/remove/", app.deactivate_totp, name="mfa_deactivate_totp", needs=SIGNED_IN),
    securing_page(
        "second-step/recovery-codes/",
        recovery_codes.view_recovery_codes,
        name="mfa_view_recovery_codes",
        needs=SIGNED_IN,
    ),
    securing_page(
        "second-step/recovery-codes/new/",
        recovery_codes.generate_recovery_codes,
        name="mfa_generate_recovery_codes",
        needs=SIGNED_IN,
    ),
    securing_page(
        "second-step/recovery-codes/download/",
        recovery_codes.download_recovery_codes,
        name="mfa_download_recovery_codes",
        needs=SIGNED_IN,
    ),
    securing_page("second-step/passkeys/", passkeys.list_webauthn, name="mfa_list_webauthn", needs=SIGNED_IN),
    securing_page("second-step/passkeys/add/", passkeys.add_webauthn, name="mfa_add_webauthn", needs=SIGNED_IN),
    own_page(
        "second-step/passkeys/confirm/",
        passkeys.reauthenticate_webauthn,
        name="mfa_reauthenticate_webauthn",
        needs=SIGNED_IN,
    ),
    page("second-step/passkeys/sign-in/", views.passkey_sign_in, name="mfa_login_webauthn", needs=ANYONE),
    securing_page(
        "second-step/passkeys/<int:pk>/remove/", passkeys.remove_webauthn, name="mfa_remove_webauthn", needs=SIGNED_IN
    ),
    securing_page(
        "second-step/passkeys/<int:pk>/name/", passkeys.edit_webauthn, name="mfa_edit_webauthn", needs=SIGNED_IN
    ),
    path("", include((people_and_trail, "accounts"))),
]

"""The sign-in package's forms in our words, and without placeholders. Settings: ACCOUNT_FORMS and MFA_FORMS."""

from typing import Any

from allauth.account import forms as account_forms
from allauth.account.adapter import get_adapter as get_account_adapter
from allauth.core import context
from allauth.mfa.base import forms as code_forms
from allauth.mfa.models import Authenticator
from allauth.mfa.totp import forms as totp_forms
from allauth.mfa.totp.internal.auth import TOTP
from allauth.mfa.webauthn import forms as passkey_forms
from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import MaxLengthValidator
from django.db import transaction

from inroads.accounts import audit
from inroads.accounts.models import User
from inroads.accounts.sign_in.half_way import STOPPED
from inroads.accounts.sign_in.lockout import too_many_wrong_codes
from inroads.accounts.sign_in.second_step import remember_added_here

PASSWORD_HINT = "At least 12 characters, for example three words that do not belong together"  # noqa: S105


def _words(form: forms.Form, name: str, *, label: str, missing: str, hint: str = "") -> None:
    """Give a field of the sign-in package our label, hint and error."""
    if (field := form.fields.get(name)) is None:
        return
    field.label, field.help_text = label, hint
    field.error_messages["required"] = missing
    field.widget.attrs.pop("placeholder", None)


class SignInForm(account_forms.LoginForm):
    """E-mail address and password."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _words(self, "login", label="Email address", missing="Enter your email address")
        self.fields["login"].widget = forms.EmailInput(attrs={"autocomplete": "username"})
        self.fields["login"].error_messages["invalid"] = "Enter an email address, like name@example.org"
        longest = User._meta.get_field("email").max_length
        others = [each for each in self.fields["login"].validators if not isinstance(each, MaxLengthValidator)]
        too_long = f"Enter an email address of at most {longest} characters"
        self.fields["login"].validators = [*others, MaxLengthValidator(longest, too_long)]
        self.fields["login"].max_length = longest
        _words(self, "password", label="Password", missing="Enter your password")


class PasswordAgainForm(account_forms.ReauthenticateForm):
    """The password once more, before something that secures the account is changed."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _words(self, "password", label="Password", missing="Enter your password")


class _NewPassword:
    """Two fields for a new password, in our words."""

    def _name_fields(self: Any) -> None:
        _words(self, "password1", label="New password", missing="Enter a new password", hint=PASSWORD_HINT)
        _words(self, "password2", label="New password again", missing="Enter the new password again")

    def clean(self: Any) -> dict[str, Any]:
        cleaned = forms.Form.clean(self) or {}
        first, second = cleaned.get("password1"), cleaned.get("password2")
        if first and second and first != second:
            self.add_error("password2", "The two passwords differ. Enter the same new password twice")
        return cleaned


class ChangePasswordForm(_NewPassword, account_forms.ChangePasswordForm):
    """The current password, and a new one twice."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _words(self, "oldpassword", label="Current password", missing="Enter your current password")
        self._name_fields()

    def clean_oldpassword(self) -> str:
        """Asked through the lock-out: whoever sits down at somebody's open session must not guess here either."""
        given = self.cleaned_data["oldpassword"]
        if not get_account_adapter().reauthenticate(self.user, given):
            raise get_account_adapter().validation_error("enter_current_password")
        return given


class SetPasswordForm(_NewPassword, account_forms.ResetPasswordKeyForm):
    """A new password twice, behind a one-time link."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._name_fields()


class _LimitedCode:
    """A code is looked at only while the account has tries left."""

    def _name_field(self: Any) -> None:
        _words(
            self,
            "code",
            label="Code",
            missing="Enter the code from your app, or a recovery code",
            hint="The 6 numbers your authenticator app shows now, or one of your recovery codes",
        )

    def clean_code(self: Any) -> str:
        # Counting, looking and writing down are one turn: codes that are sent all at once are counted like others. The
        # refusal is raised afterwards, so that the entry about the wrong code stays.
        with transaction.atomic():
            audit.hold()
            if too_many_wrong_codes(self.user):
                refusal = ValidationError(
                    "There have been too many wrong codes. Wait 15 minutes, then try again, or ask your administrator"
                )
            else:
                try:
                    return super().clean_code()  # type: ignore[misc]
                except ValidationError as wrong:
                    refusal = wrong
        raise refusal


class CodeForm(_LimitedCode, code_forms.AuthenticateForm):
    """The code after the password."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._name_field()


class CodeAgainForm(_LimitedCode, code_forms.ReauthenticateForm):
    """A code once more, before something that secures the account is changed."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._name_field()


class _Adding:
    """Whoever adds an app or a passkey has just shown that they hold it."""

    def clean(self: Any) -> dict[str, Any]:
        cleaned = super().clean()  # type: ignore[misc]
        if not self.errors:
            remember_added_here(context.request, self.user)
        return cleaned


class ActivateAppForm(_Adding, totp_forms.ActivateTOTPForm):
    """The first code of a new authenticator app."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _words(
            self,
            "code",
            label="Code from the app",
            missing="Enter the code your app shows",
            hint="The 6 numbers your authenticator app shows now",
        )
        self.fields["code"].widget.attrs["inputmode"] = "numeric"

    def clean_code(self) -> str:
        """As at signing in, a code that was taken is used up: whoever looked over a shoulder cannot use it again."""
        try:
            code = super().clean_code()
        except ValidationError:
            code = None
        if code is None or not TOTP(Authenticator(user=self.user))._mark_code_used(code):
            raise ValidationError("The code is not right. Enter the newest code that your app shows")
        return code


class AddPasskeyForm(_Adding, passkey_forms.AddWebAuthnForm):
    """A new passkey and its name."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _words(
            self,
            "name",
            label="Name of this passkey",
            missing="Enter a name for this passkey",
            hint="So that you can tell your passkeys apart, such as My phone or Blue security key",
        )
        if "passwordless" in self.fields:
            self.fields["passwordless"].label = "Sign in with this passkey alone, without a password"
            self.fields["passwordless"].help_text = "Your device will ask for your fingerprint, face or PIN"
            self.fields["passwordless"].initial = True
        self.fields["credential"].error_messages["required"] = (
            "No passkey was made. Choose Add passkey and follow what your device asks"
        )


class PasskeyAloneForm(passkey_forms.LoginWebAuthnForm):
    """Signing in with a passkey alone: refused before anything is written where the account is stopped."""

    def clean_credential(self) -> Authenticator:
        authenticator = super().clean_credential()
        if not authenticator.user.is_active:
            raise ValidationError(STOPPED)
        return authenticator


class RenamePasskeyForm(passkey_forms.EditWebAuthnForm):
    """Another name for a passkey."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _words(self, "name", label="Name of this passkey", missing="Enter a name for this passkey")

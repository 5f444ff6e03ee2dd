"""What an administrator can type about people who sign in, and the words for what is wrong with it."""

from typing import Any

from django import forms
from django.utils import timezone

from inroads.accounts.models import User
from inroads.accounts.permissions import Permission, roles
from inroads.accounts.queries import organisations_where
from inroads.design.forms import DateField
from inroads.reference.models import Organisation


class _OrganisationChoice(forms.ModelChoiceField):
    def label_from_instance(self, organisation: Organisation) -> str:
        return f"{organisation.name} ({organisation.get_kind_display()})"


class MembershipForm(forms.Form):
    """A role for somebody in an organisation that this administrator looks after."""

    role = forms.ChoiceField(label="Role", error_messages={"required": "Choose a role"})
    organisation = _OrganisationChoice(
        label="Organisation",
        queryset=Organisation.objects.none(),
        empty_label="Choose an organisation",
        error_messages={
            "required": "Choose an organisation",
            "invalid_choice": "Choose an organisation that you look after",
        },
    )
    starts_on = DateField(label="The day the role starts", help_text="For example, 27 3 2026")
    ends_on = DateField(
        label="The day the role ends",
        help_text="Leave this empty if you do not know. The role stops at the start of this day",
        required=False,
    )

    def __init__(self, *args: Any, by: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["role"].choices = [("", "Choose a role"), *((role.id, role.title) for role in roles().values())]
        self.fields["organisation"].queryset = organisations_where(by, Permission.MANAGE_MEMBERSHIPS).filter(
            active=True
        )
        self.fields["starts_on"].initial = timezone.localdate()


class AddPersonForm(MembershipForm):
    """Somebody new, with their first role."""

    full_name = forms.CharField(
        label="Full name", max_length=150, error_messages={"required": "Enter the person's full name"}
    )
    email = forms.EmailField(
        label="Email address",
        help_text="They will sign in with it",
        error_messages={
            "required": "Enter the person's email address",
            "invalid": "Enter an email address, like name@example.org",
        },
    )
    field_order = ("full_name", "email", "role", "organisation", "starts_on")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        del self.fields["ends_on"]

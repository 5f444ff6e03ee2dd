"""What can be typed about mentors and champions: who they are, for whom, how many people, and their supervision."""

from django import forms
from django.utils import timezone

from inroads.accounts.models import User
from inroads.accounts.permissions import Permission
from inroads.accounts.queries import organisations_where
from inroads.design.forms import DateField
from inroads.people.actions.mentors import FURTHEST_KM, MOST_PEOPLE
from inroads.people.models import MentorKind
from inroads.reference.definitions import load
from inroads.reference.definitions.care import Community
from inroads.reference.models import Organisation


def whole_number(label: str, *, least: int, most: int, missing: str = "", **options) -> forms.IntegerField:
    """A field for a whole number between two others, with errors that say what to enter."""
    between = f"Enter a number from {least} to {most:,}"
    messages = {"required": missing or between, "invalid": between, "min_value": between, "max_value": between}
    return forms.IntegerField(
        label=label,
        min_value=least,
        max_value=most,
        widget=forms.TextInput(attrs={"inputmode": "numeric"}),
        error_messages=messages,
        **options,
    )


def _line(label: str, most: int, help_text: str = "") -> forms.CharField:
    return forms.CharField(label=f"{label} (optional)", max_length=most, required=False, help_text=help_text)


def kept_organisations(field: forms.ModelChoiceField, by: User) -> None:
    """The organisations for which this user says who mentors are; where there is one, it is not asked for."""
    field.queryset = organisations_where(by, Permission.KEEP_MENTORS).filter(active=True)
    if field.queryset.count() == 1:
        field.initial = field.queryset.get().pk
        field.widget = forms.HiddenInput()


def organisation_field(label: str) -> forms.ModelChoiceField:
    """Which organisation; filled by `kept_organisations`."""
    return forms.ModelChoiceField(
        label=label,
        queryset=Organisation.objects.none(),
        empty_label="Choose an organisation",
        error_messages={"required": "Choose an organisation", "invalid_choice": "Choose an organisation of yours"},
    )


class MentorForm(forms.Form):
    """A mentor or champion. Only who they are and how many people at once are needed."""

    kind = forms.ChoiceField(
        label="For whom are they there?",
        choices=MentorKind.choices,
        widget=forms.RadioSelect,
        initial=MentorKind.MENTOR,
        error_messages={"required": "Choose for whom they are there"},
    )
    name = forms.CharField(label="Full name", max_length=150, error_messages={"required": "Enter their name"})
    known_as = forms.CharField(
        label="What they like to be called",
        max_length=60,
        error_messages={"required": "Enter what they like to be called"},
    )
    contact_words = _line("How colleagues reach them", 200, "For example, a phone number and when to ring")
    account = forms.EmailField(
        label="The email address they sign in with (optional)",
        required=False,
        help_text="Then they can write down sessions themselves",
        error_messages={"invalid": "Enter an email address, like name@example.com, or leave it empty"},
    )
    capacity = whole_number(
        "How many people at once?",
        least=0,
        most=MOST_PEOPLE,
        missing="Enter how many people at once",
        help_text="0 for a rest",
    )
    languages = _line("Which languages do they speak?", 200, "With commas between them, like English, Polish")
    interests = _line("What do they like?", 300, "With commas between them, like music, football, cooking")
    communities = forms.MultipleChoiceField(
        label="Whom are they used to? (optional)", required=False, widget=forms.CheckboxSelectMultiple
    )
    for_words = _line("For whom, in their own words", 300)
    where = _line("Where do they meet people?", 200, "For example, the library in Ryde, or at home")
    neighbourhood = forms.ChoiceField(
        label="From which neighbourhood do they start? (optional)",
        required=False,
        error_messages={"invalid_choice": "Choose a neighbourhood from the list"},
    )
    reach_km = whole_number(
        "How many kilometres do they go? (optional)",
        least=0,
        most=FURTHEST_KM,
        required=False,
        help_text="0 if people come to them",
    )
    by_phone = forms.BooleanField(label="They can meet people by phone", required=False)
    by_video = forms.BooleanField(label="They can meet people by video", required=False)
    hours = _line("When?", 200, "For example, Tuesday and Thursday mornings")
    active_from = DateField(label="First day", help_text="For example, 27 3 2027")
    active_until = DateField(label="Last day (optional)", required=False)

    def __init__(self, *args, neighbourhoods: list[tuple[str, str]], **kwargs) -> None:
        super().__init__(*args, **kwargs)
        # What was kept before stays to choose, also where the list has changed meanwhile.
        kept = self.initial.get("neighbourhood", "")
        listed = [("", "Not known"), *neighbourhoods]
        if kept and kept not in dict(neighbourhoods):
            listed.append((kept, kept))
        self.fields["neighbourhood"].choices = listed
        self.fields["communities"].choices = [(each.id, each.title) for each in load(Community).values()]
        self.fields["active_from"].error_messages["required"] = "Enter the first day"
        if "active_from" not in self.initial:
            self.fields["active_from"].initial = timezone.localdate()

    def clean(self):
        typed = super().clean()
        first, last = typed.get("active_from"), typed.get("active_until")
        if first and last and last < first:
            self.add_error("active_until", "The last day lies before the first. Enter a later day")
        return typed


class NewMentorForm(MentorForm):
    """Somebody new, and of which organisation they are."""

    organisation = organisation_field("Of which organisation are they?")
    field_order = ("organisation", "kind")

    def __init__(self, *args, by: User, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        kept_organisations(self.fields["organisation"], by)


class ChangeMentorForm(MentorForm):
    """A mentor as they are kept. `version` is the one that was read before typing."""

    version = forms.IntegerField(widget=forms.HiddenInput)

    def read_again(self, version: int) -> None:
        """What was typed stays; from now on it is known that this version was read."""
        self.data = self.data.copy()
        self.data[self.add_prefix("version")] = str(version)


class SupervisionForm(forms.Form):
    """Who supervises, when they last met, and when they meet next."""

    supervisor = forms.CharField(
        label="Who supervises them?", max_length=150, error_messages={"required": "Enter who supervises them"}
    )
    met_on = DateField(label="When did they last meet? (optional)", required=False, help_text="For example, 27 3 2026")
    next_on = DateField(label="When do they meet next?", help_text="Within a year. For example, 27 3 2027")

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["next_on"].error_messages["required"] = "Enter when they meet next"

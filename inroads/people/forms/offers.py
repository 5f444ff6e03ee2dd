"""What can be typed about what an organisation can help with. Only the kind of help and a name are needed."""

from django import forms

from inroads.accounts.models import User
from inroads.accounts.permissions import Permission
from inroads.accounts.queries import organisations_where
from inroads.people.queries.plans import MOST_PEOPLE
from inroads.reference.definitions import load
from inroads.reference.definitions.care import Community, Help
from inroads.reference.models import Organisation


def _capacity() -> forms.IntegerField:
    return forms.IntegerField(
        label="How many more people can you help this month? (optional)",
        required=False,
        min_value=0,
        max_value=MOST_PEOPLE,
        help_text="0 if you are full. Leave it empty if you do not know",
        widget=forms.TextInput(attrs={"inputmode": "numeric"}),
        error_messages={
            "invalid": "Enter a whole number of people, like 3",
            "min_value": "Enter a number of people, 0 or more",
            "max_value": f"Enter {MOST_PEOPLE:,} or fewer",
        },
    )


class OfferForm(forms.Form):
    """Something an organisation can help with."""

    organisation = forms.ModelChoiceField(
        label="Which organisation helps?",
        queryset=Organisation.objects.none(),
        empty_label="Choose an organisation",
        error_messages={
            "required": "Choose an organisation",
            "invalid_choice": "Choose an organisation that you speak for",
        },
    )
    help = forms.ChoiceField(label="What can you help with?", error_messages={"required": "Choose what you can do"})
    title = forms.CharField(
        label="What do people call it?",
        max_length=150,
        help_text="For example, Tuesday tablet table",
        error_messages={"required": "Enter a name by which people know it"},
    )
    where = forms.CharField(
        label="Where? (optional)", max_length=200, required=False, help_text="A place and a street, or how to join"
    )
    neighbourhood = forms.ChoiceField(
        label="In which neighbourhood? (optional)",
        required=False,
        help_text="So that people nearby can find it",
        error_messages={"invalid_choice": "Choose a neighbourhood from the list"},
    )
    open_when = forms.CharField(
        label="When is it open? (optional)", max_length=200, required=False, help_text="For example, Tuesdays 2 to 4"
    )
    phone = forms.CharField(label="Phone number (optional)", max_length=40, required=False)
    capacity = _capacity()
    languages = forms.CharField(
        label="Which languages do you speak there? (optional)",
        max_length=200,
        required=False,
        help_text="With commas between them, like English, Polish",
    )
    communities = forms.MultipleChoiceField(
        label="Whom do you already reach? (optional)", required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args, by: User, neighbourhoods: list[tuple[str, str]], **kwargs) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["organisation"]
        field.queryset = organisations_where(by, Permission.OFFER_HELP).filter(active=True)
        if field.queryset.count() == 1:
            field.initial = field.queryset.get().pk
            field.widget = forms.HiddenInput()
        helps = sorted(load(Help).values(), key=lambda each: each.title)
        self.fields["help"].choices = [("", "Choose what you can do"), *((each.id, each.title) for each in helps)]
        self.fields["neighbourhood"].choices = [("", "Not known"), *neighbourhoods]
        self.fields["communities"].choices = [(each.id, each.title) for each in load(Community).values()]


class CapacityForm(forms.Form):
    """Only how many more people can be helped."""

    capacity = _capacity()

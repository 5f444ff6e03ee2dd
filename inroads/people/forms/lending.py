"""What can be typed about the lending stock and about loans. The usual case is filled in, and a day is never needed."""

from collections.abc import Sequence

from django import forms
from django.utils import timezone

from inroads.accounts.models import User
from inroads.accounts.permissions import Permission
from inroads.accounts.queries import organisations_where
from inroads.design.forms import DateField
from inroads.people.forms.facts import SaidForm
from inroads.people.models import Loan, Wipe
from inroads.reference.definitions.lending import kit
from inroads.reference.models import Organisation

LONGEST_LABELS = 14_000
FOR_EXAMPLE = "For example, 27 3 2027"
GONE = [
    (Loan.Ended.LOST, "It was lost"),
    (Loan.Ended.STOLEN, "It was stolen"),
    (Loan.Ended.PAWNED, "It was sold or pawned"),
    (Loan.Ended.BROKEN, "It broke"),
]


def _words(label: str, **options) -> forms.CharField:
    return forms.CharField(
        label=label,
        required=False,
        max_length=2_000,
        widget=forms.Textarea,
        error_messages={"max_length": "Use 2,000 characters at most; everything you typed is still here"},
        **options,
    )


def _short(label: str, most: int, **options) -> forms.CharField:
    return forms.CharField(label=label, required=False, max_length=most, **options)


class AddItemsForm(forms.Form):
    """Several items of one kind, one label on each line."""

    organisation = forms.ModelChoiceField(
        label="Whose stock is it?",
        queryset=Organisation.objects.none(),
        empty_label="Choose an organisation",
        error_messages={"required": "Choose an organisation", "invalid_choice": "Choose one whose stock you keep"},
    )
    kind = forms.ChoiceField(label="What is it?", error_messages={"required": "Choose what it is"})
    labels = forms.CharField(
        label="What stands on them? One label on each line",
        max_length=LONGEST_LABELS,
        widget=forms.Textarea,
        help_text="For example, Phone 12",
        error_messages={"required": "Enter at least one label"},
    )
    never_used = forms.BooleanField(
        label="New: nobody has ever used them",
        required=False,
        help_text="Leave it empty for used phones, tablets and laptops. They are wiped before anybody has them",
    )
    data_ends_on = DateField(
        label="When does their data end? (optional)",
        required=False,
        help_text=f"Needed for what comes with data. {FOR_EXAMPLE}",
    )
    condition = _short("In what condition are they? (optional)", 300, help_text="For example, a crack at the corner")

    def __init__(self, *args, by: User, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["organisation"]
        field.queryset = organisations_where(by, Permission.LEND).filter(active=True).order_by("name")
        first = list(field.queryset[:2])
        if len(first) == 1:
            field.initial = first[0].pk
            field.widget = forms.HiddenInput()
        self.fields["kind"].choices = [("", "Choose"), *((each.id, each.title) for each in kit().values())]

    def clean_labels(self) -> list[str]:
        """The lines."""
        return self.cleaned_data["labels"].splitlines()


class WipeForm(forms.Form):
    """Proof that nothing of anybody is left on it."""

    how = forms.ChoiceField(
        label="How was it wiped?",
        choices=Wipe.How.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose how it was wiped"},
    )
    wiped_on = DateField(label="The day it was wiped", help_text="For example, 27 3 2026")
    wiped_by = forms.CharField(label="Who wiped it?", max_length=150, error_messages={"required": "Enter who wiped it"})
    certificate = _short("Number of the certificate (optional)", 60)
    words = _words("More about it (optional)")

    def __init__(self, *args, by: User, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["wiped_on"].initial = timezone.localdate()
        self.fields["wiped_by"].initial = by.full_name


class DataForm(forms.Form):
    """When data ends."""

    ends_on = DateField(label="When does its data end now?", help_text=FOR_EXAMPLE)

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["ends_on"].error_messages["required"] = "Enter a day"


class _AgreedForm(forms.Form):
    agreed = forms.CharField(
        label="What did they agree to, in a few words?",
        max_length=300,
        help_text="For example, to tell us if it breaks or goes missing. They owe nothing, whatever happens",
        error_messages={"required": "Say in a few words what they agreed to"},
    )
    due_on = DateField(
        label="Until when? (optional)",
        required=False,
        help_text=f"Leave it empty for as long as it helps. {FOR_EXAMPLE}",
    )


class LendForm(_AgreedForm):
    """What is lent now: a kind of thing, or a bundle, and one by its label where that matters."""

    what = forms.ChoiceField(
        label="What would they like to borrow?",
        widget=forms.RadioSelect,
        error_messages={"required": "Choose what they would like to borrow"},
    )
    label = _short("The label of the one you give them (optional)", 60, help_text="Else one is chosen for you")
    partly = forms.BooleanField(
        label="If something of a bundle is missing, lend what is there now; they wait for the rest", required=False
    )
    field_order = ("what", "label", "partly", "agreed", "due_on")

    def __init__(self, *args, choices: Sequence[tuple[str, str]], **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["what"].choices = choices


class ReserveForm(forms.Form):
    """What is kept for somebody until a day."""

    what = forms.ChoiceField(
        label="What do you keep for them?",
        widget=forms.RadioSelect,
        error_messages={"required": "Choose what you keep for them"},
    )
    label = _short("The label of the one you keep (optional)", 60, help_text="Else one is chosen for you")
    for_day = DateField(label="For which day?", help_text=FOR_EXAMPLE)

    def __init__(self, *args, choices: Sequence[tuple[str, str]], **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["what"].choices = choices
        self.fields["for_day"].error_messages["required"] = "Enter a day"


class HandOverForm(_AgreedForm):
    """What was reserved is handed over."""


class PlaceForm(forms.Form):
    """A loan to a ward or other place."""

    place = forms.CharField(
        label="Which ward or place?", max_length=150, error_messages={"required": "Enter the ward or place"}
    )
    place_contact = forms.CharField(
        label="Whom do you ring there?",
        max_length=150,
        help_text="A name and a number",
        error_messages={"required": "Enter whom you ring there"},
    )
    agreed = _short("What was agreed? (optional)", 300)
    due_on = DateField(label="Until when? (optional)", required=False, help_text=FOR_EXAMPLE)


class LongerForm(forms.Form):
    """Until when it is kept. Without a day, for as long as it helps."""

    due_on = DateField(
        label="Until when? (optional)",
        required=False,
        help_text=f"Leave it empty for as long as it helps. {FOR_EXAMPLE}",
    )


class GoneForm(SaidForm):
    """What happened to it, and what went with it."""

    why = forms.ChoiceField(
        label="What happened?",
        choices=GONE,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose what happened"},
    )
    also = forms.MultipleChoiceField(
        label="What else went with it? (optional)", required=False, widget=forms.CheckboxSelectMultiple
    )
    words = _words("In their own words (optional)")
    field_order = ("why", "also", "words", "channel", "said_by", "said_on")

    def __init__(self, *args, beside: Sequence[tuple[str, str]] = (), **kwargs) -> None:
        super().__init__(*args, **kwargs)
        if beside:
            self.fields["also"].choices = list(beside)
        else:
            del self.fields["also"]


class SwapForm(SaidForm):
    """One for another: what became of the first, and which comes instead."""

    what = forms.ChoiceField(
        label="Which do they get instead?",
        widget=forms.RadioSelect,
        error_messages={"required": "Choose what they get instead"},
    )
    label = _short("The label of the one you give them (optional)", 60, help_text="Else one is chosen for you")
    old = forms.ChoiceField(
        label="What about the one they had?",
        choices=[(Loan.Ended.RETURNED, "It came back"), *GONE],
        widget=forms.RadioSelect,
        initial=Loan.Ended.RETURNED,
        error_messages={"required": "Choose what became of the one they had"},
    )
    words = _words("In their own words (optional)")
    field_order = ("what", "label", "old", "words", "channel", "said_by", "said_on")

    def __init__(self, *args, choices: Sequence[tuple[str, str]], **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["what"].choices = choices

"""What can be typed about what a person has on loan. A day on which it ends is never needed."""

from collections.abc import Sequence

from django import forms

from inroads.design.forms import DateField
from inroads.people.forms.facts import SaidForm
from inroads.people.models import Loan

FOR_EXAMPLE = "For example, 27 3 2027"
NOT_FREE = "This is not free any more. Choose another"
GONE = [
    (Loan.Ended.LOST, "It was lost"),
    (Loan.Ended.STOLEN, "It was stolen"),
    (Loan.Ended.PAWNED, "It was sold or pawned"),
    (Loan.Ended.BROKEN, "It broke"),
]


def words_field(label: str, **options) -> forms.CharField:
    """Words that may be left out."""
    return forms.CharField(
        label=label,
        required=False,
        max_length=2_000,
        widget=forms.Textarea,
        error_messages={"max_length": "Use 2,000 characters at most; everything you typed is still here"},
        **options,
    )


def short_field(label: str, most: int, **options) -> forms.CharField:
    """A few words that may be left out."""
    return forms.CharField(label=label, required=False, max_length=most, **options)


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
        error_messages={"required": "Choose what they would like to borrow", "invalid_choice": NOT_FREE},
    )
    label = short_field("The label of the one you give them (optional)", 60, help_text="Else one is chosen for you")
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
        error_messages={"required": "Choose what you keep for them", "invalid_choice": NOT_FREE},
    )
    label = short_field("The label of the one you keep (optional)", 60, help_text="Else one is chosen for you")
    for_day = DateField(label="For which day?", help_text=FOR_EXAMPLE)

    def __init__(self, *args, choices: Sequence[tuple[str, str]], **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["what"].choices = choices
        self.fields["for_day"].error_messages["required"] = "Enter a day"


class HandOverForm(_AgreedForm):
    """What was reserved is handed over."""


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
        label="What else went with it? (optional)",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": "Choose only what they still have"},
    )
    words = words_field("In their own words (optional)")
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
        error_messages={"required": "Choose what they get instead", "invalid_choice": NOT_FREE},
    )
    label = short_field("The label of the one you give them (optional)", 60, help_text="Else one is chosen for you")
    old = forms.ChoiceField(
        label="What about the one they had?",
        choices=[(Loan.Ended.RETURNED, "It came back"), *GONE],
        widget=forms.RadioSelect,
        initial=Loan.Ended.RETURNED,
        error_messages={"required": "Choose what became of the one they had"},
    )
    words = words_field("In their own words (optional)")
    field_order = ("what", "label", "old", "words", "channel", "said_by", "said_on")

    def __init__(self, *args, choices: Sequence[tuple[str, str]], **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["what"].choices = choices

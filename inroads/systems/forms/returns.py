"""What can be typed about returns: who reads one, and how a difference is settled."""

from collections.abc import Sequence
from typing import Any

from django import forms

from inroads.accounts.models import User
from inroads.design.fields import ReadForm, one_of, own_words
from inroads.reference.definitions.framework import Criterion

# Chosen where a return says nothing about a criterion.
NO_LEVEL = "none"


def levels_of(criterion: Criterion) -> list[tuple[str, str]]:
    """The levels of a criterion as choices, with 0 first."""
    return [
        ("0", "0: nothing is shown"),
        *((str(n), f"{n}: {each.title}") for n, each in enumerate(criterion.levels, 1)),
    ]


class GiveForm(forms.Form):
    """The two people who read a return."""

    def __init__(self, *args: Any, readers: Sequence[User], **options: Any) -> None:
        super().__init__(*args, **options)
        self.readers = {str(each.pk): each for each in readers}
        self.fields["first"] = _reader("First reader", "Choose the first reader", readers)
        self.fields["second"] = _reader("Second reader", "Choose the second reader", readers)

    def chosen(self) -> tuple[User, User]:
        """Those who were chosen."""
        return self.readers[self.cleaned_data["first"]], self.readers[self.cleaned_data["second"]]


class GiveOnForm(forms.Form):
    """Who goes on with a reading."""

    def __init__(self, *args: Any, readers: Sequence[User], **options: Any) -> None:
        super().__init__(*args, **options)
        self.readers = {str(each.pk): each for each in readers}
        self.fields["reader"] = _reader("Who goes on reading it?", "Choose who goes on reading it", readers)

    def chosen(self) -> User:
        """Who was chosen."""
        return self.readers[self.cleaned_data["reader"]]


class SettleForm(ReadForm):
    """What stands of one criterion. `seen` is how many settlements were there before typing."""

    KNOWN = "seen"

    seen = forms.IntegerField(widget=forms.HiddenInput, min_value=0)
    words = own_words(
        "Why is this how it stands?", "Say why this is how it stands", help_text="Whoever asks reads this"
    )

    def __init__(self, *args: Any, criterion: Criterion, kept: Sequence[tuple[str, str]], **options: Any) -> None:
        super().__init__(*args, **options)
        known = [*levels_of(criterion), (NO_LEVEL, "No level: it says nothing about this")]
        self.fields["level"] = one_of("Which level does the return show?", known, "Choose a level")
        self.fields["kept"] = forms.MultipleChoiceField(
            label="Which marks stand?",
            choices=kept,
            widget=forms.CheckboxSelectMultiple,
            required=False,
            error_messages={"invalid_choice": "Choose among the passages on this page"},
            help_text="What you choose can be used as evidence. Leave all empty where none stands",
        )


def _reader(label: str, sentence: str, readers: Sequence[User]) -> forms.ChoiceField:
    return forms.ChoiceField(
        label=label,
        choices=[("", "Choose somebody"), *((str(each.pk), each.full_name) for each in readers)],
        error_messages={"required": sentence, "invalid_choice": sentence},
    )

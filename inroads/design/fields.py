"""Fields that many forms have: numbers, pounds, a line, own words, one of a few."""

import re
from collections.abc import Sequence
from typing import Any

from django import forms

LONGEST_WORDS = 4_000
MOST = 1e9
DAY_HINT = "For example, 27 3 2027"
THOUSANDS = re.compile(r"[+-]?[1-9]\d{0,2}(,\d{3})+(\.\d*)?")


class NumberField(forms.FloatField):
    """A number, also with commas between thousands, or a comma for a point; what is typed comes back as it was."""

    def __init__(self, *, label: str, required: bool = False, **options: Any) -> None:
        wrong = f"{label.removesuffix(' (optional)')} must be a number, like 12 or 0.5"
        super().__init__(
            label=label,
            required=required,
            min_value=-MOST,
            max_value=MOST,
            widget=forms.TextInput(attrs={"inputmode": "decimal"}),
            error_messages={
                "invalid": wrong,
                "min_value": wrong,
                "max_value": wrong,
                "required": f"Enter {label.lower()}",
            },
            **options,
        )

    def to_python(self, value: Any) -> float | None:
        if isinstance(value, str):
            typed = value.strip()
            value = typed.replace(",", "" if THOUSANDS.fullmatch(typed) else ".")
        return super().to_python(value)


class CountField(forms.IntegerField):
    """How many: a whole number from 0."""

    def __init__(self, *, label: str, required: bool = False, most: int = 1_000_000, **options: Any) -> None:
        wrong = f"{label.removesuffix(' (optional)')} must be a whole number, like 12"
        super().__init__(
            label=label,
            required=required,
            min_value=0,
            max_value=most,
            widget=forms.TextInput(attrs={"inputmode": "numeric"}),
            error_messages={
                "invalid": wrong,
                "min_value": wrong,
                "max_value": f"{label.removesuffix(' (optional)')} must be {most:,} or less",
                "required": "Enter a number. 0 if none",
            },
            **options,
        )


class PoundsField(CountField):
    """Whole pounds; a pound sign and commas between thousands are taken as typed by many."""

    def __init__(self, *, label: str, **options: Any) -> None:
        super().__init__(label=label, most=1_000_000_000, **options)
        self.error_messages["invalid"] = "Money must be in whole pounds, like 1200"

    def to_python(self, value: Any) -> int | None:
        return super().to_python(value.replace("£", "").replace(",", "").strip() if isinstance(value, str) else value)


def own_words(label: str, sentence: str = "", **options: Any) -> forms.CharField:
    """Words of any length that somebody reads; `sentence` is said where they are needed and missing."""
    return forms.CharField(
        label=label,
        widget=forms.Textarea,
        max_length=LONGEST_WORDS,
        strip=False,
        required=bool(sentence),
        error_messages={
            "required": sentence,
            "max_length": f"Use {LONGEST_WORDS:,} characters at most; everything you typed is still here",
        },
        **options,
    )


def line(label: str, sentence: str = "", *, longest: int = 150, **options: Any) -> forms.CharField:
    """One line; `sentence` is said where it is needed and missing."""
    return forms.CharField(
        label=label,
        max_length=longest,
        required=bool(sentence),
        error_messages={"required": sentence, "max_length": f"Use {longest} characters at most"},
        **options,
    )


def one_of(label: str, choices: Sequence[tuple[str, str]], sentence: str = "") -> forms.ChoiceField:
    """One choice of a few; `sentence` is said where it is needed and missing."""
    return forms.ChoiceField(
        label=label,
        choices=choices,
        widget=forms.RadioSelect,
        required=bool(sentence),
        error_messages={"required": sentence},
    )


class ReadForm(forms.Form):
    """A form that says in `KNOWN`, a hidden field of it, how much was read before typing."""

    KNOWN = "version"

    def read_again(self, known: int) -> None:
        """What was typed stays; from now on it is known that this much was read."""
        self.data = self.data.copy()
        self.data[self.add_prefix(self.KNOWN)] = str(known)

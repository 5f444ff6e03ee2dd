"""What can be typed about voices side by side: a statement, a voice, two groups that tell an explanation apart."""

import re
from collections.abc import Sequence
from typing import Any

from django import forms

from inroads.design.fields import DAY_HINT, CountField, NumberField, line, one_of, own_words
from inroads.design.forms import DateField
from inroads.reference.definitions.framework import criteria_of, current
from inroads.systems.actions.comparing import MOST_ASKED, Group
from inroads.systems.models import Counted, Speaks

NUMBER, PERCENT = "number", "percent"
# Room is left for what is said of a percentage.
LONGEST_SOURCE = 200
WORKED_OUT = re.compile(r" \([\d.e+-]+% of [\d,]+, worked out from the percentage\)$")


class NewComparisonForm(forms.Form):
    """What is said to be so."""

    title = line("What is it about?", "Give it a name", help_text="A few words, for lists")
    statement = own_words(
        "What is said to be so?",
        "Say what is said to be so",
        help_text="One sentence to which people say yes or no. For example: People help to design our services",
    )
    criterion = forms.ChoiceField(label="Which question of the framework is it about? (optional)", required=False)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        known = [(each.id, each.title) for each in criteria_of(current())]
        self.fields["criterion"].choices = [("", "None of them"), *known]


class ConfirmForm(forms.Form):
    """Nothing to type: it is meant."""


class VoiceForm(forms.Form):
    """Whose voice it is, and how many of those asked say so."""

    speaks = one_of("Whose voice is it?", Speaks.choices, "Choose whose voice it is")
    name = line("Who was asked?", "Say whose voice it is", help_text="For example: staff survey, spring 2026")
    claim = forms.BooleanField(label="This is the claim. The other voices are set beside it", required=False)
    n = CountField(label="How many were asked, and answered?", required=True, most=MOST_ASKED)
    said_as = one_of(
        "How do you know how many say so?",
        [(NUMBER, "I have the number"), (PERCENT, "I have a percentage only")],
        "Choose a number or a percentage",
    )
    said = NumberField(
        label="How many say so?",
        required=True,
        help_text="If you have the share who say it is not so, or do not know, enter 100 less that",
    )
    assumed = forms.BooleanField(
        label="It is not published how many were asked. The number above is the most it can be", required=False
    )
    asked = line(
        "What were they asked, and how? (optional)",
        longest=300,
        help_text="The words of the question. Whether on paper, by phone, in person or online",
    )
    on = DateField(label="When were they asked? (optional)", required=False, help_text=DAY_HINT)
    source = line("Where do the numbers come from?", "Say where the numbers come from", longest=LONGEST_SOURCE)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["n"].error_messages["required"] = "Enter how many were asked"
        self.fields["said"].error_messages["required"] = "Enter how many say so. 0 if nobody does"

    def clean(self) -> dict[str, Any]:
        typed = super().clean() or {}
        said, whole = typed.get("said"), typed.get("said_as") == NUMBER
        if said is not None and whole and said != int(said):
            self.add_error("said", "Enter how many say so as a whole number, or choose that you have a percentage")
        return typed

    def told(self) -> dict[str, Any]:
        """What was typed, for the action."""
        kept = dict(self.cleaned_data)
        kept["percent"] = kept.pop("said_as") == PERCENT
        return kept


def initial_of(voice: Counted) -> dict[str, Any]:
    """What a form shows of a voice as it is kept."""
    whole = voice.said == int(voice.said)
    names = ("speaks", "name", "claim", "n", "assumed", "asked", "on")
    return {
        **{name: getattr(voice, name) for name in names},
        "said_as": NUMBER if whole else PERCENT,
        "said": f"{voice.said:.0f}" if whole else f"{100 * voice.said / voice.n:.6g}",
        "source": WORKED_OUT.sub("", voice.source),
    }


class ContrastForm(forms.Form):
    """Two groups that were asked the same, alike in all but one thing."""

    within = line("Among whom? (optional)", help_text="For example: staff of the community teams")
    source = line("Where do the numbers come from?", "Say where the numbers come from", longest=LONGEST_SOURCE)

    def __init__(self, *args: Any, groups: tuple[str, str], **options: Any) -> None:
        super().__init__(*args, **options)
        for field, which, name in zip(("more", "less"), ("First", "Second"), groups, strict=True):
            self.fields[f"{field}_name"] = line(f"{which} group: who they are", "Say who was asked")
            self.fields[f"{field}_name"].initial = name
            self.fields[f"{field}_n"] = CountField(
                label=f"{which} group: how many were asked, and answered?", required=True, most=MOST_ASKED
            )
            self.fields[f"{field}_said"] = CountField(
                label=f"{which} group: how many said yes?",
                required=True,
                most=MOST_ASKED,
                help_text="“I do not know” is not a yes",
            )
            self.fields[f"{field}_n"].error_messages["required"] = f"{which} group: enter how many were asked"
            self.fields[f"{field}_said"].error_messages["required"] = f"{which} group: enter how many said yes"
        self.order_fields(["within", *(name for name in self.fields if name not in ("within", "source")), "source"])

    def group(self, field: str) -> Group:
        """One of the two groups as it was typed."""
        return Group(*(self.cleaned_data[f"{field}_{part}"] for part in ("name", "said", "n")))


class KeyLineForm(forms.Form):
    """Which key line, of which wave, and which answers count."""

    partly = one_of(
        "Which answers say that it is so?",
        [("yes", "Agree, and partly agree"), ("no", "Agree only")],
        "Choose which answers count",
    )

    def __init__(self, *args: Any, answered: Sequence[tuple[str, str]], **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["answered"] = one_of("Which key line?", answered, "Choose a key line")
        self.order_fields(["answered", "partly"])


class RecordsForm(forms.Form):
    """Which released figure, and whether those it counts say that the statement is so, or the others."""

    so = one_of(
        "For whom is the statement so?",
        [("yes", "For those whom the figure counts"), ("no", "For the others who were asked")],
        "Choose for whom the statement is so",
    )

    def __init__(self, *args: Any, figures: Sequence[tuple[str, str]], **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["figure"] = forms.ChoiceField(
            label="Which figure?", choices=figures, error_messages={"required": "Choose a figure"}
        )
        self.order_fields(["figure", "so"])

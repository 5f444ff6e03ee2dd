"""What a reader types: marks on the passages of a page, a score, and that they are done."""

from collections.abc import Sequence
from typing import Any

from django import forms

from inroads.design.fields import one_of, own_words
from inroads.reference.definitions.framework import Criterion
from inroads.systems.actions.coding import Mark
from inroads.systems.forms.returns import levels_of
from inroads.systems.models import About, Passage

SUPPORTS = (("yes", "Speaks for it"), ("no", "Speaks against it"))
# As a reader chooses them: what is said most often comes first.
OF_WHOM = (About.NOT_SAID, About.MENTAL_HEALTH, About.EVERYBODY)
LONGEST_PART = 1_500


class CodingForm(forms.Form):
    """All passages of a page in one form, so that nothing typed beside another passage is lost when one is saved.

    The fields of a passage end with its number. A passage is marked where its criterion is chosen.
    """

    def __init__(
        self,
        *args: Any,
        passages: Sequence[Passage],
        groups: Sequence[tuple[str, Sequence[tuple[str, str]]]],
        **options: Any,
    ) -> None:
        super().__init__(*args, **options)
        self.passages, self.groups = list(passages), groups
        known = [("", "Nothing to mark"), *(choice for _, choices in groups for choice in choices)]
        for passage in passages:
            n = passage.number
            self.fields[f"criterion_{n}"] = _choice(f"Passage {n}: it speaks of", known, required=False)
            # Nothing is chosen beforehand: what is not read is not "it does not say".
            whom = [("", "Choose"), *((each.value, each.label) for each in OF_WHOM)]
            self.fields[f"about_{n}"] = _choice(f"Passage {n}: of whom", whom, required=False)
            self.fields[f"supports_{n}"] = _choice(f"Passage {n}: for or against", SUPPORTS, initial="yes")
            self.fields[f"part_{n}"] = forms.CharField(
                label=f"Passage {n}: only these words", required=False, max_length=LONGEST_PART
            )
            self.fields[f"words_{n}"] = own_words(f"Passage {n}: note")

    def clean(self) -> dict[str, Any]:
        typed = super().clean() or {}
        for passage in self.passages:
            n = passage.number
            beside = (typed.get(f"words_{n}") or "").strip() or (typed.get(f"part_{n}") or "").strip()
            if beside and not typed.get(f"criterion_{n}") and f"criterion_{n}" not in self.errors:
                self.add_error(f"criterion_{n}", f"Passage {n}: choose what it speaks of, or empty the note")
            if typed.get(f"criterion_{n}") and not typed.get(f"about_{n}") and f"about_{n}" not in self.errors:
                self.add_error(f"about_{n}", f"Passage {n}: choose of whom it speaks")
        return typed

    def rows(self) -> list[tuple[Passage, dict[str, Any]]]:
        """Each passage with its fields, for the page."""
        names = ("criterion", "about", "supports", "part", "words")
        return [(each, {name: self[f"{name}_{each.number}"] for name in names}) for each in self.passages]

    def marks(self) -> list[Mark]:
        """What was marked, for the action."""
        typed = self.cleaned_data
        return [
            Mark(
                passage=each,
                criterion=typed[f"criterion_{each.number}"],
                about=typed[f"about_{each.number}"],
                supports=typed[f"supports_{each.number}"] == "yes",
                words=typed[f"words_{each.number}"],
                part=typed[f"part_{each.number}"],
            )
            for each in self.passages
            if typed[f"criterion_{each.number}"]
        ]


class ScoreForm(forms.Form):
    """The level that a return shows for one criterion."""

    words = own_words(
        "Why this level? (optional)",
        help_text="The other reader, and who settles, read this once you both have finished",
    )

    def __init__(self, *args: Any, criterion: Criterion, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["level"] = one_of("Which level does the return show?", levels_of(criterion), "Choose a level")


class FinishForm(forms.Form):
    """Nothing to type: the button says it."""


def _choice(
    label: str, choices: Sequence[tuple[str, str]], *, initial: str = "", required: bool = True
) -> forms.ChoiceField:
    wrong = f"{label.split(':', maxsplit=1)[0]}: choose one of the list"
    return forms.ChoiceField(
        label=label,
        choices=choices,
        initial=initial,
        required=required,
        error_messages={"required": wrong, "invalid_choice": wrong},
    )

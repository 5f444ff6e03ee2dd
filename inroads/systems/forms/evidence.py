"""What can be typed about evidence: what it shows, its kind and voice, its day, and what it stands on."""

from typing import Any

from django import forms

from inroads.design.fields import DAY_HINT, line, own_words
from inroads.design.forms import DateField
from inroads.reference.definitions import load
from inroads.reference.definitions.framework import Element, EvidenceKind
from inroads.systems.actions.evidence import LONGEST_LINK, fitting_kinds
from inroads.systems.actions.evidence_files import LARGEST, NewFile
from inroads.systems.models import Voice
from inroads.systems.models.assessments import LONGEST_TITLE

SO, NOT_SO = "so", "not_so"


class EvidenceForm(forms.Form):
    """Evidence about one element. Those who do not assess may only say that something is not so."""

    supports = forms.ChoiceField(
        label="What does it say?",
        choices=[(SO, "It shows that this is so"), (NOT_SO, "It says that this is not so")],
        widget=forms.RadioSelect,
        error_messages={"required": "Choose what it says"},
    )
    kind = forms.ChoiceField(label="What kind of evidence is it?", error_messages={"required": "Choose what it is"})
    voice = forms.ChoiceField(
        label="Who speaks in it?",
        choices=Voice.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose who speaks in it"},
    )
    title = line(
        "What is it called?",
        "Give it a name, for lists",
        longest=LONGEST_TITLE,
        help_text="For example: Board paper 12, May 2027",
    )
    dated = DateField(
        label="The day it speaks of (optional)",
        required=False,
        help_text=f"Without a day it is kept and counts for nothing. {DAY_HINT}",
    )
    expires_on = DateField(label="The day it runs out (optional)", required=False)
    words = own_words(
        "What does it show? (optional)",
        help_text="In a few sentences, with the page. No names. Words that somebody said stay in the interview",
    )
    link = line(
        "Address on the web (optional)",
        longest=LONGEST_LINK,
        help_text="For example, https://example.org/board/paper-12",
    )
    file = forms.FileField(
        label="File (optional)",
        help_text=f"PDF, Word, spreadsheet, image or text, up to {LARGEST >> 20} MB. Nothing that names a person",
        required=False,
        allow_empty_file=True,
        error_messages={"invalid": "Choose the file again", "missing": "Choose the file again"},
    )

    def __init__(self, *args: Any, element: Element, may_support: bool, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["kind"].choices = [("", "Choose one"), *_kinds(element, may_support=may_support)]
        longest = f"Evidence of this holds {element.months} months from its day"
        self.fields["expires_on"].help_text = f"{longest}. Enter a day only where it is less"
        if not may_support:
            self.fields["supports"].choices = [(NOT_SO, "It says that this is not so")]
            self.fields["supports"].initial = NOT_SO

    def clean_file(self) -> Any:
        """Refused before it is read, where it is too large."""
        chosen = self.cleaned_data["file"]
        if chosen is not None and chosen.size > LARGEST:
            raise forms.ValidationError(
                f"The file is larger than {LARGEST >> 20} MB. Choose a smaller one, or add a link"
            )
        return chosen

    def typed(self) -> dict[str, Any]:
        """What was typed, for the action."""
        kept = {
            name: self.cleaned_data[name] for name in ("kind", "voice", "title", "dated", "expires_on", "words", "link")
        }
        chosen = self.cleaned_data["file"]
        file = NewFile(chosen.name, chosen.read()) if chosen is not None else None
        return {**kept, "supports": self.cleaned_data["supports"] == SO, "file": file}


class WithdrawForm(forms.Form):
    """Why evidence counts no more."""

    words = own_words(
        "Why is it withdrawn?", "Say why it is withdrawn", help_text="It stays to be read, with what you write here"
    )


def _kinds(element: Element, *, may_support: bool) -> list[tuple[str, str]]:
    """All kinds of evidence, those that can show the element first; any may say that it is not so."""
    known = load(EvidenceKind)
    if not may_support:
        return [(name, each.title) for name, each in known.items()]
    fitting = fitting_kinds(element)
    others = [name for name in known if known[name] not in fitting]
    return [
        *((each.id, each.title) for each in fitting),
        *((name, f"{known[name].title} (only for what is not so)") for name in others),
    ]

"""What can be typed about interviews: who was heard, what they agreed to, their words, corrections and answers."""

from collections.abc import Iterable, Sequence
from typing import Any

from django import forms
from django.utils import timezone

from inroads.accounts.code_field import CodeField
from inroads.design.fields import DAY_HINT, ReadForm, line, one_of, own_words
from inroads.design.forms import DateField
from inroads.reference.definitions import load
from inroads.reference.definitions.framework import Dimension, criteria_of, current
from inroads.reference.titles import CHANNELS
from inroads.systems.actions.interviews import CORRECTED, TAKEN_OUT, Consent
from inroads.systems.models import ConsentGiven, Quote, Speaker, Use
from inroads.systems.queries.interviews import WAITS

YES_NO = (("yes", "Yes"), ("no", "No"))
LONGEST_NOTES = 20_000
SPOKEN = (("for", "For it: this is how it is"), ("against", "Against it: it is not so"), ("neither", "Neither"))
SUPPORTS = {"for": True, "against": False, "neither": None}


class ConsentFields(forms.Form):
    """A question for each use: nothing is ticked beforehand, and no is an answer."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        for use in Use:
            which = f"{use.label[:1].lower()}{use.label[1:]}"
            self.fields[f"use_{use}"] = one_of(use.label, YES_NO, f"Choose yes or no. Any answer is fine: {which}")
        self.fields["limits"] = own_words("Is there anything we must not do with it? (optional)")
        self.fields["until"] = DateField(
            label="The last day this holds (optional)",
            required=False,
            help_text=f"Leave it empty for no end. {DAY_HINT}",
        )

    def questions(self) -> list[Any]:
        """The fields of the uses, for the page."""
        return [self[f"use_{use}"] for use in Use]

    def uses(self) -> tuple[str, ...]:
        """What was answered with yes."""
        return tuple(use.value for use in Use if self.cleaned_data[f"use_{use}"] == "yes")


class InterviewForm(ConsentFields):
    """A conversation that was held, and what was agreed."""

    called = line(
        "What do they want to be called here?",
        "Enter what they want to be called here. Any name will do",
        longest=100,
        help_text="A first name, or a made-up one. Never more than they wish",
    )
    speaker = one_of("As whom do they speak?", Speaker.choices, "Choose as whom they speak")
    role_words = line(
        "In their own words, who are they? (optional)", longest=200, help_text="For example, mother of two"
    )
    channel = one_of("How did you talk?", list(CHANNELS.items()), "Choose how you talked")
    held_on = DateField(label="The day you talked", help_text=DAY_HINT)
    how = one_of("How did they say what they agree to?", list(CHANNELS.items()), "Choose how they said so")
    notes = forms.CharField(
        label="Your notes (optional)",
        help_text="Read only by those who keep interviews here. Nobody else, and nobody above, ever sees them",
        required=False,
        strip=False,
        widget=forms.Textarea,
        max_length=LONGEST_NOTES,
        error_messages={"max_length": f"Use {LONGEST_NOTES:,} characters at most; everything you typed is still here"},
    )
    reached = line(
        "How do they want to be told what became of it? (optional)",
        longest=200,
        help_text="For example, a letter to the community centre. Leave it empty if they do not want to be told",
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["held_on"].initial = timezone.localdate()
        # As they stand on the page, and so in the summary of errors.
        self.order_fields(("called", "speaker", "role_words", "channel", "held_on", *self._asked(), "notes", "reached"))

    def details(self) -> dict[str, Any]:
        """What was typed, for the action."""
        typed = self.cleaned_data
        kept = {name: typed[name] for name in InterviewForm.base_fields if name != "how"}
        return {**kept, "consent": Consent(self.uses(), typed["how"], typed["limits"], typed["until"])}

    def _asked(self) -> Iterable[str]:
        return [*(f"use_{use}" for use in Use), "limits", "until", "how"]


class OwnConsentForm(ReadForm, ConsentFields):
    """What somebody agrees to from now on. `seen` is the consent that was read before."""

    KNOWN = "seen"

    seen = forms.IntegerField(widget=forms.HiddenInput, min_value=0)

    def details(self) -> dict[str, Any]:
        """What was answered, for the action."""
        typed = self.cleaned_data
        return {"uses": self.uses(), "limits": typed["limits"], "until": typed["until"], "seen": typed["seen"]}


class ConsentForm(OwnConsentForm):
    """The same, written down by somebody else."""

    how = one_of("How did they say so?", list(CHANNELS.items()), "Choose how they said so")

    def details(self) -> dict[str, Any]:
        return {**super().details(), "how": self.cleaned_data["how"]}


def initial_of(consent: ConsentGiven | None) -> dict[str, Any]:
    """What a form shows of what is agreed now; without anything, no answer is chosen."""
    if consent is None:
        return {"seen": 0}
    answers = {f"use_{use}": "yes" if use in consent.uses else "no" for use in Use}
    return {"seen": consent.pk, "limits": consent.limits, "until": consent.until, **answers}


class QuoteForm(forms.Form):
    """Words, and what they are about."""

    words = own_words("What did they say, in their words?", "Write down what they said, in their words")
    themes = forms.MultipleChoiceField(
        label="What is it about? (optional)", widget=forms.CheckboxSelectMultiple, required=False
    )
    spoken = one_of("Does it speak for these, or against?", SPOKEN, "Choose whether it speaks for or against")

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["themes"].choices = themes()

    def details(self) -> dict[str, Any]:
        """What was typed, for the action."""
        typed = self.cleaned_data
        return {"words": typed["words"], "themes": typed["themes"], "supports": SUPPORTS[typed["spoken"]]}


class WordsForm(forms.Form):
    """Words as they should stand."""

    words = own_words("The words as they should stand", "Write down the words as they should stand")


class CheckForm(forms.Form):
    """When the person saw the words, or heard them read."""

    on = DateField(label="The day they said that it is right", help_text=DAY_HINT)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["on"].initial = timezone.localdate()


class EvidenceOfQuoteForm(forms.Form):
    """What a quote shows, among what people's words or an interview can show."""

    where = forms.ChoiceField(
        label="What do these words show?",
        error_messages={"required": "Choose what these words show"},
    )

    def __init__(self, *args: Any, quote: Quote, people: bool, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["where"].choices = [("", "Choose"), *shown_by_words(quote, people=people)]

    def details(self) -> dict[str, str]:
        """The criterion and its element, for the action."""
        criterion, _, element = self.cleaned_data["where"].partition(":")
        return {"criterion": criterion, "element": element}


class CorrectionForm(forms.Form):
    """What is not as they meant it, about one quote or the whole."""

    about = forms.ChoiceField(label="What is it about?", required=False)
    words = own_words("What did they say about it?", "Say what is not right, or what they meant")

    def __init__(self, *args: Any, quotes: Sequence[Quote], **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["about"].choices = [("", "All of it"), *((str(each.pk), short(each.words)) for each in quotes)]


class AnswerForm(forms.Form):
    """What was done about a correction."""

    becomes = one_of(
        "What becomes of these words?",
        [
            (CORRECTED, "They stand as they say now"),
            (TAKEN_OUT, "They are taken out, and shown nowhere"),
        ],
        "Choose what becomes of these words",
    )
    new_words = own_words("The words as they should stand (if they stay)")
    words = own_words(
        "What do you tell them?", "Say what you did, so that they can read it", help_text="They read this"
    )

    def __init__(self, *args: Any, stands: bool, **options: Any) -> None:
        super().__init__(*args, **options)
        if not stands:
            del self.fields["becomes"], self.fields["new_words"]


class ToldForm(forms.Form):
    """When they were told what became of it, and what."""

    on = DateField(label="The day they were told", help_text=DAY_HINT)
    words = own_words(
        "What were they told?", "Write down what they were told", help_text="They can read it on their page"
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["on"].initial = timezone.localdate()


class RegisterForm(forms.Form):
    """Which interviews to list."""

    speaker = forms.ChoiceField(label="As whom", choices=[("", "Everybody"), *Speaker.choices], required=False)
    channel = forms.ChoiceField(label="How", choices=[("", "In any way"), *CHANNELS.items()], required=False)
    waits = forms.ChoiceField(label="What waits", choices=[("", "Whatever waits"), *WAITS.items()], required=False)


class OwnCodeForm(forms.Form):
    """The code from the sheet."""

    code = CodeField(whence="sheet")


class OwnCorrectionForm(forms.Form):
    """What somebody meant, in their own words."""

    words = own_words("What did you mean?", "Say what is not right, or what you meant")


def themes() -> list[tuple[str, str]]:
    """The criteria of the edition of today, with the dimension they belong to."""
    dimensions = load(Dimension)
    return [(each.id, f"{dimensions[each.dimension].title}: {each.title}") for each in criteria_of(current())]


def shown_by_words(quote: Quote, *, people: bool) -> list[tuple[str, str]]:
    """What these words can show today, as criterion:element and a title; first what the quote is said to be about.

    What only people's experience shows, only people show. What is not so, anybody's words may say.
    """
    found = []
    for each in sorted(criteria_of(current()), key=lambda each: each.id not in quote.themes):
        for element in each.elements().values():
            fits = {"story", "interview"} if people else {"interview"}
            shows = bool(fits & set(element.shown_by)) and (people or not element.from_people)
            if shows or quote.supports is False:
                found.append((f"{each.id}:{element.id}", f"{each.title}: {element.title}"))
    return found


def short(words: str, longest: int = 90) -> str:
    """The beginning of what was said, in one line."""
    line = " ".join(words.split())
    return line if len(line) <= longest else f"{line[: longest - 1].rstrip()}…"

"""What can be typed in a conversation. One idea at a time, the five answers, and own words beside each."""

from django import forms

from inroads.people.forms.facts import LONGEST_WORDS, SaidForm
from inroads.people.models import AnswerValue, Conversation, Present
from inroads.reference.definitions.conversation import Barrier, life_events

# "Not asked" is what the button "Skip" says.
SAID = [choice for choice in AnswerValue.choices if choice[0] != AnswerValue.NOT_ASKED]
THE_REST = "rest"
KINDS = [
    (Conversation.Kind.TRIAGE, "Short: five questions"),
    (Conversation.Kind.FULL, "Full: everything, at their pace"),
    (Conversation.Kind.STAFF, "For you: what stands in our own way"),
]


class BeginForm(SaidForm):
    """What kind of conversation, who is there, and how it is held."""

    kind = forms.ChoiceField(
        label="Which conversation?",
        widget=forms.RadioSelect,
        error_messages={"required": "Choose a conversation"},
    )
    present = forms.MultipleChoiceField(
        label="Who else is there? (optional)",
        choices=Present.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="Some questions are left for a time when the person is alone",
    )
    hand_over = forms.BooleanField(
        label="I hand the screen over: nothing but these questions opens until I sign in again", required=False
    )
    field_order = ("kind", "present", "present_words", "hand_over", "channel", "said_by", "said_on")

    def __init__(self, *args, reopened: int, rest: int = 0, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["present_words"].label = "Name or more about them (optional)"
        kinds = list(KINDS)
        if reopened:
            changed = "1 question" if reopened == 1 else f"{reopened} questions"
            kinds.insert(0, (Conversation.Kind.REOPENED, f"Only what has changed: {changed}"))
        if rest:
            left = "1 question" if rest == 1 else f"{rest} questions"
            kinds.insert(0, (THE_REST, f"The rest of the last conversation: {left}"))
        self.fields["kind"].choices = kinds
        self.fields["kind"].initial = kinds[0][0]

    def begun(self) -> dict:
        """For the action: everything but whether the screen is handed over, which is no part of the record."""
        return {name: said for name, said in self.cleaned_data.items() if name != "hand_over"}


def _words(label: str) -> forms.CharField:
    return forms.CharField(
        label=label,
        required=False,
        widget=forms.Textarea,
        max_length=LONGEST_WORDS,
        strip=False,
        error_messages={"max_length": f"Use {LONGEST_WORDS:,} characters at most; everything you typed is still here"},
    )


class AnswerForm(forms.Form):
    """One question about a barrier: the question itself stands above."""

    answer = forms.ChoiceField(
        label="Answer",
        choices=SAID,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose an answer, or skip this question"},
    )
    words = _words("In their own words (optional)")

    def __init__(self, *args, prompt: str, hint: str = "", skipping: bool = False, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["answer"].label = prompt
        self.fields["answer"].help_text = hint
        self.fields["answer"].required = not skipping


class StrengthForm(forms.Form):
    """One question about what is good already: told in words."""

    words = _words("")

    def __init__(self, *args, prompt: str, hint: str = "", skipping: bool = False, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["words"].label = prompt
        self.fields["words"].help_text = hint
        self.fields["words"].required = not skipping
        self.fields["words"].error_messages["required"] = "Write what was said, or skip this question"


class EventForm(SaidForm):
    """Something happened. What it touches is asked again."""

    kinds = forms.MultipleChoiceField(
        label="What has happened?",
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Choose what has happened"},
    )
    words = _words("In their own words (optional)")
    field_order = ("kinds", "words", "channel", "said_by", "said_on")

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kinds"].choices = [(each.id, each.title) for each in life_events().values()]


class ExpectationForm(forms.Form):
    """What a member of staff expects, one field a question; those left empty are not kept."""

    def __init__(self, *args, topics: list[Barrier], **kwargs) -> None:
        super().__init__(*args, **kwargs)
        for each in topics:
            self.fields[each.id] = forms.ChoiceField(
                label=each.title,
                choices=[
                    (AnswerValue.YES, "I expect yes, this is hard"),
                    (AnswerValue.A_BIT, "I expect a bit"),
                    (AnswerValue.NO, "I expect no"),
                ],
                widget=forms.RadioSelect,
                required=False,
            )

    def noted(self) -> dict[str, str]:
        """What was expected, by question; those left empty are not there."""
        return {topic: expected for topic, expected in self.cleaned_data.items() if expected}

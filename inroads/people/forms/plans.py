"""What can be typed in a plan: steps, reviews, help by hour, and whether a step helped."""

from datetime import timedelta

from django import forms
from django.utils import timezone

from inroads.design.forms import DateField
from inroads.people.forms.facts import LONGEST_WORDS, SaidForm
from inroads.people.models import AnswerValue, PartOfDay, StepStatus

# "Not asked" is what leaving the page says.
HELPED = [
    (AnswerValue.YES, "Yes"),
    (AnswerValue.A_BIT, "A bit"),
    (AnswerValue.NO, "No"),
    (AnswerValue.PREFER_NOT, "Prefers not to say"),
]
USUAL_REVIEW = timedelta(days=28)


def _words(label: str, **options) -> forms.CharField:
    return forms.CharField(
        label=label,
        widget=forms.Textarea,
        max_length=LONGEST_WORDS,
        strip=False,
        error_messages={
            "required": "Say in a few words what is to be done",
            "max_length": f"Use {LONGEST_WORDS:,} characters at most; everything you typed is still here",
        },
        **options,
    )


class StepForm(forms.Form):
    """A new step: what, who, by when; or nothing yet."""

    status = forms.ChoiceField(
        label="Is there something to do?",
        choices=[
            (StepStatus.PLANNED, "Yes, this is what we do"),
            (StepStatus.NOTHING_YET, "Nothing yet: we keep looking"),
        ],
        widget=forms.RadioSelect,
        initial=StepStatus.PLANNED,
        error_messages={"required": "Choose whether there is something to do"},
    )
    what = _words("What?")
    owner = forms.CharField(
        label="Who does it?",
        max_length=150,
        help_text="A name, the person themself included",
        error_messages={"required": "Enter who does this"},
    )
    due_on = DateField(label="By when?", required=False, help_text="For example, 27 3 2027")

    def clean(self):
        typed = super().clean()
        if typed.get("status") == StepStatus.PLANNED and typed.get("due_on") is None and "due_on" not in self.errors:
            self.add_error("due_on", "Enter by when this is done")
        return typed


class ChangeStepForm(StepForm):
    """A step as it is kept. `version` is the one that was read before typing."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    words = _words(
        "What happened? (optional)", required=False, help_text="Kept with the step; what was written before stays"
    )
    field_order = ("version", "status", "what", "owner", "due_on", "words")

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["status"].label = "How does it stand?"
        self.fields["status"].choices = StepStatus.choices

    def read_again(self, version: int) -> None:
        """What was typed stays; from now on it is known that this version was read."""
        self.data = self.data.copy()
        self.data[self.add_prefix("version")] = str(version)


class ReviewForm(forms.Form):
    """When the plan is looked at again."""

    review_on = DateField(label="When do you look at the plan again?", help_text="For example, 27 3 2027")

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["review_on"].initial = timezone.localdate() + USUAL_REVIEW
        self.fields["review_on"].error_messages["required"] = "Enter a day"


class HelpAtTimeForm(forms.Form):
    """What helps at an hour of the day or night."""

    part = forms.ChoiceField(
        label="When?",
        choices=PartOfDay.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose a time of the day or night"},
    )
    what = forms.CharField(
        label="What helps then?",
        max_length=300,
        help_text="In their words. For example, music, a walk, ringing my sister, the crisis line",
        error_messages={"required": "Say what helps then"},
    )
    who = forms.CharField(
        label="Who is there, and how to reach them (optional)",
        max_length=150,
        required=False,
        help_text="For example, a name and a number",
    )
    digital = forms.BooleanField(label="It needs a phone or the internet", required=False)


class HelpedForm(SaidForm):
    """Whether a step helped."""

    answer = forms.ChoiceField(
        label="Has it helped?",
        choices=HELPED,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose an answer"},
    )
    words = _words("In their own words (optional)", required=False)
    field_order = ("answer", "words", "channel", "said_by", "said_on")

"""What is written down when somebody is passed on, and when we hear back."""

from django import forms
from django.utils import timezone

from inroads.accounts.code_field import CodeField
from inroads.design.forms import DateField
from inroads.people.actions.referrals import SHARE, Consent
from inroads.people.forms.facts import LONGEST_WORDS, SaidForm
from inroads.people.forms.plans import HELPED
from inroads.people.models import ReferralState, SaidBy
from inroads.people.queries.referrals import REASONS

AGREED_BY = [each for each in SaidBy.choices if each[0] != SaidBy.STAFF]
HEARD = (
    ("received", "They have it, and answer later"),
    ("accepted", "Yes"),
    ("declined", "No"),
    ("seen", "They have met"),
    ("helped", "They have met, and it helps"),
    ("not_helped", "They have met, and it does not help"),
)


class ReferForm(forms.Form):
    """What to ask for, what may be passed on, and how the person agreed."""

    asked = forms.CharField(
        label="What would help?",
        help_text="They read this before they say yes. Leave out the name, and anything that gives it away",
        max_length=600,
        widget=forms.Textarea,
        strip=False,
        error_messages={"required": "Say what would help, without their name"},
    )
    share = forms.MultipleChoiceField(
        label="What may we pass on once they say yes?",
        choices=list(SHARE.items()),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Choose at least one thing that they may know"},
    )
    agreed_by = forms.ChoiceField(
        label="Who agreed?",
        choices=AGREED_BY,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose who agreed"},
    )
    how_agreed = forms.CharField(
        label="How did they agree?",
        max_length=200,
        help_text="For example, said yes in the clinic today",
        error_messages={"required": "Write down how they agreed. Nothing is passed on without that"},
    )
    agreed_on = DateField(label="On which day?", help_text="For example, 27 3 2026")

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["agreed_on"].initial = timezone.localdate()

    def consent(self) -> Consent:
        """What was agreed, once it was found right."""
        said = self.cleaned_data
        return Consent(tuple(said["share"]), said["how_agreed"], said["agreed_by"], said["agreed_on"])


class HeardForm(forms.Form):
    """What the touchpoint said on the phone or on paper."""

    state = forms.ChoiceField(
        label="What did they say?",
        choices=HEARD,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose what they said"},
    )
    meets_on = DateField(label="When do they meet? (optional)", required=False, help_text="For example, 27 3 2026")
    reason = forms.ChoiceField(label="If no: why?", choices=[("", "Does not apply"), *REASONS.items()], required=False)
    words = forms.CharField(
        label="In their words (optional)", required=False, widget=forms.Textarea, max_length=LONGEST_WORDS, strip=False
    )
    through = forms.ChoiceField(
        label="How did they say it?",
        choices=[("phone", "By phone or in person"), ("paper", "On paper")],
        widget=forms.RadioSelect,
        initial="phone",
    )

    def __init__(self, *args, follows: frozenset[str], **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["state"].choices = [each for each in HEARD if each[0] in follows]

    def clean(self):
        typed = super().clean()
        if typed.get("state") == ReferralState.DECLINED and not typed.get("reason"):
            self.add_error("reason", "Choose why not, so that we can look for somebody else")
        return typed


class ToldBackForm(SaidForm):
    """Whether it helped, in the person's words."""

    answer = forms.ChoiceField(
        label="Has it helped?",
        choices=[each for each in HELPED if each[0] != "not_asked"],
        widget=forms.RadioSelect,
        error_messages={"required": "Choose an answer"},
    )
    words = forms.CharField(
        label="In their own words (optional)",
        required=False,
        widget=forms.Textarea,
        max_length=LONGEST_WORDS,
        strip=False,
    )
    field_order = ("answer", "words", "channel", "said_by", "said_on", "present_words")


class AnswerCodeForm(forms.Form):
    """The code from a letter or a text message."""

    code = CodeField(whence="letter")


class OwnWordsForm(forms.Form):
    """An answer of a person through their link: one of the five, and words if they like."""

    answer = forms.ChoiceField(choices=ToldBackForm.base_fields["answer"].choices)
    words = forms.CharField(required=False, max_length=2_000, strip=False)

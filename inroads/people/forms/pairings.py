"""What can be typed about a person and a mentor: that they begin, that they met, and that they stop."""

from django import forms
from django.utils import timezone

from inroads.design.forms import DateField
from inroads.people.actions.pairings import LONGEST_MINUTES
from inroads.people.forms.facts import LONGEST_WORDS, SaidForm
from inroads.people.forms.mentors import whole_number
from inroads.people.models import Pairing, Session, TaskState
from inroads.reference.definitions.learning import digital_tasks

TASK = "task_"


def _words(label: str, help_text: str = "") -> forms.CharField:
    return forms.CharField(
        label=f"{label} (optional)",
        widget=forms.Textarea,
        max_length=LONGEST_WORDS,
        strip=False,
        required=False,
        help_text=help_text,
        error_messages={"max_length": f"Use {LONGEST_WORDS:,} characters at most; everything you typed is still here"},
    )


class PairForm(SaidForm):
    """That the person said yes to a mentor, how, and what they would like to be able to do."""

    how_agreed = forms.CharField(
        label="How did they agree?",
        max_length=200,
        help_text="For example: said yes after we talked about what the mentor would know",
        error_messages={"required": "Say how the person agreed"},
    )
    wants = _words("What would they like to be able to do?", "In their words")
    field_order = ("how_agreed", "wants", "channel", "said_by", "said_on")


class EndPairingForm(forms.Form):
    """Why they stop."""

    because = forms.ChoiceField(
        label="Why does it end?",
        choices=Pairing.EndedBecause.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose why it ends"},
    )
    words = _words("In their own words")


class SessionForm(forms.Form):
    """One meeting. Today, half an hour and where they met last are filled in; how things go may be left out."""

    met_on = DateField(label="When did you meet?", help_text="For example, 27 3 2026")
    minutes = whole_number(
        "How many minutes?", least=1, most=LONGEST_MINUTES, missing="Enter how many minutes", initial=30
    )
    where = forms.ChoiceField(
        label="Where?",
        choices=Session.Where.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose where you met"},
    )
    done = _words("What did you do?")
    next_words = _words("What next?")

    def __init__(self, *args, last: dict[str, str] | None = None, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["met_on"].initial = timezone.localdate()
        self.fields["met_on"].error_messages["required"] = "Enter the day"
        for task in digital_tasks().values():
            said = (last or {}).get(task.id)
            self.fields[TASK + task.id] = forms.ChoiceField(
                label=task.title,
                choices=[("", "Not talked about today"), *TaskState.choices],
                required=False,
                help_text=f"Last time: {TaskState(said).label.lower()}" if said in TaskState.values else "",
                error_messages={"invalid_choice": "Choose how it goes from the list"},
            )

    def clean_met_on(self):
        day = self.cleaned_data["met_on"]
        if day is not None and day > timezone.localdate():
            raise forms.ValidationError("The day you met must be today or in the past")
        return day

    @property
    def told(self) -> dict:
        """What `log_session` takes: the tasks that were talked about together, by id."""
        typed = dict(self.cleaned_data)
        tasks = {name.removeprefix(TASK): typed.pop(name) for name in list(typed) if name.startswith(TASK)}
        return typed | {"tasks": {task: state for task, state in tasks.items() if state}}

    def task_fields(self) -> list:
        """The bound fields of the tasks, in their order."""
        return [self[TASK + task] for task in digital_tasks()]

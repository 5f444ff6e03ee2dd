"""What can be typed about small steps: the gap, the step, its cycles, scaling and ending."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from django import forms
from django.utils import timezone

from inroads.design.fields import (
    DAY_HINT,
    CountField,
    NumberField,
    PoundsField,
    ReadForm,
    line,
    one_of,
    own_words,
)
from inroads.design.forms import DateField
from inroads.places.actions.cycles import ByGroup, Found
from inroads.places.actions.steps import WAYS_TO_DESIGN, Details, Gap
from inroads.places.forms.fields import WhoseForm
from inroads.places.models import Decision, GapKind, GroupsKnown, Money, Paid, Part, SmallStepVersion, WhyEnded
from inroads.places.queries.plans import groups

USUAL_REVIEW = timedelta(days=28)
# Rows for groups in a study: more than most teams can tell apart.
GROUP_ROWS = range(1, 5)
GAP_FIELDS = tuple(f"gap_{name}" for name in Gap.__dataclass_fields__)


class StepForm(forms.Form):
    """What a step is."""

    title = line("What do you try?", "Give the step a name", help_text="A few words, for lists")
    goal = own_words("What is to be better in the end?", "Say what is to be better in the end")
    shared_with = line(
        "Who shares this goal?",
        "Say with whom the goal is shared",
        longest=300,
        help_text="Organisations and groups, for example the library and the carers’ group",
    )
    measure = line("What do you measure?", "Say what is measured", longest=200)
    counted_how = line("How is it counted, and by whom?", "Say how it is counted, and by whom", longest=300)
    unit = line("In what (optional)", longest=30, help_text="For example people, %, minutes")
    at_start = NumberField(label="At the start (optional)", help_text="Without it no change can be seen later")
    target = NumberField(label="Target", required=True)
    owner = line("Who looks after it?", "Enter who looks after it", help_text="A name or a role in the team")
    owner_organisation = line("Their organisation (optional)")
    starts_on = DateField(label="The first day", help_text=DAY_HINT)
    review_on = DateField(label="The day you look at it together", help_text=f"There always is a review. {DAY_HINT}")
    money = PoundsField(label="Money, in pounds (optional)", help_text="Whole pounds. 0 if it costs nothing")
    money_kind = one_of("What kind of money?", [*Money.choices, ("", "None, or not known")])
    money_from = line("From whom (optional)", longest=200)
    money_until = DateField(label="The last day of the money (optional)", required=False, help_text=DAY_HINT)
    designed_with = CountField(
        label="How many people who need services helped to design it? (optional)",
        most=10_000,
        help_text="A number. Never their names",
    )
    designed_how = forms.MultipleChoiceField(
        label="How did they take part?",
        choices=list(WAYS_TO_DESIGN.items()),
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    designed_paid = one_of("Were they paid for their time?", [*Paid.choices, ("", "Not known")])
    designed_words = own_words("What they said, and what changed because of it (optional)", help_text="No names")

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["starts_on"].initial = timezone.localdate()
        self.fields["review_on"].initial = timezone.localdate() + USUAL_REVIEW

    def details(self) -> Details:
        """What was typed, for the action."""
        kept = {name: self.cleaned_data[name] for name in Details.__dataclass_fields__}
        return Details(**{**kept, "designed_how": tuple(kept["designed_how"])})


class NewStepForm(WhoseForm, StepForm):
    """A new step with the gap that causes it."""

    gap_kind = one_of("Where is the gap?", GapKind.choices, "Choose where the gap is")
    gap_which = line(
        "Which one?", "Say which one", longest=200, help_text="Its name or its code, for example Ventnor or E01017363"
    )
    gap_words = own_words("What is the gap, as it stands today?", "Say in a few words what the gap is")
    gap_figure = line(
        "What does the figure count? (optional)",
        longest=200,
        help_text="For example: people who would be left out of digital-only care",
    )
    gap_value = NumberField(label="The figure today (optional)")
    gap_low = NumberField(label="It may be as low as (optional)")
    gap_high = NumberField(label="It may be as high as (optional)")
    # As they stand on the page, and so in the summary of errors.
    field_order = ("organisation", *GAP_FIELDS)

    def gap(self) -> Gap:
        """The gap as it was typed."""
        return Gap(**{name.removeprefix("gap_"): self.cleaned_data[name] for name in GAP_FIELDS})


class ChangeStepForm(ReadForm, StepForm):
    """A step as it is kept. `version` is the one that was read before typing."""

    version = forms.IntegerField(widget=forms.HiddenInput)


def initial_of(version: SmallStepVersion) -> dict[str, Any]:
    """What a form shows of a step as it is kept."""
    names = [*Details.__dataclass_fields__, "version"]
    shown = {name: getattr(version, name) for name in names}
    return {name: f"{value:.15g}" if isinstance(value, float) else value for name, value in shown.items()}


class CycleForm(ReadForm):
    """One part of a cycle. `seen` is how much was written down before typing."""

    KNOWN = "seen"
    LABELS = {
        Part.PLAN: ("What do you try, with whom, and what do you expect?", "Say what you try", "The day it begins"),
        Part.DO: ("What was done, and what was different from the plan?", "Say what was done", "The day it was done"),
        Part.STUDY: ("What did you learn?", "Say what you learnt", "The day you looked at it"),
        Part.ACT: ("Why, and what comes next?", "Say why, and what comes next", "The day of the decision"),
    }

    seen = forms.IntegerField(widget=forms.HiddenInput, min_value=0)
    on = DateField(label="On", help_text=DAY_HINT)

    def __init__(self, *args: Any, part: Part, **options: Any) -> None:
        super().__init__(*args, **options)
        label, sentence, day = self.LABELS[part]
        self.fields["words"] = own_words(label, sentence)
        self.fields["on"].label = day
        self.fields["on"].initial = timezone.localdate()

    def more(self) -> dict[str, Any]:
        """What this part holds besides words and a day, for the action."""
        return {}


class StudyForm(CycleForm):
    """What was found: the measure, and how it went by group."""

    def __init__(self, *args: Any, part: Part, **options: Any) -> None:
        super().__init__(*args, part=part, **options)
        self.fields["value"] = NumberField(label="The measure now (optional)")
        self.fields["low"] = NumberField(label="It may be as low as (optional)")
        self.fields["high"] = NumberField(label="It may be as high as (optional)")
        self.fields["counted"] = CountField(label="In how many cases (optional)")
        self.fields["groups_known"] = one_of(
            "Do you know how it went by group?", GroupsKnown.choices, "Choose whether it is known by group"
        )
        known = [("", "No group"), *groups().items()]
        for row in GROUP_ROWS:
            self.fields[f"group_{row}"] = forms.ChoiceField(label=f"Group {row}", choices=known, required=False)
            self.fields[f"start_{row}"] = NumberField(label=f"Group {row}: at the start")
            self.fields[f"now_{row}"] = NumberField(label=f"Group {row}: now")

    def rows(self) -> list[tuple[Any, Any, Any]]:
        """The fields of each group, for the page."""
        return [(self[f"group_{row}"], self[f"start_{row}"], self[f"now_{row}"]) for row in GROUP_ROWS]

    def clean(self) -> dict[str, Any]:
        typed = super().clean() or {}
        for row in GROUP_ROWS:
            names = [f"{name}_{row}" for name in ("group", "start", "now")]
            given = [name for name in names if typed.get(name) not in (None, "")]
            if given and len(given) < len(names):
                missing = next(name for name in names if name not in given)
                if missing not in self.errors:
                    self.add_error(missing, f"Group {row} needs a group, a figure at the start and one now")
        return typed

    def more(self) -> dict[str, Any]:
        """What was found, for the action."""
        typed, titles = self.cleaned_data, groups()
        rows = [
            ByGroup(titles[typed[f"group_{row}"]], typed[f"start_{row}"], typed[f"now_{row}"])
            for row in GROUP_ROWS
            if typed[f"group_{row}"]
        ]
        measured = {name: typed[name] for name in ("value", "low", "high", "counted", "groups_known")}
        return {"found": Found(**measured, by_group=rows)}


class ActForm(CycleForm):
    """What is decided."""

    def __init__(self, *args: Any, part: Part, **options: Any) -> None:
        super().__init__(*args, part=part, **options)
        self.fields["decision"] = one_of("What do you decide?", Decision.choices, "Choose what you decide")

    def more(self) -> dict[str, Any]:
        """The decision, for the action."""
        return {"decision": self.cleaned_data["decision"]}


CYCLE_FORMS = {Part.PLAN: CycleForm, Part.DO: CycleForm, Part.STUDY: StudyForm, Part.ACT: ActForm}


class ScaleForm(forms.Form):
    """Where a step goes next. `worse` are the groups that came off worse; `chance`: what was found may be chance."""

    words = own_words("Where does it go next, and how?", "Say where it goes next, and how")

    def __init__(self, *args: Any, worse: Sequence[str], chance: bool, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["for_whom_worse"] = own_words(
            "What do you do for those for whom it got worse?" + ("" if worse else " (optional)"),
            f"Say what you do for: {', '.join(worse)}" if worse else "",
        )
        if chance:
            self.fields["scaled_although"] = own_words(
                "Why you scale although it may be chance", "Say why you scale it although it may be chance"
            )


class EndForm(forms.Form):
    """Why a step is over, and what changed."""

    because = one_of("Why does it end?", WhyEnded.choices, "Choose why it ends")
    words = own_words(
        "What changed?", "Say what changed, or that nothing did", help_text="It stays beside the gap, for whoever asks"
    )

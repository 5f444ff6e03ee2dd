"""What can be typed about outreach plans: where to, when, who goes, and what became of it."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django import forms
from django.utils import timezone

from inroads.design.fields import (
    DAY_HINT,
    CountField,
    ReadForm,
    line,
    own_words,
)
from inroads.design.forms import DateField
from inroads.places.actions.outreach import MOST_CONVERSATIONS, MOST_STOPS, Stop, usual_day
from inroads.places.forms.fields import WhoseForm
from inroads.places.queries.plans import neighbourhoods_called
from inroads.reference.around import neighbourhood_name

# More than any picture of England can be wrong by, in people squared.
MOST_GAIN = 1e15


class WalkForm(forms.Form):
    """When a walk is, and who goes."""

    day = DateField(label="The day of the walk", help_text=DAY_HINT)
    who = line("Who goes?", "Say who goes", longest=300, help_text="Members of the team and volunteers")
    words = own_words("What for, and what to know beforehand (optional)", help_text="It stands on the printed sheet")


class NewOutreachForm(WhoseForm, WalkForm):
    """A new walk: one neighbourhood a line, by name or code, with words behind a colon where there are any.

    `told` are figures about stops that another page worked out, by code; they are kept with the stop.
    """

    stops = own_words(
        "Which neighbourhoods?",
        "Enter at least one neighbourhood",
        help_text=f"One a line, up to {MOST_STOPS}, by name or code. You can add where to stand behind a colon, for "
        "example E01017363: outside the launderette",
    )
    field_order = ("organisation", "stops", "day", "who", "words")

    def __init__(self, *args: Any, area_code: str, told: Mapping[str, Stop], **options: Any) -> None:
        super().__init__(*args, **options)
        self._area_code, self._told = area_code, told
        self.fields["day"].initial = usual_day()

    def clean_stops(self) -> list[Stop]:
        """Each line as a stop. A line that means no neighbourhood of this place, or several, says so."""
        stops, wrong = [], []
        for typed in filter(None, map(str.strip, self.cleaned_data["stops"].splitlines())):
            found, words = self._meant(typed)
            if len(found) == 1:
                told = self._told.get(found[0], Stop(found[0]))
                stops.append(Stop(found[0], words or told.words, told.per_visit, told.expected_gain))
            elif found:
                wrong.append(f"“{typed[:60]}” is {len(found)} neighbourhoods. Enter one of {', '.join(found[:6])}")
            else:
                wrong.append(f"We find no “{typed[:60]}” in this place. Check the name or the code")
        if wrong:
            raise forms.ValidationError(wrong[:10])
        return stops

    def _meant(self, typed: str) -> tuple[list[str], str]:
        """Codes of what a line may mean, and the words behind it: names on our pages have colons themselves."""
        parts, several = typed.split(":"), ([], "")
        for end in range(min(len(parts), 3), 0, -1):
            found = neighbourhoods_called(":".join(parts[:end]), self._area_code)
            words = ":".join(parts[end:]).strip()
            if len(found) == 1:
                return found, words
            several = (found, words) if found else several
        return several


def told_in(sent: Mapping[str, Any], codes: Sequence[str]) -> dict[str, Stop]:
    """Figures about stops in the fields `per_visit_<code>`, `gain_<code>` and `words_<code>`; odd ones are left out."""
    return {
        code: Stop(
            code,
            str(sent.get(f"words_{code}", ""))[:300],
            _whole(sent.get(f"per_visit_{code}", "")),
            _gain(sent.get(f"gain_{code}", "")),
        )
        for code in codes
    }


def _whole(typed: str) -> int | None:
    found = int(typed) if typed.isascii() and typed.isdecimal() and len(typed) < 7 else 0
    return found if 0 < found <= MOST_CONVERSATIONS else None


def _gain(typed: str) -> float | None:
    try:
        found = float(typed)
    except ValueError:
        return None
    return found if 0 <= found < MOST_GAIN else None


def as_lines(codes: Sequence[str]) -> str:
    """Neighbourhoods as they stand in the box of a new walk."""
    return "\n".join(neighbourhood_name(code) for code in codes)


def day_as_typed(day: date) -> dict[str, str]:
    """A day as the three boxes of the form send it."""
    return {"day_day": str(day.day), "day_month": str(day.month), "day_year": str(day.year)}


class ChangeOutreachForm(ReadForm, WalkForm):
    """A walk as it is planned. `near` are touchpoints to choose from, by id; `version` was read before typing."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    touchpoint = forms.ChoiceField(label="Which touchpoint opens the door?", widget=forms.RadioSelect, required=False)
    field_order = ("version", "day", "who", "touchpoint", "words")

    def __init__(self, *args: Any, near: Mapping[str, str], **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["touchpoint"].choices = [*near.items(), ("", "None yet")]


class _ReportForm(ReadForm):
    """`seen` is how many reports there were before typing."""

    KNOWN = "seen"
    seen = forms.IntegerField(widget=forms.HiddenInput, min_value=0)


class DoneForm(_ReportForm):
    """It was done."""

    on = DateField(label="The day of the walk", help_text=DAY_HINT)
    went = line("Who went?", "Say who went", longest=300)
    conversations = CountField(
        label="How many conversations were held?",
        required=True,
        most=MOST_CONVERSATIONS,
        help_text="Count them. No names, and nothing about one person",
    )
    learnt = own_words(
        "What did you learn?",
        "Say what was learnt, or that nothing was",
        help_text="About the place, not about one person: whoever plans here reads this",
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["on"].initial = timezone.localdate()


class NotHeldForm(_ReportForm):
    """It did not happen."""

    why = own_words("Why did it not happen?", "Say why it did not happen")

"""What can be typed about a service. Only a name and what it helps with are needed; empty is unknown."""

import re
from datetime import time

from django import forms

from inroads.design.wording import WEEKDAYS
from inroads.directory.actions.services import MOST_PEOPLE, Details, Hours
from inroads.directory.models import OVER, Status
from inroads.reference.definitions import load
from inroads.reference.definitions.care import Community, Help

SPAN = re.compile(
    r"^\s*(\d{1,2})(?:[:.](\d\d))?\s*(am|pm)?\s*(?:to|-|–|until)\s*(\d{1,2})(?:[:.](\d\d))?\s*(am|pm)?\s*$",
    re.IGNORECASE,
)
DAY = 24 * 60
FREE = (("", "Not known"), ("yes", "Yes"), ("no", "No"))
RUNS = [(Status.ACTIVE, "It is open"), (Status.PAUSED, "It is closed for now")]


def capacity_field() -> forms.IntegerField:
    """How many more people this month; empty where that is not known."""
    return forms.IntegerField(
        label="How many more people can you help this month? (optional)",
        required=False,
        min_value=0,
        max_value=MOST_PEOPLE,
        help_text="0 if you are full. Leave it empty if you do not know",
        widget=forms.TextInput(attrs={"inputmode": "numeric"}),
        error_messages={
            "invalid": "Enter a whole number of people, like 3",
            "min_value": "Enter a number of people, 0 or more",
            "max_value": f"Enter {MOST_PEOPLE:,} or fewer",
        },
    )


def hours_as_typed(text: str, weekday: int) -> list[Hours]:
    """Spans like "10 to 4, 6pm to 2am" on a weekday. Without am or pm the end is the next such hour after the start.

    Raises `ValueError` with the span that cannot be read.
    """
    found = []
    for span in filter(None, (part.strip() for part in re.split(r",|;|\band\b", text))):
        match = SPAN.match(span)
        if match is None:
            raise ValueError(span)
        opens = _minutes(match[1], match[2], match[3])
        closes = _minutes(match[4], match[5], match[6])
        if match[6] is None and closes is not None and opens is not None and closes <= opens < closes + 12 * 60 < DAY:
            closes += 12 * 60
        if opens is None or closes is None or opens == closes:
            raise ValueError(span)
        found.append(Hours(weekday, time(*divmod(opens, 60)), time(*divmod(closes, 60))))
    return found


def hours_as_shown(hours: tuple[Hours, ...], weekday: int) -> str:
    """The spans of one weekday, as `hours_as_typed` reads them."""
    return ", ".join(f"{each.opens_at:%H:%M} to {_end(each)}" for each in hours if each.weekday == weekday)


def _end(hours: Hours) -> str:
    """With am or pm where it is on the next day: without it, it would be read as the next such hour."""
    if hours.closes_at > hours.opens_at:
        return f"{hours.closes_at:%H:%M}"
    return f"{hours.closes_at.hour % 12 or 12}:{hours.closes_at:%M}{'am' if hours.closes_at.hour < 12 else 'pm'}"


def _minutes(hour: str, minute: str | None, half: str | None) -> int | None:
    hours, minutes = int(hour), int(minute or 0)
    if half:
        if not 1 <= hours <= 12:
            return None
        hours = hours % 12 + (12 if half.lower() == "pm" else 0)
    return hours * 60 + minutes if hours <= 23 and minutes <= 59 else None


class ServiceForm(forms.Form):
    """All that stands in the directory about one service."""

    name = forms.CharField(
        label="What do people call it?",
        max_length=200,
        help_text="For example, Tuesday tablet table",
        error_messages={"required": "Enter a name by which people know it"},
    )
    helps = forms.MultipleChoiceField(
        label="What can you help with?",
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Choose at least one thing you can help with"},
    )
    plain = forms.CharField(
        label="What is it like? (optional)", required=False, max_length=5000, widget=forms.Textarea, strip=False
    )
    status = forms.ChoiceField(label="Is it open at the moment?", choices=RUNS, initial=Status.ACTIVE)
    how_to_come = forms.CharField(
        label="How does somebody come? (optional)",
        required=False,
        max_length=300,
        help_text="For example, just come, or ring first",
    )
    address = forms.CharField(label="Street (optional)", required=False, max_length=300)
    town = forms.CharField(label="Town (optional)", required=False, max_length=100)
    postcode = forms.CharField(label="Postcode (optional)", required=False, max_length=10)
    neighbourhood = forms.ChoiceField(
        label="In which neighbourhood? (optional)",
        required=False,
        help_text="So that people nearby can find it",
        error_messages={"invalid_choice": "Choose a neighbourhood from the list"},
    )
    open_when = forms.CharField(
        label="Anything else about when it is open? (optional)",
        required=False,
        max_length=300,
        help_text="For example, not in school holidays",
    )
    phone = forms.CharField(label="Phone number (optional)", required=False, max_length=60)
    email = forms.CharField(label="Email address (optional)", required=False, max_length=254)
    website = forms.CharField(label="Website (optional)", required=False, max_length=500)
    free = forms.ChoiceField(label="Is it free?", required=False, choices=FREE)
    cost = forms.CharField(label="What does it cost? (optional)", required=False, max_length=300)
    access = forms.CharField(
        label="Getting in and around (optional)",
        required=False,
        max_length=500,
        help_text="Steps, lift, toilet, hearing loop, a quiet corner",
    )
    languages = forms.CharField(
        label="Which languages do you speak there? (optional)",
        max_length=300,
        required=False,
        help_text="With commas between them, like English, Polish",
    )
    communities = forms.MultipleChoiceField(
        label="Whom do you already reach? (optional)", required=False, widget=forms.CheckboxSelectMultiple
    )
    minimum_age = forms.IntegerField(
        label="From which age? (optional)",
        required=False,
        min_value=0,
        max_value=120,
        widget=forms.TextInput(attrs={"inputmode": "numeric"}),
    )
    maximum_age = forms.IntegerField(
        label="Up to which age? (optional)",
        required=False,
        min_value=0,
        max_value=120,
        widget=forms.TextInput(attrs={"inputmode": "numeric"}),
    )
    read_at = forms.CharField(required=False, max_length=40, widget=forms.HiddenInput)

    def __init__(self, *args, neighbourhoods: list[tuple[str, str]], kept: Details | None = None, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        helps = sorted(load(Help).values(), key=lambda each: each.title)
        self.fields["helps"].choices = [(each.id, each.title) for each in helps]
        self.fields["communities"].choices = [(each.id, each.title) for each in load(Community).values()]
        listed = [("", "Not known"), *neighbourhoods]
        if kept is not None and kept.neighbourhood and kept.neighbourhood not in dict(listed):
            listed.append((kept.neighbourhood, kept.neighbourhood))
        self.fields["neighbourhood"].choices = listed
        for number, day in enumerate(WEEKDAYS):
            self.fields[f"hours_{number}"] = forms.CharField(
                label=day, required=False, max_length=100, help_text="For example, 10 to 4" if number == 0 else ""
            )
        if kept is not None and kept.status in OVER:
            # Saving something else does not say that it runs again.
            self.fields["status"].choices = [*RUNS, (kept.status, "It is not running")]
        if kept is not None:
            self.initial |= {name: getattr(kept, name) for name in Details.__dataclass_fields__ if name in self.fields}
            self.initial["free"] = {True: "yes", False: "no", None: ""}[kept.free]
            self.initial |= {f"hours_{number}": hours_as_shown(kept.hours, number) for number in range(7)}
        self._nth = tuple(each for each in kept.hours if each.nth is not None) if kept else ()

    @property
    def days(self):
        """The seven fields of opening hours."""
        return [self[f"hours_{number}"] for number in range(7)]

    def details(self) -> Details:
        """What was typed, once it was found right."""
        said = self.cleaned_data
        typed = {name: said[name] for name in Details.__dataclass_fields__ if name in said}
        typed |= {"free": {"yes": True, "no": False}.get(said["free"]), "hours": self.hours}
        typed |= {"helps": tuple(said["helps"]), "communities": tuple(said["communities"])}
        return Details(**typed)

    def clean(self):
        typed = super().clean()
        hours: list[Hours] = []
        for number, day in enumerate(WEEKDAYS):
            try:
                hours += hours_as_typed(typed.get(f"hours_{number}", ""), number)
            except ValueError as span:
                self.add_error(
                    f"hours_{number}", f"We cannot read “{span}” on {day}. Enter it like 10 to 4, or 9:30 to 12"
                )
        # One that is open only on the first Saturday is not typed here, and stays.
        monthly = {(each.weekday, each.opens_at, each.closes_at): each for each in self._nth}
        found = (monthly.get((each.weekday, each.opens_at, each.closes_at), each) for each in hours)
        self.hours = tuple(sorted(found, key=lambda each: (each.weekday, each.opens_at)))
        return typed


class CapacityForm(forms.Form):
    """Only how many more people can be helped."""

    capacity = capacity_field()


class TouchpointForm(forms.Form):
    """What a touchpoint is called and how to reach it."""

    name = forms.CharField(
        label="Name", max_length=200, error_messages={"required": "Enter the name by which people know it"}
    )
    plain = forms.CharField(
        label="What is it? (optional)", required=False, max_length=5000, widget=forms.Textarea, strip=False
    )
    phone = forms.CharField(label="Phone number (optional)", required=False, max_length=60)
    email = forms.CharField(label="Email address (optional)", required=False, max_length=254)
    website = forms.CharField(label="Website (optional)", required=False, max_length=500)


class NewTouchpointForm(TouchpointForm):
    """A touchpoint that is not in the directory yet."""

    area = forms.ModelChoiceField(
        label="In whose directory?",
        queryset=None,
        empty_label="Choose a place",
        error_messages={"required": "Choose a place"},
    )
    private = forms.BooleanField(
        label="Keep it private",
        required=False,
        help_text="A refuge, say. Only people who work with people here see it; it is in no feed, list or count",
    )
    field_order = ("area", "name", "plain", "phone", "email", "website", "private")

    def __init__(self, *args, areas, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["area"].queryset = areas
        if len(areas) == 1:
            self.fields["area"].initial = areas[0].pk
            self.fields["area"].widget = forms.HiddenInput()

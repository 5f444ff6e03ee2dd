"""What can be typed about leadership: who holds a role, that they stopped, and where inclusion stood on an agenda."""

from typing import Any

from django import forms
from django.utils import timezone

from inroads.design.fields import DAY_HINT, NumberField, ReadForm, line, one_of, own_words
from inroads.design.forms import DateField
from inroads.systems.models import RoleHeld

SOMEBODY, NOBODY = "somebody", "nobody"
LIVED = {"yes": True, "no": False, "": None}


class HoldForm(ReadForm):
    """Who holds a role. `seen` is the newest row of it that was read before typing, 0 for none."""

    KNOWN = "seen"

    seen = forms.IntegerField(widget=forms.HiddenInput, min_value=0)
    held = one_of(
        "Does anybody hold this role?",
        [(SOMEBODY, "Yes, somebody does"), (NOBODY, "Nobody does; it is vacant")],
        "Choose whether anybody holds this role",
    )
    name = line("Their name (empty where nobody holds it)")
    where = line("Their organisation or team (optional)")
    from_on = DateField(label="Since which day", help_text=f"If you do not know, the day you heard. {DAY_HINT}")
    days = NumberField(label="Days a week for it (optional)", help_text="For example, 0.5. Leave it empty if not known")
    deputy = line("Who stands in for them (optional)", help_text="A name. Leave it empty if nobody does")
    lived_experience = one_of(
        "Do they have lived experience?",
        [("yes", "Yes, and they say so openly"), ("no", "No"), ("", "Not known, or not for us to say")],
    )
    money_until = DateField(
        label="The last day of the money for the post (optional)",
        required=False,
        help_text=f"Leave it empty where there is no end, or it is not known. {DAY_HINT}",
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["from_on"].initial = timezone.localdate()

    def clean(self) -> dict[str, Any]:
        typed = super().clean() or {}
        name = typed.get("name", "").strip()
        if typed.get("held") == SOMEBODY and not name and "name" not in self.errors:
            self.add_error("name", "Enter their name")
        if typed.get("held") == NOBODY and name:
            self.add_error("name", "You said that nobody holds it. Leave the name empty, or choose that somebody does")
        return typed

    def holding(self) -> dict[str, Any]:
        """What was typed, for the action."""
        kept = {name: self.cleaned_data[name] for name in ("seen", "name", "where", "days", "deputy", "money_until")}
        lived = LIVED[self.cleaned_data["lived_experience"]]
        return {**kept, "lived_experience": lived, "from_on": self.cleaned_data["from_on"]}


def initial_of(row: RoleHeld | None, seen: int) -> dict[str, Any]:
    """What the form shows of somebody who holds a role already."""
    if row is None or not row.name:
        return {"seen": seen, "lived_experience": ""}
    lived = next(said for said, value in LIVED.items() if value is row.lived_experience)
    kept = {name: getattr(row, name) for name in ("name", "where", "deputy", "money_until")}
    days = f"{row.days:g}" if row.days is not None else ""
    return {**kept, "seen": seen, "held": SOMEBODY, "days": days, "lived_experience": lived}


class EndForm(forms.Form):
    """Somebody stops holding a role."""

    on = DateField(label="The first day on which they do not hold it", help_text=DAY_HINT)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["on"].initial = timezone.localdate()


class AgendaForm(forms.Form):
    """Where inclusion stood on an agenda."""

    meeting = line("Which meeting was it?", "Say which meeting it was", help_text="For example: the quality committee")
    board = one_of(
        "Was it the board of the system itself?",
        [("yes", "Yes"), ("no", "No, another meeting")],
        "Choose whether it was the board of the system",
    )
    on = DateField(label="The day of the meeting", help_text=DAY_HINT)
    title = line("What was it about?", "Say what it was about", longest=200)
    decided = own_words(
        "What was decided? (optional)", help_text="Leave it empty if nothing was decided. No names of people"
    )
    look_again_on = DateField(
        label="The day to look at it again (optional)",
        required=False,
        help_text=f"It is shown from that day until somebody says what became of it. {DAY_HINT}",
    )

    def item(self) -> dict[str, Any]:
        """What was typed, for the action."""
        return {**self.cleaned_data, "board": self.cleaned_data["board"] == "yes"}


class BecameForm(forms.Form):
    """What became of a decision."""

    words = own_words(
        "What became of it?",
        "Say what became of it, or that nothing did",
        help_text="That nothing came of it is worth knowing too. It is said once, and stays",
    )

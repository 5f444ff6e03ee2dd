"""What can be asked when looking for help. Sent as GET: nothing in it is about one person."""

from datetime import timedelta

from django import forms

from inroads.design.wording import WEEKDAYS
from inroads.directory.queries.finding import Wanted, now_here
from inroads.directory.queries.places import directory_named, near
from inroads.reference.definitions import load
from inroads.reference.definitions.care import Community, helps_for
from inroads.reference.definitions.conversation import Barrier, barriers

DISTANCES = ((1000, "1 km"), (3000, "3 km"), (5000, "5 km"), (10_000, "10 km"), (30_000, "30 km"))


def _asked_here(barrier: Barrier) -> bool:
    """What stands in staff's own way is not looked for here, and what is told alone stands on no screen."""
    return barrier.asked_of == "person" and not barrier.alone and bool(helps_for(barrier.id))


class FindHelpForm(forms.Form):
    """Where, what for, and what would make it easier to go there. Everything may stay empty."""

    near = forms.CharField(
        label="Where?", required=False, max_length=100, help_text="A postcode, the beginning of one, or a place"
    )
    within = forms.TypedChoiceField(
        label="How far?", choices=DISTANCES, coerce=int, empty_value=5000, required=False, initial=5000
    )
    need = forms.ChoiceField(label="What is hard?", required=False)
    when = forms.ChoiceField(
        label="When?",
        required=False,
        choices=[
            ("", "At any time"),
            ("now", "Open now"),
            *((str(n), f"On a {day}") for n, day in enumerate(WEEKDAYS)),
        ],
    )
    language = forms.CharField(label="Which language?", required=False, max_length=60, help_text="For example, Somali")
    community = forms.ChoiceField(label="Who is used to people like you?", required=False)
    free = forms.BooleanField(label="It costs nothing", required=False)
    words = forms.CharField(label="Words in the name or description", required=False, max_length=100)

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        hard = [(each.id, each.plain.split(". ")[0].rstrip(".")) for each in barriers().values() if _asked_here(each)]
        self.fields["need"].choices = [("", "Anything"), *hard]
        listed = sorted((each.title, each.id) for each in load(Community).values())
        self.fields["community"].choices = [("", "Anybody"), *((key, title) for title, key in listed)]
        self.near_found = None

    def clean_near(self) -> str:
        """What was typed; where it is stands in `near_found`."""
        typed = self.cleaned_data["near"].strip()
        if typed:
            self.near_found = near(typed) or directory_named(typed)
            if self.near_found is None:
                raise forms.ValidationError(
                    "We do not know where that is. Check it, or type the name of a council or a ward; or leave it empty"
                )
        return typed

    def wanted(self) -> Wanted:
        """What was asked for; nothing that was wrong."""
        said = self.cleaned_data if self.is_bound else {}
        now = now_here()
        day, at = None, None
        if said.get("when") == "now":
            day, at = now.date(), now.time()
        elif said.get("when"):
            day = now.date() + timedelta(days=(int(said["when"]) - now.weekday()) % 7)
        return Wanted(
            near=self.near_found,
            within=float(said.get("within") or 5000),
            need=said.get("need", ""),
            language=said.get("language", ""),
            community=said.get("community", ""),
            day=day,
            at=at,
            free=bool(said.get("free")),
            words=said.get("words", ""),
        )

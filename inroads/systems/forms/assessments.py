"""What can be typed about self-assessments: a new one, who looks after which part, and what is claimed."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from django import forms
from django.utils import timezone

from inroads.accounts.models import User
from inroads.design.fields import DAY_HINT, ReadForm, line, own_words
from inroads.design.forms import DateField
from inroads.reference.definitions.framework import Criterion
from inroads.systems.models import Claimed, Part
from inroads.systems.models.assessments import LONGEST_TITLE

USUAL_WEEKS = timedelta(weeks=6)
NOBODY = ""


class BeginForm(forms.Form):
    """A new assessment."""

    title = line(
        "What is it called?",
        "Give the assessment a name",
        longest=LONGEST_TITLE,
        help_text="For example: Self-assessment, spring 2027",
    )
    due_on = DateField(label="The day by which all parts are filled in", help_text=f"It can come later. {DAY_HINT}")

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["due_on"].initial = timezone.localdate() + USUAL_WEEKS


class ShareOutForm(ReadForm):
    """Who looks after each part. Beside each stands, hidden, with whom it was when the page was read."""

    def __init__(
        self,
        *args: Any,
        criteria: Sequence[Criterion],
        people: Sequence[User],
        parts: Mapping[str, Part],
        **options: Any,
    ) -> None:
        super().__init__(*args, **options)
        self.criteria = criteria
        self.people = {str(each.pk): each for each in people}
        held = {name: str(part.holder_id) if part.holder_id else NOBODY for name, part in parts.items()}
        names = {str(part.holder_id): part.holder.full_name for part in parts.values() if part.holder}
        known = [(key, each.full_name) for key, each in self.people.items()]
        for each in criteria:
            now = held.get(each.id, NOBODY)
            # Somebody who may no longer assess keeps the part until it is given to another.
            left = [(now, f"{names[now]} (may no longer fill it in)")] if now and now not in self.people else []
            self.fields[each.id] = forms.ChoiceField(
                label=each.title,
                choices=[(NOBODY, "Nobody yet"), *left, *known],
                required=False,
                initial=now,
                error_messages={"invalid_choice": "Choose somebody from the list"},
            )
            self.fields[f"was_{each.id}"] = forms.CharField(widget=forms.HiddenInput, required=False, initial=now)

    def rows(self) -> list[tuple[Criterion, Any, Any]]:
        """Each part with its two fields, for the page."""
        return [(each, self[each.id], self[f"was_{each.id}"]) for each in self.criteria]

    def holders(self) -> dict[str, User | None]:
        """Who was chosen for each part. Parts that stay with somebody who may no longer assess are left out."""
        chosen = {each.id: self.cleaned_data[each.id] for each in self.criteria}
        return {name: self.people.get(key) for name, key in chosen.items() if not key or key in self.people}

    def seen(self) -> dict[str, User | None]:
        """With whom each part was when the page was read."""
        found = User.objects.in_bulk({key for each in self.criteria if (key := self._was(each)) is not None})
        return {each.id: found.get(self._was(each)) for each in self.criteria}

    def read_again(self, known: Any) -> None:
        """What was chosen stays; from now on it is known with whom each part is now."""
        self.data = self.data.copy()
        for each in self.criteria:
            part = known.get(each.id)
            self.data[f"was_{each.id}"] = str(part.holder_id) if part and part.holder_id else NOBODY

    def _was(self, criterion: Criterion) -> Any:
        try:
            return User._meta.pk.to_python(self.cleaned_data[f"was_{criterion.id}"] or None)
        except forms.ValidationError:
            return None


class ClaimForm(ReadForm):
    """Which level is reached, and why. `version` is the claim that was read before typing, 0 where there was none."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0)
    level = forms.TypedChoiceField(
        label="Which level is reached?",
        coerce=int,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose a level", "invalid_choice": "Choose a level"},
    )
    words = own_words(
        "Why? (optional for “not begun”)",
        help_text="What is so, for whom, and where it is not. No names of people who need services",
    )

    def __init__(self, *args: Any, criterion: Criterion, now: Claimed | None, **options: Any) -> None:
        initial = {"version": now.version, "level": now.level, "words": now.words} if now else {"version": 0}
        super().__init__(*args, initial=initial, **options)
        named = [(number, f"{number}: {each.title}") for number, each in enumerate(criterion.levels, 1)]
        self.fields["level"].choices = [(0, "0: Not begun"), *named]

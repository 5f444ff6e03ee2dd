"""What can be typed when another way is suggested for a stage, and the size of print."""

from typing import Any

from django import forms

from inroads.design.documents import POINTS
from inroads.people.forms.pathways import OptionForm
from inroads.people.models import Stage
from inroads.reference.definitions.care import ways


class AnotherWayForm(OptionForm):
    """A way that is not digital, to be added to a stage as a draft; not one that stands there by the same name."""

    def __init__(self, *args: Any, stage: Stage, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.stage = stage
        for field in self.fields.values():
            if isinstance(field, forms.CharField) and field.max_length:
                called = field.label.removesuffix(" (optional)")
                field.error_messages["max_length"] = (
                    f"“{called}” may have at most {field.max_length:,} characters; everything you typed is still here"
                )
        way = self.fields["way"]
        way.label = "Which way that is not digital?"
        way.error_messages |= {
            "required": "Choose a way that is not digital",
            "invalid_choice": "Choose a way from the list. Each of them is not digital",
        }
        way.widget = forms.RadioSelect()
        way.choices = [(each.id, f"{each.title}. {each.plain}") for each in ways().values() if not each.digital]

    def clean(self) -> dict[str, Any]:
        typed = super().clean() or {}
        way = ways().get(typed.get("way", ""))
        if way is None or "title" in self.errors:
            return typed
        title = " ".join(typed.get("title", "").split()) or way.title
        there = self.stage.options.filter(way=way.id, withdrawn_at=None, leaving=False)
        if title.casefold() in {" ".join(each.title.split()).casefold() for each in there}:
            self.add_error("way", f"“{title}” stands at this stage already. Choose another way, or call it otherwise")
        return typed


class SheetForm(forms.Form):
    """How large the sheet is printed."""

    points = forms.TypedChoiceField(
        choices=[(str(each), f"{each} point") for each in POINTS],
        coerce=int,
        required=False,
        empty_value=POINTS[0],
        error_messages={
            "invalid_choice": "Choose how large: 12, 18 or 24 points. The address asked for “%(value)s”",
        },
    )

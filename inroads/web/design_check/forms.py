"""What can be typed when another way is suggested for a stage, and the size of print."""

from django import forms

from inroads.design.documents import POINTS
from inroads.people.forms.pathways import OptionForm
from inroads.reference.definitions.care import ways


class AnotherWayForm(OptionForm):
    """A way that is not digital, to be added to a stage as a draft."""

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        way = self.fields["way"]
        way.label = "Which way that is not digital?"
        way.error_messages |= {
            "required": "Choose a way that is not digital",
            "invalid_choice": "Choose a way from the list. Each of them is not digital",
        }
        way.widget = forms.RadioSelect()
        way.choices = [(each.id, f"{each.title}. {each.plain}") for each in ways().values() if not each.digital]


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

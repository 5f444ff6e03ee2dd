"""What can be typed when a pathway is drawn."""

from django import forms

from inroads.accounts.models import User
from inroads.people.queries.choices import organisations_to_draw_in
from inroads.reference.definitions import load
from inroads.reference.definitions.care import PathwayTemplate, ways
from inroads.reference.models import Organisation

MOST_RADIOS = 8


class PathwayForm(forms.Form):
    """A new pathway, from a template or empty."""

    template = forms.ChoiceField(
        label="What do you want to begin from?",
        required=False,
        widget=forms.RadioSelect,
        help_text="Its stages and usual ways come as drafts. Change them to what your service really offers",
    )
    title = forms.CharField(label="Name of the pathway", max_length=150, required=False)
    organisation = forms.ModelChoiceField(
        label="Whose pathway is it?",
        queryset=Organisation.objects.none(),
        empty_label="Choose an organisation",
        error_messages={
            "required": "Choose an organisation",
            "invalid_choice": "Choose an organisation whose pathways you draw",
        },
    )

    def __init__(self, *args, by: User, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        listed = [(each.id, each.title) for each in load(PathwayTemplate).values()]
        self.fields["template"].choices = [*listed, ("", "An empty pathway")]
        self.fields["template"].initial = listed[0][0] if listed else ""
        self.fields["organisation"].queryset = organisations_to_draw_in(by)

    def clean(self) -> dict:
        cleaned = super().clean()
        if not cleaned.get("template") and not cleaned.get("title") and "template" not in self.errors:
            self.add_error("title", "Enter a name for the pathway")
        return cleaned


class StageForm(forms.Form):
    """A stage and its question."""

    title = forms.CharField(
        label="Name of the stage",
        max_length=100,
        help_text="For example, First appointment",
        error_messages={"required": "Enter a name for the stage"},
    )
    question = forms.CharField(
        label="Question to the person",
        max_length=200,
        help_text="For example, How would you like to meet us for the first time?",
        error_messages={"required": "Enter the question that is put to the person"},
    )


class OptionForm(forms.Form):
    """A way that this service really offers."""

    way = forms.ChoiceField(
        label="Which way?", widget=forms.RadioSelect, error_messages={"required": "Choose a way from the list"}
    )
    title = forms.CharField(
        label="What you call it (optional)", max_length=100, required=False, help_text="Leave empty for the usual name"
    )
    plain = forms.CharField(
        label="What it is, in plain words (optional)",
        required=False,
        widget=forms.Textarea,
        max_length=1000,
        help_text="Leave empty for the usual words",
    )
    where = forms.CharField(
        label="Where (optional)", max_length=200, required=False, help_text="For example, Newport library, small room"
    )
    when = forms.CharField(
        label="When (optional)", max_length=200, required=False, help_text="For example, Tuesdays, 10am to 2pm"
    )

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        listed = [
            (each.id, f"{each.title} ({'digital' if each.digital else 'not digital'})") for each in ways().values()
        ]
        if len(listed) > MOST_RADIOS:
            self.fields["way"].widget = forms.Select()
            listed.insert(0, ("", "Choose a way"))
        self.fields["way"].choices = listed

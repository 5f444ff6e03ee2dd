"""What can be typed when a feed is loaded."""

from collections.abc import Iterable

from django import forms

from inroads.reference.models import Organisation

LARGEST = 20 << 20


class FeedForm(forms.Form):
    """A feed as a file: whose it is, and whether we may pass it on."""

    area = forms.ChoiceField(label="For which directory?", error_messages={"required": "Choose the directory"})
    name = forms.CharField(
        label="Name of the feed",
        help_text="Who publishes it. Under the same name, what is loaded takes the place of what was loaded before",
        max_length=200,
        error_messages={"required": "Enter a name for the feed"},
    )
    file = forms.FileField(
        label="The file",
        help_text="What the address of the feed answers, as .json or .json.gz. Up to 20 MB",
        error_messages=dict.fromkeys(("required", "missing", "invalid"), "Choose a file")
        | {"empty": "The file is empty. Save what the address of the feed answers, and choose that"},
    )
    licence = forms.CharField(
        label="Licence (optional)",
        help_text="As its publisher states it. Leave it empty if none is stated",
        max_length=200,
        required=False,
    )
    publish = forms.BooleanField(
        label="This licence lets us pass it on",
        help_text="Only then is it part of our own open directory",
        required=False,
    )

    def __init__(self, *args, areas: Iterable[Organisation], **kwargs) -> None:
        super().__init__(*args, **kwargs)
        choices = [(str(each.pk), each.name) for each in areas]
        self.fields["area"].choices = choices if len(choices) == 1 else [("", "Choose one"), *choices]

    def clean_file(self):
        file = self.cleaned_data["file"]
        if file.size > LARGEST:
            raise forms.ValidationError("The file is larger than 20 MB. Ask for it to be loaded on the command line")
        return file

"""What can be typed about a release."""

from django import forms


class WordsForm(forms.Form):
    """A reason or a remark, and the version of the release that was looked at."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    words = forms.CharField(widget=forms.Textarea(attrs={"rows": 3}), max_length=2000, required=False)

    def __init__(self, *args, label: str, hint: str = "", **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["words"].label = label
        self.fields["words"].help_text = hint

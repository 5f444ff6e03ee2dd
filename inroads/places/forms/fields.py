"""What several forms of plans ask."""

from collections.abc import Sequence
from typing import Any

from django import forms

from inroads.design.fields import one_of
from inroads.reference.models import Organisation


class WhoseForm(forms.Form):
    """Whose plan it is; asked only where the reader plans for more than one organisation that covers the area."""

    organisation = one_of("Whose plan is it?", (), "Choose whose plan it is")

    def __init__(self, *args: Any, organisations: Sequence[Organisation], **options: Any) -> None:
        super().__init__(*args, **options)
        self._organisations = {str(each.pk): each for each in organisations}
        field = self.fields["organisation"]
        field.choices = [(key, each.name) for key, each in self._organisations.items()]
        if len(organisations) == 1:
            field.required, field.initial, field.widget = False, str(organisations[0].pk), forms.HiddenInput()

    def whose(self) -> Organisation:
        """The organisation that was chosen; the only one where there is no choice."""
        return self._organisations[self.cleaned_data["organisation"] or next(iter(self._organisations))]

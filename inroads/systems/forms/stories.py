"""What can be typed about case studies."""

from collections.abc import Sequence
from dataclasses import fields
from typing import Any

from django import forms

from inroads.design.fields import ReadForm, line, own_words
from inroads.systems.actions.stories import Details
from inroads.systems.forms.interviews import themes
from inroads.systems.models import CaseStudyVersion


class StoryForm(ReadForm):
    """A case study. `version` is the one that was read before typing, 0 where there is none."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0)
    title = line("What is it called?", "Give the story a name", longest=200)
    where = own_words("What was it like before, and for whom?", "Say what it was like before, and for whom")
    done = own_words("What was done, and by whom?", "Say what was done, and by whom")
    changed = own_words("What changed, and how do you know?", "Say what changed, and how you know")
    failed = own_words(
        "What did not work?",
        "Say what did not work. If all of it did, say so",
        help_text="This is what others learn most from",
    )
    cost = own_words("What did it cost, in money and time? (optional)")
    criteria = forms.MultipleChoiceField(
        label="What is it about? (optional)", widget=forms.CheckboxSelectMultiple, required=False
    )
    quotes = forms.MultipleChoiceField(
        label="Whose words are in it? (optional)",
        help_text="It can be published only with words whose people agreed to that. The newest are listed; to use "
        "older ones, begin the story from their interview",
        widget=forms.CheckboxSelectMultiple,
        required=False,
        error_messages={"invalid_choice": "Some of these words may not be used any more. Look through them again"},
    )

    def __init__(self, *args: Any, quotes: Sequence[tuple[str, str]], **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["criteria"].choices = themes()
        self.fields["quotes"].choices = quotes
        if not quotes:
            del self.fields["quotes"]

    def details(self) -> Details:
        """What was typed, for the action."""
        kept = {each.name: self.cleaned_data.get(each.name, ()) for each in fields(Details)}
        return Details(**{**kept, "criteria": tuple(kept["criteria"]), "quotes": tuple(kept["quotes"])})


def initial_of(version: CaseStudyVersion) -> dict[str, Any]:
    """What a form shows of a case study as it is kept."""
    return {"version": version.version, **{each.name: getattr(version, each.name) for each in fields(Details)}}

"""How much listening there can be."""

from django import forms

MOST_VISITS, MOST_PEOPLE = 30, 100
USUAL_VISITS, USUAL_PEOPLE = 3, 10


def how_many(label: str, most: int, **said: str) -> forms.IntegerField:
    """A whole number from 1 to `most`; `said` are the sentences where it is not."""
    return forms.IntegerField(
        label=label,
        min_value=1,
        max_value=most,
        widget=forms.TextInput(attrs={"inputmode": "numeric"}),
        error_messages=said,
    )


class ListeningForm(forms.Form):
    """How many visits, and how many people can be asked on each. Sent with GET."""

    visits = how_many(
        "How many visits?",
        MOST_VISITS,
        required="Enter how many visits there can be",
        invalid="Enter the number of visits in figures, such as 3",
        min_value="Plan at least 1 visit",
        max_value=f"Plan {MOST_VISITS} visits at most",
    )
    per_visit = how_many(
        "How many people can you talk with on each?",
        MOST_PEOPLE,
        required="Enter how many people you can talk with on a visit",
        invalid="Enter the number of people in figures, such as 10",
        min_value="Plan to talk with at least 1 person",
        max_value=f"Plan to talk with {MOST_PEOPLE} people at most",
    )

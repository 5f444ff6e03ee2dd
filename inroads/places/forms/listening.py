"""How much listening there can be."""

from django import forms

MOST_VISITS, MOST_PEOPLE = 30, 100
USUAL_VISITS, USUAL_PEOPLE = 3, 10


class ListeningForm(forms.Form):
    """How many visits, and how many people can be asked on each. Sent with GET."""

    visits = forms.IntegerField(
        label="How many visits?",
        min_value=1,
        max_value=MOST_VISITS,
        widget=forms.TextInput(attrs={"inputmode": "numeric"}),
        error_messages={
            "required": "Enter how many visits there can be",
            "invalid": "Enter the number of visits in figures, such as 3",
            "min_value": "Plan at least 1 visit",
            "max_value": f"Plan {MOST_VISITS} visits at most",
        },
    )
    per_visit = forms.IntegerField(
        label="How many people can you talk with on each?",
        min_value=1,
        max_value=MOST_PEOPLE,
        widget=forms.TextInput(attrs={"inputmode": "numeric"}),
        error_messages={
            "required": "Enter how many people you can talk with on a visit",
            "invalid": "Enter the number of people in figures, such as 10",
            "min_value": "Plan to talk with at least 1 person",
            "max_value": f"Plan to talk with {MOST_PEOPLE} people at most",
        },
    )

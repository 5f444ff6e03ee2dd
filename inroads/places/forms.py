"""What a reader can type on the pages of a place."""

from django import forms

from inroads.places.queries import indicators, risk_index

PREFIX = "w_"
MOST = 10


class WeightsForm(forms.Form):
    """How much each part of the index counts. Sent with GET, so that a weighting can be bookmarked and shared."""

    def __init__(self, *args, **options) -> None:
        super().__init__(*args, **options)
        for part in risk_index().parts:
            indicator = indicators()[part.indicator]
            self.fields[PREFIX + part.indicator] = forms.CharField(
                label=indicator.title,
                required=False,
                initial=f"{part.weight:g}",
                help_text=indicator.plain,
                widget=forms.TextInput(attrs={"inputmode": "decimal"}),
            )

    @property
    def was_sent(self) -> bool:
        """Whether the address carries weights at all."""
        return any(name in self.data for name in self.fields)

    def clean(self) -> dict:
        cleaned = super().clean() or {}
        for part in risk_index().parts:
            name = PREFIX + part.indicator
            if name not in self.data:
                cleaned[name] = part.weight
                continue
            cleaned[name] = self._number(name, str(cleaned.get(name, "")))
        if not self.errors and not any(cleaned[name] > 0 for name in self.fields):
            first = next(iter(self.fields))
            self.add_error(first, "Give at least one part a weight above 0")
        return cleaned

    def _number(self, name: str, typed: str) -> float:
        title = self.fields[name].label
        try:
            number = float(typed.replace(",", ".")) if typed else 0.0
        except ValueError:
            self.add_error(name, f"Weight of {title} must be a number, like 2 or 0.5")
            return 0.0
        if not 0 <= number <= MOST:
            self.add_error(name, f"Weight of {title} must be between 0 and {MOST}")
            return 0.0
        return number

    def weights(self) -> tuple[float, ...]:
        """One weight for each part of the index, in its order; as published when something typed was wrong."""
        if not self.is_valid():
            return risk_index().weights
        return tuple(self.cleaned_data[PREFIX + part.indicator] for part in risk_index().parts)


class FindForm(forms.Form):
    """One box: a place, a neighbourhood, or a code."""

    q = forms.CharField(
        label="Name or code of a place, ward or neighbourhood",
        required=False,
        max_length=100,
        help_text="For example Isle of Wight, Ryde or E06000046",
    )

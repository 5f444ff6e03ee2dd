"""What a reader can type on the pages of published figures: weights, and where to look."""

from collections.abc import Mapping

from django import forms

from inroads.places.queries import indicators, risk_index

PREFIX = "w_"
MOST = 10


class WeightsForm(forms.Form):
    """How much each part of the index counts. Sent with GET, so that a weighting can be bookmarked and shared.

    `address` is the query of the address: of it, only the weights are looked at. A part it does not name counts as
    published.
    """

    def __init__(self, address: Mapping[str, str]) -> None:
        parts = {PREFIX + part.indicator: part for part in risk_index().parts}
        self._sent = [name for name in parts if name in address]
        published = {name: f"{part.weight:g}" for name, part in parts.items()}
        super().__init__({**published, **{name: address[name] for name in self._sent}})
        for name, part in parts.items():
            indicator = indicators()[part.indicator]
            self.fields[name] = forms.CharField(
                label=indicator.title,
                required=False,
                help_text=indicator.plain,
                widget=forms.TextInput(attrs={"inputmode": "decimal"}),
            )

    @property
    def was_sent(self) -> bool:
        """Whether the address carries weights at all."""
        return bool(self._sent)

    def clean(self) -> dict:
        cleaned = super().clean() or {}
        for name in self.fields:
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
        number = round(number, 3)
        if not 0 <= number <= MOST:
            self.add_error(name, f"Weight of {title} must be between 0 and {MOST}")
            return 0.0
        return number

    def kept(self) -> dict[str, str]:
        """The weights of the address in one way of writing, for links; none when the address has none or wrong ones."""
        if not self.is_valid():
            return {}
        return {name: f"{self.cleaned_data[name]:g}" for name in self._sent}

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

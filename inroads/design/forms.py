"""From Django's form fields to the parameters of the NHS components, and a date in three boxes.

The functions here are given to the Jinja environment for `design/fields.html`.
"""

from datetime import date

from django import forms
from django.core.exceptions import ValidationError
from django.forms.boundfield import BoundField

_KINDS = (
    (forms.HiddenInput, "hidden"),
    (forms.PasswordInput, "password"),
    (forms.Textarea, "textarea"),
    (forms.CheckboxSelectMultiple, "checkboxes"),
    (forms.RadioSelect, "radios"),
    (forms.CheckboxInput, "checkbox"),
    (forms.Select, "select"),
    (forms.EmailInput, "email"),
    (forms.URLInput, "url"),
)


class DateWidget(forms.MultiWidget):
    """Day, month and year, each typed: easier than a calendar for most people."""

    def __init__(self, attrs=None):
        super().__init__({"day": forms.TextInput, "month": forms.TextInput, "year": forms.TextInput}, attrs)

    def decompress(self, value):
        return [value.day, value.month, value.year] if isinstance(value, date) else ["", "", ""]


class DateField(forms.MultiValueField):
    """A date in three boxes. Errors say which part is missing or that the date does not exist."""

    widget = DateWidget

    def __init__(self, **options):
        parts = [forms.CharField(required=False) for _ in range(3)]
        super().__init__(parts, require_all_fields=False, **options)

    def clean(self, value):
        typed = [str(part or "").strip() for part in (value or ["", "", ""])]
        if not any(typed):
            if self.required:
                raise ValidationError(f"Enter {self.label.lower()}", code="required")
            return None
        missing = [name for name, part in zip(("a day", "a month", "a year"), typed, strict=True) if not part]
        if missing:
            raise ValidationError(f"{self.label} must include {' and '.join(missing)}", code="incomplete")
        try:
            if not all(part.isascii() and part.isdecimal() for part in typed):
                raise ValueError
            day, month, year = (int(part) for part in typed)
            if year < 1900:
                raise ValueError
            return date(year, month, day)
        except (ValueError, OverflowError):  # the second for numbers longer than any calendar
            raise ValidationError(f"{self.label} must be a real date, like 27 3 2026", code="invalid") from None


def field_kind(bound: BoundField) -> str:
    """Which NHS component shows this field."""
    widget = bound.field.widget
    if isinstance(widget, DateWidget):
        return "date"
    return next((kind for cls, kind in _KINDS if isinstance(widget, cls)), "text")


def field_value(bound: BoundField) -> str:
    """What was typed or is there already, as text; typed text comes back even when it was wrong."""
    value = bound.value()
    return "" if value is None else str(value)


def field_options(bound: BoundField) -> list[dict]:
    """The choices of a select, radios or checkboxes with those chosen marked."""
    value = bound.value()
    chosen = {str(item) for item in (value if isinstance(value, list | tuple | set) else [value])}
    options = []
    for key, text in bound.field.choices:
        is_chosen = ("" if key is None else str(key)) in chosen
        options.append({"value": str(key), "text": str(text), "checked": is_chosen, "selected": is_chosen})
    return options


def date_parts(bound: BoundField) -> list[dict]:
    """Three inputs named as `DateWidget` reads them, with what was typed."""
    value = bound.value()
    typed = value if isinstance(value, list | tuple) else DateWidget().decompress(value)
    wrong = " nhsuk-input--error" if bound.errors else ""
    return [
        {
            "name": f"{bound.html_name}_{part}",
            "label": part.capitalize(),
            "value": "" if typed[number] is None else str(typed[number]),
            "classes": f"nhsuk-input--width-{4 if part == 'year' else 2}{wrong}",
            "id": f"{bound.auto_id}_{part}",
        }
        for number, part in enumerate(("day", "month", "year"))
    ]


def form_errors(form: forms.BaseForm) -> list[dict]:
    """Every error once, linked to the field it belongs to, for the summary at the top of the page."""
    listed = [{"text": text, "href": "#maincontent"} for text in form.non_field_errors()]
    for bound in form:
        target = bound.auto_id or bound.html_name
        if field_kind(bound) == "date":
            target = f"{target}_day"
        listed += [{"text": text, "href": f"#{target}"} for text in bound.errors]
    return listed


FOR_TEMPLATES = {
    "field_kind": field_kind,
    "field_value": field_value,
    "field_options": field_options,
    "date_parts": date_parts,
    "form_errors": form_errors,
}

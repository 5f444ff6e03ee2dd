"""The bridge from Django's forms to the NHS components: what the page sends is what the form reads."""

import re
from datetime import date

import pytest
from django import forms
from django.template.loader import get_template
from hypothesis import given
from hypothesis import strategies as st

from inroads.design.forms import DateField, form_errors


class Example(forms.Form):
    name = forms.CharField(label="Name")
    day = DateField(label="The day")
    later = DateField(label="The later day", required=False)


def _page(form) -> str:
    engine = get_template("web/gallery.html").template.environment
    template = '{% from "design/fields.html" import field %}{% for bound in form %}{{ field(bound) }}{% endfor %}'
    return engine.from_string(template).render(form=form)


def _send(page: str, **typed: str) -> dict:
    """What a browser sends: every input's own name, with what was typed into the one with that id."""
    names = {}
    for tag in re.findall(r"<input[^>]*>", page):
        attributes = dict(re.findall(r'([\w-]+)="([^"]*)"', tag))
        names[attributes["id"]] = attributes["name"]
    return {names[f"id_{key}"]: value for key, value in typed.items()}


@given(st.dates(min_value=date(1900, 1, 1)))
def test_a_date_typed_into_the_boxes_is_the_date_read(day):
    sent = _send(_page(Example()), name="Robin", day_day=str(day.day), day_month=str(day.month), day_year=str(day.year))
    form = Example(sent)
    assert form.is_valid(), form.errors
    assert form.cleaned_data["day"] == day
    assert form.cleaned_data["later"] is None


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({}, "Enter the day"),
        ({"day_day": "3"}, "must include a month and a year"),
        ({"day_day": "31", "day_month": "2", "day_year": "2026"}, "must be a real date"),
        ({"day_day": "x", "day_month": "2", "day_year": "2026"}, "must be a real date"),
        ({"day_day": "1", "day_month": "2", "day_year": "26"}, "must be a real date"),
        ({"day_day": "9999999999", "day_month": "2", "day_year": "2026"}, "must be a real date"),
        ({"day_day": "1", "day_month": "9999999999", "day_year": "2026"}, "must be a real date"),
        ({"day_day": "1", "day_month": "2", "day_year": "9999999999"}, "must be a real date"),
        ({"day_day": "1", "day_month": "2", "day_year": "9" * 5000}, "must be a real date"),
    ],
)
def test_a_wrong_date_is_said_and_what_was_typed_comes_back(typed, said):
    form = Example(_send(_page(Example()), name="Robin", **typed))
    assert not form.is_valid()
    assert said in form.errors["day"][0]
    again = _page(form)
    for key, value in typed.items():
        box = re.search(rf'<input[^>]*id="id_{key}"[^>]*>', again)[0]
        assert f'value="{value}"' in box
        assert "nhsuk-input--error" in box


def test_every_error_of_the_summary_leads_to_a_field_that_is_there():
    form = Example({})
    page = _page(form)
    listed = form_errors(form)
    assert [each["text"] for each in listed] == ["This field is required.", "Enter the day"]
    for each in listed:
        assert f'id="{each["href"][1:]}"' in page


def test_what_was_typed_is_escaped():
    page = _page(Example({"name": '"><script>'}))
    assert "<script>" not in page

"""The gallery: every component of ours once, with its error state, for people who build. Not in production."""

from datetime import date

import numpy as np
from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from inroads.design import maps
from inroads.design.forms import DateField
from inroads.web.gallery_charts import charts

ANSWERS = (("yes", "Yes"), ("bit", "A bit"), ("no", "No"), ("unsaid", "I would rather not say"))


class EveryField(forms.Form):
    """One field of each kind that `design/fields.html` knows."""

    name = forms.CharField(label="Name", help_text="As the person likes to be called")
    email = forms.EmailField(label="E-mail address")
    password = forms.CharField(label="Password", widget=forms.PasswordInput)
    words = forms.CharField(label="In your own words", widget=forms.Textarea)
    answer = forms.ChoiceField(
        label="Do you have somewhere private to talk?", choices=ANSWERS, widget=forms.RadioSelect
    )
    several = forms.MultipleChoiceField(
        label="Which of these help?",
        choices=(("mentor", "A digital mentor"), ("library", "A library"), ("paper", "Paper")),
        widget=forms.CheckboxSelectMultiple,
    )
    agree = forms.BooleanField(label="Somebody may phone me")
    role = forms.ChoiceField(label="Role", choices=(("", "Choose one"), ("lead", "Place lead"), ("mentor", "Mentor")))
    day = DateField(label="Date", help_text="For example 27 3 2026")


@require_safe
def gallery(request: HttpRequest) -> HttpResponse:
    """Filled, empty with errors, and the pictures."""
    filled = EveryField(
        initial={
            "name": "Robin",
            "email": "robin@example.org",
            "words": "It is easier at the library.",
            "answer": "bit",
            "several": ["mentor", "paper"],
            "role": "lead",
            "day": date(2026, 3, 27),
        },
        prefix="filled",
    )
    wrong = EveryField(
        {"wrong-email": "robin at home", "wrong-day_day": "31", "wrong-day_month": "2", "wrong-day_year": "2026"},
        prefix="wrong",
    )
    return render(
        request,
        "web/gallery.html",
        {
            "filled": filled,
            "wrong": wrong,
            "map": _map(),
            "on_paper": _on_paper(),
            "strip": _strip(),
            "charts": charts(),
        },
    )


def _map():
    squares = [np.array([[x, 0], [x + 90, 0], [x + 90, 60], [x, 60], [x, 0]], dtype=float) for x in range(0, 600, 100)]
    within = maps.frame(np.concatenate(squares))
    looks = ("risk-1", "risk-2", "risk-3", "risk-4", "risk-5", "no-figure")
    shapes = [
        (maps.path([square], within), look, "#maincontent", f"Square {number}")
        for number, (square, look) in enumerate(zip(squares, looks, strict=True), 1)
    ]
    return maps.drawing(shapes, label="Six squares, one for each colour of a map", within=within)


def _on_paper():
    """For paper: one square marked, numbers that keep apart, and no links."""
    squares = [np.array([[x, 0], [x + 90, 0], [x + 90, 60], [x, 60], [x, 0]], dtype=float) for x in range(0, 600, 100)]
    within = maps.frame(np.concatenate(squares))
    shapes = [
        (maps.path([square], within), "here" if at == 2 else "elsewhere", "", "") for at, square in enumerate(squares)
    ]
    points, texts = [(420, 60), (420, 60), (425, 64)], ["1", "2", "3"]
    spots = maps.spread(points, texts, within)
    return maps.drawing(
        shapes,
        label="Six squares, the third marked",
        within=within,
        names=[(x, y, text) for (x, y), text in zip(spots, texts, strict=True)],
        pointers=[(*point, *spot) for point, spot in zip(points, spots, strict=True) if point != spot],
        links=False,
    )


def _strip():
    return maps.strip(6.2, low=2, middle=4, high=7, least=0, most=10)

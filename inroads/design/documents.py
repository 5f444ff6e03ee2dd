"""Printed documents: a Jinja template becomes a tagged PDF, for paper and for a screen reader alike."""

import math
import re
import unicodedata
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from django.http import HttpResponse
from django.template.loader import get_template
from django.utils.http import content_disposition_header

STYLES = Path(__file__).parent / "styles" / "print_documents.css"
POINTS = (12, 18, 24)
# Sheets of paper: what CSS calls each, and its width in millimetres.
SHEETS = {"A4": ("A4", 210), "A3 landscape": ("A3 landscape", 420)}
MILLIMETRES = 25.4 / 72
AS_PDF: dict[str, Any] = {"pdf_variant": "pdf/ua-1", "pdf_tags": True}
LONG_TEXT = 2_000
LONG_RUN = re.compile(r"\S{40}(?=\S)")


def pdf(template: str, context: dict[str, Any], *, points: int = 12, sheet: str = "A4") -> bytes:
    """The template as a tagged PDF (PDF/UA-1) with body text of 12, 18 or 24 points; nothing is fetched from anywhere.

    The template extends `design/print/document.html`, which says what `context` holds. `sheet` is a key of `SHEETS`.
    Raises `ValueError` for another size of text or sheet, and where the template names something to fetch: a picture,
    a style, an address.
    """
    return _laid_out(template, context, points, sheet).write_pdf(**AS_PDF)


def pdf_of_several(papers: Sequence[tuple[str, dict[str, Any], int]]) -> bytes:
    """Papers one behind the other in one PDF: each as `pdf` makes it, in its own size, its pages counted on their own.

    `papers` are templates with context and points. Raises `ValueError` as `pdf` does, and where there is none.
    """
    if not papers:
        raise ValueError("papers is empty: expected one or more")
    laid_out = [_laid_out(template, context, points) for template, context, points in papers]
    pages = [page for each in laid_out for page in each.pages]
    return laid_out[0].copy(pages).write_pdf(**AS_PDF)


def _laid_out(template: str, context: dict[str, Any], points: int, sheet: str = "A4") -> Any:
    """WeasyPrint's document, with its pages."""
    if points not in POINTS:
        raise ValueError(f"points is {points}: printed text is 12, 18 or 24 points. Choose one of these.")
    if sheet not in SHEETS:
        raise ValueError(f"sheet is {sheet!r}: expected one of {', '.join(SHEETS)}")
    size, width = SHEETS[sheet]
    # Loading it takes longer than most pages do, and most requests print nothing.
    from weasyprint import CSS, HTML
    from weasyprint.urls import FatalURLFetchingError, URLFetcher

    class Nothing(URLFetcher):
        """Refuses every address. WeasyPrint passes over any other error and prints with a hole."""

        def fetch(self, url: str, headers: dict[str, str] | None = None) -> None:
            raise FatalURLFetchingError(url)

    fetch_nothing = Nothing()
    below = f"size: {size}; margin-bottom: {_footer(context, points, width)}mm"
    sizes = f"@page {{ font-size: {points}pt; {below} }} html {{ font-size: {points}pt }}"
    try:
        document = HTML(string=get_template(template).render(context), url_fetcher=fetch_nothing)
        for element in document.etree_element.iter():
            element.text, element.tail = _in_short_runs(element.text), _in_short_runs(element.tail)
            if element.get("dir") == "auto":
                element.set("dir", direction("".join(element.itertext())))
        return document.render(
            stylesheets=[
                CSS(string=STYLES.read_text(encoding="utf-8"), url_fetcher=fetch_nothing),
                CSS(string=sizes, url_fetcher=fetch_nothing),
            ],
            **AS_PDF,
        )
    except FatalURLFetchingError as refused:
        raise ValueError(f"{template} asks for {refused}, but a document fetches nothing. Take it out.") from refused


def pdf_response(content: bytes, filename: str) -> HttpResponse:
    """The PDF to be shown in the browser under this name; kept by no cache, as it may be about a person."""
    return HttpResponse(
        content,
        content_type="application/pdf",
        headers={
            "Content-Disposition": content_disposition_header(as_attachment=False, filename=filename),
            "X-Content-Type-Options": "nosniff",
            "Cache-Control": "no-store",
        },
    )


def direction(text: str) -> str:
    """ "rtl" where the first letter belongs to a script written from right to left, such as Urdu; else "ltr"."""
    for letter in text:
        found = unicodedata.bidirectional(letter)
        if found in {"R", "AL"}:
            return "rtl"
        if found == "L":
            return "ltr"
    return "ltr"


def _in_short_runs(text: str | None) -> str | None:
    """The same letters, with a space in runs that no word has: laying out a very long one takes ever longer.

    Shorter texts, which may hold a web address, stay as they are.
    """
    return LONG_RUN.sub(r"\g<0> ", text) if text and len(text) > LONG_TEXT else text


def _footer(context: dict[str, Any], points: int, width: int) -> float:
    """Millimetres for the footer of every page, which does not grow by itself with what stands in it."""
    about = context.get("document", {})
    # Two thirds of the width within the margins, and a letter a little wider than they are on average.
    letters = 120 / 182 * (width - 28) / (0.62 * points * MILLIMETRES)
    lines = max(1, math.ceil(len(about.get("contact") or about.get("organisation") or "") / letters))
    return 9 + (0.6 + 1.2 * lines) * points * MILLIMETRES

"""Stands where a page is still being built; gone before it is finished."""

from django.http import Http404, HttpRequest, HttpResponse


def stub(request: HttpRequest, **arguments: object) -> HttpResponse:
    """Nothing yet."""
    raise Http404("Being built")

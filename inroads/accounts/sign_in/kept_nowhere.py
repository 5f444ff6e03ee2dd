"""Nothing that is answered to somebody who is signed in is kept by a browser or on the way there."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase
from django.utils.cache import add_never_cache_headers


class KeptNowhereMiddleware:
    """Marks every answer to somebody who is signed in, those that no page made included: not found, refused, sent on.

    Without a session cookie nobody is asked who they are: open pages read no database for that.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        if settings.SESSION_COOKIE_NAME in request.COOKIES and _may_be_signed_in(request, response):
            add_never_cache_headers(response)
        return response


def _may_be_signed_in(request: HttpRequest, response: HttpResponseBase) -> bool:
    """After an error of ours the database may be what failed, and before the sign-in is read there is no user."""
    if response.status_code >= 500 or not hasattr(request, "user"):
        return True
    return request.user.is_authenticated

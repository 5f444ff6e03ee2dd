"""A screen handed across the desk: until staff sign in again, this session opens only what was handed over."""

from django.http import HttpRequest

KEY = "handed_over_within"
BACK = "handed_over_back_to"


def begin(request: HttpRequest, *, within: str, back_to: str) -> None:
    """From now on only addresses that begin with `within` open; whoever signs in again comes to `back_to`."""
    request.session[KEY], request.session[BACK] = within, back_to


def back_to(request: HttpRequest) -> str:
    """Where staff go on when they have the screen again."""
    return str(request.session.get(BACK, "/"))


def is_now(request: HttpRequest) -> bool:
    """Whether the screen of this session was handed over."""
    return bool(getattr(request, "session", None) and request.session.get(KEY))


def stands_before(request: HttpRequest) -> bool:
    """Whether whoever holds the screen may not open this address."""
    return is_now(request) and not request.path.startswith(request.session[KEY])

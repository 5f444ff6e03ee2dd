"""Every address of the product is made by `page`, which says and enforces who may open it.

A test walks all addresses and fails on one that was not made here.
"""

from collections.abc import Callable
from contextlib import nullcontext
from dataclasses import dataclass, replace
from functools import wraps
from typing import Any
from urllib.parse import urlencode

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.urls import URLPattern, path, reverse
from django.utils.cache import add_never_cache_headers

from inroads.accounts import drafts, handed_over
from inroads.accounts.permissions import Permission, asked_once, permissions_of
from inroads.accounts.sign_in.second_step import SecondStep, stands_before

View = Callable[..., HttpResponseBase]
READS = frozenset({"GET", "HEAD", "OPTIONS"})


@dataclass(frozen=True)
class Access:
    """Who may open an address: anyone, everyone who is signed in, or those who hold one of the permissions."""

    signed_in: bool
    permissions: frozenset[Permission] = frozenset()
    second_step: SecondStep = SecondStep.IF_ROLES_ASK

    def allows(self, user: Any) -> bool:
        """Whether this user may open the address today."""
        return not self.signed_in or (user.is_authenticated and self.permits(permissions_of(user)))

    def permits(self, held: frozenset[Permission]) -> bool:
        """Whether somebody who is signed in and holds these permissions may open the address."""
        return not self.permissions or bool(self.permissions & held)

    def __str__(self) -> str:
        if not self.signed_in:
            return "anyone"
        return " or ".join(sorted(self.permissions)) if self.permissions else "everyone who is signed in"


ANYONE = Access(signed_in=False)
SIGNED_IN = Access(signed_in=True)


def page(
    route: str,
    view: View,
    *,
    name: str,
    needs: Access | Permission | tuple[Permission, ...],
    kwargs: dict[str, Any] | None = None,
    second_step: SecondStep = SecondStep.IF_ROLES_ASK,
    while_handed_over: bool = False,
) -> URLPattern:
    """An address and who may open it, whatever the method.

    `needs` is ANYONE, SIGNED_IN, a Permission, or several of which one is enough. Not signed in: sent to sign in, and
    back afterwards, with what was typed in a form kept. Signed in without the permission: the page that says so, with
    status 403. A screen that was handed over opens only what was handed over, and pages marked `while_handed_over`.
    Signed in without the second step that the page asks for: sent to set one up or to show it. Nothing that needs
    signing in is kept by a browser or on the way there; what else is answered to somebody who is signed in,
    `kept_nowhere` marks.
    """
    access = replace(_access(needs), second_step=second_step)

    def answer(request: HttpRequest, *args: Any, **view_kwargs: Any) -> HttpResponseBase:
        if not access.signed_in:
            return view(request, *args, **view_kwargs)
        if not request.user.is_authenticated:
            drafts.keep_on_arrival(request)
            return redirect_to_login(request.get_full_path())
        # Asked once for the page and the menu on it.
        request.permissions = permissions_of(request.user)
        if not access.permits(request.permissions):
            raise PermissionDenied("Your roles do not include this page")
        if not while_handed_over and handed_over.stands_before(request):
            drafts.keep_on_arrival(request)
            return redirect("accounts:take_back")
        if stands_before(request, second_step):
            drafts.keep_on_arrival(request)
            wanted = urlencode({"next": request.get_full_path()})
            return redirect(f"{reverse('accounts:second_step_needed')}?{wanted}")
        return view(request, *args, **view_kwargs)

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **view_kwargs: Any) -> HttpResponseBase:
        # Whoever only reads is asked once who they are; what changes something asks again when it does.
        with asked_once() if request.method in READS else nullcontext():
            response = answer(request, *args, **view_kwargs)
        if access.signed_in:
            add_never_cache_headers(response)
        return response

    guarded.access = access  # type: ignore[attr-defined]
    return path(route, guarded, kwargs, name=name)


def _access(needs: Access | Permission | tuple[Permission, ...]) -> Access:
    if isinstance(needs, Access):
        return needs
    wanted = needs if isinstance(needs, tuple) else (needs,)
    if not wanted or not all(isinstance(permission, Permission) for permission in wanted):
        raise TypeError(f"page: needs={needs!r}: expected ANYONE, SIGNED_IN, a Permission or several of them")
    return Access(signed_in=True, permissions=frozenset(wanted))

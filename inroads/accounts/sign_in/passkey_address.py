"""Passkeys belong to a name such as inroads.example: where an address is a number, none can be made or used."""

from dataclasses import dataclass
from ipaddress import ip_address

from django.http import HttpRequest
from django.http.request import split_domain_port
from django.utils.functional import SimpleLazyObject


@dataclass(frozen=True)
class PasskeyAddress:
    """Whether passkeys work at the address that somebody opened; `instead` is the address of this page that works."""

    works: bool
    instead: str = ""


def passkey_address(request: HttpRequest) -> PasskeyAddress:
    """Looked up from the host in the request. On the machine itself the same page answers at localhost."""
    host, port = split_domain_port(request.get_host())
    try:
        address = ip_address(host.strip("[]"))
    except ValueError:
        return PasskeyAddress(works=True)
    if not address.is_loopback:
        return PasskeyAddress(works=False)
    name = f"localhost:{port}" if port else "localhost"
    return PasskeyAddress(works=False, instead=f"{request.scheme}://{name}{request.get_full_path()}")


def on_every_page(request: HttpRequest) -> dict[str, object]:
    """For every template with a passkey button, those of the sign-in package's own views included.

    Looked up only when a template asks, because the page that refuses an unknown host has no host to look at.
    """
    return {"passkey_address": SimpleLazyObject(lambda: passkey_address(request))}

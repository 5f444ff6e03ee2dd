"""What the layout of every page needs to know."""

from django.conf import settings
from django.urls import reverse
from django.utils.functional import SimpleLazyObject

from inroads.accounts import drafts, handed_over
from inroads.accounts.permissions import Permission, permissions_of
from inroads.places.permissions import SEES_PLANS
from inroads.systems.permissions import ENTERS


def every_page(request) -> dict:
    """Brand, demonstration notice, navigation for this reader, and the nonce for scripts."""
    user = getattr(request, "user", None)
    signed_in = bool(user and user.is_authenticated)
    return {
        "demonstration": settings.DEMONSTRATION,
        "nhs_brand": settings.NHS_BRAND,
        "contact": settings.CONTACT,
        "csp_nonce": getattr(request, "csp_nonce", ""),
        "current_user": user if signed_in else None,
        # Whoever holds a screen that was handed over is offered nothing else.
        "handed_over": handed_over.is_now(request),
        # Signed only on pages with a form that keeps what is typed.
        "typed_by": SimpleLazyObject(lambda: drafts.mark(request)),
        "navigation": [] if handed_over.is_now(request) else list(_navigation(request, user if signed_in else None)),
    }


def _navigation(request, user):
    entries = [
        ("Find help", reverse("directory:find"), None),
        ("Places", reverse("places:index"), None),
        ("Data sets", reverse("data_sets"), None),
    ]
    if user:
        held = getattr(request, "permissions", None) or permissions_of(user)
        if any(each in held for each in SEES_PLANS):
            entries.append(("Monday", reverse("monday"), None))
        if any(each in held for each in ENTERS):
            entries.append(("Systems", reverse("systems:index"), None))
        entries += [
            (title, reverse(name), permission)
            for title, name, permission in (
                ("People", "people:list", Permission.WORK_WITH_PEOPLE),
                ("Your choices", "people:own", Permission.SEE_OWN_CHOICES),
                ("Directory", "directory:own", Permission.KEEP_DIRECTORY),
                ("Apps", "learning:apps", Permission.REVIEW_APPS),
                ("Pathways", "people:pathways", Permission.DESIGN_PATHWAYS),
                ("People who sign in", "accounts:people", Permission.SEE_PEOPLE_WHO_SIGN_IN),
                ("Audit trail", "accounts:audit", Permission.SEE_AUDIT_TRAIL),
            )
            if permission in held
        ]
    # Of two that begin the same, the longer one is meant.
    here = max((address for _, address, _ in entries if request.path.startswith(address)), key=len, default="")
    for title, address, _ in entries:
        yield {"text": title, "href": address, "current": address == here}

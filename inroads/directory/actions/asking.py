"""Asking a touchpoint whether what stands there about it is still right, by the link it was given."""

from datetime import date

from django.conf import settings
from django.urls import reverse

from inroads.accounts.actions import Refused
from inroads.directory.models import Service, Touchpoint
from inroads.directory.queries.finding import FADES, RUNNING
from inroads.directory.queries.links import token_of
from inroads.post.actions import send
from inroads.post.queries import channels

MOST_A_DAY = 200
ASK = (
    "People look for help, and find you in the directory. Nobody has looked for half a year whether what stands there "
    "is right. One tap says so, without a password: {link}\n\nThank you for being there."
)


def ask_to_check(*, on: date) -> int:
    """One email for each touchpoint that has a link and an entry that fades, once in half a year. Returns how many.

    Only those that were given a link are asked: a stranger's address never starts getting letters from us.
    """
    if "email" not in channels():
        return 0
    faded = Service.objects.filter(status__in=RUNNING, same_as=None, checked_on__lt=on - FADES)
    kept = Touchpoint.objects.filter(pk__in=faded.values("touchpoint"), link_number__gt=0).exclude(email="")
    asked = 0
    for each in kept.select_related("area").order_by("pk")[:MOST_A_DAY]:
        page = reverse("directory:linked_touchpoint", kwargs={"token": token_of(each)})
        try:
            send(
                key=f"check-{each.pk}-{on.year}-{1 + (on.month > 6)}",
                channel="email",
                to=each.email,
                subject="Is this still right?",
                body=ASK.format(link=settings.PUBLIC_URL.rstrip("/") + page),
                organisation=each.organisation or each.area,
                about=each,
            )
        except Refused:
            continue
        asked += 1
    return asked

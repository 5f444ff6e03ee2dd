"""Asking a touchpoint whether what stands there about it is still right, by the link it was given."""

from datetime import date

from django.conf import settings
from django.db.models import Q
from django.urls import reverse

from inroads.accounts.actions import Refused
from inroads.accounts.codes import hash_of
from inroads.directory.models import RUNNING, Service, Touchpoint
from inroads.directory.queries.finding import FADES
from inroads.directory.queries.links import token_of
from inroads.post.actions import send
from inroads.post.queries import channels, states_of

MOST_A_DAY = 200
ASK = (
    "People look for help, and find you in the directory. Nobody has looked for half a year whether what stands there "
    "is right. One tap says so, without a password: {link}\n\nThank you for being there."
)


def ask_to_check(*, on: date) -> int:
    """One message for each touchpoint that has a link and an entry that fades, once in half a year. Returns how many.

    By email where it has one, else by letter. Only those that were given a link are asked: a stranger's address never
    starts getting letters from us; their entries stand on the page of those who keep the directory.
    """
    fading = Q(checked_on=None) | Q(checked_on__lt=on - FADES)
    faded = Service.objects.filter(fading, status__in=RUNNING, same_as=None)
    kept = Touchpoint.objects.filter(pk__in=faded.values("touchpoint"), link_number__gt=0)
    waiting = {_key(each, on): each for each in kept.select_related("area", "organisation").order_by("pk")}
    asked, known = 0, states_of(waiting)
    for key in [key for key in waiting if key not in known][:MOST_A_DAY]:
        asked += _ask(waiting[key], key)
    return asked


def _ask(touchpoint: Touchpoint, key: str) -> bool:
    channel, to = _way_to(touchpoint)
    if not channel:
        return False
    code = token_of(touchpoint)
    if touchpoint.link_hash != hash_of(code):
        return False  # the secret key was changed since: somebody gives them a new link
    page = reverse("directory:linked_touchpoint", kwargs={"token": code})
    try:
        send(
            key=key,
            channel=channel,
            to=to,
            subject="Is this still right?",
            body=ASK.format(link=settings.PUBLIC_URL.rstrip("/") + page),
            organisation=touchpoint.organisation or touchpoint.area,
            about=touchpoint,
        )
    except Refused:
        return False
    return True


def _way_to(touchpoint: Touchpoint) -> tuple[str, str]:
    """Channel of the post and where to; ("", "") where nothing can be sent."""
    if touchpoint.email and "email" in channels():
        return "email", touchpoint.email
    where = touchpoint.locations.exclude(address="").exclude(postcode="").first()
    if where is None:
        return "", ""
    return "letter", "\n".join(filter(None, [touchpoint.name, where.address, where.town, where.postcode]))


def _key(touchpoint: Touchpoint, on: date) -> str:
    return f"check-{touchpoint.pk}-{on.year}-{1 + (on.month > 6)}"

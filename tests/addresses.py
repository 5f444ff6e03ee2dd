"""Every address of the product as the resolver knows it, with example arguments: for tests that walk all of them."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

import pytest
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from lending_factories import of_lending
from systems_addresses import of_a_system

from inroads.accounts.codes import hash_of
from inroads.accounts.models import User
from inroads.accounts.routes import Access
from inroads.directory.models import FeedRun, Pair, Service
from inroads.directory.queries.links import token_of
from inroads.people import models
from inroads.people.queries.referrals import code_of
from inroads.places.models import Outreach, SmallStep
from inroads.post.models import Message
from inroads.reference.models import Organisation
from inroads.released.models import Release


@dataclass(frozen=True)
class Route:
    """One address as the resolver knows it."""

    name: str
    pattern: str
    arguments: tuple[str, ...]
    access: Access | None

    @property
    def example_key(self) -> str:
        return self.name or self.pattern


def routes(resolver: URLResolver | None = None, prefix: str = "", space: str = "") -> Iterator[Route]:
    """All addresses of the resolver, those of every namespace included."""
    for entry in (resolver or get_resolver()).url_patterns:
        pattern = prefix + str(entry.pattern)
        if isinstance(entry, URLResolver):
            yield from routes(entry, pattern, f"{space}{entry.namespace}:" if entry.namespace else space)
        elif isinstance(entry, URLPattern):
            name = f"{space}{entry.name}" if entry.name else ""
            arguments = tuple(sorted(entry.pattern.regex.groupindex))
            yield Route(name, pattern, arguments, getattr(entry.callback, "access", None))


ALL = list(routes())
# Arguments that mean the same wherever they occur.
COMMON: dict[str, Any] = {
    "source": "deri_v1_6",
    "code": "E06000046",
    "area": "E06000046",
    "place": "E06000046",
    "neighbourhood": "E01017280",
    "app": "example-diary",
    "id": UUID(int=1),
    "rest": "nothing",
}


OF_A_STEP = ("step", "step_change", "step_cycle", "step_scale", "step_end")
OF_A_WALK = ("outreach", "outreach_sheet", "outreach_change", "outreach_done", "outreach_not_held")


def examples(somebody: User) -> dict[str, dict[str, Any]]:
    """Arguments for the addresses that have others, by name of the address; pages about a person are about this one."""
    person = {"person": somebody.pk}
    about = ("person", "add_membership", "new_link", "remove_second_step", "stop", "restart")
    return {
        "account_reset_password_from_key": {"uidb36": UUID(int=1).hex, "key": "abc-def"},
        "mfa_remove_webauthn": {"pk": 1},
        "mfa_edit_webauthn": {"pk": 1},
        **{f"accounts:{name}": person for name in about},
        **{f"post:{name}": {"message": _first(Message)} for name in ("letter", "again", "arrived", "told_otherwise")},
        **{f"places:{name}": {"outreach": _first(Outreach)} for name in OF_A_WALK},
        **{f"places:{name}": {"step": _first(SmallStep)} for name in OF_A_STEP},
        "places:step_cycle_part": {"step": _first(SmallStep), "part": "plan"},
        "released:one": {"release": _first(Release)},
        "released:table_file": {"release": _first(Release), "table": "neighbourhoods"},
        "released:decide": {"release": _first(Release), "what": "ask"},
        "accounts:end_membership": {**person, "membership": somebody.memberships.get().pk},
    }


def _first(model: type, **chosen: Any) -> Any:
    """The id of one that there is, or of none."""
    found = model.objects.filter(**chosen).order_by("pk").first()
    return found.pk if found else (UUID(int=1) if model._meta.pk.get_internal_type() == "UUIDField" else 1)


def of_a_record(names: tuple[str, ...]) -> dict[str, Any]:
    """Arguments for addresses about one person's record, a pathway or a referral: of the record with most in it."""
    whole = models.Person.objects.filter(answers__isnull=False).order_by("pk").first()
    person = whole.pk if whole else UUID(int=1)
    stage = _first(models.Stage)
    known = {
        **of_lending(person),
        "person": person,
        "conversation": _first(models.Conversation, person=person),
        "topic": "devices",
        "trusted": _first(models.TrustedPerson, person=person),
        "appointment": _first(models.Appointment, person=person),
        "paper": _first(models.PaperForm, person=person),
        "pathway": _first(models.Pathway),
        "stage": stage,
        "option": _first(models.Option, stage=stage),
        "service": _first(Service),
        "referral": _first(models.Referral, person=person),
        "contact": _first(models.Contact, person=person),
        "barrier": "devices",
        "suggested": "device_loan",
        "time": _first(models.HelpAtTime, person=person),
        "step": _first(models.PlanStep, person=person),
        "mentor": _first(models.Mentor),
        "pairing": _first(models.Pairing, person=person),
        "session": _first(models.Session, pairing__person=person),
        "own_pairing": _first(models.Pairing, mentor__user__isnull=False, ended_on=None),
        "drop_in": _first(models.DropIn, ended_at=None),
        "day": date.today().isoformat(),
    }
    return {name: known[name] for name in names if name in known}


def of_the_directory(names: tuple[str, ...]) -> dict[str, Any]:
    """Arguments for addresses about a touchpoint, a service, or an organisation that has none."""
    service = Service.objects.select_related("touchpoint").order_by("pk").first()
    known = {
        "touchpoint": service.touchpoint_id if service else UUID(int=1),
        "service": service.pk if service else UUID(int=1),
        "organisation": _first(Organisation, kind="voluntary"),
        "token": _link_of(service) if service else "none",
        "run": _first(FeedRun),
        "pair": _first(Pair),
    }
    return {name: known[name] for name in names if name in known}


def _link_of(service: Service) -> str:
    """The code of the page its touchpoint keeps."""
    touchpoint = service.touchpoint
    code = token_of(touchpoint)
    type(touchpoint).objects.filter(pk=touchpoint.pk).update(link_hash=hash_of(code))
    return code


def _code(whose: str) -> str:
    """The code of a referral that was sent."""
    found = models.Referral.objects.exclude(state="drafted").order_by("pk").first()
    return code_of(found, whose) if found else "none"


def address_of(route: Route, somebody: User) -> str:
    """The address with example arguments. Fails with a sentence where there is no example."""
    if not route.arguments:
        return reverse(route.name) if route.name else "/" + route.pattern
    if route.name.startswith("directory:"):
        return reverse(route.name, kwargs=of_the_directory(route.arguments))
    if route.name.startswith(("systems:", "returns_intake:", "exchange:")):
        return reverse(route.name, kwargs=of_a_system(route.name, route.arguments))
    if route.name.startswith("answers:"):
        return reverse(route.name, kwargs={"code": _code("receiver" if route.name == "answers:receiver" else "person")})
    if route.name.startswith(("people:", "design_check:")):
        return reverse(route.name, kwargs=of_a_record(route.arguments))
    known = examples(somebody)
    if route.example_key in known:
        return reverse(route.name, kwargs=known[route.example_key])
    if set(route.arguments) <= set(COMMON):
        return reverse(route.name, kwargs={name: COMMON[name] for name in route.arguments})
    pytest.fail(
        f"The address '{route.pattern}' ({route.name}) needs {', '.join(route.arguments)}, and there is no example for "
        f"it. Add one to `examples` in tests/addresses.py."
    )

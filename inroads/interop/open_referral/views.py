"""The directory as HSDS-UK 3.0: read only, for anybody. Only what may be passed on is counted, listed or found."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.db.models import Prefetch, QuerySet
from django.http import HttpRequest
from django.urls import reverse

from inroads.directory.models import Service, ServiceAtLocation, Touchpoint
from inroads.directory.queries.places import point_of
from inroads.interop.open_referral import shared, terms, writer
from inroads.interop.open_referral.answers import NotHere, one_a_line, open_to_all, paged
from inroads.interop.open_referral.contract import PROFILE, STANDARD, contract_of
from inroads.interop.open_referral.parameters import MOST_A_PAGE, Asked, Wrong
from inroads.interop.open_referral.values import postcode as as_postcode

# Asked for without pages, as the standard wishes for `minimal`.
MOST_AT_ONCE = 100_000
PIECE = 500
WITHOUT_POSTCODE = "proximity: expected with a postcode; add one, or leave out the distance."


@open_to_all
def details(request: HttpRequest, asked: Asked) -> Any:
    """What this is, and where its contract lies."""
    contract = request.build_absolute_uri(reverse("open_referral:contract"))
    return {"version": STANDARD, "profile": PROFILE, "openapi_url": contract}


@open_to_all
def contract(request: HttpRequest, asked: Asked) -> Any:
    """The contract of these addresses."""
    return contract_of(request.build_absolute_uri(reverse("open_referral:details")).rstrip("/"))


@open_to_all
def services(request: HttpRequest, asked: Asked) -> Any:
    """Services by name: a line each, nested with `full`, as little as possible with `minimal`."""
    found = shared.searched(shared.services(), asked.words())
    found = shared.narrowed(found, **_filters(asked))
    if asked.yes("minimal"):
        fields = found.only("id", "name", "status", "modified_at", "sort_name")
        return _answer(asked, fields, writer.service_minimal, usual=MOST_AT_ONCE)
    if asked.yes("full"):
        return _answer(asked, shared.with_all(found), writer.service_full)
    return _answer(asked, found.select_related("touchpoint"), writer.service_line)


@open_to_all
def service(request: HttpRequest, asked: Asked, id: str) -> Any:
    """One service with all that is known of it."""
    return writer.service_full(_one(shared.with_all(shared.services()), id))


@open_to_all
def organizations(request: HttpRequest, asked: Asked) -> Any:
    """Touchpoints by name."""
    found = shared.touchpoints()
    for word in asked.words():
        found = found.filter(sort_name__contains=word.casefold()) | found.filter(plain__icontains=word)
    whole = asked.yes("full_service")
    if whole or asked.yes("full"):
        return _answer(asked, _with_services(found, whole), lambda each: _organisation(each, whole=whole))
    return _answer(asked, found, writer.organisation)


@open_to_all
def organization(request: HttpRequest, asked: Asked, id: str) -> Any:
    """One touchpoint with its services: their names, or all of them with `full_service`."""
    whole = asked.yes("full_service")
    return _organisation(_one(_with_services(shared.touchpoints(), whole), id), whole=whole)


@open_to_all
def service_at_locations(request: HttpRequest, asked: Asked) -> Any:
    """Services at their places; near a postcode with `postcode` and `proximity`."""
    found = shared.searched(shared.at_locations(), asked.words(), service="service__")
    found = shared.narrowed(found, **_filters(asked), service="service__")
    near, metres = asked.text("postcode"), asked.metres("proximity")
    if metres is not None and not near:
        raise Wrong(WITHOUT_POSTCODE)
    if near:
        point = _point(near)
        # Without a distance there is nothing to leave out: these services say of no area that they serve only it.
        found = found if metres is None else shared.within(found, point, metres)
    if asked.yes("full"):
        return _answer(asked, _whole(found), writer.at_location_full)
    return _answer(asked, found.select_related("location", "service__touchpoint"), writer.at_location_line)


@open_to_all
def service_at_location(request: HttpRequest, asked: Asked, id: str) -> Any:
    """One service at one of its places, with all that is known of both."""
    return writer.at_location_full(_one(_whole(shared.at_locations()), id))


@open_to_all
def taxonomies(request: HttpRequest, asked: Asked) -> Any:
    """Our lists."""
    words = [word.casefold() for word in asked.words()]
    found = [each for each in terms.taxonomies().values() if _says(f"{each.name} {each.description}", words)]
    return _answer(asked, found, terms.taxonomy_object)


@open_to_all
def taxonomy(request: HttpRequest, asked: Asked, id: str) -> Any:
    """One list with its terms."""
    return terms.taxonomy_object(_known(terms.taxonomies(), id), full=True)


@open_to_all
def taxonomy_terms(request: HttpRequest, asked: Asked) -> Any:
    """All terms, or those of one list. None stands above another, so all are at the top."""
    words = [word.casefold() for word in asked.words()]
    chosen, parent = asked.id("taxonomy_id"), asked.id("parent_id")
    asked.yes("top_only")
    kind = terms.taxonomies().get(str(chosen)) if chosen else None
    found = [
        each
        for each in terms.terms().values()
        if parent is None
        and (chosen is None or (kind is not None and each.kind == kind.kind))
        and _says(f"{each.name} {each.description}", words)
    ]
    return _answer(asked, found, terms.term_object)


@open_to_all
def taxonomy_term(request: HttpRequest, asked: Asked, id: str) -> Any:
    """One term."""
    return terms.term_object(_known(terms.terms(), id))


@open_to_all
def nothing(request: HttpRequest, asked: Asked, rest: str) -> Any:
    """Any other address below."""
    raise NotHere


def _filters(asked: Asked) -> dict[str, Any]:
    """What lists of services may be narrowed by. An id that nothing has finds nothing."""
    term, taxonomy = asked.id("taxonomy_term_id"), asked.id("taxonomy_id")
    return {
        "term": terms.terms().get(str(term), NO_TERM) if term else None,
        "taxonomy": terms.taxonomies().get(str(taxonomy), NO_TAXONOMY) if taxonomy else None,
        "touchpoint": asked.id("organization_id"),
        "modified_after": asked.moment("modified_after"),
    }


NO_TERM = terms.Term("", "", "", "", "")
NO_TAXONOMY = terms.Taxonomy("", "", "", "", ())


def _answer(
    asked: Asked, found: QuerySet | list[Any], write: Callable[[Any], dict[str, Any]], *, usual: int | None = None
) -> Any:
    """A page of what was found, or all of it line by line."""
    if asked.lines():
        every = found if isinstance(found, list) else found.iterator(chunk_size=PIECE)
        return one_a_line(write(each) for each in every)
    page = asked.page()
    per_page = asked.per_page(usual) if usual else asked.per_page()
    total = len(found) if isinstance(found, list) else found.order_by().count()
    start = (page - 1) * per_page
    shown = _shown(found, start, per_page) if start < total else []
    return paged(total, page, per_page, [write(each) for each in shown])


def _shown(found: QuerySet | list[Any], start: int, count: int) -> list[Any]:
    if isinstance(found, list) or count > MOST_A_PAGE:
        return list(found[start : start + count])
    # The ids alone first: counting up to a late page reads no descriptions.
    keys = list(found.values_list("pk", flat=True)[start : start + count])
    rows = {each.pk: each for each in found.filter(pk__in=keys)}
    return [rows[key] for key in keys if key in rows]


def _one(found: QuerySet, written: str) -> Any:
    try:
        own = UUID(written)
    except ValueError:
        raise NotHere from None
    one = found.filter(pk=own).first()
    if one is None:
        raise NotHere
    return one


def _known(held: dict[str, Any], written: str) -> Any:
    if written.lower() not in held:
        raise NotHere
    return held[written.lower()]


def _says(text: str, words: list[str]) -> bool:
    return all(word in text.casefold() for word in words)


def _with_services(found: QuerySet[Touchpoint], whole: bool) -> QuerySet[Touchpoint]:
    offered = shared.services()
    return found.prefetch_related(
        Prefetch("services", shared.with_all(offered) if whole else offered, to_attr="its_services")
    )


def _organisation(touchpoint: Touchpoint, *, whole: bool) -> dict[str, Any]:
    offered: list[Service] = touchpoint.its_services
    write = writer.service_full if whole else writer.service_fields
    return writer.organisation(touchpoint) | {"services": [write(each) for each in offered]}


def _whole(found: QuerySet[ServiceAtLocation]) -> QuerySet[ServiceAtLocation]:
    nested = shared.with_all(Service.objects.all())
    return found.select_related("location").prefetch_related(Prefetch("service", nested))


def _point(written: str) -> tuple[float, float]:
    code = as_postcode(written)
    if not code:
        raise Wrong("postcode: expected a whole postcode, like BS5 0HE.")
    point = shared.middle_of(code) or point_of(postcode=code, neighbourhood="")
    if point is None:
        raise Wrong("postcode: we do not know where this is; ask with another one near by.")
    return point

"""From what the directory holds to the objects of HSDS-UK 3.0. What is not known is left out, never made up."""

import re
from datetime import UTC
from functools import cache
from typing import Any

from pyproj import Transformer

from inroads.directory.models import Location, Service, ServiceAtLocation, TagKind, Touchpoint
from inroads.interop.open_referral.schedules import rule_of
from inroads.interop.open_referral.terms import by_tag, own_id, term_object


def _known(**fields: Any) -> dict[str, Any]:
    """Without what is empty."""
    return {name: value for name, value in fields.items() if value not in (None, "", [])}


def organisation(touchpoint: Touchpoint) -> dict[str, Any]:
    """A touchpoint as the organisation of its services."""
    return {
        "id": str(touchpoint.pk),
        "name": touchpoint.name,
        "description": touchpoint.plain or touchpoint.name,
        **_known(email=touchpoint.email, website=_uri(touchpoint.website)),
    }


def service_line(service: Service) -> dict[str, Any]:
    """A service in a list: its own fields, and who offers it."""
    return service_fields(service) | {"organization": organisation(service.touchpoint)}


def service_fields(service: Service) -> dict[str, Any]:
    """The fields of a service alone."""
    return {
        "id": str(service.pk),
        "organization_id": str(service.touchpoint_id),
        "name": service.name,
        "status": service.status,
        **_known(
            description=service.plain,
            url=_uri(service.website),
            email=service.email,
            fees=_fees(service),
            minimum_age=service.minimum_age,
            maximum_age=service.maximum_age,
            assured_date=service.checked_on.isoformat() if service.checked_on else None,
            alert=_alert(service),
        ),
        "last_modified": _moment(service),
    }


def service_minimal(service: Service) -> dict[str, Any]:
    """As little as keeps somebody's copy in step; name and status are there because the standard requires them."""
    return {
        "id": str(service.pk),
        "name": service.name,
        "status": service.status,
        "modified_date": _moment(service),
        "last_modified": _moment(service),
    }


def service_full(service: Service) -> dict[str, Any]:
    """A service with all that is known of it; needs `shared.with_all`."""
    own = str(service.pk)
    return service_line(service) | _known(
        schedules=_schedules(service),
        service_at_locations=[
            {
                "id": str(each.pk),
                "service_id": own,
                "location_id": str(each.location_id),
                "location": location_full(each.location),
            }
            for each in service.its_places
        ],
        languages=[
            {"id": own_id("language", own, tag.value), "service_id": own, "name": tag.value.title()}
            for tag in service.its_tags
            if tag.kind == TagKind.LANGUAGE
        ],
        cost_options=_cost_options(service),
        contacts=_contacts(service),
        attributes=_attributes(service),
    )


def at_location_line(at: ServiceAtLocation) -> dict[str, Any]:
    """A service at a place, in a list."""
    return {
        "id": str(at.pk),
        "service_id": str(at.service_id),
        "location_id": str(at.location_id),
        "location": location_fields(at.location),
        "service": service_line(at.service),
    }


def at_location_full(at: ServiceAtLocation) -> dict[str, Any]:
    """A service at a place, with all that is known of both."""
    return at_location_line(at) | {"location": location_full(at.location), "service": service_full(at.service)}


def location_fields(location: Location) -> dict[str, Any]:
    """A place without its address."""
    degrees = _degrees(location.easting, location.northing)
    return {
        "id": str(location.pk),
        "location_type": location.kind,
        **_known(name=location.name),
        **({"latitude": degrees[0], "longitude": degrees[1]} if degrees else {}),
    }


def location_full(location: Location) -> dict[str, Any]:
    """A place with its address and how to get in."""
    own = str(location.pk)
    addresses = []
    if location.address or location.postcode or location.town:
        addresses.append(
            {
                "id": own_id("address", own),
                "location_id": own,
                "address_1": location.address or location.name,
                "city": location.town,
                "state_province": location.county,
                "postal_code": location.postcode,
                "country": "GB",
                "address_type": location.kind,
            }
        )
    access = []
    if location.access:
        access.append({"id": own_id("accessibility", own), "location_id": own, "description": location.access})
    return location_fields(location) | _known(addresses=addresses, accessibility=access)


def _schedules(service: Service) -> list[dict[str, Any]]:
    own = str(service.pk)
    made = [
        {"id": str(each.pk), "service_id": own, **rule_of(each), **_known(description=service.open_when)}
        for each in service.its_openings
    ]
    if not made and service.open_when:
        made.append({"id": own_id("schedule", own), "service_id": own, "description": service.open_when})
    return made


def _cost_options(service: Service) -> list[dict[str, Any]]:
    own = str(service.pk)
    if service.free is None and not service.cost:
        return []
    cost = {"id": own_id("cost", own), "service_id": own, **_known(amount_description=service.cost)}
    return [cost | {"option": "Free", "amount": 0}] if service.free else [cost]


def _contacts(service: Service) -> list[dict[str, Any]]:
    number = service.phone or service.touchpoint.phone
    if not number:
        return []
    own = str(service.pk)
    contact = own_id("contact", own)
    phones = [{"id": own_id("phone", own), "contact_id": contact, "number": number}]
    return [{"id": contact, "service_id": own, "name": service.touchpoint.name, "phones": phones}]


def _attributes(service: Service) -> list[dict[str, Any]]:
    own, found = str(service.pk), []
    for tag in service.its_tags:
        term = by_tag().get((tag.kind, tag.value))
        if term is not None:
            found.append(
                {
                    "id": own_id("attribute", own, term.id),
                    "link_id": own,
                    "link_type": "service",
                    "taxonomy_term_id": term.id,
                    "taxonomy_term": term_object(term),
                }
            )
    return found


def _fees(service: Service) -> str:
    return service.cost or ("Free" if service.free else "")


def _alert(service: Service) -> str:
    """How much room there was, as the standard of 3.0 has no place of its own for it."""
    if service.capacity is None or service.capacity_on is None:
        return ""
    month = service.capacity_on.strftime("%B %Y")
    people = "more person" if service.capacity == 1 else "more people"
    return f"Full in {month}." if service.capacity == 0 else f"Room for {service.capacity} {people} in {month}."


def _moment(service: Service) -> str:
    return service.modified_at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _uri(address: str) -> str:
    """Only what every reader takes for an address."""
    return address if re.fullmatch(r"https?://[\w.~:/?#\[\]@!$&'()*+,;=%-]+", address, re.ASCII) else ""


def _degrees(easting: float | None, northing: float | None) -> tuple[float, float] | None:
    if easting is None or northing is None:
        return None
    longitude, latitude = _to_degrees().transform(easting, northing)
    return round(latitude, 6), round(longitude, 6)


@cache
def _to_degrees() -> Transformer:
    return Transformer.from_crs(27700, 4326, always_xy=True)

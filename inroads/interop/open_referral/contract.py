"""The contract of the open addresses, as OpenAPI: what can be asked, and what comes back.

Written from what we answer. What the standard asks for is required here as well; what we add stands beside it.
"""

from functools import cache
from typing import Any

from inroads.interop.open_referral.parameters import FARTHEST, LAST_PAGE, LONGEST, MOST_A_PAGE, USUAL_PAGE

STANDARD = "HSDS-UK-3.0"
PROFILE = "https://docs.openreferraluk.org/en/latest/hsds/schema_reference.html"
Schema = dict[str, Any]
TEXT: Schema = {"type": "string"}
ID: Schema = {"type": "string", "format": "uuid"}
URI: Schema = {"type": "string", "format": "uri"}
MAIL: Schema = {"type": "string", "format": "email"}
DAY: Schema = {"type": "string", "format": "date"}
MOMENT: Schema = {"type": "string", "format": "date-time"}
NUMBER: Schema = {"type": "number"}
WHOLE: Schema = {"type": "integer"}
YES_NO: Schema = {"type": "boolean"}
STATUSES = ["active", "inactive", "defunct", "temporarily closed"]
KINDS = ["physical", "postal", "virtual"]


def _ref(name: str) -> Schema:
    return {"$ref": f"#/components/schemas/{name}"}


def _many(name: str) -> Schema:
    return {"type": "array", "items": _ref(name)}


def _thing(required: str, **properties: Schema) -> Schema:
    return {"type": "object", "required": required.split(), "properties": properties}


ADDRESS = dict.fromkeys(("address_1", "city", "state_province", "postal_code"), TEXT)
SERVICE = {
    "id": ID,
    "organization_id": ID,
    "name": TEXT,
    "description": TEXT,
    "url": URI,
    "email": MAIL,
    "status": {"type": "string", "enum": STATUSES},
    "fees": TEXT,
    "minimum_age": NUMBER,
    "maximum_age": NUMBER,
    "assured_date": DAY,
    "alert": TEXT,
    "last_modified": MOMENT,
    "modified_date": MOMENT,
    "schedules": _many("schedule"),
    "service_at_locations": _many("service_at_location"),
    "languages": _many("language"),
    "organization": _ref("organization"),
    "cost_options": _many("cost_option"),
    "contacts": _many("contact"),
    "attributes": _many("attribute"),
}
SCHEMAS: dict[str, Schema] = {
    "details": _thing("version profile openapi_url", version=TEXT, profile=URI, openapi_url=URI),
    "error": _thing("error", error=TEXT),
    "service": _thing("id name status last_modified", **SERVICE),
    "organization": _thing(
        "id name description", id=ID, name=TEXT, description=TEXT, email=MAIL, website=URI, services=_many("service")
    ),
    "service_at_location": _thing(
        "id", id=ID, service_id=ID, location_id=ID, location=_ref("location"), service=_ref("service")
    ),
    "location": _thing(
        "id location_type",
        id=ID,
        location_type={"type": "string", "enum": KINDS},
        name=TEXT,
        latitude=NUMBER,
        longitude=NUMBER,
        addresses=_many("address"),
        accessibility=_many("accessibility"),
    ),
    "address": _thing(
        "id address_1 city state_province postal_code country address_type",
        id=ID,
        location_id=ID,
        **ADDRESS,
        country=TEXT,
        address_type={"type": "string", "enum": KINDS},
    ),
    "accessibility": _thing("id", id=ID, location_id=ID, description=TEXT),
    "schedule": _thing(
        "id",
        id=ID,
        service_id=ID,
        freq={"type": "string", "enum": ["WEEKLY", "MONTHLY"]},
        interval=NUMBER,
        byday=TEXT,
        bymonthday=TEXT,
        dtstart=DAY,
        valid_from=DAY,
        valid_to=DAY,
        opens_at=TEXT,
        closes_at=TEXT,
        description=TEXT,
    ),
    "language": _thing("id", id=ID, service_id=ID, name=TEXT),
    "cost_option": _thing("id", id=ID, service_id=ID, option=TEXT, amount=NUMBER, amount_description=TEXT),
    "contact": _thing("id", id=ID, service_id=ID, name=TEXT, phones=_many("phone")),
    "phone": _thing("id number", id=ID, contact_id=ID, number=TEXT),
    "attribute": _thing(
        "id", id=ID, link_id=ID, link_type=TEXT, taxonomy_term_id=ID, taxonomy_term=_ref("taxonomy_term")
    ),
    "taxonomy": _thing(
        "id name description",
        id=ID,
        name=TEXT,
        description=TEXT,
        version=TEXT,
        taxonomy_terms=_many("taxonomy_term"),
    ),
    "taxonomy_term": _thing(
        "id name description", id=ID, name=TEXT, description=TEXT, taxonomy=TEXT, taxonomy_id=ID, term=TEXT
    ),
}
PAGE = "total_items total_pages page_number size first_page last_page empty contents"


def _asked(name: str, schema: Schema, description: str) -> Schema:
    return {"in": "query", "name": name, "required": False, "schema": schema, "description": description}


ASKED: dict[str, Schema] = {
    each["name"]: each
    for each in (
        _asked("search", TEXT | {"maxLength": LONGEST}, "Words, at most 8, each of which occurs."),
        _asked("page", WHOLE | {"minimum": 1, "maximum": LAST_PAGE, "default": 1}, "Which page."),
        _asked(
            "per_page",
            WHOLE | {"minimum": 1, "maximum": MOST_A_PAGE, "default": USUAL_PAGE},
            "How many on a page. With minimal and without this, all.",
        ),
        _asked("format", {"type": "string", "enum": ["json", "ndjson"]}, "ndjson: one object a line, no pages."),
        _asked("taxonomy_term_id", ID, "With this term."),
        _asked("taxonomy_id", ID, "With any term of this taxonomy; of terms, those of this taxonomy."),
        _asked("organization_id", ID, "Of this organisation."),
        _asked("modified_after", MOMENT, "Changed then or later."),
        _asked("minimal", YES_NO, "Only id, name, status and when it changed."),
        _asked("full", YES_NO, "With all that belongs to it."),
        _asked("full_service", YES_NO, "With all of its services."),
        _asked("postcode", TEXT | {"maxLength": 10}, "A whole postcode."),
        _asked("proximity", NUMBER | {"exclusiveMinimum": 0, "maximum": FARTHEST}, "Metres around the postcode."),
        _asked("top_only", YES_NO, "Terms without one above: all of ours."),
        _asked("parent_id", ID, "Terms below this one: none of ours."),
    )
}
PAGES = ("search", "page", "per_page", "format")
NARROW = ("taxonomy_term_id", "taxonomy_id", "organization_id", "modified_after")
# Name of the address, name of its objects, what it is, what lists and single ones can be asked.
LISTS: tuple[tuple[str, str, str, tuple[str, ...], tuple[str, ...]], ...] = (
    ("services", "service", "Services", (*PAGES, *NARROW, "minimal", "full"), ()),
    ("organizations", "organization", "Organisations", (*PAGES, "full", "full_service"), ("full_service",)),
    (
        "service_at_locations",
        "service_at_location",
        "Services at their places",
        (*PAGES, *NARROW, "full", "postcode", "proximity"),
        (),
    ),
    ("taxonomies", "taxonomy", "Our lists", PAGES, ()),
    ("taxonomy_terms", "taxonomy_term", "Their terms", (*PAGES, "taxonomy_id", "top_only", "parent_id"), ()),
)


def contract_of(server: str) -> dict[str, Any]:
    """The contract of the directory at this address."""
    return _contract() | {"servers": [{"url": server}]}


@cache
def _contract() -> dict[str, Any]:
    paths: dict[str, Any] = {"/": {"get": _operation("details", "What this is", _ref("details"), {})}}
    for name, thing, title, many, one in LISTS:
        envelope = _thing(
            PAGE,
            **dict.fromkeys(("total_items", "total_pages", "page_number", "size"), WHOLE),
            **dict.fromkeys(("first_page", "last_page", "empty"), YES_NO),
            contents=_many(thing),
        )
        listed = _operation(name, title, envelope, {400: "A parameter that cannot be understood"}, many)
        listed["responses"]["200"]["content"]["application/x-ndjson"] = {"schema": TEXT}
        paths[f"/{name}"] = {"get": listed}
        own = {"in": "path", "name": "id", "required": True, "schema": ID}
        single = _operation(thing, f"{title}: one", _ref(thing), {400: "A parameter", 404: "Nothing of this id"}, one)
        paths[f"/{name}/{{id}}"] = {"parameters": [own], "get": single}
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Directory of trusted touchpoints",
            "version": STANDARD,
            "description": "The directory as Open Referral UK. Read only, for anybody, without a key. What is private, "
            "or came from a source that does not let us pass it on, is nowhere in it. assured_date is the day on which "
            "somebody last looked whether it is right; alert says how much room there was, and when.",
        },
        "paths": paths,
        "components": {"schemas": SCHEMAS},
    }


def _operation(
    name: str, title: str, schema: Schema, errors: dict[int, str], asked: tuple[str, ...] = ()
) -> dict[str, Any]:
    responses = {"200": {"description": title, "content": {"application/json": {"schema": schema}}}}
    for status, words in errors.items():
        responses[str(status)] = {"description": words, "content": {"application/json": {"schema": _ref("error")}}}
    return {
        "operationId": name,
        "summary": title,
        "parameters": [ASKED[each] for each in asked],
        "responses": responses,
    }

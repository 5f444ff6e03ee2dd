"""The official contract and schemas of HSDS-UK 3.0, read from where they lie; nothing is fetched."""

import copy
import json
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator, FormatChecker
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT202012

FOLDER = Path(__file__).resolve().parents[4] / "shared" / "standards" / "open-referral-uk"
BASE = "https://openreferraluk.org/specifications/3.0/schema/"
# The official contract says nothing of errors. That there may be one for what cannot be understood, or is not there,
# is all we add to it.
ERRORS = {
    status: {
        "description": "Not understood, or not here",
        "content": {"application/json": {"schema": {"type": "object", "required": ["error"]}}},
    }
    for status in ("400", "404")
}


def needed() -> Path:
    """The folder of the standard; skips where it is absent."""
    if not (FOLDER / "3.0" / "openapi.json").is_file():
        pytest.skip(f"needs the official contract in {FOLDER}")
    return FOLDER


def validator(name: str) -> Draft202012Validator:
    """A validator for one of the official schemas, formats checked."""
    folder = needed() / "3.0" / "schema"
    resources = [
        (BASE + path.name, Resource.from_contents(_without_ids(json.loads(path.read_text())), DRAFT202012))
        for path in folder.glob("*.json")
    ]
    registry: Registry = Registry().with_resources(resources)
    return Draft202012Validator({"$ref": f"{BASE}{name}.json"}, registry=registry, format_checker=FormatChecker())


def problems(found: Any, name: str) -> list[str]:
    """What the official schema finds wrong."""
    return [f"{'/'.join(map(str, each.path))}: {each.message[:120]}" for each in validator(name).iter_errors(found)]


def bundle() -> dict[str, Any]:
    """The official contract with the schemas it names put inside."""
    folder = needed() / "3.0"
    contract = json.loads((folder / "openapi.json").read_text())
    names: set[str] = set()
    contract = _pointing_inside(contract, names)
    schemas, done = {}, set()
    while names - done:
        name = (names - done).pop()
        done.add(name)
        schemas[name] = _pointing_inside(
            _without_ids(json.loads((folder / "schema" / f"{name}.json").read_text())), names
        )
    contract["components"]["schemas"] |= schemas
    for path in contract["paths"].values():
        path["get"]["responses"] |= copy.deepcopy(ERRORS)
    return contract


def _without_ids(found: Any) -> Any:
    """`name`, `path` and the like are words of tables; `$id` and `$schema` would lead outside."""
    if isinstance(found, dict):
        return {key: _without_ids(value) for key, value in found.items() if key not in ("$id", "$schema")}
    return [_without_ids(each) for each in found] if isinstance(found, list) else found


def _pointing_inside(found: Any, names: set[str]) -> Any:
    if isinstance(found, dict):
        if str(found.get("$ref", "")).startswith(BASE):
            name = found["$ref"].removeprefix(BASE).removesuffix(".json")
            names.add(name)
            return {"$ref": f"#/components/schemas/{name}"}
        return {key: _pointing_inside(value, names) for key, value in found.items()}
    return [_pointing_inside(each, names) for each in found] if isinstance(found, list) else found

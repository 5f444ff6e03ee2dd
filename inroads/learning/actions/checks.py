"""What is kept of the text about an app, and what is refused: which field, and what to do."""

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator

from inroads.accounts.actions import Refused
from inroads.accounts.words import tidy
from inroads.learning.models import Cost
from inroads.reference.definitions import load
from inroads.reference.definitions.care import Community, Help
from inroads.reference.definitions.conversation import barriers
from inroads.reference.definitions.learning import evidence_strengths, treatment_contexts

MOST_MB = 100_000
WORDS = {
    "what": "Say what it is",
    "safe_for": "Say what it is safe for",
    "for_whom": "Say for whom it is",
    "not_for": "Say what it is not for",
}
LINES = ("cost_words", "data_words", "device", "languages", "accessibility", "evidence")
TOLD = (
    "name", *WORDS, "contexts", "barriers", "communities", "alternatives", "cost", "data_mb_per_hour", *LINES,
    "account", "email", "evidence_strength", "link",
)  # fmt: skip


def checked(told: Mapping[str, Any]) -> dict[str, Any]:
    """What is kept of a text: every field of `TOLD`, tidy. Raises `Refused` naming the field and what to do."""
    unknown = set(told) - set(TOLD)
    if unknown:
        raise TypeError(f"an app has no {', '.join(sorted(unknown))}; it has {', '.join(TOLD)}")
    values: dict[str, Any] = {"name": tidy(told.get("name", ""))}
    if not values["name"] or len(values["name"]) > 100:
        raise Refused("Enter its name, in at most 100 characters", field="name")
    for field, sentence in WORDS.items():
        values[field] = tidy(told.get(field, ""))
        if not values[field]:
            raise Refused(sentence, field=field)
    values |= {field: tidy(told.get(field, "")) for field in LINES}
    for field in ("cost_words", "data_words", "device", "languages"):
        if len(values[field]) > 200:
            raise Refused("Use 200 characters at most", field=field)
    values |= _from_lists(told)
    values["cost"] = _one_of(told.get("cost", ""), Cost.values, "cost")
    values["evidence_strength"] = _one_of(
        told.get("evidence_strength") or "none", list(evidence_strengths()), "evidence_strength"
    )
    values["data_mb_per_hour"] = told.get("data_mb_per_hour")
    if values["data_mb_per_hour"] is not None and not 0 <= values["data_mb_per_hour"] <= MOST_MB:
        raise Refused(f"Enter megabytes an hour from 0 to {MOST_MB:,}, or leave it empty", field="data_mb_per_hour")
    values |= {field: told.get(field) for field in ("account", "email")}
    values["link"] = _link(told.get("link", ""))
    return values


def _from_lists(told: Mapping[str, Any]) -> dict[str, list[str]]:
    analogue = [each.id for each in load(Help).values() if not each.digital]
    allowed = {
        "contexts": (list(treatment_contexts()), "Choose at least one time in somebody's care"),
        "barriers": (list(barriers()), "Choose at least one thing that it helps with"),
        "alternatives": (analogue, "Choose at least one way that needs no device"),
        "communities": (list(load(Community)), ""),
    }
    values = {}
    for field, (known, sentence) in allowed.items():
        chosen = list(told.get(field) or ())
        for each in chosen:
            _one_of(each, known, field)
        if sentence and not chosen:
            raise Refused(sentence, field=field)
        values[field] = [each for each in known if each in chosen]
    return values


def _one_of(value: str, known: list[str], field: str) -> str:
    if value not in known:
        named = ", ".join(each for each in known if each)
        raise Refused(f"“{value[:40]}” is not one of: {named}", field=field)
    return value


def _link(typed: str) -> str:
    typed = typed.strip()
    if not typed:
        return ""
    try:
        URLValidator(schemes=["https"])(typed)
    except ValidationError:
        raise Refused("Enter a web address that begins with https://, or leave it empty", field="link") from None
    if len(typed) > 300:
        raise Refused("Use a web address of 300 characters at most", field="link")
    return typed

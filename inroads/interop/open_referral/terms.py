"""Our lists of what helps, communities and languages, as taxonomies of the open standard.

All terms of the definitions are served, used or not: so no list says what only a private touchpoint does.
"""

import uuid
from dataclasses import dataclass
from functools import cache
from typing import Any

from inroads.directory.models import TagKind
from inroads.reference.definitions import load
from inroads.reference.definitions.care import Community, Help, Language

# Ids of things without a row of their own come from here: the same in every deployment and every release.
OURS = uuid.UUID("5e6d1f0a-37c4-5c0e-9a55-0f1d3c2b7a64")
VERSION = "1"


@dataclass(frozen=True)
class Term:
    """One term: `kind` and `value` are those of the tags that carry it."""

    id: str
    kind: str
    value: str
    name: str
    description: str


@dataclass(frozen=True)
class Taxonomy:
    """One of our lists."""

    id: str
    kind: str
    name: str
    description: str
    terms: tuple[Term, ...]


def own_id(*parts: object) -> str:
    """A stable id made from codes."""
    return str(uuid.uuid5(OURS, " ".join(map(str, parts))))


@cache
def taxonomies() -> dict[str, Taxonomy]:
    """By id."""
    lists = (
        (
            TagKind.HELP,
            "What helps",
            "What a service helps with, as Inroads names it.",
            [(each.id, each.title, each.plain) for each in load(Help).values()],
        ),
        (
            TagKind.COMMUNITY,
            "Whom it reaches",
            "People a service is for, or reaches. Everybody else may be welcome as well.",
            [(each.id, each.title, f"For, or reaching: {each.title}.") for each in load(Community).values()],
        ),
        (
            TagKind.LANGUAGE,
            "Languages spoken",
            "Languages that are spoken there.",
            [(each.title.casefold(), each.title, f"{each.title} is spoken there.") for each in load(Language).values()],
        ),
    )
    made = (
        Taxonomy(
            own_id("taxonomy", kind),
            kind,
            name,
            words,
            tuple(Term(own_id("term", kind, value), kind, value, title, plain) for value, title, plain in entries),
        )
        for kind, name, words, entries in lists
    )
    return {each.id: each for each in made}


@cache
def terms() -> dict[str, Term]:
    """By id, those of each taxonomy together and by name."""
    every = (sorted(each.terms, key=lambda term: (term.name.casefold(), term.id)) for each in taxonomies().values())
    return {term.id: term for group in every for term in group}


@cache
def by_tag() -> dict[tuple[str, str], Term]:
    """By kind and value of a tag."""
    return {(str(each.kind), each.value): each for each in terms().values()}


def term_object(term: Term) -> dict[str, Any]:
    """A term as the standard writes it."""
    taxonomy = next(each for each in taxonomies().values() if each.kind == term.kind)
    return {
        "id": term.id,
        "name": term.name,
        "description": term.description,
        "taxonomy": taxonomy.name,
        "taxonomy_id": taxonomy.id,
        "term": term.value,
    }


def taxonomy_object(taxonomy: Taxonomy, *, full: bool = False) -> dict[str, Any]:
    """A taxonomy as the standard writes it; with its terms where it is asked for alone."""
    made: dict[str, Any] = {
        "id": taxonomy.id,
        "name": taxonomy.name,
        "description": taxonomy.description,
        "version": VERSION,
    }
    if full:
        made["taxonomy_terms"] = [term_object(each) for each in terms().values() if each.kind == taxonomy.kind]
    return made

"""What a description says it helps with, whom it reaches and which languages are spoken: by phrases kept as data.

Precision before reach: nobody reads these tags again before somebody is sent there. A phrase behind "not" or "no" does
not count, and the name of a people is a language only beside a word that speaks of speaking.
"""

import re
from collections.abc import Iterable
from functools import cache

from inroads.directory.models import How, TagKind
from inroads.reference.definitions import load
from inroads.reference.definitions.care import Community, Help, Language

Tags = dict[tuple[str, str], str]
SENTENCE = re.compile(r"[.!?;\n•]+\s*|\s-\s")
ADDRESS = re.compile(r"(?:https?://|www\.)\S+")
# How far in front of a phrase a "not" still turns it round, in characters.
NEAR = 40
NOT = re.compile(
    r"\b(?:not|no|never|cannot|can't|don't|doesn't|isn't|aren't|won't|unable|without|except|excluding|nor|than|"
    r"unfortunately)\b",
    re.I,
)
# After a language: "Somali-speaking", "Somali interpreter". Before it: "we speak Somali", "in Somali".
SPOKEN_AFTER = (
    r"[\s-]+(?:speak(?:ing|ers?)|languages?|interpreters?|translators?|translations?|advis[eo]rs? who speak)\b"
)
SPOKEN_BEFORE = re.compile(
    r"\b(?:speaks?|spoken|speaking|fluent|languages?|translat\w+|interpret\w+|bilingual|multilingual|available in)\b",
    re.I,
)
LISTED = re.compile(
    r"^[\s,:()/&-]*(?:(?:in|are|is|of|include|includes|including|and|or|such|as|both|English|other|the|also)[\s,:()/&-]*)*$",
    re.I,
)
IN_IT = re.compile(r"\bin[\s]+(?:English[\s,]*(?:and|or|,)[\s]*)?$", re.I)
THEN_PEOPLE = re.compile(
    r"^[\s-]+(?:communit|famil|women|men|people|homes?|food|cuisine|restaurant|centre|cultur|heritage)", re.I
)


def tags_of(text: str, *, labels: Iterable[str] = (), languages: Iterable[str] = ()) -> Tags:
    """Tags by kind and value, with how each is known: said in a list of the source, or read in its text."""
    found: Tags = {}
    sentences = [each for each in SENTENCE.split(ADDRESS.sub(" ", text)) if each.strip()]
    for kind, pattern, owners in _phrases():
        for sentence in sentences:
            for hit in pattern.finditer(sentence):
                if not _turned_round(sentence, hit.start()):
                    for value in owners[_plainly(hit[0])]:
                        found[kind, value] = How.TEXT
    for value in _spoken(sentences):
        found[TagKind.LANGUAGE, value] = How.TEXT
    for label in labels:
        written = _plainly(label)
        for kind, value in _labels().get(written, ()):
            found[kind, value] = How.SAID
    known = _language_names()
    for language in languages:
        if value := known.get(_plainly(language), language.strip().casefold()[:60]):
            found[TagKind.LANGUAGE, value] = How.SAID
    return found


def _turned_round(sentence: str, at: int) -> bool:
    return NOT.search(sentence[max(0, at - NEAR) : at]) is not None


def _spoken(sentences: list[str]) -> set[str]:
    """Languages, in small letters, of which a sentence says that they are spoken."""
    pattern, owners, alone = _languages()
    found = set()
    for sentence in sentences:
        hits = list(pattern.finditer(sentence))
        if not hits:
            continue
        end = -1
        for hit in hits:
            value = owners[_plainly(hit["name"])]
            before, after = sentence[: hit.start()], sentence[hit.end() :]
            if end >= 0 and LISTED.match(sentence[end : hit.start()]):
                spoken = not THEN_PEOPLE.match(after)
            else:
                spoken = value in alone or bool(hit["spoken"]) or _leads_to(before, after)
            if spoken and not _turned_round(sentence, hit.start()):
                found.add(value)
                end = hit.end("name")
            else:
                end = -1
        # "Urdu, Punjabi and Somali speaking staff": the last one says it of those before it.
        for one, following in zip(reversed(hits[:-1]), reversed(hits[1:]), strict=False):
            said = owners[_plainly(following["name"])] in found and not THEN_PEOPLE.match(sentence[following.end() :])
            if (
                said
                and LISTED.match(sentence[one.end() : following.start()])
                and not _turned_round(sentence, one.start())
            ):
                found.add(owners[_plainly(one["name"])])
    return found


def _leads_to(before: str, after: str) -> bool:
    """Whether what stands before a name speaks of speaking, with nothing between but a list."""
    if THEN_PEOPLE.match(after):
        return False
    if IN_IT.search(before):
        return not re.match(r"^[\s-]+\w", after) or re.match(r"^\s+(?:and|or)\b", after) is not None
    said = list(SPOKEN_BEFORE.finditer(before))
    return bool(said) and LISTED.match(before[said[-1].end() :]) is not None


def _plainly(text: str) -> str:
    return re.sub(r"[\s-]+", " ", text).strip().casefold()


def _any_of(phrases: Iterable[str]) -> str:
    longest = sorted(phrases, key=len, reverse=True)
    return "|".join(r"[\s-]+".join(map(re.escape, re.split(r"[\s-]+", each))) for each in longest)


@cache
def _phrases() -> list[tuple[str, re.Pattern[str], dict[str, list[str]]]]:
    made = []
    for kind, shape in ((TagKind.HELP, Help), (TagKind.COMMUNITY, Community)):
        owners: dict[str, list[str]] = {}
        for each in load(shape).values():
            for phrase in each.words:
                owners.setdefault(_plainly(phrase), []).append(each.id)
        made.append((kind, re.compile(rf"(?<![\w'’])(?:{_any_of(owners)})(?![\w])", re.I), owners))
    return made


@cache
def _languages() -> tuple[re.Pattern[str], dict[str, str], set[str]]:
    known = load(Language).values()
    owners = {_plainly(word): each.title.casefold() for each in known for word in each.words}
    # Languages are written with a capital: "polish" is what shoes get.
    names = _any_of([word for each in known for word in each.words])
    pattern = re.compile(rf"(?<!\w)(?P<name>{names})(?!\w)(?P<spoken>{SPOKEN_AFTER})?")
    return pattern, owners, {each.title.casefold() for each in known if each.named_alone}


@cache
def _language_names() -> dict[str, str]:
    return {
        _plainly(word): each.title.casefold() for each in load(Language).values() for word in (*each.words, each.title)
    }


@cache
def _labels() -> dict[str, list[tuple[str, str]]]:
    found: dict[str, list[tuple[str, str]]] = {}
    for each in load(Community).values():
        for label in (each.title, *each.labels):
            for part in (label, *label.split("/")):
                entry = (TagKind.COMMUNITY, each.id)
                if entry not in found.setdefault(_plainly(part), []):
                    found[_plainly(part)].append(entry)
    for help in load(Help).values():
        found.setdefault(_plainly(help.title), []).append((TagKind.HELP, help.id))
    return found

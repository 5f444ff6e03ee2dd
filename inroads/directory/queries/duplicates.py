"""Services that look like one: a pure function over plain rows, so that any source can be asked.

Comparing each with each would take hours, so only those are compared that share something rare: a word of the name (as
it is written or nearly so), a postcode, a telephone number or a website. What two names share counts by how rare it is
here; "centre" and "support" say little. Whatever speaks for a pair is given in words, for whoever decides.
"""

import math
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations
from urllib.parse import urlsplit

from inroads.directory.queries.names import nearness, shared, weight, words_of

# From this on a pair is shown to somebody. Judged on planted pairs in tests/unit/directory/test_duplicates.py.
LIKELY = 0.65
# What more services than this have in common brings nobody together.
RARE = 12
MOST_OF_A_TEXT = 60
# Weights of the evidence, on the scale of log odds; found on the planted pairs of one seed and judged on others.
START, BY_NAME, BY_HOST, BY_TEXT = -6.4, 4.5, 3.5, 3.0
BOTH_APART, ONE_APART, HOSTS_APART, WHOLE_AND_PART, TOLD_APART = -9.0, -2.0, -6.0, -3.0, -3.0
SAME_POSTCODE, OTHER_POSTCODE, SAME_PHONE, SAME_WEBSITE = 1.4, -1.2, 1.0, 0.7
TELL_APART = frozenset(
    (
        *("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday", "weekend"),
        *("morning", "afternoon", "evening", "beginner", "beginners", "intermediate", "advanced", "improvers"),
        *(
            "junior",
            "juniors",
            "adult",
            "adults",
            "children",
            "women",
            "womens",
            "men",
            "mens",
            "ladies",
            "over",
            "under",
        ),
    )
)


@dataclass(frozen=True)
class Row:
    """What is compared of one service. `id` is anything that sorts; `offered_by` the name of its touchpoint."""

    id: str
    name: str
    offered_by: str = ""
    plain: str = ""
    postcodes: tuple[str, ...] = ()
    phone: str = ""
    website: str = ""


@dataclass(frozen=True)
class Likely:
    """Two services that may be one, how alike they are from 0 to 1, and why, in words. `one` sorts first."""

    one: str
    other: str
    likeness: float
    because: tuple[str, ...]


@dataclass(frozen=True)
class _Seen:
    row: Row
    name: tuple[str, ...]
    host: tuple[str, ...]
    both: tuple[str, ...]
    text: frozenset[str]
    postcodes: frozenset[str]
    phone: str
    website: str
    telling: frozenset[str]


def likely_duplicates(rows: Sequence[Row], *, likely: float = LIKELY) -> list[Likely]:
    """All pairs from `likely` on, the likeliest first."""
    seen = [_seen(row) for row in rows]
    weights = _weights(seen)
    found = []
    # A little less than needed, because likeness is rounded.
    least = math.log(likely / (1 - likely)) - 0.01 if 0 < likely < 1 else -math.inf
    for first, second in _candidates(seen, weights):
        if not _may_reach(least, seen[first], seen[second], weights):
            continue
        pair = _compared(seen[first], seen[second], weights)
        if pair.likeness >= likely:
            found.append(pair)
    return sorted(found, key=lambda each: (-each.likeness, each.one, each.other))


def plain_twin(rows: Sequence[Row], *, likely: float = LIKELY) -> list[Likely]:
    """The same by comparing each with each: the second witness, for a few rows only."""
    seen = [_seen(row) for row in rows]
    weights = _weights(seen)
    pairs = (_compared(first, second, weights) for first, second in combinations(seen, 2))
    return sorted(
        (each for each in pairs if each.likeness >= likely), key=lambda each: (-each.likeness, each.one, each.other)
    )


def _seen(row: Row) -> _Seen:
    name = words_of(row.name) or (row.name.casefold() or "-",)
    return _Seen(
        row=row,
        name=name,
        host=words_of(row.offered_by),
        both=tuple(dict.fromkeys((*name, *words_of(row.offered_by)))),
        text=frozenset(words_of(row.plain[:2000])[:MOST_OF_A_TEXT]),
        postcodes=frozenset("".join(each.upper().split()) for each in row.postcodes if each),
        phone=re.sub(r"\D", "", row.phone).removeprefix("0044").removeprefix("44").removeprefix("0"),
        website=_website(row.website),
        telling=_telling(name),
    )


def _website(address: str) -> str:
    """The name of the host with the way behind it; the hosts alone of large sites say nothing."""
    try:
        parts = urlsplit(address if "//" in address else f"//{address}")
        host = (parts.hostname or "").removeprefix("www.")
    except ValueError:
        return ""
    return f"{host}{parts.path.rstrip('/')}" if host else ""


def _weights(seen: Sequence[_Seen]) -> dict[str, float]:
    """How much a word says: the rarer here, the more."""
    counts: dict[str, int] = defaultdict(int)
    for each in seen:
        for word in {*each.both, *each.text}:
            counts[word] += 1
    found = {word: math.log(1 + len(seen) / count) for word, count in counts.items()}
    # As much as one word can say here.
    return found | {"": math.log(1 + len(seen))}


def _candidates(seen: Sequence[_Seen], weights: dict[str, float]) -> Iterator[tuple[int, int]]:
    """Pairs that share something rare, each once."""
    blocks: dict[tuple[str, str], list[int]] = defaultdict(list)
    for at, each in enumerate(seen):
        for key in _keys(each, weights):
            blocks[key].append(at)
    pairs: set[tuple[int, int]] = set()
    for members in blocks.values():
        if 2 <= len(members) <= RARE:
            pairs.update(combinations(members, 2))
    return iter(sorted(pairs))


def _keys(each: _Seen, weights: dict[str, float]) -> set[tuple[str, str]]:
    """By what a service may meet its double: two of its rarest words together survive a misspelling of a third."""
    rarest = sorted(each.name, key=lambda word: (-weights[word], word))[:5]
    keys = {("word", word) for word in rarest}
    keys |= {
        ("words", " ".join(sorted(pair)))
        for pair in combinations(sorted(each.both, key=lambda w: (-weights[w], w))[:6], 2)
    }
    # A misspelling seldom meets the beginning and the end of a word alike.
    for word in rarest:
        if len(word) >= 5:
            keys |= {("begins", word[:4] + str(len(word) // 3)), ("ends", word[-4:] + str(len(word) // 3))}
            keys.add(("letters", "".join(sorted(set(word)))))
    begin = sorted(word[:3] for word in each.both if len(word) > 2)
    keys |= {("beginnings", " ".join(three)) for three in combinations(begin[:7], 3)}
    keys.add(("initials", "".join(word[0] for word in each.name)) if len(each.name) >= 3 else ("word", each.name[0]))
    keys |= {("initials", word) for word in each.name if 3 <= len(word) <= 6}
    rare_text = sorted(each.text, key=lambda word: (-weights[word], word))[:6]
    keys |= {("text", " ".join(sorted(pair))) for pair in combinations(rare_text, 2)}
    keys |= {("postcode", f"{code} {word[:4]}") for code in each.postcodes for word in each.both}
    if len(each.phone) >= 8:
        keys.add(("phone", each.phone))
    if each.website:
        keys.add(("website", each.website))
    return keys


def _may_reach(least: float, first: _Seen, second: _Seen, weights: dict[str, float]) -> bool:
    """Whether a pair could come to this score if the two names were the same: names are the dear part of comparing."""
    score = START + BY_NAME + _score_of_marks(first, second)
    score += BY_TEXT * _overlap(first.text, second.text, weights)
    if score + BY_HOST < least:
        return False
    by_host, their, other = _hosts(first, second, weights)
    return score + BY_HOST * by_host + HOSTS_APART * min(their, other) / weights[""] >= least


def _score_of_marks(first: _Seen, second: _Seen) -> float:
    """What postcodes, telephone, website and what tells two of a series apart say together."""
    score = 0.0
    if first.postcodes and second.postcodes:
        score += SAME_POSTCODE if first.postcodes & second.postcodes else OTHER_POSTCODE
    if first.phone and first.phone == second.phone:
        score += SAME_PHONE
    if first.website and first.website == second.website:
        score += SAME_WEBSITE
    if first.telling != second.telling:
        score += TOLD_APART if first.telling and second.telling else TOLD_APART / 2
    return score


def _compared(first: _Seen, second: _Seen, weights: dict[str, float]) -> Likely:
    # What is said of a pair must not hang on which of the two was read first.
    first, second = (first, second) if first.row.id <= second.row.id else (second, first)
    because: list[str] = []
    most = weights[""]
    # What is offered, without who offers it. Where nothing else is left of either, who offers it is what is listed.
    what = _without(first.name, first.host, second.host), _without(second.name, second.host, first.host)
    whole_and_part = bool(what[0]) != bool(what[1])
    by_name, left, right = shared(*(what if any(what) else (first.name, second.name)), weights)
    # "Gardening" here and "quiz" there: two of a series. A word that only one of them has says less.
    score = BOTH_APART * min(left, right) / most + ONE_APART * max(left, right) / most
    if whole_and_part:
        by_name, score = 0.0, WHOLE_AND_PART
    by_host, their, other = _hosts(first, second, weights)
    score += HOSTS_APART * min(their, other) / most
    by_text = _overlap(first.text, second.text, weights)
    score += START + BY_NAME * by_name + BY_HOST * by_host + BY_TEXT * by_text
    if by_name > 0.95:
        because.append("the same name")
    elif by_name > 0.6:
        because.append("nearly the same name")
    if by_host > 0.9 and first.host and second.host:
        because.append("offered by the same")
    if by_text > 0.6:
        because.append("the same description")
    elif by_text > 0.35:
        because.append("a similar description")
    score += _score_of_marks(first, second)
    if first.postcodes & second.postcodes:
        because.append("the same postcode")
    if first.phone and first.phone == second.phone:
        because.append("the same telephone number")
    if first.website and first.website == second.website:
        because.append("the same website")
    return Likely(first.row.id, second.row.id, round(1 / (1 + math.exp(-score)), 4), tuple(because))


def _without(name: Sequence[str], own: Sequence[str], other: Sequence[str]) -> list[str]:
    """The words of a name that are no words of a host, misspelt ones included."""
    return [
        word
        for word in name
        if word not in own
        and word not in other
        and not any(len(word) > 4 and word[0] == host[0] and nearness(word, host) >= 0.75 for host in (*own, *other))
    ]


def _telling(words: Iterable[str]) -> frozenset[str]:
    """Numbers, days and levels tell apart what else is alike: the group of Mondays at 10 and that at 12."""
    return frozenset(word for word in words if word in TELL_APART or any(char.isdigit() for char in word))


def _hosts(first: _Seen, second: _Seen, weights: dict[str, float]) -> tuple[float, float, float]:
    """How alike those are who offer it; where one list does not say who, whether it names them elsewhere."""
    if first.host and second.host:
        return shared(first.host, second.host, weights)
    host, silent = (first.host, second) if first.host else (second.host, first)
    if not host:
        return 0.0, 0.0, 0.0
    named = sum(weights[word] for word in host if word in silent.name or word in silent.text)
    return 0.8 * named / weight(host, weights), 0.0, 0.0


def _overlap(first: frozenset[str], second: frozenset[str], weights: dict[str, float]) -> float:
    """What the shorter of two texts shares with the longer one, by weight."""
    if len(first) < 4 or len(second) < 4:
        return 0.0
    common = first & second
    if not common:
        return 0.0
    return weight(common, weights) / min(weight(first, weights), weight(second, weights))

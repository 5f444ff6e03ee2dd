"""How nearly two names say the same: words by how rare they are, misspelt ones and initials counted in part."""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from difflib import SequenceMatcher
from functools import lru_cache

NOTHING_SAID = frozenset(
    (
        *("the", "a", "an", "of", "and", "in", "for", "at", "to", "on", "with", "by", "from"),
        *("ltd", "limited", "cic", "cio", "charity", "uk", "www"),
    )
)
SHORTER = {"st": "saint", "rd": "road", "ctr": "centre", "center": "centre", "grp": "group", "assoc": "association",
           "svc": "service", "services": "service", "svcs": "service", "comm": "community", "cttee": "committee",
           "info": "information", "dept": "department", "govt": "government", "hosp": "hospital", "mtg": "meeting",
           "foundn": "foundation", "soc": "society", "org": "organisation", "organization": "organisation"}  # fmt: skip
WORD = re.compile(r"[^\W_]+")
# From this share of letters on two words are one that somebody misspelt.
ALIKE = 0.8


def words_of(text: str) -> tuple[str, ...]:
    """Words that say something, in small letters without accents, short forms written out, each once."""
    plain = "".join(char for char in unicodedata.normalize("NFKD", text.casefold()) if not unicodedata.combining(char))
    plain = plain.replace("'", "").replace("’", "").replace("&", " and ")
    words = (SHORTER.get(word, word) for word in WORD.findall(plain))
    return tuple(dict.fromkeys(word for word in words if word not in NOTHING_SAID))


def shared(first: Sequence[str], second: Sequence[str], weights: dict[str, float]) -> tuple[float, float, float]:
    """What two names share by weight, 0 to 1, and the weights of what each has that the other has not.

    Words that are nearly alike or initials of others count in part.
    """
    left, right = list(first), list(second)
    whole = weight(left, weights) + weight(right, weights)
    common = 0.0
    for word in [word for word in left if word in right]:
        left.remove(word)
        right.remove(word)
        common += 2 * weights[word]
    for word in list(left):
        near, best = max(((nearness(word, other), other) for other in right if other[0] == word[0]), default=(0.0, ""))
        if near:
            left.remove(word)
            right.remove(best)
            common += near * (weights[word] + weights[best])
    for one, rest in ((left, right), (right, left)):
        for word in list(one):
            stands_for = _initials(word, rest)
            if stands_for:
                common += weights[word] + sum(weights[each] for each in stands_for)
                one.remove(word)
                for each in stands_for:
                    rest.remove(each)
    return (common / whole if whole else 0.0), weight(left, weights), weight(right, weights)


@lru_cache(maxsize=500_000)
def nearness(first: str, second: str) -> float:
    """How nearly two words are written alike: 0 where they are not, below 1 always."""
    short, long = sorted((first, second), key=len)
    if short.isdigit() or long.isdigit():
        return 0.0
    if len(short) >= 3 and long.startswith(short):
        return 0.9 if len(long) - len(short) <= 3 else 0.75
    # Nobody misspells the first letter; and what differs in more than a letter or two is another word.
    if len(short) < 4 or len(long) - len(short) > 2 or first[0] != second[0]:
        return 0.0
    if len(set(short) ^ set(long)) > 3:
        return 0.0
    ratio = SequenceMatcher(None, short, long, autojunk=False).ratio()
    return 0.95 * ratio if ratio >= ALIKE else 0.0


def _initials(word: str, rest: Sequence[str]) -> list[str]:
    """The words of which this one has the first letters, in their order: CAB for citizens advice bureau."""
    if not 2 <= len(word) <= 6:
        return []
    for start in range(len(rest) - len(word) + 1):
        part = rest[start : start + len(word)]
        if "".join(each[0] for each in part) == word:
            return list(part)
    return []


def weight(words: Iterable[str], weights: dict[str, float]) -> float:
    """How much words say together."""
    return sum(map(weights.__getitem__, words))

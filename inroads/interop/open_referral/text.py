"""From what editors of feeds paste into a description to plain text: paragraphs and list items stay, tags go."""

import re
from html import unescape

BREAKS = {
    "address", "article", "aside", "blockquote", "div", "dl", "dd", "dt", "fieldset", "figure", "footer", "form", "h1",
    "h2", "h3", "h4", "h5", "h6", "header", "hr", "main", "nav", "ol", "p", "section", "table", "tbody", "tr", "ul",
}  # fmt: skip
# What stands between these is no text for people.
SILENT = {"script", "style", "svg", "template", "noscript", "iframe", "object", "head", "title", "textarea", "select"}
LOOKS_LIKE_HTML = re.compile(r"<[a-zA-Z/!?]|&#?\w+;")
INVISIBLE = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufeff\ud800-\udfff]"
)
ITEM = "• "


# A tag, its quoted values included; where the quotes are broken, up to the next bracket. Python's own parser needs
# hours for what some texts hold; these patterns never go back, so every text takes as long as it is long.
TAG = re.compile(
    r"""<(/?)([a-zA-Z][\w:-]*+)(?:(?:[^<>"']|"[^"<]*+"|'[^'<]*+')*+>|[^<>]*+>)""",
)
DECLARATION = re.compile(r"<[!?][^<>]*+>")
# More than anybody reads; the longest real description has three quarters of it, most of that styles.
LONGEST = 200_000


def plain(text: str) -> str:
    """Readable text in paragraphs. Text without tags or entities only has its spaces tidied."""
    text = text[:LONGEST]
    # Some feeds escape twice: then what was a text at first is made for web pages after all.
    for _ in range(2):
        if LOOKS_LIKE_HTML.search(text):
            text = unescape(_without_tags(DECLARATION.sub("", _without_comments(text))))
    return tidy(text)


def _without_tags(text: str) -> str:
    words, unfinished = _words(text)
    # A silent tag that never ends would swallow everything: then the tags go and the words stay.
    return TAG.sub(" ", text) if unfinished and not words.strip() else words


def _without_comments(text: str) -> str:
    parts, at = [], 0
    while (start := text.find("<!--", at)) >= 0 and (end := text.find("-->", start)) >= 0:
        parts.append(text[at:start])
        at = end + 3
    return "".join((*parts, text[at:]))


def _words(text: str) -> tuple[str, bool]:
    """What stands between tags, with line ends where tags say so; and whether a silent tag was never closed."""
    parts: list[str] = []
    silent = ""
    at = 0
    for tag in TAG.finditer(text):
        if not silent:
            # Line ends inside a paragraph mean nothing in HTML.
            parts.append(re.sub(r"\s+", " ", text[at : tag.start()]))
        at = tag.end()
        closes, name = bool(tag[1]), tag[2].lower()
        if silent:
            silent = "" if closes and name == silent else silent
        elif name in SILENT:
            silent = "" if closes or tag[0].endswith("/>") else name
        elif name == "br":
            parts.append("\n")
        elif name == "li":
            parts.append("" if closes else f"\n{ITEM}")
        elif name in ("td", "th"):
            parts.append(" ")
        elif name in BREAKS:
            parts.append("\n\n")
    if not silent:
        parts.append(re.sub(r"\s+", " ", text[at:]))
    return "".join(parts), bool(silent)


def tidy(text: str) -> str:
    """No invisible signs, single spaces, at most one empty line between paragraphs."""
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\u2028", "\n").replace("\u2029", "\n\n")
    text = INVISIBLE.sub("", text.replace("\u00a0", " ").replace("\t", " "))
    lines = (line.strip() for line in re.sub(r" {2,}", " ", text).split("\n"))
    # A list item with nothing in it is no item.
    text = "\n".join(line for line in lines if line != ITEM.strip())
    text = re.sub(r"\n{3,}", "\n\n", text)
    return text.strip()


def one_line(text: str) -> str:
    """The same on one line, for names and addresses."""
    return " ".join(plain(text).split())

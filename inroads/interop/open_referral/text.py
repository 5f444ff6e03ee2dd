"""From what editors of feeds paste into a description to plain text: paragraphs and list items stay, tags go."""

import re
from html import unescape
from html.parser import HTMLParser

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


class _Plain(HTMLParser):
    """Collects text; never runs or fetches anything."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self.silent: list[str] = []

    def handle_starttag(self, tag: str, attrs: object) -> None:
        if tag in SILENT:
            self.silent.append(tag)
        elif self.silent:
            return
        elif tag == "li":
            self.parts.append(f"\n{ITEM}")
        elif tag == "br":
            self.parts.append("\n")
        elif tag in ("td", "th"):
            self.parts.append(" ")
        elif tag in BREAKS:
            self.parts.append("\n\n")

    def handle_startendtag(self, tag: str, attrs: object) -> None:
        if tag not in SILENT:
            self.handle_starttag(tag, attrs)

    def handle_endtag(self, tag: str) -> None:
        if tag in self.silent:
            # Whatever was left open inside ends with it.
            del self.silent[self.silent.index(tag) :]
        elif not self.silent and tag in BREAKS:
            self.parts.append("\n\n")

    def handle_data(self, data: str) -> None:
        if not self.silent:
            # Line ends inside a paragraph mean nothing in HTML.
            self.parts.append(re.sub(r"\s+", " ", data))


def plain(text: str) -> str:
    """Readable text in paragraphs. Text without tags or entities only has its spaces tidied."""
    if LOOKS_LIKE_HTML.search(text):
        parser = _Plain()
        parser.feed(text)
        parser.close()
        if parser.silent and not "".join(parser.parts).strip():
            # A silent tag that never ends would swallow everything: then the tags go and the words stay.
            text = unescape(re.sub(r"<[^>]*>", " ", text))
        else:
            text = "".join(parser.parts)
        # Some feeds escape twice.
        text = unescape(text)
    return tidy(text)


def tidy(text: str) -> str:
    """No invisible signs, single spaces, at most one empty line between paragraphs."""
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\u2028", "\n").replace("\u2029", "\n\n")
    text = INVISIBLE.sub("", text.replace("\u00a0", " ").replace("\t", " "))
    text = re.sub(r" *\n *", "\n", re.sub(r" {2,}", " ", text))
    text = re.sub(rf"\n(?:{ITEM.strip()}\n)+", "\n", text)
    text = re.sub(r"\n{3,}", "\n\n", text)
    return text.strip()


def one_line(text: str) -> str:
    """The same on one line, for names and addresses."""
    return " ".join(plain(text).split())

"""A return that was chosen or pasted becomes text, and is kept."""

from dataclasses import dataclass

from inroads.accounts.actions import Refused
from inroads.accounts.models import User
from inroads.interop.documents.model import TEXT, Document
from inroads.interop.documents.paragraphs import Gathering
from inroads.interop.documents.reader import read_document
from inroads.reference.models import Organisation
from inroads.systems.actions.returns import add_return
from inroads.systems.models import Return, Wave


@dataclass(frozen=True)
class Chosen:
    """A document as it was chosen, and as it was read. Of a pasted text there is no file: `content` is empty."""

    document: Document
    name: str = ""
    content: bytes = b""


def chosen(name: str, content: bytes) -> Chosen:
    """A file, read. Raises `DocumentError`."""
    return Chosen(read_document(name, content), name, content)


def pasted(text: str) -> Chosen:
    """A text that was pasted, cleaned as one in a file is."""
    gathering = Gathering("The text")
    gathering.add(text)
    return Chosen(Document(gathering.text(), (), TEXT))


def keep_return(*, wave: Wave, organisation: Organisation, title: str, words: Chosen, by: User) -> Return:
    """Keep it as a return of a system, to be read against the framework that holds. Raises `Refused`."""
    document = words.document
    try:
        return add_return(
            wave=wave,
            organisation=organisation,
            title=title,
            text=document.text,
            pages=document.pages,
            file_name=words.name,
            file_kind=document.kind if words.content else "",
            content=words.content,
            by=by,
        )
    except Refused as refusal:
        # What is said of its text is said where it was chosen.
        other = {"text": "file", "file": "text"}.get(refusal.field or "", refusal.field)
        wrong_place = refusal.field == ("text" if words.content else "file")
        raise Refused(str(refusal), field=other if wrong_place else refusal.field) from refusal

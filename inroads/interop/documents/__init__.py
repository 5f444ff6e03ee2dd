"""Documents read in: a PDF, a Word file or plain text becomes clean text in paragraphs, with where its pages begin."""

from inroads.interop.documents.model import PDF, TEXT, WORD, Document, DocumentError
from inroads.interop.documents.reader import read_document

__all__ = ["PDF", "TEXT", "WORD", "Document", "DocumentError", "read_document"]

"""What stands on a printed local list: by what it helps with, open to everybody only."""

from django.contrib.auth.models import AnonymousUser

from inroads.directory.models import TagKind
from inroads.directory.queries.finding import Found, Hit, Wanted, find
from inroads.reference.definitions import load
from inroads.reference.definitions.care import Help

# A list that is longer than this is not read.
MOST = 50
OF_ONE_HELP = 8


def by_need(wanted: Wanted) -> tuple[list[tuple[str, list[Hit]]], int]:
    """Title of each help with what was found for it, and how many more were found than stand there.

    Each service stands once, under the first thing it helps with. What lies on a table for anybody to take never has
    anything private on it, whoever prints it.
    """
    nobody = AnonymousUser()
    pages = [find(nobody, wanted, page=1)]
    while len(pages) * len(pages[0].hits or [1]) < MOST and pages[-1].page < pages[-1].pages:
        pages.append(find(nobody, wanted, page=pages[-1].page + 1))
    hits = _first(pages)
    if pages[0].near_by:
        # On a list of what is near stands nothing of which nobody knows where it is.
        hits = [hit for hit in hits if hit.metres is not None]
    titles = {each.id: each.title for each in load(Help).values()}
    grouped: dict[str, list[Hit]] = {}
    shown = 0
    for hit in hits:
        helps = [each.value for each in hit.service.tags.all() if each.kind == TagKind.HELP and each.value in titles]
        title = next((titles[each] for each in helps if len(grouped.get(titles[each], [])) < OF_ONE_HELP), "")
        if not helps:
            title = "Other help"
        if title:
            grouped.setdefault(title, []).append(hit)
            shown += 1
    return sorted(grouped.items(), key=lambda each: (each[0] == "Other help", each[0])), pages[0].total - shown


def _first(pages: list[Found]) -> list[Hit]:
    return [hit for page in pages for hit in page.hits][:MOST]

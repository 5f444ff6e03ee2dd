"""The page on which a return is loaded, and the one on which its text is checked against the document."""

from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from inroads.accounts import drafts
from inroads.accounts.permissions import Permission
from inroads.accounts.saving import saved
from inroads.interop.documents.forms import NewReturnForm
from inroads.interop.documents.intake import Chosen, chosen, keep_return, pasted
from inroads.interop.documents.model import DocumentError
from inroads.systems.models import Basis, Return, Wave
from inroads.systems.queries.returns import page_at, return_kept_by, with_text
from inroads.systems.queries.systems import systems_where

ON_A_PAGE = 50
CHOOSE_AGAIN = "Choose the file again: a browser does not keep it"


def new(request: HttpRequest) -> HttpResponse:
    """A return from a file or from pasted text: read at once, and kept whole or not at all."""
    waves = list(Wave.objects.filter(basis=Basis.RETURNS).order_by("-on", "-recorded_at"))
    systems = systems_where(request.user, Permission.KEEP_RETURNS)
    files = {"files": request.FILES} if request.method == "POST" else {}
    form = drafts.form(request, NewReturnForm, waves=waves, systems=systems, **files)
    words = _read(form) if request.method == "POST" else None
    made: Return | None = None
    if words is not None:
        typed = form.cleaned_data
        made = saved(
            request,
            form,
            lambda: keep_return(
                wave=form.waves[typed["wave"]],
                organisation=form.systems[typed["organisation"]],
                title=typed["title"],
                words=words,
                by=request.user,
            ),
        )
    if made is None or words is None:
        again = CHOOSE_AGAIN if request.FILES.get("file") and form.errors else ""
        return render(request, "interop/return_new.html", {"form": form, "waves": waves, "again": again})
    messages.success(request, "Loaded. Check below that this is what it says.")
    for sentence in words.document.notes:
        messages.warning(request, sentence)
    return redirect("returns_intake:read", return_id=made.pk)


def read(request: HttpRequest, return_id: UUID) -> HttpResponse:
    """What was read out of a return's document, passage by passage, for whoever loaded it to check."""
    of = return_kept_by(request.user, return_id)
    if of is None:
        raise Http404("There is no such return among those you keep.")
    passages = Paginator(with_text(of.passages.order_by("number")), ON_A_PAGE)
    shown = passages.get_page(request.GET.get("page"))
    lines, before = [], None
    for passage in shown:
        page = page_at(of, passage.start)
        lines.append({"passage": passage, "page": page if page != before else None})
        before = page
    context = {"of": of, "shown": shown, "lines": lines, "count": passages.count, "pages": len(of.pages)}
    return render(request, "interop/return_read.html", context)


def _read(form: NewReturnForm) -> Chosen | None:
    """The words in what was chosen, or None where the form is wrong; then it says why."""
    if not form.is_valid():
        return None
    file = form.cleaned_data["file"]
    try:
        return chosen(form.file_name(), file.read()) if file else pasted(form.cleaned_data["text"])
    except DocumentError as error:
        form.add_error("file" if file else "text", str(error))
        return None

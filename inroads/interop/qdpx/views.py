"""Pages on which codebooks and projects go out and come in."""

from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.http import content_disposition_header
from django.utils.text import slugify

from inroads.accounts import drafts
from inroads.accounts.saving import saved
from inroads.interop.qdpx.beside import Beside, beside
from inroads.interop.qdpx.export import project_of, project_of_wave
from inroads.interop.qdpx.forms import ChosenFileForm
from inroads.interop.qdpx.framework import codebook_of
from inroads.interop.qdpx.intake import Taken, read_marks, take_in
from inroads.interop.qdpx.model import Codebook, Project
from inroads.interop.qdpx.package import MIB
from inroads.interop.qdpx.problems import QdaError
from inroads.interop.qdpx.reader import read_codebook
from inroads.interop.qdpx.writer import write_codebook, write_project
from inroads.reference.definitions import load
from inroads.reference.definitions.framework import Framework
from inroads.systems.models import Return
from inroads.systems.queries.coding import codings_visible_to
from inroads.systems.queries.returns import reading_of, return_seen_by, wave_kept_by

LARGEST_CODEBOOK = 2 * MIB
MOST_SHOWN = 100


def codebook(request: HttpRequest, edition: str) -> HttpResponse:
    """An edition of the framework as a codebook, for anybody."""
    written = write_codebook(codebook_of(_edition_or_404(edition)))
    return _file(written, f"inroads-framework-{edition}.qdc", "application/xml")


def compared(request: HttpRequest, edition: str) -> HttpResponse:
    """A codebook of somebody else beside ours. It is read and forgotten."""
    framework = _edition_or_404(edition)
    form = _form(request, label="Their codebook", hint="A .qdc file", largest=LARGEST_CODEBOOK)
    theirs = _read(form, read_codebook) if request.method == "POST" else None
    context: dict[str, Any] = {"form": form, "framework": framework, "edition": edition, "found": None}
    if isinstance(theirs, Codebook):
        drafts.forget(request)
        found: Beside = beside(theirs, framework)
        context |= {"found": found, "remarks": theirs.remarks[:MOST_SHOWN], "others": found.others[:MOST_SHOWN]}
    return render(request, "interop/codebook_beside.html", context)


def project(request: HttpRequest, return_id: UUID) -> HttpResponse:
    """A return with the marks in it that this reader may see, as a project."""
    of = _return_or_404(request, return_id)
    return _file(write_project(project_of(of, request.user)), f"{_plain(of.title)}.qdpx", "application/zip")


def wave_project(request: HttpRequest, wave: UUID) -> HttpResponse:
    """All returns of a wave that this reader keeps, as one project."""
    kept = wave_kept_by(request.user, wave)
    if kept is None:
        raise Http404("There is no such wave among those whose returns you keep.")
    return _file(write_project(project_of_wave(kept, request.user)), f"{_plain(kept.title)}.qdpx", "application/zip")


def coded(request: HttpRequest, return_id: UUID) -> HttpResponse:
    """A return as a project to be coded elsewhere; what its reader marked there comes back in here."""
    of = _return_or_404(request, return_id)
    reading = reading_of(request.user, return_id)
    form = _form(request, label="The project with your marks", hint="A .qdpx file, exported from your program")
    taken: Taken | None = None
    if request.method == "POST":
        if reading is None:
            raise Http404("This return was not given to you to read.")
        marks = _read(form, read_marks)
        if isinstance(marks, Project):
            taken = saved(request, form, lambda: take_in(reading=reading, project=marks, by=request.user))
    context = {
        "of": of,
        "form": form,
        "reading": reading,
        "visible": codings_visible_to(request.user, of).count(),
        "taken": taken,
        "left": taken.left[:MOST_SHOWN] if taken else (),
    }
    return render(request, "interop/coded_elsewhere.html", context)


def _form(request: HttpRequest, **options: Any) -> ChosenFileForm:
    files = {"files": request.FILES} if request.method == "POST" else {}
    return drafts.form(request, ChosenFileForm, **options, **files)


def _read(form: ChosenFileForm, read: Any) -> Any:
    """What is in the file, or None where the form is wrong; then it says why."""
    if not form.is_valid():
        return None
    try:
        return read(form.cleaned_data["file"].read())
    except QdaError as error:
        form.add_error("file", str(error))
        return None


def _edition_or_404(edition: str) -> Framework:
    found = load(Framework).get(edition)
    if found is None:
        raise Http404("There is no such edition of the framework.")
    return found


def _return_or_404(request: HttpRequest, return_id: UUID) -> Return:
    found = return_seen_by(request.user, return_id)
    if found is None:
        raise Http404("There is no such return among those you may see.")
    return found


def _plain(title: str) -> str:
    return slugify(title)[:80] or "return"


def _file(content: bytes, name: str, kind: str) -> HttpResponse:
    answer = HttpResponse(content, content_type=kind)
    answer["Content-Disposition"] = content_disposition_header(True, name)
    answer["X-Content-Type-Options"] = "nosniff"
    return answer

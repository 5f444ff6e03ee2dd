"""The page on which a feed is loaded from a file, and its address.

It stands here, above the directory, because reading what others publish does.
"""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from inroads.accounts import drafts
from inroads.accounts.permissions import Permission
from inroads.accounts.routes import page
from inroads.accounts.saving import saved
from inroads.directory.actions.feeds import load_feed
from inroads.directory.forms.feeds import FeedForm
from inroads.directory.models import FeedRun
from inroads.directory.queries.pairs import areas_kept_by, feeds_kept_by
from inroads.interop.open_data.problems import FileError
from inroads.interop.open_referral import reader


def load(request: HttpRequest) -> HttpResponse:
    """A feed from a file: all of it, or nothing."""
    areas = areas_kept_by(request.user)
    files = {"files": request.FILES} if request.method == "POST" else {}
    form = drafts.form(request, FeedForm, areas=areas, **files)
    run: FeedRun | None = None
    reading = _read(form) if request.method == "POST" else None
    if reading is not None:
        typed = form.cleaned_data
        area = next(each for each in areas if str(each.pk) == typed["area"])
        run = saved(
            request,
            form,
            lambda: load_feed(
                area=area,
                name=typed["name"],
                entries=reading.entries,
                filename=typed["file"].name,
                report=reading.report,
                licence=typed["licence"],
                publish=typed["publish"],
                by=request.user,
            ),
        )
    if run is not None:
        messages.success(request, "Loaded. Below is what was done.")
        return redirect("directory:feed", run=run.pk)
    return render(request, "directory/feeds_load.html", {"form": form, "feeds": feeds_kept_by(request.user)})


def _read(form: FeedForm) -> reader.Reading | None:
    """The feed in the file, or None where the form is wrong; then it says why."""
    if not form.is_valid():
        return None
    file = form.cleaned_data["file"]
    try:
        return reader.read_pages([(file.name[:100], file.read())])
    except FileError as error:
        form.add_error("file", str(error))
        return None


app_name = "feeds"
urlpatterns = [page("load/", load, name="load", needs=Permission.KEEP_DIRECTORY)]

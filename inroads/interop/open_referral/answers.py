"""How the open addresses answer: JSON that every website may read, that caches keep, and that says what is wrong."""

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.utils.cache import get_conditional_response
from django.views.decorators.csrf import csrf_exempt

from inroads.interop.open_referral.parameters import Asked, Wrong

ALLOWED = ("GET", "HEAD", "OPTIONS")
KEPT_FOR = 300
NOT_HERE = "There is nothing with this id here, or it is not passed on."


class NotHere(Exception):  # noqa: N818 - said as it is raised
    """Nothing of this id may be passed on, whether there is such a thing or not."""


def open_to_all(view: Callable[..., Any]) -> Callable[..., HttpResponseBase]:
    """A view that gives an object, or a response; anybody may read it from anywhere, and nobody may write."""

    @csrf_exempt
    @wraps(view)
    def answered(request: HttpRequest, **parts: Any) -> HttpResponseBase:
        if request.method == "OPTIONS":
            return _open(HttpResponse(status=204))
        if request.method not in ALLOWED:
            response = _json({"error": "This directory is read only: ask with GET."}, status=405)
            response["Allow"] = ", ".join(ALLOWED)
            return _open(response)
        try:
            found = view(request, Asked(request.GET), **parts)
        except Wrong as error:
            return _open(_json({"error": str(error)}, status=400))
        except NotHere:
            return _open(_json({"error": NOT_HERE}, status=404))
        if isinstance(found, HttpResponseBase):
            return _kept(_open(found))
        response = _kept(_open(_json(found)))
        etag = f'"{hashlib.sha256(response.content).hexdigest()[:32]}"'
        response["ETag"] = etag
        conditional = get_conditional_response(request, etag=etag, response=response)
        return conditional if conditional is response else _kept(_open(conditional))

    return answered


def one_a_line(objects: Iterable[dict[str, Any]]) -> HttpResponseBase:
    """One object a line, without pages (ndjson)."""
    lines: Iterator[bytes] = (_written(each) + b"\n" for each in objects)
    return StreamingHttpResponse(lines, content_type="application/x-ndjson; charset=utf-8")


def paged(total: int, page: int, per_page: int, contents: list[dict[str, Any]]) -> dict[str, Any]:
    """The envelope of a page."""
    pages = -(-total // per_page)
    return {
        "total_items": total,
        "total_pages": pages,
        "page_number": page,
        "size": len(contents),
        "first_page": page == 1,
        "last_page": page >= pages,
        "empty": not contents,
        "contents": contents,
    }


def _json(found: Any, status: int = 200) -> HttpResponse:
    return HttpResponse(_written(found), status=status, content_type="application/json")


def _written(found: Any) -> bytes:
    return json.dumps(found, ensure_ascii=False, separators=(",", ":")).encode()


def _open(response: Any) -> Any:
    response["Access-Control-Allow-Origin"] = "*"
    response["Access-Control-Allow-Methods"] = ", ".join(ALLOWED)
    response["Access-Control-Allow-Headers"] = "If-None-Match, Accept, Content-Type"
    response["Access-Control-Expose-Headers"] = "ETag"
    # Read by scripts of other origins: that is what it is for.
    response["Cross-Origin-Resource-Policy"] = "cross-origin"
    return response


def _kept(response: Any) -> Any:
    response["Cache-Control"] = f"public, max-age={KEPT_FOR}"
    return response

"""What holds for every request and answer, and no setting of Django gives."""

from django.http import HttpResponseBadRequest


class OneAlphabetMiddleware:
    """Forms are sent in UTF-8. A body that claims another encoding is not read: some of them are none at all."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        named = (request.content_params or {}).get("charset", "utf-8").strip("\"' ").lower()
        if named not in ("utf-8", "utf8"):
            return HttpResponseBadRequest("Send this form again in UTF-8.", content_type="text/plain; charset=utf-8")
        return self.get_response(request)


class PermissionsPolicyMiddleware:
    """No page of ours needs a camera, a microphone, a place or a payment: say so to the browser."""

    policy = ", ".join(
        f"{feature}=()"
        for feature in ("accelerometer", "camera", "geolocation", "gyroscope", "microphone", "payment", "usb")
    )

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        response.headers.setdefault("Permissions-Policy", self.policy)
        return response

"""Headers on every answer that no setting of Django gives."""


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

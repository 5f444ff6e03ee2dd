"""A service that speaks like GOV.UK Notify, on this machine, with the faults that a test asks for."""

import base64
import hashlib
import hmac
import json
import threading
import time
import uuid
from collections import Counter
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

SERVICE = "26785a09-ab16-4eb0-8407-a37497a57506"
SECRET = "3d844edf-8d35-48ac-975b-e847b4f122b0"
API_KEY = f"inroads-test-{SERVICE}-{SECRET}"
TEXT_TEMPLATE, EMAIL_TEMPLATE = "f33517ff-2a88-4f6e-b855-c550268ce08a", "9d751e0e-f929-4891-82a1-a3e1c3c18ee3"


class FakeNotify:
    """`faults` are what happens to the next posts: a status, or `lost` and `broken` after it was taken."""

    def __init__(self) -> None:
        self.taken: list[dict] = []
        self.faults: list[int | str] = []
        self.asked = Counter()
        self.status = "created"
        self.wait = 0.0
        self.says = "Something is wrong"
        self.lock = threading.Lock()
        fake = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                fake.post(self)

            def do_GET(self) -> None:
                fake.get(self)

            def log_message(self, *_) -> None:
                pass

        class Server(ThreadingHTTPServer):
            def handle_error(self, request, client_address) -> None:
                """Those who ask may be killed in the middle of it."""

        self.server = Server(("127.0.0.1", 0), Handler)
        self.address = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def close(self) -> None:
        self.server.shutdown()
        self.server.server_close()

    @property
    def times(self) -> Counter:
        """How often each reference was taken."""
        return Counter(each["reference"] for each in self.taken)

    def post(self, handler: BaseHTTPRequestHandler) -> None:
        said = json.loads(handler.rfile.read(int(handler.headers["Content-Length"])))
        with self.lock:
            self.asked["post"] += 1
            fault = self.faults.pop(0) if self.faults else 201
            if not _signed(handler.headers["Authorization"]):
                fault = 403
            taken = fault in (201, "lost", "broken")
            if taken:
                assert set(said) == {"reference", "template_id", "personalisation", _address(handler.path)}
                self.taken.append({**said, "id": str(uuid.uuid4()), "path": handler.path})
            number = len(self.taken)
        if self.wait:
            time.sleep(self.wait)
        if fault == "lost":
            handler.close_connection = True
            return
        if fault == "broken":
            fault = 500
        if fault == 201:
            _answer(handler, 201, {"id": self.taken[number - 1]["id"], "reference": said["reference"]})
        else:
            _answer(handler, fault, {"status_code": fault, "errors": [{"error": "Error", "message": self.says}]})

    def get(self, handler: BaseHTTPRequestHandler) -> None:
        asked = urlsplit(handler.path)
        reference = parse_qs(asked.query).get("reference", [""])[0]
        with self.lock:
            self.asked["get"] += 1
        if asked.path != "/v2/notifications" or not _signed(handler.headers["Authorization"]):
            _answer(handler, 403, {"status_code": 403, "errors": [{"error": "AuthError", "message": "Invalid token"}]})
            return
        found = [
            {"id": each["id"], "reference": each["reference"], "status": self.status}
            for each in self.taken
            if each["reference"] == reference
        ]
        _answer(handler, 200, {"notifications": found, "links": {"current": handler.path}})


def _address(path: str) -> str:
    return {"/v2/notifications/sms": "phone_number", "/v2/notifications/email": "email_address"}[path]


def _answer(handler: BaseHTTPRequestHandler, status: int, said: dict) -> None:
    written = json.dumps(said).encode()
    handler.send_response(status)
    handler.send_header("Content-Type", "application/json")
    handler.send_header("Content-Length", str(len(written)))
    handler.end_headers()
    handler.wfile.write(written)


def _signed(header: str | None) -> bool:
    """Whether the bearer is a token of this service, signed with its secret within the last half minute."""
    kind, _, token = (header or "").partition(" ")
    head, claims, signature = [*token.split("."), "", "", ""][:3]
    expected = hmac.new(SECRET.encode(), f"{head}.{claims}".encode(), hashlib.sha256).digest()
    if kind != "Bearer" or not hmac.compare_digest(base64.urlsafe_b64encode(expected).rstrip(b"=").decode(), signature):
        return False
    read = json.loads(base64.urlsafe_b64decode(claims + "=="))
    return read["iss"] == SERVICE and abs(time.time() - read["iat"]) < 30
